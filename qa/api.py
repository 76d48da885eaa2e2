"""Where the parts are chosen: `open_chatbot` for programs, `ask` for a single question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock

from qa.adapters.caching_embedder import CachingEmbedder
from qa.adapters.chroma_index import ChromaStore
from qa.adapters.llama_splitter import LlamaSentenceSplitter
from qa.adapters.local_embedder import LocalEmbedder
from qa.adapters.onnx_reader import OnnxReader
from qa.answering.extractive import ExtractiveAnswerer
from qa.bundled_files import embedder_folder, reader_folder
from qa.chatbot import Chatbot
from qa.domain import Answer, Turn
from qa.errors import DataDirError
from qa.indexing import Indexer
from qa.interfaces import Embedder
from qa.library import Library
from qa.settings import Settings, load_settings
from qa.syncing import CorpusSync

# Vectors of sentences that questions were compared with, 1.5 KB each.
_SENTENCES_REMEMBERED = 8192


def open_chatbot(settings: Settings | None = None, *, embedder: Embedder | None = None) -> Chatbot:
    """Open a chatbot on a corpus; nothing is read or indexed before its first use.

    Args:
        settings: None takes the environment's and the defaults: the bundled `seeds/`.
        embedder: None takes the embedded one.

    Raises:
        SettingsError: A setting in the environment cannot be used.
        DataDirError: The data folder cannot be created or written.
        LibraryError: The library is damaged or from another version.
    """
    settings = settings or load_settings()
    embedder = embedder or LocalEmbedder(embedder_folder(), threads=settings.threads)
    data_dir = _ready(settings.resolved_data_dir())
    library = Library(data_dir / "library.sqlite3")
    indexer = Indexer(data_dir=data_dir, library=library, store=ChromaStore(data_dir / "chroma"), embedder=embedder)
    corpus_sync = CorpusSync(
        corpus_dir=settings.corpus_dir.expanduser(),
        splitter=LlamaSentenceSplitter(
            passage_tokens=settings.passage_tokens,
            overlap_tokens=settings.overlap_tokens,
            count_tokens=embedder.count_tokens,
        ),
        max_file_bytes=settings.max_file_bytes,
        indexer=indexer,
    )
    answerer = ExtractiveAnswerer(
        embedder=CachingEmbedder(embedder, _SENTENCES_REMEMBERED),
        reader=embedded_reader(settings),
        refusal=settings.refusal,
        max_statements=settings.max_statements,
    )
    return Chatbot(settings=settings, library=library, corpus_sync=corpus_sync, answerer=answerer)


def embedded_reader(settings: Settings) -> OnnxReader:
    """Give the span reader that comes with the package."""
    return OnnxReader(reader_folder(), tokenizer_file=embedder_folder() / "tokenizer.json", threads=settings.threads)


def ask(question: str, *, history: Sequence[Turn] = (), settings: Settings | None = None) -> Answer:
    """Answer one question, by default from the bundled `seeds/`; the first call indexes the corpus.

    The chatbot stays open for the next call with equal settings. Safe to call from several threads.

    Args:
        question: 1 to 4,000 characters.
        history: Earlier turns, oldest first.
        settings: None takes the environment's and the defaults.

    Raises:
        QAError: As `open_chatbot` and `Chatbot.ask`.
    """
    with _keeping:  # threads that ask for the first time at once get the same chatbot
        chatbot = _kept_chatbot(settings or load_settings())
    return chatbot.ask(question, history=history)


_keeping = Lock()


@lru_cache(maxsize=4)
def _kept_chatbot(settings: Settings) -> Chatbot:
    return open_chatbot(settings)


def _ready(data_dir: Path) -> Path:
    try:
        str(data_dir).encode()  # Chroma takes UTF-8 paths only
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = data_dir / ".writable"
        probe.touch()
        probe.unlink(missing_ok=True)  # another process may probe at the same time
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its path is not valid UTF-8"
        raise DataDirError(
            f"The data folder {data_dir} cannot be written ({reason}); choose another with --data-dir or QA_DATA_DIR."
        ) from error
    return data_dir
