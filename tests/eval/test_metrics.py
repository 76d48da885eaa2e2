import numpy as np
import pytest

from eval.metrics import Metric, bootstrap, metrics_by_tag, metrics_of, risk_coverage
from eval.results import CaseResult
from eval.scores import Score


@pytest.fixture
def results_of(make_case):
    """Give results with these scores, one a case, or these seconds."""

    def make(scores, seconds=None):
        times = seconds or [None] * len(scores)
        return [
            CaseResult(case=make_case(), answer=None, seconds=time, error=None, scores=of_case)
            for of_case, time in zip(scores or [{}] * len(times), times, strict=True)
        ]

    return make


def test_a_metric_is_the_mean_over_the_scored_cases(results_of):
    scores = [{"correct": Score(value, "…")} for value in (1.0, None, 0.0, 1.0, 1.0)]
    metric = metrics_of(results_of(scores))["correct"]
    assert (metric.value, metric.n) == (0.75, 4)
    assert 0.0 <= metric.low < 0.75 < metric.high <= 1.0


def test_a_metric_over_no_cases_is_absent(results_of):
    scores = [{"correct": Score(1.0, "…"), "verified": Score(None, "nothing was cited")}]
    assert list(metrics_of(results_of(scores))) == ["correct"]


def test_cases_that_crashed_count_nowhere(results_of):
    assert metrics_of(results_of([{}, {"correct": Score(0.5, "…")}])) == {"correct": Metric(0.5, 0.5, 0.5, 1)}


def test_a_score_that_could_not_be_given_is_counted_apart(results_of):
    scores = [{"judged": Score(0.5, "…")}, {"judged": Score(None, "the reply made no sense", failed=True)}]
    assert metrics_of(results_of(scores)) == {"judged": Metric(0.5, 0.5, 0.5, n=1, failed=1)}


@pytest.mark.parametrize("empty", [[], [{}], [{"correct": Score(None, "…")}]])
def test_nothing_is_computed_over_nothing(results_of, empty):
    results = results_of(empty)
    assert (metrics_of(results), risk_coverage(results)) == ({}, [])
    assert metrics_by_tag(results) == ({"fact": {}} if results else {})


def test_all_right_is_no_certainty(results_of):
    # Wilson's interval for 10 of 10: 10 / (10 + 1.96²) = 0.72
    metric = metrics_of(results_of([{"correct": Score(1.0, "…")}] * 10))["correct"]
    assert (metric.value, metric.low, metric.high) == (1.0, pytest.approx(0.7225, abs=1e-4), 1.0)


def test_equal_amounts_of_money_are_no_share(results_of):
    metrics = metrics_of(results_of([{"cost_usd": Score(0.0, "0.0 dollars")}] * 10))
    assert metrics == {"cost_usd": Metric(0.0, 0.0, 0.0, 10)}


def test_metrics_come_in_the_order_of_the_scorers(results_of):
    late = {"correct": Score(None, "…"), "verified": Score(0.5, "…")}
    assert list(metrics_of(results_of([late, {"correct": Score(0.5, "…"), "verified": Score(None, "…")}]))) == [
        *("correct", "verified")
    ]


def test_cases_that_fail_together_widen_the_interval(make_case):
    results = [
        CaseResult(
            case=make_case(id=f"{at}"),
            answer=None,
            seconds=None,
            error=None,
            scores={"correct": Score(float(at % 40 < 20), "…")},
        )
        for at in range(80)
    ]
    alone = metrics_of(results)["correct"]
    together = metrics_of(results, {f"{at}": at // 20 for at in range(80)})["correct"]
    assert (together.value, together.n) == (alone.value, alone.n) == (0.5, 80)
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_metrics_by_tag_are_over_the_cases_with_the_tag(make_case):
    results = [
        CaseResult(
            case=make_case(id=f"{at}", tags=tags),
            answer=None,
            seconds=None,
            error=None,
            scores={"correct": Score(value, "…")},
        )
        for at, (tags, value) in enumerate([(("b", "a"), 0.5), (("a",), 0.5), ((), 1.0)])
    ]
    assert metrics_by_tag(results) == {
        "a": {"correct": Metric(0.5, 0.5, 0.5, 2)},
        "b": {"correct": Metric(0.5, 0.5, 0.5, 1)},
    }


def test_confidence_gives_two_metrics_more(make_case, make_unanswerable, make_answer):
    results = [
        CaseResult(
            case=case, answer=make_answer(confidence=confidence), seconds=None, error=None, scores={"correct": score}
        )
        for case, confidence, score in [
            (make_case(), 0.9, Score(1.0, "…")),
            (make_case(), 0.8, Score(0.0, "…")),
            (make_unanswerable(), 0.7, Score(None, "…")),
        ]
    ]
    metrics = metrics_of(results)
    assert list(metrics) == ["correct", "aurc", "ece"]
    # risks of the first one, two and three: 0, 1/2, 2/3
    assert (metrics["aurc"].value, metrics["aurc"].n) == (pytest.approx((0 + 1 / 2 + 2 / 3) / 3), 3)
    # three bins of one case each: |0.9 - 1|, |0.8 - 1|, |0.7 - 0|
    assert metrics["ece"].value == pytest.approx((0.1 + 0.2 + 0.7) / 3)
    assert all(metric.low <= metric.value <= metric.high for metric in metrics.values())


def test_latencies_are_quantiles_in_seconds(results_of):
    metrics = metrics_of(results_of([], [0.1 * step for step in range(1, 102)]))
    assert metrics["latency_p50_seconds"].value == pytest.approx(5.1)
    assert metrics["latency_p95_seconds"].value == pytest.approx(9.6)
    assert metrics["latency_p95_seconds"].n == 101


def test_the_interval_is_the_same_at_every_call():
    values = [0.0, 1.0, 1.0, 0.5]
    assert bootstrap(values, np.mean) == bootstrap(values, np.mean)


def test_the_interval_of_a_proportion_is_near_the_normal_one():
    # 80 of 100: 0.8 ± 1.96 · sqrt(0.8 · 0.2 / 100) = 0.72 to 0.88
    metric = bootstrap([1.0] * 80 + [0.0] * 20, np.mean)
    assert (metric.low, metric.high) == pytest.approx((0.72, 0.88), abs=0.011)
