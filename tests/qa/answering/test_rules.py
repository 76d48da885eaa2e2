from dataclasses import replace

import pytest

from qa.answering.contexts import contexts_of
from qa.answering.questions import read_question
from qa.answering.reading import ReadSpan
from qa.answering.rules import is_no_place, is_title, lacks_its_signs, names_another, penalties_of, unmentioned_names
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


@pytest.mark.parametrize(
    ("question", "sentence", "lacking"),
    [
        ("What is the harbour's phone number?", "The harbour is to the north.", True),
        ("What is the harbour's phone number?", "Call the harbour on 555 014.", False),
        ("What is Ada's e-mail address?", "From: Ada Voss, 3 Mill Lane", True),
        ("What is Ada's email address?", "Write to ada@voss.example.", False),
        ("Who has the address?", "Nobody has.", False),
    ],
)
def test_a_number_or_address_has_its_signs(question, sentence, lacking):
    assert lacks_its_signs(question, sentence) is lacking


def test_a_documents_title_answers_nothing_but_is_near_to_all_of_it():
    text = "Getting to Orla\n\nThe ferry is slow. It has a bar. It sells tea. Cars are not allowed."
    title, cars = (
        made_sentence(line, text, title="Getting to Orla") for line in ("Getting to Orla", "Cars are not allowed.")
    )
    question = read_question("When can I take my car to Orla?")
    assert penalties_of(question, [title, cars], contexts_of([title, cars])).tolist() == [6.0, 3.0]


def test_prose_with_which_a_document_begins_is_no_title():
    assert not is_title(made_sentence("The mill is old.", title="The mill is old."))
    assert is_title(made_sentence("The old mill", title="The old mill"))


@pytest.mark.parametrize(
    ("question", "line", "title"),
    [
        ("When did World War 2 end?", "World War II ended in 1945.", "History"),
        ("When did Sofbank pay?", "SoftBank paid in 2016.", "News"),
        ("When did the EU begin?", "It began in 1993.", "European Union"),
    ],
)
def test_a_name_that_is_written_otherwise_is_not_missed(question, line, title):
    sentence = made_sentence(line, title=title)
    assert penalties_of(read_question(question), [sentence], contexts_of([sentence])).tolist() == [0.0]
