from eval.matching import contains, first_contained, normalised_tokens, token_f1


def test_normalisation_drops_case_punctuation_and_articles():
    assert normalised_tokens("The U.S. paid “$6.5 billion”, an A-rated sum!") == [
        *("us", "paid", "65", "billion", "arated", "sum")
    ]


def test_curly_quotes_equal_straight_ones():
    assert normalised_tokens("didn’t “actually”") == normalised_tokens('didn\'t "actually"')


def test_an_accent_may_be_composed_or_not():
    assert normalised_tokens("Cafe\u0301") == normalised_tokens("Caf\u00e9")


def test_a_dash_or_an_ellipsis_parts_words():
    assert normalised_tokens("WeWork—once big…gone") == ["wework", "once", "big", "gone"]


def test_a_smaller_amount_is_not_found_inside_a_larger_one():
    assert not contains("a $6.5 billion acquisition", "$5 billion")
    assert contains("a devaluation to $5 billion.", "$5 billion")


def test_part_of_a_word_is_not_contained():
    assert not contains("He went to Sonoma.", "Son")


def test_words_must_be_neighbours_and_in_order():
    assert not contains("Son of Masayoshi", "Masayoshi Son")
    assert not contains("Masayoshi K. Son", "Masayoshi Son")


def test_what_has_no_words_is_contained_nowhere():
    assert not contains("the end", "the")
    assert not contains("", "end")


def test_the_first_alternative_that_fits_is_given():
    assert first_contained("about $1 trillion", ["over $1 trillion", "$1 trillion"]) == "$1 trillion"
    assert first_contained("about $2 trillion", ["over $1 trillion", "$1 trillion"]) is None


def test_token_f1_by_hand():
    # given: 3 words, gold: 2 words, 2 shared: precision 2/3, recall 1, F1 = 4/5
    assert token_f1("founder Masayoshi Son", "Masayoshi Son") == 0.8
    assert token_f1("The Masayoshi Son.", "masayoshi son") == 1.0
    assert token_f1("Sam Altman", "Masayoshi Son") == 0.0


def test_token_f1_counts_a_repeated_word_once_for_each_time_it_is_in_both():
    # "go go go" and "go go stop": 2 shared of 3 and 3
    assert token_f1("go go go", "go go stop") == 2 / 3


def test_token_f1_of_texts_without_words():
    assert token_f1("...", "the") == 1.0
    assert token_f1("...", "Ada") == 0.0
