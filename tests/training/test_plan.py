"""What a run does at each step: batches, order, learning rate; none of it needs PyTorch."""

import random
from collections import Counter

import numpy as np
import pytest
from tokenizers import Tokenizer

from qa.bundled_files import embedder_folder
from training.examples import ReaderExample, unanswered
from training.plan import (
    PEAK_RATE,
    SOMEWHERE,
    batches_of,
    collate,
    encode,
    make_plan,
    reading_tokenizer,
    schedule,
)
from training.reader_data import TrainingData

PASSAGE = "The bridge opened in 1902. It is long."


@pytest.fixture(scope="module")
def tokenizer():
    return reading_tokenizer(Tokenizer.from_file(str(embedder_folder() / "tokenizer.json")))


def test_targets_are_the_answers_tokens_nothing_or_somewhere(tokenizer):
    found = encode(
        tokenizer,
        [
            ReaderExample("When?", PASSAGE, 21, 25, answerable=True),
            ReaderExample("When?", PASSAGE, None, None, answerable=True),
            unanswered("Who?", PASSAGE),
        ],
    )
    assert [tokenizer.id_to_token(int(found[0].ids[at])) for at in (found[0].start, found[0].end)] == ["1902", "1902"]
    assert [(item.start, item.end) for item in found[1:]] == [(SOMEWHERE, SOMEWHERE), (0, 0)]


def test_an_example_whose_answer_is_cut_off_is_left_out(tokenizer):
    passage = "word " * 400 + "1902"
    cut = ReaderExample("When?", passage, len(passage) - 4, len(passage), answerable=True)
    assert encode(tokenizer, [cut]) == []


def test_every_example_is_in_one_batch_and_no_batch_is_too_large(tokenizer):
    examples = [unanswered(f"Who {number}?", PASSAGE * (number % 9)) for number in range(600)]
    encoded = encode(tokenizer, examples)
    batches = list(batches_of(encoded, random.Random(1)))
    assert Counter(id(item) for batch in batches for item in batch) == Counter(map(id, encoded))
    assert max(len(batch) * max(len(item.ids) for item in batch) for batch in batches) <= 2560


def test_neighbours_of_like_length_come_in_one_pool(tokenizer):
    encoded = encode(tokenizer, [unanswered(f"Who {number}?", PASSAGE) for number in range(512)])
    place = {id(item): at for at, item in enumerate(encoded)}
    for batch in batches_of(encoded, random.Random(1)):
        assert len({place[id(item)] // 256 for item in batch}) == 1


def test_a_batch_is_padded_and_says_where_an_answer_may_be(tokenizer):
    short, long = encode(tokenizer, [unanswered("Who?", "Ada."), unanswered("Who?", "Ada Low.")])
    batch = collate([short, long])
    assert batch["input_ids"].shape == (2, len(long.ids))
    assert batch["attention_mask"].sum(axis=1).tolist() == [len(short.ids), len(long.ids)]
    assert batch["token_type_ids"][0].tolist() == [0, 0, 0, 0, 1, 1, 1, 0]
    assert batch["allowed"][0].tolist() == [1, 0, 0, 0, 1, 1, 1, 0]
    assert batch["start"].tolist() == [0, 0]


def test_the_same_seed_and_data_give_the_same_plan(tokenizer, data):
    plans = [_plan(tokenizer, TrainingData(*data), seed) for seed in (1, 1, 2)]
    assert plans[0].name == plans[1].name != plans[2].name
    for one, other in zip(plans[0].batches, plans[1].batches, strict=True):
        assert all(np.array_equal(item.ids, same.ids) for item, same in zip(one, other, strict=True))


def test_half_an_epoch_is_half_of_its_batches_and_the_first_is_the_same(tokenizer):
    examples = [unanswered(f"Who {number}?", PASSAGE) for number in range(600)]
    one, more = (make_plan(tokenizer, lambda _: examples, epochs, 1) for epochs in (1, 1.5))
    assert len(more.batches) == len(one.batches) + (len(one.batches) + 1) // 2
    assert [len(batch) for batch in more.batches[: len(one.batches)]] == [len(batch) for batch in one.batches]


def test_the_rate_rises_falls_and_ends_near_zero(tokenizer):
    examples = [unanswered(f"Who {number}?", PASSAGE) for number in range(2000)]
    plan = make_plan(tokenizer, lambda _: examples, 1, 1)
    rates = [plan.rate(step) for step in range(len(plan.batches))]
    top = rates.index(max(rates))
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] < 0.05 * PEAK_RATE
    assert (schedule(0) > 0, schedule(1)) == (True, 0)


def _plan(tokenizer, data, seed):
    return make_plan(tokenizer, lambda number: data.epoch(seed, number), 1.5, seed)
