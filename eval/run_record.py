"""The record of a run: every number, and what it takes to trace it."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.corpus_texts import CorpusTexts
from eval.metrics import Metric
from eval.runner import CaseResult, crashed
from qa.answering.extractive import ExtractiveAnswerer
from qa.answering.generative import GenerativeAnswerer
from qa.bundled_files import evidence_file
from qa.corpus import sha256_of
from qa.domain import Answer
from qa.errors import InputError
from qa.interfaces import Answerer

if TYPE_CHECKING:
    from qa.chatbot import Chatbot

_DISTRIBUTION = "qa-cited"
_SECRET = re.compile(r"(^|_)(key|secret|password|token)$")


class OutputError(InputError):
    """Raised when the run record cannot be written to the place asked for."""


def default_output() -> Path:
    """Give a new file name under `runs/` in the present folder: the UTC time, to the microsecond."""
    return Path("runs") / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.json"


def prepare_output(path: Path) -> None:
    """Make sure that a record can be written, so that no run is lost at its end; creates the folder.

    Raises:
        OutputError: It cannot be.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        existed = path.exists()
        path.open("a", encoding="utf-8").close()
        if not existed:
            path.unlink()
    except OSError as error:
        raise _unwritable(path, error) from error


def write_record(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record as JSON.

    Raises:
        OutputError: The file cannot be written.
    """
    try:
        path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from error


def provenance_of(bot: Chatbot, texts: CorpusTexts, cases_file: Path) -> dict[str, Any]:
    """Give what a run's numbers depend on, ready for JSON; take it before the run, while it is still true.

    It names no secret and nothing of the environment. `git` is None outside a checkout of this project.
    """
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "git": _git(Path(__file__).resolve().parent.parent),
        "settings": _settings(bot),
        "corpus": {"documents": len(texts), "sha256": texts.corpus_hash()},
        "case_file": {"path": str(cases_file), "sha256": sha256_of(cases_file.read_bytes())},
        "embedder": bot.corpus_sync.indexer.embedder.fingerprint,
        "answerer": bot.answerer.name,
        **_models(bot.answerer),
        "packages": _packages(),
        "machine": {
            "cpus": os.cpu_count(),
            "python": platform.python_version(),
            "platform": platform.platform(),
        },
    }


def make_record(
    provenance: Mapping[str, Any], results: Sequence[CaseResult], metrics: Mapping[str, Metric]
) -> dict[str, Any]:
    """Give the whole record of a run, ready for JSON; the cases are in the order in which they were asked."""
    return {
        **provenance,
        "counts": {"cases": len(results), "crashed": len(crashed(results))},
        "metrics": {name: asdict(metric) for name, metric in metrics.items()},
        "cases": [_case(result) for result in results],
    }


def _git(checkout: Path) -> dict[str, Any] | None:
    """Give commit and whether anything differs from it; None when `checkout` is not the top of a checkout."""
    top = _git_says(checkout, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != checkout:
        return None  # an installation may lie inside somebody's checkout, whose commit says nothing of ours
    changes = _git_says(checkout, "status", "--porcelain")
    return {"commit": _git_says(checkout, "rev-parse", "--verify", "HEAD"), "dirty": changes != ""}


def _git_says(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _models(answerer: Answerer) -> dict[str, Any]:
    """Give what else an answerer's answers depend on: the reader, the evidence model, and the prompts by hash."""
    extractive = answerer.fallback if isinstance(answerer, GenerativeAnswerer) else answerer
    return {
        "reader": extractive.reader.fingerprint if isinstance(extractive, ExtractiveAnswerer) else None,
        "evidence_sha256": sha256_of(evidence_file().read_bytes()),
        "prompts": answerer.prompts.hashes if isinstance(answerer, GenerativeAnswerer) else {},
    }


def _settings(bot: Chatbot) -> dict[str, Any]:
    settings = bot.settings.model_dump(mode="json")
    return {name: value for name, value in settings.items() if not _SECRET.search(name)}


def _packages() -> dict[str, str]:
    """Give the versions of this package and of those it requires directly; empty when it is not installed."""
    try:
        required = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return {}
    names = [match[0] for line in required if "extra ==" not in line and (match := re.match(r"[\w.-]+", line))]
    return {name: metadata.version(name) for name in sorted({_DISTRIBUTION, *names})}


def _case(result: CaseResult) -> dict[str, Any]:
    return {
        **asdict(result.case),
        "answer": None if result.answer is None else _answer(result.answer),
        "seconds": result.seconds,
        "error": result.error,
        "scores": {name: asdict(score) for name, score in result.scores.items()},
    }


def _answer(answer: Answer) -> dict[str, Any]:
    """Give an answer without the texts of its passages, which would be most of the record."""
    plain = answer.to_dict()
    for passage in plain["passages"]:
        passage.pop("text", None)
    return plain


def _unwritable(path: Path, error: OSError) -> OutputError:
    reason = error.strerror or type(error).__name__
    return OutputError(f"The run record {path} cannot be written ({reason}); choose another file with --output.")
