"""A public benchmark: cases, the documents that they are asked of, and what to know when reading the figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from eval.case_files import as_line
from eval.cases import Case, CaseError
from eval.matching import normalised_tokens, squad_tokens
from eval.scores import Scorer

ANSWERABLE, UNANSWERABLE = "answerable", "unanswerable"
SEEN, UNSEEN = "seen in training", "unseen"
"""Whether the shipped reader was trained on the case's article or question: tags of the cases of such data sets."""

_Item = TypeVar("_Item")


class BenchmarkError(CaseError):
    """Raised when a benchmark's file cannot be used; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What a data set's file comes to: cases, and documents by id."""

    cases: tuple[Case, ...]
    documents: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """Somebody else's figures on the same kind of data.

    Attributes:
        name: Who or what was measured.
        figures: By the name of our metric that is nearest; shares 0 to 1.
        source: Where they were published, and on what part of the data, as far as it differs from ours.
        floor: It is what the simplest method reaches: to be below it is a mistake somewhere.
    """

    name: str
    figures: Mapping[str, float]
    source: str
    floor: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Benchmark:
    """Cases, and all that it takes to ask them.

    Attributes:
        name: As on the command line: "squad-1.1".
        title: What it is, in words, for a heading.
        cases: In the order of the data.
        documents: Text by document id ("article/000.txt"); written to a folder, they are the corpus.
        metrics: Names of the scorers that say something here.
        settings: What must be set of the chatbot's settings.
        published: Shown beside our figures.
        notes: Sentences to know when reading the figures.
        own_scorers: By the name of their metric: those that only this benchmark has.
        search_only: The cases have no answers: passages are searched, and nothing is answered.
    """

    name: str
    title: str
    cases: tuple[Case, ...]
    documents: Mapping[str, str]
    metrics: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    published: tuple[Published, ...] = ()
    notes: tuple[str, ...] = ()
    own_scorers: Mapping[str, Scorer] = field(default_factory=dict)
    search_only: bool = False

    @property
    def documents_key(self) -> str:
        """A short name for these very documents, in hexadecimal."""
        return hashlib.sha256(json.dumps(self.documents, sort_keys=True).encode()).hexdigest()[:8]

    @property
    def cases_hash(self) -> str:
        """SHA-256 over all cases, in hexadecimal."""
        return hashlib.sha256("\n".join(map(as_line, self.cases)).encode()).hexdigest()


def evenly(items: Sequence[_Item], most: int | None) -> list[_Item]:
    """Give at most `most` items, spread evenly over all of them, in order; None gives all."""
    if most is None or most >= len(items):
        return list(items)
    return [items[turn * len(items) // most] for turn in range(most)]


def with_words(answers: Iterable[str]) -> tuple[str, ...]:
    """Give the answers that hold a word, each once, in order.

    SQuAD and NQ have some that do not ("."); as SQuAD's evaluation script does, they are left out: a refusal would
    equal them.
    """
    return tuple(dict.fromkeys(answer for answer in answers if normalised_tokens(answer) and squad_tokens(answer)))


def answerable_tag(answerable: bool) -> str:
    """Give the tag that says whether a case can be answered."""
    return ANSWERABLE if answerable else UNANSWERABLE


def seen_tag(seen: bool) -> str:
    """Give the tag that says whether the shipped reader was trained on it."""
    return SEEN if seen else UNSEEN
