"""`bench/figures.py`, `bench/measures.py` and the table: limits and arithmetic, checked by hand."""

from __future__ import annotations

import pytest
from rich.console import Console

from bench.child import ChildRun
from bench.figures import Figure, percentile
from bench.measures import start_up_of
from bench.tables import show_cost


def run(wall: float, cpu: float = 1.0, peak_mb: float = 100.0) -> ChildRun:
    return ChildRun(wall=wall, cpu=cpu, peak_mb=peak_mb, stdout="")


@pytest.mark.parametrize(("value", "limit", "met"), [(1, 1, True), (1.01, 1, False), (0, 0, True), (9, None, None)])
def test_a_limit_is_met_up_to_itself(value: float, limit: float | None, met: bool | None) -> None:
    assert Figure(name="x", label="X", value=value, unit="s", limit=limit).met is met


def test_percentiles_are_interpolated() -> None:
    values = [10.0, 20.0, 30.0, 40.0, 50.0]
    assert (percentile(values, 50), percentile(values, 95), percentile([7.0], 95)) == (30.0, 48.0, 7.0)


def test_the_cold_limit_is_made_from_the_imports_of_the_same_run() -> None:
    figures = {
        figure.name: figure
        for figure in start_up_of(
            {
                "help": [run(0.3), run(0.2), run(0.9)],
                "base": [run(2.0, 1.5), run(9.0, 1.6), run(1.0, 1.4)],
                "ask": [run(3.0, 2.0, 150), run(3.2, 2.2, 210), run(9.0, 2.1, 180)],
            }
        )
    }
    assert {name: figure.value for name, figure in figures.items()} == {
        "help": 0.3,
        "cold_ask": 3.2,
        "cold_base": 2.0,
        "cold_ratio": 1.6,
        "cold_ask_cpu": 2.1,
        "cold_base_cpu": 1.5,
        "cold_peak": 210,
    }
    assert figures["cold_ask"].limit == pytest.approx(1.3 * 2.0 + 0.5)
    assert figures["cold_ask"].met is False


def test_the_table_says_what_was_missed(capsys: pytest.CaptureFixture[str]) -> None:
    figures = [
        Figure(name="a", label="Fast", value=0.25, unit="s", limit=0.5),
        Figure(name="b", label="Slow", value=1234.5, unit="ms", limit=100),
        Figure(name="c", label="Known", value=3.0, unit=""),
    ]
    show_cost(figures, Console(width=100))
    lines = [" ".join(line.replace("│", " ").split()) for line in capsys.readouterr().out.splitlines()]
    assert [line for line in lines if line.startswith(("Fast", "Slow", "Known"))] == [
        "Fast 0.25 s ≤ 0.5 s met",
        "Slow 1,234 ms ≤ 100 ms MISSED",
        "Known 3",
    ]
