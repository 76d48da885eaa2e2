import pytest

from eval.scorers.dates import CalendarDate, dates_in


def read(text):
    return [(found.date.year, found.date.month, found.date.day) for found in dates_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        *("12 March 2016", "March 12, 2016", "Mar. 12 2016", "2016-03-12", "2016/03/12", "12th of March, 2016"),
        *("the 12th of March 2016", "March the 12th, 2016", "MARCH 12, 2016"),
    ],
)
def test_one_date_has_many_spellings(text):
    assert read(f"It was on {text}, they say.") == [(2016, 3, 12)]


def test_a_part_of_a_date_is_read():
    assert read("In March 2016, on May 5 and on 7 Sept.") == [(2016, 3, None), (None, 5, 5), (None, 9, 7)]


@pytest.mark.parametrize("text", ["12/03/2016", "may 5 people", "in March", "2016", "2016-13-12", "March of 20166"])
def test_what_is_no_date_or_may_be_another(text):
    assert read(text) == []


def test_a_date_may_say_more_than_is_asked_but_not_less():
    march, day = CalendarDate(2016, 3, None), CalendarDate(2016, 3, 12)
    assert (march.is_said_by(day), day.is_said_by(march), day.is_said_by(day)) == (True, False, True)
    assert not CalendarDate(None, 3, 13).is_said_by(day)
