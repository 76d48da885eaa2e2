"""The corpus folder: which files it holds, and each of them as a `Document`."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from qa.domain import Document, FailedFile
from qa.errors import CorpusError, ParsingError
from qa.parsing import parser_for

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundFile:
    """A readable file of the corpus, not opened yet.

    Attributes:
        document_id: POSIX path relative to the corpus folder.
        size: In bytes.
        modified_ns: Time of the last change, nanoseconds since the epoch.
    """

    document_id: str
    path: Path
    size: int
    modified_ns: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CorpusListing:
    """What `list_corpus` saw; both lists are sorted by path."""

    files: tuple[FoundFile, ...]
    failed: tuple[FailedFile, ...]


def list_corpus(folder: Path, max_file_bytes: int, leave_out: Path | None = None) -> CorpusListing:
    """List the files under `folder`; hidden files and folders are passed over, links to folders not followed.

    Args:
        folder: The corpus.
        max_file_bytes: Larger files are reported as failed.
        leave_out: A folder under `folder` that holds no documents: the index, when a user keeps it there.

    Raises:
        CorpusError: The folder is missing, is a file, cannot be listed, or holds no file at all.
    """
    root = _checked_folder(folder)
    hidden = Path(os.path.realpath(leave_out)) if leave_out else None
    if hidden == root:
        raise CorpusError(f"The data folder is the corpus folder {folder} itself; choose another with --data-dir.")
    files: list[FoundFile] = []
    failed: list[FailedFile] = []
    for path in _walk(root, failed, hidden):
        name = path.relative_to(root).as_posix()
        try:
            files.append(_found(root, path, name, max_file_bytes))
        except ParsingError as error:
            failed.append(FailedFile(path=_printable(name), reason=str(error)))
        except OSError as error:
            failed.append(FailedFile(path=_printable(name), reason=_os_reason(error)))
    if not files and not failed:
        raise CorpusError(f"The corpus folder {folder} holds no documents; put .txt or .md files into it.")
    return CorpusListing(
        files=tuple(sorted(files, key=lambda file: file.document_id)),
        failed=tuple(sorted(failed, key=lambda file: file.path)),
    )


def read_bytes(file: FoundFile) -> bytes:
    """Read a found file whole.

    Raises:
        ParsingError: It cannot be read, or is no regular file any more.
    """
    try:
        # O_NONBLOCK: a pipe put in the file's place since it was listed must not hang the sync.
        descriptor = os.open(file.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ParsingError("it is not a regular file")
            data = opened.read(file.size + 1)
            if len(data) != file.size:  # also keeps a file that grew since it was listed within the limit
                raise ParsingError("it changed while it was read; index again")
            return data
    except OSError as error:
        raise ParsingError(_os_reason(error)) from error


def sha256_of(data: bytes) -> str:
    """Give the SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def parse_document(file: FoundFile, data: bytes) -> Document:
    """Turn a file's bytes into a `Document`.

    Raises:
        ParsingError: No parser reads it, or the bytes are not what its suffix says.
    """
    parsed = parser_for(file.document_id)(data)
    return Document(
        id=file.document_id,
        title=parsed.title,
        source=str(file.path),
        text=parsed.text,
        page_starts=parsed.page_starts,
        encoding=parsed.encoding,
        sha256=sha256_of(data),
    )


def _checked_folder(folder: Path) -> Path:
    """Give the folder's real path."""
    try:
        folder.stat()
    except FileNotFoundError as error:
        raise CorpusError(
            f"The corpus folder {folder} does not exist; give one with --corpus or QA_CORPUS_DIR."
        ) from error
    except (OSError, ValueError) as error:
        reason = _os_reason(error) if isinstance(error, OSError) else str(error)
        raise CorpusError(
            f"The corpus folder {folder} cannot be used: {reason}; give another with --corpus or QA_CORPUS_DIR."
        ) from error
    if not folder.is_dir():
        raise CorpusError(f"The corpus {folder} is a file, not a folder; give the folder that holds it.")
    root = Path(os.path.realpath(folder))
    if _printable(str(root)) != str(root):
        raise CorpusError(
            f"The corpus folder {_printable(str(root))} has a name that is not UTF-8, or has control characters; "
            "rename it."
        )
    return root


def _walk(root: Path, failed: list[FailedFile], leave_out: Path | None) -> list[Path]:
    def cannot_list(error: OSError) -> None:
        if error.filename == str(root):
            raise CorpusError(
                f"The corpus folder {root} cannot be listed: {_os_reason(error)}; change its permissions."
            ) from error
        name = Path(error.filename).relative_to(root).as_posix()
        failed.append(FailedFile(path=_printable(name), reason=_os_reason(error)))

    found: list[Path] = []
    for folder, folders, names in os.walk(root, onerror=cannot_list):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and Path(folder, name) != leave_out)
        for name in folders:
            if (path := Path(folder, name)).is_symlink():
                reason = "it is a link to a folder, which is not followed; copy the folder instead"
                failed.append(FailedFile(path=_printable(path.relative_to(root).as_posix()), reason=reason))
        found.extend(Path(folder, name) for name in sorted(names) if not name.startswith("."))
    return found


def _found(root: Path, path: Path, name: str, max_file_bytes: int) -> FoundFile:
    parser_for(name)
    if _printable(name) != name:
        raise ParsingError("its name is not valid UTF-8, or has control characters; rename it")
    # Not Path.resolve, which raises RuntimeError for a link to itself before Python 3.13.
    if path.is_symlink() and not Path(os.path.realpath(path, strict=True)).is_relative_to(root):
        raise ParsingError("it links to a place outside the corpus folder")
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ParsingError("it is not a regular file")
    if status.st_size > max_file_bytes:
        limit = max_file_bytes / 1e6
        raise ParsingError(f"it has {status.st_size / 1e6:.1f} MB, over the limit of {limit:g} MB (QA_MAX_FILE_BYTES)")
    return FoundFile(document_id=name, path=path, size=status.st_size, modified_ns=status.st_mtime_ns)


def _printable(name: str) -> str:
    """Give a name that can be shown in one line of a terminal: what is not UTF-8, or controls it, becomes "�"."""
    return _CONTROL.sub("\ufffd", name.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _os_reason(error: OSError) -> str:
    return f"it cannot be read ({error.strerror or type(error).__name__})"
