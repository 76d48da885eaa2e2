"""What else retrieval and reranking were tried with: one setting changed at a time.

    uv run python -m bench.tuning --bench PATH [--limit N]

Each question is searched once, deeper than the chatbot does, and its first 40 passages are read; every row of the table
is made of these ranks and scores. Questions about articles that the reader was trained on are left out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from bench.ranks import figures_of, gold_rank
from bench.retrieval import WORK
from bench.squad import SquadQuestion, corpus_key, evenly, load_development_split, write_corpus
from bench.tables import show_tuning
from eval.metrics import Metric
from qa.adapters.caching_embedder import CachingEmbedder
from qa.adapters.local_embedder import LocalEmbedder
from qa.answering.reranking import reordered
from qa.api import open_chatbot
from qa.bundled_files import embedder_folder
from qa.cli_display import progress_bar
from qa.domain import RankedPassage
from qa.errors import QAError
from qa.retrieval import reciprocal_rank_fusion
from qa.settings import load_settings
from training.reader_data import trained_articles

_READ = 40


@dataclass(frozen=True, slots=True)
class Tried:
    """Settings of one row; those of the chatbot are the defaults of `qa.settings`."""

    lexical_weight: float
    fusion_k: float
    candidates: int
    passages_reranked: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: what differs from the chatbot's settings, in words, and the figures by name."""

    differs: str
    tried: Tried
    figures: dict[str, Metric]


def rows_of(found: Sequence[Sequence[RankedPassage]], questions: Sequence[SquadQuestion], default: Tried) -> list[Row]:
    """Give the table: the default first, then one setting changed at a time.

    Args:
        found: For each question its passages with their ranks in both rankings and their readings.
        questions: The same questions.
        default: The chatbot's settings.
    """
    articles = [question.article for question in questions]
    rows = []
    for differs, tried in _grid(default):
        ranks = [
            gold_rank(_as_tried(passages, tried), question.document_id)
            for passages, question in zip(found, questions, strict=True)
        ]
        rows.append(Row(differs, tried, figures_of(ranks, articles)))
    return rows


def _grid(default: Tried) -> Iterator[tuple[str, Tried]]:
    yield "as the chatbot does", default
    for depth in (0, 5, 8, 10, 12, 15, 20, 30):
        yield f"{depth} passages reranked", replace(default, passages_reranked=depth)
    for weight in (0.0, 0.5, 1.0, 2.0, 4.0):
        yield f"lexical weight {weight:g}", replace(default, lexical_weight=weight)
    for k in (1.0, 5.0, 20.0, 60.0):
        yield f"fusion constant {k:g}", replace(default, fusion_k=k)
    for candidates in (10, 20, 50):
        yield f"{candidates} candidates of each ranking", replace(default, candidates=candidates)


def _as_tried(passages: Sequence[RankedPassage], tried: Tried) -> list[RankedPassage]:
    """Give a question's passages in the order in which these settings bring them."""
    by_id = {item.passage.id: item for item in passages}
    lexical = _first(tried.candidates, {name: item.lexical_rank for name, item in by_id.items()})
    dense = _first(tried.candidates, {name: item.dense_rank for name, item in by_id.items()})
    fused = reciprocal_rank_fusion([(lexical, tried.lexical_weight), (dense, 1.0)], tried.fusion_k)
    ordered = [replace(by_id[name], score=score) for name, score in fused if score > 0]
    head, tail = ordered[: tried.passages_reranked], ordered[tried.passages_reranked :]
    return [*reordered(head), *tail]


def _first(most: int, ranks: Mapping[str, int | None]) -> dict[str, int]:
    return {name: rank for name, rank in ranks.items() if rank is not None and rank <= most}


def command(
    bench: Annotated[Path, typer.Option(help="Folder of the public benchmark data.")],
    limit: Annotated[int | None, typer.Option(help="Questions at most, spread evenly.", min=1)] = 1000,
    work: Annotated[Path, typer.Option(help="Folder of corpus and index, kept for a next run.")] = WORK,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, not a table.")] = False,
) -> None:
    """Change one setting of retrieval and reranking at a time, on SQuAD 1.1, articles unseen in training."""
    squad = load_development_split(bench)
    trained = trained_articles(bench)
    questions = evenly([item for item in squad.questions if item.article not in trained], limit)
    folder = work / corpus_key(squad)
    write_corpus(squad, folder / "corpus")
    settings = load_settings(corpus_dir=folder / "corpus", data_dir=folder / "data")
    default = Tried(settings.lexical_weight, settings.fusion_k, settings.candidates, settings.passages_reranked)
    embedder = CachingEmbedder(LocalEmbedder(embedder_folder(), threads=settings.threads), capacity=100_000)
    deep = settings.model_copy(update={"passages_reranked": _READ})
    with progress_bar() as progress, open_chatbot(deep, embedder=embedder) as bot:
        bot.sync(progress=progress)
        found = []
        for done, question in enumerate(questions, start=1):
            found.append(bot.search(question.text, limit=2 * settings.candidates))
            progress("Read", done, len(questions))
    rows = rows_of(found, questions, default)
    if as_json:
        print(json.dumps({"questions": len(questions), "rows": [asdict(row) for row in rows]}, indent=2))
    else:
        show_tuning(rows, len(questions))


def main() -> None:
    """Run the command line: exit code 0 for a result, 2 for wrong usage, 1 for a failure."""
    try:
        typer.run(command)
    except QAError as error:
        print(f"bench.tuning: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
