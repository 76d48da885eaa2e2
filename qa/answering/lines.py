"""The lines of a passage that can answer, and the headings, questions and header rows that say what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qa.answering.rows import Said, is_separator, said_line, said_row
from qa.answering.terms import Token, tokenize
from qa.domain import Span
from qa.splitting import LABELLED, is_table_row, sentence_spans

# A line without a full stop and of so few words is a heading or a label, not a sentence.
_LONGEST_LABEL = 4
# "Date: …" of at most so many words is an entry; what is longer is a sentence, which its passage helps to read.
_LONGEST_ENTRY = 10
_CLOSING = "*_\"'”’)] \n"
_TERMINAL = (".", "!", "…", ";")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})+[.)]?|\d{1,3}[.)]|[ivxIVX]{1,5}[.)]|[a-zA-Z][.)])\s+(?=\S)")
# A dash or plus before a number may be its sign, and stars between numbers or names are no emphasis.
_MARK = re.compile(r"^(?:#{1,6}\s+|[*•]\s+|[-+–]\s+(?!\d))")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*]+?)(?<=[^\s*])\1(?![\w*])")
_BULLET = re.compile(r"[-*+•–]\s")
_LIST_ITEM = re.compile(r"[-*+•–]\s|\(?(?:\d{1,3}|[a-zA-Z])[.)]\s")
# "## 3.1.0 (6 February 2024)" says when.
_DATED = re.compile(r"\b\d{1,2}\.? [A-Z][a-z]+,? \d{4}\b|\b[A-Z][a-z]+ \d{1,2}, \d{4}\b|\b\d{4}-\d{2}-\d{2}\b")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, list item or row of a passage; all places are in the passage's text.

    Attributes:
        lead: The words that it belongs to: those of its section's heading, of the question or label before it, and of
            its table's header.
        said: A row, or a line that begins with a label, in words; None for others, which a passage is needed to read.
        header: Where the header row of its table stands; None where it has none.
        asked: Where the question stands that it follows, as in a list of questions and answers; None where it does not.
    """

    span: Span
    lead: tuple[Token, ...]
    said: Said | None = None
    header: Span | None = None
    asked: Span | None = None


def answering_lines(text: str) -> Iterator[Line]:
    """Give the lines that can answer, in order; a heading, a question or a label cannot, it leads to what follows.

    A heading leads to all of its section; a question or label to the next sentence, or to the whole list or table.
    """
    spans = sentence_spans(text)
    leads, table, headings = _Leads(), _Table(text), _headings(text, spans)
    for number, span in enumerate(spans):
        following = spans[number + 1] if number + 1 < len(spans) else None
        if table.takes(span, following):
            leads.asked = None
            if table.row is not None:
                yield Line(span, (*leads.tokens(in_list=True), *table.header_tokens), table.row, table.header)
        else:
            yield from _answering(span, span.of(text), leads, heads=span.start in headings)


def _headings(text: str, spans: Sequence[Span]) -> set[int]:
    """Give where the short lines begin that stand above their text, as a heading does, with an empty line before them.

    What looks so after a question may be its answer; it is a heading where the text has such headings elsewhere.
    """
    alike = [
        (span.start, number > 0 and is_question(spans[number - 1].of(text)))
        for number, span in enumerate(spans)
        if _stands_above(text, span) and is_label(span.of(text)) and not is_question(span.of(text))
    ]
    return {start for start, _ in alike if not all(follows for _, follows in alike)}


def _stands_above(text: str, span: Span) -> bool:
    """Tell whether a line has an empty one, or nothing, before it and text right below it."""
    above, _, before = text[: span.start].rpartition("\n")
    _, _, rest = text[span.end :].partition("\n")
    below = rest.partition("\n")[0].strip()
    opens = not before.strip() and (not above.strip() or above.rstrip(" \t").endswith("\n"))
    return (
        opens and bool(below) and not below.startswith("#") and text[span.start : span.end].strip()[-1] not in _TERMINAL
    )


