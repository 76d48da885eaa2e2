"""The best sentence read again, in fewer words: what else a passage says can hide that it answers, or that it does not.

Averaging a model's scores over several views of one input is known from images as test-time augmentation. Here it tells
answerable questions from others better than one reading of the passage (`scripts/fit_evidence.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qa.answering.candidates import Sentence
from qa.answering.opposites import says_opposite
from qa.answering.reading import agreed_span, best_span, squashed, within
from qa.domain import Span
from qa.interfaces import SpanReader
from qa.splitting import sentence_spans


@dataclass(frozen=True, slots=True)
class CloseReading:
    """What the reader makes of a sentence in different surroundings; squashed log-odds, -1 to 1, of their best spans.

    Attributes:
        mean: Over its passage, the sentence by itself, after the one before it, and between both its neighbours.
        titled: Of the sentence after its document's title.
        words: The span of the sentence that all five readings together find likeliest to answer; None for lines that
            can be read by themselves, and where no reading got to the sentence.
        in_lower_case: The whole question was typed without capitals, as into a search box: who asks so has mostly not
            read the text, whose words are then others, and the reader is less sure of all.
        says_opposite: The sentence has the opposite of a word of the question, which readers overlook.
    """

    mean: float
    titled: float
    words: Span | None
    in_lower_case: bool
    says_opposite: bool


@dataclass(frozen=True, slots=True)
class _Surroundings:
    text: str
    stands_at: int  # where the sentence begins


def read_closely(reader: SpanReader, question: str, sentence: Sentence, *, in_lower_case: bool) -> CloseReading:
    """Read a sentence, which the reader has read in its passage, in four more surroundings.

    `question` may be one part of what was asked; `in_lower_case` tells of the whole.
    """
    passage = sentence.ranked.passage
    spans = sentence_spans(passage.text)
    at = next(number for number, span in enumerate(spans) if span.start == sentence.span.start - passage.start)
    before, after = spans[max(0, at - 1)], spans[min(len(spans) - 1, at + 1)]
    surroundings = [
        _Surroundings(sentence.text, 0),
        _Surroundings(passage.text[before.start : spans[at].end], spans[at].start - before.start),
        _Surroundings(passage.text[before.start : after.end], spans[at].start - before.start),
        _Surroundings(f"{passage.title}. {sentence.text}", len(f"{passage.title}. ")),
    ]
    readings = reader.read(question, [one.text for one in surroundings])
    *untitled, titled = (
        squashed(best_span(reading, Span(start=0, end=len(one.text))).score)
        for reading, one in zip(readings, surroundings, strict=True)
    )
    again = [
        within(reading, Span(start=one.stands_at, end=one.stands_at + len(sentence.text)))
        for reading, one in zip(readings, surroundings, strict=True)
    ]
    return CloseReading(
        mean=float(np.mean([squashed(sentence.read.score), *untitled])),
        titled=titled,
        words=None if sentence.reading is None else agreed_span([sentence.reading, *again]),
        in_lower_case=in_lower_case,
        says_opposite=says_opposite(question, sentence),
    )
