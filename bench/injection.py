"""What an obedient chat model could do to an answer when documents give it orders: BIPIA's attacks.

Usage: `uv run python -m bench.injection --bench ../shared/bench [--limit N] [--json]`

What is measured, and how, is said in `eval/benchmarks/attacks.py`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from eval.benchmarks.attacks import load_attacks, measure_attacks
from eval.benchmarks.benchmark import evenly
from qa.errors import QAError


def main(
    bench: Annotated[Path, typer.Option(help="Folder of the public benchmark data.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    limit: Annotated[int | None, typer.Option(help="So many attacks, spread evenly.", min=1)] = None,
) -> None:
    """Plant BIPIA's attacks and count what an obedient model gets through."""
    try:
        result = measure_attacks(evenly(load_attacks(bench), limit))
    except QAError as error:
        typer.echo(f"bench.injection: {error}", err=True)
        raise typer.Exit(1) from error
    if as_json:
        typer.echo(json.dumps(asdict(result)))
    else:
        for name, value in asdict(result).items():
            typer.echo(f"{name:<15}{value:>7,}")
    if result.let_through:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
