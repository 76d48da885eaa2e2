"""One index for each splitter and embedder, kept in a folder of its own for the next comparison."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from qa.adapters.caching_embedder import CachingEmbedder
from qa.adapters.llama_embedder import named_embedder
from qa.adapters.local_embedder import LocalEmbedder
from qa.api import open_chatbot
from qa.bundled_files import embedder_folder
from qa.domain import SyncReport
from qa.errors import DataDirError
from qa.interfaces import Embedder, Vector
from qa.settings import Settings
from qa.syncing import Progress

# Some 1.5 KB and the text itself each.
_TEXTS_SHARED = 50_000
_COST_FILE = "cost.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class IndexCost:
    """What an index costs.

    Attributes:
        passages: Their number.
        mb: Size on disk of library and vector index, in MB (10⁶ bytes).
        seconds: Time to make it from nothing; None where it was made in several goes.
        shared: Vectors that it took from the index before, for equal texts; they are missing from `seconds`.
    """

    passages: int
    mb: float
    seconds: float | None
    shared: int


@dataclass(frozen=True, slots=True)
class ReadyIndex:
    """An index that agrees with the corpus.

    Attributes:
        data_dir: Where it lies.
        embedder: Who made its vectors.
    """

    data_dir: Path
    embedder: Embedder
    cost: IndexCost


class Indexes:
    """The indexes under a work folder; one embedder of each name, and the vectors it gave, are shared by all."""

    def __init__(self, work: Path, warn: Callable[[str], None]) -> None:
        """Begin with what is there.

        Args:
            work: Folder for indexes of any corpora.
            warn: Called with each sentence the user should see, once for each.
        """
        self._work = work
        self._warn = warn
        self._warned: set[str] = set()
        self._embedders: dict[str, Embedder] = {}
        self._shared: dict[str, _Shared] = {}

    def check(self, settings: Iterable[Settings]) -> None:
        """Make sure that every embedder's name is one; no model is loaded.

        Raises:
            SettingsError: One is not.
        """
        for of_row in settings:
            self._embedder(of_row)

    def ready(self, settings: Settings, progress: Progress) -> ReadyIndex:
        """Give the index for the settings, made or brought up to date; one that was cut off goes on.

        Raises:
            QAError: The corpus cannot be indexed, the embedder cannot be used, or the folder cannot be written.
        """
        embedder, shared = self._embedder(settings)
        data_dir = self._work / _folder_name(settings, embedder)
        anew = not data_dir.exists()
        before = shared.computed
        building = settings.model_copy(update={"data_dir": data_dir})
        with open_chatbot(building, embedder=shared.remembering) as bot:
            # What is loaded at its first use would count against the first index.
            bot.corpus_sync.splitter.split("A sentence.")
            shared.load()
            report = bot.sync(progress=progress)
        for file in report.failed:
            self._warn_once(f"not indexed: {file.path}: {file.reason}")
        cost = _cost(data_dir, report, anew=anew, shared=report.embedded - (shared.computed - before))
        return ReadyIndex(data_dir, embedder, cost)

    def _embedder(self, settings: Settings) -> tuple[Embedder, _Shared]:
        name = settings.embedding
        if name not in self._embedders:
            embedder = named_embedder(settings, LocalEmbedder(embedder_folder(), threads=settings.threads))
            self._embedders[name], self._shared[name] = embedder, _Shared(embedder)
        return self._embedders[name], self._shared[name]

    def _warn_once(self, sentence: str) -> None:
        if sentence not in self._warned:
            self._warned.add(sentence)
            self._warn(sentence)


class _Shared:
    """An embedder that remembers, and how many texts it did not know."""

    def __init__(self, embedder: Embedder) -> None:
        self.computed = 0
        self._loaded = False
        self._embedder = embedder
        self.remembering = CachingEmbedder(self, _TEXTS_SHARED)

    def load(self) -> None:
        """Make the embedder load its model, once."""
        if not self._loaded:
            self._embedder.embed(["A sentence."])
            self._loaded = True

    @property
    def fingerprint(self) -> str:
        """That of the embedder within."""
        return self._embedder.fingerprint

    @property
    def dimensions(self) -> int:
        """Length of each vector."""
        return self._embedder.dimensions

    def embed(self, texts: Sequence[str]) -> Vector:
        """Give the vectors, and count them."""
        self.computed += len(texts)
        return self._embedder.embed(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Give each text's length in tokens."""
        return self._embedder.count_tokens(texts)


def _folder_name(settings: Settings, embedder: Embedder) -> str:
    corpus = os.path.realpath(settings.corpus_dir.expanduser())
    told = json.dumps([corpus, settings.max_file_bytes, embedder.fingerprint])
    key = hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return f"index-{settings.passage_tokens}-{settings.overlap_tokens}-{key}"


def _cost(data_dir: Path, report: SyncReport, *, anew: bool, shared: int) -> IndexCost:
    """Give the cost of an index that was just synced, and keep it for the runs that find the index made."""
    changed = bool(report.added or report.updated or report.removed or report.renamed or report.embedded)
    known = None if anew or changed else _kept(data_dir)
    if known is not None:
        return known
    cost = IndexCost(
        passages=report.passages,
        mb=_megabytes(data_dir),
        seconds=report.seconds if anew else None,
        shared=max(0, shared),
    )
    try:
        (data_dir / _COST_FILE).write_text(json.dumps(asdict(cost)), encoding="utf-8")
    except OSError as error:
        raise DataDirError(f"The folder {data_dir} cannot be written ({error.strerror}); choose another.") from error
    return cost


def _kept(data_dir: Path) -> IndexCost | None:
    try:
        return TypeAdapter(IndexCost).validate_json((data_dir / _COST_FILE).read_bytes())
    except (OSError, ValidationError):
        return None


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
