"""Dates, compared by their parts."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qa.domain import Span
from qa.facts.names import opens_sentence

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_FULL_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH = rf"(?:{_FULL_MONTH}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
_DATE = re.compile(
    rf"\b(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?:\sof)?\s(?P<month1>{_MONTH})\.?(?:,?\s(?P<year1>\d{{4}})\b)?"
    rf"|\b(?P<month2>{_MONTH})\.?\s(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<year2>\d{{4}})\b)?"
    rf"|\b(?P<month3>{_MONTH})\.?,?(?:\sof)?\s(?P<year3>\d{{4}})\b"
    r"|\b(?P<year4>\d{4})-(?P<month4>0[1-9]|1[0-2])-(?P<day4>\d\d)(?!\d)"
    rf"|\b(?P<month5>{_FULL_MONTH})\b"
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date with at least its month; what is not given is None."""

    span: Span
    year: int | None
    month: int
    day: int | None


def dates_in(text: str) -> list[Date]:
    """Give the dates of a text in order."""
    return [
        _date(match)
        for match in _DATE.finditer(text)
        if match["month5"] not in ("May", "March") or not opens_sentence(text, match.start())
    ]


def _date(match: re.Match[str]) -> Date:
    parts = {name.rstrip("12345"): part for name, part in match.groupdict().items() if part}
    month = parts["month"]
    return Date(
        Span(start=match.start(), end=match.end()),
        year=int(parts["year"]) if "year" in parts else None,
        month=int(month) if month.isdecimal() else _MONTHS.index(month[:3]) + 1,
        day=int(parts["day"]) if "day" in parts else None,
    )


def holds_date(held: Sequence[Date], date: Date, years: Collection[Decimal | str | int | None]) -> bool:
    """Tell whether a date is among those held; its year may stand apart from it, among `years`."""
    return any(
        date.month == other.month
        and date.day in (None, other.day)
        and (date.year in (None, other.year) or (other.year is None and date.year in years))
        for other in held
    )
