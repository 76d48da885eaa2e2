"""Documents → passages and sentences, always by slicing spans, never by searching for text."""

from __future__ import annotations

import hashlib
import itertools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

import sentencex

from qa.domain import Document, Passage, Span

# Hard-wrapped text is this wide: longer lines are whole paragraphs, shorter ones lists of words or numbers.
_NARROWEST_WRAP, _WIDEST_WRAP = 40, 100
# sentencex takes time with the square of a stretch's length where opened quotation marks are not closed.
_STRETCH_CHARS = 10_000
_LINE = re.compile(r"[^\n]*\n?")
_LIST_ITEM_OR_HEADING = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)]|#{1,6}|\||>)\s")
_BREAKS = (re.compile(r"[.!?…]\s|[。！？]"), re.compile(r"\s"))
_CLOSING_MARKS = re.compile(r"[*_]+(?=\s|$)")
_TERMINAL = re.compile(r"""[.!?…:。！？]["'”’»)\]]*\s*$""")


def sentence_spans(text: str) -> list[Span]:
    """Cut text into sentences, headings and list items; white space around them is left out.

    A line break ends a sentence unless the text is hard-wrapped; there a blank line, a heading or a list item
    does.
    """
    spans: list[Span] = []
    for block in _blocks(text):
        for stretch in _stretches(text, block):
            for boundary in sentencex.get_sentence_boundaries("en", stretch.of(text)):
                span = _stripped(text, stretch.start + boundary["start_index"], stretch.start + boundary["end_index"])
                if span is not None:
                    spans.append(span)
    return _with_closing_marks(text, spans)


def _with_closing_marks(text: str, spans: list[Span]) -> list[Span]:
    """Give Markdown's closing marks to the sentence that they close: "**Why?**" ends after the second pair."""
    moved: list[Span] = []
    for span in spans:
        marks = _CLOSING_MARKS.match(text, span.start, span.end)
        if marks is not None and moved and moved[-1].end == span.start:
            moved[-1] = Span(start=moved[-1].start, end=marks.end())
            rest = _stripped(text, marks.end(), span.end)
            moved += [rest] if rest is not None else []
        else:
            moved.append(span)
    return moved


def make_passages(document: Document, spans: Iterable[Span], splitter_fingerprint: str) -> list[Passage]:
    """Turn a document's spans into passages, in the order of `spans`."""
    return [_passage(document, span, splitter_fingerprint) for span in spans]


def page_at(page_starts: tuple[int, ...], offset: int) -> int | None:
    """Give the 1-based page that holds the character at `offset`; None when there are no pages."""
    return max(1, bisect_right(page_starts, offset)) if page_starts else None


def searchable_title(document_title: str, passage_text: str) -> str:
    """Give the title to index with a passage: empty when the passage itself begins with it.

    Plain text files take their title from their first line; counting it twice would favour first passages.
    """
    return "" if passage_text.lstrip("# ").startswith(document_title.rstrip("…")) else document_title


def _passage(document: Document, span: Span, splitter_fingerprint: str) -> Passage:
    text = span.of(document.text)
    key = "\x00".join((document.id, str(span.start), str(span.end), text, splitter_fingerprint))
    return Passage(
        id=hashlib.sha256(key.encode()).hexdigest()[:32],
        document_id=document.id,
        title=document.title,
        source=document.source,
        text=text,
        start=span.start,
        end=span.end,
        page=page_at(document.page_starts, span.start),
    )


def _blocks(text: str) -> Iterator[Span]:
    """Give the stretches of text within which sentences may run over line breaks."""
    lines = [Span(start=match.start(), end=match.end()) for match in _LINE.finditer(text) if match.group()]
    wrapped = _is_hard_wrapped([line.of(text) for line in lines])
    start = 0
    for line, following in zip(lines, [*lines[1:], None], strict=False):  # without lines, no turn at all
        if following is None or _ends_block(line.of(text), following.of(text), wrapped):
            yield Span(start=start, end=line.end)
            start = line.end


def _stretches(text: str, block: Span) -> Iterator[Span]:
    """Cut a very long block after a sentence, else at white space, else anywhere."""
    start = block.start
    while block.end - start > _STRETCH_CHARS:
        end = _last_break(text, start + _STRETCH_CHARS // 2, start + _STRETCH_CHARS)
        yield Span(start=start, end=end)
        start = end
    yield Span(start=start, end=block.end)


def _last_break(text: str, low: int, high: int) -> int:
    for pattern in _BREAKS:
        if ends := [match.end() for match in pattern.finditer(text, low, high)]:
            return ends[-1]
    return high


def _ends_block(line: str, following: str, wrapped: bool) -> bool:
    if not line.strip() or not following.strip():
        return True
    if _LIST_ITEM_OR_HEADING.match(following) or line.lstrip().startswith("#"):
        return True
    return not wrapped


def _is_hard_wrapped(lines: list[str]) -> bool:
    filled = [line.rstrip() for line in lines if line.strip()]
    if len(filled) < 4:
        return False
    inner = [
        line
        for line, following in itertools.pairwise(lines)
        if line.strip() and following.strip() and not _TERMINAL.search(line)
    ]
    longest = sorted(len(line) for line in filled)[int(0.95 * (len(filled) - 1))]
    mean_inner = sum(map(len, inner)) / len(inner) if inner else 0
    fits = _NARROWEST_WRAP <= longest <= _WIDEST_WRAP
    return fits and mean_inner >= longest * 0.7 and len(inner) >= len(filled) // 3


def _stripped(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start=start, end=end) if start < end else None
