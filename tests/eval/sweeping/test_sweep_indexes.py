"""Indexes are made once, kept, and share the vectors of equal texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.sweeping.indexes import Indexes
from qa.errors import SettingsError
from qa.settings import Settings, load_settings
from qa.syncing import no_progress


def sized(corpus: Path, passage_tokens: int, **more: object) -> Settings:
    return load_settings(corpus_dir=corpus, passage_tokens=passage_tokens, overlap_tokens=0, **more)


def test_a_second_run_finds_the_index_made_with_its_cost(subjects: Path, tmp_path: Path) -> None:
    first, again = (Indexes(tmp_path / "work", print).ready(sized(subjects, 64), no_progress) for _ in range(2))
    assert (again.data_dir, again.cost) == (first.data_dir, first.cost)
    assert first.cost.passages > 10 and first.cost.mb > 0 and first.cost.seconds is not None


def test_each_splitter_has_a_folder_of_its_own_and_search_settings_share_one(subjects: Path, tmp_path: Path) -> None:
    indexes = Indexes(tmp_path / "work", print)
    small, large = (indexes.ready(sized(subjects, tokens), no_progress).data_dir for tokens in (64, 128))
    weighted = indexes.ready(sized(subjects, 64, lexical_weight=0.5), no_progress).data_dir
    assert (small != large, small == weighted) == (True, True)


def test_equal_texts_take_their_vectors_from_the_index_before(subjects: Path, tmp_path: Path) -> None:
    indexes = Indexes(tmp_path / "work", print)
    whole, larger = (indexes.ready(sized(subjects, tokens), no_progress).cost for tokens in (1000, 2000))
    assert (whole.passages, whole.shared, larger.passages, larger.shared) == (3, 0, 3, 3)


def test_a_changed_document_is_indexed_and_the_time_from_nothing_is_then_unknown(
    subjects: Path, tmp_path: Path
) -> None:
    Indexes(tmp_path / "work", print).ready(sized(subjects, 1000), no_progress)
    (subjects / "more.txt").write_text("Puffins nest on the cliffs.", encoding="utf-8")
    cost = Indexes(tmp_path / "work", print).ready(sized(subjects, 1000), no_progress).cost
    assert (cost.passages, cost.seconds) == (4, None)


def test_what_cannot_be_indexed_is_said_once(subjects: Path, tmp_path: Path) -> None:
    (subjects / "empty.txt").write_text("", encoding="utf-8")
    said: list[str] = []
    indexes = Indexes(tmp_path / "work", said.append)
    for tokens in (64, 128):
        indexes.ready(sized(subjects, tokens), no_progress)
    assert said == ["not indexed: empty.txt: it is empty"]


def test_an_unknown_embedder_is_refused_before_anything_is_done(subjects: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="The embedding 'word2vec' is not known"):
        Indexes(tmp_path / "work", print).check([sized(subjects, 64), sized(subjects, 64, embedding="word2vec")])
    assert not (tmp_path / "work").exists()
