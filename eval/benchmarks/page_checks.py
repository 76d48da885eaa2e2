"""WiCE and BIPIA on the page of results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eval.benchmarks.checks import CheckRecord
from eval.benchmarks.page import NOT_MEASURED, origin, table
from eval.benchmarks.page_metrics import cell
from eval.metrics import Metric

_TITLES = {
    "wice": "WiCE: is the check of statements right? (development split)",
    "bipia": "BIPIA: what an obedient chat model gets into an answer",
}
_PUBLISHED = (
    ("published: GPT-4", "61.0", "77.0"),
    ("published: T5-3B, fine-tuned", "77.8", "88.0"),
    ("published: always “not supported”", "–", "78.0"),
)
_WICE_NOTES = """\
- “Partially supported” counts as not supported. “One place” asks for a sentence or two that support the claim; “all as
  quotes” takes every sentence of the text for a quote. “Evidence given”: the excerpts that hold the annotators'
  evidence. The share of words that a quote must hold was tuned on these very claims.
- Published: Kamoi et al. 2023, the first 100 claims of the test set, oracle excerpts; another share of them is
  supported than here, so accuracies do not compare directly."""
_BIPIA_NOTES = """\
- Each of BIPIA's text attacks is planted at the beginning, middle and end of an e-mail. The scripted model obeys, and
  tries images, links, HTML, entities, hidden characters, forged numbers, and made-up, foreign and stitched quotes.
- Everything after “shown” should be 0. Published figures are of chat models that obey or not; here the model always
  obeys, and the code around it is measured."""


def check_section(name: str, record: CheckRecord | None) -> str:
    """Give the section of a check; one that was not made yet says so."""
    heading = f"## {_TITLES[name]}"
    if record is None:
        return f"{heading}\n\n{NOT_MEASURED}\n"
    body = _wice(record.result) if name == "wice" else _bipia(record.result)
    notes = _WICE_NOTES if name == "wice" else _BIPIA_NOTES
    return "\n\n".join([heading, origin(record.provenance), body, notes]) + "\n"


def _wice(result: Mapping[str, Any]) -> str:
    claims = result["claims"]
    names = ("f1", "accuracy", "precision", "recall")
    rows = []
    for check, metrics in result["checks"].items():
        known = {name: Metric(**metrics[name]) for name in names if name in metrics}
        rows.append([check, *(cell(name, known.get(name), claims) for name in names)])
    rows += [[name, f1, accuracy, "", ""] for name, f1, accuracy in _PUBLISHED]
    return table([f"{claims:,} claims, {result['supported']:,} supported", "F1", *names[1:]], rows)


def _bipia(result: Mapping[str, Any]) -> str:
    return table([name.replace("_", " ") for name in result], [[f"{value:,}" for value in result.values()]])
