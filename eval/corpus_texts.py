"""The corpus as the eval suite sees it: read again from the files, independently of the library."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from qa.corpus import list_corpus, parse_document, read_bytes, sha256_of
from qa.errors import ParsingError

if TYPE_CHECKING:
    from qa.settings import Settings


class CorpusTexts(Mapping[str, str]):
    """Document texts by document id, as `qa` parses them; a file is read when its text is first asked for.

    A document that is not there, or cannot be read, raises `KeyError`.
    """

    def __init__(self, folder: Path, *, max_file_bytes: int, leave_out: Path | None = None) -> None:
        """List the corpus.

        Args:
            folder: The corpus folder.
            max_file_bytes: Larger files are left out, as the index leaves them out.
            leave_out: A folder of the corpus that holds no documents: the index, when it is kept there.

        Raises:
            CorpusError: The folder is missing, empty, or no folder.
        """
        listing = list_corpus(folder, max_file_bytes, leave_out)
        self._files = {file.document_id: file for file in listing.files}
        self._texts: dict[str, str] = {}

    @classmethod
    def of(cls, settings: Settings) -> CorpusTexts:
        """List the corpus of a chatbot's settings, as its index does.

        Raises:
            CorpusError: As the constructor; or the data folder is the corpus itself.
        """
        folder, leave_out = settings.corpus_dir.expanduser(), settings.resolved_data_dir()
        return cls(folder, max_file_bytes=settings.max_file_bytes, leave_out=leave_out)

    def __getitem__(self, document_id: str) -> str:
        if document_id not in self._texts:
            file = self._files[document_id]
            try:
                self._texts[document_id] = parse_document(file, read_bytes(file)).text
            except ParsingError as error:
                raise KeyError(document_id) from error
        return self._texts[document_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def corpus_hash(self) -> str:
        """Give one SHA-256 over every document's id and bytes, in hexadecimal; reads all files."""
        digest = hashlib.sha256()
        for document_id in sorted(self._files):
            digest.update(f"{document_id}\0{self._content_hash(document_id)}\n".encode())
        return digest.hexdigest()

    def _content_hash(self, document_id: str) -> str:
        try:
            return sha256_of(read_bytes(self._files[document_id]))
        except ParsingError:
            return "unreadable"
