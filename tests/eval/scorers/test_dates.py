import pytest

from eval.scorers.dates import CalendarDate, dates_in


def read(text):
    return [(found.date.year, found.date.month, found.date.day) for found in dates_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        *("12 March 2016", "March 12, 2016", "Mar. 12 2016", "2016-03-12", "2016/03/12", "12th of March, 2016"),
        *("the 12th of March 2016", "March the 12th, 2016", "MARCH 12, 2016", "the twelfth of March 2016"),
        *("12.03.2016", "12.3.16"),
    ],
)
def test_one_date_has_many_spellings(text):
    assert read(f"It was on {text}, they say.") == [(2016, 3, 12)]


def test_a_part_of_a_date_is_read():
    assert read("In March 2016, on May 5 and on 7 Sept.") == [(2016, 3, None), (None, 5, 5), (None, 9, 7)]


@pytest.mark.parametrize(
    "text",
    [
        "31/13/2016",
        "1.2.3",
        "10.12.24.1",
        "32/01/2016",
        "may 5 people",
        "in March",
        "2016",
        "2016-13-12",
        "March of 20166",
    ],
)
def test_what_is_no_date_or_may_be_another(text):
    assert read(text) == []


def test_a_date_may_say_more_than_is_asked_but_not_less():
    march, day = CalendarDate(2016, 3, None), CalendarDate(2016, 3, 12)
    assert (march.is_said_by(day), day.is_said_by(march), day.is_said_by(day)) == (True, False, True)
    assert not CalendarDate(None, 3, 13).is_said_by(day)


@pytest.mark.parametrize(
    "text", ["31/03/2027", "31.03.2027", "31.3.27", "03/31/2027", "31-03-2027", "thirty-first of March 2027"]
)
def test_a_date_in_figures_or_words_is_read_where_only_one_is_meant(text):
    assert [found.date for found in dates_in(f"It ends on {text}.")] == [CalendarDate(2027, 3, 31)]


def test_years_of_two_digits_are_of_this_century_up_to_68():
    assert read("31/3/68 and 31/3/69, 05/05/24") == [(2068, 3, 31), (1969, 3, 31), (2024, 5, 5)]


def test_a_date_that_may_be_two_equals_both():
    (either,) = (found.date for found in dates_in("04/05/2024"))
    april, may = CalendarDate(2024, 4, 5), CalendarDate(2024, 5, 4)
    assert all(one.is_said_by(two) for one, two in ((april, either), (may, either), (either, april), (either, may)))
    assert not CalendarDate(2024, 6, 4).is_said_by(either)
    assert CalendarDate(2024, 4, None).is_said_by(either)
