"""What the span reader learns from: a question with a passage that answers it, or does not."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class ReaderExample:
    """A question and a passage.

    Attributes:
        start: The answer's first character; None when it is not there, or nobody says where.
        end: One past its last character; None as for `start`.
        answerable: The passage holds an answer; without a `start`, somewhere.
    """

    question: str
    context: str
    start: int | None
    end: int | None
    answerable: bool

    @property
    def answer(self) -> str:
        """The answer's text; all of the passage where there is no place."""
        return self.context[self.start : self.end]


def unanswered(question: str, context: str) -> ReaderExample:
    """Give an example whose passage does not answer."""
    return ReaderExample(question, context, None, None, answerable=False)


def words(text: str) -> list[str]:
    """Give a text's words in lower case, in order."""
    return [word.lower() for word in _WORD.findall(text)]
