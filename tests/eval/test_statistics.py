import numpy as np
import pytest

from eval import statistics
from eval.statistics import (
    Difference,
    Interval,
    bootstrap_interval,
    holm,
    mcnemar,
    mean_interval,
    paired_bootstrap,
    paired_quantile_bootstrap,
    paired_statistic_bootstrap,
    quantile_interval,
    sign_flip,
    wilson,
)


def test_wilson_by_hand():
    # 8 of 10: (0.8 + 0.192073) / 1.384146 = 0.7167 ± 0.2266
    assert wilson(8, 10) == Interval(pytest.approx(0.4902, abs=1e-4), pytest.approx(0.9433, abs=1e-4))
    assert wilson(0, 10) == Interval(0.0, pytest.approx(0.2775, abs=1e-4))
    assert wilson(1, 1) == Interval(pytest.approx(0.2065, abs=1e-4), 1.0)


def test_equal_shares_get_wilsons_interval_over_what_stands_alone():
    assert mean_interval([1.0] * 10, share=True) == wilson(10, 10)
    assert mean_interval([0.0] * 10, share=True, clusters=["a"] * 5 + ["b"] * 5) == wilson(0, 2)
    assert mean_interval([1.0] * 10, share=False) == Interval(1.0, 1.0)
    assert mean_interval([0.5] * 10, share=True) == Interval(0.5, 0.5)


def test_the_interval_of_a_proportion_is_wilsons():
    interval = mean_interval([1.0] * 80 + [0.0] * 20, share=True)
    assert interval == wilson(80, 100)
    assert (interval.low, interval.high) == pytest.approx((0.7112, 0.8666), abs=0.0001)


def test_the_interval_of_other_values_is_near_the_normal_one():
    # 0.6 ± 1.96 · 0.4 / sqrt(100), for half of the values lie 0.4 above the mean and half below
    interval = mean_interval([1.0] * 50 + [0.2] * 50, share=True)
    assert (interval.low, interval.high) == pytest.approx((0.6 - 0.0784, 0.6 + 0.0784), abs=0.011)


@pytest.mark.parametrize(("share", "n"), [(0.9, 40), (0.8, 83), (0.97, 121)])
def test_the_interval_of_a_share_holds_the_truth_nineteen_times_of_twenty(share, n):
    random = np.random.default_rng(1)
    intervals = [wilson(int(right), n) for right in random.binomial(n, share, size=4000)]
    assert 0.93 <= np.mean([interval.low <= share <= interval.high for interval in intervals]) <= 0.99


def test_flipped_signs_are_counted_exactly_where_few_cases_differ():
    # Of the 8 ways to sign three equal differences, two are as far from zero as all alike.
    assert sign_flip([0.0, 0.0, 0.0, 0.5], [0.5, 0.5, 0.5, 0.5]) == 2 / 8
    assert sign_flip([0.5, 0.2], [0.5, 0.2]) == 1.0


def test_flipped_signs_keep_their_level_in_small_samples():
    random = np.random.default_rng(1)
    p_values = [sign_flip(random.random(12), random.random(12)) for _ in range(1500)]
    assert 0.03 <= np.mean(np.array(p_values) < 0.05) <= 0.065


def test_many_flipped_signs_are_drawn_with_a_seed():
    before, after = [0.1 * (number % 7) for number in range(60)], [0.1 * (number % 5) + 0.2 for number in range(60)]
    assert sign_flip(before, after) == sign_flip(before, after) < 0.05
    assert sign_flip(before, after) == pytest.approx(sign_flip(after, before), abs=0.01)


@pytest.mark.parametrize("many", [0, 10**6])
def test_both_ways_to_draw_give_the_same_interval(many, monkeypatch):
    monkeypatch.setattr(statistics, "_MANY", many)
    values = np.random.default_rng(5).random(300)
    interval = mean_interval(values.tolist(), share=True)
    half = 1.96 * values.std() / np.sqrt(300)
    assert (interval.low, interval.high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.004)


def test_blocks_do_not_change_the_number_of_resamples(monkeypatch):
    monkeypatch.setattr(statistics, "_BLOCK", 700)
    assert sum(len(drawn) for drawn in statistics._drawn_cases(100)) == statistics.RESAMPLES


def test_intervals_are_the_same_at_every_call():
    values = [0.0, 1.0, 1.0, 0.5]
    assert mean_interval(values, share=True) == mean_interval(values, share=True)
    assert quantile_interval(values, 0.5) == quantile_interval(values, 0.5)
    assert bootstrap_interval(values, np.median) == bootstrap_interval(values, np.median)


def test_nineteen_of_twenty_intervals_hold_the_true_share():
    random = np.random.default_rng(7)
    held = 0
    for _ in range(300):
        interval = mean_interval((random.random(60) < 0.7).astype(float).tolist(), share=True)
        held += interval.low <= 0.7 <= interval.high
    assert 0.91 <= held / 300 <= 0.98


