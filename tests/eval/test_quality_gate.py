from dataclasses import replace

import pytest

from eval.case_files import SEED_CASES
from eval.comparison import compare_runs
from eval.gate import Threshold, ThresholdError, load_thresholds, problems_of
from eval.metrics import Metric, metrics_of
from eval.results import CaseResult
from eval.run_record import RunRecord
from eval.scores import Score


@pytest.fixture
def run_with(make_case, make_answer):
    """Give a run of 100 cases of which so many are right, and some crashed."""

    def make(right, crashed=0):
        results = [
            CaseResult(
                case=make_case(id=str(number)),
                answer=None if number < crashed else make_answer(),
                seconds=None if number < crashed else 0.1,
                error="OSError: gone" if number < crashed else None,
                scores={} if number < crashed else {"correct": Score(float(number < right), "…")},
            )
            for number in range(100)
        ]
        return RunRecord(provenance={}, metrics=metrics_of(results), results=results)

    return make


def test_a_run_that_meets_its_thresholds_has_no_problems(run_with):
    assert problems_of(run_with(80), {"correct": Threshold(min=0.8)}, None) == ()


def test_a_missed_threshold_is_a_problem(run_with):
    run = run_with(80)
    assert problems_of(run, {"correct": Threshold(min=0.81)}, None) == ("correct is 0.8, below its threshold of 0.81",)
    (problem,) = problems_of(run, {"latency_p50_seconds": Threshold(max=0.05)}, None)
    assert problem == "latency_p50_seconds is 0.1, above its threshold of 0.05"


def test_a_threshold_on_what_no_case_is_scored_on_is_a_problem(run_with):
    (problem,) = problems_of(run_with(80), {"verified": Threshold(min=1.0)}, None)
    assert problem == "verified has a threshold, and no case of this run is scored on it"


def test_a_crashed_case_is_a_problem(run_with):
    (problem,) = problems_of(run_with(100, crashed=2), {}, None)
    assert problem == "2 of 100 cases crashed, the first with OSError: gone"


def test_a_significant_fall_is_a_problem_and_a_small_one_is_not(run_with):
    baseline = run_with(90)
    problems = problems_of(run_with(70), {}, compare_runs(baseline, run_with(70)))
    assert problems[0].startswith("correct went from 0.9 to 0.7 (p = ")
    assert problems_of(run_with(89), {}, compare_runs(baseline, run_with(89))) == ()
    assert problems_of(run_with(99), {}, compare_runs(baseline, run_with(99))) == ()


def test_a_slower_machine_is_no_problem(run_with):
    fast, slow = run_with(90), run_with(90)
    slow = replace(slow, results=[replace(result, seconds=5.0) for result in slow.results])
    slow = replace(slow, metrics=metrics_of(slow.results))
    assert problems_of(slow, {}, compare_runs(fast, slow)) == ()


def test_the_shipped_thresholds_can_be_read():
    thresholds = load_thresholds(SEED_CASES.parent.parent / "thresholds.toml")
    assert thresholds["verified"] == Threshold(min=1.0)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("[correct", "are not TOML"),
        pytest.param("a = " + "[" * 5_000, "are not TOML", id="brackets"),
        ("[corect]\nmin = 0.8", "the metric 'corect' is unknown; choose one of: correct, "),
        ("[correct]\nmin = 'high'", "correct.min: input should be a valid number"),
        ("[correct]\nleast = 0.8", "a metric has `min`, `max` or both"),
        ("[correct]\nmin = nan", "correct.min: input should be a finite number"),
        ("[correct]\nmin = 80", "correct is a share from 0 to 1; write 80 % as 0.8"),
        ("[correct]", "sets no limit"),
        ("", "sets no limit"),
    ],
)
def test_bad_thresholds_are_one_clear_line(content, problem, tmp_path):
    path = tmp_path / "thresholds.toml"
    path.write_text(content)
    with pytest.raises(ThresholdError) as caught:
        load_thresholds(path)
    assert problem in str(caught.value)
    assert "thresholds.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_thresholds_that_are_not_there_are_reported(tmp_path):
    with pytest.raises(ThresholdError, match=r"cannot be read .* give a file with --thresholds"):
        load_thresholds(tmp_path / "thresholds.toml")


def test_a_metric_is_held_against_its_threshold_exactly():
    run = RunRecord(provenance={}, metrics={"correct": Metric(0.8, 0.7, 0.9, 10)}, results=())
    assert problems_of(run, {"correct": Threshold(min=0.8, max=0.8)}, None) == ()
