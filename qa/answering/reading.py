"""From a reader's scores to the best span within a sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qa.domain import Span
from qa.interfaces import Reading

# The longest answer, in tokens; longer ones are sentences, and those are quoted whole anyway.
_LONGEST_ANSWER = 24
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
    inside = np.flatnonzero((reading.begins >= sentence.start) & (reading.ends <= sentence.end))
    if inside.size == 0:
        return ReadSpan(UNREAD, None)
    starts, ends = reading.start_scores[inside], reading.end_scores[inside]
    scores = starts[:, None] + ends[None, :]
    places = np.arange(inside.size)
    length = places[None, :] - places[:, None]
    scores[(length < 0) | (length >= _LONGEST_ANSWER)] = -np.inf
    first, last = np.unravel_index(int(np.argmax(scores)), scores.shape)
    span = Span(start=int(reading.begins[inside[first]]), end=int(reading.ends[inside[last]]))
    return ReadSpan(float(scores[first, last]), span)


def squashed(score: float) -> float:
    """Bring a reader's log-odds to about -1 to 1, so that one very sure reading does not outweigh all else."""
    return math.tanh(score / 12)
