"""What a question costs in time and memory, cold and warm, and what a sync costs.

Usage: `uv run python -m bench.cost [--bench ../shared/bench] [--json] [--strict]`
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bench.figures import Figure
from bench.measures import all_figures
from bench.squad import load_development_split
from eval.case_files import SEED_CASES, load_cases
from qa.bundled_files import bundled
from qa.errors import QAError


def command(
    bench: Annotated[
        Path | None, typer.Option(help="Folder of the public benchmark data; without it the seeds alone.")
    ] = None,
    runs: Annotated[int, typer.Option(help="Cold runs of each command; the median counts.", min=1)] = 5,
    limit: Annotated[int, typer.Option(help="Questions asked of the paragraphs.", min=1)] = 200,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, not a table.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when a limit is missed.")] = False,
) -> None:
    """Measure the cost of starting, asking and syncing, beside the limits."""
    squad = None if bench is None else load_development_split(bench)
    machine = _machine()
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as work:
        figures = all_figures(
            seeds=bundled("seeds"),
            cases=load_cases(SEED_CASES),
            squad=squad,
            questions=limit,
            work=Path(work),
            runs=runs,
            say=lambda what: print(f"bench.cost: {what} …", file=sys.stderr),
        )
    _show(figures, machine, as_json=as_json)
    if strict and any(figure.met is False for figure in figures):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line: exit code 0 for a result, 2 for wrong usage, 1 for a failure."""
    try:
        typer.run(command)
    except QAError as error:
        print(f"bench.cost: {error}", file=sys.stderr)
        sys.exit(1)


def _machine() -> dict[str, Any]:
    """Give what the figures depend on; a load above 0 before the start means that other jobs ran."""
    load = os.getloadavg()[0]
    return {"cores": os.cpu_count(), "load_before": round(load, 2), "python": platform.python_version()}


def _show(figures: Sequence[Figure], machine: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"machine": machine, "figures": [item.to_dict() for item in figures]}, indent=2))
        return
    from bench.tables import show_cost

    show_cost(figures)
    print(", ".join(f"{name} {value}" for name, value in machine.items()))


if __name__ == "__main__":
    main()
