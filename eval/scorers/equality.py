"""Does a text say the gold answer, in the same words or with amounts and dates that are written otherwise?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.matching import placed_words, places_of
from eval.scorers.amounts import Amount, amounts_in
from eval.scorers.dates import CalendarDate, dates_in
from eval.scorers.negation import is_denied
from eval.scorers.spellings import plain_spelling
from eval.scorers.times import ClockTime, times_in
from qa.domain import Span

Item = str | Amount | CalendarDate | ClockTime
"""A normalised word, an amount, a date or a time."""

_TO = re.compile(r"\s*[-–—]\s*|\s+to\s+")
_AND = re.compile(r"\s+and\s+")
_PERIODS = {
    **{"annum": "year", "pa": "year", "yearly": "year", "annually": "year", "monthly": "month", "weekly": "week"},
    **{"daily": "day", "hourly": "hour", "nightly": "night", "h": "hour", "hr": "hour", "min": "minute"},
}
"""What follows an amount, as after "per"."""


@dataclass(frozen=True, slots=True)
class _Placed:
    item: Item
    span: Span


@dataclass(frozen=True, slots=True)
class _Read:
    """A text in plain spelling, with its items and those of them that are values."""

    text: str
    items: list[_Placed]
    values: list[_Placed]


def is_value(text: str) -> bool:
    """Tell whether a text is one amount, date or time, and nothing else that counts."""
    items = items_of(text)
    return len(items) == 1 and not isinstance(items[0], str)


def value_in(text: str) -> str | None:
    """Give the one amount, date or time of a text, as it is written there; None when it has none or several."""
    read = _read(text)
    return read.values[0].span.of(read.text) if len(read.values) == 1 else None


def first_held(text: str, alternatives: Sequence[str]) -> str | None:
    """Give the first alternative that the text holds in words or in meaning; None when it holds none.

    What the text denies is not held there: "is not permitted" does not hold "permitted"; another place may.
    """
    said = _read(text)
    return next((gold for gold in alternatives if _holds(said, _read(gold))), None)


def first_equal(text: str, alternatives: Sequence[str]) -> str | None:
    """Give the first alternative whose amounts and dates the text has; words alone do not count."""
    said = _read(text)
    return next((gold for gold in alternatives if is_value(gold) and _says(said, _read(gold))), None)


def are_equal(text: str, other: str) -> bool:
    """Tell whether two texts are the same words, amounts, dates and times, and no more; never when there are none."""
    ours, theirs = items_of(text), items_of(other)
    return (
        bool(ours)
        and len(ours) == len(theirs)
        and all(_fits(one, two) and _fits(two, one) for one, two in zip(ours, theirs, strict=True))
    )


def items_of(text: str) -> list[Item]:
    """Give a text as its amounts, its dates and times, and the normalised words between them, in order.

    Ranges have one form ("between £5 and £6" is "£5 to £6"), and so have rates ("£5/night" is "£5 a night").
    """
    return [placed.item for placed in _read(text).items]


def _read(text: str) -> _Read:
    text = plain_spelling(text)
    values = _values_in(text)
    return _Read(text, _without_per(_placed_items(text, values)), values)


def _placed_items(text: str, values: Sequence[_Placed]) -> list[_Placed]:
    items: list[_Placed] = []
    at = 0
    for number, placed in enumerate(values):
        gap = Span(start=at, end=placed.span.start)
        if number and (opening := _range_opening(items, gap.of(text))) is not None:
            low, high = _with_one_unit(items[-1], placed)
            items[-1 - opening :] = [low, _Placed("to", gap), high]
        else:
            items += [*_words_at(text, gap), placed]
        at = placed.span.end
    return items + _words_at(text, Span(start=at, end=len(text)))


def _range_opening(items: Sequence[_Placed], gap: str) -> int | None:
    """Give how many words before the last value open a range that goes on with `gap`; None when none does."""
    word = items[-2].item if len(items) > 1 else None
    if _TO.fullmatch(gap):
        return int(word == "from")
    return 1 if word == "between" and _AND.fullmatch(gap) else None


def _with_one_unit(low: _Placed, high: _Placed) -> tuple[_Placed, _Placed]:
    """Give the ends of a range; a unit that is written at one of them is both's."""
    if not isinstance(low.item, Amount) or not isinstance(high.item, Amount):
        return low, high
    first, last = low.item, high.item
    unit = first.unit or last.unit
    return (
        replace(low, item=replace(first, unit=first.unit or unit)),
        replace(high, item=replace(last, unit=last.unit or unit)),
    )


