"""Do the citations point at the evidence, and are their quotes really there?"""

from __future__ import annotations

from collections.abc import Mapping

from eval.cases import SUMMARY_TAG, Case, Evidence
from eval.matching import contains, first_contained
from eval.scores import Score
from qa.domain import Answer, Citation


def score_citation_precision(case: Case, answer: Answer) -> Score:
    """Give the share of the answer's citations that are on the point, 0 to 1.

    On the point is a citation that shares at least half of its characters, or half of the evidence's, with an
    evidence of the case; or whose quote holds a gold alternative (the fact may stand at several places). The
    latter is generous where the gold answer is a common word. Not scored: unanswerable and summary cases,
    cases without evidence, answers without citations.
    """
    if (why := why_places_are_unscored(case)) is not None:
        return Score(None, why)
    if not answer.citations:
        return Score(None, "nothing was cited")
    beside = [citation for citation in answer.citations if not _on_the_point(case, citation)]
    share = (len(answer.citations) - len(beside)) / len(answer.citations)
    if not beside:
        return Score(share, "every citation is on the point")
    return Score(share, f"beside the point: {', '.join(f'[{citation.number}]' for citation in beside)}")


def score_citation_recall(case: Case, answer: Answer) -> Score:
    """Give the share of the evidence's characters that the citations cover, 0 to 1; a refusal covers none.

    A character of the evidence is covered when a citation of the same document includes it. An evidence is
    covered whole when the citations' quotes hold the same part of the answer, at whatever place: of each list
    of alternatives, one that the evidence gives, where it gives any. Not scored: unanswerable and summary
    cases, cases without evidence.
    """
    if (why := why_places_are_unscored(case)) is not None:
        return Score(None, why)
    covered = [_covered_characters(case, evidence, answer) for evidence in case.evidence]
    lengths = [evidence.end - evidence.start for evidence in case.evidence]
    return Score(sum(covered) / sum(lengths), f"{sum(covered)} of {sum(lengths)} evidence characters are covered")


def score_verified(answer: Answer, texts: Mapping[str, str]) -> Score:
    """Give the share of the answer's citations, 0 to 1, whose quote is in the document at just their offsets.

    It is checked again on `texts`; the citation's own flag is not looked at. Not scored: answers without
    citations.
    """
    if not answer.citations:
        return Score(None, "nothing was cited")
    wrong = [citation for citation in answer.citations if not _is_at_its_place(citation, texts)]
    share = (len(answer.citations) - len(wrong)) / len(answer.citations)
    if not wrong:
        return Score(share, "every quote is at its place")
    return Score(share, f"not at their place: {', '.join(f'[{citation.number}]' for citation in wrong)}")


def score_grounded(case: Case, answer: Answer) -> Score:
    """Give the share of the answer's statements, 0 to 1, that the chatbot itself marked as verified.

    Unlike `verified` it counts statements, and the ones without a citation too. Not scored: answers without
    statements, which refusals are.
    """
    if not answer.statements:
        return Score(None, "nothing was stated")
    verified = sum(statement.verified for statement in answer.statements)
    return Score(verified / len(answer.statements), f"{verified} of {len(answer.statements)} statements are verified")


def why_places_are_unscored(case: Case) -> str | None:
    """Give why citations and passages cannot be held against the evidence of a case; None when they can."""
    if not case.answerable:
        return "the documents do not answer this case"
    if SUMMARY_TAG in case.tags:
        return "a summary may rest on other places than the evidence"
    return None if case.evidence else "the case has no evidence"


def shared_offsets(citation: Citation, evidence: Evidence) -> range:
    """Give the offsets that both cover; empty when they lie apart or in different documents."""
    if citation.document_id != evidence.document:
        return range(0)
    return range(max(citation.start, evidence.start), min(citation.end, evidence.end))


def _on_the_point(case: Case, citation: Citation) -> bool:
    if any(first_contained(citation.quote, group) is not None for group in case.answer_groups):
        return True
    return any(_overlap(citation, evidence) for evidence in case.evidence)


def _overlap(citation: Citation, evidence: Evidence) -> bool:
    shared = len(shared_offsets(citation, evidence))
    return shared > 0 and (2 * shared >= citation.end - citation.start or 2 * shared >= evidence.end - evidence.start)


def _covered_characters(case: Case, evidence: Evidence, answer: Answer) -> int:
    if _gives_the_same(case, evidence, answer):
        return evidence.end - evidence.start
    return len({offset for citation in answer.citations for offset in shared_offsets(citation, evidence)})


def _gives_the_same(case: Case, evidence: Evidence, answer: Answer) -> bool:
    """Tell whether the citations hold every part of the answer that the evidence gives, and it gives one."""
    given = [[words for words in group if contains(evidence.quote, words)] for group in case.answer_groups]
    parts = [alternatives for alternatives in given if alternatives]
    return bool(parts) and all(
        any(first_contained(citation.quote, alternatives) is not None for citation in answer.citations)
        for alternatives in parts
    )


def _is_at_its_place(citation: Citation, texts: Mapping[str, str]) -> bool:
    text = texts.get(citation.document_id)
    if text is None or citation.start < 0:  # a negative offset would count from the document's end
        return False
    return citation.quote != "" and text[citation.start : citation.end] == citation.quote
