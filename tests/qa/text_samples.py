"""Texts of every shape for the tests of splitting, as Hypothesis strategies."""

from hypothesis import strategies as st

SENTENCES = (
    "The otter eats fish.",
    "SoftBank invested $4.4 billion in WeWork in 2016!",
    "“We will,” said Mr. A. B. Son, “make it happen.”",
    "Is it 3.5 km away?",
    "彼は東京に住んでいる。来月は大阪へ行く。",
    "สวัสดีชาวโลก",
    "👩‍🔬 works… 😀😀",
    "naïve café e\u0301",
    "no full stop",
    "(a) “never closed",
    "```code(x)```",
    "x" * 300,
    "字" * 300,
)
SEPARATORS = (
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\n\n\n",
    "\t",
    "",
    "\n- ",
    "\n1. ",
    "\n## ",
    "\n> ",
    "\n| ",
    "\u3000",
    "\xa0",
)

prose = st.lists(st.sampled_from(SENTENCES) | st.sampled_from(SEPARATORS), max_size=40).map("".join)
hard_wrapped = st.integers(45, 90).flatmap(
    lambda width: st.lists(st.text("abc de, ", min_size=width - 9, max_size=width), min_size=4, max_size=30).map(
        "\n".join
    )
)
texts = st.text() | prose | hard_wrapped
"""Any text at all, prose of repeated sentences with every kind of separator, and hard-wrapped text."""
