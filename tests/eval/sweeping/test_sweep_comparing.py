"""A whole comparison on real indexes, and what it keeps."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import eval.sweeping.comparing as comparing
from eval.cases import Case, CaseError
from eval.sweeping import Sweep
from qa.chatbot import Chatbot
from qa.errors import DataDirError, InputError, SettingsError

GRID = ("passage_tokens=64,128", "overlap_tokens=0", "lexical_weight=1,2")


def test_it_measures_every_row_and_says_how_to_use_the_best(compare: Callable[..., Sweep], tmp_path: Path) -> None:
    sweep = compare(*GRID)
    plain = json.loads(json.dumps(sweep.to_dict()))
    assert (len(plain["rows"]), plain["sort"], plain["judged"]) == (5, "range_recall", "range_recall")
    assert plain["cases"] == {"all": 5, "with_evidence": 3, "without_evidence": 2, "unanswerable": 1}
    assert plain["best"] == plain["rows"][0]["line"]
    assert plain["provenance"]["swept"]["passage_tokens"] == [256, 64, 128]
    assert len(list((tmp_path / "work").glob("index-*"))) == 3


def test_a_second_run_measures_only_what_is_new(compare: Callable[..., Sweep], monkeypatch: pytest.MonkeyPatch) -> None:
    first = compare("lexical_weight=1,2")
    measured: list[float] = []
    measure = comparing.measure_row

    def counting(bot: Chatbot, *args: object, **kwargs: object) -> object:
        measured.append(bot.settings.lexical_weight)
        return measure(bot, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(comparing, "measure_row", counting)
    again = compare("lexical_weight=1,2,3")
    assert measured == [3.0]
    kept = {row.line: row.measured for row in again.rows}
    assert {row.line: row.measured for row in first.rows} == {line: kept[line] for line in kept if "=3" not in line}


def test_other_cases_are_measured_anew(compare: Callable[..., Sweep], cases: list[Case]) -> None:
    assert compare("lexical_weight=1").rows[0].metrics["range_recall"].n == 3
    assert compare("lexical_weight=1", cases=cases[:2]).rows[0].metrics["range_recall"].n == 2


def test_without_any_evidence_there_is_nothing_to_compare(compare: Callable[..., Sweep], cases: list[Case]) -> None:
    bare = [replace(case, evidence=()) for case in cases]
    with pytest.raises(CaseError, match="None of the 5 cases has evidence, so that retrieval cannot be scored"):
        compare("lexical_weight=1", cases=bare)
    rows = compare("lexical_weight=1", cases=bare, answers=True).rows
    assert [sorted(row.metrics) for row in rows] == [["correct", "refusal_recall"]] * 2


def test_a_case_of_another_corpus_is_refused(compare: Callable[..., Sweep], cases: list[Case]) -> None:
    other = replace(cases[0], evidence=(replace(cases[0].evidence[0], document="gone.txt"),))
    with pytest.raises(CaseError, match=r"needs the document 'gone\.txt'"):
        compare("lexical_weight=1", cases=[other])


def test_bad_input_is_refused_before_anything_is_indexed(compare: Callable[..., Sweep], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no column 'speed'"):
        compare("lexical_weight=1", sort="speed")
    with pytest.raises(SettingsError, match="The embedding 'word2vec' is not known"):
        compare("embedding=local,word2vec")
    assert not list((tmp_path / "work").glob("index-*"))


def test_a_work_folder_that_cannot_be_made_is_one_clear_line(compare: Callable[..., Sweep], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(DataDirError, match=r"cannot be written .*; choose another with --work"):
        compare("lexical_weight=1", work=tmp_path / "file")


def test_progress_names_the_row_and_ends_at_the_last_case(compare: Callable[..., Sweep]) -> None:
    seen: list[tuple[str, int, int]] = []
    compare("lexical_weight=1", progress=lambda *told: seen.append(told))
    assert ("Row 1 of 2: indexing", 3, 3) in seen
    assert seen[-1] == ("Row 2 of 2: searching", 3, 3)
