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
_DETECTION_BYTES = 1_000_000
_TITLE_CHARS = 120
_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Control characters but tab and newline; soft hyphen, zero-width space, word joiner, byte order mark;
# marks that change the writing direction; interlinear and tag characters, which hide text from a reader.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    r"\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Joiners shape Persian and Indic words and join emoji; next to ASCII they only hide.
_STRAY_JOINER = re.compile(r"(?:(?<=[\x00-\x7f])|^)[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\x7f]|$)")
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_MARKUP = re.compile(r"[*_`]+|!?\[([^\]]*)\]\([^)]*\)")


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
    except UnicodeDecodeError:
        return _decode_detected(data)


def clean(text: str) -> str:
    """Make line ends `\\n` and take out control, invisible and lone surrogate characters.

    Offsets count in the result, which is what the library stores; everything else keeps its characters.
    """
    text = _LINE_END.sub("\n", text)
    return _LONE_SURROGATE.sub("", _STRAY_JOINER.sub("", _INVISIBLE.sub("", text)))


def _decode_detected(data: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes  # takes 50 ms to import, and few files need it

    best = from_bytes(data[:_DETECTION_BYTES]).best()
    if best is None:
        raise ParsingError("it is not text in any known encoding; save it as UTF-8")
    try:
        return data.decode(best.encoding), best.encoding
    except UnicodeDecodeError as error:
        raise ParsingError(f"it looks like {best.encoding} but is not valid; save it as UTF-8") from error


def _visible_text(data: bytes) -> tuple[str, str]:
    if not data:
        raise ParsingError("it is empty")
    text, encoding = decode(data)
    cleaned = clean(text)
    if len(text) - len(_INVISIBLE.sub("", text)) > len(text) // 10 + 10:
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
    return line[: _TITLE_CHARS - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"
