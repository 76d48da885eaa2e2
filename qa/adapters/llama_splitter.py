"""llama-index's `SentenceSplitter`, made to keep exact spans."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from qa.domain import Span
from qa.splitting import sentence_spans

# The two supplementary private-use planes: characters that mean nothing, are no white space, and that no
# regular expression of llama-index's matches. One stands for one sentence.
_FIRST_STAND_IN = 0xF0000
# Fewer than the planes hold, since llama-index's time grows with the square of their number.
_STAND_INS = 4096
_PARAGRAPH = "\n\n\n"
# Tokenizers take a long word (Thai, base64) for one token; prose has 4 to 6 characters a token.
_CHARS_PER_TOKEN = 8
# Sentences whose tokens are counted at once; the tokenizer keeps some 100 bytes for each token.
_COUNTED_AT_ONCE = 1000
_WORD = re.compile(r"\S+")

CountTokens = Callable[[Sequence[str]], list[int]]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence or a part of one; `size` is in tokens."""

    span: Span
    size: int


class LlamaSentenceSplitter:
    """Packs whole sentences into passages of at most `passage_tokens`, paragraphs together where they fit.

    llama-index returns strings and looks for them in the document afterwards, so a repeated sentence gets the
    wrong place (https://github.com/run-llama/llama_index/pull/20050). Here it never sees the text: each
    sentence is one stand-in character whose "tokens" are the sentence's, so what comes back says which
    sentences belong together, and the span follows from them.
    """

    def __init__(self, *, passage_tokens: int, overlap_tokens: int, count_tokens: CountTokens) -> None:
        self._passage_tokens = passage_tokens
        self._overlap_tokens = overlap_tokens
        self._count_tokens = count_tokens

    @property
    def fingerprint(self) -> str:
        """Name and settings, as the library records them."""
        return f"llama-sentence/6/{self._passage_tokens}/{self._overlap_tokens}"

    def split(self, text: str) -> list[Span]:
        """Give the spans of the passages, in order; overlapping ones share whole sentences.

        A passage may have at most 8 characters a token, so that words without end are cut too.
        """
        pieces = [part for piece in self._pieces(text, sentence_spans(text)) for part in self._parts(text, piece)]
        spans: list[Span] = []
        for first in range(0, len(pieces), _STAND_INS):
            spans.extend(self._pack(text, pieces[first : first + _STAND_INS]))
        return spans

    def _pieces(self, text: str, spans: Sequence[Span]) -> Iterator[_Piece]:
        for first in range(0, len(spans), _COUNTED_AT_ONCE):
            batch = spans[first : first + _COUNTED_AT_ONCE]
            for span, tokens in zip(batch, self._count_tokens([span.of(text) for span in batch]), strict=True):
                yield _Piece(span, max(1, tokens, (span.end - span.start) // _CHARS_PER_TOKEN))

    def _parts(self, text: str, piece: _Piece) -> list[_Piece]:
        """Cut a sentence that is larger than a passage between words, and a word that is anywhere."""
        if piece.size <= self._passage_tokens:
            return [piece]
        words = [Span(start=m.start(), end=m.end()) for m in _WORD.finditer(text, piece.span.start, piece.span.end)]
        if len(words) > 1:
            return self._packed_words(text, words)
        middle = (piece.span.start + piece.span.end) // 2
        if middle == piece.span.start:
            return [_Piece(piece.span, self._passage_tokens)]  # one character, and there is nothing to cut
        halves = (Span(start=piece.span.start, end=middle), Span(start=middle, end=piece.span.end))
        return [part for half in self._pieces(text, halves) for part in self._parts(text, half)]

    def _packed_words(self, text: str, words: Sequence[Span]) -> list[_Piece]:
        packed: list[_Piece] = []
        for word in (part for piece in self._pieces(text, words) for part in self._parts(text, piece)):
            last = packed[-1] if packed else None
            if last is not None and last.size + word.size <= self._passage_tokens:
                packed[-1] = _Piece(Span(start=last.span.start, end=word.span.end), last.size + word.size)
            else:
                packed.append(word)
        return packed

    def _pack(self, text: str, pieces: Sequence[_Piece]) -> Iterator[Span]:
        encoded = "".join(
            (_PARAGRAPH if previous is not None and "\n" in text[previous.span.end : piece.span.start] else "")
            + chr(_FIRST_STAND_IN + number)
            for number, (previous, piece) in enumerate(zip([None, *pieces], pieces, strict=False))
        )
        for packed in self._splitter([piece.size for piece in pieces]).split_text(encoded):
            numbers = [ord(character) - _FIRST_STAND_IN for character in packed if character != "\n"]
            yield Span(start=pieces[numbers[0]].span.start, end=pieces[numbers[-1]].span.end)

    def _splitter(self, sizes: Sequence[int]) -> Any:
        from llama_index.core.node_parser import SentenceSplitter  # takes 3 s to import

        def tokens(encoded: str) -> Iterable[int]:
            numbers = (ord(character) - _FIRST_STAND_IN for character in encoded if character != "\n")
            return range(sum(sizes[number] for number in numbers))

        return SentenceSplitter(
            chunk_size=self._passage_tokens,
            chunk_overlap=self._overlap_tokens,
            tokenizer=tokens,
            paragraph_separator=_PARAGRAPH,
            chunking_tokenizer_fn=list,
            secondary_chunking_regex=None,
        )
