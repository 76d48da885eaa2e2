"""The words around a sentence, and whether they hold a question's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.candidates import Sentence
from qa.answering.questions import Term
from qa.answering.terms import same_word, tokenize
from qa.splitting import sentence_spans


@dataclass(frozen=True, slots=True)
class Context:
    """The words of a passage and its title; `sentences` has those of each sentence by where it starts."""

    stems: set[str]
    sentences: dict[int, set[str]]

    def around(self, sentence: Sentence) -> set[str]:
        """Give the words of a sentence, the one before and the one after."""
        starts = list(self.sentences)
        at = starts.index(sentence.span.start - sentence.ranked.passage.start)
        return set().union(*(self.sentences[start] for start in starts[max(0, at - 1) : at + 2]))


def contexts_of(sentences: Sequence[Sentence]) -> dict[str, Context]:
    """Give each passage's words by passage id."""
    contexts: dict[str, Context] = {}
    for sentence in sentences:
        passage = sentence.ranked.passage
        if passage.id not in contexts:
            stems = {
                span.start: {token.stem for token in tokenize(span.of(passage.text))}
                for span in sentence_spans(passage.text)
            }
            title = {token.stem for token in tokenize(passage.title)}
            contexts[passage.id] = Context(title.union(*stems.values()), stems)
    return contexts


def has_word(words: set[str], term: Term) -> bool:
    """Tell whether a term, or a word of its family, is among the stems `words`."""
    stem = term.token.stem
    return stem in words or any(same_word(stem, word) for word in words)
