"""Which row is best, and which rows the cases do not tell from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from eval.sweeping.grid import settings_grid
from eval.sweeping.indexes import IndexCost
from eval.sweeping.searching import Measured
from eval.sweeping.standing import CaseCounts, Sweep, check_sort, ranked
from qa.errors import InputError
from qa.settings import load_settings

COUNTS = CaseCounts(all=100, with_evidence=100, without_evidence=0, unanswerable=0)


def measured(recall: Mapping[str, float], **changes: Any) -> Measured:
    fields: dict[str, Any] = {
        "values": {"range_recall": dict(recall)},
        "search_ms": 5.0,
        "answer_ms": None,
        "tokens_sent": 100.0,
        "crashed": 0,
        "index": IndexCost(passages=10, mb=1.0, seconds=1.0, shared=0),
    }
    return Measured(**{**fields, **changes})


def shares(right: int) -> dict[str, float]:
    """100 cases, of which the first `right` are right."""
    return {f"{number:03}": float(number < right) for number in range(100)}


def compared(*rows: Measured, sort: str = "range_recall") -> Sweep:
    weights = ",".join(str(weight) for weight in range(3, 3 + len(rows) - 1))
    setups = settings_grid(load_settings(), [f"lexical_weight={weights}"], answers=False)
    return ranked(list(zip(setups, rows, strict=True)), sort=sort, cases=COUNTS, provenance={})


def test_a_row_far_behind_is_told_from_the_best_and_a_near_one_is_not() -> None:
    sweep = compared(measured(shares(50)), measured(shares(90)), measured(shares(89)))
    assert [(row.chosen["lexical_weight"], row.like_best) for row in sweep.rows] == [
        (3.0, True),
        (4.0, True),
        (2.0, False),
    ]
    assert sweep.best is sweep.rows[0] and sweep.best.behind is None
    assert sweep.rows[2].behind is not None and sweep.rows[2].behind.value == pytest.approx(0.4)


def test_the_thriftiest_is_the_one_with_the_fewest_tokens_of_those_like_the_best() -> None:
    sweep = compared(
        measured(shares(90)), measured(shares(89), tokens_sent=50.0), measured(shares(10), tokens_sent=1.0)
    )
    assert sweep.thriftiest.line == "QA_LEXICAL_WEIGHT=3"
    assert sweep.to_dict()["thriftiest"] == "QA_LEXICAL_WEIGHT=3"


def test_equal_rows_are_led_by_the_one_that_sends_fewer_tokens() -> None:
    sweep = compared(measured(shares(90)), measured(shares(90), tokens_sent=50.0))
    assert (sweep.best.line, sweep.rows[1].like_best) == ("QA_LEXICAL_WEIGHT=3", True)


def test_sorted_by_a_cost_the_cheapest_is_first_and_the_best_is_judged_by_what_was_found() -> None:
    sweep = compared(measured(shares(90), search_ms=9.0), measured(shares(10), search_ms=1.0), sort="search_ms")
    assert [row.measured.search_ms for row in sweep.rows] == [1.0, 9.0]
    assert (sweep.judged, sweep.best.measured.search_ms) == ("range_recall", 9.0)


def test_a_metric_over_no_case_is_absent_and_cannot_be_sorted_by() -> None:
    assert "correct" not in compared(measured(shares(1)), measured(shares(1))).rows[0].metrics
    with pytest.raises(InputError, match="No case has a value of correct; sort by another column"):
        compared(measured(shares(1)), measured(shares(1)), sort="correct")


def test_one_row_alone_is_the_best() -> None:
    setups = settings_grid(load_settings(), ["lexical_weight=2"], answers=False)
    sweep = ranked([(setups[0], measured(shares(3)))], sort="range_recall", cases=COUNTS, provenance={})
    assert (sweep.best.like_best, sweep.thriftiest is sweep.best) == (True, True)


@pytest.mark.parametrize(("answers", "column"), [(True, "correct"), (False, "range_recall")])
def test_the_column_is_chosen_by_what_is_scored(answers: bool, column: str) -> None:
    assert check_sort(None, answers=answers) == column


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="There is no column 'correct' to sort by; choose among: range_recall, "):
        check_sort("correct", answers=False)
    assert check_sort("answer_ms", answers=True) == "answer_ms"
