"""How often retrieval finds the right paragraph: SQuAD 1.1, development split.

Usage: `uv run python -m bench.retrieval --bench ../shared/bench [--limit N] [--work DIR] [--json]`

Each paragraph is a document of its own, indexed by the real `sync`; each question is searched by words alone,
by vectors alone, by both fused, and by both fused and reranked as the product does it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bench.ranks import Rank, figures_of, gold_rank
from bench.squad import Squad, SquadQuestion, corpus_key, evenly, load_development_split, write_corpus
from eval.metrics import Metric
from qa.adapters.caching_embedder import CachingEmbedder
from qa.adapters.local_embedder import LocalEmbedder
from qa.api import open_chatbot
from qa.bundled_files import embedder_folder
from qa.chatbot import Chatbot
from qa.cli_display import progress_bar
from qa.domain import RankedPassage
from qa.errors import QAError
from qa.retrieval import Retriever
from qa.settings import Settings, load_settings
from qa.snapshot import Snapshot
from qa.syncing import Progress

Search = Callable[[Snapshot, str], list[RankedPassage]]
"""A question's passages, best first."""

WORK = Path("runs/bench")
SPLIT = "SQuAD 1.1, development split"


@dataclass(frozen=True, kw_only=True, slots=True)
class RetrievalResult:
    """Metrics by ranking, then by their own name; `seconds` are those of all searches of a ranking."""

    split: str
    paragraphs: int
    questions: int
    settings: dict[str, float]
    seconds: dict[str, float]
    rankings: dict[str, dict[str, Metric]]

    def to_dict(self) -> dict[str, Any]:
        """Give the result as plain JSON-ready values."""
        return asdict(self)


def measure(squad: Squad, work: Path, *, limit: int | None, progress: Progress) -> RetrievalResult:
    """Index the paragraphs under `work`, where a second run finds them, and search every question.

    Args:
        squad: Paragraphs and questions.
        work: Folder of corpora and indexes, each set of paragraphs in a folder of its own.
        limit: Questions at most, spread evenly over the file; None asks all.
        progress: Called as the work goes on.

    Raises:
        QAError: The paragraphs cannot be indexed or searched.
    """
    folder = work / corpus_key(squad)
    write_corpus(squad, folder / "corpus")
    settings = load_settings(corpus_dir=folder / "corpus", data_dir=folder / "data")
    embedder = CachingEmbedder(LocalEmbedder(embedder_folder(), threads=settings.threads), capacity=100_000)
    questions = evenly(squad.questions, limit)
    articles = [question.article for question in questions]
    with open_chatbot(settings, embedder=embedder) as bot:
        bot.sync(progress=progress)
        embedder.embed([question.text for question in questions])
        seconds, rankings = {}, {}
        with rankings_of(bot) as by_name:
            for name, search in by_name.items():
                started = time.perf_counter()
                ranks = _ranks(name, bot, search, questions, progress)
                seconds[name] = time.perf_counter() - started
                rankings[name] = figures_of(ranks, articles)
    return RetrievalResult(
        split=SPLIT,
        paragraphs=len(squad.paragraphs),
        questions=len(questions),
        settings=_retrieval_settings(settings),
        seconds=seconds,
        rankings=rankings,
    )


@contextmanager
def rankings_of(bot: Chatbot) -> Iterator[dict[str, Search]]:
    """Give the rankings by name: the three of `retrievers`, and the hybrid one reranked as the product does it.

    Raises:
        VectorIndexError: The vector index does not agree with the library.
    """
    reranker = bot.reranker
    with retrievers(bot) as by_name:
        searches: dict[str, Search] = {name: partial(ranking, retriever) for name, retriever in by_name.items()}
        if reranker is not None and reranker.depth:
            hybrid = by_name["hybrid"]
            searches["reranked"] = lambda snapshot, question: reranker.rerank(
                question, ranking(hybrid, snapshot, question)
            )
        yield searches


@contextmanager
def retrievers(bot: Chatbot) -> Iterator[dict[str, Retriever]]:
    """Give the three rankings by name, with the chatbot's own settings and vector index.

    Raises:
        VectorIndexError: The vector index does not agree with the library.
    """
    index = bot.corpus_sync.indexer.open_index()
    hybrid = Retriever(
        embedder=bot.corpus_sync.indexer.embedder,
        index=index,
        candidates=bot.settings.candidates,
        lexical_weight=bot.settings.lexical_weight,
        fusion_k=bot.settings.fusion_k,
    )
    try:
        yield {
            "lexical alone": replace(hybrid, index=None),
            "dense alone": replace(hybrid, lexical_weight=0.0),
            "hybrid": hybrid,
        }
    finally:
        index.close()


def ranking(retriever: Retriever, snapshot: Snapshot, question: str) -> list[RankedPassage]:
    """Give all that a retriever finds, best first; of a dense one, only what the vector index found.

    With weight 0 the lexical ranking still adds its passages, with score 0 after all others; drop them.
    """
    found = retriever.search(snapshot, question, retriever.candidates)
    if retriever.lexical_weight == 0:
        return [item for item in found if item.dense_rank is not None]
    return found


def _ranks(
    name: str, bot: Chatbot, search: Search, questions: Sequence[SquadQuestion], progress: Progress
) -> list[Rank]:
    ranks = []
    with bot.library.snapshot() as snapshot:
        for done, question in enumerate(questions, start=1):
            found = search(snapshot, question.text)
            ranks.append(gold_rank(found, question.document_id))
            progress(name.capitalize(), done, len(questions))
    return ranks


def _retrieval_settings(settings: Settings) -> dict[str, float]:
    names = ("passage_tokens", "overlap_tokens", "candidates", "lexical_weight", "fusion_k", "passages_reranked")
    return {name: getattr(settings, name) for name in names}


def command(
    bench: Annotated[Path, typer.Option(help="Folder of the public benchmark data.")],
    limit: Annotated[int | None, typer.Option(help="Questions at most, spread evenly over the file.", min=1)] = None,
    work: Annotated[Path, typer.Option(help="Folder of corpus and index, kept for a next run.")] = WORK,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, not a table.")] = False,
) -> None:
    """Measure Recall@k and MRR@10 of the gold paragraph on SQuAD 1.1, development split."""
    squad = load_development_split(bench)
    with progress_bar() as progress:
        result = measure(squad, work, limit=limit, progress=progress)
    if as_json:
        print(json.dumps(result.to_dict(), indent=2))
    else:
        from bench.tables import show_retrieval

        show_retrieval(result)


def main() -> None:
    """Run the command line: exit code 0 for a result, 2 for wrong usage, 1 for a failure."""
    try:
        typer.run(command)
    except QAError as error:
        print(f"bench.retrieval: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
