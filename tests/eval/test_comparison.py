import pytest

from eval.comparison import Comparison, ComparisonError, Flip, compare_runs
from eval.metrics import metrics_of
from eval.results import CaseResult
from eval.run_record import RunRecord
from eval.scores import Score

MACHINE = {"machine": {"cpus": 2}, "workers": 1}


@pytest.fixture
def result(make_case):
    """Give what became of a case: values by metric, or "crash"."""

    def make(case_id, values, *, seconds=0.1, **changes):
        case = make_case(id=case_id, **changes)
        if values == "crash":
            return CaseResult(case=case, answer=None, seconds=None, error="OSError: gone", scores={})
        scores = {
            name: value if isinstance(value, Score) else Score(value, f"{name} is {value}")
            for name, value in values.items()
        }
        return CaseResult(case=case, answer=None, seconds=seconds, error=None, scores=scores)

    return make


@pytest.fixture
def run_of(result):
    """Give a run's record; its cases are called 0, 1, 2 …"""

    def make(outcomes, *, provenance=MACHINE, seconds=0.1, **changes):
        results = [result(f"{at}", values, seconds=seconds, **changes) for at, values in enumerate(outcomes)]
        return RunRecord(provenance=provenance, metrics=metrics_of(results), results=results)

    return make


def correct(*values):
    return [{"correct": value} for value in values]


def change_of(comparison, name):
    (change,) = [change for change in comparison.changes if change.name == name]
    return change


def verdicts(comparison):
    return {change.name: change.verdict for change in comparison.changes}


def test_a_run_does_not_differ_from_itself(run_of):
    run = run_of([{"correct": float(at % 3 > 0), "citation_recall": at / 50, "cost_usd": at / 7} for at in range(50)])
    comparison = compare_runs(run, run)
    assert list(verdicts(comparison)) == [
        *("correct", "citation_recall", "cost_usd", "latency_p50_seconds", "latency_p95_seconds")
    ]
    everything = [*comparison.changes, *comparison.by_tag["fact"]]
    assert {(change.verdict, change.difference, change.p_value) for change in everything} == {
        ("no difference shown", 0.0, 1.0)
    }
    assert (comparison.flips, comparison.only_before, comparison.only_after) == ((), (), ())


def test_right_and_wrong_are_judged_by_mcnemar(run_of):
    before, after = run_of(correct(*[0.0] * 9, *[1.0] * 11)), run_of(correct(*[1.0] * 20))
    change = change_of(compare_runs(before, after), "correct")
    assert (change.before.value, change.after.value, change.n) == (0.55, 1.0, 20)
    assert change.difference == pytest.approx(0.45)
    assert change.low <= 0.25 < 0.65 <= change.high
    assert change.p_value == 3 * 2 / 2**9  # corrected for the two latencies, which do not differ
    assert change.verdict == "better"
    assert change_of(compare_runs(after, before), "correct").verdict == "worse"


def test_a_few_cases_show_no_difference(run_of):
    before, after = run_of(correct(0.0, 0.0, 0.0, 1.0)), run_of(correct(1.0, 1.0, 1.0, 1.0))
    comparison = compare_runs(before, after)
    assert change_of(comparison, "correct").verdict == "no difference shown"
    assert [flip.case_id for flip in comparison.flips] == ["0", "1", "2"]


def test_more_is_worse_where_less_is_better(run_of):
    before, after = (run_of([{"cost_usd": cost + at / 100} for at in range(40)]) for cost in (0.1, 0.2))
    assert change_of(compare_runs(before, after), "cost_usd").verdict == "worse"
    assert change_of(compare_runs(after, before), "cost_usd").verdict == "better"


def test_many_metrics_need_more_than_one_that_looks_good(run_of):
    # 6 better of 6 that differ: p = 1/32, which is enough for one metric but not for one of eight
    lucky = [0.0] * 6 + [1.0] * 14
    others = [f"other_{at}" for at in range(7)]
    before = run_of([{"correct": value, **dict.fromkeys(others, 1.0)} for value in lucky], seconds=None)
    after = run_of([{"correct": 1.0, **dict.fromkeys(others, 1.0)} for _ in lucky], seconds=None)
    assert change_of(compare_runs(before, after), "correct").p_value == 8 / 32
    alone = compare_runs(run_of(correct(*lucky), seconds=None), run_of(correct(*[1.0] * 20), seconds=None))
    assert (change_of(alone, "correct").p_value, change_of(alone, "correct").verdict) == (1 / 32, "better")


