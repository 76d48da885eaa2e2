"""Answers as HTML; whatever comes from a document, a model or a user is text in it and never markup.

Each message is one line that begins with a block tag, so that the chat's Markdown reader passes it through.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answer_text import caveats
from qa.domain import Answer, Citation, RankedPassage, Statement, StatementReady
from qa.parsing.text import clean

_SHOWN_NEAREST = 3
_STATUS_WORDS = {"answered": "Answered", "partial": "Partly answered", "not_found": "Not found"}
# All but letters, digits and the plain space: those alone mean nothing in HTML, Markdown, LaTeX or addresses.
_NOT_PLAIN = re.compile(r"[^\w ]|_")


def escape(text: str) -> str:
    """Give text that shows as it is and can load, link or run nothing, in HTML and in Markdown alike.

    Invisible characters are taken out, and line breaks become references: the result is one line.
    """
    return _NOT_PLAIN.sub(lambda match: f"&#{ord(match[0])};", clean(text))


def question_html(question: str) -> str:
    """Give the user's own words as a message."""
    return _block("qa-question", escape(question.strip()))


def searching_html() -> str:
    """Give the message that stands until the first statement is there."""
    return _block("qa-searching", "Searching the documents…")


def error_html(message: str) -> str:
    """Give a message that says what went wrong and what to do next."""
    return _block("qa-error", escape(message))


def unfinished_html(events: Sequence[StatementReady], growing: str = "") -> str:
    """Give what is known of an answer while it streams.

    Args:
        events: The statements so far and what they cite.
        growing: The words of the next statement so far, of which nothing is checked; empty when there are none.
    """
    citations = [citation for event in events for citation in event.citations]
    statements = [event.statement for event in events]
    unchecked = _line("qa-growing", growing) if growing else ""
    return _block("qa-answer", _statements(statements), unchecked, _citations(citations))


def answer_html(answer: Answer) -> str:
    """Give a whole answer: statements, citations with quotes, notices, who answered and in what time."""
    rewritten = answer.standalone_question != answer.question
    return _block(
        "qa-answer",
        _line("qa-aside", f"Searched for: {answer.standalone_question}") if rewritten else "",
        _statements(answer.statements) if answer.statements else _line("qa-statements", answer.text),
        _line("qa-short", f"Short answer: {answer.short_answer}") if answer.short_answer else "",
        *(_line("qa-notice", caveat) for caveat in caveats(answer)),
        _citations(answer.citations),
        _nearest(answer.passages) if answer.status == "not_found" else "",
        *(_line("qa-notice", f"Note: {notice}") for notice in answer.notices),
        _line("qa-aside", _account(answer)),
    )


def _account(answer: Answer) -> str:
    parts = [_STATUS_WORDS[answer.status], answer.model, answer.usage.in_words(), f"{answer.seconds.total:.2f} s"]
    return " · ".join(filter(None, parts))


def _block(name: str, *parts: str) -> str:
    return f'<div class="{name}">{"".join(parts)}</div>'


def _line(name: str, text: str) -> str:
    return f'<p class="{name}">{escape(text)}</p>'


def _statements(statements: Sequence[Statement]) -> str:
    return f'<p class="qa-statements">{" ".join(map(_statement, statements))}</p>' if statements else ""


def _statement(statement: Statement) -> str:
    numbers = "".join(f" <sup>&#91;{number}&#93;</sup>" for number in statement.citations)
    return f"{escape(statement.text)}{numbers}{_warning(statement.verified)}"


def _citations(citations: Sequence[Citation]) -> str:
    items = (
        f"<li>{_citation_place(citation)}<blockquote>{_quote(citation)}</blockquote></li>" for citation in citations
    )
    return f'<ul class="qa-citations">{"".join(items)}</ul>' if citations else ""


def _citation_place(citation: Citation) -> str:
    page = f", page {citation.page}" if citation.page is not None else ""
    place = f"{citation.document_id}{page}, characters {citation.start}–{citation.end}"
    return f"&#91;{citation.number}&#93; {_place(citation.title, place)}{_warning(citation.verified)}"


def _warning(verified: bool) -> str:
    return "" if verified else ' <span class="qa-unverified">not verified</span>'


def _place(title: str, place: str) -> str:
    return f'<b>{escape(title)}</b> <span class="qa-place">{escape(place)}</span>'


def _quote(citation: Citation) -> str:
    """Give the quote, with the words that answer marked when they are known and lie inside it."""
    if citation.answer_start is None or citation.answer_end is None:
        return escape(citation.quote)
    start, end = citation.answer_start - citation.start, citation.answer_end - citation.start
    if not 0 <= start < end <= len(citation.quote):
        return escape(citation.quote)
    before, words, after = citation.quote[:start], citation.quote[start:end], citation.quote[end:]
    return f"{escape(before)}<mark>{escape(words)}</mark>{escape(after)}"


def _nearest(passages: Sequence[RankedPassage]) -> str:
    if not passages:
        return ""
    shown = [ranked.passage for ranked in passages[:_SHOWN_NEAREST]]
    items = "".join(
        f"<li>{_place(passage.title, f'{passage.document_id}, characters {passage.start}–{passage.end}')}"
        f"<blockquote>{escape(passage.text)}</blockquote></li>"
        for passage in shown
    )
    summary = escape(f"Nearest passages ({len(shown)}); they were not found to answer the question")
    return f'<details><summary>{summary}</summary><ul class="qa-citations">{items}</ul></details>'
