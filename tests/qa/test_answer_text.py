"""What the user reads of an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answer_text import caveats, not_indexed, short_answer_of, text_of
from qa.domain import Answer, Citation, FailedFile, Seconds, Statement, Status, Usage
from qa.interfaces import DraftEnd

SAID = Statement(text="Ada runs Acme.", citations=(1, 2), verified=True)
CITATION = Citation(
    number=1, document_id="a", title="A", source="a", page=None, start=0, end=14, quote="Ada runs Acme.", verified=True
)


def test_each_statement_has_its_marks_behind_it() -> None:
    unsure = Statement(text="It grew.", citations=(), verified=False)
    assert text_of([SAID, unsure]) == "Ada runs Acme. [1] [2] It grew. [not verified]"


@pytest.mark.parametrize(
    ("short", "confidence", "verified", "shown"),
    [
        ("ada", None, True, "ada"),
        ("Bob", None, True, None),
        ("Ada", None, False, None),
        ("Bob", 0.5, True, "Bob"),
        (None, None, True, None),
    ],
)
def test_a_short_answer_that_was_only_claimed_is_shown_where_a_quote_has_it(
    short: str | None, confidence: float | None, verified: bool, shown: str | None
) -> None:
    end = DraftEnd(status="answered", short_answer=short, confidence=confidence)
    assert short_answer_of(end, [replace(SAID, verified=verified)], [CITATION]) == shown


def test_three_files_that_failed_are_named() -> None:
    failed = [FailedFile(path=f"{name}.txt", reason="torn") for name in "abcde"]
    assert not_indexed(failed) == ("Not indexed: a.txt: torn; b.txt: torn; c.txt: torn; and 2 more.",)
    assert not_indexed([]) == ()


@pytest.mark.parametrize(
    ("status", "confidence", "said"),
    [
        ("answered", 0.9, []),
        ("answered", 0.5, []),
        ("answered", None, []),
        ("answered", 0.414, ["Low confidence (41%)"]),
        ("partial", 0.9, ["This answers only a part"]),
        ("partial", 0.2, ["This answers only a part", "Low confidence (20%)"]),
        ("not_found", 0.2, []),
    ],
)
def test_an_answer_says_what_it_lacks(status: Status, confidence: float | None, said: list[str]) -> None:
    answer = Answer(
        question="Who?", standalone_question="Who?", status=status, text="", short_answer=None, confidence=confidence,
        statements=(), citations=(), passages=(), model="extractive", usage=Usage(),
        seconds=Seconds(retrieve=0.0, answer=0.0, total=0.0),
    )  # fmt: skip
    warnings = caveats(answer)
    assert len(warnings) == len(said)
    assert all(warning.startswith(opening) for warning, opening in zip(warnings, said, strict=True))
