"""What a training run does at each step, settled before the first: batches, learning rate, and the run's name.

Nothing here needs PyTorch. A step's batch and rate are functions of the data, the seed and the step's number, so a
run that was killed goes on with the examples that it would have seen.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from training.examples import ReaderExample

LENGTH = 256
PEAK_RATE = 2e-4
SOMEWHERE = -1
"""The target of an example whose passage answers, and nobody says where."""
_BATCH_TOKENS = 2560
_POOL = 256
_WARM_UP = 0.04
_ENCODED_AT_ONCE = 2000

Array = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Encoded:
    """An example in tokens.

    Attributes:
        ids: Word pieces of question and passage, int16 of shape (tokens,): the vocabulary has 30,522.
        question_tokens: How many of them, from the first, are the question's.
        start: The answer's first token, 0 for "not there", or `SOMEWHERE`.
        end: Its last token, likewise.
    """

    ids: NDArray[np.int16]
    question_tokens: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A run's batches, one a step, in order; `name` tells two plans apart."""

    batches: tuple[tuple[Encoded, ...], ...]
    examples: int
    name: str
    peak_rate: float = PEAK_RATE

    def rate(self, step: int) -> float:
        """Give the learning rate of a step (from 0): up to the peak, then a cosine down towards 0."""
        return self.peak_rate * schedule(step / len(self.batches))

    def starting_from(self, weights: bytes, peak_rate: float) -> Plan:
        """Give the plan for these first weights and this rate; its name tells it from the same batches with others."""
        first = hashlib.sha256(weights).hexdigest()[:12]
        return replace(self, peak_rate=peak_rate, name=f"{self.name} from {first} at {peak_rate:g}")


def reading_tokenizer(tokenizer: Tokenizer) -> Tokenizer:
    """Set a tokenizer to cut passages, never questions, to what training reads, and not to pad."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(LENGTH, strategy="only_second")
    return tokenizer


def make_plan(
    tokenizer: Tokenizer, epoch: Callable[[int], Sequence[ReaderExample]], epochs: float, seed: int, limit: int = 0
) -> Plan:
    """Plan `epochs` times through the examples; of a last epoch's part, that share of its batches.

    Args:
        tokenizer: As `reading_tokenizer` sets it.
        epoch: Gives the examples of an epoch (from 0) in its order.
        epochs: How many, more than 0; 1.5 is all of the first and half of the second.
        seed: Orders the batches.
        limit: Examples of each epoch that are used; 0 uses all.
    """
    batches: list[tuple[Encoded, ...]] = []
    for number in range(math.ceil(epochs)):
        examples = epoch(number)[: limit or None]
        found = list(batches_of(encode(tokenizer, examples), random.Random(f"{seed}/{number}/batches")))
        batches += found[: math.ceil(len(found) * min(1.0, epochs - number))]
    return Plan(tuple(batches), sum(map(len, batches)), _name(batches))


def encode(tokenizer: Tokenizer, examples: Sequence[ReaderExample]) -> list[Encoded]:
    """Give the examples in tokens, in order, without those whose answer was cut off."""
    encoded: list[Encoded] = []
    for begin in range(0, len(examples), _ENCODED_AT_ONCE):
        some = examples[begin : begin + _ENCODED_AT_ONCE]
        encodings = tokenizer.encode_batch([(example.question, example.context) for example in some])
        found = (_encoded(example, encoding) for example, encoding in zip(some, encodings, strict=True))
        encoded += [item for item in found if item is not None]
    return encoded


def batches_of(encoded: Sequence[Encoded], generator: random.Random) -> Iterator[tuple[Encoded, ...]]:
    """Give batches of texts of like length, 2,560 tokens each, from one pool of 256 neighbours after the other.

    A question and its near miss are neighbours of like length, so they mostly come in one batch.
    """
    for begin in range(0, len(encoded), _POOL):
        pool = sorted(encoded[begin : begin + _POOL], key=lambda item: len(item.ids))
        batches: list[list[Encoded]] = [[]]
        for item in pool:
            if len(item.ids) * (len(batches[-1]) + 1) > _BATCH_TOKENS:
                batches.append([])
            batches[-1].append(item)
        generator.shuffle(batches)
        yield from (tuple(batch) for batch in batches if batch)


def collate(batch: Sequence[Encoded]) -> dict[str, Array]:
    """Give a batch as arrays of shape (examples, longest), padded on the right, and targets of shape (examples,).

    "allowed" tells where an answer may be: in the passage or, for "not there", at token 0.
    """
    shape = (len(batch), max(len(item.ids) for item in batch))
    ids, types, mask = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for row, item in enumerate(batch):
        ids[row, : len(item.ids)] = item.ids
        mask[row, : len(item.ids)] = 1
        types[row, item.question_tokens : len(item.ids)] = 1
    allowed = types.copy()
    allowed[:, 0] = 1
    return {
        "input_ids": ids,
        "attention_mask": mask,
        "token_type_ids": types,
        "allowed": allowed,
        "start": np.array([item.start for item in batch]),
        "end": np.array([item.end for item in batch]),
    }


def schedule(done: float) -> float:
    """Give the learning rate's factor: linear up to 1, then a cosine down to 0; `done` runs from 0 to 1."""
    if done < _WARM_UP:
        return (done + 0.002) / (_WARM_UP + 0.002)
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (done - _WARM_UP) / (1 - _WARM_UP))))


def _encoded(example: ReaderExample, encoding: Any) -> Encoded | None:
    types = encoding.type_ids
    start = end = SOMEWHERE if example.answerable else 0
    if example.start is not None and example.end is not None:
        inside = [
            at
            for at, (begin, stop) in enumerate(encoding.offsets)
            if types[at] == 1 and begin < example.end and stop > example.start and stop > begin
        ]
        if not inside:
            return None
        start, end = inside[0], inside[-1]
    return Encoded(np.array(encoding.ids, dtype=np.int16), types.index(1), start, end)


def _name(batches: Sequence[Sequence[Encoded]]) -> str:
    content = hashlib.sha256()
    for batch in batches:
        content.update(f"batch of {len(batch)}".encode())
        for item in batch:
            content.update(item.ids.tobytes())
            content.update(f"{item.question_tokens} {item.start} {item.end}".encode())
    return content.hexdigest()[:12]
