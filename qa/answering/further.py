"""Which sentences an answer gives beside the best one."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.contexts import has_word
from qa.answering.evidence import Evidence
from qa.answering.kinds import Kind
from qa.answering.questions import Question

# One of a list must be nearly as good as the best one.
_NEARLY_AS_GOOD = 0.9
# A sentence of the same passage belongs to the account when it answers with this share of the best one's probability.
_SHARE_OF_BEST = 0.25
_SHORTEST_PROSE = 6  # words; headings, labels and entries are shorter


def further_evidence(
    part: Question, best: Evidence, others: Sequence[Evidence], threshold: float, *, in_lower_case: bool
) -> list[Evidence]:
    """Give the sentences that an answer needs beside the best one, each once; mostly none.

    Who asks for several things gets what is nearly as good; who compares, what brings a missing name; and who types as
    into a search box, whatever else of the passage answers: such questions are seldom answered in one sentence
    (ClapNQ's annotators chose two or three; `docs/decisions/0002-offline-evidence.md`).

    Args:
        part: The question, or one part of it.
        best: The first candidate, by `likeliest_first`.
        others: The other candidates in that order.
        threshold: Probability, 0 to 1, that one of several things must have by itself.
        in_lower_case: The whole question was typed without capitals.
    """
    further: list[Evidence] = []
    if part.kind is Kind.LIST or part.asks_for_several:
        enough = max(threshold, best.probability * _NEARLY_AS_GOOD)
        further += [item for item in others if item.probability >= enough]
    if part.compares:
        further += _of_names(part, best, others, threshold)
    if in_lower_case:
        further += _account(best, others)
    return list(dict.fromkeys(further))


def _of_names(part: Question, best: Evidence, others: Sequence[Evidence], threshold: float) -> list[Evidence]:
    """Give sentences that bring a name of the question that the best one lacks."""
    brought: list[Evidence] = []
    missing = _names_without(part, best)
    for item in others:
        brings = missing - _names_without(part, item)
        if brings and item.probability >= threshold:
            brought.append(item)
            missing -= brings
    return brought


def _account(best: Evidence, others: Sequence[Evidence]) -> list[Evidence]:
    """Give the sentences of the best one's passage, in prose, that answer nearly as likely as it does."""
    passage = best.sentence.ranked.passage.id
    enough = best.probability * _SHARE_OF_BEST
    return [
        item
        for item in others
        if item.sentence.ranked.passage.id == passage and item.probability >= enough and _is_prose(item)
    ]


def _is_prose(evidence: Evidence) -> bool:
    return evidence.sentence.reading is not None and len(evidence.sentence.tokens) >= _SHORTEST_PROSE


def _names_without(part: Question, evidence: Evidence) -> set[str]:
    stems = {token.stem for token in evidence.sentence.tokens}
    return {term.token.stem for term in part.terms if term.is_name and not has_word(stems, term)}
