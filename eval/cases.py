"""The cases: questions with known answers and the places in the documents that give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

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
        references: Whole answers as a person would write them, for ROUGE-L; empty where short answers are known.
        answerable: Whether the documents answer the question.
        evidence: Places that give the answer; empty when not answerable, or not known.
        documents: The question is asked of these documents only, by id; empty means of all.
        tags: What kind of case it is; metrics are shown for each tag.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: _Words
    question: _Words
    history: tuple[Turn, ...] = ()
    answers: tuple[str, ...] = ()
    answers_all: tuple[tuple[str, ...], ...] = ()
    references: tuple[_Words, ...] = ()
    answerable: bool = True
    evidence: tuple[Evidence, ...] = ()
    documents: tuple[_Words, ...] = ()
    tags: tuple[_Words, ...] = ()

    @property
    def answer_groups(self) -> tuple[tuple[str, ...], ...]:
        """Give lists of alternatives; a right answer has one out of each list. Empty when unanswerable."""
        return (self.answers, *self.answers_all) if self.answers else self.answers_all


def select_cases(cases: Sequence[Case], *, tag: str | None = None, limit: int | None = None) -> list[Case]:
    """Give the first `limit` cases that have the tag, in order; None stands for no restriction.

    Raises:
        CaseError: No case has the tag.
    """
    chosen = [case for case in cases if tag is None or tag in case.tags]
    if not chosen:
        known = ", ".join(sorted({name for case in cases for name in case.tags}))
        advice = f"choose one of: {known}" if known else "no case has any, so leave out --tag"
        raise CaseError(f"No case has the tag {tag!r}; {advice}.")
    return chosen[:limit]


def check_evidence(cases: Iterable[Case], texts: Mapping[str, str]) -> None:
    """Make sure that every evidence quote is at its place, and every document that is asked is there.

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
        if missing := [document for document in case.documents if document not in texts]:
            raise CaseError(
                f"Case {case.id!r} asks the document {missing[0]!r}, which the corpus does not have; "
                "choose the corpus with --corpus or its cases with --cases."
            )


def _misplaced(case: Case, evidence: Evidence, text: str) -> str:
    at = text.find(evidence.quote)
    advice = f"it is at {at}–{at + len(evidence.quote)}" if at >= 0 else "it is nowhere in the document"
    place = f"{evidence.document} {evidence.start}–{evidence.end}"
    return f"Case {case.id!r}: the evidence quote is not at {place}; {advice}. Correct the case."
