"""The order of the evidence."""

from dataclasses import replace

import pytest

from qa.answering.evidence import Evidence, likeliest_first
from qa.answering.questions import read_question
from qa.answering.reading import ReadSpan
from qa.domain import Span
from tests.qa.answering.made_sentences import made_sentence

MONTHLY, ANNUAL = "A monthly plan can be cancelled at any time.", "Annual plans can be cancelled before renewal."
ASKED = read_question("How can I cancel an annual plan?")


def evidence(text, probability, title="Help"):
    return Evidence(made_sentence(text, title=title), probability, None)


def test_the_likeliest_comes_first():
    weighed = [evidence(MONTHLY, 0.2), evidence(ANNUAL, 0.6), evidence("It rained.", 0.3)]
    assert likeliest_first(ASKED, weighed) == [weighed[1], weighed[2], weighed[0]]
    assert likeliest_first(ASKED, []) == []


@pytest.mark.parametrize(("probability", "leads"), [(0.35, True), (0.25, False)])
def test_a_rival_with_more_of_the_questions_words_goes_before_it(probability, leads):
    monthly, annual, other = evidence(MONTHLY, 0.6), evidence(ANNUAL, probability), evidence("It rained.", 0.4)
    first = likeliest_first(ASKED, [monthly, annual, other])
    assert first == ([annual, monthly, other] if leads else [monthly, other, annual])


def test_a_rival_with_other_words_of_the_question_does_not():
    costs = evidence("The annual fee is £9.", 0.5)
    monthly = evidence(MONTHLY, 0.6)
    assert likeliest_first(ASKED, [monthly, costs]) == [monthly, costs]


def test_the_reader_helps_to_tell_what_decides_yes_or_no():
    cars, ferry = evidence("Cars are not allowed.", 0.3), evidence("The ferry has a bar.", 0.4)
    read = replace(cars, sentence=replace(cars.sentence, read=ReadSpan(4.0, None)))
    assert likeliest_first(read_question("Can my dog come?"), [ferry, cars]) == [ferry, cars]
    assert likeliest_first(read_question("Can my dog come?"), [ferry, read]) == [read, ferry]
    assert likeliest_first(read_question("Where can my dog go?"), [ferry, read]) == [ferry, read]


def test_words_of_the_title_do_not_count():
    question = read_question("When does the cleaning agreement start?")
    made, starts = evidence("The cleaning firm signed it.", 0.6), evidence("It starts on 1 March.", 0.5)
    assert likeliest_first(question, [made, starts]) == [made, starts]
    titled = [
        replace(one, sentence=replace(one.sentence, ranked=evidence("", 0, "Cleaning agreement").sentence.ranked))
        for one in (made, starts)
    ]
    assert likeliest_first(question, titled) == titled[::-1]


def test_of_two_rows_that_whose_first_cell_says_no_more_than_was_asked_goes_first():
    question = read_question("May confidential papers be sent by e-mail?")
    strict, plain = evidence("| Strictly confidential | no |", 0.6), evidence("| Confidential | yes |", 0.5)
    assert likeliest_first(question, [strict, plain]) == [strict, plain]  # no rows of a table with a header
    rows = [replace(one, sentence=replace(one.sentence, header=Span(start=0, end=1))) for one in (strict, plain)]
    assert likeliest_first(question, rows) == rows[::-1]
    prose = evidence("What is confidential is locked away.", 0.5)
    assert likeliest_first(question, [rows[0], prose]) == [rows[0], prose]
