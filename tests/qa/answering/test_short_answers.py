import pytest

from qa.answering.short_answers import tidied
from qa.domain import Span


@pytest.mark.parametrize(
    ("text", "read", "whole"),
    [
        ("Some 68,511 (43.3%) voted.", "68,511 (43.3%", "68,511 (43.3%)"),
        ("Some 68,511 (of all who had come here to vote) voted.", "68,511 (of", "68,511"),
        ("It was (as said) red.", "as said)", "(as said)"),
        ("So it is: a) red, b) blue.", "red, b) blue", "red, b) blue"),
        ("He said “we will” again.", "“we will", "“we will”"),
        ("The “long and winding way that leads to nowhere at all” it was.", "“long", "long"),
        ("see [1, 2] there", "1, 2]", "[1, 2]"),
        ("Ruhr (NRW) (old)", "Ruhr (NRW) (old", "Ruhr (NRW) (old)"),
        ("**bold**", "**bold*", "bold"),
        ("The rent is EUR 38,400 a year.", "38,400", "EUR 38,400"),
        ("The rent is £38,400 a year.", "38,400 a year", "£38,400 a year"),
        ("It had a liquidEUR 12 tag.", "12", "12"),
        ("plain words", "plain words", "plain words"),
    ],
)
def test_a_short_answer_has_no_half_brackets_and_no_marks(text, read, whole):
    start = text.index(read)
    found = tidied(text, Span(start=start, end=start + len(read)))
    assert found is not None and found.of(text) == whole


def test_marks_alone_are_no_answer():
    assert tidied("a ** b", Span(start=1, end=5)) is None
    assert tidied("a ( b", Span(start=2, end=3)) == Span(start=2, end=3)
