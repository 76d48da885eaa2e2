import itertools
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.scorers.amounts import Amount, amounts_in


def read(text):
    return [(found.amount.value, found.amount.unit) for found in amounts_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        *("$4.4 billion", "4.4bn dollars", "$4.4bn", "$4.4b", "US$4.4 billion", "USD 4.4 billion"),
        *("4,400,000,000 dollars", "4.4 billion US dollars", "4.4 billion U.S. dollars", "$4400 million"),
    ],
)
def test_one_amount_has_many_spellings(text):
    assert read(f"It paid {text}.") == [(4_400_000_000, "usd")]


@pytest.mark.parametrize("text", ["5%", "5 %", "5 percent", "five percent", "five per cent", "5.0 pct"])
def test_percentages(text):
    assert read(text) == [(5, "%")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("forty-four", 44),
        ("a hundred", 100),
        ("two hundred and five", 205),
        ("one million two hundred thousand", 1_200_000),
        ("seventeen thousand", 17_000),
        ("zero", 0),
        ("3 hundred", 300),
        ("10k", 10_000),
        ("-7", -7),
        ("0.5", Decimal("0.5")),
        ("a dozen", 12),
        ("two dozen", 24),
    ],
)
def test_numbers(text, value):
    assert read(text) == [(value, None)]


def test_units_stay_apart():
    found = read("€5, £5, ¥5, A$5, 5 cents, 5 percentage points, 5 km, 5 people, the 5th")
    assert [unit for _, unit in found] == ["eur", "gbp", "jpy", "aud", "cent", "percentage-point", "km", None, "th"]
    assert {value for value, _ in found} == {5}


def test_several_amounts_with_their_places():
    text = "Of 5–10 people, twenty one-armed, two three-legged"
    assert [found.span.of(text) for found in amounts_in(text)] == ["5", "10", "twenty one", "two", "three"]


@pytest.mark.parametrize(
    "text", ["COVID-19", "G20", "3D", "the 1990s", "12:30", "1/3", "4.400,50", "5m", "someone", "million", "oneness"]
)
def test_what_is_no_amount_or_none_that_we_read(text):
    assert read(text) == []


def test_a_bare_gold_leaves_the_unit_open():
    bare, dollars, euros = Amount(Decimal(5), None), Amount(Decimal(5), "usd"), Amount(Decimal(5), "eur")
    assert (bare.is_said_by(dollars), dollars.is_said_by(bare), dollars.is_said_by(euros)) == (True, False, False)
    assert (bare.is_denied_by(dollars), dollars.is_denied_by(bare), dollars.is_denied_by(euros)) == (False, False, True)
    assert dollars.is_denied_by(Amount(Decimal(6), None))


@given(st.integers(0, 10**12))
def test_digits_are_read_with_and_without_separators(number):
    assert read(f"{number}") == read(f"{number:,}") == [(number, None)]


@given(st.text(alphabet="0123456789.,-$% ahundretonm/:"))
def test_reading_never_fails_and_places_are_in_order(text):
    spans = [found.span for found in amounts_in(text)]
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))


def test_places_in_an_order_are_read_in_words_too():
    assert read("the 2nd, second and thirty-first, the tenth") == [(2, "th"), (2, "th"), (31, "th"), (10, "th")]
    assert not Amount(Decimal(2), None).is_said_by(Amount(Decimal(2), "th", spelled=True))


def test_times_and_pence_are_converted_and_megabytes_are_not():
    assert Amount(Decimal(2), "hour").is_said_by(Amount(Decimal(120), "minute"))
    assert Amount(Decimal("0.45"), "gbp").is_said_by(Amount(Decimal(45), "pence"))
    assert Amount(Decimal(2), "hour").is_denied_by(Amount(Decimal(2), "minute"))
    assert not Amount(Decimal(1), "gb").is_said_by(Amount(Decimal(1000), "mb"))
