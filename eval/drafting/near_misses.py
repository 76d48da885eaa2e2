"""Questions that the documents do not seem to answer: a name or a year in a draft, exchanged for another one's."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import replace

from eval.cases import Evidence
from eval.drafting.drafts import Draft
from eval.drafting.sentences import gaps_in
from eval.matching import contains, normalised_tokens
from qa.answering.terms import is_stop_word

_YEAR = re.compile(r"(?<![\w$€£.,/-])(?:1[5-9]\d{2}|20\d{2})(?![\w%-]|[.,]\d)")
_MOST_KEPT = 2_000  # names and years each
_TRIES, _SAMPLE = 12, 100
_SIMILAR = 0.6
_NEAR_CHARS = 250


class NearMisses:
    """Knows the names and years of the documents so far, to exchange those of a question for others."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}  # in the order in which they came
        self._years: dict[str, None] = {}

    def learn(self, sentences: Iterable[Evidence], names: Iterable[str]) -> None:
        """Take in the names of a document and the years of its sentences."""
        self._names.update(dict.fromkeys(sorted(names)[: max(0, _MOST_KEPT - len(self._names))]))
        years = sorted({year for sentence in sentences for year in _YEAR.findall(sentence.quote)})
        self._years.update(dict.fromkeys(years[: max(0, _MOST_KEPT - len(self._years))]))

    def of(self, draft: Draft, text: str, chance: random.Random) -> Draft | None:
        """Give a draft like this one that its document does not seem to answer; None when there is none.

        Args:
            draft: An answerable one.
            text: Its document.
            chance: Chooses what is exchanged, and for what.
        """
        here = [gap for gap in gaps_in(draft.question) if gap.kind in ("name", "year")]
        own = [draft.question[gap.start : gap.end] for gap in here]
        own = [words for words in own if words in self._names or words in self._years]
        for turn in range(_TRIES if own else 0):
            old = chance.choice(own)
            known = list(self._years if old in self._years else self._names)
            pool = chance.sample(known, min(len(known), _SAMPLE))
            nearby = [words for words in pool if words in text]  # what is in the document makes the nearest miss
            new = chance.choice(nearby if nearby and turn < _TRIES // 2 else pool)
            if _too_close(new, draft, old):
                continue
            question = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new.replace("\\", r"\\"), draft.question, count=1)
            if question != draft.question and not _seems_answered(question, new, text):
                return replace(
                    draft,
                    question=question,
                    answers=(),
                    answerable=False,
                    evidence=(),
                    tags=("cloze", "near-miss"),
                    check=f"“{old}” became “{new}”: accept it only if no document answers this.",
                )
        return None


def _too_close(new: str, draft: Draft, old: str) -> bool:
    """Tell whether the new words are in the question or its source, or of another form than the old ones."""
    quote = draft.source.quote if draft.source else ""
    if contains(f"{draft.question}\n{quote}", new) or contains(new, old) or contains(old, new):
        return True
    return abs(len(new.split()) - len(old.split())) > 1


def _seems_answered(question: str, new: str, text: str) -> bool:
    """Tell whether the document has the new words close to most telling words of the question."""
    telling = _telling(question) - set(normalised_tokens(new))
    for match in re.finditer(rf"(?<!\w){re.escape(new)}(?!\w)", text):
        near = text[max(0, match.start() - _NEAR_CHARS) : match.end() + _NEAR_CHARS]
        if len(telling & _telling(near)) >= _SIMILAR * len(telling):
            return True
    return False


def _telling(text: str) -> set[str]:
    return {word for word in normalised_tokens(text) if len(word) > 2 and not is_stop_word(word)}