def _words_at(text: str, place: Span) -> list[_Placed]:
    return [
        _Placed(found.word, Span(start=place.start + found.span.start, end=place.start + found.span.end))
        for found in placed_words(place.of(text))
    ]


def _without_per(items: Sequence[_Placed]) -> list[_Placed]:
    """Give the items with one form for what an amount is for: "per annum", "a year" and "p.a." are "year"."""
    kept: list[_Placed] = []
    for placed in items:
        before = kept[-1].item if kept else None
        if isinstance(before, Amount) and placed.item == "per":
            continue
        if isinstance(before, Amount) and isinstance(placed.item, str):
            placed = replace(placed, item=_PERIODS.get(placed.item, placed.item))
        kept.append(placed)
    return kept


def _values_in(text: str) -> list[_Placed]:
    """Give amounts, dates and times by place; what belongs to a date or a time is no amount."""
    dates = [_Placed(found.date, found.span) for found in dates_in(text)]
    text = _cut_out(text, dates)
    times = [_Placed(found.time, found.span) for found in times_in(text)]
    text = _cut_out(text, times)
    amounts = [_Placed(found.amount, found.span) for found in amounts_in(text)]
    return sorted(dates + times + amounts, key=lambda placed: placed.span.start)


def _cut_out(text: str, found: Sequence[_Placed]) -> str:
    for placed in found:  # not a space, which would let the words around it meet
        text = text[: placed.span.start] + "|" * (placed.span.end - placed.span.start) + text[placed.span.end :]
    return text


def _holds(said: _Read, gold: _Read) -> bool:
    return _says(said, gold) or _has_words(said, gold)


def _says(said: _Read, gold: _Read) -> bool:
    """Tell whether the gold's items are in `said`, neighbouring, in order, not denied; never when the gold has none."""
    if not gold.items:
        return False
    starts = range(len(said.items) - len(gold.items) + 1)
    return any(
        all(_fits(wanted.item, said.items[start + at].item) for at, wanted in enumerate(gold.items))
        and not _is_denied(said, said.items[start].span.start, gold)
        for start in starts
    )


def _is_denied(said: _Read, start: int, gold: _Read) -> bool:
    first = gold.items[0].item if gold.items else None
    return is_denied(said.text[:start], bare_number=isinstance(first, Amount) and first.unit is None)


def _fits(gold: Item, said: Item) -> bool:
    if isinstance(gold, Amount) and isinstance(said, Amount):
        return gold.is_said_by(said)
    if isinstance(gold, CalendarDate) and isinstance(said, CalendarDate):
        return gold.is_said_by(said)
    if isinstance(gold, ClockTime) and isinstance(said, ClockTime):
        return gold.is_said_by(said)
    if isinstance(gold, Amount) and isinstance(said, CalendarDate):
        return gold == Amount(gold.value, None) and gold.value == said.year  # "2016" is said by "12 March 2016"
    return gold == said


def _has_words(said: _Read, gold: _Read) -> bool:
    """Tell whether the text has the gold's words somewhere, and no other amount there: "44" is not in "44 billion"."""
    wanted = [placed.item for placed in gold.values if isinstance(placed.item, Amount)]
    for place in places_of(said.text, gold.text):
        there = [
            placed.item
            for placed in said.values
            if isinstance(placed.item, Amount) and placed.span.start < place.end and place.start < placed.span.end
        ]
        other = len(wanted) == len(there) and any(
            ours.is_denied_by(theirs) for ours, theirs in zip(wanted, there, strict=True)
        )
        if not other and not _is_denied(said, place.start, gold):
            return True
    return False
