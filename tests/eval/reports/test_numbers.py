import pytest

from eval.metrics import Metric
from eval.reports.numbers import (
    difference,
    difference_interval,
    headline_change,
    interval,
    label_of,
    meaning_of,
    number,
    phrase_of,
)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("correct", 0.8072, "80.7 %"),
        ("latency_p50_seconds", 0.0848, "0.085 s"),
        ("input_tokens", 1234.4, "1,234"),
        ("cost_usd", 0.00091, "$0.0009"),
        ("answer_characters", 317.4, "317"),
    ],
)
def test_a_number_has_its_metrics_unit(name, value, shown):
    assert number(name, value) == shown


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("correct", -0.096, "−9.6 pp"),
        ("correct", 0.0, "0.0 pp"),
        ("correct", -0.0001, "0.0 pp"),
        ("latency_p50_seconds", 0.01, "+0.010 s"),
        ("cost_usd", -0.001, "−$0.0010"),
    ],
)
def test_a_difference_has_a_sign_and_shares_differ_by_points(name, value, shown):
    assert difference(name, value) == shown


def test_an_interval_has_its_unit_once():
    assert interval("correct", Metric(0.8, 0.7, 0.9, 10)) == "70.0 – 90.0 %"
    assert interval("latency_p95_seconds", Metric(0.2, 0.1, 0.3, 10)) == "0.100 – 0.300 s"


def test_a_change_is_said_with_its_interval(make_change):
    assert headline_change(make_change()) == "80.0 % → 70.0 % (−10.0 pp, 95 % interval −15.0 to −5.0 pp)"
    assert difference_interval(make_change("latency_p50_seconds", 0.1, 0.2)) == "+0.050 to +0.150 s"


def test_metrics_have_names_and_meanings_in_words():
    names = ("refusal_recall", "latency_p50_seconds", "ndcg_at_10", "short_answer_f1", "rouge_l", "cost_usd")
    assert [label_of(name) for name in names] == [
        *("Refusal recall", "Latency p50", "nDCG at 10", "Short answer F1", "ROUGE L", "Cost"),
    ]
    assert (phrase_of("refusal_recall"), phrase_of("aurc")) == ("refusal recall", "AURC")
    assert meaning_of("latency_p50_seconds") == "Time that half of the questions stay under. Lower is better."
