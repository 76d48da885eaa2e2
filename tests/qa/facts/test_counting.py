"""Where "one" is a number that a quote must hold, and where it counts nothing."""

from __future__ import annotations

import pytest

from qa.facts import unsupported_facts

SEVEN = "Seven workers died in the fire."


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("One worker died in the fire.", SEVEN),
        ("Only one worker died.", SEVEN),
        ("One young worker died.", SEVEN),
        ("One worker died.", "7 young workers died in 2017."),
        ("The fire killed one worker.", "The fire killed 1,200 workers."),
        ("One person was hurt.", "Some 30 people were hurt."),
        ("One woman was hurt.", "Two women were hurt, and no others."),
        ("It has one company.", "It has three companies."),
        ("It lost one aircraft.", "It lost four aircraft."),
        ("One worker died.", "No worker-owned firm lost its seven workers."),
    ],
)
def test_one_of_what_a_quote_counts_otherwise_is_reported(statement: str, quote: str) -> None:
    assert [missing.lower() for missing in unsupported_facts(statement, [quote])] == ["one"]


@pytest.mark.parametrize(
    ("statement", "quote"),
    [
        ("It is one of the workers.", SEVEN),
        ("No one of the workers died.", SEVEN),
        ("No one died.", SEVEN),
        ("Not one worker lived.", SEVEN),
        ("The workers helped one another.", SEVEN),
        ("More than one worker died.", SEVEN),
        ("At least one worker died.", SEVEN),
        ("One or more workers died.", SEVEN),
        ("One worker after another died.", SEVEN),
        ("At one point it burnt.", "It burnt at three points."),
        ("One worker died.", "A worker died, and seven workers were hurt."),
        ("One worker died.", "Of seven workers one died."),
        ("One worker died.", "One of the seven workers died."),
        ("One worker died.", "1 worker died, 7 workers were hurt."),
        ("One worker died.", "In 2017 workers died."),
        ("One foreign bank paid.", "Three foreign firms paid a bank."),
        ("One worker died.", "Workers died on seven ships."),
        ("Each one works.", SEVEN),
        ("One-worker firms burnt.", SEVEN),
        ("One’s workers died.", SEVEN),
    ],
)
def test_one_that_counts_nothing_or_is_there_is_none_to_report(statement: str, quote: str) -> None:
    assert unsupported_facts(statement, [quote]) == []
