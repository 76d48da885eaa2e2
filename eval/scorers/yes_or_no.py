"""Answers to questions that are to be answered with yes or no."""

from __future__ import annotations

import re
from typing import Literal

from eval.matching import normalised_tokens

YesOrNo = Literal["yes", "no"]

_OPENING = re.compile(
    r"\W*(?:(?P<yes>yes)\b|(?P<no>no)\b(?!\.\s?[0-9])"
    r"(?=\s*(?:[^\w\s]|$)|\s+(?:it|they|he|she|you|we|there|this|that|these|those|the)\b))",
    re.IGNORECASE,
)
"""The "no" of "no audit log" answers nothing."""


def is_yes_or_no(text: str) -> bool:
    """Tell whether a text is a bare "yes" or "no"."""
    return normalised_tokens(text) in (["yes"], ["no"])


def said_of(short_answer: str | None, text: str) -> YesOrNo | None:
    """Give what the short answer, or else the first word of the text, says in so many words; None when neither does."""
    for words in (short_answer or "", text):
        if opening := _OPENING.match(words):
            return "yes" if opening["yes"] else "no"
    return None
