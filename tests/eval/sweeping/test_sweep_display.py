"""The table and its Markdown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from eval.statistics import Difference
from eval.sweeping import Sweep, show_sweep, sweep_markdown
from eval.sweeping.display import advice


@pytest.fixture
def sweep(compare: Callable[..., Sweep]) -> Sweep:
    return compare("passage_tokens=32,400", "overlap_tokens=0", "lexical_weight=2")


def test_the_table_has_a_column_for_what_varies_and_the_line_for_the_best(
    sweep: Sweep, capsys: pytest.CaptureFixture[str]
) -> None:
    show_sweep(sweep, Console(width=160))
    lines = capsys.readouterr().out.splitlines()
    assert "3 setups, 3 cases with evidence, 2 without" in lines[0]
    header = lines[1].split()
    assert header[:6] == ["size", "overlap", "recall", "prec.", "IoU", "R@1"] and "lexical" not in header
    assert any(line.startswith("Best: QA_PASSAGE_TOKENS=") for line in lines)
    assert any("reads the first 256 tokens" in line for line in lines)


def test_a_narrow_terminal_goes_without_columns_and_never_cuts_a_setting(
    sweep: Sweep, capsys: pytest.CaptureFixture[str]
) -> None:
    show_sweep(sweep, Console(width=60))
    shown = capsys.readouterr().out
    header, *rows = shown.splitlines()[1 : 2 + len(sweep.rows)]
    assert header.split()[:3] == ["size", "overlap", "recall"] and "MB" not in header.split()
    for row, line in zip(sweep.rows, rows, strict=True):
        assert str(row.chosen["passage_tokens"]) in line.split()
    assert "…" not in shown
    assert "Too narrow for: " in shown and "--markdown and --json have them." in " ".join(shown.split())


def test_markdown_has_the_same_rows(sweep: Sweep) -> None:
    lines = sweep_markdown(sweep).splitlines()
    table = [line for line in lines if line.startswith("|")]
    assert len(table) == 2 + len(sweep.rows)
    assert len({line.count("|") for line in table}) == 1
    assert f"Best: `{sweep.best.line}`  " in lines


def test_the_best_and_the_settings_in_use_are_marked(sweep: Sweep) -> None:
    rows = [line for line in sweep_markdown(sweep).splitlines() if line.startswith("| ")][2:]
    assert sum("★" in line for line in rows) == sum("›" in line for line in rows) == 1


def test_the_thriftiest_row_is_named_with_how_far_it_is_behind(sweep: Sweep) -> None:
    behind = Difference(value=0.021, low=-0.004, high=0.05, p_value=0.3)
    first, *others = sweep.rows
    near = replace(first, behind=behind, like_best=True, line="QA_X=1", measured=replace(first.measured, tokens_sent=1))
    best = replace(others[0], behind=None, like_best=True, line="QA_X=2")
    assert advice(replace(sweep, rows=[best, near], judged="range_recall")) == [
        ("Best", "QA_X=2"),
        ("Fewest tokens of those =, behind by 2.1 points of recall (-0.4 to 5.0)", "QA_X=1"),
    ]
