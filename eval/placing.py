"""Evidence that says what it quotes, and not where → its place in the document."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from eval.cases import CaseError
from eval.matching import normalised_tokens
from qa.domain import Span
from qa.quotes.folding import Folded, fold
from qa.splitting import sentence_spans

_SHOWN_CHARS = 80
_CLOSE = 0.3
"""A sentence with a lesser share of a quote's words is not what was meant."""


def placed(evidence: Any, texts: Mapping[str, str]) -> Any:
    """Give an evidence with the offsets of its quote, if it leaves them out; else as it is, to be checked later.

    The quote may differ from the document in white space, line breaks and hyphens at them, dashes, quotation marks and
    case; the evidence then quotes the document's own characters.

    Args:
        evidence: As a case file has it.
        texts: Document texts by document id.

    Raises:
        CaseError: The document is not there, or does not hold the quote just once.
    """
    if not isinstance(evidence, dict) or not {"start", "end"}.isdisjoint(evidence):
        return evidence
    document, quote = evidence.get("document"), evidence.get("quote")
    if not isinstance(document, str) or not isinstance(quote, str) or not quote.strip():
        return evidence
    text = texts.get(document)
    if text is None:
        raise CaseError(f"the corpus has no document {document!r}; choose the corpus with --corpus")
    span = _verbatim(quote, text, document) or _by_form(quote, text, document)
    if span is None:
        closest = _closest(quote, text)
        near = f", where the closest passage is “{closest}”" if closest else ""
        raise CaseError(f"the evidence quote is nowhere in {document}{near}; copy it exactly")
    return {**evidence, "quote": span.of(text), "start": span.start, "end": span.end}


def _verbatim(quote: str, text: str, document: str) -> Span | None:
    _refuse_several(text.count(quote), document)
    at = text.find(quote)
    return None if at < 0 else Span(start=at, end=at + len(quote))


def _by_form(quote: str, text: str, document: str) -> Span | None:
    said, there = fold(quote).text.strip(), _folded(text)
    if not said:
        return None
    _refuse_several(there.text.count(said), document)
    at = there.text.find(said)
    return None if at < 0 else there.span(at, at + len(said))


def _refuse_several(times: int, document: str) -> None:
    if times > 1:
        raise CaseError(f"the evidence quote stands {times} times in {document}; say which with 'start' and 'end'")


def _closest(quote: str, text: str) -> str | None:
    """Give the beginning of the sentence that has most of a quote's words, on one line; None when none is close."""
    words = frozenset(normalised_tokens(quote))
    shared = [(len(words & held) / (len(words | held) or 1), -span.start, span) for span, held in _sentences(text)]
    best = max(shared, default=None)
    if best is None or len(words & frozenset(normalised_tokens(best[2].of(text)))) < _CLOSE * max(1, len(words)):
        return None
    line = " ".join(best[2].of(text).split())
    return line if len(line) <= _SHOWN_CHARS else f"{line[:_SHOWN_CHARS]}…"


@lru_cache(maxsize=8)  # cases ask the same few documents again and again
def _folded(text: str) -> Folded:
    return fold(text)


@lru_cache(maxsize=8)
def _sentences(text: str) -> list[tuple[Span, frozenset[str]]]:
    return [(span, frozenset(normalised_tokens(span.of(text)))) for span in sentence_spans(text)]
