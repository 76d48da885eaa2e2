"""How often code is right about whether a statement follows from a text: WiCE, development split.

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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.benchmarks.benchmark import BenchmarkError
from eval.benchmarks.files import read_json_lines, understood
from eval.metrics import Metric, bootstrap
from eval.runner import Progress
from qa.quotes import closest_sentence, is_supported
from qa.splitting import sentence_spans

SPLIT = "WiCE, development split"
_TITLE = "(meta data) TITLE:"
_LABELS = {"supported": True, "partially_supported": False, "not_supported": False}


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


def load_claims(bench: Path) -> list[Claim]:
    """Read the claims of WiCE's development split from the folder of public benchmark data.

    Raises:
        BenchmarkError: The files are not there, or are not WiCE's with at least one claim.
    """
    folder = bench / "wice"
    pages, excerpts = read_json_lines(folder / "claim_dev.jsonl"), folder / "oracle_chunks_claim_dev.jsonl"
    of_claim: dict[str, list[str]] = {}
    with understood(excerpts):
        for row in read_json_lines(excerpts):
            of_claim.setdefault(row["meta"]["id"], []).append("\n".join(row["evidence"]))
    with understood(folder / "claim_dev.jsonl"):
        claims = [_claim(row, of_claim) for row in pages]
    if not claims:
        raise BenchmarkError(f"{folder} holds no claims; fetch it again.")
    return claims


def measure_claims(claims: Sequence[Claim], progress: Progress) -> VerificationResult:
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
        checks[name] = claim_metrics(taken, gold)
    return VerificationResult(split=SPLIT, claims=len(claims), supported=sum(gold), checks=checks)


def claim_metrics(taken: Sequence[bool], gold: Sequence[bool]) -> dict[str, Metric]:
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


def _claim(row: Mapping[str, Any], excerpts: Mapping[str, Sequence[str]]) -> Claim:
    title = next((line[len(_TITLE) :].strip() for line in row["evidence"] if line.startswith(_TITLE)), "")
    return Claim(
        text=row["claim"],
        title=title,
        page="\n".join(row["evidence"]),
        excerpts=tuple(excerpts[row["meta"]["id"]]),
        supported=_LABELS[row["label"]],
    )


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


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean())


def _f1(outcomes: NDArray[np.float64]) -> float:
    """Give 2 TP / (2 TP + FP + FN), 0 when there is nothing to find and nothing was taken."""
    hits, wrong = int((outcomes == 3).sum()), int(((outcomes == 1) | (outcomes == 2)).sum())
    return 2 * hits / (2 * hits + wrong) if hits else 0.0
