"""The whole comparison: index, search, ask, row by row, keeping what is done for the next run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eval.cases import Case, CaseError, check_evidence
from eval.corpus_texts import CorpusTexts
from eval.provenance import provenance_of, run_key
from eval.run_record import write_text
from eval.scorers import scorers_for
from eval.scorers.citations import why_places_are_unscored
from eval.sweeping.grid import SWEPT, Setup
from eval.sweeping.indexes import Indexes
from eval.sweeping.searching import ANSWER_METRICS, RETRIEVAL_METRICS, Measured, measure_row
from eval.sweeping.standing import CaseCounts, Sweep, check_sort, ranked
from qa.api import open_chatbot
from qa.errors import DataDirError
from qa.syncing import Progress

_MEASURED = TypeAdapter(Measured)


def compare_chunking(
    setups: Sequence[Setup],
    cases: Sequence[Case],
    *,
    source: Mapping[str, str],
    work: Path,
    answers: bool,
    progress: Progress,
    warn: Callable[[str], None],
    sort: str | None = None,
    workers: int = 1,
) -> Sweep:
    """Measure every setup on the same cases and compare them.

    Each splitter and embedder is indexed once, in a folder of its own under `work`; indexes and finished rows are
    kept there, so that a run that was killed goes on, and a wider grid measures only what is new.

    Args:
        setups: From `settings_grid`, at least one; all on one corpus.
        cases: Each case with evidence counts for retrieval, all of them for the answers.
        source: Where the cases come from, as `eval.provenance` records it.
        work: Folder of indexes and rows.
        answers: Ask every case too; it takes most of the time.
        progress: Called as the work goes on.
        warn: Called with each sentence the user should see.
        sort: Column to sort by, see `check_sort`.
        workers: Cases asked at a time.

    Raises:
        InputError: The column is unknown.
        CaseError: No case can be scored, or a case does not fit the corpus.
        QAError: The corpus cannot be indexed, or the work folder cannot be written.
    """
    sort = check_sort(sort, answers=answers)
    texts = CorpusTexts.of(setups[0].settings)
    check_evidence(cases, texts)
    counts = _counts(cases)
    if not counts.with_evidence and not answers:
        raise CaseError(
            f"None of the {counts.all} cases has evidence, so that retrieval cannot be scored; give 'evidence' in the "
            "case file, or score the answers with --answers."
        )
    asked = [case for case in cases if answers or why_places_are_unscored(case) is None]
    bench = _Bench(
        cases=asked, texts=texts, source=source, work=work, answers=answers, workers=workers, warn=warn,
        setups=setups, progress=progress,
    )  # fmt: skip
    return ranked(bench.measured(), sort=sort, cases=counts, provenance=bench.provenance)


class _Bench:
    """Measures row after row, those of one index after each other."""

    def __init__(
        self,
        *,
        setups: Sequence[Setup],
        cases: Sequence[Case],
        texts: CorpusTexts,
        source: Mapping[str, str],
        work: Path,
        answers: bool,
        workers: int,
        progress: Progress,
        warn: Callable[[str], None],
    ) -> None:
        self.provenance: dict[str, Any] = {}
        self._setups, self._cases, self._texts, self._source = setups, cases, texts, source
        self._rows = work / "rows"
        self._answers, self._workers, self._progress = answers, workers, progress
        self._indexes = Indexes(work, warn)
        self._scorers = scorers_for(texts, [*RETRIEVAL_METRICS, *(ANSWER_METRICS if answers else ())])

    def measured(self) -> list[tuple[Setup, Measured]]:
        """Give what was measured of each setup, in their order."""
        try:
            self._rows.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DataDirError(
                f"The folder {self._rows.parent} cannot be written ({error.strerror}); choose another with --work."
            ) from error
        self._indexes.check(setup.settings for setup in self._setups)
        order = sorted(range(len(self._setups)), key=lambda at: (_index_of(self._setups[at]), at))
        done = {at: self._row(self._setups[at], f"Row {turn} of {len(order)}") for turn, at in enumerate(order, 1)}
        return [(setup, done[at]) for at, setup in enumerate(self._setups)]

    def _row(self, setup: Setup, label: str) -> Measured:
        def progress(what: str, done: int, total: int) -> None:
            self._progress(f"{label}: {what.lower()}", done, total)

        index = self._indexes.ready(setup.settings, progress)
        settings = setup.settings.model_copy(update={"data_dir": index.data_dir, "auto_sync": False})
        # Only the shipped embedder may also weigh sentences; another one makes its own beside it.
        local = index.embedder if settings.embedding == "local" else None
        with open_chatbot(settings, embedder=local) as bot:
            if not self.provenance:
                self.provenance = provenance_of(bot, self._texts, self._source, swept=self._swept())
            kept = self._rows / f"{self._key(setup, index.embedder.fingerprint)[:24]}.json"
            if (known := _read(kept)) is not None:
                return replace(known, index=index.cost)
            measured = measure_row(
                bot,
                self._cases,
                self._scorers,
                answers=self._answers,
                workers=self._workers,
                count_tokens=index.embedder.count_tokens,
                index=index.cost,
                progress=progress,
            )
        if not measured.crashed:
            write_text(kept, _MEASURED.dump_json(measured).decode())
        return measured

    def _key(self, setup: Setup, embedder: str) -> str:
        """Give a hash over all that a row depends on."""
        chosen = {name: getattr(setup.settings, name) for name in SWEPT}
        asked = [case.id for case in self._cases]
        told = {**self.provenance, "swept": chosen, "embedder": embedder, "asked": asked, "answers": self._answers}
        told["settings"] = {name: value for name, value in self.provenance["settings"].items() if name not in SWEPT}
        return run_key(told)

    def _swept(self) -> dict[str, list[Any]]:
        names = self._setups[0].chosen
        return {name: list(dict.fromkeys(setup.chosen[name] for setup in self._setups)) for name in names}


def _index_of(setup: Setup) -> tuple[str, int, int]:
    return setup.settings.embedding, setup.settings.passage_tokens, setup.settings.overlap_tokens


def _counts(cases: Sequence[Case]) -> CaseCounts:
    placed = sum(why_places_are_unscored(case) is None for case in cases)
    return CaseCounts(
        all=len(cases),
        with_evidence=placed,
        without_evidence=len(cases) - placed,
        unanswerable=sum(not case.answerable for case in cases),
    )


def _read(path: Path) -> Measured | None:
    try:
        return _MEASURED.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None
