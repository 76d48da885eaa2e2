import pytest

from qa.answering.terms import is_stop_word, rarity, same_word, stem, tokenize


def test_tokens_stand_at_their_place():
    text = "In 2016, SoftBank’s $4.4 billion didn’t help the U.S. firm."
    tokens = tokenize(text)
    assert [token.surface for token in tokens] == [
        "In", "2016", "SoftBank", "s", "4.4", "billion", "didn’t", "help", "the", "U.S.", "firm",
    ] or [token.surface for token in tokens] == [
        "In", "2016", "SoftBank", "4.4", "billion", "didn’t", "help", "the", "U.S.", "firm",
    ]  # fmt: skip
    assert all(token.span.of(text) == token.surface for token in tokens)


@pytest.mark.parametrize(
    ("left", "right"),
    [("investments", "invested"), ("1,000", "1000"), ("U.S.", "US"), ("don't", "don’t"), ("Robots", "robot")],
)
def test_forms_of_a_word_share_a_stem(left, right):
    assert stem(left) == stem(right)


def test_the_country_is_not_the_pronoun():
    assert stem("US") != stem("us")
    assert not is_stop_word("US")
    assert is_stop_word("us")


def test_a_founder_is_of_the_family_of_found_but_a_son_not_of_sonata():
    assert same_word(stem("found"), stem("founder"))
    assert not same_word(stem("son"), stem("sonata"))


def test_rare_words_and_names_tell_more_than_common_ones():
    assert rarity("the") < rarity("company") < rarity("Ampere") == 1.0
    assert rarity("Zyxophon") == 1.0
