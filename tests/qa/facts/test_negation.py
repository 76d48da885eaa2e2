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


UBER = "SoftBank invested in Uber."


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("It did not invest in Uber.", "It invested in Uber."),
        ("It invested in Uber.", "It didn’t invest in Uber."),
        ("It did invest in Uber.", "It did not, according to the report, invest in Uber."),
        ("It invested in Uber.", "It didn't (so the report says) invest in Uber."),
        ("It invested in Uber.", "It did not – the report says – invest in Uber."),
        ("It invested in Uber.", "It did not publicly, at least, invest in Uber."),
        ("It invested in Uber.", "It did not immediately, publicly or privately, invest in Uber."),
        ("It invested in Uber.", "It did not directly and knowingly invest in Uber."),
        ("It invested in Uber.", "It did not at any time during the year 2017 invest in Uber."),
        ("It invested in Uber.", "It has never, in all these years, invested in Uber."),
        ("It invested in Uber.", "It failed to invest in Uber."),
        ("It invested in Uber.", "It was unable to invest in Uber."),
        (UBER, "It is unclear whether SoftBank invested in Uber."),
        (UBER, "It is unclear, the report says, whether SoftBank, of Japan, invested in Uber."),
        (UBER, "It is false that SoftBank invested in Uber."),
        (UBER, "It is not true that SoftBank, of Japan, invested in Uber."),
        (UBER, "The paper falsely reported that SoftBank invested in Uber."),
        (UBER, "There is no evidence that SoftBank invested in Uber."),
        (UBER, "SoftBank denied that it had invested in Uber."),
        (UBER, "SoftBank denied investing in Uber."),
        (UBER, "Many doubted that SoftBank invested in Uber."),
        ("SoftBank did not invest in Uber.", "It is unclear whether SoftBank invested in Uber."),
        ("It is unclear whether SoftBank invested in Uber.", UBER),
        ("It is false that SoftBank invested in Uber.", UBER),
    ],
)
def test_what_one_side_alone_denies_or_leaves_open_differs(statement: str, quote: str) -> None:
    assert negation_differs(statement, [quote])


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("It never invested.", "It has not invested."),
        ("It had no money.", "Having no money, it could not invest."),
        ("It had money, but did not invest.", "It had money. It did not invest."),
        ("It not only rents desks but sells them.", "It rents and sells desks."),
        ("It did not.", "It did."),
        ("It did not invest in Uber.", "It did not, according to the report, invest in Uber."),
        ("It did not invest in Uber.", "It failed to invest in Uber."),
        ("It did not invest in Uber.", "It is false that it invested in Uber."),
        ("It is not known whether it invested in Uber.", "It is unclear whether it invested in Uber."),
        ("It did not sell, and profits rose.", "It did not sell, the report says, and profits rose."),
        ("Profits rose.", "It did not sell, the report says, and profits rose."),
        ("Profits rose.", "It did not sell, but profits rose."),
        ("It bought Lyft.", "It did not in 2017 invest in Uber and bought Lyft."),
        ("It was Tesla.", "It was not Ford but Tesla."),
        (UBER, "There is no doubt that SoftBank invested in Uber."),
        (UBER, "One cannot say without a doubt that it did, but SoftBank invested in Uber."),
        (UBER, "I do not doubt that SoftBank, of Japan, invested in Uber."),
        (UBER, "Nobody doubts it: SoftBank invested in Uber."),
        (UBER, "It did not fail to say that SoftBank invested in Uber."),
        (UBER, "Although it is unclear whether SoftBank invested in Lyft, SoftBank invested in Uber."),
        ("It never failed to pay.", "It paid."),
        ("SoftBank is Japanese.", "SoftBank is Japanese. It is unclear whether SoftBank invested."),
        ("The report says so.", "The report says that it is unclear whether it invested."),
        ("It did not supply oil to Iran.", "It never supplied oil. Iran bought gas."),
    ],
)
def test_what_both_sides_deny_or_neither_does_not_differ(statement: str, quote: str) -> None:
    assert not negation_differs(statement, [quote])
