import pytest

from eval.scorers.spellings import plain_spelling


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("café & Müller", "cafe and Muller"),
        ("R&D", "R&D"),
        ("Mr. Tobias Lane and Prof Ada", "Tobias Lane and Ada"),
        ("the Ms of life", "the Ms of life"),
        ("half a million", "0.5 million"),
        ("a quarter of an hour", "0.25 hour"),
        ("three-quarters of an hour", "0.75 hour"),
        ("two and a half million", "2.5 million"),
        ("2 and three quarters million", "2.75 million"),
        ("an hour and a half", "1.5 hour"),
        ("two-and-a-half hours", "2.5 hours"),
        ("a half-hour", "0.5 hour"),
        ("two quarters of a year", "two quarters of a year"),
        ("£12 per square metre, £12/sqm", "£12 per m², £12/m²"),
        ("It isn't, can't, cannot, won’t, doesn't", "It is not, can not, can not, will not, does not"),
        ("2½ and ¼", "2.5 and 0.25"),
        ("half of the staff", "half of the staff"),
    ],
)
def test_one_spelling(text, plain):
    assert plain_spelling(text) == plain
