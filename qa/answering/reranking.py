"""Retrieved passages in a better order: retrieval's score, and what the span reader makes of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qa.answering.kinds import Kind
from qa.answering.questions import in_usual_case, read_question
from qa.answering.reading import best_span
from qa.domain import RankedPassage, Span
from qa.interfaces import Reading, SpanReader

# Added to the fused score for each unit of log-odds that the passage holds the answer. On held-out articles of
# SQuAD 1.1 anything from 0.015 to 0.06 finds the right paragraph first equally often (`bench.reranking`).
_READING_WEIGHT = 0.02
# Below, the reader is sure that nothing answers, and its differences say nothing; above, that something does.
_LEAST, _MOST = -6.0, 12.0
# Their answers are no words of a passage, so that the reader has nothing to say of them.
_NOT_READ = (Kind.YES_NO, Kind.SUMMARY)


@dataclass(frozen=True, kw_only=True)
class Reranker:
    """Reads the best passages and puts those that seem to answer first.

    Attributes:
        depth: How many passages are read; 0 leaves every order as it is.
    """

    reader: SpanReader
    depth: int

    def rerank(self, question: str, passages: Sequence[RankedPassage]) -> list[RankedPassage]:
        """Give the passages with the first `depth` of them in a new order, ties as they were, and their new scores.

        Questions for yes or no, and for a summary, stay in retrieval's order: their answer is nothing to be found.
        """
        asked = in_usual_case(question)
        if self.depth == 0 or read_question(asked).kind in _NOT_READ:
            return list(passages)
        head, tail = passages[: self.depth], passages[self.depth :]
        readings = self.reader.read(asked, [ranked.passage.text for ranked in head])
        read = [
            replace(ranked, reading=reading)
            for ranked, reading in zip(head, map(_best_reading, head, readings), strict=True)
        ]
        return [*reordered(read), *tail]


def reordered(passages: Sequence[RankedPassage]) -> list[RankedPassage]:
    """Give passages with retrieval's scores by these and their readings together; one that was not read says nothing.

    Ties stay in the order in which they were.
    """
    scored = [
        replace(ranked, score=ranked.score + _READING_WEIGHT * (ranked.reading - _LEAST))
        if ranked.reading is not None
        else ranked
        for ranked in passages
    ]
    return sorted(scored, key=lambda ranked: -ranked.score)


def _best_reading(ranked: RankedPassage, reading: Reading) -> float:
    """Give the log-odds, -6 to 12, of the likeliest span of a passage against its holding none."""
    score = best_span(reading, Span(start=0, end=len(ranked.passage.text))).score
    return float(np.clip(score, _LEAST, _MOST))
