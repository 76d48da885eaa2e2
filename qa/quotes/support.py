"""Whether quotes support a statement, by its words and facts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence

from qa.answering.terms import rarity, same_word, tokenize
from qa.domain import Span
from qa.facts import negation_differs, unsupported_facts
from qa.splitting import sentence_spans

# Tuned on the development split of WiCE (`bench.verification`): between 0.5 and 0.6 accuracy is highest.
_LEAST_SHARE = 0.55
_LEAST_IN_COMMON = 0.2


def closest_sentence(statement: str, text: str, *, title: str = "") -> Span | None:
    """Give the sentence of `text`, or two neighbours, that supports the statement; None when none does.

    One sentence is taken before two; of those that support it the one with most of its words, then the first.

    Args:
        statement: One sentence of an answer.
        text: A passage.
        title: The document's, whose words count as said; "" for none.
    """
    telling = _telling_words(statement)
    sentences = sentence_spans(text) if telling else []
    pairs = [Span(start=one.start, end=two.end) for one, two in itertools.pairwise(sentences)]
    for spans in (sentences, pairs):
        shares = {span: _share_held(telling, f"{span.of(text)}\n{title}") for span in spans}
        near = [span for span in spans if shares[span] >= _LEAST_SHARE]
        for span in sorted(near, key=lambda span: (-shares[span], span.start)):
            if is_supported(statement, [span.of(text), title]):
                return span
    return None


def is_supported(statement: str, quotes: Sequence[str]) -> bool:
    """Tell whether quotes hold most telling words of a statement and all its facts, and negate nothing otherwise.

    Words are compared, not meanings: a free paraphrase is turned down, and one that only joins the quotes' words in
    another way passes. False for a statement without telling words ("Yes, it did.").

    Args:
        statement: One sentence of an answer.
        quotes: What it rests on, together; a document's title may be one of them.
    """
    telling = _telling_words(statement)
    return (
        bool(telling)
        and _share_held(telling, "\n".join(quotes)) >= _LEAST_SHARE
        and not unsupported_facts(statement, quotes)
        and not negation_differs(statement, quotes)
    )


def has_words(text: str, words: str) -> bool:
    """Tell whether a text has these words, whole and in a row; case and white space do not count."""
    pattern = r"\s+".join(map(re.escape, words.split()))
    bounded = rf"(?<![\w.,])(?<!\d[.,]){pattern}(?![\w%])(?![.,]\d)"
    return bool(pattern) and re.search(bounded, text, re.IGNORECASE) is not None


def speaks_of_the_same(statement: str, quotes: Sequence[str]) -> bool:
    """Tell whether a statement has a fifth of its telling words, by rarity, in common with its quotes.

    It says nothing of whether they support it, but a quote with nothing in common proves nothing.
    """
    telling = _telling_words(statement)
    return not telling or _share_held(telling, "\n".join(quotes)) >= _LEAST_IN_COMMON


def _telling_words(statement: str) -> dict[str, float]:
    """Give the stems of the words that say something, each with its rarity, 0 to 1."""
    return {token.stem: rarity(token.surface) for token in tokenize(statement) if not token.is_stop_word}


def _share_held(telling: Mapping[str, float], text: str) -> float:
    """Give the share, 0 to 1, of telling words that a text has, each counted by its rarity."""
    words = {token.stem for token in tokenize(text)}
    held = [
        weight for word, weight in telling.items() if word in words or any(same_word(word, other) for other in words)
    ]
    return sum(held) / (sum(telling.values()) or 1.0)
