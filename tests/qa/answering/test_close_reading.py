"""The best sentence read again in fewer words, by a reader that only notes what it is given and by the real one."""

import re
from dataclasses import replace

import numpy as np
import pytest

from qa.answering.candidates import Sentence
from qa.answering.close_reading import read_closely
from qa.answering.reading import ReadSpan, squashed, within
from qa.api import embedded_reader
from qa.domain import Passage, RankedPassage, Span
from qa.interfaces import Reading
from qa.settings import Settings

SENTENCES = ["The mill stood idle.", "Ada Voss bought it in 1871.", "It burnt down."]
TEXT = " ".join(SENTENCES)


class NotingReader:
    """Notes the texts; its best span of a text has the log-odds 12, so that squashed scores are tanh(1)."""

    fingerprint = "noting"

    def __init__(self):
        self.texts = []

    def read(self, question, texts):
        self.texts += texts
        scores = np.array([6.0], dtype=np.float32)
        return [
            Reading(begins=np.array([0]), ends=np.array([1]), start_scores=scores, end_scores=scores) for _ in texts
        ]


def sentence(number, score=12.0):
    passage = Passage(
        id="p", document_id="d", title="The mill", source="s", text=TEXT, start=50, end=50 + len(TEXT), page=None
    )
    start = 50 + TEXT.index(SENTENCES[number])
    return Sentence(
        ranked=RankedPassage(passage=passage, score=1.0, lexical_rank=1, dense_rank=1, similarity=0.5),
        rank=0,
        span=Span(start=start, end=start + len(SENTENCES[number])),
        text=SENTENCES[number],
        shown=SENTENCES[number],
        header=None,
        tokens=(),
        lead=(),
        cosine=0.0,
        read=ReadSpan(score, None),
    )


@pytest.mark.parametrize(
    ("number", "after_one", "between_two"),
    [
        (0, SENTENCES[0], " ".join(SENTENCES[:2])),
        (1, " ".join(SENTENCES[:2]), TEXT),
        (2, " ".join(SENTENCES[1:]), " ".join(SENTENCES[1:])),
    ],
)
def test_a_sentence_is_read_in_four_surroundings(number, after_one, between_two):
    reader = NotingReader()
    read_closely(reader, "Who bought it?", sentence(number), in_lower_case=False)
    assert reader.texts == [SENTENCES[number], after_one, between_two, f"The mill. {SENTENCES[number]}"]


def test_the_mean_takes_in_what_was_read_before():
    sure = squashed(12.0)
    closely = read_closely(NotingReader(), "Who bought it?", sentence(1, score=-12.0), in_lower_case=False)
    assert closely.mean == pytest.approx((3 * sure - sure) / 4)
    assert closely.titled == pytest.approx(sure)


def test_the_real_reader_is_surer_of_what_is_there():
    reader = embedded_reader(Settings())
    there = read_closely(reader, "Who bought the mill?", sentence(1), in_lower_case=False)
    absent = read_closely(reader, "What did the mill produce?", sentence(1), in_lower_case=False)
    assert -1 <= absent.mean < there.mean <= 1
    assert -1 <= absent.titled < there.titled <= 1


class WordReader:
    """Takes, in a text, the first of the words that it knows for the answer; in a passage of its own another one."""

    fingerprint = "words"

    def read(self, question, texts):
        return [self.reading(text, "Ada" if text == TEXT else "bought") for text in texts]

    @staticmethod
    def reading(text, word):
        places = [match.span() for match in re.finditer(r"\S+", text)]
        scores = np.array([9.0 if text[slice(*place)] == word else 0.0 for place in places], dtype=np.float32)
        begins, ends = (np.array(list(side)) for side in zip(*places, strict=True))
        return Reading(begins=begins, ends=ends, start_scores=scores, end_scores=scores)


def test_the_words_that_answer_are_those_that_most_readings_agree_on():
    start = TEXT.index(SENTENCES[1])
    in_passage = within(WordReader.reading(TEXT, "Ada"), Span(start=start, end=start + len(SENTENCES[1])))
    asked = replace(sentence(1), reading=in_passage)
    closely = read_closely(WordReader(), "Who bought it?", asked, in_lower_case=False)
    # Between its neighbours it is the whole passage again: two readings for "Ada", three for "bought".
    assert closely.words is not None and closely.words.of(SENTENCES[1]) == "bought"


def test_a_line_that_was_read_alone_keeps_its_words():
    assert read_closely(NotingReader(), "Who bought it?", sentence(1), in_lower_case=False).words is None
