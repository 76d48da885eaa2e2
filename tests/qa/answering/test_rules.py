from dataclasses import replace

import pytest

from qa.answering.contexts import contexts_of
from qa.answering.questions import read_question
from qa.answering.reading import ReadSpan
from qa.answering.rules import is_no_place, is_row_of_another, names_another, unmentioned_names
from qa.domain import Passage, RankedPassage, Span
from qa.splitting import sentence_spans
from tests.qa.answering.made_sentences import made_sentence

TEXT = "In 2016, SoftBank invested $4.4 billion in WeWork."


def passage(text=TEXT):
    return RankedPassage(
        passage=Passage(
            id="1", document_id="a.txt", title="News", source="a.txt", text=text, start=0, end=len(text), page=None
        ),
        score=1.0,
        lexical_rank=1,
        dense_rank=None,
        similarity=None,
    )


@pytest.mark.parametrize(
    ("question", "unmentioned"),
    [
        ("How much did SoftBank invest in WeWork in 2016?", []),
        ("How much did SoftBank invest in Uber?", ["Uber"]),
        ("How much did SoftBank invest in WeWork in 2019?", ["2019"]),
        ("How much did Sofbank invest in WeWrok?", []),
        ("how much did softbank invest in zyxophon", []),  # typed in small letters: who knows what is a name?
        ("how much did softbank invest in 2019", ["2019"]),
        ("Why did the deal fail?", []),
    ],
)
def test_names_and_numbers_that_no_passage_has_are_told(question, unmentioned):
    assert unmentioned_names(read_question(question), [passage()]) == unmentioned


@pytest.mark.parametrize("text", ["World War II ended.", "The second of two world wars, World War Two, ended."])
def test_a_small_number_may_be_spelt_otherwise(text):
    ranked = passage()
    ranked = replace(ranked, passage=replace(ranked.passage, text=text))
    assert unmentioned_names(read_question("When did World War 2 end?"), [ranked]) == []
    assert unmentioned_names(read_question("When did World War 3 end?"), [ranked]) == ["3"]


PLANS = "The Business plan costs £79. The Enterprise plan is priced individually. Plans end at any time."


@pytest.mark.parametrize(
    ("question", "number", "another"),
    [
        ("How much does the Enterprise plan cost?", 0, True),
        ("How much does the Enterprise plan cost?", 1, False),
        ("How much does the Enterprise plan cost?", 2, False),
        ("How much does the Business plan cost?", 0, False),
        ("How much does the Premium plan cost?", 0, False),  # the text has no such plan, so it may be this one
        ("How much does a plan cost?", 0, False),
    ],
)
def test_what_is_said_of_another_of_the_same_sort_is_told(question, number, another):
    sentence = made_sentence(sentence_spans(PLANS)[number].of(PLANS), PLANS)
    context = contexts_of([sentence])[sentence.ranked.passage.id]
    assert names_another(read_question(question), sentence, context) is another


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


FIRM = "The Japanese firm plans to build parks near Osaka."


@pytest.mark.parametrize(
    ("question", "words", "no_place"),
    [
        ("Where is the firm headquartered?", "Japanese", True),
        ("Where will the parks be built?", "near Osaka", False),
        ("Where is the firm from?", "Japanese", False),
        ("Which country does the firm belong to?", "Japanese", False),
    ],
)
def test_a_nationality_alone_is_no_place(question, words, no_place):
    start = FIRM.index(words)
    read = ReadSpan(2.0, Span(start=start, end=start + len(words)))
    assert is_no_place(question, replace(made_sentence(FIRM), read=read)) is no_place


def test_a_sentence_that_was_not_read_is_not_said_to_have_no_place():
    assert not is_no_place("Where is the firm?", made_sentence(FIRM))
