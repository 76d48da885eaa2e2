"""Examples for the span reader: real questions with their passages, and questions whose passage does not answer."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from bench.squad import load_squad
from qa.domain import Span
from qa.splitting import sentence_spans

_SQUAD_FILES = ("squad_train_a.jsonl.gz", "squad_train_b.jsonl.gz", "squadshifts_new_wiki.jsonl.gz")
# PolicyQA's questions come from templates, so a share of them is enough; in Quoref and COVID-QA an answer that
# occurs more than once mostly means one place, and nobody says which.
_OTHER_FILES = {"quoref.jsonl.gz": 1.0, "covidqa.jsonl.gz": 1.0, "policyqa.jsonl.gz": 0.2}
_PAIRS_FILE = "squad_train_sentence_pairs.jsonl.gz"
_NQ_FILE = "nq-open-oracle.public.jsonl"
_LONGEST_ANSWER = 160  # characters; longer ones are sentences, which are quoted whole anyway
_WORD = re.compile(r"\w+")
# Every third article of SQuAD, and every fifth question of NQ, is never trained on: the rest of the answerer is
# fitted and measured there.
_HELD_OUT_EVERY, _NQ_HELD_OUT_EVERY = 3, 5
_MINED_FROM_BEST = 3


@dataclass(frozen=True, slots=True)
class ReaderExample:
    """A question and a passage.

    Attributes:
        start: The answer's first character; None when it is not there, or nobody says where.
        end: One past its last character; None as for `start`.
        answerable: The passage holds an answer; without a `start`, somewhere.
    """

    question: str
    context: str
    start: int | None
    end: int | None
    answerable: bool


def _unanswered(question: str, context: str) -> ReaderExample:
    return ReaderExample(question, context, None, None, answerable=False)


def held_out_articles(bench: Path) -> set[str]:
    """Give the articles of SQuAD's development split that training does not see, neither in 1.1 nor in 2.0."""
    older, newer = (_articles(bench, name) for name in ("dev-v1.1", "dev-v2.0"))
    return {*sorted(newer)[::_HELD_OUT_EVERY], *sorted(older - newer)[::_HELD_OUT_EVERY]}


@dataclass(frozen=True, slots=True)
class NaturalQuestion:
    """A question that somebody typed into a search engine, and the passage that answers it."""

    question: str
    answers: tuple[str, ...]
    title: str
    text: str
    held_out: bool


def natural_questions(bench: Path) -> list[NaturalQuestion]:
    """Give NQ-open's questions with their gold passages; every fifth is held out, which training does not see."""
    lines = (bench / "nq_open_oracle" / _NQ_FILE).read_text(encoding="utf-8").splitlines()
    items = [json.loads(line) for line in lines]
    return [
        NaturalQuestion(
            question=item["question"],
            answers=tuple(item["answers"]),
            title=item["ctxs"][0].get("title", ""),
            text=item["ctxs"][0]["text"],
            held_out=number % _NQ_HELD_OUT_EVERY == 0,
        )
        for number, item in enumerate(items)
    ]


def trained_articles(bench: Path) -> set[str]:
    """Give the articles of SQuAD's development split that training sees."""
    return (_articles(bench, "dev-v1.1") | _articles(bench, "dev-v2.0")) - held_out_articles(bench)


def training_examples(train: Path, bench: Path, seed: int, epochs: int = 1) -> list[ReaderExample]:
    """Give the examples of some epochs, each in its own seeded order: answerable, unanswerable, and mined negatives.

    The negatives and the windows are drawn anew for each epoch. A window is some neighbouring sentences: in the same
    time the reader then sees more questions than with whole passages. Where an answer occurs more than once, the
    occurrence whose surroundings share most words with the question counts.
    """
    generator = random.Random(seed)
    held_out = held_out_articles(bench)
    squad = [
        *(example for name in _SQUAD_FILES for example in _read(train / name)),
        *_development(bench, held_out),
    ]
    pairs = _pairs(train / _PAIRS_FILE)
    questions = [*squad, *_natural_questions(bench)]
    miner, pair_miner = _Miner(questions), _Miner(pairs)
    unanswerable = list(_unanswerable(bench, held_out))
    examples: list[ReaderExample] = []
    for _ in range(epochs):
        others = [
            example for name, share in _OTHER_FILES.items() for example in _some(_read(train / name), generator, share)
        ]
        epoch = [
            *questions,
            *others,
            *pairs,
            # The only ones that a person wrote: worth most, so they come twice.
            *unanswerable,
            *unanswerable,
            *miner.negatives(generator, share=0.4),
            *pair_miner.negatives(generator, share=0.5),
            *_elsewhere(questions, generator, share=0.25),
        ]
        generator.shuffle(epoch)
        examples += [_window(example, generator) for example in epoch]
    return examples


def _articles(bench: Path, name: str) -> set[str]:
    return {question.article for question in load_squad(bench / "squad" / f"{name}.public.json").questions}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _some(items: Iterable[ReaderExample], generator: random.Random, share: float) -> list[ReaderExample]:
    return [item for item in items if generator.random() < share]


