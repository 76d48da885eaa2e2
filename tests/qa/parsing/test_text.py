"""Bytes become clean text with its encoding and title, or a reason why not."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.errors import ParsingError
from qa.parsing import PARSERS, ParsedText, parser_for
from qa.parsing.text import clean, decode, parse_markdown, parse_plain_text

ENGLISH = "The café’s naïve owner said “hello” — and left. It cost £5 in 2016. SoftBank invested $4.4 billion."
GERMAN = "Die Größe der Bäume überraschte die Gäste. Später gingen sie über die Brücke zurück nach Köln."
SPANISH = "El niño comió mañana en España. ¿Cómo está usted? La señora vivió muchos años en Málaga."
PORTUGUESE = "O fundador não conseguiu convencer os acionistas. A informação é confidencial, segundo a empresa."
POLISH = "Zażółć gęślą jaźń. Właściciel spółki mieszka w Łodzi. W zeszłym roku firma straciła dużo pieniędzy."
RUSSIAN = "Компания вложила четыре миллиарда долларов. Основатель компании живёт в Токио. Она растёт."
GREEK = "Η εταιρεία επένδυσε τέσσερα δισεκατομμύρια δολάρια. Ο ιδρυτής της ζει στην Αθήνα."
JAPANESE = "日本の投資会社は人工知能に投資しています。創業者は来月アメリカを訪問する予定です。"
CHINESE = "这家日本投资公司正在投资人工智能。创始人下个月将访问美国。公司去年损失了很多钱。"
MIXED = "The company Яндекс was founded in Moscow. Its founder Аркадий Волож left the firm in 2022."

# Characters that cleaning is about, so that Hypothesis meets them next to each other.
TRICKY = st.text(
    st.sampled_from("aé1 \t\r\n\x00\x0b\x1f\x85\xad\u034f\u200b\u200c\u200d\u2028\u202e\ufe0f\ufeff\ud800😀")
)
KEPT_FORMAT = {"\u200c", "\u200d"}


@given(st.text() | TRICKY)
def test_cleaning_leaves_no_control_or_direction_character(text: str) -> None:
    hidden = [c for c in clean(text) if unicodedata.category(c) in ("Cc", "Cs") or c in "\xad\u034f\u200b\u202e\ufeff"]
    assert [c for c in hidden if c not in "\t\n"] == []


@given(st.text() | TRICKY)
@example("é\u200d\ud800a")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs"), exclude_characters="\u3164\uffa0")))
def test_cleaning_keeps_every_visible_character(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("one\r\ntwo\rthree\x0cfour\u2028five", "one\ntwo\nthree\nfour\nfive"),
        ("soft\xadhyphen", "softhyphen"),
        ("ig\u200bnore\u2060 th\ufeffis", "ignore this"),
        ("\u202etxt.exe\u202c", "txt.exe"),
        ("hi\U000e0068\U000e0069dden", "hidden"),
        ("pay\u200d now", "pay now"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🔬 and ❤\ufe0f", "👩\u200d🔬 and ❤\ufe0f"),
        ("😀\ufe0f\ufe01\U000e0101", "😀\ufe0f"),
    ],
)
def test_only_what_hides_text_is_taken_out(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


# A text that begins with NUL looks in UTF-16 as if it were UTF-32.
@given(
    st.text().filter(lambda text: not text.startswith(("\ufeff", "\x00"))),
    st.sampled_from(["utf-8-sig", "utf-16", "utf-32"]),
)
def test_text_with_a_byte_order_mark_round_trips(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-be", "utf-32-be"])
def test_a_big_endian_mark_is_understood(encoding: str) -> None:
    assert decode(("\ufeff" + ENGLISH).encode(encoding)) == (ENGLISH, encoding.removesuffix("-be"))


@given(
    st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",))).filter(lambda t: t[:1] != "\ufeff")
)
def test_utf_8_round_trips(text: str) -> None:
    assert decode(text.encode()) == (text, "utf-8")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *[(text, "cp1252") for text in (ENGLISH, GERMAN, SPANISH, PORTUGUESE, "It cost £5.", "“Yes,” it’s done.")],
        *[(text, "latin-1") for text in (GERMAN, SPANISH, PORTUGUESE)],
        *[(POLISH, "cp1250"), (RUSSIAN, "cp1251"), (MIXED, "cp1251"), (RUSSIAN, "koi8-r"), (GREEK, "cp1253")],
        *[(JAPANESE, "shift_jis"), (JAPANESE, "euc_jp"), (CHINESE, "gb18030"), (ENGLISH, "mac_roman")],
    ],
)
def test_older_encodings_round_trip(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize(("text", "encoding"), [(JAPANESE, "shift_jis"), (GERMAN, "cp1252")])
def test_a_file_larger_than_the_sample_round_trips(text: str, encoding: str) -> None:
    long = (text + "\n") * (1_500_000 // len(text.encode(encoding)))
    assert decode(long.encode(encoding))[0] == long


def test_the_only_foreign_letter_may_be_far_into_the_file() -> None:
    long = "Nothing but plain letters here.\n" * 50_000 + "A café."
    assert decode(long.encode("cp1252")) == (long, "cp1252")


@pytest.mark.parametrize("byte", [b"\xff", b"\xe9"])
def test_damaged_utf_8_is_refused_and_not_garbled(byte: bytes) -> None:
    data = ENGLISH.encode() * 20 + byte + GERMAN.encode()
    with pytest.raises(ParsingError, match=rf"byte {len(ENGLISH.encode() * 20)} is not valid utf-8; save it as UTF-8"):
        decode(data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b" \r\n\t\xe2\x80\x8b", "it holds no visible text"),
        (bytes(range(256)) * 4, "it is not text (it holds NUL bytes)"),
        (
            b"\x01\x02\x03\x04\x05\x06\x07\x08" * 9,
            "it is not text (more than a tenth of it is control characters)",
        ),
        (b"\xff\xfea", "it begins as utf-16 but is not valid utf-16"),
        (b"\xef\xbb\xbf\xff", "it begins as utf-8-sig but is not valid utf-8-sig"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ParsingError) as raised:
        parse_plain_text(data)
    assert str(raised.value) == reason


def test_text_with_many_word_separators_is_still_text() -> None:
    khmer = "ខ្ញុំ\u200bចង់\u200bទៅ\u200bផ្សារ\u200bឥឡូវ\u200bនេះ\u200b។\n" * 20
    assert parse_plain_text(khmer.encode()).text == khmer.replace("\u200b", "")


@given(st.binary(max_size=200))
def test_any_bytes_give_clean_text_or_a_reason(data: bytes) -> None:
    try:
        parsed = parse_plain_text(data)
    except ParsingError as error:
        assert str(error).startswith("it ")
    else:
        assert (parsed.text, bool(parsed.title)) == (clean(parsed.text), True)


def test_the_title_of_plain_text_is_its_first_line() -> None:
    parsed = parse_plain_text(b"\n  Annual   report\t2016 \r\nIt was good.")
    text = "\n  Annual   report\t2016 \nIt was good."
    assert parsed == ParsedText(text=text, title="Annual report 2016", encoding="utf-8", page_starts=())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Intro line.\n\n## The *real* `title` ##\n\nMore.", "The real title"),
        ("# A [link](https://a.example/b) and my_file_name", "A link and my_file_name"),
        ("No heading, _only_ text.\nMore.", "No heading, only text."),
        ("# ***\ntext", "Untitled"),
        ("#hashtag is no heading", "#hashtag is no heading"),
    ],
)
def test_the_title_of_markdown_is_its_first_heading(text: str, title: str) -> None:
    assert parse_markdown(text.encode()).title == title


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("word " * 50, ("word " * 23).strip() + "…"),
        ("字" * 200, "字" * 119 + "…"),
        ("See https://a.example/" + "x" * 200, "See https://a.example/" + "x" * 97 + "…"),
    ],
)
def test_a_long_title_is_shortened_between_words(line: str, title: str) -> None:
    assert (parse_plain_text(line.encode()).title, len(title) <= 120) == (title, True)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1))
def test_a_title_is_one_line_of_at_most_120_characters(text: str) -> None:
    for parse in (parse_plain_text, parse_markdown):
        try:
            title = parse(text.encode()).title
        except ParsingError:
            continue
        assert (len(title) <= 120, title == " ".join(title.split()), bool(title)) == (True, True, True)


@pytest.mark.parametrize("suffix", sorted(PARSERS))
def test_a_suffix_is_known_in_any_case(suffix: str) -> None:
    assert parser_for(f"folder.pdf/a{suffix.upper()}") is PARSERS[suffix]


@pytest.mark.parametrize(("path", "kind"), [("a.pdf", ".pdf"), ("b.d/README", "(no suffix)")])
def test_an_unknown_suffix_names_those_that_are_known(path: str, kind: str) -> None:
    with pytest.raises(ParsingError) as raised:
        parser_for(path)
    assert str(raised.value) == f"files of type {kind} cannot be read; use .markdown, .md, .text, .txt"
