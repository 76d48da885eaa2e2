import pytest

from qa.answering.kinds import Kind
from qa.answering.questions import question_parts, read_question


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who runs SoftBank?", Kind.PERSON),
        ("whose idea was it", Kind.PERSON),
        ("When was it founded?", Kind.DATE),
        ("In what year did it open?", Kind.DATE),
        ("How much did it cost?", Kind.MONEY),
        ("How much is it?", Kind.MONEY),
        ("How much rent is due?", Kind.MONEY),
        ("How much?", Kind.MONEY),
        ("How much sick pay do I get?", Kind.MONEY),
        ("How much am I owed?", Kind.MONEY),
        ("How much annual leave do I get?", Kind.NUMBER),
        ("How much water does it use?", Kind.NUMBER),
        ("What was the price of the deal?", Kind.MONEY),
        ("How many robots are there?", Kind.NUMBER),
        ("How old is the firm?", Kind.NUMBER),
        ("How loud is it?", Kind.NUMBER),
        ("How much does it weigh?", Kind.NUMBER),
        ("How much water can the tank hold?", Kind.NUMBER),
        ("By how much did it fall?", Kind.NUMBER),
        ("How much less steam did it use?", Kind.NUMBER),
        ("How much less does it cost?", Kind.MONEY),
        ("What amount of dust is there?", Kind.NUMBER),
        ("What amount of rent is due?", Kind.MONEY),
        ("Where is it?", Kind.PLACE),
        ("In which country is it?", Kind.PLACE),
        ("Why did it fail?", Kind.WHY),
        ("Which company built it?", Kind.NAME),
        ("Did it fail?", Kind.YES_NO),
        ("Is Skild AI from the U.S.?", Kind.YES_NO),
        ("How does it work?", Kind.HOW),
        ("List the partners", Kind.LIST),
        ("Summarise the article", Kind.SUMMARY),
        ("What is this document about?", Kind.SUMMARY),
        ("What’s this article about", Kind.SUMMARY),
        ("tl;dr", Kind.SUMMARY),
        ("What does it make?", Kind.OTHER),
        ("What kind of company is it?", Kind.OTHER),
    ],
)
def test_the_kind_is_what_is_asked_for(question, kind):
    assert read_question(question).kind is kind


def test_names_and_numbers_are_told_from_other_words():
    terms = read_question("How much did SoftBank invest in WeWork in 2016?").terms
    assert {term.token.surface: term.is_name for term in terms} == {
        "SoftBank": True,
        "invest": False,
        "WeWork": True,
        "2016": True,
    }


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who leads Acme?", ["Who leads Acme?"]),
        ("Who leads Acme and when was it founded?", ["Who leads Acme", "when was it founded?"]),
        ("Who leads the firm which makes robots?", ["Who leads the firm which makes robots?"]),
        ("Who leads Acme? How many people work there?", ["Who leads Acme", "How many people work there?"]),
        ("Who leads\nAcme?", ["Who leads Acme?"]),
        ("Who" + " " * 3000 + "leads Acme?", ["Who leads Acme?"]),
        ("", []),
    ],
)
def test_a_question_for_two_things_has_two_parts(question, parts):
    assert question_parts(question) == parts