def _read(path: Path) -> Iterator[ReaderExample]:
    once = not path.name.startswith("squad")
    for item in _lines(path):
        answer, context = item["answers"][0], item["context"]
        if len(answer) <= _LONGEST_ANSWER and not (once and context.count(answer) > 1):
            yield from _answered(item["question"], context, [answer])


def _answered(question: str, context: str, answers: Sequence[str]) -> Iterator[ReaderExample]:
    """Give the example with the first of `answers` that the context holds, if one is there."""
    for answer in answers:
        start = _best_occurrence(question, context, answer)
        if start is not None:
            yield ReaderExample(question.strip(), context, start, start + len(answer), answerable=True)
            return


def _pairs(path: Path) -> list[ReaderExample]:
    return [ReaderExample(item["question"], item["sentence"], None, None, answerable=True) for item in _lines(path)]


def _development(bench: Path, held_out: set[str]) -> Iterator[ReaderExample]:
    squad = load_squad(bench / "squad" / "dev-v1.1.public.json")
    for question in squad.questions:
        if question.article not in held_out:
            yield from _answered(question.text, squad.paragraphs[question.document_id], question.answers)


def _unanswerable(bench: Path, held_out: set[str]) -> Iterator[ReaderExample]:
    squad = load_squad(bench / "squad" / "dev-v2.0.public.json")
    for question in squad.questions:
        if not question.answers and question.article not in held_out:
            yield _unanswered(question.text, squad.paragraphs[question.document_id])


def _natural_questions(bench: Path) -> Iterator[ReaderExample]:
    for item in natural_questions(bench):
        if not item.held_out:
            yield from _answered(item.question, item.text, item.answers)


class _Miner:
    """Finds for a question the passages of other questions that share its rare words and lack its answer."""

    def __init__(self, examples: Sequence[ReaderExample]) -> None:
        self._examples = examples
        self._contexts = sorted({example.context for example in examples})
        self._places: dict[str, list[int]] = defaultdict(list)
        for at, context in enumerate(self._contexts):
            for word in set(_words(context)):
                self._places[word].append(at)

    def negatives(self, generator: random.Random, share: float) -> Iterator[ReaderExample]:
        """Pair a share of the questions with one of the three best wrong passages."""
        for example in generator.sample(list(self._examples), int(share * len(self._examples))):
            wrong = list(islice(self._wrong(example), _MINED_FROM_BEST))
            if wrong:
                yield _unanswered(example.question, generator.choice(wrong))

    def _wrong(self, example: ReaderExample) -> Iterator[str]:
        answer = example.context[example.start : example.end].lower()
        scores: dict[int, float] = defaultdict(float)
        for word in set(_words(example.question)):
            if len(self._places[word]) < len(self._contexts) // 20:
                for at in self._places[word]:
                    scores[at] += 1 / len(self._places[word])
        for at in sorted(scores, key=lambda at: (-scores[at], at)):
            if self._contexts[at] != example.context and answer not in self._contexts[at].lower():
                yield self._contexts[at]


def _elsewhere(answerable: Sequence[ReaderExample], generator: random.Random, share: float) -> Iterator[ReaderExample]:
    """Pair some questions with what their own passage says before or after the sentence that answers."""
    for example in generator.sample(list(answerable), int(share * len(answerable))):
        answer = example.context[example.start : example.end].lower()
        lacking = [(span, _lacks(example, span, answer)) for span in sentence_spans(example.context)]
        runs = [[span for span, _ in run] for lacks, run in groupby(lacking, itemgetter(1)) if lacks]
        if runs:
            run = max(runs, key=len)
            yield _unanswered(example.question, example.context[run[0].start : run[-1].end])


def _lacks(example: ReaderExample, span: Span, answer: str) -> bool:
    holds_place = example.start is not None and span.start < (example.end or 0) and span.end > example.start
    return not holds_place and answer not in span.of(example.context).lower()


def _window(example: ReaderExample, generator: random.Random) -> ReaderExample:
    """Cut an example to some sentences around its answer, or around those that share most words with the question."""
    spans = sentence_spans(example.context)
    size = generator.choices((1, 2, 3, 4, len(spans)), weights=(12, 18, 20, 15, 35))[0]
    if size >= len(spans) or (example.answerable and example.start is None):
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
        return _unanswered(example.question, example.context[start:end])
    return replace(example, context=example.context[start:end], start=example.start - start, end=example.end - start)


def _best_occurrence(question: str, context: str, answer: str) -> int | None:
    asked = set(_words(question))

    def shared(at: int) -> int:
        return len(asked & set(_words(context[max(0, at - 100) : at + len(answer) + 100])))

    starts = [match.start() for match in re.finditer(re.escape(answer), context)]
    return max(starts, key=lambda at: (shared(at), -at)) if starts else None


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
