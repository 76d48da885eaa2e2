"""One run of the eval suite in a process of its own; `bench.suite` measures it from outside.

`python -m bench.suite_worker < task.json` prints what `SuiteRun` holds.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.child import MAXRSS_BYTES

# Before these are done, models are loaded and the index is opened; the speed is that of the others.
_WARM_UP = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class SuiteTask:
    """What to run; paths as text, for JSON.

    Attributes:
        cases: File of cases.
        output: File of the record.
        marks: Numbers of cases at which the peak memory is noted.
    """

    corpus: str
    data: str
    cases: str
    output: str
    workers: int
    threads: int
    limit: int | None = None
    marks: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SuiteRun:
    """What a run came to.

    Attributes:
        cases: Asked.
        timed: Of them, those after the first few, over which `seconds` and `cpu` are.
        seconds: Wall-clock time of asking, scoring and keeping them.
        cpu: User and system time of the same, all threads together.
        peaks_mb: Peak memory of the process until then, by mark, in MB.
        correct: Share of the answerable cases that were answered rightly.
        crashed: Cases that could not be asked.
    """

    cases: int
    timed: int
    seconds: float
    cpu: float
    peaks_mb: dict[int, float]
    correct: float
    crashed: int


@dataclass
class _Watch:
    """Takes the time and the memory as cases are done."""

    marks: tuple[int, ...]
    begun: tuple[float, float] | None = None
    ended: tuple[float, float] = (0.0, 0.0)
    peaks_mb: dict[int, float] = field(default_factory=dict)
    begun_at: int = 0

    def progress(self, label: str, done: int, total: int) -> None:
        """Note what there is to note; called by the suite."""
        if label != "Asking":
            return
        now = (time.perf_counter(), time.process_time())
        if self.begun is None and done >= min(_WARM_UP, total - 1):
            self.begun, self.begun_at = now, done
        self.ended = now
        if done in self.marks:
            self.peaks_mb[done] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_BYTES / 1e6


def run(task: SuiteTask) -> SuiteRun:
    """Run the suite as `qa eval run` does."""
    from eval.measuring import Request, measure  # not at the top: the process that measures must stay small
    from eval.results import crashed
    from qa.settings import load_settings

    watch = _Watch(task.marks)
    settings = load_settings(
        corpus_dir=Path(task.corpus), data_dir=Path(task.data), threads=task.threads, answerer="extractive"
    )
    request = Request(
        cases=Path(task.cases), output=Path(task.output), workers=task.workers, limit=task.limit, fresh=True
    )
    record = measure(settings, request, watch.progress, lambda sentence: print(sentence, file=sys.stderr))
    begun = watch.begun or watch.ended
    return SuiteRun(
        cases=len(record.results),
        timed=len(record.results) - watch.begun_at,
        seconds=watch.ended[0] - begun[0],
        cpu=watch.ended[1] - begun[1],
        peaks_mb=watch.peaks_mb,
        correct=record.metrics["correct"].value,
        crashed=len(crashed(record.results)),
    )


def main() -> None:
    """Run the task on stdin."""
    print(json.dumps(asdict(run(SuiteTask(**json.load(sys.stdin))))))


if __name__ == "__main__":
    main()
