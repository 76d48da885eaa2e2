"""The few words of a sentence that answer, whole: no half of a bracket or of a quotation, no Markdown."""

from __future__ import annotations

from qa.answering.candidates import Sentence
from qa.answering.kinds import Kind
from qa.answering.questions import Question
from qa.answering.spans import answer_spans, nearest_span, with_currency
from qa.domain import Span

# Log-odds of the reader's span against none, from which on its words are taken before those of the right form.
_READER_IS_SURE = -2.0
_MARKUP = frozenset("*_`#|> \n\t")
_PAIRS = {"(": ")", "[": "]", "“": "”", "«": "»", "„": "“"}
_CLOSERS = {closer: opener for opener, closer in _PAIRS.items() if opener != "„"}
# The closing half of a bracket belongs to the answer when it follows within so many characters.
_NEAR = 25
_SHORT_SENTENCE = 9  # words


def short_answer_span(question: Question, sentence: Sentence) -> Span | None:
    """Give the words of the sentence that answer: the reader's where it is sure enough, else by their form.

    Returns:
        A span of the sentence's text; None when no words answer, as with questions for yes or no, or when all of a
        sentence does.
    """
    if question.kind in (Kind.YES_NO, Kind.SUMMARY):
        return None
    if sentence.read.span is not None and sentence.read.score > _READER_IS_SURE:
        offset = sentence.span.start - sentence.ranked.passage.start
        read = Span(start=sentence.read.span.start - offset, end=sentence.read.span.end - offset)
        return tidied(sentence.text, read) if _is_shorter(read, sentence) else None
    return nearest_span(question, sentence.text, answer_spans(question, sentence.text))


def _is_shorter(span: Span, sentence: Sentence) -> bool:
    """Tell whether a span leaves out words of a sentence; of a very short one it may take all."""
    inside = sum(span.start <= token.start < span.end for token in sentence.tokens)
    return inside < max(len(sentence.tokens), _SHORT_SENTENCE)


def tidied(text: str, span: Span) -> Span | None:
    """Give a span of `text` without Markdown's marks and white space at its ends, and with whole pairs of brackets.

    A bracket or quotation mark whose other half is near takes it in; else it is taken off the end, and from an opening
    one on the rest is cut off. A closing one amid the span may number an item, "b)", and stays. A number takes in the
    currency before it. None when nothing is left.
    """
    stripped = _stripped(text, span)
    return None if stripped is None else _stripped(text, with_currency(text, _paired(text, stripped)))


def _stripped(text: str, span: Span) -> Span | None:
    start, end = span.start, span.end
    while start < end and text[start] in _MARKUP:
        start += 1
    while end > start and text[end - 1] in _MARKUP:
        end -= 1
    return Span(start=start, end=end) if start < end else None


def _paired(text: str, span: Span) -> Span:
    lone_closer, lone_opener = _halves(text, span)
    start, end = span.start, span.end
    if lone_closer is not None:
        opener = text.rfind(_CLOSERS[text[lone_closer]], max(0, start - _NEAR), start)
        if opener >= 0:
            start = opener
        elif lone_closer == end - 1:
            end -= 1
    if lone_opener is not None:
        closer = text.find(_PAIRS[text[lone_opener]], end, end + _NEAR)
        if closer >= 0:
            end = closer + 1
        elif lone_opener == start:
            start += 1
        else:
            end = lone_opener
    return Span(start=start, end=end) if start < end else span


def _halves(text: str, span: Span) -> tuple[int | None, int | None]:
    """Give where the first closing mark without an opening one stands, and the last open one that is not closed."""
    open_ones: list[int] = []
    lone_closer = None
    for at in range(span.start, span.end):
        mark = text[at]
        if open_ones and mark == _PAIRS[text[open_ones[-1]]]:
            open_ones.pop()
        elif mark in _PAIRS:
            open_ones.append(at)
        elif mark in _CLOSERS and lone_closer is None:
            lone_closer = at
    return lone_closer, open_ones[-1] if open_ones else None
