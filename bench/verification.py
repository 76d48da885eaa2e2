"""How often code is right about whether a statement follows from a text: WiCE, development split.

Usage: `uv run python -m bench.verification --bench ../shared/bench [--limit N] [--json]`

WiCE holds claims from Wikipedia, the web page that each cites, and whether the page supports it. Supported here means
"supported" by the whole of the claim; "partially_supported" and "not_supported" are not supported.

Two checks, as the product makes them. "One place" looks for a sentence of the text, or two neighbours, that the claim
follows from (`closest_sentence`). "All as quotes" takes every sentence of the text as a quote of the claim
(`is_supported`). Each is given the excerpts of the page that hold the annotators' evidence among other sentences
("evidence given": supported when one of its excerpts supports it), or the whole page. The page's title counts as said.

The share of words that a quote must hold (`_LEAST_SHARE` of `qa/quotes.py`) was tuned on this very split, so the
figures flatter; there is nothing else to fit.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from bench.errors import BenchError
from bench.squad import evenly
from eval.metrics import Metric, bootstrap
from qa.cli_display import progress_bar
from qa.errors import QAError
from qa.quotes import closest_sentence, is_supported
from qa.splitting import sentence_spans
from qa.syncing import Progress

SPLIT = "WiCE, development split"
_TITLE = "(meta data) TITLE:"
_LABELS = {"supported": True, "partially_supported": False, "not_supported": False}

_HOW_TO_READ = (
    "F1 of “supported”. Precision: share of the claims taken as supported that are; recall: share of the supported "
    "claims taken as such. Under each figure its 95 % interval (bootstrap, resampling claims)."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A claim, the page that it cites, and whether the page supports all of it.

    Attributes:
        title: The page's; "" when it has none.
        page: The page's sentences, one a line.
        excerpts: Parts of the page that hold the evidence, if there is any, in the same form.
    """

    text: str
    title: str
    page: str
    excerpts: tuple[str, ...]
    supported: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class VerificationResult:
    """Metrics by check, then by name; precision is absent where nothing was taken as supported."""

    split: str
    claims: int
    supported: int
    checks: dict[str, dict[str, Metric]]

    def to_dict(self) -> dict[str, Any]:
        """Give the result as plain JSON-ready values."""
        return asdict(self)


def load_development_split(bench: Path) -> list[Claim]:
    """Read the claims of WiCE's development split from the folder of public benchmark data.

    Raises:
        BenchError: The files are not there, or are not WiCE's with at least one claim.
    """
    folder = bench / "wice"
    try:
        claims = load_claims(folder / "claim_dev.jsonl", folder / "oracle_chunks_claim_dev.jsonl")
    except OSError as error:
        raise BenchError(
            f"{error.filename} cannot be read ({error.strerror}); give the folder of the benchmark data with --bench."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BenchError(f"{folder} does not hold WiCE's files ({error!r}); fetch them again.") from error
    if not claims:
        raise BenchError(f"{folder} holds no claims; fetch it again.")
    return claims


def load_claims(pages: Path, excerpts: Path) -> list[Claim]:
    """Read claims with their pages, and the excerpts of the pages by claim.

    Raises:
        OSError: A file cannot be read.
    """
    of_claim: dict[str, list[str]] = {}
    for row in _rows(excerpts):
        of_claim.setdefault(row["meta"]["id"], []).append("\n".join(row["evidence"]))
    return [
        Claim(
            text=row["claim"],
            title=next((line[len(_TITLE) :].strip() for line in row["evidence"] if line.startswith(_TITLE)), ""),
            page="\n".join(row["evidence"]),
            excerpts=tuple(of_claim[row["meta"]["id"]]),
            supported=_LABELS[row["label"]],
        )
        for row in _rows(pages)
    ]


def measure(claims: Sequence[Claim], progress: Progress) -> VerificationResult:
    """Put each claim to each check.

    Args:
        claims: At least one.
        progress: Called as the work goes on.
    """
    gold = [claim.supported for claim in claims]
    checks = {}
    for name, check in _CHECKS.items():
        taken = []
        for done, claim in enumerate(claims, start=1):
            taken.append(check(claim))
            progress(name, done, len(claims))
        checks[name] = metrics_of(taken, gold)
    return VerificationResult(split=SPLIT, claims=len(claims), supported=sum(gold), checks=checks)


def metrics_of(taken: Sequence[bool], gold: Sequence[bool]) -> dict[str, Metric]:
    """Give F1, accuracy, precision and recall of "supported" by name; one that is over no claims is absent.

    Args:
        taken: Whether each claim was taken as supported; at least one claim.
        gold: Whether it is.
    """
    pairs = list(zip(taken, gold, strict=True))
    # One number a claim, so that the resampling keeps both together: 2 x taken + gold.
    metrics = {
        "f1": bootstrap([2 * ours + truth for ours, truth in pairs], _f1),
        "accuracy": bootstrap([ours == truth for ours, truth in pairs], _mean),
    }
    parts = {
        "precision": [truth for ours, truth in pairs if ours],
        "recall": [ours for ours, truth in pairs if truth],
    }
    return metrics | {name: bootstrap(values, _mean) for name, values in parts.items() if values}


def _one_place(claim: Claim, texts: Sequence[str]) -> bool:
    return any(closest_sentence(claim.text, text, title=claim.title) is not None for text in texts)


def _all_as_quotes(claim: Claim, texts: Sequence[str]) -> bool:
    return any(
        is_supported(claim.text, [*(span.of(text) for span in sentence_spans(text)), claim.title]) for text in texts
    )


_CHECKS: Mapping[str, Callable[[Claim], bool]] = {
    "evidence given, one place": lambda claim: _one_place(claim, claim.excerpts),
    "evidence given, all as quotes": lambda claim: _all_as_quotes(claim, claim.excerpts),
    "whole page, one place": lambda claim: _one_place(claim, [claim.page]),
    "whole page, all as quotes": lambda claim: _all_as_quotes(claim, [claim.page]),
    "always supported": lambda claim: True,
    "always not supported": lambda claim: False,
}


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean())


def _f1(outcomes: NDArray[np.float64]) -> float:
    """Give 2 TP / (2 TP + FP + FN), 0 when there is nothing to find and nothing was taken."""
    hits, wrong = int((outcomes == 3).sum()), int(((outcomes == 1) | (outcomes == 2)).sum())
    return 2 * hits / (2 * hits + wrong) if hits else 0.0


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
    claims = evenly(load_development_split(bench), limit)
    with progress_bar() as progress:
        result = measure(claims, progress)
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
