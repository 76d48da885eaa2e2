"""Texts of cases, documents and models, made fit to be shown: nothing hides in them."""

from __future__ import annotations

import re
import unicodedata

_LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNUSUAL = re.compile(r"[^\n\t\x20-\x7e]")
# Control, formatting (writing direction, invisible), surrogate and unassigned, among them U+FFFE, which XML forbids.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Cn"})
# Joiners shape Persian and Indic words and join emoji.
_KEPT = frozenset("\u200c\u200d")


def visible(text: str) -> str:
    r"""Give the text with `\n` as its line ends and each control or invisible character spelled, as in ⟨U+202E⟩."""
    return _UNUSUAL.sub(_spelled, _LINE_END.sub("\n", text))


def shortened(text: str, limit: int) -> str:
    """Give the visible text on one line, of at most `limit` characters; one that was cut ends with …."""
    line = " ".join(visible(text).split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def _spelled(match: re.Match[str]) -> str:
    character = match[0]
    hides = unicodedata.category(character) in _HIDDEN and character not in _KEPT
    return f"⟨U+{ord(character):04X}⟩" if hides else character
