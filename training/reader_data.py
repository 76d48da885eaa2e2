"""Examples for the span reader: real questions with their passages, and questions whose passage does not answer."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.squad import SquadQuestion, load_squad
from qa.splitting import sentence_spans
from training.examples import ReaderExample, unanswered, words
from training.mined_negatives import Miner, elsewhere
from training.near_misses import NearMisses

_SQUAD_FILES = ("squad_train_a.jsonl.gz", "squad_train_b.jsonl.gz", "squadshifts_new_wiki.jsonl.gz")
# PolicyQA's questions come from templates, so a share of them is enough; in Quoref and COVID-QA an answer that
# occurs more than once mostly means one place, and nobody says which.
_OTHER_FILES = {"quoref.jsonl.gz": 1.0, "covidqa.jsonl.gz": 1.0, "policyqa.jsonl.gz": 0.2}
_PAIRS_FILE = "squad_train_sentence_pairs.jsonl.gz"
_NQ_FILE = "nq-open-oracle.public.jsonl"
_CLAPNQ_FILES = ("clapnq_dev_answerable.public.jsonl", "clapnq_dev_unanswerable.public.jsonl")
_LONGEST_ANSWER = 160  # characters; longer ones are sentences, which are quoted whole anyway
_LONGEST_SELECTION = 800  # characters of ClapNQ's sentences: what the reader sees of a passage, about
# Every third article of SQuAD, and every fifth question of NQ and of ClapNQ, is never trained on: the rest of the
# answerer is fitted and measured there. The split does not depend on the seed: a reader trained with another seed
# would have seen what the answerer is measured on.
_HELD_OUT_EVERY, _NQ_HELD_OUT_EVERY = 3, 5
_NEAR_MISSES = 0.3


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


@dataclass(frozen=True, slots=True)
class ClapNQQuestion:
    """A question with a passage, and the sentences on which annotators based a long answer.

    Attributes:
        selections: For each annotator the slice of `text` from the first to the last of those sentences; empty when
            the passage does not answer.
    """

    question: str
    title: str
    text: str
    selections: tuple[str, ...]
    answerable: bool
    held_out: bool


def clapnq_questions(bench: Path) -> list[ClapNQQuestion]:
    """Give ClapNQ's questions; every fifth of each file is held out, which training does not see."""
    questions = []
    for name in _CLAPNQ_FILES:
        for number, line in enumerate((bench / "clapnq" / name).read_text(encoding="utf-8").splitlines()):
            item = json.loads(line)
            passage, outputs = item["passages"][0], item["output"]
            selections = [_selection(passage["text"], output["selected_sentences"]) for output in outputs]
            questions.append(
                ClapNQQuestion(
                    question=item["input"],
                    title=passage["title"],
                    text=passage["text"],
                    selections=tuple(found for found in selections if found),
                    answerable=any(output["answer"] for output in outputs),
                    held_out=number % _NQ_HELD_OUT_EVERY == 0,
                )
            )
    return questions


def _selection(text: str, sentences: Sequence[str]) -> str:
    """Give the slice of a passage from the first to the last of these sentences; empty when one is not there."""
    starts = [(text.find(sentence.strip()), len(sentence.strip())) for sentence in sentences]
    if not starts or min(starts)[0] < 0:
        return ""
    return text[min(start for start, _ in starts) : max(start + length for start, length in starts)]


def trained_articles(bench: Path) -> set[str]:
    """Give the articles of SQuAD's development split that training sees."""
    return (_articles(bench, "dev-v1.1") | _articles(bench, "dev-v2.0")) - held_out_articles(bench)


@dataclass(frozen=True, slots=True)
class ValidationQuestion:
    """A question about an article that training does not see; without `answers` its paragraph does not answer."""

    question: str
    context: str
    answers: tuple[str, ...]


def validation_questions(bench: Path, seed: int, most: int | None = None) -> list[ValidationQuestion]:
    """Give a seeded sample of SQuAD 2.0's questions about held-out articles, answerable and not in turn.

    Args:
        bench: Folder of the public benchmark data.
        seed: The same seed gives the same questions, and a longer sample begins with the shorter one.
        most: How many at most; None gives all.
    """
    squad, held_out = load_squad(bench / "squad" / "dev-v2.0.public.json"), held_out_articles(bench)
    generator = random.Random(seed)
    kinds: tuple[list[SquadQuestion], list[SquadQuestion]] = ([], [])
    for question in squad.questions:
        if question.article in held_out:
            kinds[bool(question.answers)].append(question)
    for kind in kinds:
        generator.shuffle(kind)
    shortest = min(map(len, kinds))
    in_turn = [question for pair in zip(*kinds, strict=False) for question in pair]
    rest = [question for kind in kinds for question in kind[shortest:]]
    return [
        ValidationQuestion(question.text, squad.paragraphs[question.document_id], question.answers)
        for question in [*in_turn, *rest][:most]
    ]


