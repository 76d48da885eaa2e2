import numpy as np

from qa.answering.reading import UNREAD, ReadSpan, agreed_span, best_span, within
from qa.domain import Span
from qa.interfaces import Reading

# "Ada runs Acme. Bob sleeps.": six tokens, full stops left out
READING = Reading(
    begins=np.array([0, 4, 9, 15, 19]),
    ends=np.array([3, 8, 13, 18, 25]),
    start_scores=np.array([3.0, 0.0, 1.0, 4.0, 0.0], dtype=np.float32),
    end_scores=np.array([2.0, 0.0, 2.5, 1.0, 0.0], dtype=np.float32),
)


def test_the_best_span_is_searched_within_the_sentence_only():
    assert best_span(READING, Span(start=0, end=14)) == ReadSpan(5.5, Span(start=0, end=13))
    assert best_span(READING, Span(start=15, end=26)) == ReadSpan(5.0, Span(start=15, end=18))


def test_a_span_never_ends_before_it_starts():
    backwards = Reading(
        begins=np.array([0, 2]),
        ends=np.array([1, 3]),
        start_scores=np.array([0.0, 9.0], dtype=np.float32),
        end_scores=np.array([9.0, 0.0], dtype=np.float32),
    )
    assert best_span(backwards, Span(start=0, end=3)).score == 9.0


def test_a_sentence_that_was_not_read_has_no_span():
    assert best_span(READING, Span(start=100, end=120)) == ReadSpan(UNREAD, None)


def reading(starts, ends):
    return Reading(
        begins=np.array([0, 4]),
        ends=np.array([3, 8]),
        start_scores=np.array(starts, dtype=np.float32),
        end_scores=np.array(ends, dtype=np.float32),
    )


def test_within_a_sentence_offsets_count_from_its_start():
    inside = within(READING, Span(start=9, end=18))
    assert (inside.begins.tolist(), inside.ends.tolist()) == ([0, 6], [4, 9])
    assert (inside.start_scores.tolist(), inside.end_scores.tolist()) == ([1.0, 4.0], [2.5, 1.0])


def test_the_span_that_most_readings_are_sure_of_is_agreed_on():
    first, second = reading([9, 0], [9, 0]), reading([0, 9], [0, 9])
    assert agreed_span([first]) == Span(start=0, end=3)
    assert agreed_span([first, second, second]) == Span(start=4, end=8)


def test_a_reading_that_was_cut_off_has_no_say():
    whole, cut = reading([9, 0], [9, 0]), within(reading([0, 9], [0, 9]), Span(start=4, end=8))
    assert agreed_span([whole, cut, cut]) == agreed_span([cut, cut, whole]) == Span(start=0, end=3)
    assert agreed_span([within(READING, Span(start=99, end=120))]) is None
