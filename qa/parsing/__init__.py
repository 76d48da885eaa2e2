"""One parser per file format: bytes in, text out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from qa.errors import ParsingError
from qa.parsing.text import ParsedText, parse_markdown, parse_plain_text

Parser = Callable[[bytes], ParsedText]

PARSERS: Mapping[str, Parser] = {
    ".txt": parse_plain_text,
    ".text": parse_plain_text,
    ".md": parse_markdown,
    ".markdown": parse_markdown,
}


def parser_for(path: str) -> Parser:
    """Give the parser for a file by its suffix.

    Raises:
        ParsingError: No parser reads files of that suffix.
    """
    suffix = PurePosixPath(path).suffix.lower()
    try:
        return PARSERS[suffix]
    except KeyError:
        known = ", ".join(sorted(PARSERS))
        raise ParsingError(f"files of type {suffix or '(no suffix)'} cannot be read; use {known}") from None


__all__ = ["PARSERS", "ParsedText", "Parser", "parser_for"]
