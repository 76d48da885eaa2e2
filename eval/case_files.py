"""Files of cases: JSON Lines, one case a line, and CSV, one case a row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eval.cases import Case, CaseError
from eval.matching import normalised_tokens

SEED_CASES = Path(__file__).resolve().parent / "cases" / "seeds.jsonl"
"""The gold set of the default corpus."""

_CASE = TypeAdapter(Case)
_ALTERNATIVES = "|"
_CSV_COLUMNS = ("id", "question", "answers", "answerable", "document", "quote", "tags", "documents")
_YES, _NO = {"yes", "true", "1", "y"}, {"no", "false", "0", "n"}


def load_cases(path: Path, texts: Mapping[str, str] | None = None) -> list[Case]:
    """Read a file of cases, in its order; blank lines are passed over.

    JSON Lines: the fields of `Case`; all but `id` and `question` may be left out. CSV, told by its suffix: the
    columns `question` and, as far as wanted, `id` (else "row-2" …), `answers` (alternatives with "|" between them;
    none means that the documents do not answer), `answerable` (yes or no), `document` and `quote` (the evidence),
    `documents` and `tags` ("|" between them).

    Args:
        path: The file.
        texts: Document texts by document id. With them, evidence may leave out `start` and `end` where its quote
            stands in the document once.

    Raises:
        CaseError: The file cannot be read or holds no case, or a line is not a sound case; it names file and line.
    """
    rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _json_lines(path)
    cases: list[Case] = []
    first_lines: dict[str, int] = {}
    for number, row in rows:
        try:
            case = _parse(row, texts)
        except CaseError as error:
            raise CaseError(f"{path}, line {number}: {error}.") from error
        if first := first_lines.get(case.id):
            raise CaseError(f"{path}, line {number}: the id {case.id!r} is taken by line {first}; choose another.")
        first_lines[case.id] = number
        cases.append(case)
    if not cases:
        raise CaseError(f"{path} holds no cases; write one JSON object a line.")
    return cases


def as_line(case: Case) -> str:
    """Give a case as one line of JSON without its line end, fields at their defaults left out."""
    plain = {name: value for name, value in asdict(case).items() if value or name == "answerable"}
    return json.dumps(plain, ensure_ascii=False)


def _json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(_text_of(path).split("\n"), start=1):
        if line.strip():
            yield number, line


def _csv_rows(path: Path) -> Iterator[tuple[int, Any]]:
    """Give each row's line number and its case as plain values.

    Raises:
        CaseError: The header lacks `question` or has an unknown column, or a row has too many cells.
    """
    reader = csv.DictReader(io.StringIO(_text_of(path), newline=""), strict=True)
    try:
        columns = [name.strip() for name in reader.fieldnames or []]
        reader.fieldnames = columns
        if "question" not in columns:
            raise CaseError(f"{path} has no column 'question' in its first line; name the columns there.")
        if unknown := [name for name in columns if name not in _CSV_COLUMNS]:
            known = ", ".join(_CSV_COLUMNS)
            raise CaseError(f"{path} has an unknown column {unknown[0]!r}; the known ones are: {known}.")
        for row in reader:
            if None in row:
                raise CaseError(f"{path}, line {reader.line_num}: more cells than columns; quote cells with commas.")
            cells = {name: (value or "").strip() for name, value in row.items()}
            if any(cells.values()):
                yield reader.line_num, _case_of(cells, reader.line_num, path)
    except csv.Error as error:
        raise CaseError(f"{path}, line {reader.line_num}: {error}; save it as comma-separated values.") from error


def _case_of(cells: Mapping[str, str], number: int, path: Path) -> dict[str, Any]:
    answers = _several(cells.get("answers", ""))
    told = cells.get("answerable", "").lower()
    if told not in _YES | _NO | {""}:
        raise CaseError(f"{path}, line {number}: 'answerable' is {told!r}; write yes or no, or leave it empty.")
    case: dict[str, Any] = {
        "id": cells.get("id") or f"row-{number}",
        "question": cells["question"],
        "answers": answers,
        "answerable": told in _YES if told else bool(answers),
        "documents": _several(cells.get("documents", "")),
        "tags": _several(cells.get("tags", "")),
    }
    document, quote = cells.get("document", ""), cells.get("quote", "")
    if document or quote:
        case["evidence"] = [{"document": document, "quote": quote}]
    return case


def _several(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(_ALTERNATIVES) if part.strip()]


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError(f"The case file {path} is not UTF-8 text; save it as UTF-8.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CaseError(f"The case file {path} cannot be read ({reason}); give one with --cases.") from error


def _parse(row: Any, texts: Mapping[str, str] | None) -> Case:
    try:
        plain = json.loads(row) if isinstance(row, str) else row
        if isinstance(plain, dict) and isinstance(plain.get("evidence"), list):
            plain = {**plain, "evidence": [_placed(evidence, texts) for evidence in plain["evidence"]]}
        case = _CASE.validate_json(json.dumps(plain))  # JSON, for which tuples are arrays, in strict mode too
    except json.JSONDecodeError as error:
        raise CaseError(f"invalid JSON: {error.msg[0].lower()}{error.msg[1:]} at column {error.colno}") from error
    except ValidationError as error:
        raise CaseError(_problem(error)) from error
    except (RecursionError, ValueError) as error:  # thousands of brackets, or of digits
        raise CaseError(
            "it is nested too deeply, or holds too long a number; write it as the fields of a case"
        ) from error
    if problem := _unsound(case):
        raise CaseError(problem)
    return case


def _placed(evidence: Any, texts: Mapping[str, str] | None) -> Any:
    """Give an evidence with the offsets of its quote, if it leaves them out; else as it is, to be checked later.

    Raises:
        CaseError: The document is not there, or does not hold the quote just once.
    """
    if texts is None or not isinstance(evidence, dict) or not {"start", "end"}.isdisjoint(evidence):
        return evidence
    document, quote = evidence.get("document"), evidence.get("quote")
    if not isinstance(document, str) or not isinstance(quote, str) or not quote.strip():
        return evidence
    text = texts.get(document)
    if text is None:
        raise CaseError(f"the corpus has no document {document!r}; choose the corpus with --corpus")
    if (found := text.count(quote)) != 1:
        place = "is nowhere" if found == 0 else f"stands {found} times"
        advice = "copy it exactly" if found == 0 else "say which with 'start' and 'end'"
        raise CaseError(f"the evidence quote {place} in {document}; {advice}")
    start = text.index(quote)
    return {**evidence, "start": start, "end": start + len(quote)}


def _problem(error: ValidationError) -> str:
    """Give the first problem in words; each line is parsed alone, so pydantic's line number says nothing."""
    detail = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in detail["loc"])
    message = detail["msg"][0].lower() + detail["msg"][1:]
    known = {
        "missing": f"the field {name!r} is missing; add it",
        "unexpected_keyword_argument": f"the field {name!r} is unknown; take it out",
        "string_pattern_mismatch": f"the field {name!r} is blank; fill it",
    }
    return known.get(detail["type"], f"{name}: {message}" if name else message)


def _unsound(case: Case) -> str | None:
    """Give what is wrong with a well-formed case; None when nothing is."""
    if case.answerable and not (case.answer_groups or case.references):
        fields = "'answers', 'answers_all' or 'references'"
        way_out = "or set 'answerable' to false if the documents do not answer"
        return f"answerable, but without answers; fill {fields}, {way_out}"
    if not case.answerable and (case.answer_groups or case.references):
        return "not answerable, but with answers; empty 'answers', 'answers_all' and 'references'"
    if any(not group for group in case.answers_all):
        return "'answers_all' holds an empty list; give each part its alternatives"
    for answer in (answer for group in case.answer_groups for answer in group):
        if not normalised_tokens(answer):
            return f"the answer {answer!r} has no word to compare; an article or punctuation alone is none"
    if any(evidence.end <= evidence.start for evidence in case.evidence):
        return "an evidence ends before it starts; 'end' is the offset after its last character"
    return None
