"""Whether a run is good enough: thresholds that it must meet, and a baseline that it must not fall behind."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import Field

from eval.comparison import Comparison, MetricChange
from eval.metrics import Metric
from eval.results import crashed
from eval.run_record import RunRecord
from eval.scorers import METRICS, describe
from qa.errors import InputError

_Number = Annotated[float, Field(allow_inf_nan=False)]


class ThresholdError(InputError):
    """Raised when a file of thresholds cannot be used; the message names it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Threshold:
    """What a metric must reach, in its own unit (a share is 0 to 1); None stands for no limit."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    min: _Number | None = None
    max: _Number | None = None


_THRESHOLDS = TypeAdapter(dict[str, Threshold])


def load_thresholds(path: Path) -> dict[str, Threshold]:
    """Read a TOML file: a table for each metric, with `min` or `max` or both.

    Raises:
        ThresholdError: It cannot be read, holds nothing, or names an unknown metric or limit.
    """
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
        thresholds = _THRESHOLDS.validate_python(plain)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ThresholdError(
            f"The thresholds {path} cannot be read ({reason}); give a file with --thresholds."
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ThresholdError(f"The thresholds {path} are not TOML ({error}); mend the file.") from error
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in detail["loc"])
        raise ThresholdError(f"{path}: {where}: {detail['msg'].lower()}; a metric has `min`, `max` or both.") from error
    if unknown := [name for name in thresholds if name not in METRICS]:
        raise ThresholdError(f"{path}: the metric {unknown[0]!r} is unknown; choose one of: {', '.join(METRICS)}.")
    if not thresholds or any(limit.min is None and limit.max is None for limit in thresholds.values()):
        raise ThresholdError(f"{path} sets no limit; write `[correct]` and `min = 0.8`, for example.")
    for name, limit in thresholds.items():
        if describe(name).unit == "share" and any(value is not None and value > 1 for value in (limit.min, limit.max)):
            raise ThresholdError(f"{path}: {name} is a share from 0 to 1; write 80 % as 0.8.")
    return thresholds


def problems_of(
    record: RunRecord, thresholds: Mapping[str, Threshold], comparison: Comparison | None
) -> tuple[str, ...]:
    """Give what is wrong with a run, a sentence each; empty when it is good enough.

    A run is not when a case crashed, when a metric with a threshold misses it or has no case, or when a metric has
    fallen significantly behind the baseline. Times are held against thresholds alone: the same machine is slower
    when it does something else as well.

    Args:
        record: The run.
        thresholds: By metric.
        comparison: Of the baseline with the run; None when there is no baseline.
    """
    found: list[str] = []
    if gone := crashed(record.results):
        found.append(f"{len(gone)} of {len(record.results)} cases crashed, the first with {gone[0].error}")
    for name, threshold in thresholds.items():
        found += _missed(name, threshold, record.metrics.get(name))
    if comparison is not None:
        worse = [change for change in comparison.changes if change.verdict == "worse"]
        found += [_fallen(change) for change in worse if describe(change.name).unit != "seconds"]
    return tuple(found)


def _missed(name: str, threshold: Threshold, metric: Metric | None) -> Sequence[str]:
    if metric is None:
        return [f"{name} has a threshold, and no case of this run is scored on it"]
    if threshold.min is not None and not metric.value >= threshold.min:  # so that not-a-number misses it
        return [f"{name} is {metric.value:.4g}, below its threshold of {threshold.min:g}"]
    if threshold.max is not None and not metric.value <= threshold.max:
        return [f"{name} is {metric.value:.4g}, above its threshold of {threshold.max:g}"]
    return []


def _fallen(change: MetricChange) -> str:
    return (
        f"{change.name} went from {change.before.value:.4g} to {change.after.value:.4g} "
        f"(p = {change.p_value:.2g}, {change.n} cases)"
    )
