"""The two sides of a comparison, and what speaks of each."""

import pytest

from qa.answering.candidates import Sentence
from qa.answering.comparing import sides_of, speaking_of
from qa.answering.evidence import Evidence
from qa.answering.questions import read_question
from qa.answering.reading import ReadSpan
from qa.answering.terms import tokenize
from qa.domain import Passage, RankedPassage, Span


def evidence(text, probability=0.5):
    passage = Passage(id="p", document_id="d", title="t", source="s", text=text, start=0, end=len(text), page=None)
    sentence = Sentence(
        ranked=RankedPassage(passage=passage, score=1.0, lexical_rank=1, dense_rank=1, similarity=0.5),
        rank=0,
        span=Span(start=0, end=len(text)),
        text=text,
        shown=text,
        header=None,
        tokens=tuple(tokenize(text)),
        lead=(),
        cosine=0.5,
        read=ReadSpan(0.0, None),
    )
    return Evidence(sentence, probability, None)


def words(side):
    return [term.token.surface for term in side]


@pytest.mark.parametrize(
    ("question", "left", "right"),
    [
        ("Is the mill older than the Quill Bridge?", ["mill"], ["Quill", "Bridge"]),
        ("Is the mill more costly than the bridge?", ["mill"], ["bridge"]),
        ("How does the mill compare in size with the bridge?", ["mill"], ["bridge"]),
        ("What is the difference between the mill and the bridge?", ["mill"], ["bridge"]),
        ("Did Ada buy the mill or the bridge?", ["Ada", "buy", "mill"], ["bridge"]),
        ("How do mills differ from bridges?", ["mills"], ["bridges"]),
        ("Compare the mill and the bridge", ["mill"], ["bridge"]),
    ],
)
def test_a_comparison_has_two_sides(question, left, right):
    assert [words(side) for side in sides_of(read_question(question))] == [left, right]


@pytest.mark.parametrize("question", ["When was the mill built?", "Is it older than that?", "Which is larger?"])
def test_what_names_no_two_things_has_no_sides(question):
    assert sides_of(read_question(question)) == []


def test_of_each_side_the_sentence_with_most_of_its_words_speaks():
    left, right = sides_of(read_question("Did the old mill cost more than the Quill Bridge?"))
    mill, bridge = evidence("The old mill was sold for £3."), evidence("The Quill Bridge was sold for £9.")
    other = evidence("A bridge was planned.")
    assert speaking_of(left, [bridge, other, mill]) is mill
    assert speaking_of(right, [mill, other, bridge]) is bridge


def test_a_sentence_without_a_sides_name_does_not_speak_of_it():
    _, right = sides_of(read_question("Is the mill older than the Quill Bridge?"))
    assert speaking_of(right, [evidence("The bridge opened in 1902.")]) is None
    assert speaking_of(right, []) is None
