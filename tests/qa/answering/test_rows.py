"""Rows of tables in words, and readings of these words put back into the row."""

import numpy as np
import pytest

from qa.answering.rows import cells_of, in_place, is_separator, said_line, said_row
from qa.interfaces import Reading

HEADER = "| Expense | Rate or limit | Receipt needed |"


def reading(text):
    begins = [at for at, mark in enumerate(text) if mark != " " and (at == 0 or text[at - 1] == " ")]
    ends = [text.find(" ", at) if " " in text[at:] else len(text) for at in begins]
    scores = np.arange(len(begins), dtype=np.float32)
    return Reading(begins=np.array(begins), ends=np.array(ends), start_scores=scores, end_scores=scores)


@pytest.mark.parametrize(
    ("row", "header", "text"),
    [
        ("| Own car | 45p a mile | No |", HEADER, "Expense: Own car; Rate or limit: 45p a mile; Receipt needed: No"),
        ("| Own car | | No |", HEADER, "Expense: Own car; Receipt needed: No"),
        ("| **Own car** | `45p` | No |", HEADER, "Expense: Own car; Rate or limit: 45p; Receipt needed: No"),
        ("| Own car | 45p a mile | No |", None, "Own car; 45p a mile; No"),
        ("| Own car | 45p | No | new |", HEADER, "Expense: Own car; Rate or limit: 45p; Receipt needed: No; new"),
        (r"| a \| b | 45p |", HEADER, r"Expense: a \| b; Rate or limit: 45p"),
        ("| | 45p |", "| | Rate |", "Rate: 45p"),
        ("| | |", HEADER, ""),
    ],
)
def test_a_row_is_said_with_its_columns_names(row, header, text):
    said = said_row(row, header)
    assert said.text == text
    assert all(there.of(said.text) == cell.of(row) for there, cell in said.cells)


@pytest.mark.parametrize(
    ("row", "separates"),
    [("| --- | :-: |", True), ("|---|", True), ("| - | 4 |", False), ("|  |  |", False), (HEADER, False)],
)
def test_a_separator_is_told_from_a_row(row, separates):
    assert is_separator(row) is separates


def test_cells_are_given_in_order_empty_ones_too():
    row = "| a |  | b |"
    assert [cell.of(row) for cell in cells_of(row)] == ["a", "", "b"]


def test_a_reading_of_the_words_is_put_back_into_the_row():
    row, title = "| Own car | 45p a mile | No |", "Handbook. "
    said = said_row(row, HEADER)
    text = f"So it is: {row}"
    placed = in_place(reading(title + said.text), said, read_at=len(title), stands_at=text.index("|"))
    words = [text[begin:end] for begin, end in zip(placed.begins, placed.ends, strict=True)]
    # "car;" and "mile;" run over their cells' ends: they are no words of the row.
    assert words == ["Own", "45p", "a", "No"]


def test_a_line_is_said_as_it_is():
    line = "End Date: 31 March 2027"
    placed = in_place(reading(f"Lease. {line}"), said_line(line), read_at=7, stands_at=40)
    assert [(int(begin), int(end)) for begin, end in zip(placed.begins, placed.ends, strict=True)] == [
        (40, 43), (44, 49), (50, 52), (53, 58), (59, 63),
    ]  # fmt: skip
