"""Scorers that only public benchmarks need."""

from __future__ import annotations

from collections.abc import Mapping, Set
from math import log2

from eval.cases import Case
from eval.matching import squad_tokens
from eval.scorers import is_refused
from eval.scorers.answers import text_without_markers
from eval.scorers.retrieval import first_ranks
from eval.scores import Score, Scorer
from qa.domain import Answer

MOST_WORDS = 15
"""Longest reply that metrics of contained words look at: the whole passage would contain every answer."""

# What MultiHop-RAG's gold says where the documents do not answer.
_NOT_SAID = "Insufficient information."


def score_answered(case: Case, answer: Answer) -> Score:
    """Give 1 when the question was answered, 0 when it was refused, whether the documents answer it or not."""
    return Score(0.0, "refused") if is_refused(answer) else Score(1.0, "answered")


def score_answer_span(case: Case, answer: Answer) -> Score:
    """Give 1 when a citation marks just the gold answer's characters in its document, else 0; a refusal is 0.

    The gold answer's place is the case's evidence. Another occurrence of the same words does not count. Not scored:
    unanswerable cases.
    """
    if not case.answerable or not case.evidence:
        return Score(None, "no place of the answer is known")
    gold = {(evidence.document, evidence.start, evidence.end) for evidence in case.evidence}
    marked = _marked(answer)
    if gold & marked:
        return Score(1.0, "the gold answer's characters are marked")
    said = ", ".join(f"{document} {start}–{end}" for document, start, end in sorted(marked)) or "nothing"
    return Score(0.0, f"marked: {said}")


def score_answer_place(case: Case, answer: Answer) -> Score:
    """Give 1 when the characters that a citation marks touch the gold answer's, else 0; a refusal is 0.

    The right place, with a word more or less. Not scored: unanswerable cases.
    """
    if not case.answerable or not case.evidence:
        return Score(None, "no place of the answer is known")
    touched = any(
        document == evidence.document and start < evidence.end and evidence.start < end
        for document, start, end in _marked(answer)
        for evidence in case.evidence
    )
    return Score(float(touched), "the right place is marked" if touched else "the right place is not marked")


def score_subspan(case: Case, answer: Answer) -> Score:
    """Give 1 when the reply's first 15 words contain a gold answer, else 0; a refusal is 0.

    Best-subspan EM of "Lost in the Middle" (Liu et al. 2023): SQuAD's normalisation, then containment of characters.
    The reply is the short answer, or the text where there is none. Not scored: cases without `answers`.
    """
    if not case.answers:
        return Score(None, "the case has no single answer")
    if is_refused(answer):
        return Score(0.0, "refused, though the documents answer")
    given = " ".join(squad_tokens(_capped(reply_of(answer))))
    golds = [words for gold in case.answers if (words := " ".join(squad_tokens(gold)))]
    held = next((words for words in golds if words in given), None)
    return Score(0.0, f"“{given}” lacks it") if held is None else Score(1.0, f"“{given}” has “{held}”")


def score_shared_word(case: Case, answer: Answer) -> Score:
    """Give 1 when reply and gold answer share a word, else 0: MultiHop-RAG's own scorer, beside which ours is shown.

    Words are what stands between spaces, in lower case, punctuation and all; a refusal says "Insufficient
    information.", as the gold of an unanswerable case does. It is generous: "Yes no" is right for every yes and no.

    Source: Tang and Yang 2024, `qa_evaluate.py` of the MultiHop-RAG repository.
    """
    given = _NOT_SAID if is_refused(answer) else reply_of(answer)
    golds = case.answers or (_NOT_SAID,)
    shared = {word for gold in golds for word in gold.lower().split()} & set(given.lower().split())
    return Score(float(bool(shared)), f"shared: {', '.join(sorted(shared)) or 'nothing'}")


def score_all_found(case: Case, answer: Answer) -> Score:
    """Give 1 when the first ten passages cover every evidence of the case, else 0. Not scored: cases without any."""
    if not case.answerable or not case.evidence:
        return Score(None, "the case has no evidence")
    ranks = first_ranks(case, answer)
    found = sum(rank is not None and rank <= 10 for rank in ranks)
    return Score(float(found == len(ranks)), f"{found} of {len(ranks)} evidences are in the first ten passages")


def score_answer_characters(case: Case, answer: Answer) -> Score:
    """Give the length of the answer's text in characters, without citation numbers. Not scored: refusals."""
    if is_refused(answer):
        return Score(None, "refused")
    length = len(text_without_markers(answer))
    return Score(float(length), f"{length} characters")


def graded_ndcg(gains: Mapping[str, Mapping[str, int]], passed_over: Mapping[str, Set[str]] | None = None) -> Scorer:
    """Make the scorer of nDCG@10 over documents with graded judgements.

    DCG is the sum of gain / log2(rank + 1); a document that was split stands where its best passage is.

    Args:
        gains: Gain, at least 1, by case id and document id; documents that are not named gain nothing.
        passed_over: Documents by case id that are taken out of the ranking before it is judged.

    Source: Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques".
    """

    def score(case: Case, answer: Answer) -> Score:
        of_case = gains.get(case.id, {})
        if not of_case:
            return Score(None, "no document is judged relevant")
        ranked = _documents(answer, (passed_over or {}).get(case.id, set()))[:10]
        found = [of_case.get(document, 0) for document in ranked]
        ideal = sorted(of_case.values(), reverse=True)[:10]
        return Score(_dcg(found) / _dcg(ideal), f"gains {found}; at best {ideal}")

    return score


def graded_mrr(gains: Mapping[str, Mapping[str, int]], passed_over: Mapping[str, Set[str]] | None = None) -> Scorer:
    """Make the scorer of the reciprocal rank of the first document that gains anything, 0 past the tenth.

    Args:
        gains: As for `graded_ndcg`.
        passed_over: As for `graded_ndcg`.
    """

    def score(case: Case, answer: Answer) -> Score:
        of_case = gains.get(case.id, {})
        if not of_case:
            return Score(None, "no document is judged relevant")
        ranked = _documents(answer, (passed_over or {}).get(case.id, set()))[:10]
        rank = next((rank for rank, document in enumerate(ranked, start=1) if document in of_case), None)
        return Score(0.0 if rank is None else 1 / rank, f"first relevant at rank {rank or 'none'}")

    return score


def reply_of(answer: Answer) -> str:
    """Give the short answer, or the text without citation numbers where there is none."""
    return answer.short_answer or text_without_markers(answer)


def _marked(answer: Answer) -> set[tuple[str, int, int]]:
    return {
        (citation.document_id, citation.answer_start, citation.answer_end)
        for citation in answer.citations
        if citation.answer_start is not None and citation.answer_end is not None
    }


def _capped(text: str) -> str:
    return " ".join(text.split()[:MOST_WORDS])


def _documents(answer: Answer, passed_over: Set[str]) -> list[str]:
    documents = dict.fromkeys(ranked.passage.document_id for ranked in answer.passages)
    return [document for document in documents if document not in passed_over]


def _dcg(gains: list[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, start=1))
