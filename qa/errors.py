"""Every error a user can meet, in one tree.

    QAError                     catch this one to catch them all
    ├── InputError              what the user gave cannot be used (exit code 2)
    │   ├── QuestionError       the question is empty or too long
    │   ├── CorpusError         the corpus folder is missing, empty, not a folder, or another one
    │   └── SettingsError       a setting is out of its range
    ├── ParsingError            one file could not be read; `sync` reports it and goes on
    ├── DataDirError            the data folder cannot be used
    ├── LockedError             another process is writing to the same data folder
    ├── LibraryError            the library file is damaged or from another version
    │   └── EmbedderMismatch    the library's vectors come from another embedder
    └── VectorIndexError        the vector index is missing, torn, or disagrees with the library

A message is one sentence or two and says what to do next. The command line shows it without a traceback.
"""


class QAError(Exception):
    """An expected failure; `str(error)` is fit to show to the user."""

    exit_code = 1


class InputError(QAError):
    """Raised when what the user gave cannot be used."""

    exit_code = 2


class QuestionError(InputError):
    """Raised for an empty or over-long question."""


class CorpusError(InputError):
    """Raised when the corpus folder is missing, empty, not a folder, or not the one that was indexed."""


class SettingsError(InputError):
    """Raised when a setting is unknown or out of its range."""


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
