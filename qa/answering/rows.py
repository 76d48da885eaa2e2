"""Lines that tell something by its name, rows of Markdown tables above all, in words: "Expense: Own car; Rate: 45p"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.domain import Span
from qa.interfaces import Reading

_CELL = re.compile(r"(?<=\|)((?:\\\||[^|\n])*)(?=\|)")
_SEPARATOR = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")
_EMPHASIS = "*_` "


@dataclass(frozen=True, slots=True)
class Said:
    """A line in words.

    Attributes:
        text: Of a row each cell after its column's name, empty cells left out; other lines as they are.
        cells: For each cell where it stands in `text`, and in the line itself.
        columns: The name of each cell's column; empty where it has none.
    """

    text: str
    cells: tuple[tuple[Span, Span], ...]
    columns: tuple[str, ...]


def is_separator(row: str) -> bool:
    """Tell whether a row may part a table's head from its body: "| --- | :-: |"; it does where it is the second one."""
    return _SEPARATOR.fullmatch(row) is not None


def cells_of(row: str) -> list[Span]:
    """Give where the cells stand in a row, in order, without emphasis and white space around them; some are empty."""
    return [_stripped(row, match.start(1), match.end(1)) for match in _CELL.finditer(row)]


def said_line(line: str) -> Said:
    """Give a line as it is."""
    whole = Span(start=0, end=len(line))
    return Said(line, ((whole, whole),), ("",))


def said_row(row: str, header: str | None) -> Said:
    """Say a row with the names that a header row gives its columns, or without names where there is no header."""
    names = [cell.of(header) for cell in cells_of(header)] if header is not None else []
    parts, cells, columns, length = list[str](), list[tuple[Span, Span]](), list[str](), 0
    for number, cell in enumerate(cells_of(row)):
        if cell.start == cell.end:
            continue
        name = names[number] if number < len(names) else ""
        lead = f"{'; ' if parts else ''}{name}{': ' if name else ''}"
        start = length + len(lead)
        length = start + cell.end - cell.start
        parts += [lead, cell.of(row)]
        cells.append((Span(start=start, end=length), cell))
        columns.append(name)
    return Said("".join(parts), tuple(cells), tuple(columns))


def in_place(reading: Reading, said: Said, *, read_at: int, stands_at: int) -> Reading:
    """Give the reading of a text that has `said` at `read_at`, as one of a text that has the line at `stands_at`.

    Only the cells' tokens are left, in their order.
    """
    moved = [
        (at, stands_at + cell.start - place.start - read_at)
        for place, cell in said.cells
        for at in _inside(reading, Span(start=place.start + read_at, end=place.end + read_at))
    ]
    kept = np.array([at for at, _ in moved], dtype=np.int64)
    shift = np.array([by for _, by in moved], dtype=np.int64)
    return Reading(
        begins=reading.begins[kept] + shift,
        ends=reading.ends[kept] + shift,
        start_scores=reading.start_scores[kept],
        end_scores=reading.end_scores[kept],
    )


def _inside(reading: Reading, place: Span) -> Sequence[int]:
    return [int(at) for at in np.flatnonzero((reading.begins >= place.start) & (reading.ends <= place.end))]


def _stripped(row: str, start: int, end: int) -> Span:
    while start < end and row[start] in _EMPHASIS:
        start += 1
    while end > start and row[end - 1] in _EMPHASIS:
        end -= 1
    return Span(start=start, end=end)
