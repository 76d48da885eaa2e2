"""The figures that training logs."""

import numpy as np

from qa.answering.reading import LONGEST_ANSWER
from training.reader_data import ValidationQuestion
from training.validation import best_span, figures

ANSWERED = ValidationQuestion("Who?", "Ada Voss built it.", ("Ada Voss", "Voss"))
UNANSWERED = ValidationQuestion("Why?", "Ada Voss built it.", ())


def scores(starts, ends):
    return np.array([starts, ends], dtype=np.float32).T


def test_the_best_span_does_not_end_before_it_starts():
    found = best_span(scores([1, 0, 0, 9, 0], [2, 0, 9, 1, 0]), 1, 4)
    assert found == (3, 3, 10.0 - 3.0)


def test_the_best_span_is_not_too_long():
    starts, ends = np.zeros(60), np.zeros(60)
    starts[1], ends[50], ends[30] = 5, 9, 1
    assert best_span(scores(starts, ends), 1, 60)[:2] == (50 - LONGEST_ANSWER + 1, 50)


def test_figures_tell_answers_and_refusals_apart():
    found = figures(
        [ANSWERED, ANSWERED, UNANSWERED, UNANSWERED],
        [("the Ada Voss", 3.0), ("Voss built", -1.0), ("built", 1.0), ("built", -2.0)],
    )
    assert found == {
        "questions": 4,
        "em": 0.5,
        "f1": 0.8333,
        "answered": 0.5,
        "refused": 0.5,
        "auc": 0.75,
        "null_accuracy": 0.5,
    }


def test_a_figure_over_no_questions_is_left_out():
    assert figures([UNANSWERED], [("it", -1.0)]) == {"questions": 1, "refused": 1.0, "null_accuracy": 1.0}
    assert figures([], []) == {"questions": 0}
