"""Which facts of a statement are in none of its quotes."""

from __future__ import annotations

import pytest

from qa.facts import unsupported_facts


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("It paid $4.4 billion.", "It paid 4.4bn dollars."),
        ("It paid 4,400,000,000 dollars.", "It paid US$4.4 billion."),
        ("It paid $4.4bn.", "It paid 4,400 million dollars."),
        ("It rose 5%.", "It rose by five per cent."),
        ("It rose from 5 to 7 percent.", "It rose from 5% to 7%."),
        ("It opened on May 4, 2016.", "On 4 May 2016 it opened."),
        ("It opened on 4th May 2016.", "It opened on 2016-05-04."),
        ("It opened in May 2016.", "It opened on Wednesday, May 4, 2016."),
        ("It opened on May 4, 2016.", "In 2016 it opened, on May 4."),
        ("It opened in 2016.", "It opened on May 4, 2016."),
        ("Three people came.", "3 people came."),
        ("25 came.", "Twenty-five came."),
        ("450 came.", "Four hundred and fifty came."),
        ("24 came.", "Two dozen came."),
        ("The third came.", "The 3rd came."),
        ("He is 25 years old.", "He is 25."),
        ("It is one of the largest.", "It is large."),
        ("The UN said so.", "The United Nations said so."),
        ("The Federal Bureau of Investigation said so.", "The FBI said so."),
        ("American firms did.", "Firms of America did."),
        ("softbank’s rival Uber did.", "UBER did."),
        ("Researchers said so. However, critics did not.", "It was said."),
        ("１２ people came.", "12 people came."),
    ],
)
def test_the_same_fact_said_in_another_way_is_there(statement: str, quote: str) -> None:
    assert unsupported_facts(statement, [quote]) == []


@pytest.mark.parametrize(
    ("statement", "quote", "missing"),
    [
        ("It paid $4.4 billion.", "It paid $4.4 million.", ["$4.4 billion"]),
        ("It paid $4.4 billion.", "It paid €4.4 billion.", ["$4.4 billion"]),
        ("It rose 5%.", "It rose by 5 points.", ["5%"]),
        ("It has 5 parts.", "It rose by 5%.", ["5"]),
        ("It opened on May 5, 2016.", "It opened on May 4, 2016.", ["May 5, 2016"]),
        ("It opened on May 4, 2016.", "It opened on May 4, 2017, not in 2016.", ["May 4, 2016"]),
        ("It opened in 1990.", "It opened in the 1990s.", ["1990"]),
        ("It took three days.", "It took three weeks.", ["three days"]),
        ("He came third.", "Three came.", ["third"]),
        ("It was -5 degrees.", "It was 5 degrees.", ["-5"]),
        ("It starts at 10:30.", "It starts at 10:45.", ["10:30"]),
        ("COVID-19 hit the G20.", "COVID-18 hit the G7.", ["19", "G20"]),
        ("Boris Johnson met Anna.", "Boris John met Ann.", ["Johnson", "Anna"]),
        ("Masayoshi Son, of New Zealand, met 3 people.", "Son met people.", ["Masayoshi", "New Zealand", "3"]),
        ("Microsoft said so.", "It was said.", ["Microsoft"]),
        ("So said Mr. Smith.", "It was said.", ["Smith"]),
    ],
)
def test_a_fact_that_no_quote_holds_is_reported(statement: str, quote: str, missing: list[str]) -> None:
    assert unsupported_facts(statement, [quote]) == missing


def test_facts_may_be_spread_over_the_quotes() -> None:
    statement = "SoftBank invested $4.4 billion in WeWork in 2017."
    assert unsupported_facts(statement, ["In 2017 it invested $4.4 billion.", "WeWork", "SoftBank"]) == []
    assert unsupported_facts(statement, []) == ["SoftBank", "$4.4 billion", "WeWork", "2017"]
