"""`python -m bench.suite`: its arithmetic, its material, and a whole small run with the real parts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.child import ChildRun, run_python
from bench.figures import Figure
from bench.suite import Finished, figures_of_speed, figures_of_whole, main, recommended, speed_ratio
from bench.suite_worker import SuiteRun, SuiteTask, _Watch, run
from bench.synthetic import synthetic
from eval.benchmarks.corpus_files import write_documents
from eval.case_files import as_line, load_cases
from eval.cases import check_evidence


def finished(rate: float = 10.0, *, peak_mb: float = 300.0, **changes: Any) -> Finished:
    fields: dict[str, Any] = {
        "cases": 1000, "timed": 990, "seconds": 990 / rate, "cpu": 99.0, "peaks_mb": {250: 280.0, 1000: 290.0},
        "correct": 0.9, "crashed": 0,
    }  # fmt: skip
    return Finished(SuiteRun(**{**fields, **changes}), ChildRun(wall=200.0, cpu=100.0, peak_mb=peak_mb, stdout=""))


def by_name(figures: list[Figure]) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures}


def test_memory_grows_from_a_quarter_of_the_cases_to_the_end_of_the_process() -> None:
    figures = by_name(figures_of_whole(finished(peak_mb=308.0)))
    assert (figures["suite_peak_early"].value, figures["suite_peak_asked"].value) == (280.0, 290.0)
    assert figures["suite_growth"].value == pytest.approx(10.0)
    assert (figures["suite_growth"].met, figures["suite_seconds"].met) == (True, False)
    assert (figures["suite_rate"].value, figures["suite_cpu"].value) == (pytest.approx(10.0), 100.0)
    assert by_name(figures_of_whole(finished(peak_mb=323.0)))["suite_growth"].met is False


def test_the_parent_stays_small() -> None:
    """Linux counts the parent's memory at the fork as the child's."""
    script = (
        "import sys, bench.suite; print([name for name in ('numpy', 'chromadb', 'fastembed') if name in sys.modules])"
    )
    assert run_python(["-c", script]).stdout.strip() == "[]"


def test_speeds_are_compared_within_a_round() -> None:
    # The second round was twice as slow for both: the ratio is the same.
    timed = {(2, 1): [finished(10), finished(5)], (1, 0): [finished(15), finished(7.5)]}
    assert speed_ratio(timed, (1, 0)) == pytest.approx(1.5)
    assert by_name(figures_of_speed(timed))["suite_workers_1_threads_0_rate"].value == pytest.approx(11.25)


@pytest.mark.parametrize(("ratios", "choice"), [((0.9, 1.09), (2, 1)), ((0.9, 1.3), (1, 1))])
def test_the_default_stands_unless_another_choice_is_a_tenth_faster(
    ratios: tuple[float, ...], choice: tuple[int, int]
) -> None:
    others = dict(zip([(1, 0), (1, 1)], ratios, strict=True))
    timed = {(2, 1): [finished(10)], **{key: [finished(10 * ratio)] for key, ratio in others.items()}}
    assert recommended(figures_of_speed(timed)) == choice


def test_the_watch_leaves_the_first_cases_out_and_notes_the_memory() -> None:
    watch = _Watch(marks=(20,))
    watch.progress("Indexing", 5, 5)
    assert watch.begun is None
    for done in range(41):
        watch.progress("Asking", done, 40)
    assert (watch.begun_at, list(watch.peaks_mb)) == (10, [20])
    assert watch.begun is not None and watch.ended[0] >= watch.begun[0]


def test_synthetic_cases_have_their_answers_where_the_evidence_says(tmp_path: Path) -> None:
    material = synthetic(1000)
    check_evidence(material.cases, material.documents)
    assert (len(material.documents), len(material.cases), len({case.id for case in material.cases})) == (
        100, 1000, 1000,
    )  # fmt: skip
    assert sum(not case.answerable for case in material.cases) == 100
    assert all(
        answer in evidence.quote for case in material.cases for evidence in case.evidence for answer in case.answers
    )
    assert material == synthetic(1000)


def test_a_part_of_a_document_is_enough_and_files_read_back(tmp_path: Path) -> None:
    material = synthetic(23)
    assert (len(material.documents), len(material.cases)) == (3, 23)
    (tmp_path / "cases.jsonl").write_text("".join(f"{as_line(case)}\n" for case in material.cases), "utf-8")
    assert tuple(load_cases(tmp_path / "cases.jsonl")) == material.cases


def test_a_run_is_the_suites_own(tmp_path: Path) -> None:
    material = synthetic(10)
    write_documents(material.documents, tmp_path / "corpus")
    (tmp_path / "cases.jsonl").write_text("".join(f"{as_line(case)}\n" for case in material.cases), "utf-8")
    task = SuiteTask(
        corpus=str(tmp_path / "corpus"), data=str(tmp_path / "data"), cases=str(tmp_path / "cases.jsonl"),
        output=str(tmp_path / "record.json"), workers=2, threads=1, marks=(10,),
    )  # fmt: skip
    done = run(task)
    assert (done.cases, done.crashed, list(done.peaks_mb)) == (10, 0, [10])
    assert done.correct > 0.5 and done.seconds > 0
    provenance = json.loads((tmp_path / "record.json").read_text("utf-8"))["provenance"]
    assert (provenance["workers"], provenance["settings"]["threads"]) == (2, 1)


@pytest.mark.slow
def test_the_whole_command_prints_every_figure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bench.suite._CHOICES", ((2, 1), (1, 0)))  # each is a process more
    monkeypatch.setattr("os.getloadavg", lambda: (50.0, 50.0, 50.0))
    monkeypatch.setattr("sys.argv", ["bench.suite", "--cases", "20", "--speed-cases", "20", "--rounds", "1", "--json"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    plain = json.loads(capsys.readouterr().out)
    names = [figure["name"] for figure in plain["figures"]]
    assert {"suite_seconds", "suite_growth", "suite_workers_1_threads_0_ratio"} <= set(names)
    assert plain["recommended"] is None  # other jobs ran


def test_a_wrong_folder_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["bench.suite", "--bench", str(tmp_path / "nowhere")])
    with pytest.raises(SystemExit) as ended:
        main()
    error = capsys.readouterr().err
    assert (ended.value.code, error.count("\n")) == (1, 1)
    assert "nowhere" in error
