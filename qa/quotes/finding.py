"""What a chat model claims to be a quote → the exact characters of the passage."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from qa.domain import Span
from qa.facts.amounts import SCALE
from qa.quotes.alignment import aligned_span
from qa.quotes.folding import Folded, fold

# Longer "quotes" copy whole documents.
_MOST_QUOTE_CHARS = 5_000
_MOST_PLACES = 50
_FEWEST_WORD_CHARS = 3

_WORD_CHAR = re.compile(r"[^\W_]")
# What models put around a quote; a dash before a digit is its sign.
_WRAPPING = re.compile(r"""^(?:[\s"'…*•>#]|-(?!\d))+|[\s"'…*.,;:!?-]+$""")

_NUMBER_GOES_ON = re.compile(r"(?<=\d)(?=[.,:/]\d)|(?<=\d[.,:/])(?=\d)")
_CUT_BEFORE = re.compile(r"(?:^|[\s(])[-\u2212]\Z|\b(?:non|un|anti|ex|pseudo|counter)[-‐‑]\Z", re.IGNORECASE)
_CUT_AFTER = re.compile(rf"\s?%|\s?per ?cent\b|\s{SCALE}\b|(?<=\d)\s(?:[bmt]n|m)\b|['’]t\b", re.IGNORECASE)


def find_quote(quote: str, text: str) -> Span | None:
    """Give the place in `text` of what a model quotes: the first verbatim one, else the first that differs in form.

    Form is white space, line breaks and hyphens at them, dashes, quotation marks, case, ligatures, invisible
    characters, and what models wrap quotes in. From 20 characters on an everyday word may also be misspelt or inflected
    otherwise, and an article be another: never a number, a name, a negation or any other word. The span begins and ends
    where words and amounts do.

    Args:
        quote: What the model says it has read. There is no place for one with fewer than 3 letters and digits or more
            than 5,000 characters, nor for one put together from two places.
        text: The passage. In more than 20,000 characters, as for a quote of more than 1,000, only form may differ.
    """
    if len(quote) > _MOST_QUOTE_CHARS or len(_WORD_CHAR.findall(quote)) < _FEWEST_WORD_CHARS:
        return None
    verbatim = quote.strip()
    for at in _places(verbatim, text):
        span = Span(start=at, end=at + len(verbatim))
        if _is_whole(text, span):
            return span
    said, there = fold(quote), fold(text)
    return _found_by_form(said, there) or _found_by_alignment(said, there)


def _places(wanted: str, text: str) -> Iterator[int]:
    at = text.find(wanted)
    for _ in range(_MOST_PLACES):
        if at < 0:
            return
        yield at
        at = text.find(wanted, at + 1)


def _found_by_form(said: Folded, there: Folded) -> Span | None:
    for wanted in dict.fromkeys((said.text.strip(), _WRAPPING.sub("", said.text))):
        for at in _places(wanted, there.text):
            span = there.span(at, at + len(wanted))
            if span is not None and _is_whole(there.source, span):
                return span
    return None


def _found_by_alignment(said: Folded, there: Folded) -> Span | None:
    span = aligned_span(said, there)
    return span if span is not None and _is_whole(there.source, span) else None


def _is_whole(text: str, span: Span) -> bool:
    """Tell whether a span leaves outside no part of a word, nor a number's sign, scale or %, nor the t of "can't"."""
    return (
        not _cuts(text, span.start)
        and not _cuts(text, span.end)
        and not _CUT_BEFORE.search(text, max(0, span.start - 12), span.start)
        and not _CUT_AFTER.match(text, span.end)
    )


def _cuts(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    inside_a_word = _joins(text[at - 1]) and _joins(text[at])
    return inside_a_word or unicodedata.combining(text[at]) > 0 or _NUMBER_GOES_ON.match(text, at) is not None


def _joins(char: str) -> bool:
    # Scripts without capitals, such as Chinese and Thai, do not show where a word ends.
    return char.isdecimal() or char.lower() != char.upper()
