"""From a reader's scores to the best span within a sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.domain import Span
from qa.interfaces import Reading

# The longest answer, in tokens; longer ones are sentences, and those are quoted whole anyway.
LONGEST_ANSWER = 24
# The score of a sentence that the reader did not reach.
UNREAD = -20.0


@dataclass(frozen=True, slots=True)
class ReadSpan:
    """The best span of a sentence.

    Attributes:
        score: Log-odds against there being no answer in the passage; over 0 is likelier than none.
        span: In the passage's text; None when the reader did not reach the sentence.
    """

    score: float
    span: Span | None


def best_span(reading: Reading, sentence: Span) -> ReadSpan:
    """Give the likeliest span of at most 24 tokens within `sentence`, which is a span of the passage's text."""
    inside = within(reading, sentence)
    if inside.begins.size == 0:
        return ReadSpan(UNREAD, None)
    scores = _span_scores(inside)
    first, last = np.unravel_index(int(np.argmax(scores)), scores.shape)
    found = _span(inside, int(first), int(last))
    span = Span(start=found.start + sentence.start, end=found.end + sentence.start)
    return ReadSpan(float(scores[first, last]), span)


def agreed_span(readings: Sequence[Reading]) -> Span | None:
    """Give the span of a sentence that has the highest mean probability in several readings of it, each by `within`.

    A reading that did not get to all tokens that the others did has no say. None where none got to any.
    """
    whole = max(readings, key=lambda reading: reading.begins.size)
    if whole.begins.size == 0:
        return None
    shares = [_shares(_span_scores(one)) for one in readings if np.array_equal(one.begins, whole.begins)]
    start, end = np.unravel_index(int(np.argmax(np.sum(shares, axis=0))), shares[0].shape)
    return _span(whole, int(start), int(end))


def within(reading: Reading, sentence: Span) -> Reading:
    """Give the reading of the tokens of `sentence` alone, their offsets counted from its start."""
    inside = np.flatnonzero((reading.begins >= sentence.start) & (reading.ends <= sentence.end))
    return Reading(
        begins=reading.begins[inside] - sentence.start,
        ends=reading.ends[inside] - sentence.start,
        start_scores=reading.start_scores[inside],
        end_scores=reading.end_scores[inside],
    )


def _span_scores(reading: Reading) -> NDArray[np.float32]:
    """Give the score of each span, shape (first tokens, last tokens); those of no or too many tokens have -inf."""
    scores = reading.start_scores[:, None] + reading.end_scores[None, :]
    places = np.arange(reading.begins.size)
    length = places[None, :] - places[:, None]
    scores[(length < 0) | (length >= LONGEST_ANSWER)] = -np.inf
    return scores


def _shares(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    odds = np.exp(scores - scores.max())
    return np.asarray(odds / odds.sum())


def _span(reading: Reading, first: int, last: int) -> Span:
    return Span(start=int(reading.begins[first]), end=int(reading.ends[last]))


def squashed(score: float) -> float:
    """Bring a reader's log-odds to about -1 to 1, so that one very sure reading does not outweigh all else."""
    return math.tanh(score / 12)
