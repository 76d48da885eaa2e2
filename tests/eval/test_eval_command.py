"""The command line, in this process for bad input and in its own for whole runs with the real chatbot."""

import json
import os
import subprocess
import sys

import pytest

from eval.__main__ import main
from eval.run_record import load_record
from qa.errors import InputError

HISTORY = [{"question": "Who runs Borealis Shipping?", "answer": "Marta Lindqvist."}]
TEXT = (
    "Borealis Shipping opened its first office in Bergen in 1987. "
    "The company bought the ferry line Nordvik for $6.5 million in 2003.\n"
)


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "borealis.txt").write_text(TEXT)
    return folder


@pytest.fixture
def cases(tmp_path):
    """One case that the corpus answers, one about something else, and a follow-up that it does not answer."""
    quote = TEXT.split(". ")[1].strip()
    at = TEXT.index(quote)
    fields = {"history": [], "answers": [], "answers_all": [], "evidence": []}
    evidence = {"document": "borealis.txt", "quote": quote, "start": at, "end": at + len(quote)}
    rows = [
        {
            **fields,
            "id": "price",
            "question": "How much did Borealis Shipping pay for the ferry line Nordvik?",
            "answers": ["$6.5 million"],
            "answerable": True,
            "evidence": [evidence],
            "tags": ["amount"],
        },
        {
            **fields,
            "id": "bread",
            "question": "How do I bake bread?",
            "answerable": False,
            "tags": ["off-topic"],
        },
        {
            **fields,
            "id": "age",
            "question": "How old is she?",
            "history": HISTORY,
            "answerable": False,
            "tags": ["near-miss"],
        },
    ]
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture
def fails(monkeypatch, capsys):
    """Run the command line with words that must fail, and give exit code and stderr."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["qa eval", *map(str, words)])
        with pytest.raises(SystemExit) as caught:
            main()
        out, err = capsys.readouterr()
        assert out == ""
        return caught.value.code, err

    return run


def eval_module(*words, folder):
    command = [sys.executable, "-m", "eval", *map(str, words)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, env={**os.environ})


def test_a_run_measures_the_real_chatbot_and_leaves_a_record(tmp_path, corpus, cases):
    folders = ("--corpus", corpus, "--data-dir", tmp_path / "data")
    done = eval_module(*folders, "run", "--cases", cases, "--json", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    record = json.loads((tmp_path / summary["record"]).read_text(encoding="utf-8"))
    assert (summary["cases"], summary["crashed"]) == (3, 0)
    assert summary["metrics"] == record["metrics"]
    assert (summary["metrics"]["correct"]["value"], summary["metrics"]["correct"]["n"]) == (1.0, 1)
    assert summary["metrics"]["verified"]["value"] == 1.0
    assert summary["metrics"]["refusal_recall"]["n"] == 2
    assert [result["case"]["id"] for result in record["results"]] == ["price", "bread", "age"]
    assert summary["record"].startswith("runs")


def test_a_run_on_the_screen_shows_tables_and_the_record(tmp_path, corpus, cases):
    output = tmp_path / "record.json"
    folders = ("--corpus", corpus, "--data-dir", tmp_path / "data")
    words = ("run", *folders, "--cases", cases, "--tag", "amount", "--limit", 1, "--output", output)
    done = eval_module(*words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "95 % interval" in done.stdout
    assert "0 of 1 cases failed." in done.stdout
    assert [result.case.id for result in load_record(output).results] == ["price"]


def test_qa_eval_forwards_to_this_command_line(tmp_path, corpus):
    words = ("-m", "qa", "--corpus", corpus, "--data-dir", tmp_path / "data")
    words = (*words, "eval", "run", "--cases", tmp_path / "missing.jsonl")
    done = subprocess.run([sys.executable, *map(str, words)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith("qa eval: The case file")
    assert done.stderr.count("\n") == 1


def test_a_bad_case_file_is_one_line_and_exit_code_2(fails, tmp_path):
    path = tmp_path / "cases.jsonl"
    path.write_text("{}")
    code, err = fails("run", "--cases", path)
    assert (code, err) == (2, f"qa eval: {path}, line 1: the field 'id' is missing; add it.\n")


def test_an_unknown_tag_is_one_line_and_exit_code_2(fails, cases):
    code, err = fails("run", "--cases", cases, "--tag", "nonsense")
    assert code == 2
    assert err == "qa eval: No case has the tag 'nonsense'; choose one of: amount, near-miss, off-topic.\n"


def test_a_missing_corpus_is_one_line_and_exit_code_2(fails, cases, tmp_path):
    code, err = fails("--corpus", tmp_path / "nowhere", "run", "--cases", cases)
    assert code == 2
    assert "does not exist" in err
    assert err.count("\n") == 1


def test_the_options_of_run_win_over_those_before_it(fails, cases, corpus, tmp_path):
    code, err = fails("--corpus", corpus, "run", "--cases", cases, "--corpus", tmp_path / "nowhere")
    assert code == 2
    assert "nowhere does not exist" in err


def test_cases_of_another_corpus_are_refused(fails, corpus):
    code, err = fails("run", "--corpus", corpus)
    assert code == 2
    assert "which the corpus does not have; choose the corpus with --corpus" in err


def test_an_unwritable_record_is_refused_before_the_run(fails, cases, corpus, tmp_path):
    data_dir = tmp_path / "data"
    words = ("--corpus", corpus, "--data-dir", data_dir, "--output", tmp_path)
    code, err = fails("run", "--cases", cases, *words)
    assert code == 2
    assert "cannot be written" in err
    assert err.count("\n") == 1
    assert not data_dir.exists()


def test_a_limit_below_one_is_wrong_usage(fails, cases):
    code, err = fails("run", "--cases", cases, "--limit", 0)
    assert code == 2
    assert "--limit" in err


def test_help_loads_nothing_slow():
    slow = ("numpy", "pydantic", "chromadb", "llama_index", "fastembed", "qa.api")
    program = f"import sys, eval.__main__; print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_without_a_command_the_seeds_are_measured(monkeypatch):
    asked = []

    def measured(settings, request, judging):
        asked.append(request)
        raise InputError("enough")

    monkeypatch.setattr("eval.commands.running._measured", measured)
    monkeypatch.setattr(sys, "argv", ["qa eval"])
    with pytest.raises(SystemExit):
        main()
    assert asked[0].cases.name == "seeds.jsonl"


def test_an_unknown_metric_is_one_line_and_exit_code_2(fails, cases, corpus):
    code, err = fails("run", "--cases", cases, "--corpus", corpus, "--metric", "corect")
    assert code == 2
    assert "'corect'" in err
    assert "correct" in err.replace("corect", "")
    assert err.count("\n") == 1


@pytest.mark.parametrize("option", ["--html", "--markdown", "--junit"])
def test_an_unwritable_report_is_refused_before_the_run(fails, cases, corpus, tmp_path, option):
    words = ("--corpus", corpus, "--data-dir", tmp_path / "data", option, tmp_path)
    code, err = fails("run", "--cases", cases, *words)
    assert code == 2
    assert "cannot be written" in err
    assert not (tmp_path / "data").exists()


def test_a_csv_file_of_ones_own_is_measured(tmp_path, corpus):
    cases = tmp_path / "mine.csv"
    cases.write_text("question,answers\nHow much did Borealis Shipping pay for Nordvik?,$6.5 million\nWho is she?,\n")
    folders = ("--corpus", corpus, "--data-dir", tmp_path / "data")
    done = eval_module("run", *folders, "--cases", cases, "--json", "--metric", "correct", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["cases"], summary["metrics"]["correct"]["value"]) == (2, 1.0)


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory):
    """Two records: of the gold set's form, one right, one in which the document says something else."""
    folder = tmp_path_factory.mktemp("runs")
    case = {"id": "price", "question": "How much did Borealis Shipping pay for Nordvik?", "answers": ["$6.5 million"]}
    (folder / "cases.jsonl").write_text(json.dumps(case))
    records = []
    for name, text in (("before", TEXT), ("after", TEXT.replace("$6.5 million", "nothing"))):
        (folder / name).mkdir()
        (folder / name / "borealis.txt").write_text(text)
        words = ("--corpus", folder / name, "--data-dir", folder / f"{name}-data", "--cases", "cases.jsonl")
        done = eval_module("run", *words, "--output", f"{name}.json", "--html", f"{name}.html", folder=folder)
        assert done.returncode == 0, done.stderr
        records.append(folder / f"{name}.json")
    return records


