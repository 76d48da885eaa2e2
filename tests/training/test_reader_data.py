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


@pytest.fixture
def data(tmp_path):
    train, squad = tmp_path / "train", tmp_path / "bench" / "squad"
    train.mkdir()
    squad.mkdir(parents=True)
    items = [
        question("Who was the engineer of the lighthouse?", CONTEXT, "Ada Voss"),
        question("When did the keepers leave?", CONTEXT, "1988"),
        question("Who was the engineer of the Quill Bridge?", OTHER, "Ben Low"),
        question("When did the bridge open?", OTHER, "1902"),
    ]
    for name in ("squad_train_a.jsonl.gz", "squad_train_b.jsonl.gz"):
        with gzip.open(train / name, "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(item) + "\n" for item in items)
    articles = [
        {
            "title": title,
            "paragraphs": [{"context": OTHER, "qas": [{"id": title, "question": "How wide is it?", "answers": []}]}],
        }
        for title in ("A", "B", "C")
    ]
    (squad / "dev-v2.0.public.json").write_text(json.dumps({"data": articles}))
    return train, tmp_path / "bench"


def test_an_answer_is_at_its_place_in_its_window(data):
    answers = {"Ada Voss", "1988", "Ben Low", "1902"}
    examples = training_examples(*data, seed=1)
    found = {example.context[example.start : example.end] for example in examples if example.start is not None}
    assert found == answers
    assert any(example.start is None for example in examples)


def test_the_same_seed_gives_the_same_examples(data):
    assert training_examples(*data, seed=3) == training_examples(*data, seed=3)


def test_what_thresholds_are_chosen_on_is_never_trained_on(data):
    _, bench = data
    assert held_out_articles(bench) == {"A"}
    assert trained_articles(bench) == {"B", "C"}
    asked = [example for example in training_examples(*data, seed=1) if example.question == "How wide is it?"]
    assert len(asked) == 2
