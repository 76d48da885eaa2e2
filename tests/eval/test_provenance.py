import json
import subprocess
from types import SimpleNamespace

import pytest

from eval import provenance
from eval.corpus_texts import CorpusTexts
from eval.provenance import provenance_of, run_key
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
    found = provenance_of(bot, texts, {"name": "a.jsonl", "sha256": "01"}, workers=2)
    assert found["corpus"] == {"documents": 1, "sha256": texts.corpus_hash()}
    assert found["cases"] == {"name": "a.jsonl", "sha256": "01"}
    assert (found["embedder"], found["answerer"], found["workers"]) == ("hashing/64", "scripted", 2)
    assert found["settings"]["candidates"] == 7
    assert {"qa-cited", "chromadb", "numpy"} <= found["packages"].keys()
    assert json.loads(json.dumps(found)) == found


def test_no_folder_of_the_machine_is_recorded(bot, tmp_path):
    (tmp_path / "a.txt").write_text("Ada")
    found = provenance_of(bot, CorpusTexts(tmp_path, max_file_bytes=1000), {"name": "a.jsonl", "sha256": "01"})
    assert str(tmp_path) not in json.dumps(found)


def test_a_run_is_another_one_when_anything_its_answers_depend_on_changes(bot, tmp_path):
    (tmp_path / "a.txt").write_text("Ada")
    texts = CorpusTexts(tmp_path, max_file_bytes=1000)
    source = {"name": "a.jsonl", "sha256": "01"}
    first = provenance_of(bot, texts, source, workers=1)
    later = {**provenance_of(bot, texts, source, workers=2), "date": "2026-01-01"}
    assert run_key(first) == run_key(later)
    changed = [{"settings": {}}, {"code_sha256": "02"}, {"corpus": {}}, {"cases": {}}]
    assert run_key(first) not in {run_key({**first, **change}) for change in changed}


def test_the_models_and_prompts_behind_an_answer_are_named_by_hash(open_bot):
    extractive = provenance._models(open_bot().answerer)
    generative = provenance._models(open_bot(openai_base_url="http://127.0.0.1:1/v1").answerer)
    assert extractive["reader"].startswith("minilm-reader-int8/")
    assert extractive | {"prompts": generative["prompts"]} == generative
    assert (extractive["prompts"], len(generative["prompts"])) == ({}, 5)


def test_secrets_stay_out_of_the_record(bot):
    bot.settings = SimpleNamespace(
        model_dump=lambda mode: {"openai_api_key": "sk-1", "password": "x", "passage_tokens": 256}
    )
    assert provenance._settings(bot) == {"passage_tokens": 256}


def test_no_credentials_of_the_service_are_recorded(bot):
    bot.settings = Settings(openai_base_url="https://ada:hunter2@models.test:8443/v1?api-key=sk-1#sk-2")
    assert provenance._settings(bot)["openai_base_url"] == "https://models.test:8443/v1"


def test_git_is_absent_outside_a_checkout(tmp_path):
    assert provenance.checkout(tmp_path) is None


def test_git_is_absent_in_a_folder_of_somebody_elses_checkout(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / "site-packages").mkdir()
    assert provenance.checkout(tmp_path / "site-packages") is None


def test_a_checkout_is_dirty_when_anything_was_changed(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    assert provenance.checkout(tmp_path) == {"commit": None, "dirty": False}
    (tmp_path / "new.py").touch()
    assert provenance.checkout(tmp_path) == {"commit": None, "dirty": True}
