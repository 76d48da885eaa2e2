"""A case and its answer → scores, each with a reason. Every metric but latency is the mean of one of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from eval.cases import SUMMARY_TAG, Case, Evidence
from eval.matching import contains, first_contained, token_f1
from eval.scores import Score, Scorer
from qa.domain import Answer, Citation

_CITATION_MARKER = re.compile(r"\s*\[\d{1,3}\]")


def scorers_for(texts: Mapping[str, str]) -> dict[str, Scorer]:
    """Give every scorer by the name of its metric, in the order in which they are shown.

    Args:
        texts: Document texts by document id, read independently of the library.
    """
    return {
        "correct": score_correct,
        "short_answer_f1": score_short_answer,
        "citation_precision": score_citation_precision,
        "citation_recall": score_citation_recall,
        "refusal_precision": score_refusal_precision,
        "refusal_recall": score_refusal_recall,
        "verified": lambda case, answer: score_verified(answer, texts),
    }


def is_refused(answer: Answer) -> bool:
    """Tell whether the chatbot said that the documents do not answer; "partial" is an answer."""
    return answer.status == "not_found"


def score_correct(case: Case, answer: Answer) -> Score:
    """Give 1 when the answer's text holds the gold answer, else 0; a refusal is 0.

    Held means: of each list of alternatives (`answers`, or every inner list of `answers_all`), one is in the
    text as whole words after SQuAD normalisation, citation markers removed. Long answers hold more: read it
    beside `short_answer_f1` and `citation_precision`. Not scored: unanswerable cases.
    """
    if not case.answerable:
        return Score(None, "the documents do not answer this case")
    if is_refused(answer):
        return Score(0.0, "refused, though the documents answer")
    text = _CITATION_MARKER.sub("", answer.text)
    missing = [group for group in case.answer_groups if first_contained(text, group) is None]
    if missing:
        return Score(0.0, f"lacks {'; and '.join(_alternatives(group) for group in missing)}")
    held = [first_contained(text, group) for group in case.answer_groups]
    return Score(1.0, f"has {' and '.join(f'“{words}”' for words in held)}")


def score_short_answer(case: Case, answer: Answer) -> Score:
    """Give the best token F1, 0 to 1, of the short answer against `answers`.

    Not scored: cases without `answers` (those with several parts, and unanswerable ones), and answers that
    come without a short answer. It says how well the words are marked, not how often.
    """
    if not case.answers:
        return Score(None, "the case has no single answer")
    if answer.short_answer is None:
        return Score(None, "no short answer was given")
    given = answer.short_answer
    best = max(case.answers, key=lambda gold: token_f1(given, gold))
    return Score(token_f1(given, best), f"“{given}” against “{best}”")


def score_citation_precision(case: Case, answer: Answer) -> Score:
    """Give the share of the answer's citations that are on the point, 0 to 1.

    On the point is a citation that shares at least half of its characters, or half of the evidence's, with an
    evidence of the case; or whose quote holds a gold alternative (the fact may stand at several places). The
    latter is generous where the gold answer is a common word. Not scored: unanswerable and summary cases,
    cases without evidence, answers without citations.
    """
    if (why := _citations_unscored(case)) is not None:
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
    if (why := _citations_unscored(case)) is not None:
        return Score(None, why)
    covered = [_covered_characters(case, evidence, answer) for evidence in case.evidence]
    lengths = [evidence.end - evidence.start for evidence in case.evidence]
    return Score(sum(covered) / sum(lengths), f"{sum(covered)} of {sum(lengths)} evidence characters are covered")


def score_refusal_precision(case: Case, answer: Answer) -> Score:
    """Give 1 for a refusal that is right, 0 for one of an answerable case. Not scored: what was answered."""
    if not is_refused(answer):
        return Score(None, "it was not refused")
    if case.answerable:
        return Score(0.0, "refused, though the documents answer")
    return Score(1.0, "rightly refused")


def score_refusal_recall(case: Case, answer: Answer) -> Score:
    """Give 1 when an unanswerable case was refused, 0 when it was answered. Not scored: answerable cases."""
    if case.answerable:
        return Score(None, "the documents answer this case")
    if is_refused(answer):
        return Score(1.0, "rightly refused")
    return Score(0.0, "answered, though the documents do not say")


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


def _citations_unscored(case: Case) -> str | None:
    if not case.answerable:
        return "the documents do not answer this case"
    if SUMMARY_TAG in case.tags:
        return "a summary may cite other places than the evidence"
    return None if case.evidence else "the case has no evidence"


def _on_the_point(case: Case, citation: Citation) -> bool:
    if any(first_contained(citation.quote, group) is not None for group in case.answer_groups):
        return True
    return any(_overlap(citation, evidence) for evidence in case.evidence)


def _overlap(citation: Citation, evidence: Evidence) -> bool:
    shared = len(_shared(citation, evidence))
    return shared > 0 and (2 * shared >= citation.end - citation.start or 2 * shared >= evidence.end - evidence.start)


def _shared(citation: Citation, evidence: Evidence) -> range:
    """Give the offsets that both cover; empty when they lie apart or in different documents."""
    if citation.document_id != evidence.document:
        return range(0)
    return range(max(citation.start, evidence.start), min(citation.end, evidence.end))


def _covered_characters(case: Case, evidence: Evidence, answer: Answer) -> int:
    if _gives_the_same(case, evidence, answer):
        return evidence.end - evidence.start
    return len({offset for citation in answer.citations for offset in _shared(citation, evidence)})


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


def _alternatives(group: tuple[str, ...]) -> str:
    return " or ".join(f"“{words}”" for words in group)
