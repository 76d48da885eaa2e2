"""CSV files of cases, as spreadsheets write them: rows → cases as plain values."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from eval.cases import CaseError

CSV_SUFFIXES = (".csv", ".tsv")

_COLUMNS = ("id", "question", "answers", "answers_all", "answerable", "document", "quote", "tags", "documents")
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_ALTERNATIVES, _PARTS = "|", ";"
_YES, _NO = {"yes", "true", "1", "y"}, {"no", "false", "0", "n"}


def csv_rows(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any] | CaseError]]:
    """Give each row's line number, and its case as plain values or, where that cannot be, the error.

    Cells are separated by what separates the most known columns in the first line: commas, semicolons or tabs.

    Args:
        text: The file's.
        path: The file, for messages.

    Raises:
        CaseError: The first line lacks `question`, or has an unknown column or one twice; or what follows is no CSV.
    """
    separator = _separator_of(text)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    try:
        reader.fieldnames = _checked([_column(name) for name in reader.fieldnames or []], path)
        for row in reader:
            try:
                if None in row:
                    raise CaseError(f"more cells than columns; quote cells with {_SEPARATORS[separator]}")
                cells = {name: (value or "").strip() for name, value in row.items()}
                if any(cells.values()):
                    yield reader.line_num, _case_of(cells, reader.line_num)
            except CaseError as error:
                yield reader.line_num, error
    except csv.Error as error:
        raise CaseError(f"{path}, line {reader.line_num}: {error}; save it as comma-separated values.") from error


def _separator_of(text: str) -> str:
    def known_and_all(separator: str) -> tuple[int, int]:
        header = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
        return sum(_column(name) in _COLUMNS for name in header), len(header)

    return max(_SEPARATORS, key=known_and_all)  # the first of equals: a comma


def _column(name: str) -> str:
    return name.strip().lower()


def _checked(columns: list[str], path: Path) -> list[str]:
    if "question" not in columns:
        raise CaseError(f"{path} has no column 'question' in its first line; name the columns there.")
    if unknown := [name for name in columns if name not in _COLUMNS]:
        raise CaseError(f"{path} has an unknown column {unknown[0]!r}; the known ones are: {', '.join(_COLUMNS)}.")
    if twice := [name for name in columns if columns.count(name) > 1]:
        raise CaseError(f"{path} has the column {twice[0]!r} twice; take one out.")
    return columns


def _case_of(cells: Mapping[str, str], number: int) -> dict[str, Any]:
    answers = _several(cells.get("answers", ""))
    parts = [_several(part) for part in cells.get("answers_all", "").split(_PARTS) if part.strip()]
    told = cells.get("answerable", "").lower()
    if told not in _YES | _NO | {""}:
        raise CaseError(f"'answerable' is {told!r}; write yes or no, or leave it empty")
    case: dict[str, Any] = {
        "id": cells.get("id") or f"row-{number}",
        "question": cells["question"],
        "answers": answers,
        "answers_all": parts,
        "answerable": told in _YES if told else bool(answers or parts),
        "documents": _several(cells.get("documents", "")),
        "tags": _several(cells.get("tags", "")),
    }
    document, quote = cells.get("document", ""), cells.get("quote", "")
    if quote and not document:
        raise CaseError("the column 'document' is empty; name the document that has the quote")
    if document and not quote:
        raise CaseError("the column 'quote' is empty; copy what gives the answer, or empty 'document' too")
    if document:
        case["evidence"] = [{"document": document, "quote": quote}]
    return case


def _several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(_ALTERNATIVES) if part.strip()]
