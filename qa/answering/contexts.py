"""The words around a sentence, and whether they hold a question's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.answering.candidates import Sentence
from qa.answering.questions import Term
from qa.answering.rows import cells_of
from qa.answering.terms import Token, initialisms, same_word, tokenize
from qa.domain import Span
from qa.splitting import LABELLED, sentence_spans


@dataclass(frozen=True, slots=True)
class Context:
    """The stems of a passage and its title, and the tokens of each sentence by where it starts in the passage.

    Among the tokens are the initials of names, as people write them: "EU" for "European Union".

    A heading parts what is before it from what is after it; `headings` are where they start. Entries right below each
    other ("Date: …", "Chair: …") belong together; `joined` are where those start that have one above. `row_keys` are
    the stems that tell a table's rows apart, by where each starts: those of its first cell, and its numbers.
    """

    stems: set[str]
    sentences: dict[int, list[Token]]
    headings: frozenset[int]
    joined: frozenset[int]
    row_keys: Mapping[int, set[str]]

    def around(self, sentence: Sentence) -> set[str]:
        """Give the stems of a sentence, the one before and the one after, and of what leads to it."""
        return {token.stem for token in (*sentence.lead, *self._tokens_around(sentence))}

    def telling_tokens_around(self, sentence: Sentence) -> list[Token]:
        """Give the tokens of the same sentences, without those that only hold them together."""
        return [token for token in (*sentence.lead, *self._tokens_around(sentence)) if not token.is_stop_word]

    def telling_tokens(self) -> list[Token]:
        """Give the passage's tokens, without those that only hold sentences together."""
        return [token for tokens in self.sentences.values() for token in tokens if not token.is_stop_word]

    def _tokens_around(self, sentence: Sentence) -> list[Token]:
        if sentence.header is not None:  # the other rows of a table are about other things
            return list(sentence.tokens)
        starts = list(self.sentences)
        at = starts.index(sentence.span.start - sentence.ranked.passage.start)
        first = at if starts[at] in self.headings else max(0, at - 1)
        last = at if at + 1 < len(starts) and starts[at + 1] in self.headings else at + 1
        top = bottom = at
        while starts[top] in self.joined:
            top -= 1
        while bottom + 1 < len(starts) and starts[bottom + 1] in self.joined:
            bottom += 1
        first, last = min(first, top), max(last, bottom)
        return [token for start in starts[first : last + 1] for token in self.sentences[start]]


def contexts_of(sentences: Sequence[Sentence]) -> dict[str, Context]:
    """Give each passage's words by passage id."""
    contexts: dict[str, Context] = {}
    for sentence in sentences:
        passage = sentence.ranked.passage
        if passage.id not in contexts:
            spans = sentence_spans(passage.text)
            tokens = {
                span.start: [*tokenize(span.of(passage.text)), *initialisms(span.of(passage.text))] for span in spans
            }
            every = [*tokenize(passage.title), *(token for listed in tokens.values() for token in listed)]
            headings = frozenset(start for start in tokens if passage.text.startswith("#", start))
            stems, joined = {token.stem for token in every}, _joined(passage.text, spans)
            rows = {span.start: _row_keys(text) for span in spans if (text := span.of(passage.text)).startswith("|")}
            contexts[passage.id] = Context(stems, tokens, headings, joined, rows)
    return contexts


def _row_keys(row: str) -> set[str]:
    first = next((cell.of(row) for cell in cells_of(row)), "")
    tokens = [*tokenize(first), *(token for token in tokenize(row) if token.is_number)]
    return {token.stem for token in tokens if not token.is_stop_word}


def _joined(text: str, spans: Sequence[Span]) -> frozenset[int]:
    """Give where the entries of a text start, among its sentences, that have another one right above."""
    return frozenset(
        lower.start
        for upper, lower in pairwise(spans)
        if LABELLED.match(text, upper.start)
        and LABELLED.match(text, lower.start)
        and text.count("\n", upper.end, lower.start) == 1
    )


def has_word(words: set[str], term: Term) -> bool:
    """Tell whether a term, or a word of its family, is among the stems `words`."""
    stem = term.token.stem
    return stem in words or any(same_word(stem, word) for word in words)
