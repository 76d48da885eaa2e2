"""The sides of a comparison, "Is X bigger than Y?", and the sentences that speak of each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from qa.answering.contexts import has_word
from qa.answering.evidence import Evidence
from qa.answering.questions import Kind, Question, Term, read_question
from qa.answering.spans import answer_spans

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
# "… than other countries": nothing that could be looked for.
_OTHERS = re.compile(r"^(?:(?:at|for|in|of|on|to) )?(?:the )?(?:others?|rest|all|any|most|average)\b", re.IGNORECASE)
# What is older or earlier is told by a date, what is larger or dearer by an amount.
_COMPARED = (
    (Kind.DATE, re.compile(r"\b(?:older|oldest|newer|younger|earlier|later|sooner|before|after|first|last)\b", re.I)),
    (Kind.MONEY, re.compile(r"\b(?:more|most|less|larger?|bigger|smaller|cheaper|dearer|costs?|expensive)\b", re.I)),
    (Kind.NUMBER, re.compile(r"\b(?:more|most|less|fewer|\w+er|size)\b", re.I)),
)
_ANY = read_question("")
# A sentence that speaks of a side has so much of its words, by weight.
_SPEAKS_OF = 0.5


def sides_of(question: Question) -> list[list[Term]]:
    """Give the telling words of the two things that a question compares; empty where its form does not tell them."""
    text = question.text.strip()
    found = next((match for form in _FORMS if (match := form.search(text)) is not None), None)
    if found is None or any(_OTHERS.match(found[side]) for side in ("left", "right")):
        return []
    shift = len(question.text) - len(question.text.lstrip())
    sides = [
        [term for term in question.terms if start <= term.token.start - shift < end]
        for start, end in (found.span("left"), found.span("right"))
    ]
    return sides if all(sides) else []


def both_sides(question: Question, candidates: Sequence[Evidence]) -> list[Evidence]:
    """Give a sentence for each side of a comparison, in the question's order.

    Empty where the question compares nothing or its sides are not told, where a side has none, and where one sentence,
    or the first candidate, speaks of both.
    """
    sides = sides_of(question)
    if not sides or all(_share(side, candidates[0]) >= _SPEAKS_OF for side in sides):
        return []
    found = [speaking_of(question, side, candidates) for side in sides]
    told = [item for item in found if item is not None]
    return told if len(told) == len(sides) and told[:1] != told[1:] else []


def speaking_of(question: Question, side: Sequence[Term], candidates: Sequence[Evidence]) -> Evidence | None:
    """Give the candidate that speaks of a side: with what is compared, if that has a form, then with most of its words.

    Of equals the first; None where none has half of the side's words, by weight.
    """
    forms = [kind for kind, pattern in _COMPARED if pattern.search(question.text)]
    ranked = [
        (_holds(forms, candidate), share, -at)
        for at, candidate in enumerate(candidates)
        if (share := _share(side, candidate)) >= _SPEAKS_OF
    ]
    return candidates[-max(ranked)[2]] if ranked else None


def _holds(forms: Sequence[Kind], candidate: Evidence) -> bool:
    return any(answer_spans(replace(_ANY, kind=kind), candidate.sentence.text) for kind in forms)


def _share(side: Sequence[Term], candidate: Evidence) -> float:
    words = {token.stem for token in candidate.sentence.words}
    names = [term for term in side if term.is_name]
    if not all(has_word(words, name) for name in names):
        return 0.0
    total = sum(term.weight for term in side)
    return sum(term.weight for term in side if has_word(words, term)) / total if total else 0.0
