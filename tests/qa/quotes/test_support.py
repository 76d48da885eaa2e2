"""Which sentence supports a statement."""

from __future__ import annotations

import pytest
from hypothesis import given

from qa.facts import unsupported_facts
from qa.quotes import closest_sentence, is_supported
from qa.splitting import sentence_spans
from tests.qa.text_samples import texts

REPORT = (
    "SoftBank\n\nThe company invested $4.4 billion in WeWork in August 2017. It has not invested in Uber.\n"
    "WeWork rents out desks. Its founder is Adam Neumann, who lives in New York."
)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            "4.4bn dollars were invested in WeWork in August 2017.",
            "The company invested $4.4 billion in WeWork in August 2017.",
        ),
        ("WeWork rents desks.", "WeWork rents out desks."),
        (
            "WeWork, whose founder Adam Neumann lives in New York, rents out desks.",
            "WeWork rents out desks. Its founder is Adam Neumann, who lives in New York.",
        ),
        ("WeWork rents out 20 desks.", None),
        ("Microsoft rents out desks.", None),
        ("It has invested in Uber.", None),
        ("The company invested $4.4 billion in WeWork in September 2017.", None),
        ("Otters eat fish.", None),
        ("", None),
        ("It did.", None),
    ],
)
def test_a_statement_is_repaired_with_the_sentence_that_supports_it(statement: str, sentence: str | None) -> None:
    span = closest_sentence(statement, REPORT)
    assert (span and span.of(REPORT)) == sentence


def test_names_of_the_title_count_as_said() -> None:
    statement = "SoftBank invested $4.4 billion in WeWork in August 2017."
    text = REPORT.removeprefix("SoftBank\n\n")
    span = closest_sentence(statement, text, title="SoftBank’s year")
    assert closest_sentence(statement, text) is None
    assert span is not None
    assert span.of(text) == "The company invested $4.4 billion in WeWork in August 2017."


@given(texts, texts)
def test_the_closest_sentence_is_one_or_two_and_adds_no_facts(statement: str, text: str) -> None:
    span = closest_sentence(statement, text)
    if span is not None:
        inside = [one for one in sentence_spans(text) if span.start <= one.start and one.end <= span.end]
        assert len(inside) in (1, 2)
        assert (span.start, span.end) == (inside[0].start, inside[-1].end)
        assert unsupported_facts(statement, [span.of(text)]) == []


def test_a_statement_of_no_telling_words_is_not_supported() -> None:
    assert not is_supported("Yes, it did.", ["Yes, it did."])


def test_what_other_words_say_is_not_supported() -> None:
    assert not is_supported("Otters devour seafood daily.", ["The otter eats fish."])
