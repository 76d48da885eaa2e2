"""The sides of a comparison, "Is X bigger than Y?", and the sentences that speak of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.contexts import has_word
from qa.answering.evidence import Evidence
from qa.answering.questions import Question, Term

_BETWEEN = re.compile(r"\b(?:between|compar(?:e|ing)|both|either)\b(?P<rest>.+?)\b(?:and|with|to|or|against)\b", re.I)
_JOINT = re.compile(
    r"\bcompare[sd]?\b(?:\s+in\s+\w+)?\s+(?:with|to|against)\b|\bdiffer(?:s|ent)?\s+from\b|\bversus\b|\bvs\b"
    r"|\b(?:\w+er|(?:more|less)(?:\s+\w+)?)\s+than\b|\bthan\b|\bexceed(?:s|ed)?\b|\bor\b",
    re.IGNORECASE,
)
# A sentence that speaks of a side has so much of its words, by weight.
_SPEAKS_OF = 0.5


def sides_of(question: Question) -> list[list[Term]]:
    """Give the telling words of the two things that a question compares; empty where its form does not tell them."""
    between = _BETWEEN.search(question.text)
    joint = _JOINT.search(question.text)
    if joint is not None:
        start, middle, end = 0, joint.start(), joint.end()
    elif between is not None:
        start, middle, end = between.start("rest"), between.end("rest"), between.end()
    else:
        return []
    left = [term for term in question.terms if start <= term.token.start < middle]
    right = [term for term in question.terms if term.token.start >= end]
    return [left, right] if left and right else []


def speaking_of(side: Sequence[Term], candidates: Sequence[Evidence]) -> Evidence | None:
    """Give the candidate with most of a side's words, the first of equals; None where none has half of them."""
    shares = [_share(side, candidate) for candidate in candidates]
    best = max(shares, default=0.0)
    return candidates[shares.index(best)] if best >= _SPEAKS_OF else None


def _share(side: Sequence[Term], candidate: Evidence) -> float:
    words = {token.stem for token in candidate.sentence.words}
    names = [term for term in side if term.is_name]
    if not all(has_word(words, name) for name in names):
        return 0.0
    total = sum(term.weight for term in side)
    return sum(term.weight for term in side if has_word(words, term)) / total if total else 0.0
