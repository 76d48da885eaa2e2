"""The grid: which rows there are, and what is said of a wrong one."""

from __future__ import annotations

import pytest

from eval.sweeping.grid import settings_grid
from qa.errors import SettingsError
from qa.settings import Settings, load_settings


def chosen(base: Settings, *assignments: str, answers: bool = False) -> list[tuple[object, ...]]:
    return [tuple(setup.chosen.values()) for setup in settings_grid(base, assignments, answers=answers)]


def test_every_combination_is_a_row_and_the_settings_in_use_come_first() -> None:
    setups = settings_grid(
        load_settings(), ["passage_tokens=128,256", "overlap_tokens=48", "lexical_weight=1"], answers=False
    )
    assert [(setup.line, setup.present) for setup in setups] == [
        ("QA_PASSAGE_TOKENS=256 QA_OVERLAP_TOKENS=48 QA_LEXICAL_WEIGHT=2", True),
        ("QA_PASSAGE_TOKENS=128 QA_OVERLAP_TOKENS=48 QA_LEXICAL_WEIGHT=1", False),
        ("QA_PASSAGE_TOKENS=256 QA_OVERLAP_TOKENS=48 QA_LEXICAL_WEIGHT=1", False),
    ]


def test_a_row_that_is_in_use_already_is_there_once() -> None:
    assert chosen(load_settings(), "lexical_weight=2,2.0,1") == [(2.0,), (1.0,)]


def test_the_default_grid_has_25_rows_and_9_indexes() -> None:
    setups = settings_grid(load_settings(), answers=False)
    indexes = {(setup.settings.passage_tokens, setup.settings.overlap_tokens) for setup in setups}
    assert (len(setups), len(indexes)) == (25, 9)


def test_an_overlap_may_be_a_share_of_the_passage() -> None:
    rows = chosen(load_settings(), "passage_tokens=96,100", "overlap_tokens=1/8,10")
    assert rows == [(256, 48), (96, 12), (96, 10), (100, 12), (100, 10)]


def test_an_assignment_of_the_same_setting_adds_to_it_and_other_settings_stay_as_they_are() -> None:
    base = load_settings(candidates=20, answerer="extractive")
    setups = settings_grid(base, ["fusion_k=5", "fusion_k=60"], answers=False)
    assert [setup.settings.fusion_k for setup in setups] == [5.0, 60.0]
    assert {(setup.settings.candidates, setup.settings.answerer) for setup in setups} == {(20, "extractive")}


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        ("colour=red", "There is no setting 'colour' to compare; choose among: passage_tokens, overlap_tokens, "),
        ("threads=1", "There is no setting 'threads' to compare; "),
        ("passage_tokens=", "'passage_tokens=' lacks a value; write it as --set passage_tokens=VALUE,VALUE."),
        ("passage_tokens", "'passage_tokens' lacks a value; "),
        ("passage_tokens=128,,256", "'passage_tokens=128,,256' lacks a value; "),
        ("passage_tokens=big", "With passage_tokens=big: a setting cannot be used: passage_tokens "),
        ("passage_tokens=5", "With passage_tokens=5: a setting cannot be used: passage_tokens "),
        ("overlap_tokens=1/0", "With overlap_tokens=1/0: a setting cannot be used: overlap_tokens "),
        (
            "overlap_tokens=200",
            "With overlap_tokens=200: a setting cannot be used: overlap_tokens must be at most half ",
        ),
        ("lexical_weight=-1", "With lexical_weight=-1: a setting cannot be used: lexical_weight "),
        ("refusal=eager", "The setting 'refusal' changes the answers alone; compare it with --answers."),
    ],
)
def test_a_wrong_assignment_is_one_line_that_names_it(assignment: str, message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        settings_grid(load_settings(), [assignment], answers=False)
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)


def test_an_overlap_that_was_not_thought_of_is_asked_for() -> None:
    with pytest.raises(SettingsError, match=r"must be at most half of passage_tokens\. Set it too, as with --set"):
        settings_grid(load_settings(), ["passage_tokens=64"], answers=False)


def test_too_many_rows_are_refused() -> None:
    sizes = ",".join(str(size) for size in range(100, 700))
    with pytest.raises(SettingsError, match="The grid has 600 rows; compare at most 500 at a time"):
        settings_grid(load_settings(), [f"passage_tokens={sizes}"], answers=False)


def test_settings_of_the_answers_can_be_compared_with_answers() -> None:
    assert chosen(load_settings(), "passages_read=3", answers=True) == [(5,), (3,)]