def test_a_run_with_crashes_does_not_look_better(run_of):
    answered = correct(*[1.0] * 20, *[0.0] * 20)
    crashing = [*correct(*[1.0] * 20), *["crash"] * 20]
    before, after = run_of(answered), run_of(crashing)
    assert after.metrics["correct"].value == 1.0  # over the cases that did not crash
    change = change_of(compare_runs(before, after), "correct")
    assert (change.after.value, change.n, change.verdict) == (0.5, 40, "no difference shown")


def test_a_crash_is_worse_than_a_right_answer(run_of):
    before, after = run_of(correct(*[1.0] * 40)), run_of([*correct(*[1.0] * 20), *["crash"] * 20])
    comparison = compare_runs(before, after)
    assert change_of(comparison, "correct").verdict == "worse"
    assert comparison.flips[0].after == Score(0.0, "crashed: OSError: gone")
    assert change_of(compare_runs(before, run_of(["crash"] * 40)), "correct").after.value == 0.0


def test_a_crash_cites_nothing(run_of):
    cited = {"citation_precision": 0.5, "verified": 1.0}
    comparison = compare_runs(run_of([cited] * 4), run_of([cited, cited, cited, "crash"]))
    assert [(change.name, change.after.value, change.after.n) for change in comparison.changes[:2]] == [
        *(("citation_precision", 0.5, 3), ("verified", 1.0, 3))
    ]
    assert comparison.flips == ()


def test_a_case_that_crashed_in_both_runs_counts_in_neither(run_of):
    run = run_of([*correct(1.0, 1.0), "crash"])
    assert change_of(compare_runs(run, run), "correct").n == 2


def test_precision_of_refusals_is_compared_over_each_runs_own_refusals(run_of):
    # before: 20 right of 40 refusals; after: the 20 wrong ones are answered
    before = run_of([{"refusal_precision": value} for value in [1.0] * 20 + [0.0] * 20])
    after = run_of([{"refusal_precision": value} for value in [1.0] * 20 + [None] * 20])
    change = change_of(compare_runs(before, after), "refusal_precision")
    assert (change.before.value, change.after.value, change.difference) == (0.5, 1.0, 0.5)
    assert (change.before.n, change.after.n, change.n, change.verdict) == (40, 20, 40, "better")


def test_what_a_scorer_failed_on_is_left_out(run_of):
    failed = Score(None, "the reply made no sense", failed=True)
    before, after = run_of([{"judged": 1.0}, {"judged": 0.5}]), run_of([{"judged": failed}, {"judged": 0.5}])
    assert change_of(compare_runs(before, after), "judged").n == 1


def test_a_metric_that_one_run_lacks_is_left_out(run_of):
    before, after = run_of([{"correct": 1.0, "rouge_l": 0.4}]), run_of([{"correct": 1.0, "verified": 1.0}])
    assert "rouge_l" not in verdicts(compare_runs(before, after))
    assert "verified" not in verdicts(compare_runs(before, after))


def test_cases_that_differ_are_other_cases(result):
    def run(*results):
        return RunRecord(provenance={}, metrics={}, results=results)

    values = {"correct": 1.0}
    before = run(result("same", values), result("gone", values), result("changed", values))
    after = run(result("new", values), result("changed", values, answers=("Bob",)), result("same", values))
    comparison = compare_runs(before, after)
    assert (comparison.only_before, comparison.only_after) == (("gone", "changed"), ("new", "changed"))
    assert change_of(comparison, "correct").n == 1


def test_runs_without_a_common_case_cannot_be_compared(run_of):
    with pytest.raises(ComparisonError, match=r"no case in common; compare runs of the same case file\.$"):
        compare_runs(run_of(correct(1.0)), run_of(correct(1.0), question="Who else?"))


