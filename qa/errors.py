"""Every error a user can meet, in one tree.

    QAError                     catch this one to catch them all
    ├── InputError              what the user gave cannot be used (exit code 2)
    │   ├── QuestionError       the question is empty or too long, or asks in no indexed document
    │   ├── CorpusError         the corpus folder is missing, empty, not a folder, or another one
    │   ├── SettingsError       a setting is out of its range
    │   └── PromptError         a prompt cannot be read, or lacks a variable
    ├── ParsingError            one file could not be read; `sync` reports it and goes on
    ├── DataDirError            the data folder cannot be used
    ├── LockedError             another process is writing to the same data folder
    ├── LibraryError            the library file is damaged or from another version
    │   └── EmbedderMismatch    the library's vectors come from another embedder
    ├── VectorIndexError        the vector index is missing, torn, or disagrees with the library
    └── ModelError              the chat model did not answer; the extractive answerer does in its place
        ├── ModelBusyError      it may on another try: overloaded, unreachable, silent
        ├── ModelRefusedError   it will not on another try: key, quota, name, request
        └── UnreadableReply     what it wrote is not of the form that was asked for

A message is one sentence or two and says what to do next. The command line shows it without a traceback.
"""

from __future__ import annotations

from typing import Self


class QAError(Exception):
    """An expected failure; `str(error)` is fit to show to the user."""

    exit_code = 1


class InputError(QAError):
    """Raised when what the user gave cannot be used."""

    exit_code = 2


class QuestionError(InputError):
    """Raised for an empty or over-long question, or one that asks in a document that is not indexed."""


class CorpusError(InputError):
    """Raised when the corpus folder is missing, empty, not a folder, or not the one that was indexed."""


class SettingsError(InputError):
    """Raised when a setting is unknown or out of its range."""


class PromptError(InputError):
    """Raised when a prompt cannot be read, or its variables are not those it must have."""


class ParsingError(QAError):
    """Raised when one file cannot be turned into text; `str(error)` is the reason alone."""


class DataDirError(QAError):
    """Raised when the data folder cannot be created, written, or read."""


class LockedError(QAError):
    """Raised when another process is writing to the same data folder."""


class LibraryError(QAError):
    """Raised when the library file is damaged or was made by another version."""


class EmbedderMismatch(LibraryError):
    """Raised when the library's vectors come from another embedder than the one in use."""


class VectorIndexError(QAError):
    """Raised when the vector index is missing, torn, or disagrees with the library."""


class ModelError(QAError):
    """Raised when the chat model did not answer, or not to the end.

    Attributes:
        input_tokens: What it read all the same: 0 when no request was taken on, None when that is not known.
        output_tokens: What it wrote all the same, in like manner.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None

    def using(self, input_tokens: int | None, output_tokens: int | None) -> Self:
        """Note what was used, and give the error itself."""
        self.input_tokens, self.output_tokens = input_tokens, output_tokens
        return self


class ModelBusyError(ModelError):
    """Raised when the chat model is overloaded, unreachable or silent.

    Attributes:
        retry_after: Seconds after which the service wants to be asked again; None when it did not say.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ModelRefusedError(ModelError):
    """Raised when the chat model will not answer however often it is asked: key, quota, name or request."""


class UnreadableReply(ModelError):
    """Raised when a reply is not of the form asked for; `str(error)` says how, for the model to read."""
