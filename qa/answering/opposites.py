"""Words that exclude each other: a sentence about the largest does not tell which is the smallest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from qa.answering.candidates import Sentence
from qa.answering.terms import same_word, stem, tokenize

OPPOSITES: tuple[tuple[str, str], ...] = tuple(
    (left, right)
    for pair in """
    largest smallest, biggest smallest, larger smaller, highest lowest, higher lower, oldest newest, older younger,
    oldest youngest, longest shortest, longer shorter, fastest slowest, best worst, better worse, strongest weakest,
    earliest latest, hottest coldest, richest poorest, hardest easiest, first last, most least, maximum minimum,
    majority minority, major minor, high low, large small, big small, hot cold, wet dry, strong weak, rich poor,
    early late, modern ancient, new old, upper lower, positive negative, public private, rural urban, internal
    external, domestic foreign, male female, men women, boys girls, king queen, father mother, son daughter, brother
    sister, before after, inside outside, above below, increase decrease, increased decreased, rise fall, rises
    falls, rose fell, raise lower, growth decline, grew shrank, gain lose, gained lost, profit loss, won lost, win
    lose, winning losing, winner loser, victory defeat, buy sell, bought sold, purchased sold, began ended, begin
    end, beginning end, start end, started ended, opened closed, open close, founded dissolved, established
    abolished, introduced abolished, created destroyed, built demolished, arrived departed, arrival departure,
    joined left, accept reject, accepted rejected, allow forbid, allowed forbidden, allowed prohibited, permitted
    prohibited, legal illegal, support oppose, supported opposed, attacked defended, succeed fail, successful
    unsuccessful, hired fired, appointed dismissed, exports imports, include exclude, included excluded, income
    expenditure, gross net, permanent temporary, full-time part-time, senior junior, maternity paternity, outgoing
    incoming, inbound outbound, entry exit, entrance exit, ascending descending, top bottom, day night, winter
    summer, north south, east west, northern southern, eastern western, peace war, enemy ally, enemies allies, dead
    alive, birth death, born died, married divorced, encode decode, encrypt decrypt, install uninstall, enable
    disable, add remove, added removed, lock unlock, refuse accept, admit deny, admitted denied, approve reject,
    approved rejected, agree disagree, agreed disagreed, same different, safe dangerous, expensive cheap, primary
    secondary, solid liquid, input output, deposit withdraw
    """.split(",")
    for left, right in [pair.split()]
)
"""Pairs as they are written; each excludes the other, whichever is asked for.

Left out are two sides of one thing, of which whoever tells of the one names the other (landlord and tenant, cause and
effect), and words that mostly mean something else ("left", "leave").
"""


def says_opposite(question: str, sentence: Sentence) -> bool:
    """Tell whether a sentence has the opposite of a question's word, and not that word nor its family.

    What leads to a sentence counts as said with it. A question that has both words asks about both.
    """
    asked = {token.stem for token in tokenize(question)}
    said = {token.stem for token in sentence.words}
    return any(
        not said.isdisjoint(opposites - asked) and not any(same_word(word, other) for other in said)
        for word in asked
        if (opposites := _opposites().get(word))
    )


@cache
def _opposites() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for left, right in OPPOSITES:
        found[stem(left)].add(stem(right))
        found[stem(right)].add(stem(left))
    return {word: frozenset(others) for word, others in found.items()}
