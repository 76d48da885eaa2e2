"""Elliptic follow-ups, put in their place; with the turns before them in test_condensing.py."""

import pytest

from qa.varying import name_spans, vary


@pytest.mark.parametrize(
    ("earlier", "change", "varied"),
    [
        ("What do I get for each mile in my own car?", "by bicycle", "What do I get for each mile by bicycle?"),
        ("When is it open during the week?", "on weekends", "When is it open on weekends?"),
        ("How much is the rent?", "the deposit", "How much is the deposit?"),
        ("What notice must the tenant give?", "the landlord", "What notice must the landlord give?"),
        ("Can I bring my cat to the office?", "a dog", "Can I bring a dog to the office?"),
        ("How much can I spend on dinner?", "lunch", "How much can I spend on lunch?"),
        ("Is smoking allowed indoors?", "vaping", "Is vaping allowed indoors?"),
        ("What was revenue in May?", "profit", "What was profit in May?"),
        ("Is the basic plan limited?", "premium plan", "Is the premium plan limited?"),
    ],
)
def test_a_change_takes_the_place_of_what_is_most_like_it(earlier, change, varied):
    assert vary(earlier, change) == varied


@pytest.mark.parametrize(
    ("earlier", "change"),
    [
        ("Who approves travel expenses?", "overtime"),
        ("What does it take to cancel?", "to upgrade"),
        ("What happens if I pay late?", "never"),
        ("How long is the guarantee?", "for shredders"),
        ("What does Model A cost?", "the weight"),
        ("Why?", "the weight"),
    ],
)
def test_what_has_no_place_goes_to_the_end(earlier, change):
    assert vary(earlier, change) == f"{earlier[:-1]} {change}?"


def test_names_are_given_in_order():
    text = "Did Ada Voss lend the Harbour Board money?"
    assert [span.of(text) for span in name_spans(text)] == ["Ada Voss", "Harbour Board"]


def test_nothing_to_change_asks_the_same_again():
    assert vary("Who runs it?", "") == "Who runs it?"
