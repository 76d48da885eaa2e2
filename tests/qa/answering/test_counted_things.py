"""What a sentence's numbers count."""

import pytest

from qa.answering.counting import counted, counts_something_else
from qa.answering.questions import read_question
from qa.answering.spans import answer_spans
from qa.answering.terms import tokenize


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("How many volunteers does the museum have?", "volunteers"),
        ("How many parking spaces are there?", "spaces"),
        ("how many registered users in 2023", "users"),
        ("How many people came?", None),
        ("How many are there?", None),
        ("How many?", None),
        ("How much does it cost?", None),
    ],
)
def test_how_many_counts_a_thing(question, thing):
    found = counted(question)
    assert (None if found is None else found.surface) == thing


def unlike(question, sentence):
    return counts_something_else(counted(question), tokenize(sentence), answer_spans(read_question(question), sentence))


def test_a_number_before_the_thing_counts_it():
    assert unlike("How many volunteers are there?", "We have 40 young and loyal volunteers.") == 0.0


def test_a_number_before_something_like_it_half_counts_it():
    assert 0.0 < unlike("How many people have come?", "It had 61,400 visitors.") < 1.0


@pytest.mark.parametrize("sentence", ["Volunteers gave 5,200 hours of work.", "Volunteers came.", ""])
def test_a_number_before_something_else_or_none_does_not_count_it(sentence):
    assert unlike("How many volunteers are there?", sentence) > 0.8
