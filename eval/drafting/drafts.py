"""A draft: a case that nobody has accepted yet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from eval.cases import Case, Evidence
from eval.matching import normalised_tokens
from qa.domain import Turn

DRAFT_TAG = "draft"
"""Marks cases that no person has looked at."""

FINGERPRINT_CHARS = 8
_SLUG_WORDS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What might become a case.

    Attributes:
        answers: Alternatives, each a full answer; empty when unanswerable, or when a person has to write it.
        references: Whole answers, where no short one is known.
        evidence: Places that give the answer.
        source: Where the draft comes from, shown to the person who looks at it; None when from no one place.
        check: What that person has to look at before accepting it; empty when nothing in particular.
    """

    question: str
    answers: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    answerable: bool = True
    evidence: tuple[Evidence, ...] = ()
    history: tuple[Turn, ...] = ()
    tags: tuple[str, ...] = ()
    source: Evidence | None = None
    check: str = ""

    @property
    def is_complete(self) -> bool:
        """Tell whether it can be a case as it is: one with an answer, or without where the documents have none."""
        answers = (*self.answers, *self.references)
        comparable = all(normalised_tokens(answer) for answer in self.answers)
        return bool(self.question.strip()) and comparable and bool(answers) == self.answerable

    @property
    def fingerprint(self) -> str:
        """Eight hexadecimal digits by which it is known again, wherever its place in the document has moved to."""
        at = self.source or (self.evidence[0] if self.evidence else None)
        parts = (*normalised_tokens(self.question), "\0", *self.answers, "\0", at.document if at else "")
        return hashlib.sha256("\1".join(parts).encode("utf-8", "replace")).hexdigest()[:FINGERPRINT_CHARS]


def drafts_of(cases: Iterable[Case]) -> list[Draft]:
    """Give the cases that are tagged "draft" as drafts again, for a person to look at."""
    return [_draft_of(case) for case in cases if DRAFT_TAG in case.tags and not case.answers_all]


def _draft_of(case: Case) -> Draft:
    return Draft(
        question=case.question,
        answers=case.answers,
        references=case.references,
        answerable=case.answerable,
        evidence=case.evidence,
        history=case.history,
        tags=tuple(tag for tag in case.tags if tag != DRAFT_TAG),
        source=case.evidence[0] if case.evidence else None,
        check="" if case.answerable else "Accept it only if no document answers this.",
    )


def case_of(draft: Draft, fingerprint: str, *tags: str) -> Case:
    """Give a complete draft as a case, whose id ends in `fingerprint`: that of the draft before it was edited."""
    slug = "-".join("".join(filter(str.isalnum, word)) for word in normalised_tokens(draft.question)[:_SLUG_WORDS])
    return Case(
        id=f"{slug or 'case'}-{fingerprint}",
        question=draft.question,
        history=draft.history,
        answers=draft.answers,
        references=draft.references,
        answerable=draft.answerable,
        evidence=draft.evidence if draft.answerable else (),
        tags=tuple(dict.fromkeys((*draft.tags, *tags))),
    )
