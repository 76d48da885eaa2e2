"""What a statement denies and its quotes do not, or the reverse."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.terms import tokenize

_NEGATION = re.compile(
    r"\b(?:no|not(?! only\b)|never|without|none|nobody|nothing|nowhere|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE
)
_NEGATED_WORDS = 2
_CLAUSE_END = re.compile(r"[.,;:!?()\n]")
_SENTENCE = re.compile(r"[^.;!?\n]+")
_OPPOSITES = ({"negated"}, {"free"})


def negation_differs(statement: str, quotes: Sequence[str]) -> bool:
    """Tell whether a telling word is negated in the statement and free of it wherever quotes have it, or the reverse.

    "Not", "no", "never", "n't" and their like negate the next two telling words of their clause. The other words of
    the same sentence are neither negated nor free.
    """
    said, there = _negations(statement), _negations("\n".join(quotes))
    return any(
        states != there[word] and states in _OPPOSITES and there[word] in _OPPOSITES
        for word, states in said.items()
        if word in there
    )


def _negations(text: str) -> dict[str, set[str]]:
    """Give for each telling word all that it is: "negated", "free" or "unclear"."""
    found: dict[str, set[str]] = {}
    for sentence in _SENTENCE.findall(text):
        tokens = [token for token in tokenize(sentence) if not token.is_stop_word]
        negated: set[int] = set()
        for match in _NEGATION.finditer(sentence):
            stop = _CLAUSE_END.search(sentence, match.end())
            end = stop.start() if stop else len(sentence)
            negated.update([token.start for token in tokens if match.end() <= token.start < end][:_NEGATED_WORDS])
        others = "unclear" if _NEGATION.search(sentence) else "free"
        for token in tokens:
            found.setdefault(token.stem, set()).add("negated" if token.start in negated else others)
    return found
