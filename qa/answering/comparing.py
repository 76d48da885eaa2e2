"""The sides of a comparison, "Is X bigger than Y?", and the sentences that speak of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from qa.answering.contexts import has_word
from qa.answering.evidence import Evidence
from qa.answering.kinds import Kind
from qa.answering.questions import Question, Term, read_question
from qa.answering.spans import answer_spans
from qa.answering.terms import tokenize

_ASKS_WHETHER = r"^(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could)"
_MORE = (
    r"(?:more|most|less|least|fewer|better|best|worse|worst|first|last|(?:larg|bigg|small|high|low|long|short|old|young|new"
    r"|earli|lat|soon|fast|quick|slow|cheap|dear|heavi|light|wid|deep|strong|weak|near|clos|saf)e(?:r|st))"
)
# Whole forms of questions, the first that fits: "or" and "than" by themselves are in many that compare nothing.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"\bdifferences?\b.*?\bbetween (?P<left>.+?) and (?P<right>.+?)(?:\b(?:for|during|when|if)\b.*)?$",
        r"^(?:please )?compar(?:e|ing) (?P<left>.+?) (?:and|with|to|against) (?P<right>.+)",
        r"^how (?:do|does|did) (?P<left>.+?) compare\b(?: in \w+)? (?:with|to|against) (?P<right>.+)",
        r"^how (?:is|are|was|were|do|does|did) (?P<left>.+?) differ(?:ent|s)? from (?P<right>.+)",
        r"^(?P<left>.+?) (?:versus|vs\b\.?) (?P<right>.+)",
        rf"^(?:which|what|who)\b.*?\b{_MORE}\b[^,:]*[,:] ?(?P<left>.+?) or (?P<right>.+)",
        rf"{_ASKS_WHETHER} (?P<left>.+?) (?!other\b)(?:\w+er|(?:more|less|fewer)(?: \w+){{0,3}}?) than (?P<right>.+)",
        rf"{_ASKS_WHETHER} (?P<left>.+?) exceed (?P<right>.+)",
        rf"{_ASKS_WHETHER} (?P<left>.+?\b{_MORE}\b.+?) or (?P<right>.+)",
    )
)
# "… than other countries", "… than three months": nothing that a sentence speaks of as of a side.
_NO_SIDE = re.compile(
    r"^(?:(?:at|for|in|of|on|to) )?(?:the )?"
    r"(?:others?|rest|all|any|most|average|and|if|by which|[$€£]?\d[\d.,]*|half|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve|hundred|thousand)\b",
    re.IGNORECASE,
)
# What is older or earlier is told by a date, what is larger or dearer by an amount.
_COMPARED = (
    (Kind.DATE, re.compile(r"\b(?:older|oldest|newer|younger|earlier|later|sooner|before|after|first|last)\b", re.I)),
    (Kind.MONEY, re.compile(r"\b(?:more|most|less|larger?|bigger|smaller|cheaper|dearer|costs?|expensive)\b", re.I)),
    (Kind.NUMBER, re.compile(rf"\b(?:{_MORE}|size)\b", re.I)),
)
_ANY = read_question("")
# A sentence that speaks of a side has all its names, and so much of its words by weight.
_SPEAKS_OF = 0.5
_LIKELY, _FAR_LIKELIER = 0.5, 4.0
# By hand on the gold set for seeds/, a development set.
_ALIKE_WEIGHS = 0.6


def sides_of(question: Question) -> list[list[Term]]:
    """Give the telling words of the two things that a question compares, without those that both have.

    Empty where its form does not tell them.
    """
    text = " ".join(question.text.split())
    found = next((match for form in _FORMS if (match := form.search(text)) is not None), None)
    if found is None or any(_NO_SIDE.match(found[side]) for side in ("left", "right")):
        return []
    left, right = ({token.stem for token in tokenize(found[side])} for side in ("left", "right"))
    sides = [
        [term for term in question.terms if term.token.stem in own and term.token.stem not in others]
        for own, others in ((left, right), (right, left))
    ]
    return sides if all(sides) else []


def both_sides(question: Question, candidates: Sequence[Evidence]) -> list[Evidence]:
    """Give a sentence for each side of a comparison, in the question's order.

    Of the sentences that speak of one side alone, the two that say what is compared, if that has a form, and then are
    likely to answer and alike in their words: "The mill cost £3" beside "The bridge cost £9".

    Empty where the question compares nothing or its sides are not told, where a side has no such sentence, and where
    the first candidate speaks of both and likely answers, or is far likelier than these two.
    """
    sides = sides_of(question) if candidates else []
    if not sides:
        return []
    shares = [[_share(candidate, side) for side in sides] for candidate in candidates]
    if candidates[0].probability > _LIKELY and min(shares[0]) >= _SPEAKS_OF:
        return []
    ones, others = (
        [
            (candidate, share[side])
            for candidate, share in zip(candidates, shares, strict=True)
            if share[side] >= _SPEAKS_OF > share[1 - side]
        ]
        for side in (0, 1)
    )
    pairs = [
        _Pair(one, other, (share + other_share) / 2) for (one, share), (other, other_share) in product(ones, others)
    ]
    if not pairs:
        return []
    forms = [kind for kind, pattern in _COMPARED if pattern.search(question.text)]
    likeliest = max(max(pair.one.probability, pair.other.probability) for pair in pairs)
    best = max(pairs, key=lambda pair: pair.fit(forms, likeliest))
    outdone = candidates[0].probability > _FAR_LIKELIER * max(best.one.probability, best.other.probability)
    return [] if outdone else [best.one, best.other]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two sentences, one a side; `share` is that of the sides' words that they have, by weight, 0 to 1."""

    one: Evidence
    other: Evidence
    share: float

    def fit(self, forms: Sequence[Kind], likeliest: float) -> tuple[int, float]:
        """Give how many of both say what is compared, then how well they fit: by words, probability and likeness."""
        words, others = (
            {token.stem for token in item.sentence.tokens if not token.is_stop_word} for item in (self.one, self.other)
        )
        alike = len(words & others) / max(1, len(words | others))
        likely = (self.one.probability + self.other.probability) / (2 * max(likeliest, 1e-9))
        return _holds(forms, self.one) + _holds(forms, self.other), self.share + likely + _ALIKE_WEIGHS * alike


def _share(candidate: Evidence, side: Sequence[Term]) -> float:
    """Give the share of a side's words, by weight, that a sentence has; 0 where it lacks a name.

    What leads to it, a heading or a question, is about more than this sentence; only a row needs its header's words.
    """
    sentence = candidate.sentence
    words = {token.stem for token in (sentence.words if sentence.header is not None else sentence.tokens)}
    if not all(has_word(words, term) for term in side if term.is_name):
        return 0.0
    total = sum(term.weight for term in side)
    return sum(term.weight for term in side if has_word(words, term)) / total if total else 0.0


def _holds(forms: Sequence[Kind], candidate: Evidence) -> bool:
    return any(answer_spans(replace(_ANY, kind=kind), candidate.sentence.text) for kind in forms)
