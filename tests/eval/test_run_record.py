import json
import subprocess
from types import SimpleNamespace

import pytest

from eval import run_record
from eval.corpus_texts import CorpusTexts
from eval.metrics import Metric
from eval.run_record import (
    OutputError,
    default_output,
    make_record,
    prepare_output,
    provenance_of,
    write_record,
)
from eval.runner import CaseResult
from eval.scorers import Score
from qa.corpus import sha256_of
from qa.settings import Settings


@pytest.fixture
def bot(tmp_path):
    embedder = SimpleNamespace(fingerprint="hashing/64")
    return SimpleNamespace(
        settings=Settings(corpus_dir=tmp_path, candidates=7),
        corpus_sync=SimpleNamespace(indexer=SimpleNamespace(embedder=embedder)),
        answerer=SimpleNamespace(name="scripted"),
    )


def test_provenance_says_what_the_numbers_depend_on(bot, tmp_path):
    (tmp_path / "a.txt").write_text("Ada")
    texts = CorpusTexts(tmp_path, max_file_bytes=1000)
    provenance = provenance_of(bot, texts, tmp_path / "a.txt")
    assert provenance["corpus"] == {"documents": 1, "sha256": texts.corpus_hash()}
    assert provenance["case_file"] == {"path": str(tmp_path / "a.txt"), "sha256": sha256_of(b"Ada")}
    assert (provenance["embedder"], provenance["answerer"]) == ("hashing/64", "scripted")
    assert provenance["settings"]["candidates"] == 7
    assert {"qa-cited", "chromadb", "numpy"} <= provenance["packages"].keys()
    assert json.loads(json.dumps(provenance)) == provenance


def test_the_models_and_prompts_behind_an_answer_are_named_by_hash(open_bot):
    extractive = run_record._models(open_bot().answerer)
    generative = run_record._models(open_bot(openai_base_url="http://127.0.0.1:1/v1").answerer)
    assert extractive["reader"].startswith("minilm-reader-int8/")
    assert extractive | {"prompts": generative["prompts"]} == generative
    assert (extractive["prompts"], len(generative["prompts"])) == ({}, 5)


def test_secrets_stay_out_of_the_record(bot):
    bot.settings = SimpleNamespace(
        model_dump=lambda mode: {"openai_api_key": "sk-1", "password": "x", "passage_tokens": 256}
    )
    assert run_record._settings(bot) == {"passage_tokens": 256}


def test_a_record_holds_each_case_with_its_answer_and_scores(make_case, make_answer):
    result = CaseResult(
        case=make_case(),
        answer=make_answer(),
        seconds=0.5,
        error=None,
        scores={"correct": Score(1.0, "has “Ada”")},
    )
    record = make_record({"date": "today"}, [result], {"correct": Metric(1.0, 1.0, 1.0, 1)})
    (row,) = record["cases"]
    assert record["date"] == "today"
    assert record["metrics"] == {"correct": {"value": 1.0, "low": 1.0, "high": 1.0, "n": 1}}
    assert record["counts"] == {"cases": 1, "crashed": 0}
    assert (row["id"], row["answer"]["text"], row["seconds"]) == ("founder", make_answer().text, 0.5)
    assert row["scores"] == {"correct": {"value": 1.0, "reason": "has “Ada”"}}


def test_a_record_counts_crashed_cases_apart(make_case):
    result = CaseResult(case=make_case(), answer=None, seconds=None, error="OSError: gone", scores={})
    record = make_record({}, [result], {})
    assert record["counts"] == {"cases": 1, "crashed": 1}
    assert (record["cases"][0]["answer"], record["cases"][0]["error"]) == (None, "OSError: gone")


def test_git_is_absent_outside_a_checkout(tmp_path):
    assert run_record._git(tmp_path) is None


def test_git_is_absent_in_a_folder_of_somebody_elses_checkout(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "site-packages").mkdir()
    assert run_record._git(tmp_path / "site-packages") is None


def test_a_checkout_is_dirty_when_anything_was_changed(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert run_record._git(tmp_path) == {"commit": None, "dirty": False}
    (tmp_path / "new.py").touch()
    assert run_record._git(tmp_path) == {"commit": None, "dirty": True}


def test_a_record_is_written_as_readable_json(tmp_path):
    path = tmp_path / "new folder" / "record.json"
    prepare_output(path)
    assert not path.exists()
    write_record(path, {"text": "“é”"})
    assert "“é”" in path.read_text(encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == {"text": "“é”"}


def test_preparing_leaves_an_earlier_record_as_it_is(tmp_path):
    path = tmp_path / "record.json"
    path.write_text("{}")
    prepare_output(path)
    assert path.read_text() == "{}"


def test_an_unwritable_place_is_reported(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "record.json"):
        with pytest.raises(OutputError, match=r"cannot be written \(.+\); choose another file with --output"):
            prepare_output(path)
        with pytest.raises(OutputError, match="choose another file"):
            write_record(path, {})


def test_records_of_two_runs_do_not_overwrite_each_other():
    one, other = default_output(), default_output()
    assert one != other
    assert one.parent.name == "runs"
