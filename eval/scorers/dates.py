"""Dates in a text: "12 March 2016", "March 12, 2016", "2016-03-12", "31/03/2027", "31.3.27", "March 2016".

As for amounts, the reading is independent of the chatbot's own. Its limits: English months with a capital; no
centuries, quarters or weekdays. "04/05/2024" may be two dates, and equals both; with points the day comes first.
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
_DAY_WORDS = (
    *"first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth".split(),
    *"fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
    *(f"twenty-{word}" for word in "first second third fourth fifth sixth seventh eighth ninth".split()),
    *("thirtieth", "thirty-first"),
)
_WORD_DAYS = {word: number for number, word in enumerate(_DAY_WORDS, start=1)}
_DAY_WORD = "(?i:" + "|".join(sorted(_DAY_WORDS, key=len, reverse=True)).replace("-", r"[\s-]") + ")"
_YEAR = r"[12][0-9]{3}"
_LAST_CENTURY = 69
"""Years of two digits from here on are of the 20th century, as POSIX reads them."""
_DATE = re.compile(
    rf"(?<![\w.,/-])(?:(?:[Tt]he\s)?(?:(?P<day1>{_DAY})(?:\sof)?|(?P<day5>{_DAY_WORD})\sof)\s(?P<month1>{_MONTH})(?:,?\s(?P<year1>{_YEAR}))?"
    rf"|(?P<month2>{_MONTH})\s(?:the\s)?(?P<day2>{_DAY}|{_DAY_WORD}\b)(?![0-9])(?:,?\s(?P<year2>{_YEAR}))?"
    rf"|(?P<month3>{_MONTH})(?:,|\sof)?\s(?P<year3>{_YEAR})"
    rf"|(?P<year4>{_YEAR})[-/](?P<month4>0[1-9]|1[0-2])[-/](?P<day4>0[1-9]|[12][0-9]|3[01]))(?![\w-])"
)
_FIGURES = re.compile(
    r"(?<![\w.,/-])(?P<one>0?[1-9]|[12][0-9]|3[01])(?P<between>[./-])(?P<two>0?[1-9]|[12][0-9]|3[01])(?P=between)"
    rf"(?P<year>{_YEAR}|(?<!-)[0-9]{{2}})(?![\w-])(?![./,][0-9])"
)


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A date, or as much of it as is said; at least a month and one of the others.

    Attributes:
        year: None when it is not said.
        month: 1 to 12.
        day: 1 to 31; None when it is not said.
        other_way: Day and month may be the other way round: "04/05/2024".
    """

    year: int | None
    month: int
    day: int | None
    other_way: bool = False

    def is_said_by(self, other: CalendarDate) -> bool:
        """Tell whether `other` says this date, read in one way or the other: all that this one says, perhaps more."""
        if self.year not in (None, other.year):
            return False
        return any(
            month == other_month and day in (None, other_day)
            for month, day in self._readings()
            for other_month, other_day in other._readings()
        )

    def _readings(self) -> list[tuple[int, int | None]]:
        """Give each month and day that are meant."""
        readings = [(self.month, self.day)]
        return [*readings, (self.day, self.month)] if self.other_way and self.day is not None else readings


@dataclass(frozen=True, slots=True)
class PlacedDate:
    """A date and its place in the text that was read."""

    date: CalendarDate
    span: Span


def dates_in(text: str) -> list[PlacedDate]:
    """Give the dates of a text, in order; empty when it has none."""
    found = [PlacedDate(_date_of(match), _span_of(match)) for match in _DATE.finditer(text)]
    figures = [(_date_of_figures(match), _span_of(match)) for match in _FIGURES.finditer(text)]
    found += [PlacedDate(date, span) for date, span in figures if date is not None]
    return sorted(found, key=lambda placed: placed.span.start)


def _span_of(match: re.Match[str]) -> Span:
    return Span(start=match.start(), end=match.end())


def _date_of_figures(match: re.Match[str]) -> CalendarDate | None:
    """Give the date of "31/03/2027"; None when neither number is a month."""
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    if len(match["year"]) == 2:
        year += 1900 if year >= _LAST_CENTURY else 2000
    if min(one, two) > 12:
        return None
    if two > 12:
        return CalendarDate(year, one, two)
    ambiguous = one <= 12 and one != two and match["between"] != "."
    return CalendarDate(year, two, one, other_way=ambiguous)


def _date_of(match: re.Match[str]) -> CalendarDate:
    parts = {name[:-1]: text for name, text in match.groupdict().items() if text}
    month = parts["month"]
    return CalendarDate(
        year=int(parts["year"]) if "year" in parts else None,
        month=int(month) if month.isdigit() else _MONTHS[month[:3].title()],
        day=_day_of(parts["day"]) if "day" in parts else None,
    )


def _day_of(text: str) -> int:
    word = re.sub(r"\s", "-", text.lower())
    return _WORD_DAYS[word] if word in _WORD_DAYS else int(re.sub(r"\D", "", text))
