"""Question → ranked passages: the lexical and the dense ranking, fused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from qa.domain import RankedPassage
from qa.errors import ModelError, VectorIndexError
from qa.interfaces import Embedder, PassageIndex
from qa.snapshot import Snapshot

_WORD = re.compile(r"[^\W_]+")
# Words that say how something is asked, not what about. Measured in bench/: without them FTS5 finds more.
_STOP_WORDS = frozenset(
    "a about am an and any are as at be been being but by can could did do does for from had has have he"
    " her him his how i if in into is it its me my of on or our shall she should so than that the their"
    " them then there these they this those to us was we were what when where which who whom whose why"
    " will with would you your please tell".split()
)
_TITLE_WEIGHT = 1.0


@dataclass(frozen=True, kw_only=True)
class Retriever:
    """Finds passages for a question.

    Attributes:
        index: The vector index; None ranks by words alone.
        candidates: Passages taken from each ranking.
        lexical_weight: Weight of the lexical ranking; the dense one has weight 1.
        fusion_k: Constant of reciprocal rank fusion.
    """

    embedder: Embedder
    index: PassageIndex | None
    candidates: int
    lexical_weight: float
    fusion_k: float

    def search(
        self, snapshot: Snapshot, question: str, limit: int, document_ids: Sequence[str] | None = None
    ) -> list[RankedPassage]:
        """Give at most `limit` passages, best first, ties by id; None looks in all documents.

        Raises:
            VectorIndexError: The vector index cannot be read.
            ModelError: The embedder's service did not give the question's vector.
        """
        depth = max(limit, self.candidates)
        lexical = lexical_ranking(snapshot, question, depth, document_ids)
        similarities: dict[str, float] = {}
        if self.index is not None:
            vector = self.embedder.embed([question])[0]
            neighbours = self.index.nearest(vector, depth, document_ids)
            similarities = {neighbour.passage_id: neighbour.similarity for neighbour in neighbours}
        lexical_ranks = _ranks(lexical)
        dense_ranks = _ranks(list(similarities))
        fused = reciprocal_rank_fusion([(lexical_ranks, self.lexical_weight), (dense_ranks, 1.0)], self.fusion_k)
        # The index may hold passages of a state that the snapshot does not know (yet, or any more).
        passages = snapshot.passages([name for name, _ in fused])
        ranked = [
            RankedPassage(
                passage=passages[name],
                score=score,
                lexical_rank=lexical_ranks.get(name),
                dense_rank=dense_ranks.get(name),
                similarity=similarities.get(name),
            )
            for name, score in fused
            if name in passages
        ]
        return ranked[:limit]

    def search_or_by_words(
        self, snapshot: Snapshot, question: str, limit: int, document_ids: Sequence[str] | None = None
    ) -> Found:
        """Do as `search`, and by words alone, with a notice of why, where the embedder or the index fails."""
        try:
            return Found(self.search(snapshot, question, limit, document_ids))
        except (VectorIndexError, ModelError) as error:
            by_words = replace(self, index=None)
            return Found(by_words.search(snapshot, question, limit, document_ids), notices=(str(error),))


@dataclass(frozen=True, slots=True)
class Found:
    """Passages, best first, and what the user should know about the search."""

    passages: list[RankedPassage]
    notices: tuple[str, ...] = ()


def lexical_ranking(
    snapshot: Snapshot, question: str, limit: int, document_ids: Sequence[str] | None = None
) -> list[str]:
    """Give the ids of at most `limit` passages by BM25, best first; empty when the question has no word."""
    expression = match_expression(question)
    return snapshot.matching(expression, limit, document_ids, _TITLE_WEIGHT) if expression else []


def match_expression(question: str) -> str:
    """Give the FTS5 expression for a question: any of its words counts; empty when it has none.

    Every word is quoted, so nothing a user types is read as FTS5 syntax.
    """
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(question)))
    telling = [word for word in words if word not in _STOP_WORDS] or words
    return " OR ".join(f'"{word}"' for word in telling)


def reciprocal_rank_fusion(rankings: Sequence[tuple[Mapping[str, int], float]], k: float) -> list[tuple[str, float]]:
    """Fuse rankings: score = Σ weight / (k + rank), higher is better.

    From Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank
    learning methods", SIGIR 2009, with a weight for each ranking.

    Args:
        rankings: 1-based ranks by id, and the ranking's weight.
        k: Constant that flattens the top of each ranking; larger is flatter.

    Returns:
        Ids with their scores, best first, ties by id.
    """
    scores: dict[str, float] = {}
    for ranks, weight in rankings:
        for name, rank in ranks.items():
            scores[name] = scores.get(name, 0.0) + weight / (k + rank)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _ranks(names: Sequence[str]) -> dict[str, int]:
    return {name: rank for rank, name in enumerate(names, start=1)}
