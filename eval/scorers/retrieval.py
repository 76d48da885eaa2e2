"""Did retrieval bring the evidence, and how far up? From the answer's passages, best first, and the case's evidence.

A passage *covers* an evidence when both are of one document and the passage has at least half of the evidence's
characters; or, where the evidence's quote holds the gold answer (of each list of alternatives that it gives any of,
one), has all characters of that. A list that is shorter than asked for is all there was. Unanswerable and summary
cases and cases without evidence are not scored; a refusal is scored as any answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log2

from eval.cases import Case, Evidence
from eval.matching import places_of
from eval.scorers.citations import why_places_are_unscored
from eval.scores import Score, Scorer
from qa.domain import Answer, Passage, Span

RangeFormula = Callable[[int, int, int], float]
"""Of gold characters covered, gold characters, and retrieved characters."""

_IN_RANGES = 5


def recall_at(k: int) -> Scorer:
    """Make the scorer of recall@k: the share of the evidence, 0 to 1, that one of the first k passages covers.

    Source: Manning, Raghavan, Schütze 2008, Introduction to Information Retrieval, section 8.3; an evidence takes
    the place of a relevant document.
    """
    return _ranked(lambda ranks: _found(ranks, k) / len(ranks), k)


def hit_at(k: int) -> Scorer:
    """Make the scorer of hit@k: 1 when one of the first k passages covers an evidence, else 0."""
    return _ranked(lambda ranks: float(_found(ranks, k) > 0), k)


def mrr_at(k: int) -> Scorer:
    """Make the scorer of the reciprocal rank (1, ½, ⅓ …) of the first passage that covers an evidence.

    0 when none of the first k does; the mean over cases is MRR@k.

    Source: Voorhees 1999, "The TREC-8 Question Answering Track Report".
    """
    return _ranked(lambda ranks: max((1 / rank for rank in ranks if rank is not None and rank <= k), default=0.0), k)


def ndcg_at(k: int) -> Scorer:
    """Make the scorer of nDCG@k, 0 to 1, each evidence a gain of 1 at the first passage that covers it.

    DCG is the sum of 1 / log2(rank + 1) over the evidence found among the first k; the ideal has the n evidences at
    ranks 1 to n. One passage may cover several evidences, which the formula does not know: the i-th evidence found
    then counts as if at rank i, so that nothing is better than the ideal.

    Source: Järvelin and Kekäläinen 2002, "Cumulated gain-based evaluation of IR techniques", with binary gains.
    """
    return _ranked(lambda ranks: _dcg(ranks, k) / _dcg([1] * len(ranks), k), k)


def range_recall(case: Case, answer: Answer) -> Score:
    """Give the share of the evidence's characters, 0 to 1, that the first five passages have.

    This and the other two: Smith and Troynikov 2024, "Evaluating Chunking Strategies for Retrieval"
    (https://research.trychroma.com/evaluating-chunking), in characters. A character of the evidence counts once.
    """
    return _ranges(case, answer, lambda covered, gold, retrieved: covered / gold)


def range_precision(case: Case, answer: Answer) -> Score:
    """Give the share of the first five passages' characters, 0 to 1, that are evidence.

    Where passages overlap, their common characters count twice as retrieved and once as evidence. 0 when nothing
    was retrieved.
    """
    return _ranges(case, answer, lambda covered, gold, retrieved: covered / retrieved if retrieved else 0.0)


def range_iou(case: Case, answer: Answer) -> Score:
    """Give evidence covered / (characters retrieved + evidence missed), 0 to 1, of the first five passages."""
    return _ranges(case, answer, lambda covered, gold, retrieved: covered / (retrieved + gold - covered))


def first_ranks(case: Case, answer: Answer) -> list[int | None]:
    """Give for each evidence of the case the 1-based rank of the first passage that covers it; None when none does."""
    wholes = [_answer_places(case, evidence) for evidence in case.evidence]
    return [
        next(
            (rank for rank, ranked in enumerate(answer.passages, start=1) if _covers(ranked.passage, evidence, whole)),
            None,
        )
        for evidence, whole in zip(case.evidence, wholes, strict=True)
    ]


def _ranked(formula: Callable[[Sequence[int | None]], float], k: int) -> Scorer:
    def score(case: Case, answer: Answer) -> Score:
        if (why := why_places_are_unscored(case)) is not None:
            return Score(None, why)
        ranks = first_ranks(case, answer)
        said = ", ".join("none" if rank is None else str(rank) for rank in ranks)
        return Score(formula(ranks), f"evidence at rank {said}; the first {k} count")

    return score


def _found(ranks: Sequence[int | None], k: int) -> int:
    return sum(rank is not None and rank <= k for rank in ranks)


def _dcg(ranks: Sequence[int | None], k: int) -> float:
    found = sorted(rank for rank in ranks if rank is not None)
    places = [max(rank, place) for place, rank in enumerate(found, start=1)]
    return sum(1 / log2(place + 1) for place in places if place <= k)


def _answer_places(case: Case, evidence: Evidence) -> list[list[Span]]:
    """Give for each part of the answer that the evidence's quote gives its places, as offsets in the document."""
    parts = [
        [
            Span(start=evidence.start + place.start, end=evidence.start + place.end)
            for words in group
            for place in places_of(evidence.quote, words)
        ]
        for group in case.answer_groups
    ]
    return [places for places in parts if places]


def _covers(passage: Passage, evidence: Evidence, answer_places: Sequence[Sequence[Span]]) -> bool:
    if passage.document_id != evidence.document:
        return False
    shared = min(passage.end, evidence.end) - max(passage.start, evidence.start)
    if 2 * shared >= evidence.end - evidence.start:
        return True
    return bool(answer_places) and all(
        any(passage.start <= place.start and place.end <= passage.end for place in places) for places in answer_places
    )


def _ranges(case: Case, answer: Answer, formula: RangeFormula) -> Score:
    if (why := why_places_are_unscored(case)) is not None:
        return Score(None, why)
    passages = [ranked.passage for ranked in answer.passages[:_IN_RANGES]]
    gold = {(evidence.document, at) for evidence in case.evidence for at in range(evidence.start, evidence.end)}
    covered = sum(any(_has(passage, document, at) for passage in passages) for document, at in gold)
    retrieved = sum(passage.end - passage.start for passage in passages)
    reason = f"{covered} of {len(gold)} evidence characters are in {retrieved} retrieved ones"
    return Score(formula(covered, len(gold), retrieved), reason)


def _has(passage: Passage, document: str, at: int) -> bool:
    return passage.document_id == document and passage.start <= at < passage.end
