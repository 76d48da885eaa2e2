"""Whether a sentence counts what is asked for: "5,200 hours" tells nothing of how many volunteers there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from qa.answering.likeness import ALIKE, UNLIKE, word_vector
from qa.answering.terms import Token, same_word, tokenize
from qa.domain import Span

_HOW_MANY = re.compile(
    r"\bhow many (?P<things>(?:[\w-]+ ){1,4}?)"
    r"(?:am|is|are|was|were|do|does|did|will|would|has|have|had|can|could|may|might|must|should|of|in|on|at|per|an?|the|to"
    r"|for|from|with|\w+ed)\b",
    re.IGNORECASE,
)
# A number and the words that may stand between it and what it counts: "1,870 diesel and petrol vehicles".
_WORDS = 5


def counted(question: str) -> Token | None:
    """Give the word for what a question asks how many there are of, the one before a verb or preposition.

    None for other questions, and before verbs that are in no list ("How many people came?").
    """
    found = _HOW_MANY.search(question)
    words = [token for token in tokenize(found["things"]) if not token.is_stop_word] if found else []
    return words[-1] if words else None


def counts_something_else(thing: Token, tokens: Sequence[Token], numbers: Iterable[Span]) -> float:
    """Give how unlike `thing` all is that the `numbers` of a sentence with these `tokens` count, 0 to 1; 1 without any.

    What a number counts is among the four words after it.
    """
    likest = 0.0
    for number in numbers:
        for token in [token for token in tokens if token.start >= number.start][:_WORDS]:
            if same_word(token.stem, thing.stem):
                return 0.0
            if not token.is_stop_word:
                likest = max(likest, float(word_vector(token.surface) @ word_vector(thing.surface)))
    return 1.0 - min(1.0, max(0.0, (likest - UNLIKE) / (ALIKE - UNLIKE)))
