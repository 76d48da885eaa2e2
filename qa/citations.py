"""Quotes → citations that code has verified against the library."""

from __future__ import annotations

from dataclasses import dataclass, field

from qa.domain import Citation, Statement, StatementReady
from qa.interfaces import DraftQuote, DraftStatement
from qa.snapshot import Snapshot
from qa.splitting import page_at


@dataclass
class Citer:
    """Numbers the citations of one answer 1, 2, 3 … in order of first use and checks each quote."""

    snapshot: Snapshot
    _citations: dict[tuple[str, int, int], Citation] = field(default_factory=dict)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations so far, by number."""
        return tuple(self._citations.values())

    def cite(self, draft: DraftStatement) -> StatementReady:
        """Turn a draft into a statement whose citations are marked verified or not.

        A quote that is not in its passage gets no citation, since there is no place to point to; the
        statement is then marked unverified.
        """
        before = len(self._citations)
        numbers: list[int] = []
        all_found = bool(draft.quotes)
        for quote in draft.quotes:
            citation = self._citation(quote)
            if citation is None:
                all_found = False
            elif citation.number not in numbers:
                numbers.append(citation.number)
        new = self.citations[before:]
        verified = all_found and all(self.citations[number - 1].verified for number in numbers)
        statement = Statement(text=draft.text, citations=tuple(sorted(numbers)), verified=verified)
        return StatementReady(statement=statement, citations=new)

    def _citation(self, quote: DraftQuote) -> Citation | None:
        start = _locate(quote)
        if start is None:
            return None
        end = start + len(quote.text)
        place = (quote.passage.document_id, start, end)
        if place not in self._citations:
            passage = quote.passage
            self._citations[place] = Citation(
                number=len(self._citations) + 1,
                document_id=passage.document_id,
                title=passage.title,
                source=passage.source,
                page=page_at(self.snapshot.page_starts(passage.document_id), start),
                start=start,
                end=end,
                quote=quote.text,
                verified=self.snapshot.text_of(passage.document_id, start, end) == quote.text,
                answer_start=quote.answer.start if quote.answer else None,
                answer_end=quote.answer.end if quote.answer else None,
            )
        return self._citations[place]


def _locate(quote: DraftQuote) -> int | None:
    """Give the quote's offset in its document; None when its passage does not have it there, or anywhere."""
    passage = quote.passage
    if quote.start is not None:
        within = quote.start - passage.start
        inside = within >= 0 and passage.text[within : within + len(quote.text)] == quote.text
        return quote.start if inside and quote.text else None
    at = passage.text.find(quote.text) if quote.text else -1
    return passage.start + at if at >= 0 else None
