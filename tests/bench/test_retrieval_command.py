"""`python -m bench.retrieval`, on three paragraphs with the real parts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.retrieval import main, ranking, retrievers
from qa.adapters.caching_embedder import CachingEmbedder
from qa.adapters.hashing_embedder import HashingEmbedder
from qa.chatbot import Chatbot

RunBench = Callable[..., Any]


@pytest.fixture
def run_bench(bench_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunBench:
    def run(*arguments: str, bench: Path = bench_folder) -> int:
        words = ["bench.retrieval", "--bench", str(bench), "--work", str(tmp_path / "work"), *arguments]
        monkeypatch.setattr("sys.argv", words)
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    return run


def test_json_holds_every_figure_of_every_ranking(run_bench: RunBench, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_bench("--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert result["split"] == "SQuAD 1.1, development split"
    assert (result["paragraphs"], result["questions"]) == (3, 4)
    assert list(result["rankings"]) == ["lexical alone", "dense alone", "hybrid", "reranked"]
    for metrics in result["rankings"].values():
        assert {name: metric["value"] for name, metric in metrics.items()} == {
            "recall@1": 1.0,
            "recall@5": 1.0,
            "recall@10": 1.0,
            "mrr@10": 1.0,
        }


def test_limit_asks_fewer_questions_and_the_table_names_the_split(
    run_bench: RunBench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_bench("--limit", "2") == 0
    shown = capsys.readouterr().out
    assert "development split: 3 paragraphs, 2 questions" in " ".join(shown.split())
    assert "hybrid" in shown


def test_a_second_run_embeds_no_paragraph_again(
    run_bench: RunBench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_bench("--json") == 0
    embedded: list[str] = []
    monkeypatch.setattr(CachingEmbedder, "embed", _recording(CachingEmbedder.embed, embedded))
    assert run_bench("--json") == 0
    assert {text for text in embedded if not text.endswith("?")} == set()


def test_a_wrong_path_is_one_clear_line_and_exit_code_1(
    run_bench: RunBench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_bench(bench=tmp_path / "nowhere") == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "nowhere" in error and "--bench" in error


def test_dense_alone_is_the_order_of_the_vector_index(bot: Chatbot) -> None:
    bot.sync()
    index = bot.corpus_sync.indexer.open_index()
    question = "Where does the otter sleep?"
    near = index.nearest(HashingEmbedder().embed([question])[0], bot.settings.candidates)
    index.close()
    with retrievers(bot) as by_name, bot.library.snapshot() as snapshot:
        found = ranking(by_name["dense alone"], snapshot, question)
    assert [item.passage.id for item in found] == [neighbour.passage_id for neighbour in near]


def test_lexical_alone_never_asks_the_vector_index(bot: Chatbot) -> None:
    bot.sync()
    with retrievers(bot) as by_name, bot.library.snapshot() as snapshot:
        found = ranking(by_name["lexical alone"], snapshot, "Which otter eats fish?")
    assert [(item.passage.document_id, item.dense_rank) for item in found] == [("nature/otter.md", None)]


def _recording(embed: Any, embedded: list[str]) -> Any:
    def recorded(self: Any, texts: Any) -> Any:
        embedded.extend(texts)
        return embed(self, texts)

    return recorded
