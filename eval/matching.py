"""When two texts say the same: SQuAD normalisation, containment of whole tokens, token F1."""

from __future__ import annotations

import string
import unicodedata
from collections import Counter
from collections.abc import Sequence

_ARTICLES = frozenset({"a", "an", "the"})
# These stand between words with no space around them; deleted, they would glue the words together.
_WORD_SEPARATORS = str.maketrans({"—": " ", "―": " ", "…": " "})


def normalised_tokens(text: str) -> list[str]:
    """Give a text's words as SQuAD compares them: lower case, no punctuation, no a, an or the.

    Punctuation is deleted, not replaced by a space: "$6.5 billion" is ["65", "billion"], which does not
    contain ["5", "billion"]. The price: "$4.4 billion" and "$44 billion" are the same. SQuAD's evaluation
    script (https://rajpurkar.github.io/SQuAD-explorer/) deletes ASCII punctuation alone; here Unicode's goes
    too, so that curly quotes equal straight ones.

    Returns:
        The words in order; empty when the text holds nothing but punctuation and articles.
    """
    lowered = unicodedata.normalize("NFC", text).lower().translate(_WORD_SEPARATORS)
    kept = "".join(character for character in lowered if not _is_punctuation(character))
    return [word for word in kept.split() if word not in _ARTICLES]


def contains(text: str, wanted: str) -> bool:
    """Tell whether `wanted` is in `text` as whole neighbouring words; never when `wanted` has no word."""
    words, sought = normalised_tokens(text), normalised_tokens(wanted)
    starts = range(len(words) - len(sought) + 1)
    return bool(sought) and any(words[start : start + len(sought)] == sought for start in starts)


def first_contained(text: str, alternatives: Sequence[str]) -> str | None:
    """Give the first alternative that is contained in `text`; None when none is."""
    return next((wanted for wanted in alternatives if contains(text, wanted)), None)


def token_f1(given: str, gold: str) -> float:
    """Give SQuAD's token F1, 0 to 1: the harmonic mean of precision and recall over words with repeats.

    Two texts without any word are equal (1.0); a text without a word equals no other (0.0).
    """
    given_words, gold_words = normalised_tokens(given), normalised_tokens(gold)
    if not given_words or not gold_words:
        return float(given_words == gold_words)
    shared = (Counter(given_words) & Counter(gold_words)).total()
    return 2 * shared / (len(given_words) + len(gold_words))


def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")
