"""Where "one" counts something, as in "one worker", and not as in "one of the largest" or "no one"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answering.terms import is_stop_word, stem
from qa.domain import Span
from qa.facts.amounts import Amount

_WORD = re.compile(r"\s([^\W\d_]+)(?!['’-]\w)")
_PHRASE_WORDS = 3
# "Not one worker" counts none, "more than one worker" any number from two on.
_NO_COUNT_BEFORE = re.compile(
    r"\b(?:no|not|any|every|each|some|number|this|that|which|what|than|least|over|not even|[-–])[\s-]?\Z", re.IGNORECASE
)
_NO_COUNT_AFTER = re.compile(r"\s(?:another|\w+\s(?:after|by)\s(?:another|one|the)|(?:point|time|stage|thing|way)\b)")
_YEAR_BEFORE = re.compile(r"\b(?:in|since|by|of|from|during|until|and|to)\s\Z", re.IGNORECASE)
_YEAR = re.compile(r"[12]\d{3}")
_PLURALS = {"man": "men", "woman": "women", "person": "people", "child": "children", "life": "lives", "wife": "wives"}
_SAME_IN_BOTH = frozenset("aircraft deer fish series sheep species spacecraft".split())


def counted_otherwise(statement: str, one: Span, quote: str, amounts: Sequence[Amount]) -> bool:
    """Tell whether "one" stands before a noun that a quote counts too, each time with another number.

    Not where the quote also has that noun in the singular: "another worker" is one as well.

    Args:
        statement: One sentence of an answer.
        one: Where the word stands in it.
        quote: What the statement rests on.
        amounts: Those of the quote.
    """
    if _NO_COUNT_BEFORE.search(statement, max(0, one.start - 12), one.start):
        return False
    if _NO_COUNT_AFTER.match(statement, one.end):
        return False
    counted = [_phrase(quote, amount.span.end) for amount in amounts if _counts(quote, amount)]
    for noun in _phrase(statement, one.end):
        numbers = [phrase for phrase in counted if any(_is_plural(word, noun) for word in phrase)]
        if numbers and not _stands_alone(noun, quote):
            return True
    return False


def _counts(quote: str, amount: Amount) -> bool:
    if amount.unit is not None or amount.value == 1:
        return False
    is_year = _YEAR.fullmatch(amount.span.of(quote)) and _YEAR_BEFORE.search(quote, 0, amount.span.start)
    return not is_year


def _phrase(text: str, at: int) -> list[str]:
    """Give the next few words in a row, up to one that only holds the sentence together."""
    words: list[str] = []
    while len(words) < _PHRASE_WORDS and (match := _WORD.match(text, at)) and not is_stop_word(match[1]):
        words.append(match[1].lower())
        at = match.end()
    return words


def _is_plural(word: str, noun: str) -> bool:
    """Tell whether a word is the plural of another, by which that is known to be a noun."""
    if noun in _SAME_IN_BOTH or noun in _PLURALS:
        return word == _PLURALS.get(noun, noun)
    return word != noun and word.endswith("s") and not noun.endswith("s") and stem(word) == stem(noun)


def _stands_alone(noun: str, quote: str) -> bool:
    return noun not in _SAME_IN_BOTH and re.search(rf"(?<![\w-]){noun}(?![\w-])", quote, re.IGNORECASE) is not None
