"""Real passages that do not answer: what search would bring by mistake, and the rest of the right passage."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter

from qa.domain import Span
from qa.splitting import sentence_spans
from training.examples import ReaderExample, unanswered, words

_FROM_BEST = 3


class Miner:
    """Finds for a question the passages of other questions that share its rare words and lack its answer."""

    def __init__(self, examples: Sequence[ReaderExample]) -> None:
        self._examples = examples
        self._contexts = sorted({example.context for example in examples})
        self._places: dict[str, list[int]] = defaultdict(list)
        for at, context in enumerate(self._contexts):
            for word in set(words(context)):
                self._places[word].append(at)

    def negatives(self, generator: random.Random, share: float) -> Iterator[ReaderExample]:
        """Pair a share of the questions with one of the three best wrong passages."""
        for example in generator.sample(list(self._examples), int(share * len(self._examples))):
            wrong = list(islice(self._wrong(example), _FROM_BEST))
            if wrong:
                yield unanswered(example.question, generator.choice(wrong))

    def _wrong(self, example: ReaderExample) -> Iterator[str]:
        answer = example.answer.lower()
        scores: dict[int, float] = defaultdict(float)
        # In order: sums of floats in a set's order would differ from one process to the next.
        for word in sorted(set(words(example.question))):
            if len(self._places[word]) < len(self._contexts) // 20:
                for at in self._places[word]:
                    scores[at] += 1 / len(self._places[word])
        for at in sorted(scores, key=lambda at: (-scores[at], at)):
            if self._contexts[at] != example.context and answer not in self._contexts[at].lower():
                yield self._contexts[at]


def elsewhere(answerable: Sequence[ReaderExample], generator: random.Random, share: float) -> Iterator[ReaderExample]:
    """Pair some questions with what their own passage says before or after the sentence that answers."""
    for example in generator.sample(list(answerable), int(share * len(answerable))):
        answer = example.answer.lower()
        lacking = [(span, _lacks(example, span, answer)) for span in sentence_spans(example.context)]
        runs = [[span for span, _ in run] for lacks, run in groupby(lacking, itemgetter(1)) if lacks]
        if runs:
            run = max(runs, key=len)
            yield unanswered(example.question, example.context[run[0].start : run[-1].end])


def _lacks(example: ReaderExample, span: Span, answer: str) -> bool:
    holds_place = example.start is not None and span.start < (example.end or 0) and span.end > example.start
    return not holds_place and answer not in span.of(example.context).lower()
