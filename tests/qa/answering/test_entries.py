"""Rows of tables and entries that are about something else."""

from dataclasses import replace

import pytest

from qa.answering.contexts import contexts_of
from qa.answering.entries import is_called_otherwise, is_row_of_another, lacks_key
from qa.answering.questions import read_question
from qa.domain import Span
from tests.qa.answering.made_sentences import made_sentence, made_sentences

LIMITS = """| Expense | Limit |
| --- | --- |
| Lunch on a journey | £12 |
| Annual leave | 26 days |
"""


@pytest.mark.parametrize(
    ("question", "row", "another"),
    [
        ("What is the limit for breakfast on a journey?", "| Lunch on a journey | £12 |", True),
        ("What is the limit for lunch on a journey?", "| Lunch on a journey | £12 |", False),
        ("How many days of paternity leave are there?", "| Annual leave | 26 days |", True),
        ("How many days of yearly leave are there?", "| Annual leave | 26 days |", False),  # the same in other words
        ("How long is paternity leave?", "| Annual leave | 26 days |", True),
        ("How do I book leave?", "| Annual leave | 26 days |", False),
        ("How many hours of leave do I get?", "| Annual leave | 26 days |", False),
        ("What is the limit for food when travelling?", "| Lunch on a journey | £12 |", False),
    ],
)
def test_a_row_about_another_thing_of_the_sort_asked_for_is_told(question, row, another):
    header = Span(start=0, end=LIMITS.index("\n"))
    sentence = replace(made_sentence(row, LIMITS), header=header)
    everywhere = contexts_of([sentence])[sentence.ranked.passage.id].stems
    assert is_row_of_another(read_question(question), sentence, everywhere) is another


def test_only_rows_of_tables_are_told_to_be_about_another_thing():
    sentence = made_sentence("Annual leave is 26 days.")
    everywhere = contexts_of([sentence])[sentence.ranked.passage.id].stems
    assert not is_row_of_another(read_question("How long is paternity leave?"), sentence, everywhere)


TABLE = """Prices

| Product | Size | Price |
| --- | --- | --- |
| Oak shelf | 120 cm | £69 |
| Pine shelf | 80 cm | £29 |
"""


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("What does the pine shelf in 120 cm cost?", [True, True]),
        ("What does the pine shelf cost?", [True, False]),
        ("What does the shelf in 120 cm cost?", [False, True]),
        ("What does a shelf cost?", [False, False]),
    ],
)
def test_a_row_that_lacks_what_tells_other_rows_from_it_is_about_another(question, lacking):
    rows = [sentence for sentence in made_sentences(TABLE) if sentence.header is not None]
    contexts = contexts_of(rows)
    asked = read_question(question)
    assert [lacks_key(asked, row, contexts[row.ranked.passage.id]) for row in rows] == lacking


@pytest.mark.parametrize(
    ("question", "entry", "otherwise"),
    [
        ("How loud is the pump?", "Maximum flow: 3,200 litres per hour", True),
        ("How heavy is the pump?", "Weight: 7.4 kg", False),
        ("How many litres does the pump move?", "Maximum flow: 3,200 litres per hour", False),
        ("How many pumps are there?", "Weight: 7.4 kg", False),  # nothing is left that is not in the title
        ("How loud is the pump?", "The flow is 3,200 litres per hour.", False),
        ("Where is the pump?", "Weight: 7.4 kg", False),
    ],
)
def test_an_entry_of_another_name_gives_the_amount_of_something_else(question, entry, otherwise):
    assert is_called_otherwise(read_question(question), made_sentence(entry, title="Garden pump")) is otherwise
