"""Is the answer right: does it hold the gold answer, and how near are its words?"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

from eval.cases import Case
from eval.matching import first_contained, normalised_tokens, squad_exact_match, squad_f1, token_f1
from eval.scorers.equality import are_equal, first_equal, first_held, is_value, value_in
from eval.scorers.refusals import is_refused
from eval.scorers.yes_or_no import YesOrNo, is_yes_or_no, said_of
from eval.scores import Score
from qa.domain import Answer

if TYPE_CHECKING:
    from rouge_score.rouge_scorer import RougeScorer

_CITATION_MARKER = re.compile(r"\s*\[\d{1,3}\]")
_UNANSWERABLE = "the documents do not answer this case"
_BARE_GOLD = (
    "the answer says neither yes nor no in so many words; write the words that decide it as gold, as “not permitted”"
)
_REFUSED = "refused, though the documents answer"

FindAlternative = Callable[[str, Sequence[str]], str | None]
"""Gives the first of several alternatives that a text holds; None when it holds none."""


def score_correct(case: Case, answer: Answer) -> Score:
    """Give 1 when the answer's text holds the gold answer, else 0; a refusal is 0.

    Held means: of each list of alternatives (`answers`, or every inner list of `answers_all`), one is in the
    text in the same words (as for `contains_all`), or with numbers and dates that are written otherwise and mean the
    same ("$4.4 billion" and "4.4bn dollars"); the same words with another number or unit beside them do not count,
    nor do words that the text denies ("not permitted" for "permitted"). A gold "yes" or "no" must be the short answer
    or open the text. Long answers hold more: read it beside `short_answer_right` and `citation_precision`. Not scored:
    unanswerable cases, those of which only whole `references` are known, and those whose gold is a bare "yes" or "no"
    that the answer does not give in so many words.
    """
    text = text_without_markers(answer)
    said = said_of(answer.short_answer, text)
    find = partial(_first_held_or_said, said=said)
    left_open = [group for group in case.answer_groups if said is None and all(map(is_yes_or_no, group))]
    others = [group for group in case.answer_groups if group not in left_open]
    if left_open and case.answerable and not is_refused(answer) and all(find(text, group) for group in others):
        return Score(None, _BARE_GOLD)
    return _score_parts(case, answer, find)


def score_contains_all(case: Case, answer: Answer) -> Score:
    """Give 1 when the answer's text holds the gold answer word for word, else 0; a refusal is 0.

    As `correct`, but as whole words after normalisation only (`eval.matching.normalised_tokens`), citation markers
    removed: "4.4bn" is not "4.4 billion".
    """
    return _score_parts(case, answer, first_contained)


def score_numeric_match(case: Case, answer: Answer) -> Score:
    """Give 1 when the answer has the gold amount or date, however it is written, else 0; a refusal is 0.

    The short answer is looked at, or the text where there is none; of each list of alternatives one amount or date
    must be there. Beside an alternative that is one, those count that hold one among words ("before 1 May"). A number
    without a unit is not one with a unit, unless the gold has none. Not scored: unanswerable cases, and those whose
    gold answer is not an amount or a date.
    """
    if not case.answerable:
        return Score(None, _UNANSWERABLE)
    if not case.answer_groups or not all(any(map(is_value, group)) for group in case.answer_groups):
        return Score(None, "the gold answer is no amount or date")
    if is_refused(answer):
        return Score(0.0, _REFUSED)
    return _parts_held(case.answer_groups, answer.short_answer or text_without_markers(answer), _first_value_equal)


def score_short_answer(case: Case, answer: Answer) -> Score:
    """Give the best token F1, 0 to 1, of the short answer against `answers`; 1 for an equal amount or date.

    Not scored: cases without `answers` (those with several parts, and unanswerable ones), and answers that
    come without a short answer. It says how well the words are marked, not how often.
    """
    if not case.answers:
        return Score(None, "the case has no single answer")
    if answer.short_answer is None:
        return Score(None, "no short answer was given")
    return _best(answer.short_answer, case.answers, _equal_or_f1)


def score_short_answer_right(case: Case, answer: Answer) -> Score:
    """Give 1 when the short answer is one of `answers`, holds one or is part of one, else 0.

    Words, amounts and dates are compared as for `correct`, which looks at the whole text: a sentence that holds the
    gold answer may come with a short answer that is another. Not scored: as for `score_short_answer`.
    """
    if not case.answers:
        return Score(None, "the case has no single answer")
    if (short := answer.short_answer) is None:
        return Score(None, "no short answer was given")
    found = first_held(short, case.answers) or next((gold for gold in case.answers if first_held(gold, [short])), None)
    if found is None:
        return Score(0.0, f"{_quoted(short)} is not {_alternatives(case.answers)}")
    return Score(1.0, f"{_quoted(short)} is right: {_quoted(found)}")


def score_exact_match(case: Case, answer: Answer) -> Score:
    """Give SQuAD's exact match, 0 or 1, with its own normalisation, against the best of `answers`.

    What is compared is the short answer; the text without citation markers where there is none; nothing for a
    refusal. The gold of an unanswerable case is nothing. Not scored: answerable cases without `answers`.

    Source: Rajpurkar et al. 2018, and evaluate-v2.0.py, https://rajpurkar.github.io/SQuAD-explorer/.
    """
    return _score_squad(case, answer, squad_exact_match)


def score_token_f1(case: Case, answer: Answer) -> Score:
    """Give SQuAD's token F1, 0 to 1, of what `score_exact_match` compares."""
    return _score_squad(case, answer, squad_f1)