def test_cases_that_fail_together_need_the_interval_of_clusters():
    random = np.random.default_rng(7)
    clusters = np.repeat(np.arange(40), 5).tolist()
    alone, together = 0, 0
    for _ in range(200):
        values = np.repeat((random.random(40) < 0.7).astype(float), 5).tolist()
        naive, right = (mean_interval(values, share=True, clusters=of) for of in (None, clusters))
        alone += naive.low <= 0.7 <= naive.high
        together += right.low <= 0.7 <= right.high
    assert alone / 200 < 0.75 < 0.89 < together / 200


def test_a_quantiles_interval():
    # order statistics of the median of 1 … 101: ranks 51 ± 1.96 · sqrt(101) / 2 = 41 to 61
    interval = quantile_interval([float(value) for value in range(1, 102)], 0.5)
    assert (interval.low, interval.high) == pytest.approx((41, 61), abs=1.5)


def test_equal_runs_do_not_differ():
    values = np.random.default_rng(3).random(1000).tolist()
    assert paired_bootstrap(values, values) == Difference(0.0, 0.0, 0.0, 1.0)
    assert paired_quantile_bootstrap(values, values, 0.5) == Difference(0.0, 0.0, 0.0, 1.0)


def test_pairs_see_what_two_intervals_would_not():
    before = np.random.default_rng(3).random(200)
    found = paired_bootstrap(before.tolist(), (before + np.linspace(0, 0.02, 200)).tolist())
    assert found.value == pytest.approx(0.01)
    assert 0.009 < found.low < found.high < 0.011
    assert found.p_value < 1e-6


def test_a_few_cases_prove_nothing():
    three = paired_bootstrap([0.1, 0.2, 0.3, 1.0], [0.2, 0.4, 0.6, 1.0])
    assert (three.p_value, three.value) == (0.25, pytest.approx(0.15))
    assert paired_bootstrap([0.0] * 6, [0.5] * 6).p_value == pytest.approx(2**-5)
    assert paired_bootstrap([0.0] * 5, [0.5] * 5).p_value > 0.05


def test_means_over_other_cases_are_compared_as_ratios():
    # precision of refusals: 3 of 4 right before; the wrong one is answered afterwards, 3 of 3 right
    before, after = [1.0, 1.0, 1.0, 0.0, None], [1.0, 1.0, 1.0, None, None]
    found = paired_bootstrap(before, after)
    assert (found.value, found.p_value) == (0.25, 1.0)  # one case differs
    assert found.low == 0.0 < found.high <= 1.0


def test_p_values_of_equal_systems_are_below_five_percent_in_a_twentieth():
    random = np.random.default_rng(11)
    alarms, alarms_of_ratios = 0, 0
    for _ in range(300):
        before, after = random.random((2, 50)) < 0.6
        alarms += paired_bootstrap(before.astype(float).tolist(), after.astype(float).tolist()).p_value < 0.05
        given = random.random((2, 50)) < 0.7
        old, new = (
            [float(v) if g else None for v, g in zip(*pair, strict=True)]
            for pair in ((before, given[0]), (after, given[1]))
        )
        alarms_of_ratios += paired_bootstrap(old, new).p_value < 0.05
    assert alarms / 300 < 0.09
    assert alarms_of_ratios / 300 < 0.09


def test_clusters_of_pairs_count_once():
    before, after = [0.0] * 40, [1.0] * 40
    assert paired_bootstrap(before, after).p_value < 1e-9
    assert paired_bootstrap(before, after, clusters=[at // 10 for at in range(40)]).p_value == 2**-3


def test_mcnemar_by_hand():
    # 1 better, 5 worse: 2 · (C(6,0) + C(6,1)) / 2⁶ = 14 / 64
    before, after = [0.0] + [1.0] * 5 + [1.0, 0.0], [1.0] + [0.0] * 5 + [1.0, 0.0]
    assert mcnemar(before, after) == mcnemar(after, before) == 14 / 64
    assert mcnemar([0.0] * 10, [1.0] * 10) == 2 / 2**10
    assert mcnemar([1.0, 0.0], [1.0, 0.0]) == 1.0
    assert mcnemar([1.0, 0.0], [0.0, 1.0]) == 1.0
    assert 0.0 < mcnemar([0.0] * 5000 + [1.0] * 4700, [1.0] * 5000 + [0.0] * 4700) < 0.003


def test_holm_by_hand():
    # sorted: 0.01 · 4, 0.02 · 3, 0.03 · 2 (no less than the one before), 0.5
    assert holm([0.5, 0.01, 0.03, 0.02]) == [0.5, 0.04, pytest.approx(0.06), pytest.approx(0.06)]
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_any_statistic_can_be_paired():
    before = np.random.default_rng(3).random((200, 1))
    found = paired_statistic_bootstrap(before, before + 0.1, lambda rows: float(np.median(rows)))
    assert (found.value, found.low, found.high) == (pytest.approx(0.1), pytest.approx(0.1), pytest.approx(0.1))
    assert found.p_value < 1e-9
    before[:50] = np.nan
    same = paired_statistic_bootstrap(before, before.copy(), lambda rows: float(np.median(rows)))
    assert same == Difference(0.0, 0.0, 0.0, 1.0)
