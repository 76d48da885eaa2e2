"""Bring the library up to date with the corpus folder: what is new, changed, moved, gone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from qa.corpus import FoundFile, list_corpus, parse_document, read_bytes, sha256_of
from qa.domain import FailedFile, SyncReport
from qa.errors import CorpusError, ParsingError
from qa.indexing import GROUP_PASSAGES, Indexer
from qa.interfaces import Splitter
from qa.library import PreparedDocument, Stamp, embedded_text, vector_key
from qa.splitting import make_passages
from qa.writer_lock import WriterLock

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many are done, and how many there are."""


def no_progress(label: str, done: int, total: int) -> None:
    """Show nothing."""


@dataclass(frozen=True, kw_only=True)
class CorpusSync:
    """Indexes one corpus folder into one data folder."""

    corpus_dir: Path
    splitter: Splitter
    max_file_bytes: int
    indexer: Indexer

    def run(self, *, rebuild: bool = False, progress: Progress = no_progress) -> SyncReport:
        """Index what is new or changed, drop what is gone; nothing changed means nothing written.

        A kill at any moment loses no document that was indexed before; running it again goes on from there.

        Args:
            rebuild: Read every file again, compute every vector with the present embedder, accept that the
                corpus folder is another one than before, and make the vector index from nothing. When the
                embedder changes, vectors that a cut-off rebuild has computed already are kept.
            progress: Called as the work goes on.

        Raises:
            CorpusError: The corpus folder is missing, empty, a file, or not the one that was indexed here.
            EmbedderMismatch: The vectors come from another embedder, and `rebuild` was not asked for.
            LockedError: Another process is writing.
            LibraryError: The disk is full or the library damaged; what was indexed before is still there.
        """
        with WriterLock(self.indexer.data_dir):
            return _Run(sync=self, rebuild=rebuild, progress=progress).run()

    @property
    def corpus_path(self) -> str:
        """The corpus folder as the library records it: absolute, links resolved."""
        # Not Path.resolve, which raises RuntimeError for a link to itself before Python 3.13.
        return os.path.realpath(self.corpus_dir)

    def check_same_corpus(self) -> None:
        """Make sure that the data folder holds this corpus, or none yet.

        Raises:
            CorpusError: It holds another one.
        """
        with self.indexer.library.snapshot() as snapshot:
            recorded = snapshot.meta("corpus_dir")
        if recorded not in (None, self.corpus_path):
            raise CorpusError(
                f"The data folder {self.indexer.data_dir} belongs to the corpus {recorded}; "
                "give another --data-dir, or run `qa index --rebuild` to replace it."
            )


