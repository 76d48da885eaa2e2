"""Quotes with what matters in them marked: the words that answer, and what citation and evidence share."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from eval.cases import Evidence
from eval.reports.page.markup import Content, Markup, element, joined
from eval.scorers.citations import shared_offsets
from qa.domain import Citation


def citation_quote(citation: Citation, evidence: Sequence[Evidence]) -> Markup:
    """Give a citation's quote: the words that answer are marked, what is expected evidence too is underlined."""
    answering = range(0)
    if citation.answer_start is not None and citation.answer_end is not None:
        answering = range(citation.answer_start, citation.answer_end)
    return marked(citation.quote, citation.start, answering, [shared_offsets(citation, item) for item in evidence])


def evidence_quote(evidence: Evidence, citations: Sequence[Citation]) -> Markup:
    """Give an evidence's quote with what the citations cover of it underlined."""
    return marked(evidence.quote, evidence.start, range(0), [shared_offsets(item, evidence) for item in citations])


def shared_characters(citations: Sequence[Citation], evidence: Sequence[Evidence]) -> int:
    """Give how many characters the two have in common, each counted once."""
    return len(
        {
            (item.document, offset)
            for citation in citations
            for item in evidence
            for offset in shared_offsets(citation, item)
        }
    )


def marked(quote: str, start: int, answering: range, underlined: Sequence[range]) -> Markup:
    """Give a quote in stretches.

    Args:
        quote: The text.
        start: The offset of its first character; the ranges count from where it does.
        answering: What to mark; what lies outside the quote is left out.
        underlined: What to underline, likewise; ranges may overlap.
    """
    ends = {offset - start for span in (answering, *underlined) for offset in (span.start, span.stop) if span}
    cuts = sorted({0, len(quote), *(end for end in ends if 0 < end < len(quote))})
    stretches = []
    for low, high in pairwise(cuts):
        text: Content = quote[low:high]
        if any(start + low in span for span in underlined):
            text = element("u", text)
        if start + low in answering:
            text = element("mark", text)
        stretches.append(text)
    return joined(stretches)
