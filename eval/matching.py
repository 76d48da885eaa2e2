"""When two texts say the same: normalised words, containment, token F1; and SQuAD's own normalisation beside ours."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qa.domain import Span

_ARTICLES = frozenset({"a", "an", "the"})
# A word ends at white space and at these, which stand between words without any.
_WORD = re.compile(r"[^\s—―…]+")
_SQUAD_ARTICLES = re.compile(r"\b(a|an|the)\b")
_SQUAD_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A normalised word, and the characters of the text that it was made from."""

    word: str
    span: Span


def normalised_tokens(text: str) -> list[str]:
    """Give a text's words for comparison: lower case, no punctuation, no a, an or the.

    This is SQuAD's normalisation with two changes. All of Unicode's punctuation is deleted, so that curly quotes
    equal straight ones; and a point between digits stays, so that "$4.4 billion" is not "$44 billion". Punctuation
    is deleted, not replaced by a space: "$6.5 billion" does not contain "$5 billion". Figures that are to be
    compared with published ones use `squad_tokens`.

    Returns:
        The words in order; empty when the text holds nothing but punctuation and articles.
    """
    return [placed.word for placed in placed_words(text)]


def placed_words(text: str) -> list[PlacedWord]:
    """Give the normalised words with their places in the text, in order."""
    found = ((match, _normalised(match.group())) for match in _WORD.finditer(text))
    return [
        PlacedWord(word, Span(start=match.start(), end=match.end()))
        for match, word in found
        if word and word not in _ARTICLES
    ]


def contains(text: str, wanted: str) -> bool:
    """Tell whether `wanted` is in `text` as whole neighbouring words; never when `wanted` has no word."""
    return bool(places_of(text, wanted))


def places_of(text: str, wanted: str) -> list[Span]:
    """Give each place where `wanted` is in `text` as whole neighbouring words, from its first word to its last."""
    sought = normalised_tokens(wanted)
    if not sought:
        return []
    words = placed_words(text)
    starts = range(len(words) - len(sought) + 1)
    found = (words[start : start + len(sought)] for start in starts if words[start].word == sought[0])
    return [
        Span(start=there[0].span.start, end=there[-1].span.end)
        for there in found
        if [placed.word for placed in there] == sought
    ]


def first_contained(text: str, alternatives: Sequence[str]) -> str | None:
    """Give the first alternative that is contained in `text`; None when none is."""
    return next((wanted for wanted in alternatives if contains(text, wanted)), None)


def token_f1(given: str, gold: str) -> float:
    """Give the token F1, 0 to 1, over our normalised words; see `squad_f1` for SQuAD's own.

    Two texts without any word are equal (1.0); a text without a word equals no other (0.0).
    """
    return _f1(normalised_tokens(given), normalised_tokens(gold))


def squad_tokens(text: str) -> list[str]:
    """Give a text's words exactly as SQuAD's evaluation script does: ASCII punctuation alone is deleted.

    Source: `normalize_answer` of evaluate-v2.0.py, https://rajpurkar.github.io/SQuAD-explorer/.
    """
    return _SQUAD_ARTICLES.sub(" ", text.lower().translate(_SQUAD_PUNCTUATION)).split()


def squad_exact_match(given: str, gold: str) -> float:
    """Give SQuAD's exact match: 1.0 when both have the same words, else 0.0."""
    return float(squad_tokens(given) == squad_tokens(gold))


def squad_f1(given: str, gold: str) -> float:
    """Give SQuAD's token F1, 0 to 1: the harmonic mean of precision and recall over words with repeats.

    Two texts without any word are equal (1.0); a text without a word equals no other (0.0).
    """
    return _f1(squad_tokens(given), squad_tokens(gold))


def _f1(given: Sequence[str], gold: Sequence[str]) -> float:
    if not given or not gold:
        return float(given == gold)
    shared = (Counter(given) & Counter(gold)).total()
    return 2 * shared / (len(given) + len(gold))


def _normalised(word: str) -> str:
    lowered = unicodedata.normalize("NFC", word).lower()
    return "".join(
        character
        for at, character in enumerate(lowered)
        if not _is_punctuation(character) or _is_decimal_point(lowered, at)
    )


def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")


def _is_decimal_point(word: str, at: int) -> bool:
    return word[at] == "." and word[at - 1 : at].isdigit() and word[at + 1 : at + 2].isdigit()