@dataclass
class _Run:
    """One run of a `CorpusSync`, and what it has seen so far."""

    sync: CorpusSync
    rebuild: bool
    progress: Progress
    failed: list[FailedFile] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    embedded: int = 0
    embeds_anew: bool = False

    def run(self) -> SyncReport:
        started = time.perf_counter()
        listing = list_corpus(self.sync.corpus_dir, self.sync.max_file_bytes, self.sync.indexer.data_dir)
        self.failed.extend(listing.failed)
        if not self.rebuild:
            self.sync.check_same_corpus()
            self.sync.indexer.check_embedder()
        self.embeds_anew = self.rebuild and self._recorded("embedder") == self.sync.indexer.embedder.fingerprint
        stamps = self.sync.indexer.library.stamps()
        if not listing.files and not stamps:
            raise self._nothing_indexed()
        self._index(listing.files, stamps)
        removed = self._remove(stamps, {file.document_id for file in listing.files})
        self._finish(rewritten=bool(self.added or self.updated or removed))
        if self.failed and not self.sync.indexer.library.stamps():
            raise self._nothing_indexed()
        renamed = self._renamed(removed, stamps)
        return self._report(removed, renamed, time.perf_counter() - started)

    def _nothing_indexed(self) -> CorpusError:
        reasons = "; ".join(f"{file.path}: {file.reason}" for file in self.failed[:3])
        return CorpusError(f"No file in {self.sync.corpus_dir} can be indexed ({reasons}); mend one, or add others.")

    def _recorded(self, fact: str) -> str | None:
        with self.sync.indexer.library.snapshot() as snapshot:
            return snapshot.meta(fact)

    def _index(self, files: Sequence[FoundFile], stamps: dict[str, Stamp]) -> None:
        group: list[PreparedDocument] = []
        for done, file in enumerate(files):
            # What is read but not written yet is not done.
            self.progress("Indexing", done - len(group), len(files))
            prepared = self._prepare(file, stamps.get(file.document_id))
            if prepared is not None:
                group.append(prepared)
            if sum(len(document.passages) for document in group) >= GROUP_PASSAGES:
                self._write(group, stamps)
                group = []
        self._write(group, stamps)
        self.progress("Indexing", len(files), len(files))

    def _prepare(self, file: FoundFile, known: Stamp | None) -> PreparedDocument | None:
        """Read, parse and split a file; None when it has not changed or cannot be read."""
        splitter = self.sync.splitter
        same_splitter = known is not None and known.splitter == splitter.fingerprint and not self.rebuild
        seen = known is not None and (known.size, known.modified_ns) == (file.size, file.modified_ns)
        if seen and same_splitter:
            self.unchanged.append(file.document_id)
            return None
        try:
            data = read_bytes(file)
            stamp = Stamp(
                size=file.size,
                modified_ns=file.modified_ns,
                sha256=sha256_of(data),
                splitter=splitter.fingerprint,
            )
            if known is not None and same_splitter and known.sha256 == stamp.sha256:
                with self.sync.indexer.library.transaction():
                    self.sync.indexer.library.restamp(file.document_id, stamp)
                self.unchanged.append(file.document_id)
                return None
            document = parse_document(file, data)
        except ParsingError as error:
            self.failed.append(FailedFile(path=file.document_id, reason=str(error)))
            return None
        passages = make_passages(document, splitter.split(document.text), splitter.fingerprint)
        return PreparedDocument(document=document, passages=tuple(passages), stamp=stamp)

    def _write(self, group: Sequence[PreparedDocument], stamps: dict[str, Stamp]) -> None:
        if not group:
            return
        library, fingerprint = self.sync.indexer.library, self.sync.indexer.embedder.fingerprint
        texts = {vector_key(passage): embedded_text(passage) for document in group for passage in document.passages}
        known = set() if self.embeds_anew else library.known_vectors(fingerprint, list(texts))
        new = [key for key in texts if key not in known]
        vectors = self.sync.indexer.embed([texts[key] for key in new]) if new else ()
        self.embedded += len(new)
        with library.transaction():
            if not (self.rebuild and stamps):
                # With the first document, so that a run that is cut off leaves no library without an owner.
                library.set_meta(embedder=fingerprint, corpus_dir=self.sync.corpus_path)
            library.put_vectors(fingerprint, zip(new, vectors, strict=True))
            for prepared in group:
                library.put_document(prepared)
        for prepared in group:
            (self.updated if prepared.document.id in stamps else self.added).append(prepared.document.id)

    def _remove(self, stamps: dict[str, Stamp], found: set[str]) -> list[str]:
        # A file that is there but cannot be read now keeps its last indexed version.
        unreadable = {file.path for file in self.failed}
        removed = sorted(
            name
            for name in stamps.keys() - found - unreadable
            if not any(name.startswith(f"{folder}/") for folder in unreadable)
        )
        if removed:
            with self.sync.indexer.library.transaction():
                self.sync.indexer.library.remove_documents(removed)
        return removed

    def _finish(self, *, rewritten: bool) -> None:
        library, embedder = self.sync.indexer.library, self.sync.indexer.embedder
        self.embedded += self.sync.indexer.embed_missing()
        if self.rebuild or rewritten:
            with library.transaction():
                library.set_meta(
                    embedder=embedder.fingerprint,
                    corpus_dir=self.sync.corpus_path,
                    last_sync=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                )
        self.sync.indexer.update_index(from_nothing=self.rebuild)
        if self.rebuild or rewritten:
            with library.transaction():
                library.forget_unused_vectors(embedder.fingerprint)

    def _renamed(self, removed: Sequence[str], stamps: dict[str, Stamp]) -> list[tuple[str, str]]:
        """Pair each removed document with an added one of the same content; each is paired once."""
        present = self.sync.indexer.library.stamps()
        added: dict[str, list[str]] = {}
        for name in sorted(self.added, reverse=True):
            added.setdefault(present[name].sha256, []).append(name)
        pairs = []
        for name in removed:
            if candidates := added.get(stamps[name].sha256):
                pairs.append((name, candidates.pop()))
        return pairs

    def _report(self, removed: Sequence[str], renamed: Sequence[tuple[str, str]], seconds: float) -> SyncReport:
        old, new = {pair[0] for pair in renamed}, {pair[1] for pair in renamed}
        with self.sync.indexer.library.snapshot() as snapshot:
            passages = snapshot.passage_count()
        return SyncReport(
            added=tuple(sorted(set(self.added) - new)),
            updated=tuple(sorted(self.updated)),
            removed=tuple(sorted(set(removed) - old)),
            renamed=tuple(renamed),
            unchanged=tuple(sorted(self.unchanged)),
            failed=tuple(sorted(self.failed, key=lambda file: file.path)),
            passages=passages,
            embedded=self.embedded,
            seconds=seconds,
        )
