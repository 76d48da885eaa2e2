"""`python -m bench.verification`, on four claims about one page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.verification import main
from eval.benchmarks.claims import claim_metrics, load_claims

RunBench = Callable[..., int]

PAGE = [
    "(meta data) TITLE: WeWork",
    "It rents out desks.",
    "SoftBank invested $4.4 billion in 2017.",
    "Some said that this was too much.",
    "Later the firm failed to go public in New York.",
]
CLAIMS = [
    ("SoftBank invested $4.4bn in WeWork in 2017.", "supported"),
    ("WeWork rents out desks, and SoftBank invested $4.4 billion in New York.", "supported"),
    ("SoftBank invested $4.4 billion in WeWork in 2016.", "partially_supported"),
    ("Otters sleep on their backs.", "not_supported"),
]


@pytest.fixture
def wice_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bench" / "wice"
    folder.mkdir(parents=True)
    rows = [
        {"claim": text, "label": label, "evidence": PAGE, "supporting_sentences": [], "meta": {"id": f"dev{at}"}}
        for at, (text, label) in enumerate(CLAIMS)
    ]
    excerpts = [{**row, "evidence": evidence} for row in rows for evidence in (PAGE[1:3], PAGE[3:])]
    write(folder / "claim_dev.jsonl", rows)
    write(folder / "oracle_chunks_claim_dev.jsonl", excerpts)
    return tmp_path / "bench"


@pytest.fixture
def run_bench(monkeypatch: pytest.MonkeyPatch) -> RunBench:
    def run(bench: Path, *arguments: str) -> int:
        monkeypatch.setattr("sys.argv", ["bench.verification", "--bench", str(bench), *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    return run


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


def test_json_holds_every_figure_of_every_check(
    run_bench: RunBench, wice_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_bench(wice_folder, "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["split"], result["claims"], result["supported"]) == ("WiCE, development split", 4, 2)
    values = {
        check: {name: metric["value"] for name, metric in metrics.items()}
        for check, metrics in result["checks"].items()
    }
    one_of_two = {"f1": 2 / 3, "accuracy": 0.75, "precision": 1.0, "recall": 0.5}
    assert values == {
        "evidence given, one place": one_of_two,
        "evidence given, all as quotes": one_of_two,
        "whole page, one place": one_of_two,
        "whole page, all as quotes": {"f1": 1.0, "accuracy": 1.0, "precision": 1.0, "recall": 1.0},
        "always supported": {"f1": 2 / 3, "accuracy": 0.5, "precision": 0.5, "recall": 1.0},
        "always not supported": {"f1": 0.0, "accuracy": 0.5, "recall": 0.0},
    }


def test_limit_takes_fewer_claims_and_the_table_names_the_split(
    run_bench: RunBench, wice_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_bench(wice_folder, "--limit", "2") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "WiCE, development split: 2 claims, 1 supported" in shown
    assert "always not supported" in shown


def test_a_page_gives_its_title_and_its_excerpts(wice_folder: Path) -> None:
    claim = load_claims(wice_folder)[0]
    assert (claim.title, claim.page, claim.excerpts, claim.supported) == (
        "WeWork",
        "\n".join(PAGE),
        ("\n".join(PAGE[1:3]), "\n".join(PAGE[3:])),
        True,
    )


def test_the_interval_of_f1_holds_its_value() -> None:
    metrics = claim_metrics([True] * 30 + [False] * 70, [True] * 20 + [False] * 60 + [True] * 20)
    f1 = metrics["f1"]
    assert (f1.value, metrics["precision"].value, metrics["recall"].value) == (4 / 7, 2 / 3, 0.5)
    assert f1.low < f1.value < f1.high


def test_a_wrong_path_is_one_clear_line_and_exit_code_1(
    run_bench: RunBench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_bench(tmp_path / "nowhere") == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "nowhere" in error and "--bench" in error


def test_a_damaged_file_is_one_clear_line(
    run_bench: RunBench, wice_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (wice_folder / "wice" / "claim_dev.jsonl").write_text('{"claim": 1}\n', "utf-8")
    assert run_bench(wice_folder) == 1
    assert "fetch it again" in capsys.readouterr().err
