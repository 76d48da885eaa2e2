"""What is indexed, and whether it is whole: `qa status` and `qa doctor`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.chatbot import Chatbot
from qa.errors import QAError, VectorIndexError
from qa.indexing import Indexer
from qa.snapshot import DocumentInfo

# So many passages, spread over all, are looked up by their own vector.
_SELF_QUERIES = 100
# Cosine of a vector with itself, computed in single precision.
_SELF_SIMILARITY = 0.999


@dataclass(frozen=True, kw_only=True, slots=True)
class LibraryStatus:
    """What is indexed.

    Attributes:
        embedder: Fingerprint of the embedder that made the vectors; None when nothing is indexed.
        last_sync: UTC time of the last sync that changed something; None when there was none.
    """

    corpus_dir: Path
    data_dir: Path
    documents: tuple[DocumentInfo, ...]
    passages: int
    embedder: str | None
    library_bytes: int
    index_bytes: int
    last_sync: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was examined; `mended` tells that it was wrong and is right now."""

    what: str
    ok: bool
    mended: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Examination:
    """What an examination found, in the order in which it looked."""

    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        """Tell whether everything is right, or was mended."""
        return all(finding.ok or finding.mended for finding in self.findings)


def status_of(bot: Chatbot) -> LibraryStatus:
    """Tell what is indexed, without indexing anything.

    Raises:
        CorpusError: The data folder belongs to another corpus.
        LibraryError: The library is damaged.
    """
    bot.corpus_sync.check_same_corpus()
    indexer = bot.corpus_sync.indexer
    with bot.library.snapshot() as snapshot:
        return LibraryStatus(
            corpus_dir=bot.corpus_sync.corpus_dir,
            data_dir=indexer.data_dir,
            documents=tuple(snapshot.documents()),
            passages=snapshot.passage_count(),
            embedder=snapshot.meta("embedder"),
            library_bytes=sum(path.stat().st_size for path in indexer.data_dir.glob("library.sqlite3*")),
            index_bytes=indexer.store.size_bytes(),
            last_sync=snapshot.meta("last_sync"),
        )


def examine(bot: Chatbot) -> Examination:
    """Examine the library, then the vector index against it, and mend the index when it is wrong.

    Raises:
        LockedError: Something must be mended, and another process is writing.
    """
    library = _examine_library(bot)
    if not library.ok:
        return Examination(findings=(library,))
    indexer = bot.corpus_sync.indexer
    with bot.library.snapshot() as snapshot:
        nothing_indexed = snapshot.passage_count() == 0
    if nothing_indexed:
        return Examination(findings=(library, Finding(what="Nothing is indexed yet; run `qa index`.", ok=True)))
    problem = _index_problem(indexer)
    if problem is None:
        agrees = "The vector index holds the library's passages, and each one looked up is found."
        return Examination(findings=(library, Finding(what=agrees, ok=True)))
    indexer.repair(from_nothing=True)
    left = _index_problem(indexer)
    mended = Finding(
        what=f"{problem} Made anew from the library." if left is None else left, ok=False, mended=left is None
    )
    return Examination(findings=(library, mended))


def _examine_library(bot: Chatbot) -> Finding:
    try:
        with bot.library.snapshot() as snapshot:
            problems = snapshot.check()
            count = snapshot.passage_count()
    except QAError as error:
        return Finding(what=str(error), ok=False)
    if problems:
        advice = "Move the data folder away and run `qa index`."
        return Finding(what=f"The library is damaged: {'; '.join(problems[:3])}. {advice}", ok=False)
    return Finding(what=f"The library is whole; its passages ({count}) are the text at their place.", ok=True)


def _index_problem(indexer: Indexer) -> str | None:
    """Give what is wrong with the vector index; None when nothing is."""
    try:
        index = indexer.open_index()
    except VectorIndexError as error:
        return str(error)
    try:
        with indexer.library.snapshot() as snapshot:
            ids = sorted(snapshot.passage_ids())
            sample = ids[:: max(1, len(ids) // _SELF_QUERIES)]
            for item in snapshot.vectors(indexer.embedder.fingerprint, sample):
                nearest = index.nearest(item.vector, 1)
                if not nearest or nearest[0].similarity < _SELF_SIMILARITY or not np.isfinite(nearest[0].similarity):
                    return f"The vector index does not find passage {item.passage.id} by its own vector."
    except VectorIndexError as error:
        return str(error)
    finally:
        index.close()
    return None
