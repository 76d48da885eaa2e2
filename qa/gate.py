"""What a model wrote → plain text that shows what it says and does nothing else, wherever it is shown."""

from __future__ import annotations

import html
import re

# A statement is one sentence; what lies beyond is no longer read by anyone.
_MOST_CHARS = 5_000
_ROUNDS = 12

# Control, zero-width, direction, filler, variation and tag characters, and halves of surrogate pairs.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Browsers read the last four without a semicolon too, even before letters.
_ENTITY = re.compile(r"&(?:#\d{1,8};?|#x[\da-f]{1,8};?|[a-z][a-z\d]{1,30};|lt|gt|amp|quot)", re.IGNORECASE)

_COMMENT = re.compile(r"<!--(?:(?!-->).)*+(?:-->|\Z)|<[!?][^<>]*>", re.DOTALL)
_AUTOLINK = re.compile(r" ?<[a-z][a-z\d+.-]{1,31}:[^<>\s]*>", re.IGNORECASE)
# With an attribute it is a tag even where its end is missing; "x <y" is none.
_TAG = re.compile(r"</?[a-z][^<>\s/]*\s*/?>|</?[a-z][^<>=]*=[^<>]*(?:>|\Z)", re.IGNORECASE)
_TAG_START = re.compile(r"<(?=[a-z/!?])", re.IGNORECASE)

_INSIDE = r"(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*+"
_TARGET = r"\((?:[^()\\]|\\.|\([^()]*\))*+(?:\)|\Z)"
_IMAGE = re.compile(rf" ?!\[{_INSIDE}\](?:{_TARGET}|\[{_INSIDE}\])?")
_LINK = re.compile(rf"\[({_INSIDE})\](?:{_TARGET}|\[{_INSIDE}\])")
_DEFINITION = re.compile(
    r"^[ \t>]*\[[^\[\]\n]+\]:[ \t]*\S+(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]*$", re.MULTILINE
)
_LINK_JOINT = re.compile(r"(?<=\])(?=[(\[:])")

_NUMBERS = r"\^?\d{1,3}(?: ?[,;–-] ?\^?\d{1,3})*"
_MARK = re.compile(
    rf" ?(?:\\?[\[［〔⟦【]){{1,3}} ?(?:{_NUMBERS} ?(?:†[^\]】]{{0,60}})?|\^[^\[\]\s]{{1,40}})"
    rf"(?:\\?[\]］〕⟧】]){{1,3}}(?:{_TARGET}|:(?= |\Z))?"
)
_FORMULA_LINK = re.compile(r"\\(?:href|url|includegraphics|html[a-z]+)\b", re.IGNORECASE)
_ADDRESS = re.compile(
    r" ?(?:[a-z][a-z\d+.-]{0,30}://|(?<![^\W_])(?:www\.|(?:javascript|vbscript|mailto|file):)(?=\S)"
    r"|(?<![^\W_])data:(?=[^\s,]*,))\S*",
    re.IGNORECASE,
)
_PUNCTUATION = ".,;:!?…)]}'\"”’*_"
_EMPTY_BRACKETS = re.compile(r" \( ?\)")

_LAST_RESORT = re.compile(
    r"[<>\[\]()&\\【】〔〕⟦⟧［］]|:/+|www\.|(?:javascript|vbscript|mailto|file|data):", re.IGNORECASE
)


def plain(text: str) -> str:
    """Give what a model wrote as one line of text that no renderer turns into an image, a link, HTML or a citation.

    Images, addresses, tags, comments, invisible characters and citation numbers are left out; links leave their text.
    Emphasis, headings and code keep their marks. What might begin a tag or a link gets a space, so that "a<b" stays.
    The result given again is the result.

    Args:
        text: Of any kind; past 5,000 characters it is cut off.
    """
    text = text[:_MOST_CHARS]
    for _ in range(_ROUNDS):
        before, text = text, _cleaned(text)
        if text == before:
            text = _disarmed(text)
        if text == before:
            return text
    # Nested this deep it is an attack, and need not read well.
    return _on_one_line(_LAST_RESORT.sub(" ", text))


def _cleaned(text: str) -> str:
    text = _ENTITY.sub(lambda match: html.unescape(match.group()), text)
    text = _INVISIBLE.sub("", text)
    text = _DEFINITION.sub("", _COMMENT.sub("", text))
    text = _on_one_line(text)
    text = _MARK.sub("", _IMAGE.sub("", text))
    text = _LINK.sub(r"\1", text)
    text = _TAG.sub("", _AUTOLINK.sub("", text))
    text = _ADDRESS.sub(_punctuation_after, _FORMULA_LINK.sub("", text))
    return _on_one_line(_EMPTY_BRACKETS.sub("", text))


def _disarmed(text: str) -> str:
    """Put a space where what is left might still begin a tag, or join a link's text and its address."""
    return _on_one_line(_LINK_JOINT.sub(" ", _TAG_START.sub(" < ", text)))


def _punctuation_after(address: re.Match[str]) -> str:
    """Give the punctuation at the end of an address that belongs to the sentence, less the address's own brackets."""
    kept = address.group().rstrip(_PUNCTUATION)
    after = address.group()[len(kept) :]
    return after.replace(")", "", kept.count("(") - kept.count(")")) if kept.count("(") > kept.count(")") else after


def _on_one_line(text: str) -> str:
    return " ".join(text.split())[:_MOST_CHARS].rstrip()
