"""Plain text and Markdown: bytes → clean text, its encoding and its title."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from qa.errors import ParsingError

_BYTE_ORDER_MARKS = (
    # UTF-32 before UTF-16: the little-endian UTF-32 mark begins with the UTF-16 one.
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What editors wrote before UTF-8. The hundred others that exist fit short texts by accident.
_LEGACY_ENCODINGS = [
    *(
        "cp1252",
        "cp1250",
        "cp1251",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "cp1257",
        "iso8859_2",
        "iso8859_7",
    ),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949", "koi8_r", "cp866", "cp850", "mac_roman"),
]
# Languages whose letters cp1252 lacks, where text also decodes as cp1252, with wrong letters.
_NOT_WESTERN = frozenset(
    "Croatian Czech Estonian Hungarian Latvian Lithuanian Polish Romanian Slovak Slovene Turkish".split()
)
_DETECTION_BYTES = 1_000_000
_TITLE_CHARS = 120
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# Soft hyphen, combining grapheme joiner, fillers, zero-width space, word joiner, byte order mark; marks that
# change the writing direction; interlinear, musical and tag characters. All hide text from a reader.
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    r"\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
# Variation selectors choose a form of the character before them; a second one in a row only hides.
_STRAY_SELECTOR = re.compile(r"(?<=[\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
# Joiners shape Persian and Indic words and join emoji; next to ASCII they only hide.
_STRAY_JOINER = re.compile(r"(?:(?<=[\x00-\x7f])|^)[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\x7f]|$)")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_MARKUP = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)|!?\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedText:
    """What a parser makes of a file.

    Attributes:
        text: Clean text; see `clean`.
        title: At most 120 characters, on one line, never empty.
        encoding: Name of the encoding that the bytes were read with.
        page_starts: Offset of each page's first character, ascending; empty when the format has no pages.
    """

    text: str
    title: str
    encoding: str
    page_starts: tuple[int, ...] = ()


def parse_plain_text(data: bytes) -> ParsedText:
    """Read a plain text file; its title is its first line.

    Raises:
        ParsingError: The bytes are no text, or hold no visible character.
    """
    text, encoding = _visible_text(data)
    return ParsedText(text=text, title=_first_line(text), encoding=encoding)


def parse_markdown(data: bytes) -> ParsedText:
    """Read a Markdown file as it is written; its title is its first heading, else its first line.

    Raises:
        ParsingError: The bytes are no text, or hold no visible character.
    """
    text, encoding = _visible_text(data)
    heading = _HEADING.search(text)
    line = heading.group(1) if heading else _first_line(text)
    return ParsedText(text=text, title=_shorten(_MARKUP.sub(r"\1", line)) or "Untitled", encoding=encoding)


def decode(data: bytes) -> tuple[str, str]:
    """Turn bytes into text: by byte order mark, else UTF-8, else the encoding that fits best.

    Returns:
        The text and the name of its encoding. No character is dropped or replaced.

    Raises:
        ParsingError: The bytes are no text in any known encoding.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise ParsingError(f"it begins as {encoding} but is not valid {encoding}") from error
    if b"\x00" in data:
        raise ParsingError("it is not text (it holds NUL bytes)")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _decode_detected(data, error.start)


def clean(text: str) -> str:
    r"""Make line ends `\n` and take out control, invisible and lone surrogate characters.

    Offsets count in the result, which is what the library stores; everything else keeps its characters.
    Cleaning a clean text changes nothing.
    """
    text = _LINE_END.sub("\n", text)
    for unwanted in (_LONE_SURROGATE, _CONTROL, _INVISIBLE, _STRAY_SELECTOR, _STRAY_JOINER):
        text = unwanted.sub("", text)
    return text


def _decode_detected(data: bytes, first_wrong: int) -> tuple[str, str]:
    """Decode by the encoding that fits what stands around `first_wrong`, the first byte that is not UTF-8."""
    encoding = _detected_encoding(_lines_around(data, first_wrong))
    try:
        return data.decode(encoding or "utf-8"), encoding or "utf-8"
    except UnicodeDecodeError as error:
        looks = f"it looks like {encoding} but" if encoding else "it is not text in any known encoding:"
        raise ParsingError(f"{looks} byte {error.start} is not valid {error.encoding}; save it as UTF-8") from error


def _detected_encoding(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes  # takes 50 ms to import, and few files need it

    matches = list(from_bytes(sample, cp_isolation=_LEGACY_ENCODINGS))
    if not matches:
        return None
    best = matches[0]
    # In mostly ASCII text with a few of “’£éï, several code pages fit equally well; cp1252 is the common one.
    few = sum(byte > 0x7F for byte in sample) < len(sample) / 4
    western = any("cp1252" in match.could_be_from_charset and match.chaos <= best.chaos for match in matches)
    return "cp1252" if few and western and best.language not in _NOT_WESTERN else best.encoding


def _lines_around(data: bytes, at: int) -> bytes:
    """Give whole lines around a byte, about a megabyte; a line end is never inside a character here."""
    start = data.rfind(b"\n", 0, max(0, at - _DETECTION_BYTES // 2)) + 1
    end = data.find(b"\n", min(len(data), at + _DETECTION_BYTES // 2))
    return data[start:] if end < 0 else data[start:end]


def _visible_text(data: bytes) -> tuple[str, str]:
    if not data:
        raise ParsingError("it is empty")
    text, encoding = decode(data)
    cleaned = clean(text)
    if len(_CONTROL.findall(text)) > len(text) // 10 + 10:
        raise ParsingError("it is not text (more than a tenth of it is control characters)")
    if not cleaned.strip():
        raise ParsingError("it holds no visible text")
    return cleaned, encoding


def _first_line(text: str) -> str:
    return _shorten(text.lstrip().partition("\n")[0])


def _shorten(line: str) -> str:
    line = " ".join(line.split())
    if len(line) <= _TITLE_CHARS:
        return line
    head = line[: _TITLE_CHARS - 1]
    whole_words = head.rpartition(" ")[0]
    # Japanese, Chinese or an address may have no space, or only an early one.
    return (whole_words if len(whole_words) > _TITLE_CHARS // 2 else head).rstrip(" ,;:") + "…"
