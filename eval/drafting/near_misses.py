"""Questions that the documents do not seem to answer: a name or a year in a draft, exchanged for another one's."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from eval.cases import Evidence
from eval.drafting.drafts import Draft
from eval.drafting.sentences import Gap, gaps_in
from eval.matching import contains, normalised_tokens
from qa.answering.terms import is_stop_word

_YEAR = re.compile(r"(?<![\w$€£.,/-])(?:1[5-9]\d{2}|20\d{2})(?![\w%-]|[.,]\d)")
_MOST_KEPT = 2_000  # names and years each
_MOST_PLACES = 5  # of a name in its document
_TRIES, _SAMPLE = 12, 100
_SIMILAR = 0.6
_NEAR_CHARS = 250
_WORD_BEFORE = re.compile(r"(\S+)\s$")
_DETERMINERS = frozenset("the a an its his her their our this that each every any no".split())
_PLACING = frozenset("in inside outside near at into across within from around throughout".split())


class NearMisses:
    """Knows the names and years of the documents so far, to exchange those of a question for others."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[str]] = {}  # with the forms that they come in; in the order in which they came
        self._years: dict[str, None] = {}

    def learn(self, sentences: Iterable[Evidence], names: Iterable[str], text: str) -> None:
        """Take in the names of a document that stand in its text as whole names, and the years of its sentences."""
        for name in sorted(names)[: max(0, _MOST_KEPT - len(self._names))]:
            if not is_stop_word(name.split()[0]) and (forms := frozenset(_forms(name, text))):
                self._names[name] = self._names.get(name, frozenset()) | forms
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
        own = [gap for gap in here if (pool := self._like(gap, draft.question)) and len(pool) > 1]
        for turn in range(_TRIES if own else 0):
            gap = chance.choice(own)
            old, known = draft.question[gap.start : gap.end], self._like(gap, draft.question)
            pool = chance.sample(known, min(len(known), _SAMPLE))
            nearby = [words for words in pool if words in text]  # what is in the document makes the nearest miss
            new = chance.choice(nearby if nearby and turn < _TRIES // 2 else pool)
            if _too_close(new, draft, old):
                continue
            question = f"{draft.question[: gap.start]}{new}{draft.question[gap.end :]}"
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

    def _like(self, gap: Gap, question: str) -> list[str]:
        """Give what may take the place of a name or year: years; or names of as many words, in the same form."""
        old = question[gap.start : gap.end]
        if old in self._years:
            return list(self._years)
        form = _form(question, gap.start, gap.end)
        if old not in self._names or form is None:
            return []
        length = len(old.split())
        return [name for name, forms in self._names.items() if form in forms and len(name.split()) == length]


def _forms(name: str, text: str) -> Iterator[str]:
    for match in itertools.islice(re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text), _MOST_PLACES):
        if (form := _form(text, match.start(), match.end())) is not None:
            yield form


def _form(text: str, start: int, end: int) -> str | None:
    """Give the determiner before a name, "in" for a word that places it, else ""; None for a part of a longer name."""
    if re.match(r" (?:[A-Z]|&)|[-&]\w", text[end : end + 3]):
        return None
    before = _WORD_BEFORE.search(text, max(0, start - 30), start)
    word = before[1] if before else ""
    if word == "&" or re.fullmatch(r"[A-Z]\.", word) or (word[:1].isupper() and word.isalpha() and _is_name(word)):
        return None
    lowered = word.lower()
    return "in" if lowered in _PLACING else lowered if lowered in _DETERMINERS else ""


def _is_name(word: str) -> bool:
    return not is_stop_word(word) and word.lower() not in _DETERMINERS | _PLACING


def _too_close(new: str, draft: Draft, old: str) -> bool:
    """Tell whether the new words are in the question or its source, or say the old ones."""
    quote = draft.source.quote if draft.source else ""
    return contains(f"{draft.question}\n{quote}", new) or contains(new, old) or contains(old, new)


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
