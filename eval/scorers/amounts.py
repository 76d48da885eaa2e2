"""Amounts in a text: "$4.4 billion", "4,400,000,000 dollars", "five percent", "forty-four", "45p", "second".

The chatbot reads amounts too, to check its own statements (`qa.facts`). This reading is independent of that one on
purpose: what is under test must not be its own judge. Its limits: English only; "$" is the US dollar and "pounds"
are money; of units, only those of time and pence are converted; no "4.400,50", no "4.4 point", no fractions but those
that `eval.scorers.spellings` writes as decimals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from qa.domain import Span

_ONES = {word: number for number, word in enumerate("one two three four five six seven eight nine".split(), start=1)}
_TEENS = {
    word: number
    for number, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), start=10
    )
} | {"zero": 0}
_TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
CARDINALS = _ONES | _TEENS | _TENS
"""Number words up to ninety that are one word."""

_FIRST = "first second third fourth fifth sixth seventh eighth ninth".split()
_ORDINALS = {word: number for number, word in enumerate(_FIRST, start=1)} | {
    word: number
    for number, word in enumerate(
        "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth".split(),
        start=10,
    )
}
_TENTHS = {word.removesuffix("y") + "ieth": number for word, number in _TENS.items()}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SHORT_SCALES = {"k": 10**3, "mn": 10**6, "mln": 10**6, "bn": 10**9, "tn": 10**12}
_MONEY_SCALES = {"m": 10**6, "b": 10**9, "t": 10**12}
"""Behind a currency sign only: "5m" may be five metres."""

_CURRENCY_SIGNS = {
    **{sign: "usd" for sign in ("$", "us$", "u.s.$", "usd")},
    **{"€": "eur", "eur": "eur", "£": "gbp", "gbp": "gbp", "¥": "jpy", "jpy": "jpy", "₹": "inr", "inr": "inr"},
    **{"a$": "aud", "au$": "aud", "aud": "aud", "c$": "cad", "ca$": "cad", "cad": "cad", "hk$": "hkd", "hkd": "hkd"},
    **{"nz$": "nzd", "nzd": "nzd", "s$": "sgd", "sgd": "sgd", "chf": "chf", "cny": "cny", "rmb": "cny", "krw": "krw"},
}
_UNIT_LINES = (
    "% percent per\u00a0cent pct per-cent",
    "percentage-point percentage-points",
    "usd dollar dollars us-dollar us-dollars u.s.-dollar u.s.-dollars american-dollar american-dollars",
    "aud australian-dollar australian-dollars",
    "cad canadian-dollar canadian-dollars",
    "cent cents",
    "eur euro euros €",
    "gbp pound pounds pound-sterling pounds-sterling £",
    "jpy yen",
    "cny yuan renminbi rmb",
    "inr rupee rupees",
    "krw won",
    "chf swiss-franc swiss-francs franc francs",
    "pence penny",
    "km kilometre kilometres kilometer kilometers",
    "mile miles",
    "kg kilogram kilograms kilogramme kilogrammes",
    "tonne tonnes ton tons",
    "m² m2 sqm sq-m square-metre square-metres square-meter square-meters",
    "km² km2 sqkm sq-km square-kilometre square-kilometres square-kilometer square-kilometers",
    "kb kilobyte kilobytes",
    "mb megabyte megabytes",
    "gb gigabyte gigabytes",
    "tb terabyte terabytes",
    "second seconds sec secs",
    "minute minutes min mins",
    "hour hours h hr hrs",
    "day days",
    "week weeks",
    "month months",
    "year years",
)
_UNITS = {
    word.replace("-", " ").replace("\u00a0", " "): line.split(" ")[0]
    for line in _UNIT_LINES
    for word in line.split(" ")
}
_CONVERSIONS = {
    "pence": (Decimal("0.01"), "gbp"),
    "minute": (Decimal(60), "second"),
    "hour": (Decimal(3600), "second"),
    "week": (Decimal(7), "day"),
    "year": (Decimal(12), "month"),
}
"""What one of a unit is in another, where that is exact and everyone would agree."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and what it counts.

    Attributes:
        value: The number in full: 4.4 billion is 4400000000.
        unit: "%", a currency's code in lower case, "th" for a place in an order, or a measure; None for a bare number.
        spelled: It is a place in an order and written as a word: "second", which says no "2".
    """

    value: Decimal
    unit: str | None
    spelled: bool = field(default=False, compare=False)

    def is_said_by(self, other: Amount) -> bool:
        """Tell whether `other` says this amount: the same number and, where this has one, the same unit."""
        if self.unit is None:
            return self.value == other.value and not other.spelled
        return _converted(self) == _converted(other)

    def is_denied_by(self, other: Amount) -> bool:
        """Tell whether `other` is another number, or one of another unit; a unit left open denies nothing."""
        if None in (self.unit, other.unit):
            return self.value != other.value
        return _converted(self) != _converted(other)


@dataclass(frozen=True, slots=True)
class PlacedAmount:
    """An amount and its place in the text that was read."""

    amount: Amount
    span: Span


def amounts_in(text: str) -> list[PlacedAmount]:
    """Give the amounts of a text, in order; empty when it has none. Dates and clock times must be cut out before."""
    return [
        PlacedAmount(_amount_of(match), Span(start=match.start(), end=match.end())) for match in _AMOUNT.finditer(text)
    ]


def _converted(amount: Amount) -> tuple[Decimal, str | None]:
    factor, unit = _CONVERSIONS.get(amount.unit or "", (Decimal(1), amount.unit))
    return amount.value * factor, unit


def _any_of(words: Iterable[str]) -> str:
    alternatives = (re.escape(word).replace(r"\ ", r"[\s-]") for word in sorted(words, key=len, reverse=True))
    return "|".join(alternatives)


_SMALL = rf"(?:(?:{_any_of(_TENS)})[\s-](?:{_any_of(_ONES)})|{_any_of(CARDINALS)})(?![^\W_])"
_PLACE = rf"(?:(?:{_any_of(_TENS)})[\s-](?:{_any_of(_FIRST)})|{_any_of(_ORDINALS | _TENTHS)})(?![^\W_])"
_GROUP = rf"{_SMALL}(?:[\s-]hundred(?:\s(?:and\s)?{_SMALL})?)?(?![^\W_])"
_SCALE = _any_of(_SCALES.keys() - {"hundred"})
_WORDS = rf"(?:{_GROUP}|an?(?=[\s-](?:hundred|{_SCALE})\b))(?:[\s-](?:hundred|{_SCALE})\b(?:\s{_GROUP})?)*"
_AMOUNT = re.compile(
    r"(?<!\w)(?<![0-9][.,:/])(?<![^\W\d_]-)"  # not inside of a word, another number, or "COVID-19"
    r"(?P<sign>(?<![\w)])[-\u2212])?"
    rf"(?:(?P<currency>{_any_of(_CURRENCY_SIGNS)})\s?)?"
    r"(?:(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?)(?![.,:/]?[0-9])"
    rf"(?:(?P<order>st|nd|rd|th)\b|\s?(?P<short>{_any_of(_SHORT_SCALES)})\b|(?P<money>(?(currency)[mbt]|(?!)))\b"
    rf"|[\s-]?(?P<scale>{_any_of(_SCALES)})\b)?"
    rf"|(?P<place>{_PLACE})|(?P<words>{_WORDS}))"
    rf"(?:(?(place)(?!)|(?:(?P<pence>(?<=[0-9])p)|[\s-]?(?P<unit>{_any_of(_UNITS)}))(?!\w)))?"
    r"(?!\w)",
    re.IGNORECASE,
)


def _amount_of(match: re.Match[str]) -> Amount:
    if match["place"]:
        return Amount(_value_of_place(match["place"]), "th", spelled=True)
    value = _value_of_words(match["words"]) if match["words"] else _value_of_digits(match)
    return Amount(-value if match["sign"] else value, _unit_of(match))


def _value_of_digits(match: re.Match[str]) -> Decimal:
    value = Decimal(match["digits"].replace(",", ""))
    for name, scales in (("short", _SHORT_SCALES), ("money", _MONEY_SCALES), ("scale", _SCALES)):
        if match[name]:
            return value * scales[match[name].lower()]
    return value


def _value_of_place(words: str) -> Decimal:
    values = CARDINALS | _ORDINALS | _TENTHS
    return Decimal(sum(values[word] for word in re.split(r"[\s-]", words.lower())))


def _value_of_words(words: str) -> Decimal:
    total, group = 0, 0
    for word in re.split(r"[\s-]", words.lower()):
        if word in ("hundred", "dozen"):
            group *= _SCALES[word]
        elif word in _SCALES:
            total, group = total + group * _SCALES[word], 0
        elif word != "and":
            group += 1 if word in ("a", "an") else CARDINALS[word]
    return Decimal(total + group)


def _unit_of(match: re.Match[str]) -> str | None:
    if match["order"]:
        return "th"
    if match["currency"]:
        return _CURRENCY_SIGNS[match["currency"].lower()]
    if match["pence"]:
        return "pence"
    return _UNITS[re.sub(r"[\s-]", " ", match["unit"].lower())] if match["unit"] else None
