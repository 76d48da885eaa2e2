"""The span reader's examples, from files made here; the training itself needs PyTorch."""

import gzip
import json

import pytest

from training.reader_data import held_out_articles, trained_articles, training_examples

CONTEXT = (
    "The Tern Rock lighthouse was built in 1871. It cost 12,400 pounds. The engineer was Ada Voss. "
    "The keepers left in 1988. Puffins nest on the cliffs below."
)
OTHER = "The Quill Bridge opened in 1902. The engineer of the bridge was Ben Low. It spans 310 metres."


def question(text, context, answer):
    return {"question": text, "context": context, "answers": [answer]}


UNANSWERED = "How wide is it?"
TRAINING_FILES = (
    "squad_train_a",
    "squad_train_b",
    "squadshifts_new_wiki",
    "quoref",
    "covidqa",
    "policyqa",
)


def write_lines(path, items):
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(item) + "\n" for item in items)


@pytest.fixture
def data(tmp_path):
    train, bench = tmp_path / "train", tmp_path / "bench"
    train.mkdir()
    items = [
        question("Who was the engineer of the lighthouse?", CONTEXT, "Ada Voss"),
        question("When did the keepers leave?", CONTEXT, "1988"),
        question("Who was the engineer of the Quill Bridge?", OTHER, "Ben Low"),
        question("When did the bridge open?", OTHER, "1902"),
    ]
    for name in TRAINING_FILES:
        write_lines(train / f"{name}.jsonl.gz", items)
    pairs = [{"question": "Where do puffins nest?", "sentence": "Puffins nest on the cliffs below."}]
    write_lines(train / "squad_train_sentence_pairs.jsonl.gz", pairs)
    write_squad(
        bench / "squad", "dev-v1.1", "ABCDEF", [{"id": "1", "question": "How long?", "answers": ["310 metres"]}]
    )
    write_squad(bench / "squad", "dev-v2.0", "ABC", [{"id": "2", "question": UNANSWERED, "answers": []}])
    nq = [{"question": f"opened {n}", "answers": ["1902"], "ctxs": [{"text": OTHER}]} for n in range(10)]
    (bench / "nq_open_oracle").mkdir()
    path = bench / "nq_open_oracle" / "nq-open-oracle.public.jsonl"
    path.write_text("".join(json.dumps(item) + "\n" for item in nq))
    return train, bench


def write_squad(folder, name, titles, questions):
    folder.mkdir(parents=True, exist_ok=True)
    asked = [{**item, "answers": [{"text": answer} for answer in item["answers"]]} for item in questions]
    articles = [{"title": title, "paragraphs": [{"context": OTHER, "qas": asked}]} for title in titles]
    (folder / f"{name}.public.json").write_text(json.dumps({"data": articles}))


def asked(examples, question):
    return [example for example in examples if example.question == question]


def test_an_answer_is_at_its_place_in_its_window(data):
    examples = training_examples(*data, seed=1)
    found = {example.context[example.start : example.end] for example in examples if example.start is not None}
    assert found == {"Ada Voss", "1988", "Ben Low", "1902", "310 metres"}


def test_an_example_without_a_place_says_whether_its_passage_answers(data):
    examples = training_examples(*data, seed=1)
    [pair] = asked(examples, "Where do puffins nest?")
    assert (pair.start, pair.answerable) == (None, True)
    assert {example.answerable for example in asked(examples, UNANSWERED)} == {False}


def test_the_same_seed_gives_the_same_examples(data):
    assert training_examples(*data, seed=3, epochs=2) == training_examples(*data, seed=3, epochs=2)


def test_each_epoch_has_every_question(data):
    once, twice = (training_examples(*data, seed=3, epochs=epochs) for epochs in (1, 2))
    assert twice[: len(once)] == once
    assert len(asked(twice, "How long?")) >= 2 * 4


def test_what_the_answerer_is_fitted_on_is_never_trained_on(data):
    _, bench = data
    assert held_out_articles(bench) == {"A", "D"}
    assert trained_articles(bench) == {"B", "C", "E", "F"}
    examples = training_examples(*data, seed=1)
    assert len(asked(examples, UNANSWERED)) == 2 * 2  # twice each
    assert {f"opened {number}" for number in (0, 5)}.isdisjoint(example.question for example in examples)
