import numpy as np
import pytest

from eval.confidence import (
    CoveragePoint,
    answerable_rows,
    aurc,
    calibration_error,
    risk_coverage,
    risk_rows,
)
from eval.results import CaseResult
from eval.scores import Score
from eval.statistics import present


@pytest.fixture
def result(make_case, make_unanswerable, make_answer):
    def make(confidence, correct, *, answerable=True, status="answered"):
        return CaseResult(
            case=make_case() if answerable else make_unanswerable(),
            answer=make_answer(confidence=confidence, status=status),
            seconds=0.1,
            error=None,
            scores={"correct": Score(correct, "…")},
        )

    return make


def present_risks(results):
    return present(risk_rows(results))


def present_answerable(results):
    return present(answerable_rows(results))


def test_the_curve_by_hand(result):
    results = [result(0.5, 0.0), result(0.9, 1.0), result(0.7, None, answerable=False), result(0.5, 1.0)]
    assert risk_coverage(results) == [
        CoveragePoint(0.25, 0.0, 0.9),
        CoveragePoint(0.5, 0.5, 0.7),
        CoveragePoint(1.0, 0.5, 0.5),
    ]


def test_what_is_not_in_the_curve(result, make_case):
    crashed = CaseResult(case=make_case(), answer=None, seconds=None, error="OSError: gone", scores={})
    refused, unsure = result(0.9, 0.0, status="not_found"), result(None, 1.0)
    assert risk_coverage([crashed, refused, unsure, result(0.8, None)]) == []
    only_wrong = result(0.9, None, answerable=False)  # no correctness was scored in this run
    assert risk_coverage([only_wrong]) == []
    assert len(present_risks([only_wrong, result(0.8, 1.0)])) == 2


def test_the_area_by_hand():
    rows = np.array([[0.9, 0.0], [0.8, 1.0], [0.7, 0.0], [0.6, 1.0]])
    assert aurc(rows) == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)
    assert aurc(rows[::-1]) == aurc(rows)


def test_equal_confidences_are_in_no_order():
    # 0.9 is right; the two at 0.5 count half wrong each: risks 0, 0.5 / 2, 1 / 3
    rows = np.array([[0.5, 1.0], [0.9, 0.0], [0.5, 0.0]])
    assert aurc(rows) == aurc(rows[[2, 1, 0]]) == pytest.approx((0 + 0.25 + 1 / 3) / 3)
    assert aurc(np.array([[0.5, 1.0], [0.5, 0.0]])) == 0.5


def test_a_confidence_that_knows_is_better_than_one_that_does_not():
    confidence = np.linspace(0, 1, 100)
    wrong = (confidence < 0.5).astype(float)
    assert aurc(np.column_stack([confidence, wrong])) < 0.2 < 0.8 < aurc(np.column_stack([-confidence, wrong]))


def test_calibration_by_hand():
    # ten bins of two: nine of them at 0.5 with one answerable of two (no error), one at 0.8 with none (0.8)
    rows = np.array([[0.5, 0.0], [0.5, 1.0]] * 9 + [[0.8, 0.0], [0.8, 0.0]])
    rows[:18, 0] += np.repeat(np.arange(9), 2) * 1e-9
    assert calibration_error(rows) == pytest.approx(0.08, abs=1e-6)


def test_equal_confidences_are_calibrated_together():
    # answerable in half of the cases, as the confidence says, though it fills ten bins
    rows = np.array([[0.5, 0.0], [0.5, 1.0]] * 10)
    assert calibration_error(rows) == calibration_error(rows[::-1]) == 0.0
    too_sure = rows + np.array([0.5, 0.0])
    assert calibration_error(np.vstack([rows, too_sure])) == pytest.approx(0.25)


def test_a_calibrated_confidence_has_a_small_error():
    random = np.random.default_rng(1)
    confidence = random.random(5000)
    rows = np.column_stack([confidence, random.random(5000) < confidence])
    assert calibration_error(rows) < 0.03
    rows[:, 0] = 0.5 + confidence / 2  # too sure
    assert calibration_error(rows) == pytest.approx(0.25, abs=0.03)


def test_calibration_needs_both_kinds_of_case_and_counts_refusals(result):
    yes, no = result(0.9, 1.0), result(0.2, None, answerable=False, status="not_found")
    assert present_answerable([yes, no]).tolist() == [[0.9, 1.0], [0.2, 0.0]]
    assert len(present_answerable([yes])) == len(present_answerable([no])) == 0
    assert len(present_answerable([yes, result(None, None, answerable=False)])) == 0


def test_rows_stand_in_the_order_of_the_cases(result):
    rows = risk_rows([result(None, 1.0), result(0.75, 1.0), result(0.5, 0.0, status="not_found")])
    assert rows[1].tolist() == [0.75, 0.0]
    assert np.isnan(rows[[0, 2]]).all()
    assert answerable_rows([]).shape == risk_rows([]).shape == (0, 2)