def _answering(span: Span, line: str, leads: _Leads, *, heads: bool) -> Iterator[Line]:
    """Give the line, unless it only leads to others, which `leads` then holds; `heads`: it is one of `_headings`."""
    if line.startswith("#"):
        leads.section, leads.label, leads.in_list = _tokens(line), (), False
        leads.asked = span if is_question(line) else None
        if _DATED.search(line):
            yield Line(span, ())
    elif is_label(line) and (leads.asked is None or heads or is_question(line) or line.rstrip(_CLOSING).endswith(":")):
        leads.asked = span if is_question(line) else None
        if _NUMBERED.match(line) is not None and leads.asked is None:
            leads.section, leads.label = _tokens(line), ()
        else:
            leads.label = (*(() if heads or leads.in_list else leads.label), *_tokens(line))
        leads.in_list = False
    else:
        is_entry = LABELLED.match(line) is not None and len(_tokens(line)) <= _LONGEST_ENTRY
        said = said_line(line) if is_entry or leads.asked is not None else None
        lead = leads.tokens(in_list=is_entry or _LIST_ITEM.match(line) is not None)
        yield Line(span, lead, said, asked=leads.asked)
        leads.asked = None


@dataclass
class _Leads:
    """What leads to the next line: its section's heading, and the question or label right before it or its list."""

    section: tuple[Token, ...] = ()
    label: tuple[Token, ...] = ()
    asked: Span | None = None
    in_list: bool = False

    def tokens(self, *, in_list: bool) -> tuple[Token, ...]:
        """Give the words that lead to a line, one of a list or table or not, and go on to what follows it."""
        if self.in_list and not in_list:
            self.label = ()
        tokens = (*self.section, *self.label)
        self.in_list = in_list
        self.label = self.label if in_list else ()
        return tokens


@dataclass
class _Table:
    """The table that is being read, row by row.

    Attributes:
        row: The last row in words; None for a header, a separator and a row without words.
        header: Where the header row stands; None without one, or where it is in another passage.
    """

    text: str
    row: Said | None = None
    header: Span | None = None
    header_tokens: tuple[Token, ...] = ()
    _last: Span | None = None
    _rows: int = 0

    def takes(self, span: Span, following: Span | None) -> bool:
        """Take the next line where it is a row, which has another one right before or after it; tell whether it is."""
        line = span.of(self.text)
        goes_on = self._last is not None and self._joins(self._last, span)
        begins = following is not None and self._joins(span, following) and is_table_row(following.of(self.text))
        if not (is_table_row(line) and (goes_on or begins)):
            self._last = None
            return False
        if not goes_on:
            self.header, self.header_tokens, self._rows = None, (), 0
        self._last, self.row = span, None
        if begins and self._rows == 0 and following is not None and is_separator(following.of(self.text)):
            self.header, self.header_tokens = span, _tokens(line)
        elif not (is_separator(line) and self._rows <= 1):
            said = said_row(line, None if self.header is None else self.header.of(self.text))
            self.row = said if said.text else None
        self._rows += 1
        return True

    def _joins(self, span: Span, following: Span) -> bool:
        """Tell whether one line comes right after another, without an empty one between them."""
        return self.text.count("\n", span.end, following.start) <= 1


def as_shown(line: str) -> str:
    """Give a line as the user sees it: on one line, without Markdown's marks of headings, items and emphasis."""
    return " ".join(_EMPHASIS.sub(r"\2", _MARK.sub("", line)).split())


def is_question(line: str) -> bool:
    """Tell whether a line ends as a question does, whatever marks are around it."""
    return line.rstrip(_CLOSING).endswith("?")


def is_label(line: str) -> bool:
    """Tell whether a line is a question, a heading or a label, which leads to what follows and does not answer."""
    unnumbered = _NUMBERED.sub("", line, count=1) if not is_table_row(line) else line
    end = line.rstrip(_CLOSING)[-1:]
    if end == "?" or line.startswith("#"):
        return True
    if end != ":" and (_BULLET.match(line) or LABELLED.match(line)):
        return False  # however short, as items of a list and entries are
    tokens: Sequence[Token] = tokenize(unnumbered)
    return len(tokens) <= (_LONGEST_LABEL if end not in _TERMINAL else 1) and not any(
        token.is_number for token in tokens
    )


def _tokens(line: str) -> tuple[Token, ...]:
    return tuple(tokenize(line))
