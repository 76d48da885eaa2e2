"""The record of a run: every answer, every number, and what it takes to trace them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isclose, isfinite
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from eval.confidence import CONFIDENCE_METRICS
from eval.metrics import LATENCY_QUANTILES, Metric
from eval.results import RESULT, CaseResult
from qa.errors import InputError


class OutputError(InputError):
    """Raised when a file cannot be written to the place asked for."""


class RecordError(InputError):
    """Raised when a file is no record of a run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RunRecord:
    """A run that is over.

    Attributes:
        provenance: As `eval.provenance.provenance_of` gives it.
        metrics: By name; a metric that no case was scored on is absent.
        results: In the order in which the cases were given.
    """

    provenance: Mapping[str, Any]
    metrics: Mapping[str, Metric]
    results: Sequence[CaseResult]


_RECORD = TypeAdapter(RunRecord)


def default_output() -> Path:
    """Give a new file name under `runs/` in the present folder: the UTC time, to the microsecond."""
    return Path("runs") / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.json"


def prepare_outputs(outputs: Iterable[Path | None], inputs: Iterable[Path | None] = ()) -> None:
    """Make sure that files can be written, none of them over another or over what is read; creates their folders.

    Args:
        outputs: Files that will be written; None stands for one that is not wanted.
        inputs: Files that must stay as they are; None stands for one that is not given.

    Raises:
        OutputError: One cannot be written, or is named twice.
    """
    taken = {os.path.realpath(path) for path in inputs if path is not None}
    for path in (output for output in outputs if output is not None):
        if (place := os.path.realpath(path)) in taken:
            raise OutputError(f"{path} is read, or written, by another option of this command; choose another file.")
        taken.add(place)
        prepare_output(path)


def prepare_output(path: Path) -> None:
    """Make sure that a file can be written, so that no run is lost at its end; creates the folder.

    Raises:
        OutputError: It cannot be.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        existed = path.exists()
        if existed and not path.is_dir() and not path.is_file():  # writing puts a file in the place of /dev/null
            raise OutputError(f"{path} is no ordinary file, and none can be put there; choose another.")
        path.open("a", encoding="utf-8").close()
        if not existed:
            path.unlink()
    except OSError as error:
        raise _unwritable(path, error) from error


def write_text(path: Path, text: str) -> None:
    """Write a file whole, or leave the earlier one as it is.

    Raises:
        OutputError: It cannot be written.
    """
    write_lines(path, [text])


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Do as `write_text` with a text in pieces, which are never all in memory.

    Raises:
        OutputError: It cannot be written.
    """
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")  # another process may write the same file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("w", encoding="utf-8") as file:
                file.writelines(lines)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


def write_record(path: Path, record: RunRecord) -> None:
    """Write a record as JSON, a case a line.

    Raises:
        OutputError: The file cannot be written.
    """
    write_lines(path, _lines(record))


def load_record(path: Path) -> RunRecord:
    """Read a record.

    Raises:
        RecordError: The file cannot be read, holds something else or no case, or its metrics are not those of its
            scores and times.
    """
    try:
        record = _RECORD.validate_json(path.read_bytes())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RecordError(f"The run record {path} cannot be read ({reason}); give the file of a run.") from error
    except ValidationError as error:
        raise RecordError(
            f"{path} is not a record of a run, or one of another version; make it anew with `qa eval run --output`."
        ) from error
    if not record.results:
        raise RecordError(f"{path} has no results, as no run does; make it anew with `qa eval run --output`.")
    if len({result.case.id for result in record.results}) < len(record.results):
        raise RecordError(f"{path} has a case twice, as no run does; make it anew with `qa eval run --output`.")
    if not all(map(isfinite, _numbers(record))):
        raise RecordError(f"{path} has a number that is none, or infinite; make it anew with `qa eval run --output`.")
    if (problem := _disagreement(record)) is not None:
        raise RecordError(f"{path} was damaged or edited: {problem}; make it anew with `qa eval run --output`.")
    return record


def _disagreement(record: RunRecord) -> str | None:
    """Give the first metric that is not what the results give; None when all agree.

    "aurc" and "ece" are left alone: what they are made of agrees, and their definition may have been another.
    """
    seconds = [result.seconds for result in record.results if result.seconds is not None]
    for name, metric in record.metrics.items():
        if name in CONFIDENCE_METRICS:
            continue
        scores = [result.scores[name] for result in record.results if name in result.scores]
        timed = name in LATENCY_QUANTILES
        values = seconds if timed else [score.value for score in scores if score.value is not None]
        if not values:
            return f"it has {name} and nothing that gives it"
        value = float(np.quantile(seconds, LATENCY_QUANTILES[name])) if timed else fmean(values)
        if metric.n != len(values) or not isclose(metric.value, value, rel_tol=1e-6, abs_tol=1e-9):
            given = f"{metric.value:.4g} over {metric.n}"
            return f"its {name} is {given}, and its results give {value:.4g} over {len(values)}"
    return None


def _numbers(record: RunRecord) -> Iterator[float]:
    for metric in record.metrics.values():
        yield from (metric.value, metric.low, metric.high)
    for result in record.results:
        yield 0.0 if result.seconds is None else result.seconds
        yield from (score.value for score in result.scores.values() if score.value is not None)


def _lines(record: RunRecord) -> Iterator[str]:
    head = _RECORD.dump_python(replace(record, results=()), mode="json")
    del head["results"]
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "results": ['
    for number, result in enumerate(record.results):
        yield ("," if number else "") + "\n" + RESULT.dump_json(result).decode()
    yield "\n ]\n}\n"


def _unwritable(path: Path, error: OSError) -> OutputError:
    reason = error.strerror or type(error).__name__
    return OutputError(f"The file {path} cannot be written ({reason}); choose another.")
