"""Clock times in a text: "9:30", "09:30", "9.30am", "9 p.m.".

Its limits: "9.30" without am or pm is a number; no "o'clock", no noon, no seconds, no time zones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.domain import Span

_TIME = re.compile(
    r"(?<![\w.,:/$€£¥])(?:"
    r"(?P<hour12>0?[1-9]|1[0-2])(?:[:.](?P<minute12>[0-5][0-9]))?\s?(?P<half>[ap])(?:m|\.\s?m\.?)(?!\w)"
    r"|(?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-5][0-9])(?!\w)(?![.:/,][0-9]))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day.

    Attributes:
        hour: 0 to 23; as it is written where `certain` is false.
        minute: 0 to 59.
        certain: Morning or evening is said, or plain of the hour: "9:30 pm", "09:30", "21:30"; not "9:30".
    """

    hour: int
    minute: int
    certain: bool

    def is_said_by(self, other: ClockTime) -> bool:
        """Tell whether `other` says this time; an uncertain "9:30" is said by "9:30 pm" too, not the reverse."""
        hours = {self.hour} if self.certain or self.hour > 12 else {self.hour, (self.hour + 12) % 24}
        return self.minute == other.minute and (self.hour == other.hour or (other.certain and other.hour in hours))


@dataclass(frozen=True, slots=True)
class PlacedTime:
    """A time and its place in the text that was read."""

    time: ClockTime
    span: Span


def times_in(text: str) -> list[PlacedTime]:
    """Give the clock times of a text, in order; empty when it has none."""
    return [PlacedTime(_time_of(match), Span(start=match.start(), end=match.end())) for match in _TIME.finditer(text)]


def _time_of(match: re.Match[str]) -> ClockTime:
    if match["half"]:
        hour = int(match["hour12"]) % 12 + (12 if match["half"].lower() == "p" else 0)
        return ClockTime(hour, int(match["minute12"] or 0), certain=True)
    hour = int(match["hour"])
    return ClockTime(hour, int(match["minute"]), certain=hour > 12 or match["hour"].startswith("0"))
