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
_NUMBERED = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*[.)]?|[ivxIVX]{1,5}[.)]|[a-zA-Z][.)])\s+(?=\S)")
_MARK = re.compile(r"^(?:#{1,6}|[-*+•–])\s+")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=[\w.:!?)])[*_](?!\w)")
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
    section, label = tuple[Token, ...](), tuple[Token, ...]()
    header: Span | None = None
    in_list, asked = False, None
    for number, span in enumerate(spans):
        line = span.of(text)
        if is_table_row(line):
            following = spans[number + 1].of(text) if number + 1 < len(spans) else ""
            if is_separator(line):
                continue
            if is_table_row(following) and is_separator(following):
                header = span
                continue
            lead = (*section, *label, *(_tokens(header.of(text)) if header else ()))
            yield Line(span, lead, said_row(line, header.of(text) if header else None), header)
            in_list = True
            continue
        header = None
        if line.startswith("#"):
            section, label, in_list = _tokens(line), (), False
            if _DATED.search(line):
                yield Line(span, ())
        elif is_label(line):
            is_heading = _NUMBERED.match(line) is not None and not is_question(line)
            asked = span if is_question(line) else None
            section, label = (_tokens(line), ()) if is_heading else (section, (*label, *_tokens(line)))
            in_list = False
        else:
            is_entry = LABELLED.match(line) is not None and len(_tokens(line)) <= _LONGEST_ENTRY
            is_item = is_entry or _LIST_ITEM.match(line) is not None
            if in_list and not is_item:
                label = ()
            said = said_line(line) if is_entry or asked is not None else None
            yield Line(span, (*section, *label), said, asked=asked)
            asked = None
            in_list = is_item
            label = label if is_item else ()


def as_shown(line: str) -> str:
    """Give a line as the user sees it: on one line, without Markdown's marks of headings, items and emphasis."""
    return " ".join(_EMPHASIS.sub("", _MARK.sub("", line)).split())


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