@pytest.mark.parametrize(
    ("provenance", "seconds", "verdict", "informative"),
    [
        (MACHINE, 0.2, "worse", False),
        (MACHINE, 0.105, "no difference shown", False),  # within what a busy machine does
        ({**MACHINE, "workers": 4}, 0.2, "no difference shown", True),
        ({"machine": {"cpus": 64}, "workers": 1}, 0.2, "no difference shown", True),
        ({}, 0.2, "no difference shown", True),
    ],
)
def test_times_are_judged_on_the_same_machine_only(run_of, provenance, seconds, verdict, informative):
    before = run_of(correct(*[1.0] * 40))
    after = run_of(correct(*[1.0] * 40), provenance=provenance, seconds=seconds)
    change = change_of(compare_runs(before, after), "latency_p50_seconds")
    assert change.difference == pytest.approx(seconds - 0.1)
    assert (change.verdict, change.informative) == (verdict, informative)


def test_tags_are_compared_over_their_cases(result):
    def run(value):
        results = [
            *[result(f"a{at}", {"correct": value}, tags=("amount",)) for at in range(12)],
            *[result(f"b{at}", {"correct": 1.0}, tags=("person", "fact")) for at in range(12)],
        ]
        return RunRecord(provenance={}, metrics={}, results=results)

    comparison = compare_runs(run(0.0), run(1.0))
    assert {
        tag: [(change.name, change.n, change.verdict) for change in of] for tag, of in comparison.by_tag.items()
    } == {
        "amount": [("correct", 12, "better")],
        "fact": [("correct", 12, "no difference shown")],
        "person": [("correct", 12, "no difference shown")],
    }
    assert comparison.by_tag["amount"][0].p_value == 3 * 2 / 2**12


def test_a_flip_says_what_it_was_and_what_it_is(run_of):
    before = run_of([{"correct": 1.0, "verified": 1.0}, {"correct": 0.0, "verified": None}, {"refusal_recall": 1.0}])
    after = run_of([{"correct": 0.0, "verified": 0.6}, {"correct": 1.0, "verified": 1.0}, {"refusal_recall": 0.0}])
    flips = compare_runs(before, after).flips
    assert [(flip.case_id, flip.metric, flip.improved) for flip in flips] == [
        *(("0", "correct", False), ("1", "correct", True), ("2", "refusal_recall", False))
    ]
    assert flips[0] == Flip(
        case_id="0",
        question="Who founded Acme?",
        tags=("fact",),
        metric="correct",
        before=Score(1.0, "correct is 1.0"),
        after=Score(0.0, "correct is 0.0"),
    )


def test_a_comparison_of_unscored_cases_is_empty(run_of):
    run = run_of([{"correct": None}], seconds=None)
    assert compare_runs(run, run) == Comparison(
        changes=(), by_tag={"fact": ()}, flips=(), only_before=(), only_after=()
    )


def test_confidence_is_compared(make_case, make_unanswerable, make_answer):
    def run(sure):
        results = [
            CaseResult(
                case=make_case(id=f"{at}") if at % 2 else make_unanswerable(id=f"{at}"),
                answer=make_answer(confidence=sure(at)),
                seconds=None,
                error=None,
                scores={"correct": Score(1.0 if at % 2 else None, "…")},
            )
            for at in range(60)
        ]
        return RunRecord(provenance={}, metrics=metrics_of(results), results=results)

    knowing, guessing = run(lambda at: 0.9 if at % 2 else 0.1), run(lambda at: (at * 7 % 60) / 60)
    comparison = compare_runs(guessing, knowing)
    assert verdicts(comparison) == {"correct": "no difference shown", "aurc": "better", "ece": "better"}
    assert change_of(comparison, "aurc").after == knowing.metrics["aurc"]
    assert verdicts(compare_runs(knowing, guessing))["aurc"] == "worse"
    assert set(verdicts(compare_runs(knowing, knowing)).values()) == {"no difference shown"}
    assert change_of(compare_runs(knowing, knowing), "ece").p_value == 1.0
