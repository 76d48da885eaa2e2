"""What is inside one case: history, what was expected, the answer with its citations, the scores."""

from __future__ import annotations

from collections.abc import Sequence

from eval.cases import Case, Evidence
from eval.reports import numbers
from eval.reports.outcomes import expected_of
from eval.reports.page.marks import citation_quote, evidence_quote, shared_characters
from eval.reports.page.markup import NOTHING, Content, Markup, details, element, joined, table
from eval.results import CaseResult
from qa.domain import Answer, Citation, Passage, RankedPassage

_STATUS = {"answered": "answered", "partial": "answered in part", "not_found": "refused"}


def history_part(case: Case) -> Markup:
    """Give the turns before the question; nothing when there are none."""
    if not case.history:
        return NOTHING
    turns = [(element("dt", turn.question), element("dd", turn.answer)) for turn in case.history]
    return joined([element("h4", "Before"), element("dl", *(part for turn in turns for part in turn), class_="turns")])


def expected_part(result: CaseResult) -> Markup:
    """Give the right answer and the evidence, with what was cited of it underlined."""
    case, answer = result.case, result.answer
    citations = answer.citations if answer else ()
    asked = f"Asked of {', '.join(case.documents)} only."
    return element(
        "section",
        element("h4", "Expected"),
        element("p", expected_of(case), class_="said"),
        element("p", asked, class_="aside") if case.documents else NOTHING,
        *(_evidence(evidence, citations) for evidence in case.evidence),
    )


def answer_part(result: CaseResult) -> Markup:
    """Give the answer, its citations and what led to it; of a crash, what it said."""
    answer = result.answer
    if answer is None:
        crash = element("p", result.error or "nothing", class_="said")
        return element("section", element("h4", "Crashed"), crash)
    rewritten = answer.standalone_question != answer.question
    return element(
        "section",
        element("h4", "Answer"),
        element("p", answer.text, class_="said"),
        _line("Short answer", answer.short_answer),
        _line("Searched for", answer.standalone_question if rewritten else None),
        *(_line("Notice", notice) for notice in answer.notices),
        *(_citation(citation, result.case.evidence) for citation in answer.citations),
        element("p", _account(result, answer), class_="aside"),
        _retrieved(answer.passages, result.case.evidence),
    )


def scores_part(result: CaseResult) -> Markup:
    """Give each score with its reason; those that do not apply in one line."""
    given = {name: score for name, score in result.scores.items() if score.failed or score.value is not None}
    others = [(name, score.reason) for name, score in result.scores.items() if name not in given]
    rows = [(name, _value(name, score.value), score.reason) for name, score in given.items()]
    shown = table("Scores", ("Score", "Value", "Why"), rows, class_="scores") if rows else NOTHING
    rest = "; ".join(f"{name} ({reason})" for name, reason in others)
    return joined([shown, element("p", f"Does not apply: {rest}.", class_="aside") if rest else NOTHING])


def _value(name: str, value: float | None) -> Content:
    return element("strong", "not scored") if value is None else numbers.number(name, value)


def _evidence(evidence: Evidence, citations: Sequence[Citation]) -> Markup:
    cited, length = shared_characters(citations, [evidence]), evidence.end - evidence.start
    place = f"{evidence.document}, {evidence.start}–{evidence.end}; {cited} of {length} characters cited"
    return _quoted(element("small", place), evidence_quote(evidence, citations))


def _citation(citation: Citation, evidence: Sequence[Evidence]) -> Markup:
    page = "" if citation.page is None else f", page {citation.page}"
    place = f" {citation.document_id}{page}, {citation.start}–{citation.end}"
    common, length = shared_characters([citation], evidence), citation.end - citation.start
    overlap = f"; {common} of {length} characters are expected evidence" if evidence else ""
    flag = NOTHING if citation.verified else element("strong", " not verified", class_="bad")
    head = element("small", element("b", f"[{citation.number}]"), f"{place}{overlap}", flag)
    return _quoted(head, citation_quote(citation, evidence))


def _quoted(head: Markup, quote: Markup) -> Markup:
    return element("figure", element("figcaption", head), element("blockquote", quote), class_="quote")


def _line(name: str, words: str | None) -> Markup:
    return element("p", element("b", f"{name}: "), words) if words else NOTHING


def _account(result: CaseResult, answer: Answer) -> str:
    confidence = "" if answer.confidence is None else f"confidence {answer.confidence:.3f}"
    seconds = "" if result.seconds is None else numbers.seconds(result.seconds)
    parts = (_STATUS[answer.status], confidence, answer.model, answer.usage.in_words(), seconds)
    return " · ".join(filter(None, parts))


def _retrieved(passages: Sequence[RankedPassage], evidence: Sequence[Evidence]) -> Markup:
    if not passages:
        return NOTHING
    items = [element("li", _passage(ranked, evidence)) for ranked in passages]
    return details(f"{len(passages)} passages retrieved", element("ol", *items))


def _passage(ranked: RankedPassage, evidence: Sequence[Evidence]) -> str:
    passage = ranked.passage
    lists = (("lexical", ranked.lexical_rank), ("vectors", ranked.dense_rank))
    ranks = [f"{name} {rank}" for name, rank in lists if rank is not None]
    held = any(item.document == passage.document_id and _meet(item, passage) for item in evidence)
    place = f"{passage.document_id}, {passage.start}–{passage.end}"
    return " · ".join([place, *ranks, *(["holds expected evidence"] if held else [])])


def _meet(evidence: Evidence, passage: Passage) -> bool:
    return max(evidence.start, passage.start) < min(evidence.end, passage.end)
