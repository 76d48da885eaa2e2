"""Where the parts are chosen: `open_chatbot` for programs, `ask` for a single question."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from qa.adapters.caching_embedder import CachingEmbedder
from qa.adapters.chroma_index import ChromaStore
from qa.adapters.llama_embedder import named_embedder, wrapped_embedding
from qa.adapters.llama_interop import LlamaInterop
from qa.adapters.llama_models import openai_chat_model, wrapped_llm
from qa.adapters.llama_splitter import LlamaSentenceSplitter
from qa.adapters.local_embedder import LocalEmbedder
from qa.adapters.onnx_reader import OnnxReader
from qa.adapters.question_embedder import question_embedder
from qa.adapters.remembering_reader import RememberingReader
from qa.answering.extractive import ExtractiveAnswerer
from qa.answering.generative import GenerativeAnswerer
from qa.answering.reranking import Reranker
from qa.bundled_files import embedder_folder, reader_folder
from qa.chatbot import Chatbot
from qa.condensing import condense_offline
from qa.domain import Answer, Turn
from qa.errors import DataDirError
from qa.indexing import Indexer
from qa.interfaces import ChatModel, Embedder
from qa.library import Library
from qa.model_calls import SteadyModel
from qa.model_condensing import ModelCondenser
from qa.pricing import load_prices
from qa.prompts import load_prompts
from qa.settings import Settings, load_settings
from qa.syncing import CorpusSync

# Vectors of questions, and of sentences that they were compared with, 1.5 KB each.
_TEXTS_REMEMBERED = 8192
# Those that put the passages in order serve the answer as well; a few questions may be under way at once.
_READINGS_REMEMBERED = 256
_CHATBOTS_KEPT = 4


def open_chatbot(
    settings: Settings | None = None,
    *,
    embedder: Embedder | None = None,
    llm: Any | None = None,
    chat_model: ChatModel | None = None,
    embed_model: Any | None = None,
) -> Chatbot:
    """Open a chatbot on a corpus; nothing is read or indexed, and no service is called, before its first use.

    Args:
        settings: None takes the environment's and the defaults: the bundled `seeds/`.
        embedder: None takes what `embed_model` or the settings say.
        llm: A llama-index LLM that writes the answers; None takes what the settings say.
        chat_model: Any other chat model that writes the answers; None takes `llm` or what the settings say.
        embed_model: A llama-index embedding that passages are found by; None takes what the settings say.

    Raises:
        SettingsError: A setting in the environment cannot be used.
        PromptError: A prompt cannot be used.
        DataDirError: The data folder cannot be created or written.
        LibraryError: The library is damaged or from another version.
    """
    settings = settings or load_settings()
    # Sentences are weighed by the embedder that the weights were fitted with, whoever finds the passages.
    weighing = embedder or LocalEmbedder(embedder_folder(), threads=settings.threads)
    if embed_model is not None:
        embedder = wrapped_embedding(embed_model, weighing.count_tokens)
    embedder = embedder or named_embedder(settings, weighing)
    asking = question_embedder(embedder, settings)
    remembering = CachingEmbedder(weighing, _TEXTS_REMEMBERED)
    reader = RememberingReader(embedded_reader(settings), _READINGS_REMEMBERED)
    extractive = ExtractiveAnswerer(
        embedder=remembering,
        reader=reader,
        refusal=settings.refusal,
        max_statements=settings.max_statements,
        passages_read=settings.passages_read,
    )
    chat_model = chat_model or _chat_model(settings, llm)
    voice = None if chat_model is None else _voice(settings, chat_model, extractive, embedder)
    corpus_sync = _corpus_sync(settings, embedder)
    return Chatbot(
        settings=settings,
        library=corpus_sync.indexer.library,
        corpus_sync=corpus_sync,
        answerer=extractive if voice is None else voice.answerer,
        embedder=remembering if embedder is weighing else CachingEmbedder(asking, _TEXTS_REMEMBERED),
        condense=condense_offline if voice is None else voice.condenser,
        reranker=Reranker(reader=reader, depth=settings.passages_reranked),
        chat_model=chat_model,
        interop=LlamaInterop(),
    )


def _corpus_sync(settings: Settings, embedder: Embedder) -> CorpusSync:
    data_dir = _ready(settings.resolved_data_dir())
    library = Library(data_dir / "library.sqlite3")
    return CorpusSync(
        corpus_dir=settings.corpus_dir.expanduser(),
        splitter=LlamaSentenceSplitter(
            passage_tokens=settings.passage_tokens,
            overlap_tokens=settings.overlap_tokens,
            count_tokens=embedder.count_tokens,
        ),
        max_file_bytes=settings.max_file_bytes,
        indexer=Indexer(data_dir=data_dir, library=library, store=ChromaStore(data_dir / "chroma"), embedder=embedder),
    )


@dataclass(frozen=True, slots=True)
class _Voice:
    """What a chat model does in a chatbot."""

    answerer: GenerativeAnswerer
    condenser: ModelCondenser


def _voice(settings: Settings, model: ChatModel, fallback: ExtractiveAnswerer, embedder: Embedder) -> _Voice:
    prompts, prices = load_prompts(settings.prompts_dir), load_prices(settings.prices_file)
    answerer = GenerativeAnswerer(
        model=model,
        prompts=prompts,
        prices=prices,
        fallback=fallback,
        count_tokens=embedder.count_tokens,
        passages_wanted=settings.model_passages,
        passage_budget=settings.model_passage_tokens,
    )
    return _Voice(
        answerer,
        ModelCondenser(model=model, prompts=prompts, prices=prices, longest=settings.max_question_chars),
    )


def _chat_model(settings: Settings, llm: Any | None) -> ChatModel | None:
    """Give the model that writes the answers; None when the extractive answerer does."""
    if llm is not None:
        return SteadyModel(model=wrapped_llm(llm, settings), seconds=settings.total_seconds)
    if settings.uses_chat_model:
        return SteadyModel(model=openai_chat_model(settings), seconds=settings.total_seconds)
    return None


def embedded_reader(settings: Settings) -> OnnxReader:
    """Give the span reader that comes with the package."""
    return OnnxReader(reader_folder(), tokenizer_file=embedder_folder() / "tokenizer.json", threads=settings.threads)


def ask(question: str, *, history: Sequence[Turn] = (), settings: Settings | None = None) -> Answer:
    """Answer one question, by default from the bundled `seeds/`; the first call indexes the corpus.

    The chatbot stays open for the next call with equal settings. Safe to call from several threads.

    Args:
        question: 1 to `Settings.max_question_chars` characters.
        history: Earlier turns, oldest first.
        settings: None takes the environment's and the defaults.

    Raises:
        QAError: As `open_chatbot` and `Chatbot.ask`.
    """
    with _kept_chatbots.in_use(settings or load_settings()) as chatbot:
        return chatbot.ask(question, history=history)


class _KeptChatbots:
    """The last few chatbots that were asked, by settings; threads that ask at once get the same one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._chatbots: OrderedDict[Settings, Chatbot] = OrderedDict()
        self._users: Counter[Settings] = Counter()

    @contextmanager
    def in_use(self, settings: Settings) -> Iterator[Chatbot]:
        """Give the chatbot; while it is in use it is not closed."""
        with self._lock:
            if settings not in self._chatbots:
                self._chatbots[settings] = open_chatbot(settings)
            self._chatbots.move_to_end(settings)
            self._users[settings] += 1
            chatbot = self._chatbots[settings]
        try:
            yield chatbot
        finally:
            with self._lock:
                self._users[settings] -= 1
                self._close_oldest()

    def _close_oldest(self) -> None:
        for settings in list(self._chatbots)[:-_CHATBOTS_KEPT]:
            if not self._users[settings]:
                del self._users[settings]
                self._chatbots.pop(settings).close()


_kept_chatbots = _KeptChatbots()


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
