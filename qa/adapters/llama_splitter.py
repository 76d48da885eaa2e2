"""llama-index's `SentenceSplitter`, made to keep exact spans."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from qa.domain import Span
from qa.splitting import sentence_spans

# The two supplementary private-use planes: characters that mean nothing, are no white space, and that no
# regular expression of llama-index's matches. One stands for one sentence.
_FIRST_STAND_IN = 0xF0000
_STAND_INS = 0xFFFE
_PARAGRAPH = "\n\n\n"

CountTokens = Callable[[Sequence[str]], list[int]]


class LlamaSentenceSplitter:
    """Packs whole sentences into passages of at most `passage_tokens`, paragraphs kept together where they fit.

    llama-index returns strings and looks for them in the document afterwards, so a repeated sentence gets the
    wrong place (https://github.com/run-llama/llama_index/pull/20050). Here it never sees the text: each sentence
    is one stand-in character whose "tokens" are the sentence's, so what comes back says which sentences belong
    together, and the span follows from them.
    """

    def __init__(self, *, passage_tokens: int, overlap_tokens: int, count_tokens: CountTokens) -> None:
        self._passage_tokens = passage_tokens
        self._overlap_tokens = overlap_tokens
        self._count_tokens = count_tokens

    @property
    def fingerprint(self) -> str:
        """Name and settings, as the library records them."""
        return f"llama-sentence/2/{self._passage_tokens}/{self._overlap_tokens}"

    def split(self, text: str) -> list[Span]:
        """Give the spans of the passages, in order; overlapping ones share whole sentences."""
        pieces = [piece for span in sentence_spans(text) for piece in self._within_limit(text, span)]
        sizes = self._count_tokens([piece.of(text) for piece in pieces])
        spans: list[Span] = []
        for first in range(0, len(pieces), _STAND_INS):
            last = first + _STAND_INS
            spans.extend(self._pack(text, pieces[first:last], sizes[first:last]))
        return spans

    def _pack(self, text: str, pieces: Sequence[Span], sizes: Sequence[int]) -> Iterator[Span]:
        encoded = "".join(
            (_PARAGRAPH if previous is not None and "\n" in text[previous.end : piece.start] else "")
            + chr(_FIRST_STAND_IN + number)
            for number, (previous, piece) in enumerate(zip([None, *pieces], pieces, strict=False))
        )
        for packed in self._splitter(sizes).split_text(encoded):
            numbers = [ord(character) - _FIRST_STAND_IN for character in packed if character != "\n"]
            yield Span(start=pieces[numbers[0]].start, end=pieces[numbers[-1]].end)

    def _splitter(self, sizes: Sequence[int]) -> Any:
        from llama_index.core.node_parser import SentenceSplitter  # takes 3 s to import

        def tokens(encoded: str) -> Iterable[int]:
            return range(sum(sizes[ord(character) - _FIRST_STAND_IN] for character in encoded if character != "\n"))

        return SentenceSplitter(
            chunk_size=self._passage_tokens,
            chunk_overlap=self._overlap_tokens,
            tokenizer=tokens,
            paragraph_separator=_PARAGRAPH,
            chunking_tokenizer_fn=list,
            secondary_chunking_regex=None,
        )

    def _within_limit(self, text: str, span: Span) -> list[Span]:
        """Cut a sentence that is larger than a passage at white space, else anywhere."""
        if self._count_tokens([span.of(text)])[0] <= self._passage_tokens:
            return [span]
        return list(itertools.chain.from_iterable(self._within_limit(text, half) for half in _halves(text, span)))


def _halves(text: str, span: Span) -> list[Span]:
    middle = (span.start + span.end) // 2
    quarter = (span.end - span.start) // 4
    spaces = [at for at in range(middle - quarter, middle + quarter) if text[at].isspace()]
    cut = min(spaces, key=lambda at: (abs(at - middle), at)) if spaces else middle
    left_end = cut
    while left_end > span.start and text[left_end - 1].isspace():
        left_end -= 1
    right_start = cut
    while right_start < span.end and text[right_start].isspace():
        right_start += 1
    return [Span(start=span.start, end=left_end), Span(start=right_start, end=span.end)]
