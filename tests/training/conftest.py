"""Training and benchmark folders with a few questions, in the real files' forms."""

import gzip
import json

import pytest

CONTEXT = (
    "The Tern Rock lighthouse was built in 1871. It cost 12,400 pounds. The engineer was Ada Voss. "
    "The keepers left in 1988. Puffins nest on the cliffs below."
)
OTHER = "The Quill Bridge opened in 1902. The engineer of the bridge was Ben Low. It spans 310 metres."
UNANSWERED = "How wide is it?"
TRAINING_FILES = (
    "squad_train_a",
    "squad_train_b",
    "squadshifts_new_wiki",
    "quoref",
    "covidqa",
    "policyqa",
)
SENTENCES = ["A tern is a bird .", "It nests on rocks .", "It eats fish ."]


def question(text, context, answer):
    return {"question": text, "context": context, "answers": [answer]}


@pytest.fixture
def data(tmp_path):
    """The folders of training and of benchmark data."""
    train, bench = tmp_path / "train", tmp_path / "bench"
    train.mkdir()
    items = [
        question("Who was the engineer of the lighthouse?", CONTEXT, "Ada Voss"),
        question("When did the keepers leave?", CONTEXT, "1988"),
        question("Who was the engineer of the Quill Bridge?", OTHER, "Ben Low"),
        question("When did the bridge open?", OTHER, "1902"),
        question("How much did the Tern Rock lighthouse of 1871 cost?", CONTEXT, "12,400 pounds"),
    ]
    for name in TRAINING_FILES:
        write_lines(train / f"{name}.jsonl.gz", items)
    pairs = [{"question": "Where do puffins nest?", "sentence": "Puffins nest on the cliffs below."}]
    write_lines(train / "squad_train_sentence_pairs.jsonl.gz", pairs)
    long = {"id": "1", "question": "How long?", "answers": ["310 metres"]}
    wide = {"id": "2", "question": UNANSWERED, "answers": []}
    write_squad(bench / "squad", "dev-v1.1", "ABCDEF", [long])
    write_squad(bench / "squad", "dev-v2.0", "ABC", [wide, {**long, "id": "3", "question": "How far?"}])
    nq = [{"question": f"opened {n}", "answers": ["1902"], "ctxs": [{"text": OTHER}]} for n in range(10)]
    write_plain_lines(bench / "nq_open_oracle" / "nq-open-oracle.public.jsonl", nq)
    write_plain_lines(
        bench / "clapnq" / "clapnq_dev_answerable.public.jsonl",
        [clapnq(f"tern {n}", "A bird on rocks.", SENTENCES[:2]) for n in range(10)],
    )
    write_plain_lines(
        bench / "clapnq" / "clapnq_dev_unanswerable.public.jsonl",
        [clapnq(f"puffin {n}", "", []) for n in range(10)],
    )
    return train, bench


def clapnq(text, answer, selected):
    passage = {"title": "Tern", "text": " ".join(SENTENCES), "sentences": SENTENCES}
    return {"input": text, "passages": [passage], "output": [{"answer": answer, "selected_sentences": selected}]}


def write_lines(path, items):
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(item) + "\n" for item in items)


def write_plain_lines(path, items):
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(item) + "\n" for item in items))


def write_squad(folder, name, titles, questions):
    folder.mkdir(parents=True, exist_ok=True)
    asked = [{**item, "answers": [{"text": answer} for answer in item["answers"]]} for item in questions]
    articles = [{"title": title, "paragraphs": [{"context": OTHER, "qas": asked}]} for title in titles]
    (folder / f"{name}.public.json").write_text(json.dumps({"data": articles}))
