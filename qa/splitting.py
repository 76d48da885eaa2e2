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
# A line of less than so much of the width was not broken for want of room. So many lines that were make a wrapped text.
_EARLY, _FEWEST_FULL = 0.7, 4
_FULL = 0.9  # of the width; not every text is wrapped by a program
# sentencex takes time with the square of a stretch's length where opened quotation marks are not closed.
_STRETCH_CHARS = 10_000
_LINE = re.compile(r"[^\n]*\n?")
_LIST_ITEM_OR_HEADING = re.compile(r"\s*(?:[-*+•–]|\d{1,3}[.)]|#{1,6}|\||>)\s")
LABELLED = re.compile(r"[-*•\s]*[A-Z][\w '’/-]{1,24}:[*_]*\s")
"""The beginning of a line that tells something by its name: "Date: …", "- **Moving house:** …"."""
_ITEM_NUMBER = re.compile(r"\(?(?:\d{1,3}|[ivxIVX]{1,5}|[a-zA-Z])[.)]")
_TABLE_ROW = re.compile(r"\s*\|.*\|\s*", re.DOTALL)
_BREAKS = (re.compile(r"[.!?…]\s|[。！？]"), re.compile(r"\s"))
_CLOSING_MARKS = re.compile(r"[*_]+(?=\s|$)")
_TERMINAL = re.compile(r"""[.!?…:。！？]["'”’»)\]]*\s*$""")


def sentence_spans(text: str) -> list[Span]:
    """Cut text into sentences, headings and list items; white space around them is left out.

    A line break ends a sentence unless the text is hard-wrapped; there a blank line, a heading, a list item, a label
    ("Date: …") and a line that ends early do. A row of a Markdown table is one sentence, whatever its cells hold.
    """
    spans: list[Span] = []
    for block in _blocks(text):
        if is_table_row(block.of(text)):
            row = _stripped(text, block.start, block.end)
            spans += [row] if row is not None else []
            continue
        for stretch in _stretches(text, block):
            start = stretch.start
            for boundary in sentencex.get_sentence_boundaries("en", stretch.of(text)):
                span = _stripped(text, start, stretch.start + boundary["end_index"])
                is_number = span is not None and span.start == _first_mark(text, stretch.start)
                if span is not None and not (is_number and _ITEM_NUMBER.fullmatch(span.of(text))):
                    spans.append(span)
                    start = span.end
            rest = _stripped(text, start, stretch.end)
            spans += [rest] if rest is not None else []
    return _with_closing_marks(text, spans)


def is_table_row(line: str) -> bool:
    """Tell whether a line is a row of a Markdown table, its separator included."""
    return _TABLE_ROW.fullmatch(line) is not None


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
    width = _wrapped_at([line.of(text) for line in lines])
    start = 0
    for line, following in zip(lines, [*lines[1:], None], strict=False):  # without lines, no turn at all
        if following is None or _ends_block(line.of(text), following.of(text), width):
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


def _ends_block(line: str, following: str, width: int | None) -> bool:
    if width is None or not line.strip() or not following.strip():
        return True
    if _LIST_ITEM_OR_HEADING.match(following) or line.lstrip().startswith("#") or is_table_row(line):
        return True
    full = _is_full(line, following, width)
    if LABELLED.match(following):
        return not full or bool(_TERMINAL.search(line))
    goes_on = line.rstrip().endswith(",") or following.lstrip()[0].islower()
    return len(line.rstrip()) < _EARLY * width and not full and not goes_on


def _wrapped_at(lines: list[str]) -> int | None:
    """Give the width in characters at which a text was hard-wrapped; None when it was not."""
    filled = [line.rstrip() for line in lines if line.strip()]
    if len(filled) < 4:
        return None
    breaks = [
        (line, following)
        for line, following in itertools.pairwise(lines)
        if line.strip() and following.strip() and not _TERMINAL.search(line)
    ]
    width = sorted(map(len, filled))[int(0.95 * (len(filled) - 1))]
    if not breaks or not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return None
    mean_broken = sum(len(line) for line, _ in breaks) / len(breaks)
    if mean_broken >= width * _EARLY and len(breaks) >= len(filled) // 3:
        return width
    # Among the labels and headings of minutes and forms: were most other lines broken for want of room?
    full = [_is_full(line, following, width) for line, following in breaks if not _starts_anew(line, following)]
    return width if sum(full) >= max(_FEWEST_FULL, 0.5 * len(full)) else None


def _starts_anew(line: str, following: str) -> bool:
    """Tell whether a line break stands after a heading, or before a list item or label, which needs one anyway."""
    return any(
        pattern.match(text) for text, pattern in ((line, _LIST_ITEM_OR_HEADING), (following, _LIST_ITEM_OR_HEADING))
    ) or bool(LABELLED.match(following))


def _first_mark(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start


def _is_full(line: str, following: str, width: int) -> bool:
    """Tell whether a line had hardly room for the next line's first word."""
    return len(line.rstrip()) + 1 + len(following.split(maxsplit=1)[0]) > _FULL * width


def _stripped(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start=start, end=end) if start < end else None
