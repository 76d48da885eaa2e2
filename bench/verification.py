"""How often code is right about whether a statement follows from a text: WiCE, development split.

Usage: `uv run python -m bench.verification --bench ../shared/bench [--limit N] [--json]`

What is measured, and how, is said in `eval/benchmarks/claims.py`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from eval.benchmarks.benchmark import evenly
from eval.benchmarks.claims import VerificationResult, load_claims, measure_claims
from eval.metrics import Metric
from qa.cli_display import progress_bar
from qa.errors import QAError

_HOW_TO_READ = (
    "F1 of “supported”. Precision: share of the claims taken as supported that are; recall: share of the supported "
    "claims taken as such. Under each figure its 95 % interval (bootstrap, resampling claims)."
)


def _show(result: VerificationResult) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    title = f"{result.split}: {result.claims:,} claims, {result.supported:,} supported"
    table = Table("Check", title=title, title_justify="left", show_lines=True)
    for name in ("F1", "Accuracy", "Precision", "Recall"):
        table.add_column(name, justify="right", no_wrap=True)
    for check, metrics in result.checks.items():
        table.add_row(check, *(_cell(metrics.get(name)) for name in ("f1", "accuracy", "precision", "recall")))
    console.print(table)
    console.print(Text(_HOW_TO_READ, style="dim"))


def _cell(metric: Metric | None) -> str:
    return "–" if metric is None else f"{metric.value:.3f}\n{metric.low:.3f}–{metric.high:.3f}"


def command(
    bench: Annotated[Path, typer.Option(help="Folder of the public benchmark data.")],
    limit: Annotated[int | None, typer.Option(help="Claims at most, spread evenly over the file.", min=1)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, not a table.")] = False,
) -> None:
    """Measure F1 and accuracy of our check of statements on WiCE, development split."""
    claims = evenly(load_claims(bench), limit)
    with progress_bar() as progress:
        result = measure_claims(claims, progress)
    if as_json:
        print(json.dumps(result.to_dict(), indent=2))
    else:
        _show(result)


def main() -> None:
    """Run the command line: exit code 0 for a result, 2 for wrong usage, 1 for a failure."""
    try:
        typer.run(command)
    except QAError as error:
        print(f"bench.verification: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
