"""What is negated on one side alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.facts import negation_differs, unsupported_facts
from tests.qa.text_samples import texts

FACTS = (
    *" .,-'’/$%()\n\xa0",
    *"0159",
    "st",
    "th",
    "s",
    "k",
    "bn",
    " million",
    " May",
    "May ",
    " 2016",
    "two",
    " dozen",
    " and ",
)
FACTS += ("$", "US$", "USD ", "€", " percent", " km", "five ", "U.S.", "UN", "Bank of ", "A", "n’t ", "not ", "word ")


@given(texts | st.lists(st.sampled_from(FACTS), max_size=12).map("".join))
def test_a_statement_rests_on_itself(text: str) -> None:
    assert (unsupported_facts(text, [text]), negation_differs(text, [text])) == ([], False)


@pytest.mark.parametrize(
    ("statement", "quote", "differs"),
    [
        ("It did not invest in Uber.", "It invested in Uber.", True),
        ("It invested in Uber.", "It didn’t invest in Uber.", True),
        ("It never invested.", "It has not invested.", False),
        ("It had no money.", "Having no money, it could not invest.", False),
        ("It had money, but did not invest.", "It had money. It did not invest.", False),
        ("It not only rents desks but sells them.", "It rents and sells desks.", False),
        ("It did not.", "It did.", False),
    ],
)
def test_a_negation_of_one_side_alone_differs(statement: str, quote: str, differs: bool) -> None:
    assert negation_differs(statement, [quote]) == differs
