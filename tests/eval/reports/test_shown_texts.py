from hypothesis import given
from hypothesis import strategies as st

from eval.reports.texts import shortened, visible


def test_line_ends_are_made_alike_and_hidden_characters_are_spelled():
    assert visible("a\r\nb\rc\u2028d\te \u202e\x00\ud800\uffff") == "a\nb\nc\nd\te ⟨U+202E⟩⟨U+0000⟩⟨U+D800⟩⟨U+FFFF⟩"


def test_letters_joiners_and_emoji_stay():
    text = "می\u200cخواهم שלום “curly” 👩\u200d👧 é – ½"
    assert visible(text) == text


@given(st.text(alphabet=st.characters()))
def test_a_visible_text_stays_as_it_is_and_fits_into_a_file(text):
    shown = visible(text)
    assert visible(shown) == shown
    shown.encode("utf-8")


@given(st.text(alphabet=st.characters()), st.integers(min_value=1, max_value=50))
def test_a_shortened_text_is_one_line_within_its_limit(text, limit):
    short = shortened(text, limit)
    assert len(short) <= limit
    assert "\n" not in short


def test_a_text_that_fits_is_not_cut():
    assert (shortened("a  b\nc", 5), shortened("a  b\nc", 4)) == ("a b c", "a b…")
