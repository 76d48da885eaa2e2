import pytest

from eval.matching import contains
from eval.scorers.equality import first_equal, first_held, is_value


def held(text, gold):
    return first_held(text, [gold]) == gold


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("It has forty-four countries.", "44 countries"),
        ("It pays over 1 trillion dollars.", "over $1 trillion"),
        ("It was on 12 March 2016.", "2016"),
        ("It was on 12 March 2016.", "March 2016"),
        ("It paid 5 billion.", "$5 billion"),  # in the same words, with the unit left open
        ("On Saturday, 2016-03-12, it rained.", "Saturday, March 12, 2016"),
        ("It was Ada Lovelace.", "Ada"),
    ],
)
def test_what_says_the_gold(text, gold):
    assert held(text, gold)


@pytest.mark.parametrize(
    ("text", "gold"),
    [
        ("It has 44 billion inhabitants.", "44"),
        ("It was on 12 March.", "12 March 2016"),
        ("It grew by 5 percentage points.", "5 percent"),
        ("It caught COVID-19.", "19"),
        ("It has 44 cities in four countries.", "44 countries"),
        ("Nobody knows.", "the"),
    ],
)
def test_what_does_not_say_the_gold(text, gold):
    assert not held(text, gold)


def test_another_amount_beside_does_not_hide_the_right_one():
    assert held("It lost 44 billion but has 44 shops.", "44")


def test_equal_values_only():
    assert first_equal("It paid five percent.", ["Ada", "5 %"]) == "5 %"
    assert first_equal("It was Ada.", ["Ada"]) is None
    assert first_equal("It paid 5 billion.", ["$5 billion"]) is None


def test_what_is_one_value():
    assert [is_value(text) for text in ("the $5 billion", "2016-03-12", "5 people", "5 or 6", "Ada", "")] == [
        *(True, True, False, False, False, False)
    ]


@pytest.mark.parametrize("text", ["Masayoshi Son, of SoftBank", "one of the U.S. firms", "$6.5 billion in 2016"])
def test_words_that_are_contained_are_held(text):
    words = text.split()
    golds = [" ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)]
    denied = {"6.5", "$6.5"}  # cut off from its "billion"
    assert [gold for gold in golds if contains(text, gold) and not held(text, gold)] == [
        gold for gold in golds if gold in denied
    ]