class TrainingData:
    """The files' questions, and each epoch's examples from them."""

    def __init__(self, train: Path, bench: Path) -> None:
        """Read the folders of training and of public benchmark data."""
        held_out = held_out_articles(bench)
        self._questions = [
            *(example for name in _SQUAD_FILES for example in _read(train / name)),
            *_development(bench, held_out),
            *_natural_questions(bench),
        ]
        self._others = {name: list(_read(train / name)) for name in _OTHER_FILES}
        self._pairs = _pairs(train / _PAIRS_FILE)
        self._unanswerable = list(_unanswerable(bench, held_out))
        self._clapnq = list(_clapnq(bench))
        self._miner, self._pair_miner = Miner(self._questions), Miner(self._pairs)
        self._near_misses = NearMisses(self._questions)

    def epoch(self, seed: int, number: int) -> list[ReaderExample]:
        """Give an epoch's examples in its order, which depend on `seed` and `number` alone.

        Negatives and windows are drawn anew for each epoch. A window is some neighbouring sentences: in the same
        time the reader then sees more questions than with whole passages. A near miss stands right behind the
        question that it was made of, with the same window: the two differ in what matters, and are learned from
        together.
        """
        generator = random.Random(f"{seed}/{number}")
        singles = [
            *(item for name, share in _OTHER_FILES.items() for item in _some(self._others[name], generator, share)),
            *self._pairs,
            # The only ones that a person wrote: worth most, so they come twice.
            *self._unanswerable,
            *self._unanswerable,
            *self._clapnq,
            *self._miner.negatives(generator, share=0.4),
            *self._pair_miner.negatives(generator, share=0.5),
            *elsewhere(self._questions, generator, share=0.25),
        ]
        together = [[_window(example, generator)] for example in singles]
        together += self._with_near_misses(generator)
        generator.shuffle(together)
        return [example for group in together for example in group]

    def _with_near_misses(self, generator: random.Random) -> list[list[ReaderExample]]:
        groups: list[list[ReaderExample]] = []
        wanted = int(_NEAR_MISSES * len(self._questions))
        for example in generator.sample(self._questions, len(self._questions)):
            shown = _window(example, generator)
            miss = self._near_misses.of(example, shown, generator) if wanted else None
            wanted -= miss is not None
            groups.append([shown] if miss is None else [shown, miss])
        return groups


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
            yield unanswered(question.text, squad.paragraphs[question.document_id])


def _natural_questions(bench: Path) -> Iterator[ReaderExample]:
    for item in natural_questions(bench):
        if not item.held_out:
            yield from _answered(item.question, item.text, item.answers)


def _clapnq(bench: Path) -> Iterator[ReaderExample]:
    """Give ClapNQ's unanswerable questions, and the sentences that answer, where they are near each other."""
    for item in clapnq_questions(bench):
        short = [text for text in item.selections if len(text) <= _LONGEST_SELECTION]
        if item.held_out:
            continue
        if not item.answerable:
            yield unanswered(item.question, item.text)
        elif short:
            yield ReaderExample(item.question, min(short, key=len), None, None, answerable=True)


def _window(example: ReaderExample, generator: random.Random) -> ReaderExample:
    """Cut an example to some sentences around its answer, or around those that share most words with the question."""
    spans = sentence_spans(example.context)
    size = generator.choices((1, 2, 3, 4, len(spans)), weights=(12, 18, 20, 15, 35))[0]
    if size >= len(spans) or (example.answerable and example.start is None):
        return example
    if example.start is None or example.end is None:
        asked = set(words(example.question))
        shared = [len(asked & set(words(span.of(example.context)))) for span in spans]
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
        return unanswered(example.question, example.context[start:end])
    return replace(example, context=example.context[start:end], start=example.start - start, end=example.end - start)


def _best_occurrence(question: str, context: str, answer: str) -> int | None:
    asked = set(words(question))

    def shared(at: int) -> int:
        return len(asked & set(words(context[max(0, at - 100) : at + len(answer) + 100])))

    starts = [match.start() for match in re.finditer(re.escape(answer), context)]
    return max(starts, key=lambda at: (shared(at), -at)) if starts else None
