"""Texts without differences of form, with the way back to the characters that they stand for."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from qa.domain import Span

_LETTER = r"[^\W\d_]"
_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
_INVISIBLE = r"\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
_DASH = r"[-\u2010-\u2015\u2212]"
_FORMS = re.compile(
    rf"(?P<gone>[{_INVISIBLE}]+|(?<={_CJK})\s+(?={_CJK})"
    # A hyphen may be one at a line's end, which other copies of the text do not have.
    rf"|(?<={_LETTER})[-\u2010-\u2013](?:[^\S\n]*\n\s*)?(?={_LETTER}))"
    r"|(?P<ellipsis>\s*(?:…|\.(?:\s?\.){2,})\s*)"
    rf"|(?P<dash>\s*(?:{_DASH}\s*)+)"
    r"|(?P<single>['‘’‚‛′ʼ`´])"
    r'|(?P<double>["“”„‟″«»])'
    r"|(?P<space>\s{2,}|[^\S ])"
)
_FOLDED_FORMS = {"gone": "", "ellipsis": "…", "dash": "-", "single": "'", "double": '"', "space": " "}


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without differences of form; for each of its characters, which stretch of the source it stands for."""

    source: str
    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> Span | None:
        """Give the stretch of the source; None when an end lies inside one of its characters, such as a ligature."""
        if start > 0 and self.starts[start] == self.starts[start - 1]:
            return None
        if end < len(self.text) and self.starts[end] == self.starts[end - 1]:
            return None
        first, last = self.starts[start], self.ends[end - 1]
        words = self.source[first:last]
        first += len(words) - len(words.lstrip())
        return Span(start=first, end=first + len(words.strip()))


def fold(text: str) -> Folded:
    """Take white space, dashes, quotation marks, case, ligatures and invisible characters to one form each."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def take(folded: str, start: int, end: int) -> None:
        chars.append(folded)
        starts.extend([start] * len(folded))
        ends.extend([end] * len(folded))

    def take_stretch(start: int, end: int) -> None:
        stretch = text[start:end]
        if stretch.isascii():
            chars.append(stretch.lower())
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        else:
            for at, char in enumerate(stretch, start):
                take(_fold_char(char), at, at + 1)

    done = 0
    for match in _FORMS.finditer(text):
        take_stretch(done, match.start())
        take(_FOLDED_FORMS[str(match.lastgroup)], match.start(), match.end())
        done = match.end()
    take_stretch(done, len(text))
    return Folded(text, "".join(chars), starts, ends)


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    # "10²" is not 102: superscripts, fractions and circled digits stay as they are.
    if unicodedata.category(char) == "No":
        return char
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
