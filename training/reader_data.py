"""Examples for the span reader: real questions with their passages, and questions whose passage does not answer."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from bench.squad import load_squad
from qa.domain import Span
from qa.splitting import sentence_spans

_TRAINING_FILES = ("squad_train_a.jsonl.gz", "squad_train_b.jsonl.gz")
_WORD = re.compile(r"\w+")
# Every third article of SQuAD 2.0 is never trained on: thresholds and fusion are fitted there.
_HELD_OUT_EVERY = 3


@dataclass(frozen=True, slots=True)
class ReaderExample:
    """A question and a passage; `start` and `end` are the answer's characters, None when it is not there."""

    question: str
    context: str
    start: int | None
    end: int | None


def held_out_articles(bench: Path) -> set[str]:
    """Give the SQuAD 2.0 articles that training does not see."""
    squad = load_squad(bench / "squad" / "dev-v2.0.public.json")
    articles = sorted({question.article for question in squad.questions})
    return set(articles[::_HELD_OUT_EVERY])


def trained_articles(bench: Path) -> set[str]:
    """Give the SQuAD articles of the development split that training sees: SQuAD 1.1 has most of them too."""
    squad = load_squad(bench / "squad" / "dev-v2.0.public.json")
    return {question.article for question in squad.questions} - held_out_articles(bench)


def training_examples(train: Path, bench: Path, seed: int) -> list[ReaderExample]:
    """Give all training examples in a seeded random order: answerable, unanswerable, and mined negatives.

    Each is cut to a window of some neighbouring sentences: in the same time the reader then sees twice as many
    questions as with whole passages. Where an answer occurs more than once, the occurrence whose surroundings
    share most words with the question counts.
    """
    generator = random.Random(seed)
    answerable = [example for name in _TRAINING_FILES for example in _read(train / name)]
    examples = [
        *answerable,
        *_unanswerable(bench),
        *_mined(answerable, generator, share=0.25),
        *_elsewhere(answerable, generator, share=0.25),
    ]
    generator.shuffle(examples)
    return [_window(example, generator) for example in examples]


def _read(path: Path) -> Iterator[ReaderExample]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            start = _best_occurrence(item["question"], item["context"], item["answers"][0])
            if start is not None:
                yield ReaderExample(item["question"].strip(), item["context"], start, start + len(item["answers"][0]))


def _unanswerable(bench: Path) -> Iterator[ReaderExample]:
    held_out = held_out_articles(bench)
    squad = load_squad(bench / "squad" / "dev-v2.0.public.json")
    for question in squad.questions:
        if not question.answers and question.article not in held_out:
            yield ReaderExample(question.text, squad.paragraphs[question.document_id], None, None)


def _mined(answerable: Sequence[ReaderExample], generator: random.Random, share: float) -> Iterator[ReaderExample]:
    """Pair some questions with the passage that shares most rare words with them and lacks the answer."""
    contexts = sorted({example.context for example in answerable})
    places: dict[str, list[int]] = defaultdict(list)
    for at, context in enumerate(contexts):
        for word in set(_words(context)):
            places[word].append(at)
    for example in generator.sample(list(answerable), int(share * len(answerable))):
        answer = example.context[example.start : example.end].lower()
        scores: dict[int, float] = defaultdict(float)
        for word in set(_words(example.question)):
            if len(places[word]) < len(contexts) // 20:
                for at in places[word]:
                    scores[at] += 1 / len(places[word])
        for at in sorted(scores, key=lambda at: (-scores[at], at)):
            if contexts[at] != example.context and answer not in contexts[at].lower():
                yield ReaderExample(example.question, contexts[at], None, None)
                break


def _elsewhere(answerable: Sequence[ReaderExample], generator: random.Random, share: float) -> Iterator[ReaderExample]:
    """Pair some questions with what their own passage says before or after the sentence that answers."""
    for example in generator.sample(list(answerable), int(share * len(answerable))):
        answer = example.context[example.start : example.end].lower()
        lacking = [(span, _lacks(example, span, answer)) for span in sentence_spans(example.context)]
        runs = [[span for span, _ in run] for lacks, run in groupby(lacking, itemgetter(1)) if lacks]
        if runs:
            run = max(runs, key=len)
            yield ReaderExample(example.question, example.context[run[0].start : run[-1].end], None, None)


def _lacks(example: ReaderExample, span: Span, answer: str) -> bool:
    holds_place = example.start is not None and span.start < (example.end or 0) and span.end > example.start
    return not holds_place and answer not in span.of(example.context).lower()


def _window(example: ReaderExample, generator: random.Random) -> ReaderExample:
    """Cut an example to some sentences around its answer, or around those that share most words with the question."""
    spans = sentence_spans(example.context)
    size = generator.choices((1, 2, 3, 4, len(spans)), weights=(20, 25, 25, 15, 15))[0]
    if size >= len(spans):
        return example
    if example.start is None or example.end is None:
        asked = set(_words(example.question))
        shared = [len(asked & set(_words(span.of(example.context)))) for span in spans]
        first = last = max(range(len(spans)), key=lambda at: (shared[at], generator.random()))
    else:
        touched = [at for at, span in enumerate(spans) if span.start < example.end and span.end > example.start]
        if not touched:
            return example
        first, last = touched[0], touched[-1]
    before = generator.randint(0, max(0, size - (last - first + 1)))
    first = max(0, first - before)
    last = min(len(spans) - 1, max(last, first + size - 1))
    start, end = spans[first].start, spans[last].end
    if example.start is None or example.end is None:
        return ReaderExample(example.question, example.context[start:end], None, None)
    return ReaderExample(example.question, example.context[start:end], example.start - start, example.end - start)


def _best_occurrence(question: str, context: str, answer: str) -> int | None:
    asked = set(_words(question))

    def shared(at: int) -> int:
        return len(asked & set(_words(context[max(0, at - 100) : at + len(answer) + 100])))

    starts = [match.start() for match in re.finditer(re.escape(answer), context)]
    return max(starts, key=lambda at: (shared(at), -at)) if starts else None


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