def score_rouge_l(case: Case, answer: Answer) -> Score:
    """Give the best ROUGE-L F-measure, 0 to 1, of the text against `references`, or `answers` where there are none.

    With stems, as ClapNQ scores (Rosenthal et al. 2024); the library `rouge-score` knows words of ASCII letters and
    digits only. Citation markers are removed first; a refusal is 0. Not scored: unanswerable cases, and those
    without either.

    Source: Lin 2004, "ROUGE: A Package for Automatic Evaluation of Summaries".
    """
    if not case.answerable:
        return Score(None, _UNANSWERABLE)
    if not (golds := case.references or case.answers):
        return Score(None, "the case has no reference")
    if is_refused(answer):
        return Score(0.0, _REFUSED)
    return _best(text_without_markers(answer), golds, _rouge_l)


def text_without_markers(answer: Answer) -> str:
    """Give the answer's text without its citation numbers."""
    return without_markers(answer.text)


def without_markers(text: str) -> str:
    """Give a text without citation numbers and the space before them."""
    return _CITATION_MARKER.sub("", text)


def _score_parts(case: Case, answer: Answer, find: FindAlternative) -> Score:
    if not case.answerable:
        return Score(None, _UNANSWERABLE)
    if not case.answer_groups:
        return Score(None, "the case has no short answer to look for")
    if is_refused(answer):
        return Score(0.0, _REFUSED)
    return _parts_held(case.answer_groups, text_without_markers(answer), find)


def _first_held_or_said(text: str, group: Sequence[str], *, said: YesOrNo | None) -> str | None:
    """Give the first alternative that is held; a bare "yes" or "no" must be what is `said`."""
    words = [gold for gold in group if not is_yes_or_no(gold)]
    bare = (gold for gold in group if is_yes_or_no(gold) and normalised_tokens(gold) == [said])
    return first_held(text, words) or next(bare, None)


def _first_value_equal(text: str, group: Sequence[str]) -> str | None:
    """Give the first alternative whose one amount or date the text has."""
    values = ((gold, value_in(gold)) for gold in group)
    return next((gold for gold, value in values if value is not None and first_equal(text, [value])), None)


def _equal_or_f1(given: str, gold: str) -> float:
    return 1.0 if are_equal(given, gold) else token_f1(given, gold)


def _parts_held(groups: Sequence[Sequence[str]], text: str, find: FindAlternative) -> Score:
    held = [find(text, group) for group in groups]
    missing = [group for group, found in zip(groups, held, strict=True) if found is None]
    if missing:
        return Score(0.0, f"lacks {'; and '.join(_alternatives(group) for group in missing)}")
    return Score(1.0, f"has {' and '.join(f'“{words}”' for words in held)}")


def _score_squad(case: Case, answer: Answer, compare: Callable[[str, str], float]) -> Score:
    if case.answerable and not case.answers:
        return Score(None, "the case has no single answer")
    given = "" if is_refused(answer) else answer.short_answer or text_without_markers(answer)
    return _best(given, case.answers if case.answerable else ("",), compare)


def _best(given: str, golds: Sequence[str], compare: Callable[[str, str], float]) -> Score:
    value, gold = max(((compare(given, gold), gold) for gold in golds), key=lambda pair: pair[0])
    return Score(value, f"{_quoted(given)} against {_quoted(gold)}")


def _quoted(words: str) -> str:
    if not words:
        return "nothing"
    return f"“{words}”" if len(words) <= 200 else f"“{words[:199]}…”"


@cache
def _rouge_scorer() -> RougeScorer:
    from rouge_score.rouge_scorer import RougeScorer  # takes 0.7 s, and most runs do without

    return RougeScorer(["rougeL"], use_stemmer=True)


def _rouge_l(given: str, gold: str) -> float:
    return float(_rouge_scorer().score(target=gold, prediction=given)["rougeL"].fmeasure)


def _alternatives(group: Sequence[str]) -> str:
    return " or ".join(f"“{words}”" for words in group)
