"""The two sides of a comparison, and what speaks of each."""

from dataclasses import replace

import pytest

from qa.answering.comparing import both_sides, sides_of
from qa.answering.evidence import Evidence
from qa.answering.questions import read_question
from qa.answering.terms import tokenize
from tests.qa.answering.made_sentences import made_sentence


def evidence(text, probability=0.5):
    return Evidence(made_sentence(text), probability, None)


def words(side):
    return [term.token.surface for term in side]


@pytest.mark.parametrize(
    ("question", "left", "right"),
    [
        ("Is the mill older than the Quill Bridge?", ["mill"], ["Quill", "Bridge"]),
        ("Is the mill more costly than the bridge?", ["mill"], ["bridge"]),
        ("How does the mill compare in size with the bridge?", ["mill"], ["bridge"]),
        ("What is the difference between the mill and the bridge?", ["mill"], ["bridge"]),
        (
            "What is the difference in price between the mill and the bridge for more than 10 users?",
            ["mill"],
            ["bridge"],
        ),
        ("Did Ada pay more for the mill or the bridge?", ["Ada", "pay", "mill"], ["bridge"]),
        ("Which is older, the mill or the bridge?", ["mill"], ["bridge"]),
        ("How do mills differ from bridges?", ["mills"], ["bridges"]),
        ("mills vs bridges", ["mills"], ["bridges"]),
        ("Is the north bridge older than the south bridge?", ["north"], ["south"]),
        ("Is the mill older\nthan the bridge?", ["mill"], ["bridge"]),
        ("Compare the mill and the bridge", ["mill"], ["bridge"]),
    ],
)
def test_a_comparison_has_two_sides(question, left, right):
    assert [words(side) for side in sides_of(read_question(question))] == [left, right]


@pytest.mark.parametrize(
    "question",
    [
        "When was the mill built?",
        "Is it older than that?",
        "Which is larger?",
        "Where can employees or contractors park?",
        "What if I have two or three children?",
        "Can I pay other than by card?",
        "In what year was the drought more extreme than in 2005?",
        "Do employees get more than 25 days?",
        "Is the notice period longer than three months?",
        "Who was the first chair, and did she serve one or two terms?",
        "What is the latest date, if any, by which the tenant or landlord must give notice?",
        "How populous is it compared to other states?",
        "Is tuition lower than in other countries?",
    ],
)
def test_what_compares_no_two_things_has_no_sides(question):
    assert sides_of(read_question(question)) == []


MILL, BRIDGE = evidence("The old mill was sold for £3 in 1870."), evidence("The Quill Bridge was sold for £9.")
OTHER = evidence("A bridge was planned.")
WOODEN = evidence("The old mill consists of wood.", 0.6)
BOTH = "The Quill Bridge is near the old mill."


def test_of_each_side_a_sentence_speaks_in_the_questions_order():
    question = read_question("Did the old mill cost more than the Quill Bridge?")
    assert both_sides(question, [BRIDGE, OTHER, MILL]) == [MILL, BRIDGE]


@pytest.mark.parametrize("more", ["older", "dearer"])
def test_a_date_speaks_of_age_and_an_amount_of_cost(more):
    question = read_question(f"Is the old mill {more} than the Quill Bridge?")
    assert both_sides(question, [WOODEN, MILL, BRIDGE]) == [MILL, BRIDGE]


def test_of_equals_those_that_are_alike_speak():
    question = read_question("What is the difference between the old mill and the Quill Bridge?")
    wooden, stone = WOODEN, evidence("The Quill Bridge consists of stone.", 0.5)
    assert both_sides(question, [wooden, BRIDGE, stone]) == [wooden, stone]


@pytest.mark.parametrize(("probability", "expected"), [(0.7, []), (0.3, [MILL, BRIDGE])])
def test_where_the_likely_answer_speaks_of_both_no_other_is_needed(probability, expected):
    question = read_question("Is the old mill older than the Quill Bridge?")
    assert both_sides(question, [evidence(BOTH, probability), MILL, BRIDGE]) == expected


def test_a_comparison_with_a_side_that_nothing_speaks_of_has_none():
    question = read_question("Is the old mill older than the Quill Bridge?")
    assert both_sides(question, [MILL, OTHER]) == []  # the other bridge has not its name
    assert both_sides(read_question("When was the mill built?"), [MILL]) == []


def test_what_leads_to_a_sentence_does_not_speak_for_it():
    led = replace(BRIDGE, sentence=replace(BRIDGE.sentence, lead=tuple(tokenize("How dear was the old mill?"))))
    question = read_question("Was the old mill dearer than the Quill Bridge?")
    assert both_sides(question, [led, MILL]) == [MILL, led]


def test_a_sentence_that_is_far_likelier_is_not_put_aside():
    question = read_question("Is the old mill older than the Quill Bridge?")
    sure = evidence("Both are of one age, the records say.", 0.45)
    unlikely = [replace(item, probability=0.1) for item in (MILL, BRIDGE)]
    assert both_sides(question, [sure, *unlikely]) == []
    assert both_sides(question, []) == []


def test_a_line_break_in_a_long_question_is_a_space():
    # With the line break left in, trying all ways in which this might fit took minutes.
    long = "difference between a and b for " * 120
    broken, plain = (sides_of(read_question(f"{long}{end} mill bridge")) for end in ("\nx", " x"))
    assert [words(side) for side in broken] == [words(side) for side in plain]
