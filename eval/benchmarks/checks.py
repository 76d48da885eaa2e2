"""What is measured of the checks themselves, with no question set: WiCE and BIPIA; kept as runs of benchmarks are."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eval.benchmarks.attacks import load_attacks, measure_attacks
from eval.benchmarks.benchmark import evenly
from eval.benchmarks.claims import load_claims, measure_claims
from eval.benchmarks.running import measuring_code
from eval.provenance import checkout, machine
from eval.run_record import write_text
from eval.runner import Progress


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRecord:
    """What became of a check.

    Attributes:
        key: Of all that the result depends on.
        provenance: Date, checkout and machine, as `eval.provenance` gives them.
        result: Plain values.
    """

    key: str
    provenance: Mapping[str, Any]
    result: Mapping[str, Any]


_RECORD = TypeAdapter(CheckRecord)
_Measure = Callable[[Path, int | None, Progress], tuple[str, Callable[[], Mapping[str, Any]]]]


def run_check(name: str, bench: Path, work: Path, *, limit: int | None, progress: Progress) -> CheckRecord:
    """Make a check of `CHECKS`, unless the very same was made before.

    Raises:
        BenchmarkError: Its data cannot be read.
        OutputError: The record cannot be written.
    """
    data, measure = CHECKS[name](bench, limit, progress)
    key = hashlib.sha256(f"{name}\0{data}\0{measuring_code()}".encode()).hexdigest()
    path = check_path(name, work, limit)
    kept = kept_check(path)
    if kept is not None and kept.key == key:
        return kept
    provenance = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "git": checkout(), "machine": machine()}
    record = CheckRecord(key=key, provenance=provenance, result=measure())
    write_text(path, json.dumps(_RECORD.dump_python(record, mode="json"), indent=1) + "\n")
    return record


def check_path(name: str, work: Path, limit: int | None) -> Path:
    """Give the file of a check's record."""
    return work / (f"{name}.json" if limit is None else f"{name}-{limit}.json")


def kept_check(path: Path) -> CheckRecord | None:
    """Give the record in a file, whatever code made it; None when there is none, or this code cannot read it."""
    try:
        return _RECORD.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _wice(bench: Path, limit: int | None, progress: Progress) -> tuple[str, Callable[[], Mapping[str, Any]]]:
    claims = evenly(load_claims(bench), limit)
    return repr(claims), lambda: measure_claims(claims, progress).to_dict()


def _bipia(bench: Path, limit: int | None, progress: Progress) -> tuple[str, Callable[[], Mapping[str, Any]]]:
    attacks = evenly(load_attacks(bench), limit)
    progress("bipia", 0, len(attacks))
    return repr(attacks), lambda: asdict(measure_attacks(attacks))


CHECKS: Mapping[str, _Measure] = {"wice": _wice, "bipia": _bipia}
"""By name: what reads the data, and gives them as text with what measures."""
