"""Drafts without a model: a sentence of a document, of which one amount, date, number or name is asked for."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from eval.cases import Evidence
from eval.drafting.drafts import Draft
from eval.drafting.near_misses import NearMisses
from eval.drafting.phrasing import FILL_IN, Phrased, phrase
from eval.drafting.sentences import Gap, gaps_in, lone_sentences, names_in
from eval.matching import contains, normalised_tokens
from qa.errors import InputError

_LOOK_AHEAD = 8  # drafts of a document
_PATIENCE = 4  # so many unanswerable drafts too few, and a sentence to fill in makes one too

_TAGS = {
    "money": "amount",
    "percent": "amount",
    "number": "amount",
    "date": "date",
    "year": "date",
    "name": "name",
}


def draft_cases(texts: Mapping[str, str], *, seed: int = 0, unanswerable: float = 0.25) -> Iterator[Draft]:
    """Draft cases from sentences that hold an amount, a date, a number or a name, a sentence a case.

    Each quote is exact by construction, and the answer is the words that were taken out of it. The drafts go round the
    documents; the same texts and seed give the same drafts in the same order. Documents are read one by one, as they
    are come to; one that cannot be read (`KeyError`) is passed over.

    Args:
        texts: Document texts by document id.
        seed: Chooses the order of documents and sentences, and what is asked of a sentence.
        unanswerable: About what share of the drafts, 0 to 0.9, asks what the documents do not seem to say: a question
            in which a name or a year has been exchanged. A person must check these.

    Raises:
        InputError: `unanswerable` is out of its range.
    """
    if not 0 <= unanswerable <= 0.9:
        raise InputError(f"The share of unanswerable drafts is 0 to 0.9, not {unanswerable:g}; choose another.")
    return _round(texts, seed, unanswerable)


def _round(texts: Mapping[str, str], seed: int, unanswerable: float) -> Iterator[Draft]:
    ids = sorted(texts)
    random.Random(seed).shuffle(ids)
    misses, due = NearMisses(), 0.0
    seen: set[tuple[str, ...]] = set()
    waiting = deque(_Source(document, random.Random(f"{seed}:{document}")) for document in ids)
    while waiting:
        source = waiting.popleft()
        draft = source.next_draft(texts, misses, seen)
        if draft is None:
            continue
        waiting.append(source)
        yield draft
        due += unanswerable / (1 - unanswerable)
        if due < 1 or (draft.question.startswith(FILL_IN) and due < _PATIENCE):
            continue
        if (miss := misses.of(draft, texts[source.document], source.random)) is not None:
            due -= 1
            yield miss


@dataclass
class _Source:
    """One document, and its sentences that are not used yet; None before it is read."""

    document: str
    random: random.Random
    _left: list[Evidence] | None = None
    _names: frozenset[str] = frozenset()
    _waiting: deque[Draft] = field(default_factory=deque)  # sentences to fill in, while there may be plain questions

    def next_draft(self, texts: Mapping[str, str], misses: NearMisses, seen: set[tuple[str, ...]]) -> Draft | None:
        """Give the next draft; None when the document has no more."""
        if self._left is None:
            self._left = self._read(texts)
            misses.learn(self._left, self._names, texts[self.document] if self._names else "")
        while self._left and len(self._waiting) < _LOOK_AHEAD:
            evidence = self._left.pop()
            words = tuple(normalised_tokens(evidence.quote))
            if words in seen:  # what several documents say has no one place that gives the answer
                continue
            seen.add(words)
            if (draft := self._draft(evidence)) is None:
                continue
            if not draft.question.startswith(FILL_IN):
                return draft
            self._waiting.append(draft)
        return self._waiting.popleft() if self._waiting else None

    def _read(self, texts: Mapping[str, str]) -> list[Evidence]:
        try:
            text = texts[self.document]
        except KeyError:
            return []
        self._names = names_in(text)
        left = [
            Evidence(document=self.document, quote=span.of(text), start=span.start, end=span.end)
            for span in lone_sentences(text)
        ]
        self.random.shuffle(left)
        return left

    def _draft(self, evidence: Evidence) -> Draft | None:
        sentence = evidence.quote
        asked = [(gap, phrase(sentence, gap)) for gap in gaps_in(sentence, known=self._names)]
        fit = [(gap, phrased) for gap, phrased in asked if _is_sound(sentence, gap, phrased)]
        best = [pair for pair in fit if pair[1].plain] or [pair for pair in fit if pair[0].kind != "name"] or fit
        if not best:
            return None
        gap, phrased = self.random.choice(best)
        return Draft(
            question=phrased.question,
            answers=(sentence[gap.start : gap.end],),
            evidence=(evidence,),
            source=evidence,
            tags=("cloze", _TAGS[gap.kind]),
        )


def _is_sound(sentence: str, gap: Gap, phrased: Phrased) -> bool:
    """Tell whether the answer is a word, is not in the question, and leaves it a name to be found by."""
    answer = sentence[gap.start : gap.end]
    rest = frozenset(sentence[other.start : other.end] for other in gaps_in(sentence) if other.kind == "name")
    named = any(contains(phrased.question, name) for name in rest if name != answer)
    return bool(normalised_tokens(answer)) and not contains(phrased.question, answer) and named
