import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from eval.cases import CaseError
from eval.measuring import Request, measure
from eval.run_record import load_record
from eval.scorers import UnknownMetric
from qa.settings import Settings

TEXT = "Ada Byron founded Acme in 2016. Acme paid $6.5 billion for Ampere."


def no_progress(label, done, total):
    pass


@pytest.fixture
def settings(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT)
    return Settings(corpus_dir=folder, data_dir=tmp_path / "data")


@pytest.fixture
def many_cases(tmp_path):
    path = tmp_path / "cases.jsonl"
    case = {"question": "How much did Acme pay for Ampere?", "answers": ["$6.5 billion"]}
    path.write_text("".join(json.dumps({"id": str(number), **case}) + "\n" for number in range(300)))
    return path


def test_a_run_is_recorded_with_what_it_depends_on(settings, many_cases, tmp_path):
    request = Request(cases=many_cases, output=tmp_path / "run.json", limit=3)
    record = measure(settings, request, no_progress, pytest.fail)
    assert load_record(tmp_path / "run.json") == record
    assert [result.case.id for result in record.results] == ["0", "1", "2"]
    assert record.metrics["correct"].value == 1.0
    assert record.provenance["cases"]["name"] == "cases.jsonl"
    assert str(tmp_path) not in (tmp_path / "run.json").read_text()


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        (("latency_p50_seconds",), ["latency_p50_seconds"]),
        (("aurc",), ["aurc"]),
        (("correct", "aurc"), ["correct", "aurc"]),
        (("verified", "latency_p95_seconds"), ["verified", "latency_p95_seconds"]),
        (("verified",), ["verified", "latency_p50_seconds", "latency_p95_seconds"]),
    ],
)
def test_metrics_of_the_whole_run_can_be_chosen(settings, many_cases, tmp_path, chosen, kept):
    request = Request(cases=many_cases, output=tmp_path / "run.json", limit=3, metrics=chosen)
    record = measure(settings, request, no_progress, pytest.fail)
    assert list(record.metrics) == kept
    assert load_record(tmp_path / "run.json") == record


def test_an_unknown_metric_is_told_with_those_of_the_whole_run(settings, many_cases, tmp_path):
    request = Request(cases=many_cases, output=tmp_path / "run.json", metrics=("aurk",))
    with pytest.raises(UnknownMetric, match=r"no metric 'aurk'; .* also: aurc, ece, latency_p50_seconds"):
        measure(settings, request, no_progress, pytest.fail)


def test_by_default_every_core_asks_a_case_on_one_thread(settings, many_cases, tmp_path, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    request = Request(cases=many_cases, output=tmp_path / "run.json", limit=3)
    found = measure(settings, request, no_progress, pytest.fail).provenance
    assert (found["workers"], found["settings"]["threads"]) == (3, 1)
    found = measure(settings, replace(request, workers=1), no_progress, pytest.fail).provenance
    assert (found["workers"], found["settings"]["threads"]) == (1, 0)


def test_many_cores_ask_eight_cases_at_a_time(settings, many_cases, tmp_path, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 96)
    request = Request(cases=many_cases, output=tmp_path / "run.json", limit=3)
    assert measure(settings, request, no_progress, pytest.fail).provenance["workers"] == 8


def test_a_file_that_cannot_be_indexed_is_told(settings, many_cases, tmp_path):
    (settings.corpus_dir / "b.pdf").write_bytes(b"%PDF")
    told = []
    measure(settings, Request(cases=many_cases, output=tmp_path / "run.json", limit=1), no_progress, told.append)
    assert [sentence for sentence in told if sentence.startswith("not indexed: b.pdf: ")]


def test_nothing_is_indexed_for_cases_that_cannot_be_used(settings, tmp_path):
    cases = tmp_path / "cases.jsonl"
    cases.write_text('{"id": "1", "question": "Who?", "answers": ["Ada"], "documents": ["b.txt"]}')
    with pytest.raises(CaseError, match=r"asks the document 'b\.txt', which the corpus does not have"):
        measure(settings, Request(cases=cases, output=tmp_path / "run.json"), no_progress, pytest.fail)
    assert not (tmp_path / "data").exists()


def test_a_killed_run_goes_on_where_it_stopped(settings, many_cases, tmp_path):
    words = ("run", "--cases", many_cases, "--corpus", settings.corpus_dir, "--data-dir", settings.data_dir, "--json")
    command = [sys.executable, "-m", "eval", *map(str, words)]
    first = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and kept_lines(tmp_path) < 20:
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.wait()
    kept = kept_lines(tmp_path) - 2  # the head, and a line that may be torn
    second = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, env={**os.environ})
    assert second.returncode == 0, second.stderr
    told = second.stderr.split("not finished: ")[1]
    assert 18 <= kept <= int(told.split(" of 300 cases")[0]) < 300
    assert json.loads(second.stdout)["cases"] == 300
    assert [path.name for path in (tmp_path / "runs").glob("unfinished*")] == []


def kept_lines(folder):
    return sum(path.read_bytes().count(b"\n") for path in folder.glob("runs/unfinished-*.jsonl"))
