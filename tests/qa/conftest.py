"""Parts for the tests of the storage: prepared documents, a library, an embedder that counts and fails."""

from __future__ import annotations

import hashlib
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from qa.adapters.chroma_index import ChromaStore
from qa.adapters.hashing_embedder import HashingEmbedder
from qa.domain import Document, Span
from qa.indexing import Indexer
from qa.interfaces import Vector
from qa.library import Library, PreparedDocument, Stamp
from qa.splitting import make_passages

Prepare = Callable[..., PreparedDocument]
OtherProcess = Callable[..., AbstractContextManager[subprocess.Popen[str]]]


class WatchedEmbedder(HashingEmbedder):
    """Keeps the texts that it embeds, and fails when told to.

    Embedders of another `accent` give other vectors of the same length.
    """

    def __init__(self, dimensions: int = 64, *, accent: str = "", fails_at: int | None = None) -> None:
        super().__init__(dimensions)
        self._accent = accent
        self._fails_at = fails_at
        self.calls = 0
        self.texts: list[str] = []

    @property
    def fingerprint(self) -> str:
        return super().fingerprint + self._accent

    def embed(self, texts: Sequence[str]) -> Vector:
        self.calls += 1
        if self.calls == self._fails_at:
            raise RuntimeError("the embedder failed")
        self.texts.extend(texts)
        return super().embed([re.sub(r"\b(?=\w)", self._accent, text) for text in texts])


@pytest.fixture
def new_embedder() -> type[WatchedEmbedder]:
    return WatchedEmbedder


@pytest.fixture
def prepare() -> Prepare:
    """Make a document of the given passages: `prepare("a.txt", "Cats purr.", "Dogs bark.")`."""

    def make(document_id: str, *passages: str, title: str = "Title", pages: bool = False) -> PreparedDocument:
        text = "\n".join(passages)
        spans, start = [], 0
        for passage in passages:
            spans.append(Span(start=start, end=start + len(passage)))
            start += len(passage) + 1
        document = Document(
            id=document_id,
            title=title,
            source=f"/corpus/{document_id}",
            text=text,
            page_starts=tuple(span.start for span in spans) if pages else (),
            encoding="utf-8",
            sha256=hashlib.sha256(text.encode()).hexdigest(),
        )
        stamp = Stamp(size=len(text), modified_ns=1, sha256=document.sha256, splitter="test")
        return PreparedDocument(document=document, passages=tuple(make_passages(document, spans, "test")), stamp=stamp)

    return make


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "library.sqlite3")
    yield library
    library.close()


@pytest.fixture
def store(tmp_path: Path) -> ChromaStore:
    return ChromaStore(tmp_path / "chroma")


@pytest.fixture
def indexer(tmp_path: Path, library: Library, store: ChromaStore) -> Indexer:
    """An indexer with a `WatchedEmbedder`."""
    return Indexer(data_dir=tmp_path, library=library, store=store, embedder=WatchedEmbedder())


@pytest.fixture
def put(library: Library) -> Callable[..., None]:
    """Write prepared documents into `library`, without their vectors."""

    def write(*documents: PreparedDocument) -> None:
        with library.transaction():
            for document in documents:
                library.put_document(document)

    return write


@pytest.fixture
def full_disk() -> Iterator[Callable[[int], None]]:
    """Let no file grow over so many bytes, as a full disk or a quota does, until the test ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda largest: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def other_process() -> Iterator[OtherProcess]:
    """Run `child_processes.py` with arguments; it is killed when the block or the test ends."""
    with ExitStack() as started:

        @contextmanager
        def run(*arguments: object) -> Iterator[subprocess.Popen[str]]:
            script = Path(__file__).parent / "child_processes.py"
            command = [sys.executable, str(script), *map(str, arguments)]
            with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
                started.callback(child.kill)
                try:
                    yield child
                finally:
                    child.kill()

        yield run
