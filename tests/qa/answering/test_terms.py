import pytest

from qa.answering.terms import initialisms, is_stop_word, rarity, same_word, stem, tokenize


def test_tokens_stand_at_their_place():
    text = "In 2016, SoftBank’s $4.4 billion didn’t help the U.S. firm."
    tokens = tokenize(text)
    words = "In 2016 SoftBank 4.4 billion didn’t help the U.S. firm"
    assert [token.surface for token in tokens] == words.split()
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


@pytest.mark.parametrize(("left", "right"), [("1000", "10000"), ("12.4", "12.45"), ("2016", "20161"), ("b2b", "b2b45")])
def test_a_number_is_only_ever_itself(left, right):
    assert not same_word(left, right)


@pytest.mark.parametrize("text", ["the U.S. economy", "the US economy", "the United States economy", "America economy"])
def test_a_country_is_one_word_whatever_it_is_called(text):
    assert [token.stem for token in tokenize(text) if not token.is_stop_word] == [stem("America"), stem("economy")]


@pytest.mark.parametrize(
    ("number", "stemmed"),
    [("99.0", "99"), ("99.00", "99"), ("1,000", "1000"), ("3.10", "3.10"), ("1.000", "1.000"), ("3.1.0", "3.1.0")],
)
def test_numbers_lose_only_what_does_not_change_their_value(number: str, stemmed: str) -> None:
    assert stem(number) == stemmed


def test_initials_stand_for_a_name_of_several_words():
    text = "The European Union and the Bank of New England met. It rained on Ada."
    assert [(token.surface, token.start) for token in initialisms(text)] == [("EU", 4), ("BNE", 27)]
    assert [token.surface for token in initialisms("# Rules\n\nEuropean\nUnion law")] == ["EU"]


def test_initials_are_no_country():
    assert [token.stem for token in initialisms("It is in Union Square.")] != [stem("US")]


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("duisburg", "duisburg-ruhrort", True),
        ("ai-oper", "ai", True),
        (stem("company"), stem("company-wide"), True),
        ("duis", "duisburg-ruhrort", False),
    ],
)
def test_a_part_of_a_word_with_hyphens_is_of_its_family(left, right, same):
    assert same_word(left, right) is same is same_word(right, left)
