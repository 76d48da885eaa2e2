"""Is what a text holds denied there: "is not £96,000", "does not end on 31 March 2027"?"""

from __future__ import annotations

import re

_NOT = r"(?:\b(?<!whether\sor\s)(?:not|never|cannot)|n['’]t)"
_OPENING = r"\s+(?:(?:a|an|the|any)\s+)?[\"“”'‘’(]*"
_DIRECTLY = re.compile(
    rf"(?:{_NOT}|\bno\s+longer)"
    r"(?:\s+(?:be|been|being|yet|currently|generally|normally|usually|always|ever|necessarily|in))*"
    rf"{_OPENING}$",
    re.IGNORECASE,
)
_NO = re.compile(rf"\bno{_OPENING}$", re.IGNORECASE)
_THROUGH_A_VERB = re.compile(
    r"(?P<before>[^.;!?]*)\b(?:(?:do|does|did|will|would|shall|should|may|might|must|can|could)(?:\s+not|n['’]t)|cannot"
    r"|wo?n['’]t|ca?n['’]t)\s+(?!(?:exceed|surpass|differ|only|just|merely|solely|more|less|before|after|until)\b)\w+"
    rf"(?:\s+(?:on|in|at|to|by|for|of|with|from))?{_OPENING}$",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"\b(?:if|unless|when|where|whether|who|which|that)\b", re.IGNORECASE)


def is_denied(before: str, *, bare_number: bool) -> bool:
    """Tell whether what comes after `before` is denied by it: "not", "no", "never" or "n't" stands right there.

    A verb may stand between ("does not end on"), unless the sentence only supposes it ("if it does not end on").
    "No later than", "not exceeding" and "not only" set a bound or add; they deny nothing.

    Args:
        before: The text up to there.
        bare_number: What comes is a number alone, of which "no" is a name: "clause no 5".
    """
    before = before[-200:]
    if _DIRECTLY.search(before) or (_NO.search(before) and not bare_number):
        return True
    denial = _THROUGH_A_VERB.search(before)
    return denial is not None and not _SUPPOSED.search(denial["before"])
