"""Quotes → citations that code has verified against the library."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from qa.answering.lines import as_shown
from qa.answering.rows import cells_of, said_row
from qa.domain import Citation, Passage, Span, Statement, StatementReady
from qa.facts import denies, negation_differs, unsupported_facts
from qa.interfaces import DraftQuote, DraftStatement
from qa.quotes import closest_sentence, find_quote, speaks_of_the_same
from qa.snapshot import Snapshot
from qa.splitting import is_table_row, page_at

_SENTENCE_END = re.compile(r"[.!?;:\n]\s|\n(?=[-*+•–|]\s)")  # rows of tables and items of lists begin anew
_LEAD_IN_WORDS = 12
_DENIAL = re.compile(r"no|none|never|not\b.*", re.IGNORECASE)
_DIGIT = re.compile(r"\d")


@dataclass
class Citer:
    """Numbers the citations of one answer 1, 2, 3 … in order of first use and checks each quote."""

    snapshot: Snapshot
    _citations: dict[tuple[str, int, int], Citation] = field(default_factory=dict)
    _passages: dict[tuple[str, int, int], Passage] = field(default_factory=dict)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations so far, by number."""
        return tuple(self._citations.values())

    def cite(self, draft: DraftStatement) -> StatementReady:
        """Turn a draft into a statement whose citations are marked verified or not.

        A quote that is not verbatim is looked for in its passage with other typography, then with small slips; where
        it is not there at all, the sentence of the passage that the statement follows from takes its place. A quote
        that cannot be mended gets no citation, since there is no place to point to; the statement is then marked
        unverified, and so it is when a number, date or name of it is in none of its quotes, or a "not" is in one
        and not in the other.
        """
        before = len(self._citations)
        cited = [self._citation(draft, quote) for quote in draft.quotes]
        found = list(dict.fromkeys(citation for citation in cited if citation is not None))
        if found and not self._holds_facts(draft, found):
            found += self._further(draft, found)
        verified = (
            bool(cited)
            and None not in cited
            and all(citation.verified for citation in found)
            and self._holds_facts(draft, found)
        )
        numbers = tuple(sorted({citation.number for citation in found}))
        statement = Statement(text=draft.text, citations=numbers, verified=verified)
        return StatementReady(statement=statement, citations=self.citations[before:])

    def _citation(self, draft: DraftStatement, quote: DraftQuote) -> Citation | None:
        span = _locate(quote, draft.text)
        if span is None or quote.passage is None:
            return None
        return self._at(quote.passage, span, quote.answer)

    def _at(self, passage: Passage, span: Span, answer: Span | None = None) -> Citation:
        """Give the citation of a span of a passage's text; the same place always has the same number."""
        start, end = passage.start + span.start, passage.start + span.end
        place = (passage.document_id, start, end)
        if place not in self._citations:
            quote = span.of(passage.text)
            self._passages[place] = passage
            self._citations[place] = Citation(
                number=len(self._citations) + 1,
                document_id=passage.document_id,
                title=passage.title,
                source=passage.source,
                page=page_at(self.snapshot.page_starts(passage.document_id), start),
                start=start,
                end=end,
                quote=quote,
                verified=self.snapshot.text_of(passage.document_id, start, end) == quote,
                answer_start=answer.start if answer else None,
                answer_end=answer.end if answer else None,
            )
        return self._citations[place]

    def _holds_facts(self, draft: DraftStatement, citations: Sequence[Citation]) -> bool:
        quotes = [citation.quote for citation in citations]
        leads = [self._lead_in(citation) for citation in citations]
        same = [lead for quote, lead in zip(quotes, leads, strict=True) if _is_shown(draft.text, quote)]
        if any(not lead or not negation_differs(draft.text, [lead + draft.text]) for lead in same):
            return True
        if _is_said_row(draft.text, quotes):
            return True
        if not denies(draft.text) and any(map(_is_denied_row, quotes)):
            return False
        if negation_differs(draft.text, [lead + quote for lead, quote in zip(leads, quotes, strict=True)]):
            return False
        said = [*quotes, *(citation.title for citation in citations)]
        return speaks_of_the_same(draft.text, said) and not unsupported_facts(draft.text, said)

    def _lead_in(self, citation: Citation) -> str:
        """Give the words of the same sentence before the quote: a "not" among them turns its meaning round."""
        passage = self._passages[citation.document_id, citation.start, citation.end]
        before = passage.text[: citation.start - passage.start]
        words = _SENTENCE_END.split(before)[-1].split()[-_LEAD_IN_WORDS:]
        return "".join(f"{word} " for word in words)

    def _further(self, draft: DraftStatement, citations: Sequence[Citation]) -> list[Citation]:
        """Give one more citation, from a passage already cited, that brings what the statement lacks; [] if none."""
        for citation in citations:
            passage = self._passages[citation.document_id, citation.start, citation.end]
            span = closest_sentence(draft.text, passage.text, title=passage.title)
            if span is not None:
                lacking = unsupported_facts(
                    draft.text, [*(each.quote for each in citations), citation.title, span.of(passage.text)]
                )
                if not lacking:
                    return [self._at(passage, span)]
        return []


def _is_shown(statement: str, quote: str) -> bool:
    """Tell whether a statement is its quote as the answerer shows it, with every digit."""
    return statement == quote or (statement == as_shown(quote) and _DIGIT.findall(statement) == _DIGIT.findall(quote))


def _is_said_row(statement: str, quotes: Sequence[str]) -> bool:
    """Tell whether a statement is one of the quotes, a row of a table, said with the names that another one gives."""
    rows = [quote for quote in quotes if is_table_row(quote)]
    return any(
        statement == as_shown(said_row(row, header).text)
        for row in rows
        for header in (None, *rows)
        if header is not row
    )


def _is_denied_row(quote: str) -> bool:
    """Tell whether a quote is a row of two cells, one of which denies the other: "| Smoking allowed | Never |"."""
    cells = [cell.of(quote) for cell in cells_of(quote)] if is_table_row(quote) else []
    return len(cells) == 2 and any(_DENIAL.fullmatch(cell) for cell in cells)


def _locate(quote: DraftQuote, statement: str) -> Span | None:
    """Give the quote's place in its passage's text; None when there is none."""
    passage = quote.passage
    if passage is None or not quote.text:
        return None
    if quote.start is not None:
        within = quote.start - passage.start
        inside = within >= 0 and passage.text[within : within + len(quote.text)] == quote.text
        return Span(start=within, end=within + len(quote.text)) if inside else None
    return find_quote(quote.text, passage.text) or closest_sentence(statement, passage.text, title=passage.title)