def test_two_runs_are_compared(two_runs):
    done = eval_module("compare", *two_runs, folder=two_runs[0].parent)
    assert done.returncode == 0, done.stderr
    assert "price" in done.stdout
    assert "correct" in done.stdout


def test_json_says_how_a_run_compares(two_runs):
    before, _ = two_runs
    words = ("--corpus", "before", "--data-dir", "before-data", "--cases", "cases.jsonl", "--against", before)
    done = eval_module("run", *words, "--json", folder=before.parent)
    assert done.returncode == 0, done.stderr
    changes = {change["name"]: change["verdict"] for change in json.loads(done.stdout)["changes"]}
    assert changes["correct"] == "no difference shown"


def test_a_report_is_made_of_a_run_that_is_over(two_runs, tmp_path):
    before, after = two_runs
    files = {name: tmp_path / f"report.{name}" for name in ("html", "markdown", "junit")}
    options = [word for name, path in files.items() for word in (f"--{name}", path)]
    done = eval_module("report", after, "--against", before, *options, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert all("How much did Borealis" in path.read_text(encoding="utf-8") for path in files.values())
    assert before.with_suffix(".html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_gate_fails_on_a_missed_threshold_and_says_which(two_runs, tmp_path):
    (tmp_path / "thresholds.toml").write_text("[correct]\nmin = 0.9\n")
    before, after = two_runs
    words = ("gate", "--thresholds", tmp_path / "thresholds.toml", "--baseline", before, "--record")
    assert eval_module(*words, before, folder=tmp_path).returncode == 0
    done = eval_module(*words, after, folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "qa eval: correct is 0, below its threshold of 0.9.\n"


def test_the_thresholds_of_the_gold_set_are_for_no_other_cases(two_runs, fails):
    assert fails("gate", "--record", two_runs[1])[1].startswith("qa eval: There is nothing to hold the run against")


def test_an_option_that_would_say_nothing_is_refused(two_runs, fails):
    code, err = fails("gate", "--record", two_runs[1], "--baseline", two_runs[0], "--output", "other.json")
    assert (code, "--output says nothing" in err) == (2, True)


def test_a_run_that_passes_becomes_the_baseline(two_runs, tmp_path):
    (tmp_path / "thresholds.toml").write_text("[correct]\nmin = 0.9\n")
    baseline = tmp_path / "baseline.json"
    words = ("gate", "--thresholds", tmp_path / "thresholds.toml", "--baseline", baseline, "--update", "--record")
    assert eval_module(*words, two_runs[1], folder=tmp_path).returncode == 1
    assert not baseline.exists()
    assert eval_module(*words, two_runs[0], folder=tmp_path).returncode == 0
    assert load_record(baseline) == load_record(two_runs[0])


def test_the_first_baseline_of_ones_own_cases_needs_no_thresholds(two_runs, tmp_path):
    baseline = tmp_path / "base.json"
    done = eval_module("gate", "--baseline", baseline, "--record", two_runs[0], "--update", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "There was nothing to hold this run against" in done.stdout
    assert load_record(baseline) == load_record(two_runs[0])


def test_a_damaged_record_does_not_pass_the_gate(two_runs, tmp_path, fails):
    plain = json.loads(two_runs[0].read_text(encoding="utf-8"))
    for results in ([], [{**plain["results"][0], "scores": {}}]):
        (tmp_path / "damaged.json").write_text(json.dumps({**plain, "results": results}))
        code, err = fails("gate", "--baseline", two_runs[0], "--record", tmp_path / "damaged.json")
        assert (code, err.count("\n")) == (2, 1)
        assert "damaged.json" in err


@pytest.mark.parametrize("words", [("gate", "--baseline"), ("run", "--against")])
def test_an_earlier_run_of_other_cases_is_refused_before_asking(two_runs, corpus, cases, tmp_path, fails, words):
    folders = ("--corpus", corpus, "--data-dir", tmp_path / "data", "--output", tmp_path / "run.json")
    code, err = fails(*words, two_runs[0], "--cases", cases, *folders)
    assert (code, "has no case in common with these" in err) == (2, True)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("gate", "--update"), "There is no file to update"),
        (("gate", "--cases", "mine.jsonl"), "There is nothing to hold the run against"),
        (("gate", "--baseline", "nowhere.json"), "There is no baseline nowhere.json yet; give --update as well"),
        (("report", "nowhere.json"), "The run record nowhere.json cannot be read"),
        (("compare", "nowhere.json", "nowhere.json"), "The run record nowhere.json cannot be read"),
        (("run", "--against", "nowhere.json"), "The run record nowhere.json cannot be read"),
    ],
)
def test_what_cannot_be_compared_is_one_line_and_exit_code_2(fails, words, problem):
    code, err = fails(*words)
    assert code == 2
    assert problem in err
    assert err.count("\n") == 1
