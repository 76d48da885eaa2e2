"""The whole way with PyTorch: train, be killed, go on, export, read. Run with

uv run --extra training pytest tests/training
"""

import json
import sys
from pathlib import Path

import pytest

from qa.adapters.onnx_reader import OnnxReader
from qa.bundled_files import embedder_folder, reader_folder

pytest.importorskip("torch", reason="needs PyTorch: uv run --extra training pytest tests/training")

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from training import export_reader, train_reader
from training.plan import Plan, make_plan, reading_tokenizer
from training.reader_data import TrainingData, validation_questions
from training.shipped_weights import load_shipped
from training.train_reader import Habits, SpanReader, chosen_device, load_encoder, train

# The exporter that fuses completely is the older one, and says so.
pytestmark = [
    pytest.mark.training,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning"),
]

WHOLE = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536}
TINY = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}


class Killed(BaseException):
    pass


class KilledAt(tuple):
    """Batches of which one never comes: the process died before it."""

    step = 0

    def __getitem__(self, at):
        if at == self.step:
            raise Killed
        return super().__getitem__(at)


def write_weights(folder, sizes):
    folder.mkdir()
    config = BertConfig(vocab_size=30522, **sizes)
    torch.manual_seed(5)
    save_file(BertModel(config, add_pooling_layer=False).state_dict(), folder / "model.safetensors")
    config.to_json_file(folder / "config.json")
    (folder / "tokenizer.json").write_bytes((embedder_folder() / "tokenizer.json").read_bytes())
    return folder


@pytest.fixture
def tiny(tmp_path):
    return write_weights(tmp_path / "weights", TINY)


@pytest.fixture
def tokenizer():
    return reading_tokenizer(Tokenizer.from_file(str(embedder_folder() / "tokenizer.json")))


@pytest.fixture
def plan(data, tokenizer):
    found = TrainingData(*data)
    return make_plan(tokenizer, lambda number: found.epoch(1, number), 3, seed=1)


def new_reader(weights):
    torch.manual_seed(1)
    reader = SpanReader(weights)
    load_encoder(reader, weights)
    return reader


def trained(weights, plan, work, tokenizer, seconds=0.0):
    work.mkdir(exist_ok=True)
    reader = new_reader(weights)
    train(reader, plan, work, tokenizer, habits=Habits(checkpoint_seconds=seconds))
    return reader.state_dict()


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_a_killed_run_goes_on_to_the_very_same_weights(tiny, plan, tokenizer, tmp_path):
    whole = trained(tiny, plan, tmp_path / "whole", tokenizer)
    assert len(plan.batches) >= 6
    for killed_at in (2, len(plan.batches) - 1):
        work = tmp_path / f"killed at {killed_at}"
        batches = KilledAt(plan.batches)
        batches.step = killed_at
        with pytest.raises(Killed):
            trained(tiny, Plan(batches, plan.examples, plan.name), work, tokenizer)
        assert same(trained(tiny, plan, work, tokenizer), whole)


def test_steps_after_the_last_checkpoint_are_done_again(tiny, plan, tokenizer, tmp_path):
    batches = KilledAt(plan.batches)
    batches.step = 4
    with pytest.raises(Killed):
        trained(tiny, Plan(batches, plan.examples, plan.name), tmp_path / "work", tokenizer, seconds=1000)
    assert not (tmp_path / "work" / "reader.pt").exists()
    again = trained(tiny, plan, tmp_path / "work", tokenizer)
    assert same(again, trained(tiny, plan, tmp_path / "whole", tokenizer))


def test_a_checkpoint_of_another_plan_is_refused(tiny, plan, tokenizer, tmp_path):
    trained(tiny, plan, tmp_path / "work", tokenizer)
    with pytest.raises(SystemExit, match="another --work folder"):
        trained(tiny, Plan(plan.batches[:2], 9, "another"), tmp_path / "work", tokenizer)


def test_validating_changes_nothing(tiny, plan, tokenizer, data, tmp_path):
    reader, work = new_reader(tiny), tmp_path / "validated"
    work.mkdir()
    train(reader, plan, work, tokenizer, validation_questions(data[1], 1), Habits(0, 1, 2))
    assert same(reader.state_dict(), trained(tiny, plan, tmp_path / "work", tokenizer))
    log = [json.loads(line) for line in (work / "log.jsonl").read_text().splitlines()]
    assert [entry["step"] for entry in log if "validation" in entry] == list(range(1, len(plan.batches) + 1))


def test_auto_takes_a_gpu_where_there_is_one():
    assert chosen_device("cpu").type == "cpu"
    assert chosen_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")


def test_a_quick_run_trains_exports_and_reads(data, tmp_path, monkeypatch):
    train_folder, bench = map(str, data)
    weights, work, out = str(write_weights(tmp_path / "weights", WHOLE)), str(tmp_path / "work"), tmp_path / "out"
    run(monkeypatch, train_reader, "--train", train_folder, "--bench", bench, *shared(weights, work), "--quick")
    run(monkeypatch, export_reader, *shared(weights, work), "--out", str(out))
    log = [json.loads(line) for line in (tmp_path / "work" / "log.jsonl").read_text().splitlines()]
    assert log[-1]["validation"].keys() >= {"em", "f1", "auc", "null_accuracy"}
    [reading] = OnnxReader(out, tokenizer_file=embedder_folder() / "tokenizer.json").read("Who?", ["Ada Voss left."])
    assert (reading.begins.tolist(), reading.ends.tolist()) == ([0, 4, 9, 13], [3, 8, 13, 14])
    assert len(reading.start_scores) == len(reading.end_scores) == 4
    assert weights_come_back(Path(weights), Path(work) / "reader.pt", out / "model.onnx")


def weights_come_back(weights, checkpoint, exported):
    again = SpanReader(weights)
    load_shipped(again, exported)
    exact = torch.load(checkpoint, weights_only=True)["reader"]
    errors = [(tensor - again.state_dict()[name]).abs().max() for name, tensor in exact.items()]
    # Half a step of 8 bits over a whole table, of 7 bits over a column.
    return all(error <= tensor.abs().max() / 120 for error, tensor in zip(errors, exact.values(), strict=True))


def test_another_models_weights_are_refused(tiny, tmp_path):
    with pytest.raises(SystemExit, match=r"not a reader that training\.export_reader wrote"):
        load_shipped(SpanReader(tiny), reader_folder() / "model.onnx")


def test_a_file_that_is_no_model_is_refused_in_a_line(tiny, tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"no model")
    with pytest.raises(SystemExit, match="cannot be read as an exported reader"):
        load_shipped(SpanReader(tiny), tmp_path / "model.onnx")


def test_a_run_from_other_weights_or_at_another_rate_is_another(plan):
    names = {plan.name} | {plan.starting_from(first, rate).name for first in (b"1", b"2") for rate in (1e-4, 2e-4)}
    assert len(names) == 5


def shared(weights, work):
    return ["--weights", weights, "--work", work]


def run(monkeypatch, module, *arguments):
    monkeypatch.setattr(sys, "argv", [module.__name__, *arguments])
    module.main()
