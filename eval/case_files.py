"""Files of cases: JSON Lines, one case a line, and CSV, one case a row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eval.cases import Case, CaseError
from eval.csv_cases import CSV_SUFFIXES, csv_rows
from eval.matching import normalised_tokens
from eval.placing import placed

SEED_CASES = Path(__file__).resolve().parent / "cases" / "seeds.jsonl"
"""The gold set of the default corpus."""

_CASE = TypeAdapter(Case)
_MOST_FAULTS = 20


def load_cases(path: Path, texts: Mapping[str, str] | None = None, *, check_documents: bool = True) -> list[Case]:
    """Read a file of cases, in its order; blank lines are passed over.

    JSON Lines: the fields of `Case`; all but `id` and `question` may be left out, but a case has answers or references,
    or is not answerable. CSV, told by its suffix: the columns `question` and, as far as wanted, `id` (else "row-2" …),
    `answers` (alternatives with "|" between them), `answers_all` (parts with ";" between them, alternatives within a
    part with "|"; no answers at all mean that the documents do not answer), `answerable` (yes or no), `document` and
    `quote` (the evidence), `documents` and `tags` ("|" between them).

    Args:
        path: The file.
        texts: Document texts by document id. With them, evidence may leave out `start` and `end` where its quote
            stands in the document once, be it in another form; see `eval.placing`.
        check_documents: Whether `texts` has all documents that may be asked, so that a case that asks others is wrong.

    Raises:
        CaseError: The file cannot be read or holds no case, or lines are no sound cases; a line of the message for
            each of the first 20, with file and line.
    """
    is_csv = path.suffix.lower() in CSV_SUFFIXES
    rows = csv_rows(_text_of(path), path) if is_csv else _json_lines(path)
    cases: list[Case] = []
    first_lines: dict[str, int] = {}
    faults: list[str] = []
    try:
        for number, row in rows:
            try:
                case = _parse(row, texts, check_documents)
                if first := first_lines.get(case.id):
                    raise CaseError(f"the id {case.id!r} is taken by line {first}; choose another")
            except CaseError as error:
                faults.append(f"{path}, line {number}: {error}.")
                continue
            first_lines[case.id] = number
            cases.append(case)
    except CaseError as error:  # what ends the reading, and names its place
        faults.append(str(error))
    if faults:
        more = [f"and {len(faults) - _MOST_FAULTS} more"] if len(faults) > _MOST_FAULTS else []
        raise CaseError("\n".join([*faults[:_MOST_FAULTS], *more]))
    if not cases:
        raise CaseError(f"{path} holds no cases; write one {'row a case' if is_csv else 'JSON object a line'}.")
    return cases


def case_from(plain: Mapping[str, Any], texts: Mapping[str, str]) -> Case:
    """Give one case from the fields that a line of a file would have.

    Raises:
        CaseError: It is not sound.
    """
    try:
        return _parse(dict(plain), texts, check_documents=True)
    except CaseError as error:
        raise CaseError(f"Case {plain.get('id')!r}: {error}.") from error


def as_line(case: Case) -> str:
    """Give a case as one line of JSON without its line end, fields at their defaults left out."""
    plain = {name: value for name, value in asdict(case).items() if value or name == "answerable"}
    return json.dumps(plain, ensure_ascii=False)


def _json_lines(path: Path) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(_text_of(path).split("\n"), start=1):
        if line.strip():
            yield number, line


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError(f"The case file {path} is not UTF-8 text; save it as UTF-8.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CaseError(f"The case file {path} cannot be read ({reason}); give one with --cases.") from error


def _parse(row: Any, texts: Mapping[str, str] | None, check_documents: bool) -> Case:
    if isinstance(row, CaseError):
        raise row
    try:
        plain = json.loads(row) if isinstance(row, str) else row
        if texts is not None and isinstance(plain, dict) and isinstance(plain.get("evidence"), list):
            plain = {**plain, "evidence": [placed(evidence, texts) for evidence in plain["evidence"]]}
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
    if texts is not None and check_documents:
        if missing := [document for document in case.documents if document not in texts]:
            raise CaseError(
                f"it asks the document {missing[0]!r}, which the corpus does not have; choose the corpus with --corpus"
            )
    return case


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
