import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import Metric
from eval.reports.page.charts import Bin, charts_section, latency_bins
from eval.reports.page.svg import interval_bar


@given(st.lists(st.floats(min_value=0, max_value=1e6), max_size=50))
def test_each_time_is_in_one_bin(seconds):
    bins = latency_bins(seconds)
    assert sum(item.count for item in bins) == len(seconds)
    assert all(before.high == after.low for before, after in pairwise(bins))


def test_bins_are_round_and_the_last_holds_all_beyond():
    bins = latency_bins([*[0.05] * 99, 7.0])
    assert bins[0] == Bin(low=0.0, high=0.005, count=0)
    assert [(round(item.low, 4), item.count) for item in bins if item.count] == [(0.05, 99), (0.12, 1)]


def test_there_are_no_bins_for_no_times():
    assert latency_bins([]) == []


def test_times_of_zero_have_a_bin():
    assert latency_bins([0.0, 0.0]) == [Bin(low=0.0, high=0.001, count=2)]


def test_the_curve_is_told_in_words_and_numbers(make_case, make_answer, make_result):
    results = [
        make_result(make_case(id=str(at)), make_answer(confidence=confidence), correct=value)
        for at, (confidence, value) in enumerate([(0.9, 1.0), (0.8, 1.0), (0.7, 1.0), (0.2, 0.0)])
    ]
    shown = charts_section(results).html
    assert "at 75.0 % coverage 0.0 % wrong; at 100.0 % coverage 25.0 % wrong" in shown
    assert re.search(r"100.0 %</th><td>25.0 %</td><td>0.200", shown)


@pytest.mark.parametrize("confidence", [None, 0.5])
def test_a_single_answer_is_drawn_or_left_out(make_case, make_answer, make_result, confidence):
    shown = charts_section([make_result(make_case(), make_answer(confidence=confidence), correct=1.0)]).html
    assert ("<circle" in shown) is (confidence is not None)


def test_no_answer_gives_sentences_in_place_of_charts(make_case, make_crashed):
    shown = charts_section([make_crashed(make_case())]).html
    assert "<svg" not in shown
    assert "there is no curve" in shown
    assert "there are no times" in shown


def test_a_bar_is_as_long_as_its_share():
    shown = interval_bar(Metric(0.5, 0.25, 0.75, 4)).html
    assert 'class="bar" x="0" y="3" width="66.0"' in shown
    assert "M33.0 7.0 H99.0" in shown
