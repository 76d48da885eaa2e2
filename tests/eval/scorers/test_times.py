import pytest

from eval.scorers.times import ClockTime, times_in


def read(text):
    return [(found.time.hour, found.time.minute) for found in times_in(text)]


@pytest.mark.parametrize("text", ["9:30", "09:30", "9.30am", "9:30 a.m.", "9:30 AM"])
def test_one_time_has_many_spellings(text):
    assert read(f"It opens at {text}, they say.") == [(9, 30)]


def test_noon_and_midnight():
    assert read("12 am, 12pm, 1 p.m., 23:59, 0:00") == [(0, 0), (12, 0), (13, 0), (23, 59), (0, 0)]


@pytest.mark.parametrize("text", ["9.30", "9:75", "25:00", "9:30:15", "1:2", "£9:30", "13 pm", "9 amps"])
def test_what_is_no_time(text):
    assert read(text) == []


def test_an_uncertain_time_is_said_by_the_evening_and_does_not_say_it():
    open_, evening, morning = ClockTime(9, 30, False), ClockTime(21, 30, True), ClockTime(9, 30, True)
    assert (open_.is_said_by(evening), evening.is_said_by(open_), morning.is_said_by(open_)) == (True, False, True)
