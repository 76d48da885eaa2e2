"""A sentence with a gap → a question: a plain one where easy rules allow, else "Fill in: …"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from eval.drafting.sentences import Gap

FILL_IN = "Fill in: "
_BLANK = "____"

_LEMMAS = dict(
    pair.split(":")
    for pair in (
        "acquired:acquire announced:announce added:add appointed:appoint awarded:award became:become began:begin"
        " borrowed:borrow bought:buy built:build carried:carry closed:close collected:collect completed:complete"
        " contributed:contribute cost:cost created:create cut:cut delivered:deliver developed:develop died:die"
        " discovered:discover donated:donate earned:earn employed:employ ended:end entered:enter erupted:erupt"
        " established:establish expanded:expand fined:fine formed:form founded:found generated:generate granted:grant"
        " hired:hire introduced:introduce invented:invent invested:invest issued:issue joined:join launched:launch"
        " left:leave lent:lend lost:lose made:make merged:merge moved:move needed:need offered:offer opened:open"
        " ordered:order owed:owe owned:own paid:pay passed:pass pledged:pledge produced:produce published:publish"
        " purchased:purchase raised:raise received:receive recorded:record released:release reported:report"
        " required:require saved:save secured:secure sent:send shipped:ship signed:sign sold:sell spent:spend"
        " started:start supplied:supply took:take trained:train used:use visited:visit won:win wrote:write"
    ).split()
)
_PRESENT = {"costs": "cost", "owns": "own", "employs": "employ", "has": "have", "produces": "produce", "pays": "pay"}
_NAME = r"[A-Z][\w&.’'-]*(?: (?:of |the |and |de |van |von )?[A-Z][\w&.’'-]*){0,5}"
_SUBJECT = rf"(?:The |A |An )?{_NAME}"
_PREPOSITION = r"(?:in|for|to|on|from|by|into|at|of|during|between|with|through|against)"
_LEADING = re.compile(r"^(?P<when>(?:In|During|By|On|Since) [^,]{3,30}), (?=\S)")
# What only goes on after the main clause.
_TRAILING = re.compile(
    r",? (?:which|who|where|while|but|although|because|after which|according to)\b.*$|, (?:and |\w+ing\b).*$"
)
_SUBJECT_VERB = re.compile(rf"^(?P<subject>{_SUBJECT}) (?P<verb>[a-z]+)(?P<rest>(?: .*)?)$")
_PREDICATE = re.compile(
    r"^ (?P<adverb>(?:also|often|usually|never|[a-z]+ly) )?"
    rf"(?P<verb>is|was|has|had|can|could|will|would|may|must|{'|'.join(_LEMMAS)}|{'|'.join(_PRESENT)}|[a-z]+ed)"
    r"(?P<rest> .+)$"
)
_COUNTED = re.compile(rf"^ (?P<noun>[a-z-]+s|people|children)(?P<tail>(?: {_PREPOSITION} .*)?)$")
_PERSON_VERBS = frozenset("founded wrote invented discovered painted composed directed said married won".split())
_PERSON_NOUNS = re.compile(
    r"\b(?:founder|co-founder|CEO|chief|president|chair\w*|director|author|king|queen|minister|head|leader|writer|actor"
    r"|actress|singer|painter|scientist|physicist|engineer|professor|governor|senator|mayor|captain|coach)\b"
)


@dataclass(frozen=True, slots=True)
class Phrased:
    """A question; `plain` tells whether it is one, and not a sentence to fill in."""

    question: str
    plain: bool


def phrase(sentence: str, gap: Gap) -> Phrased:
    """Ask for the words of a gap; they are not in the question."""
    before, after = _one_line(sentence[: gap.start]), _one_line(sentence[gap.end :])
    body = re.sub(r"[.!][\"”’')\]]*$", "", after)
    asked = _ask(gap, before, body)
    if asked is not None:
        return Phrased(f"{asked}?", True)
    return Phrased(f"{FILL_IN}{before}{_BLANK}{after}", False)


def _ask(gap: Gap, before: str, after: str) -> str | None:
    """Give the question without its mark; None where no rule fits."""
    if gap.kind in ("money", "number"):
        return _ask_amount(gap, before, after)
    if gap.kind in ("year", "date"):
        return _ask_time(gap, before, after)
    return _ask_name(before, after) if gap.kind == "name" else None


def _ask_amount(gap: Gap, before: str, after: str) -> str | None:
    leading = _LEADING.match(before)
    when = f" {_lower_first(leading['when'])}" if leading else ""
    found = _SUBJECT_VERB.match(before[leading.end() if leading else 0 :].rstrip())
    if found is None or found["rest"].strip():
        return None
    did = _did(found["verb"])
    tail = _TRAILING.sub("", after)
    if did is None or "," in tail:
        return None
    subject = _lower_article(found["subject"])
    if gap.kind == "money":
        fits = not tail or re.match(rf" {_PREPOSITION} ", tail)
        return f"How much {did[0]} {subject} {did[1]}{tail}{when}" if fits else None
    counted = _COUNTED.match(tail)
    return f"How many {counted['noun']} {did[0]} {subject} {did[1]}{counted['tail']}{when}" if counted else None


def _ask_time(gap: Gap, before: str, after: str) -> str | None:
    word = "In which year" if gap.kind == "year" else "When"
    if before in ("In ", "On ") and after.startswith(", "):
        clause = _TRAILING.sub("", after[2:])
    elif (ends := re.search(r" (?:in|on) $", before)) and not after:
        clause = before[: ends.start()]
    else:
        return None
    found = _SUBJECT_VERB.match(clause)
    if found is None or "," in clause or re.search(r"\b(?:1[5-9]|20)\d\d\b", clause):
        return None
    subject, verb, rest = _lower_article(found["subject"]), found["verb"], found["rest"]
    if verb in ("was", "were"):
        return f"{word} {verb} {subject}{rest}"
    if lemma := _LEMMAS.get(verb):
        return f"{word} did {subject} {lemma}{rest}"
    return f"{word} was it that {subject} {verb}{rest}"


def _ask_name(before: str, after: str) -> str | None:
    """Ask for the subject of a sentence that begins with it."""
    found = _PREDICATE.match(_TRAILING.sub("", after))
    if before or found is None:
        return None
    verb, rest = found["verb"], found["rest"]
    if verb in ("is", "was") and re.match(r" (?:the|a|an) ", rest):
        return f"{'Who' if _PERSON_NOUNS.search(rest) else 'What'} {verb}{rest}"
    return f"Who{'' if verb in _PERSON_VERBS else ' or what'} {found['adverb'] or ''}{verb}{rest}"


def _did(verb: str) -> tuple[str, str] | None:
    """Give auxiliary and base form; None for verbs that are not in the table."""
    if lemma := _LEMMAS.get(verb):
        return "did", lemma
    if lemma := _PRESENT.get(verb):
        return "does", lemma
    return None


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _lower_article(subject: str) -> str:
    return re.sub(r"^(?:The|An?)(?= )", lambda article: article.group().lower(), subject)


def _lower_first(text: str) -> str:
    return text[0].lower() + text[1:]
