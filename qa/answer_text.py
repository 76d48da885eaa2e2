"""What the user reads of an answer: its text, its short answer, and the fixed sentences around them."""

from __future__ import annotations

from collections.abc import Sequence

from qa.domain import Answer, Citation, FailedFile, Statement
from qa.interfaces import DraftEnd
from qa.quotes import has_words

NOT_FOUND = "I could not find this in the documents."
UNVERIFIED = "[not verified]"
PARTIAL = "This answers only a part of the question."
# Less likely than not; the confidence is calibrated on questions of which the answerer knows no article.
_LOW_CONFIDENCE = 0.5


def text_of(statements: Sequence[Statement]) -> str:
    """Give the statements one after the other, each with its citation numbers: "… $4.4 billion … [1]"."""
    return " ".join(
        " ".join([statement.text, *_marks(statement), *([] if statement.verified else [UNVERIFIED])])
        for statement in statements
    )


def short_answer_of(end: DraftEnd, statements: Sequence[Statement], citations: Sequence[Citation]) -> str | None:
    """Give the short answer if a verified statement's citation has these very words; None when none does.

    An answerer that estimates its confidence takes the words from the documents; a chat model only says so.
    """
    numbers = {number for statement in statements if statement.verified for number in statement.citations}
    if end.short_answer is None or not numbers:
        return None
    if end.confidence is not None:
        return end.short_answer
    quotes = [citation.quote for citation in citations if citation.number in numbers]
    return end.short_answer if any(has_words(quote, end.short_answer) for quote in quotes) else None


def caveats(answer: Answer) -> tuple[str, ...]:
    """Give the sentences that warn of what an answer lacks: a part, or confidence; mostly none."""
    warnings = [PARTIAL] if answer.status == "partial" else []
    if answer.status != "not_found" and answer.confidence is not None and answer.confidence < _LOW_CONFIDENCE:
        warnings.append(f"Low confidence ({answer.confidence:.0%}): this may not be what was asked; read the quotes.")
    return tuple(warnings)


def not_indexed(failed: Sequence[FailedFile]) -> tuple[str, ...]:
    """Give the notice that names the first files that could not be indexed; none when all could."""
    if not failed:
        return ()
    first = "; ".join(f"{file.path}: {file.reason}" for file in failed[:3])
    more = f"; and {len(failed) - 3} more" if len(failed) > 3 else ""
    return (f"Not indexed: {first}{more}.",)


def _marks(statement: Statement) -> list[str]:
    return [f"[{number}]" for number in statement.citations]
