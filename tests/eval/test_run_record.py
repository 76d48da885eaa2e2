import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from eval.metrics import Metric
from eval.results import CaseResult, recorded
from eval.run_record import (
    OutputError,
    RecordError,
    RunRecord,
    default_output,
    load_record,
    prepare_output,
    prepare_outputs,
    write_lines,
    write_record,
    write_text,
)
from eval.scores import Score


@pytest.fixture
def record(make_case, make_answer, cite):
    answer = recorded(make_answer(citations=(cite("Ada founded Acme in 2016."),)))
    scores = {"correct": Score(1.0, "has “Ada”"), "judged": Score(None, "no sense", failed=True)}
    return RunRecord(
        provenance={"date": "today", "git": None},
        metrics={"correct": Metric(1.0, 1.0, 1.0, 1)},
        results=[
            CaseResult(case=make_case(), answer=answer, seconds=0.5, error=None, scores=scores),
            CaseResult(case=make_case(id="2"), answer=None, seconds=None, error="OSError: gone", scores={}),
        ],
    )


def test_a_record_is_read_back_as_it_was(record, tmp_path):
    path = tmp_path / "new folder" / "record.json"
    write_record(path, record)
    assert load_record(path) == record


def test_a_record_is_json_with_a_case_a_line(record, tmp_path):
    path = tmp_path / "record.json"
    write_record(path, record)
    text = path.read_text(encoding="utf-8")
    assert [result["case"]["id"] for result in json.loads(text)["results"]] == ["founder", "2"]
    assert "“Ada”" in text
    assert sum('"case"' in line for line in text.splitlines()) == 2


def test_an_answer_is_recorded_without_passage_texts_and_places(make_answer, cite):
    answer = recorded(make_answer(citations=(cite("Ada founded Acme in 2016.", source="/elsewhere/a.txt"),)))
    assert answer.citations[0].source == "a.txt"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"metrics": {}}', '{"provenance": {}, "metrics": {}, "results": 1}']
)
def test_what_is_no_record_is_reported_in_one_line(content, tmp_path):
    path = tmp_path / "record.json"
    path.write_text(content)
    with pytest.raises(RecordError, match=r"record\.json is not a record of a run") as caught:
        load_record(path)
    assert "\n" not in str(caught.value)


def test_a_record_with_a_case_twice_is_reported(record, tmp_path):
    write_record(tmp_path / "record.json", replace(record, results=[*record.results, record.results[0]]))
    with pytest.raises(RecordError, match="has a case twice"):
        load_record(tmp_path / "record.json")


def test_a_record_without_results_is_reported(record, tmp_path):
    write_record(tmp_path / "record.json", replace(record, results=[]))
    with pytest.raises(RecordError, match="has no results"):
        load_record(tmp_path / "record.json")


@pytest.mark.parametrize(
    ("metrics", "problem"),
    [
        ({"correct": Metric(0.9, 0.8, 1.0, 1)}, "its correct is 0.9 over 1, and its results give 1 over 1"),
        ({"correct": Metric(1.0, 1.0, 1.0, 2)}, "its correct is 1 over 2, and its results give 1 over 1"),
        ({"verified": Metric(1.0, 1.0, 1.0, 1)}, "it has verified and nothing that gives it"),
        (
            {"latency_p50_seconds": Metric(0.1, 0.1, 0.1, 1)},
            "its latency_p50_seconds is 0.1 over 1, and its results give 0.5",
        ),
    ],
)
def test_a_record_whose_metrics_are_not_those_of_its_results_is_reported(record, tmp_path, metrics, problem):
    path = tmp_path / "record.json"
    write_record(path, replace(record, metrics=metrics))
    with pytest.raises(RecordError) as caught:
        load_record(path)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_shipped_baseline_agrees_with_itself():
    assert load_record(Path(__file__).parents[2] / "eval" / "baseline.json").metrics["correct"].n > 50


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_a_record_with_numbers_that_are_none_is_reported(record, tmp_path, number):
    path = tmp_path / "record.json"
    write_record(path, record)
    path.write_text(path.read_text(encoding="utf-8").replace('"value": 1.0', f'"value": {number}'), encoding="utf-8")
    with pytest.raises(RecordError, match="has a number that is none"):
        load_record(path)


def test_a_record_that_is_not_there_is_reported(tmp_path):
    with pytest.raises(RecordError, match=r"cannot be read \(No such file"):
        load_record(tmp_path / "record.json")


def test_a_file_that_cannot_be_finished_leaves_the_earlier_one(tmp_path):
    path = tmp_path / "record.json"
    write_text(path, "whole")
    with pytest.raises(ZeroDivisionError):
        write_lines(path, (str(1 / left) for left in (2, 1, 0)))
    assert path.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [path]


def test_no_file_is_put_in_the_place_of_a_device():
    with pytest.raises(OutputError, match="no ordinary file"):
        prepare_output(Path(os.devnull))


def test_outputs_over_each_other_or_over_an_input_are_refused(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    (tmp_path / "link").symlink_to(one)
    prepare_outputs([one, None, other], [tmp_path / "cases", None])
    for outputs, inputs in (([one, one], []), ([one, tmp_path / "link"], []), ([other], [tmp_path / "." / "other"])):
        with pytest.raises(OutputError, match="choose another file"):
            prepare_outputs(outputs, inputs)


def test_preparing_leaves_an_earlier_record_as_it_is(tmp_path):
    path = tmp_path / "record.json"
    path.write_text("{}")
    prepare_output(path)
    assert path.read_text() == "{}"


def test_an_unwritable_place_is_reported(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "record.json"):
        with pytest.raises(OutputError, match=r"cannot be written \(.+\); choose another\."):
            prepare_output(path)
        with pytest.raises(OutputError, match="choose another"):
            write_text(path, "")


def test_records_of_two_runs_do_not_overwrite_each_other():
    one, other = default_output(), default_output()
    assert one != other
    assert one.parent.name == "runs"
