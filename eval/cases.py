"""The cases: questions with known answers and the places in the documents that give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from eval.matching import normalised_tokens
from qa.domain import Turn
from qa.errors import InputError

SUMMARY_TAG = "summary"
"""Marks cases whose evidence is only an example of what a good answer may cite."""

_Words = Annotated[str, Field(pattern=r"\S")]
_STRICT = ConfigDict(strict=True, extra="forbid")


class CaseError(InputError):
    """Raised when a case set cannot be used; the message names the file and the line, or the case."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """A place in a document that gives the answer: `text[start:end] == quote`."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    document: _Words
    quote: _Words
    start: Annotated[int, Field(ge=0)]
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One question and what is known of its answer.

    Attributes:
        id: Unique in its file.
        history: Earlier turns, oldest first; mostly empty.
        answers: Alternatives, each of them a full answer; empty when `answers_all` says it, or unanswerable.
        answers_all: For answers with several parts: one list of alternatives a part.
        answerable: Whether the documents answer the question.
        evidence: Empty when not answerable.
        tags: What kind of case it is; metrics are shown for each tag.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: _Words
    question: _Words
    history: tuple[Turn, ...]
    answers: tuple[str, ...]
    answers_all: tuple[tuple[str, ...], ...]
    answerable: bool
    evidence: tuple[Evidence, ...]
    tags: tuple[_Words, ...]

    @property
    def answer_groups(self) -> tuple[tuple[str, ...], ...]:
        """Give lists of alternatives; a right answer has one out of each list. Empty when unanswerable."""
        return (self.answers, *self.answers_all) if self.answers else self.answers_all


_CASE = TypeAdapter(Case)


def load_cases(path: Path) -> list[Case]:
    """Read a JSON Lines file of cases, in the file's order; blank lines are passed over.

    Raises:
        CaseError: The file cannot be read or holds no case, or a line is not a sound case.
    """
    cases: list[Case] = []
    first_lines: dict[str, int] = {}
    for number, line in enumerate(_text_of(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            case = _parse(line)
        except CaseError as error:
            raise CaseError(f"{path}, line {number}: {error}.") from error
        if first := first_lines.get(case.id):
            raise CaseError(f"{path}, line {number}: the id {case.id!r} is taken by line {first}; choose another.")
        first_lines[case.id] = number
        cases.append(case)
    if not cases:
        raise CaseError(f"{path} holds no cases; write one JSON object a line.")
    return cases


def select_cases(cases: Sequence[Case], *, tag: str | None = None, limit: int | None = None) -> list[Case]:
    """Give the first `limit` cases that have the tag, in order; None stands for no restriction.

    Raises:
        CaseError: No case has the tag.
    """
    chosen = [case for case in cases if tag is None or tag in case.tags]
    if not chosen:
        known = ", ".join(sorted({name for case in cases for name in case.tags}))
        raise CaseError(f"No case has the tag {tag!r}; choose one of: {known}.")
    return chosen[:limit]


def check_evidence(cases: Iterable[Case], texts: Mapping[str, str]) -> None:
    """Make sure that every evidence quote is at its place.

    Args:
        cases: The cases to check.
        texts: Document texts by document id.

    Raises:
        CaseError: A document is not there, or its text at the offsets is not the quote.
    """
    for case in cases:
        for evidence in case.evidence:
            try:
                text = texts[evidence.document]
            except KeyError:
                raise CaseError(
                    f"Case {case.id!r} needs the document {evidence.document!r}, which the corpus does not "
                    "have; choose the corpus with --corpus or its cases with --cases."
                ) from None
            if text[evidence.start : evidence.end] != evidence.quote:
                raise CaseError(_misplaced(case, evidence, text))


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError(f"The case file {path} is not UTF-8 text; save it as UTF-8.") from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CaseError(f"The case file {path} cannot be read ({reason}); give one with --cases.") from error


def _parse(line: str) -> Case:
    try:
        case = _CASE.validate_json(line)
    except ValidationError as error:
        raise CaseError(_problem(error)) from error
    if problem := _unsound(case):
        raise CaseError(problem)
    return case


def _problem(error: ValidationError) -> str:
    """Give the first problem in words; each line is parsed alone, so pydantic's line number says nothing."""
    detail = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in detail["loc"])
    message = detail["msg"][0].lower() + detail["msg"][1:].replace(" at line 1 column", " at column")
    known = {
        "missing": f"the field {name!r} is missing; add it",
        "unexpected_keyword_argument": f"the field {name!r} is unknown; take it out",
        "string_pattern_mismatch": f"the field {name!r} is blank; fill it",
    }
    return known.get(detail["type"], f"{name}: {message}" if name else message)


def _unsound(case: Case) -> str | None:
    """Give what is wrong with a well-formed case; None when nothing is."""
    if case.answerable and not case.answer_groups:
        return "answerable, but without answers; fill 'answers' or 'answers_all'"
    if not case.answerable and case.answer_groups:
        return "not answerable, but with answers; empty 'answers' and 'answers_all'"
    if any(not group for group in case.answers_all):
        return "'answers_all' holds an empty list; give each part its alternatives"
    for answer in (answer for group in case.answer_groups for answer in group):
        if not normalised_tokens(answer):
            return f"the answer {answer!r} has no word to compare; an article or punctuation alone is none"
    if any(evidence.end <= evidence.start for evidence in case.evidence):
        return "an evidence ends before it starts; 'end' is the offset after its last character"
    return None


def _misplaced(case: Case, evidence: Evidence, text: str) -> str:
    at = text.find(evidence.quote)
    advice = f"it is at {at}–{at + len(evidence.quote)}" if at >= 0 else "it is nowhere in the document"
    place = f"{evidence.document} {evidence.start}–{evidence.end}"
    return f"Case {case.id!r}: the evidence quote is not at {place}; {advice}. Correct the case."
