"""The commands that draft, compare settings, judge and read public data, each in a process of its own."""

import json
import os
import subprocess
import sys

import pytest
from openai_server import OpenAIServer, Reply

from eval.locks import held

TEXT = "Ada Byron founded Acme in 2016. Acme paid $6.5 billion for Ampere in 2019. Bob Hale runs Acme in Bergen."


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(TEXT)
    return tmp_path


@pytest.fixture
def qa_eval(folder):
    def run(*words, keys="", **environment):
        command = [sys.executable, "-m", "eval", "--corpus", "corpus", "--data-dir", "data", *map(str, words)]
        return subprocess.run(
            command,
            cwd=folder,
            input=keys,
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, **environment},
        )

    return run


@pytest.fixture
def cases(folder):
    evidence = {"document": "a.txt", "quote": "Acme paid $6.5 billion for Ampere in 2019."}
    case = {"id": "price", "question": "How much did Acme pay for Ampere?", "answers": ["$6.5 billion"]}
    (folder / "cases.jsonl").write_text(json.dumps({**case, "evidence": [evidence]}))
    return folder / "cases.jsonl"


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_accepted_draft_is_a_case_that_can_be_asked(qa_eval, folder):
    done = qa_eval("new", "mine.jsonl", keys="r\na\nq\n")
    assert done.returncode == 0, done.stderr
    assert "1 case was appended to mine.jsonl, 1 turned down." in done.stdout
    (case,) = lines_of(folder / "mine.jsonl")
    assert TEXT[case["evidence"][0]["start"] : case["evidence"][0]["end"]] == case["evidence"][0]["quote"]
    asked = qa_eval("run", "--cases", "mine.jsonl", "--json")
    assert asked.returncode == 0, asked.stderr
    assert json.loads(asked.stdout)["cases"] == 1


def test_drafts_can_be_written_without_being_asked(qa_eval, folder):
    assert qa_eval("new", "mine.jsonl", "--yes", 1).returncode == 0
    done = qa_eval("new", "mine.jsonl", "--yes", 60)
    cases = lines_of(folder / "mine.jsonl")
    assert len({case["id"] for case in cases}) == len(cases) > 1
    assert all("draft" in case["tags"] for case in cases)
    assert f"; the documents gave {len(cases) - 1} draft" in done.stdout
    again = qa_eval("new", "mine.jsonl", "--yes", 60).stdout
    assert again == "\nNo case was appended to mine.jsonl; the documents gave no draft that it did not have.\n"


def test_two_at_a_time_do_not_add_to_one_file(qa_eval, folder):
    with held(folder / "mine.jsonl.lock", ""):
        done = qa_eval("new", "mine.jsonl", "--yes", 1)
    assert (done.returncode, done.stderr) == (2, "qa eval: Another process adds to mine.jsonl; wait for it to end.\n")
    assert [path.name for path in folder.iterdir()] == ["corpus"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("new", "mine.csv"), "Cases are appended as JSON Lines"),
        (("new", "mine.jsonl", "--ratings"), "rate answers on the page of `qa chat` first"),
        (("new", "mine.jsonl", "--use-model"), "OPENAI_API_KEY"),
        (("run", "--judge"), "OPENAI_API_KEY"),
        (("run", "--votes", "3"), "add --judge"),
        (("run", "--output", "cases.jsonl"), "choose another file"),
        (("run", "--output", "new.json", "--html", "new.json"), "choose another file"),
        (("new", "mine.jsonl", "--ratings", "--use-model"), "one of --drafted, --use-model and --ratings"),
        (("compare-chunking", "--set", "passage_size=3"), "passage_size"),
        (("compare-chunking", "--sort", "beauty"), "beauty"),
        (("benchmark", "squid", "--bench", "."), "squad-1.1"),
        (("benchmark", "squad-1.1", "--bench", "nowhere"), "nowhere"),
        (("results", "--bench", ".", "--only", "squid"), "squid"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(qa_eval, cases, words, problem):
    more = ("--cases", cases) if words[0] in ("run", "compare-chunking") else ()
    done = qa_eval(*words, *more)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("qa eval: ")
    assert problem in done.stderr
    assert done.stderr.count("\n") == 1


def test_settings_are_compared_on_cases_of_ones_own(qa_eval, cases, folder):
    words = ("compare-chunking", "--cases", cases, "--set", "passage_tokens=64,128", "--set", "overlap_tokens=0")
    done = qa_eval(*words, "--markdown", "sweep.md")
    assert done.returncode == 0, done.stderr
    assert "QA_PASSAGE_TOKENS=" in done.stdout
    assert "QA_PASSAGE_TOKENS=" in (folder / "sweep.md").read_text()
    plain = json.loads(qa_eval(*words, "--json").stdout)
    assert plain["best"].startswith("QA_PASSAGE_TOKENS=")
    assert {row["line"] for row in plain["rows"]} > {plain["best"]}


def test_a_judge_scores_beside_the_strings_and_its_model_is_recorded(qa_eval, cases, folder):
    verdict = json.dumps({"reason": "It says so.", "verdict": "correct"})
    with OpenAIServer() as server:
        server.script([Reply(verdict)])
        service = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "sk-secret-1", "QA_ANSWERER": "extractive"}
        done = qa_eval("run", "--cases", cases, "--judge", "--json", "--output", "run.json", **service)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["metrics"]["judged_correct"]["value"] == 1.0
    assert "judge and string comparison agree on 100% of 1 answers" in done.stderr
    record = (folder / "run.json").read_text()
    assert json.loads(record)["provenance"]["judge"]["votes"] == 1
    assert "sk-secret-1" not in record + done.stderr


def test_drafts_that_were_written_without_a_look_can_be_looked_at_later(qa_eval, folder):
    assert qa_eval("new", "drafts.jsonl", "--yes", 2).returncode == 0
    done = qa_eval("new", "mine.jsonl", "--drafted", "drafts.jsonl", keys="a\nr\n")
    assert done.returncode == 0, done.stderr
    (case,) = lines_of(folder / "mine.jsonl")
    assert "draft" not in case["tags"]
