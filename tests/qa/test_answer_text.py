"""What the user reads of an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qa.answer_text import not_indexed, short_answer_of, text_of
from qa.domain import Citation, FailedFile, Statement
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
