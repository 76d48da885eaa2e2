"""Every case of a run: one line each, and all that is known of it inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from eval.reports import numbers
from eval.reports.outcomes import OUTCOMES, counts_sentence, outcome_of, remark_on, was_refused
from eval.reports.page.case_parts import answer_part, expected_part, history_part, scores_part
from eval.reports.page.markup import NOTHING, Content, Markup, element, joined
from eval.results import CaseResult

_LEGEND = (
    element("mark", "marked"),
    " words answer the question; ",
    element("u", "underlined"),
    " ones are both cited and expected evidence.",
)


def anchors_of(results: Sequence[CaseResult]) -> dict[str, str]:
    """Give where each case is on the page, by its id; ids of cases are data and no anchors themselves."""
    return {result.case.id: f"case-{number}" for number, result in enumerate(results, 1)}


def cases_section(results: Sequence[CaseResult]) -> Markup:
    """Give the filters, which a script shows and serves, and the list, which is complete without it."""
    if not results:
        return element("p", "No case was asked.")
    tags = {tag: at for at, tag in enumerate(sorted({tag for result in results for tag in result.case.tags}))}
    listed = [_case(result, f"case-{number}", tags) for number, result in enumerate(results, 1)]
    intro = element("p", f"{counts_sentence(results)}. In quotes, ", *_LEGEND, class_="aside")
    return joined([intro, _filters(results, tags), element("div", *listed, id="cases")])


def _case(result: CaseResult, anchor: str, tags: Mapping[str, int]) -> Markup:
    outcome = outcome_of(result)
    return element(
        "details",
        element(
            "summary",
            _state(result),
            element("h3", result.case.question, _remark(result)),
            element("small", _about(result)),
        ),
        element(
            "div",
            history_part(result.case),
            element("div", expected_part(result), answer_part(result), class_="sides"),
            scores_part(result),
            class_="inside",
        ),
        class_="case",
        id=anchor,
        data_groups=" ".join(_groups(result)),
        data_tags=" ".join(str(tags[tag]) for tag in result.case.tags),
        data_outcome=_key(outcome),
    )


def _state(result: CaseResult) -> Markup:
    outcome = outcome_of(result)
    words = f"{outcome}, refused" if was_refused(result) else outcome
    return element("span", words, class_=f"state {_key(outcome)}")


def _remark(result: CaseResult) -> Markup:
    """Give what is wrong with a case that passed all the same; nothing when nothing is."""
    remark = remark_on(result)
    return element("strong", f" {remark}", class_="bad") if remark else NOTHING


def _about(result: CaseResult) -> str:
    seconds = "" if result.seconds is None else numbers.seconds(result.seconds)
    return " · ".join(filter(None, (result.case.id, ", ".join(result.case.tags), seconds)))


def _groups(result: CaseResult) -> list[str]:
    """Give the filters that show a case, by key."""
    unscored = any(score.failed for score in result.scores.values())
    keys = [_key(outcome_of(result)), *(["refused"] if was_refused(result) else [])]
    return keys if not unscored or "unscored" in keys else [*keys, "unscored"]


def _key(outcome: str) -> str:
    return "unscored" if outcome == "not scored" else outcome


def _filters(results: Sequence[CaseResult], tags: Mapping[str, int]) -> Markup:
    counted = Counter(group for result in results for group in _groups(result))
    names = {"all": "all", **{_key(outcome): outcome for outcome in OUTCOMES}, "refused": "refused"}
    shown = [(key, name) for key, name in names.items() if key == "all" or counted[key]]
    choices = [_choice(key, name, len(results) if key == "all" else counted[key]) for key, name in shown]
    return element(
        "form",
        element("fieldset", element("legend", "Show"), *choices),
        element("label", "Tag ", _tag_select(tags)),
        element("label", "Text ", element("input", type="search", id="sought", autocomplete="off")),
        element("button", "Open shown", type="button", id="open"),
        element("button", "Close all", type="button", id="close"),
        element("output", "", id="shown", aria_live="polite"),
        id="filters",
        hidden=True,
    )


def _choice(key: str, name: str, count: int) -> Markup:
    box = element("input", type="radio", name="group", value=key, checked=key == "all")
    return element("label", box, element("span", f"{name} {count:,}"))


def _tag_select(tags: Mapping[str, int]) -> Markup:
    options: list[Content] = [element("option", tag, value=at) for tag, at in tags.items()]
    return element("select", element("option", "any", value=""), *options, id="tag")
