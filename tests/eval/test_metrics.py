import numpy as np
import pytest

from eval.metrics import Metric, bootstrap, metrics_of
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
    assert metrics_of(results_of([{}, {"correct": Score(1.0, "…")}])) == {"correct": Metric(1.0, 1.0, 1.0, 1)}


def test_a_score_that_could_not_be_given_is_counted_apart(results_of):
    scores = [{"judged": Score(1.0, "…")}, {"judged": Score(None, "the reply made no sense", failed=True)}]
    assert metrics_of(results_of(scores)) == {"judged": Metric(1.0, 1.0, 1.0, n=1, failed=1)}


def test_no_cases_give_no_metrics():
    assert metrics_of([]) == {}


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
