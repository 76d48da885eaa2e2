"""Dates in a text: "12 March 2016", "March 12, 2016", "2016-03-12", "March 2016".

As for amounts, the reading is independent of the chatbot's own. Its limits: English months with a capital; nothing
like "12/03/2016", which may be two dates; no centuries, quarters or weekdays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.domain import Span

_MONTHS = {
    name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1)
}
_LONG = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH = rf"(?:{_LONG}|{_LONG.upper()}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?"
_YEAR = r"[12][0-9]{3}"
_DATE = re.compile(
    rf"(?<![\w.,/-])(?:(?:the\s)?(?P<day1>{_DAY})(?:\sof)?\s(?P<month1>{_MONTH})(?:,?\s(?P<year1>{_YEAR}))?"
    rf"|(?P<month2>{_MONTH})\s(?:the\s)?(?P<day2>{_DAY})(?![0-9])(?:,?\s(?P<year2>{_YEAR}))?"
    rf"|(?P<month3>{_MONTH})(?:,|\sof)?\s(?P<year3>{_YEAR})"
    rf"|(?P<year4>{_YEAR})[-/](?P<month4>0[1-9]|1[0-2])[-/](?P<day4>0[1-9]|[12][0-9]|3[01]))(?![\w-])"
)


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A date, or as much of it as is said; at least a month and one of the others.

    Attributes:
        year: None when it is not said.
        month: 1 to 12.
        day: 1 to 31; None when it is not said.
    """

    year: int | None
    month: int
    day: int | None

    def is_said_by(self, other: CalendarDate) -> bool:
        """Tell whether `other` says this date: all that this one says, and perhaps more."""
        return self.month == other.month and self.year in (None, other.year) and self.day in (None, other.day)


@dataclass(frozen=True, slots=True)
class PlacedDate:
    """A date and its place in the text that was read."""

    date: CalendarDate
    span: Span


def dates_in(text: str) -> list[PlacedDate]:
    """Give the dates of a text, in order; empty when it has none."""
    return [PlacedDate(_date_of(match), Span(start=match.start(), end=match.end())) for match in _DATE.finditer(text)]


def _date_of(match: re.Match[str]) -> CalendarDate:
    parts = {name[:-1]: text for name, text in match.groupdict().items() if text}
    month = parts["month"]
    return CalendarDate(
        year=int(parts["year"]) if "year" in parts else None,
        month=int(month) if month.isdigit() else _MONTHS[month[:3].title()],
        day=int(re.sub(r"\D", "", parts["day"])) if "day" in parts else None,
    )
