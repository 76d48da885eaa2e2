"""Does a text say the gold answer, in the same words or with amounts and dates that are written otherwise?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.matching import normalised_tokens, places_of
from eval.scorers.amounts import Amount, amounts_in
from eval.scorers.dates import CalendarDate, dates_in
from qa.domain import Span

Item = str | Amount | CalendarDate
"""A normalised word, an amount or a date."""


@dataclass(frozen=True, slots=True)
class _Placed:
    item: Amount | CalendarDate
    span: Span


def is_value(text: str) -> bool:
    """Tell whether a text is one amount or date, and nothing else that counts."""
    items = items_of(text)
    return len(items) == 1 and not isinstance(items[0], str)


def first_held(text: str, alternatives: Sequence[str]) -> str | None:
    """Give the first alternative that the text holds in words or in meaning; None when it holds none."""
    items, values = items_of(text), _values_in(text)
    return next((gold for gold in alternatives if _says(items, items_of(gold)) or _has_words(text, values, gold)), None)


def first_equal(text: str, alternatives: Sequence[str]) -> str | None:
    """Give the first alternative whose amounts and dates the text has; words alone do not count."""
    items = items_of(text)
    return next((gold for gold in alternatives if is_value(gold) and _says(items, items_of(gold))), None)


def items_of(text: str) -> list[Item]:
    """Give a text as its amounts, its dates, and the normalised words between them, in order."""
    items: list[Item] = []
    at = 0
    for placed in _values_in(text):
        items += [*normalised_tokens(text[at : placed.span.start]), placed.item]
        at = placed.span.end
    return items + normalised_tokens(text[at:])


def _values_in(text: str) -> list[_Placed]:
    """Give amounts and dates by place; what belongs to a date is no amount."""
    dates = [_Placed(found.date, found.span) for found in dates_in(text)]
    for date in dates:  # not a space, which would let the words around it meet
        text = text[: date.span.start] + "|" * (date.span.end - date.span.start) + text[date.span.end :]
    amounts = [_Placed(found.amount, found.span) for found in amounts_in(text)]
    return sorted(dates + amounts, key=lambda placed: placed.span.start)


def _says(said: Sequence[Item], gold: Sequence[Item]) -> bool:
    """Tell whether the gold's items are in `said`, neighbouring and in order; never when the gold has none."""
    starts = range(len(said) - len(gold) + 1)
    return bool(gold) and any(
        all(_fits(wanted, said[start + at]) for at, wanted in enumerate(gold)) for start in starts
    )


def _fits(gold: Item, said: Item) -> bool:
    if isinstance(gold, Amount) and isinstance(said, Amount):
        return gold.is_said_by(said)
    if isinstance(gold, CalendarDate) and isinstance(said, CalendarDate):
        return gold.is_said_by(said)
    if isinstance(gold, Amount) and isinstance(said, CalendarDate):
        return gold == Amount(gold.value, None) and gold.value == said.year  # "2016" is said by "12 March 2016"
    return gold == said


def _has_words(text: str, values: Sequence[_Placed], gold: str) -> bool:
    """Tell whether the text has the gold's words somewhere, and no other amount there: "44" is not in "44 billion"."""
    wanted = [placed.item for placed in _values_in(gold) if isinstance(placed.item, Amount)]
    for place in places_of(text, gold):
        there = [
            placed.item
            for placed in values
            if isinstance(placed.item, Amount) and placed.span.start < place.end and place.start < placed.span.end
        ]
        denied = len(wanted) == len(there) and any(
            ours.is_denied_by(theirs) for ours, theirs in zip(wanted, there, strict=True)
        )
        if not denied:
            return True
    return False
