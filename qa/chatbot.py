"""The whole story of a question: condense, retrieve, answer, cite."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Protocol

from qa.answer_cache import AnswerCache
from qa.answer_text import NOT_FOUND, PARTIAL, UNVERIFIED, not_indexed, short_answer_of, text_of
from qa.answering.reranking import Reranker
from qa.citations import Citer
from qa.condensing import Standalone, condense_offline
from qa.domain import (
    Answer,
    RankedPassage,
    Seconds,
    Statement,
    StatementGrowing,
    StatementReady,
    SyncReport,
    Turn,
)
from qa.errors import DataDirError, InputError, LibraryError, LockedError, ModelError, QuestionError, VectorIndexError
from qa.interfaces import Answerer, ChatModel, DraftEnd, DraftStatement, Embedder
from qa.library import Library
from qa.live_index import BEING_INDEXED, LiveIndex
from qa.parsing.text import clean
from qa.restriction import Where, restricted_to
from qa.retrieval import Found, Retriever
from qa.settings import Settings
from qa.snapshot import Snapshot
from qa.syncing import CorpusSync, Progress, no_progress

__all__ = ["NOT_FOUND", "PARTIAL", "UNVERIFIED", "Chatbot", "Interop", "Where"]


@dataclass(eq=False)
class Chatbot:
    """Answers questions from one corpus; get it from `open_chatbot`. Safe to share between threads.

    Attributes:
        embedder: Turns questions into vectors; of the same fingerprint as the one that passages were indexed with.
        condense: Makes a follow-up stand alone.
        reranker: Puts the best passages in a better order; None leaves them in retrieval's.
        chat_model: Closed together with the chatbot; None when none was opened for it.
        interop: Hands the chatbot to llama-index programs; None when it cannot be.
    """

    settings: Settings
    library: Library
    corpus_sync: CorpusSync
    answerer: Answerer
    embedder: Embedder
    condense: Callable[[str, Sequence[Turn]], Standalone] = condense_offline
    reranker: Reranker | None = None
    chat_model: ChatModel | None = None
    interop: Interop | None = None
    _opened: bool = field(default=False, init=False, repr=False)
    _notices: tuple[str, ...] = field(default=(), init=False, repr=False)
    _opening: Lock = field(default_factory=Lock, init=False, repr=False)
    _live_index: LiveIndex = field(init=False, repr=False)
    _cache: AnswerCache = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._live_index = LiveIndex(self.corpus_sync.indexer)
        self._cache = AnswerCache(self.settings.cached_answers)

    def ask(self, question: str, *, history: Sequence[Turn] = (), where: Where | None = None) -> Answer:
        """Answer a question from the documents; the first call indexes the corpus if need be.

        Args:
            question: 1 to `Settings.max_question_chars` characters.
            history: Earlier turns, oldest first; used when the question leans on them.
            where: Only these documents; None means all.

        Raises:
            QuestionError: The question is empty or too long, or `where` names no indexed document.
            CorpusError: There is nothing to answer from, or the data folder belongs to another corpus.
            EmbedderMismatch: The library was built with another embedder.
            LockedError: Nothing is indexed yet, and another process is indexing.
            DataDirError: The data folder cannot be written, and nothing is indexed yet.
            LibraryError: The library is damaged.
        """
        if not self.settings.cached_answers:
            return self._whole(question, history, where)
        question = self.check_question(question)
        self.open()
        with self.library.snapshot() as snapshot:
            key = self._cache.key(snapshot, question, history, where)
        answer = self._cache.get(key)
        if answer is None:
            answer = self._whole(question, history, where)
            self._cache.put(key, answer)
        return answer

    def _whole(self, question: str, history: Sequence[Turn], where: Where | None) -> Answer:
        for event in self.stream(question, history=history, where=where):
            if isinstance(event, Answer):
                return event
        raise AssertionError("a stream ends with the whole answer")

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), where: Where | None = None
    ) -> Iterator[StatementGrowing | StatementReady | Answer]:
        """Give each statement as it is complete and checked, and last the whole `Answer`.

        Raises as `ask`, when the first event is asked for.

        In between, where a chat model writes, a statement may be given as far as it is, unchecked.
        """
        question = self.check_question(question)
        self.open()
        started = time.perf_counter()
        waited = 0.0  # while the caller looked at an event
        standalone = self.condense(question, history)
        with self.library.snapshot() as snapshot:
            found = self._search(snapshot, standalone.question, self.answerer.passages_wanted, where)
            retrieved = time.perf_counter()
            citer, statements, end = Citer(snapshot), list[Statement](), None
            for draft in self.answerer.answer(standalone.question, found.passages):
                if isinstance(draft, DraftEnd):
                    end = draft
                    continue
                event: StatementGrowing | StatementReady
                if isinstance(draft, DraftStatement):
                    event = citer.cite(draft)
                    statements.append(event.statement)
                else:
                    event = StatementGrowing(text=draft.text)
                handed_over = time.perf_counter()
                yield event
                waited += time.perf_counter() - handed_over
        assert end is not None, "an answerer ends with a DraftEnd"
        seconds = Seconds(
            retrieve=retrieved - started,
            answer=time.perf_counter() - retrieved - waited,
            total=time.perf_counter() - started - waited,
        )
        # Nothing verified is nothing found, whatever the answerer says of itself.
        verified = any(statement.verified for statement in statements)
        yield Answer(
            question=question,
            standalone_question=standalone.question,
            status=end.status if verified else "not_found",
            text=text_of(statements) if verified else NOT_FOUND,
            short_answer=short_answer_of(end, statements, citer.citations),
            confidence=end.confidence,
            statements=tuple(statements) if verified else (),
            citations=citer.citations if verified else (),
            passages=tuple(found.passages),
            model=end.model or self.answerer.name,
            usage=end.usage.plus(standalone.usage),
            seconds=seconds,
            notices=tuple(dict.fromkeys((*self._notices, *standalone.notices, *found.notices, *end.notices))),
        )

    def search(self, question: str, *, limit: int = 10, where: Where | None = None) -> list[RankedPassage]:
        """Give at most `limit` passages for a question, best first, ties by id, without answering.

        Raises:
            InputError: `limit` is less than 1; besides, as `ask`.
        """
        if limit < 1:
            raise InputError(f"The limit is {limit}; ask for at least 1 passage.")
        question = self.check_question(question)
        self.open()
        with self.library.snapshot() as snapshot:
            return self._search(snapshot, question, limit, where).passages

    def open(self, *, progress: Progress = no_progress) -> None:
        """Bring the index up to date, or make sure that there is one; the first question does it by itself.

        Raises:
            CorpusError: There is nothing to answer from, or the data folder belongs to another corpus.
            EmbedderMismatch: The library was built with another embedder.
            LockedError: Nothing is indexed yet, and another process is indexing.
            DataDirError: The data folder cannot be written, and nothing is indexed yet.
            LibraryError: The library is damaged.
        """
        with self._opening:
            if self._opened:
                return
            self.corpus_sync.indexer.check_embedder()
            with self.library.snapshot() as snapshot:
                empty = snapshot.passage_count() == 0
            if empty or self.settings.auto_sync:
                try:
                    self._notices = not_indexed(self.corpus_sync.run(progress=progress).failed)
                except (LockedError, DataDirError, LibraryError, VectorIndexError, ModelError) as error:
                    # A writer at work or a full disk: what was indexed before still answers.
                    if empty:
                        raise
                    self.corpus_sync.check_same_corpus()  # which a sync that found the lock held did not come to
                    locked = isinstance(error, LockedError)
                    self._notices = (BEING_INDEXED if locked else str(error),)
                    if locked:
                        return  # the next question looks again
            else:
                self.corpus_sync.check_same_corpus()
            self._opened = True

    def sync(self, *, rebuild: bool = False, progress: Progress = no_progress) -> SyncReport:
        """Bring the index up to date with the corpus folder; see `CorpusSync.run` for what it raises."""
        report = self.corpus_sync.run(rebuild=rebuild, progress=progress)
        self._opened, self._notices = True, not_indexed(report.failed)
        return report

    def as_retriever(self, *, limit: int = 10, where: Where | None = None) -> Any:
        """Give `search` as a llama-index `BaseRetriever`: its nodes are the passages, with their offsets."""
        return self._interop().retriever(self, limit, where)

    def as_query_engine(self, *, where: Where | None = None) -> Any:
        """Give `ask` as a llama-index query engine: its source nodes are the quotes of the citations."""
        return self._interop().query_engine(self, where)

    def _interop(self) -> Interop:
        if self.interop is None:
            raise InputError("This chatbot was put together without llama-index; get it from `open_chatbot`.")
        return self.interop

    async def aask(self, question: str, *, history: Sequence[Turn] = (), where: Where | None = None) -> Answer:
        """Do as `ask` without blocking the event loop."""
        return await asyncio.to_thread(self.ask, question, history=history, where=where)

    async def astream(
        self, question: str, *, history: Sequence[Turn] = (), where: Where | None = None
    ) -> AsyncIterator[StatementGrowing | StatementReady | Answer]:
        """Do as `stream` without blocking the event loop."""
        events = self.stream(question, history=history, where=where)
        while (event := await asyncio.to_thread(next, events, None)) is not None:
            yield event

    def close(self) -> None:
        """Let go of files and memory; a closed chatbot is not used again."""
        self._live_index.close()
        self.library.close()
        if self.chat_model is not None:
            self.chat_model.close()

    def __enter__(self) -> Chatbot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check_question(self, question: str) -> str:
        """Give the question without control characters and white space around it.

        Raises:
            QuestionError: It is empty or longer than `Settings.max_question_chars`.
        """
        longest = self.settings.max_question_chars
        if len(question) > longest:
            raise QuestionError(
                f"The question has {len(question):,} characters; ask in at most {longest:,} (QA_MAX_QUESTION_CHARS)."
            )
        question = clean(question).strip()
        if not question:
            raise QuestionError("The question is empty; type what you want to know.")
        return question

    def _search(self, snapshot: Snapshot, question: str, limit: int, where: Where | None) -> Found:
        document_ids = restricted_to(snapshot, where)
        index, notices = self._live_index.current(snapshot)
        retriever = Retriever(
            embedder=self.embedder,
            index=index,
            candidates=self.settings.candidates,
            lexical_weight=self.settings.lexical_weight,
            fusion_k=self.settings.fusion_k,
        )
        depth = max(limit, self.reranker.depth) if self.reranker else limit
        found = retriever.search_or_by_words(snapshot, question, depth, document_ids)
        passages = self.reranker.rerank(question, found.passages) if self.reranker else found.passages
        return replace(found, passages=passages[:limit], notices=(*notices, *found.notices))


class Interop(Protocol):
    """Makes objects of another framework of a chatbot."""

    def retriever(self, bot: Chatbot, limit: int, where: Where | None) -> Any:
        """Give `bot.search` as that framework's retriever."""

    def query_engine(self, bot: Chatbot, where: Where | None) -> Any:
        """Give `bot.ask` as that framework's query engine."""
