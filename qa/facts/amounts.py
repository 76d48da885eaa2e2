"""Numbers and amounts, read by value: "$4.4 billion" is "4,400,000,000 dollars", "three" is "3"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qa.domain import Span

SCALE = r"(?:hundred|thousand|million|billion|trillion)"

_CARDINALS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen".split()
    )
} | {word: 10 * tens for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
        " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
}
_POWERS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}
_POWERS |= {"k": 3, "m": 6, "mn": 6, "b": 9, "bn": 9, "tn": 12}
_MULTIPLIERS = {"dozen": 12} | {word: 10**power for word, power in _POWERS.items()}
NUMBER_WORDS = _CARDINALS | _ORDINALS | _MULTIPLIERS

_CURRENCIES = (
    "dollar dollars usd $ us$ au$ ca$ hk$ a$ c$",
    "euro euros eur €",
    "pound pounds gbp £",
    "yen jpy ¥",
    "yuan renminbi rmb",
    "rupee rupees inr ₹",
    "cent cents",
)
_MEASURES = (
    "kilometre kilometres kilometer kilometers km",
    "metre metres meter meters",
    "mile miles",
    "foot feet ft",
    "kilogram kilograms kg",
    "tonne tonnes ton tons",
    "hectare hectares",
    "acre acres",
    "second seconds",
    "minute minutes",
    "hour hours",
    "day days",
    "week weeks",
    "month months",
    "year years",
)
_UNITS = {word: line.split()[0] for line in (*_CURRENCIES, *_MEASURES) for word in line.split()}
_UNITS |= dict.fromkeys(("%", "percent", "per cent", "percentage point", "percentage points"), "%")
_MEASURED = {line.split()[0] for line in _MEASURES}
# Without these a number is another one.
_PARTS_OF_NUMBERS = {"%", "th", "decade"}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_SMALL = (
    rf"(?:(?:{_any_of(word for word, number in _CARDINALS.items() if number >= 20)})[\s-]"
    rf"(?:{_any_of(word for word, number in _CARDINALS.items() if 0 < number < 10)})|{_any_of(_CARDINALS)})\b"
)
_LARGE = rf"(?:dozen|{SCALE})\b"
_AMOUNT = re.compile(
    r"(?<![^\W_])(?P<sign>(?<![\w)])[-\u2212])?"
    r"(?:(?P<currency>(?:US|AU|CA|HK|[AC])?[$€£¥₹]|(?:USD|EUR|GBP|JPY|INR)\s)\s?)?"
    r"(?:(?P<digits>\d++(?:[.,:]\d++)*+)"
    rf"(?:(?P<ordinal>st|nd|rd|th)\b|(?P<decade>['’]?s)\b|(?P<scale>(?:[kmb]|[\s-]?(?:[bmt]n|dozen|{SCALE}))\b))?"
    rf"|(?P<words>\b(?:(?:{_SMALL}|{_LARGE})(?:[\s-]{_LARGE}(?:\s(?:and\s)?{_SMALL})?)*|(?:{_any_of(_ORDINALS)})\b)))"
    rf"(?:(?P<unit>\s?%|[\s-]?(?:US\s|U\.S\.\s)?(?:(?:{_any_of(filter(str.isalpha, _UNITS))})|per\scent"
    r"|percentage\spoints?)\b)|(?![^\W\d_]))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number; `value` is text where it is none ("10:30"), `unit` is None where none is given."""

    span: Span
    value: Decimal | str
    unit: str | None


def amounts_in(text: str, taken: Sequence[Span]) -> list[Amount]:
    """Give the numbers of a text in order, but for those that begin within the spans that are taken."""
    return [
        _amount(match)
        for match in _AMOUNT.finditer(text)
        if not any(span.start <= match.start() < span.end for span in taken)
    ]


def _amount(match: re.Match[str]) -> Amount:
    digits, words = match["digits"], (match["words"] or "").lower()
    value = _read_number(digits) if digits else _read_number_words(words)
    if isinstance(value, Decimal):
        value *= _MULTIPLIERS[_plain_unit(match["scale"])] if match["scale"] else 1
        value *= -1 if match["sign"] else 1
    unit = _UNITS.get(_plain_unit(match["unit"] or match["currency"] or ""))
    if match["ordinal"] or words in _ORDINALS:
        unit = "th"
    elif match["decade"]:
        unit = "decade"
    return Amount(Span(start=match.start(), end=match.end()), value, unit)


def _plain_unit(unit: str) -> str:
    return " ".join(unit.lower().replace("-", " ").split()).removeprefix("us ").removeprefix("u.s. ")


def _read_number(digits: str) -> Decimal | str:
    plain = re.sub(r",(?=\d{3}(?!\d)|\d\d,)", "", digits)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", plain):
        plain = plain.replace(".", "")
    plain = plain.replace(",", ".")
    return Decimal(plain) if plain.count(".") < 2 and ":" not in plain and len(plain) < 40 else digits


def _read_number_words(words: str) -> Decimal:
    total = current = 0
    for word in re.findall(r"[a-z]+", words):
        if word not in _MULTIPLIERS:
            current += NUMBER_WORDS.get(word, 0)
        elif word in ("hundred", "dozen"):
            current = max(current, 1) * _MULTIPLIERS[word]
        else:
            total, current = total + max(current, 1) * _MULTIPLIERS[word], 0
    return Decimal(total + current)


def holds_amount(held: Sequence[Amount], amount: Amount, said: Sequence[Amount], years: Collection[int | None]) -> bool:
    """Tell whether an amount of those said is among those held, or is the year of a date.

    Args:
        held: All amounts of the quotes.
        amount: The one that is looked for.
        said: All amounts of the statement: a unit may stand with a neighbour alone ("from 5 to 7 %").
        years: Of the quotes' dates.
    """
    if amount.unit is None and amount.value in years:
        return True
    said_units, held_units = {each.unit for each in said}, {each.unit for each in held}
    return any(
        amount.value == other.value and _units_agree(amount.unit, other.unit, said_units, held_units) for other in held
    )


def _units_agree(
    said: str | None, there: str | None, said_units: set[str | None], there_units: set[str | None]
) -> bool:
    """Tell whether two equal numbers may count the same thing.

    Where one has no unit, that of a neighbour will do ("from 5 to 7 %"), and none is needed where it only measures.
    """
    if said == there:
        return True
    if said is None:
        return there not in _PARTS_OF_NUMBERS or there in said_units
    return there is None and (said in _MEASURED or said in there_units)
