"""Reranking, with the real reader and with one whose scores are made here."""

import numpy as np
import pytest

from qa.answering.reranking import Reranker
from qa.api import embedded_reader
from qa.domain import Passage, RankedPassage
from qa.interfaces import Reading
from qa.settings import Settings

FERRY = "The ferry to Tern Rock leaves at nine. The lighthouse of Tern Rock can be seen from it."
LIGHTHOUSE = "The Tern Rock lighthouse was built in 1871 by the engineer Ada Voss."
BRIDGE = "The Quill Bridge opened in 1902."


def ranked(*texts):
    return [
        RankedPassage(
            passage=Passage(
                id=str(number), document_id=f"{number}.txt", title="t", source="s",
                text=text, start=0, end=len(text), page=None,
            ),
            score=0.5 / (1 + number), lexical_rank=number + 1, dense_rank=number + 1, similarity=0.5,
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip


class ScriptedReader:
    """Scores each passage's only token with what was prepared for its text, and tells what it was asked to read."""

    fingerprint = "scripted"

    def __init__(self, **scores):
        self.scores = scores
        self.asked = []

    def read(self, question, texts):
        self.asked += texts
        return [
            Reading(
                begins=np.array([0]),
                ends=np.array([len(text)]),
                start_scores=np.array([self.scores[text]], dtype=np.float32),
                end_scores=np.array([0.0], dtype=np.float32),
            )
            for text in texts
        ]


def order(passages):
    return [ranked.passage.text for ranked in passages]


def test_the_passage_that_answers_comes_first():
    reranker = Reranker(reader=embedded_reader(Settings()), depth=10)
    found = reranker.rerank("Who built the Tern Rock lighthouse?", ranked(FERRY, BRIDGE, LIGHTHOUSE))
    assert order(found)[0] == LIGHTHOUSE
    assert found[0].reading > 0 > min(passage.reading for passage in found)


def test_scores_fall_along_the_passages_that_were_read():
    reader = ScriptedReader(a=-30.0, b=12.0, c=3.0)
    found = Reranker(reader=reader, depth=10).rerank("Who is it?", ranked("a", "b", "c"))
    assert [passage.score for passage in found] == sorted((passage.score for passage in found), reverse=True)
    assert {passage.passage.text: passage.reading for passage in found} == {"a": -6.0, "b": 12.0, "c": 3.0}


def test_passages_that_nothing_answers_stay_in_retrievals_order():
    reader = ScriptedReader(a=-9.0, b=-7.0, c=-20.0)
    assert order(Reranker(reader=reader, depth=10).rerank("Who is it?", ranked("a", "b", "c"))) == ["a", "b", "c"]


def test_only_the_first_are_read_and_the_rest_follow():
    reader = ScriptedReader(a=-9.0, b=12.0, c=12.0)
    found = Reranker(reader=reader, depth=2).rerank("Who is it?", ranked("a", "b", "c"))
    assert (order(found), reader.asked) == (["b", "a", "c"], ["a", "b"])
    assert found[2].reading is None


@pytest.mark.parametrize("question", ["Does it float?", "Summarise the report"])
def test_questions_that_no_words_answer_are_left_as_they_are(question):
    reader = ScriptedReader(a=-9.0, b=12.0)
    assert Reranker(reader=reader, depth=10).rerank(question, ranked("a", "b")) == ranked("a", "b")
    assert reader.asked == []


def test_depth_0_reads_nothing():
    reader = ScriptedReader(a=-9.0, b=12.0)
    assert Reranker(reader=reader, depth=0).rerank("Who is it?", ranked("a", "b")) == ranked("a", "b")


def test_no_passages_are_no_passages():
    assert Reranker(reader=ScriptedReader(), depth=10).rerank("Who is it?", []) == []
