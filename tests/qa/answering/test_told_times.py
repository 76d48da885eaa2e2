"""Dates, times, frequencies and spells, by how they are written; more by question in test_spans.py."""

import pytest

from qa.answering.times import dates_of, frequencies_of, spells_of, times_of


def words(found, text):
    return [span.of(text) for span in found(text)]


@pytest.mark.parametrize(
    "text", ["14 March 2019", "March 14, 2019", "March 2019", "2019-03-14", "1990s", "Sundays", "May"]
)
def test_a_written_date_is_a_date_and_tells_when(text):
    assert words(dates_of, f"It is {text}.") == words(times_of, f"It is {text}.") == [text]


@pytest.mark.parametrize(
    "text", ["soon", "8.30 pm", "noon", "within 30 days", "two days before", "at night", "tonight"]
)
def test_what_tells_when_otherwise_is_no_date(text):
    assert (words(dates_of, f"It is {text}."), words(times_of, f"It is {text}.")) == ([], [text])


@pytest.mark.parametrize("text", ["It is open.", "It has 12 rooms.", "", "3.5 litres", "It may march."])
def test_other_words_tell_no_time(text):
    assert not [*dates_of(text), *times_of(text), *spells_of(text), *frequencies_of(text)]


def test_how_often_and_how_long_are_told_in_words_too():
    assert words(frequencies_of, "Once, then every other week, then 3 times.") == [
        "Once",
        "every other week",
        "3 times",
    ]
    assert words(spells_of, "For two to three weeks, half an hour, or until May.") == [
        "two to three weeks",
        "half an hour",
        "until May",
    ]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("The firm has 1500 employees.", []),
        ("It gave 1902 people work.", []),
        ("In 1995 sales fell.", ["1995"]),
        ("The 1995 riots ended.", ["1995"]),
        ("It ended in 1995, after 1990 and 1992.", ["1995", "1990", "1992"]),
        ("It ran 1990-1995 and in the 1980s.", ["1990-1995", "1980s"]),
        ("It weighs 1,500 kg or 1500.5 pounds.", []),
        ("May I go? May the tenant sublet?", []),
        ("It ends in May.", ["May"]),
    ],
)
def test_a_count_is_no_year_and_the_verb_no_month(text, dates):
    assert words(dates_of, text) == dates
