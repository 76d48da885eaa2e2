"""Which files a corpus folder holds, and why some of them cannot be indexed."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.corpus import FoundFile, list_corpus, parse_document, read_bytes, sha256_of
from qa.domain import Document, FailedFile
from qa.errors import CorpusError, ParsingError

LIMIT = 20_000_000
MakeCorpus = Callable[..., Path]
NOBODY = 65534


def names(folder: Path) -> list[str]:
    return [file.document_id for file in list_corpus(folder, LIMIT).files]


def failures(folder: Path) -> dict[str, str]:
    return {failed.path: failed.reason for failed in list_corpus(folder, LIMIT).failed}


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A corpus folder, and file permissions that count: for root they would not."""
    folder = Path(tempfile.mkdtemp(prefix="qa-corpus-", dir="/tmp"))
    root = os.geteuid() == 0
    if root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    yield folder
    if root:
        os.seteuid(0)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o700)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


def test_files_are_listed_by_path_with_size_and_time(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"b.txt": "two", "a/c.md": "one", "a.txt": "three"})
    os.utime(folder / "b.txt", ns=(1, 1_600_000_000_000_000_007))
    listing = list_corpus(folder, LIMIT)
    b = FoundFile(document_id="b.txt", path=folder / "b.txt", size=3, modified_ns=1_600_000_000_000_000_007)
    assert ([file.document_id for file in listing.files], listing.files[2]) == (
        ["a.txt", "a/c.md", "b.txt"],
        b,
    )


def test_hidden_files_and_folders_are_passed_over(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.txt": "x", ".b.txt": "x", ".git/c.txt": "x", "d/.e.md": "x"})
    assert (names(folder), failures(folder)) == (["a.txt"], {})


def test_a_folder_may_be_called_like_a_file(make_corpus: MakeCorpus) -> None:
    assert names(make_corpus({"x.txt/a.txt": "x"})) == ["x.txt/a.txt"]


def test_a_link_inside_the_corpus_is_followed(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.txt": "x"})
    (folder / "b.txt").symlink_to("a.txt")
    assert names(folder) == ["a.txt", "b.txt"]


def test_a_corpus_may_itself_be_a_link(make_corpus: MakeCorpus, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(make_corpus({"a.txt": "x"}))
    assert names(tmp_path / "link") == ["a.txt"]


def test_links_that_leave_the_corpus_or_lead_nowhere_are_refused(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.txt": "x"})
    for name, target in {
        "out.txt": "/etc/passwd",
        "zero.txt": "/dev/zero",
        "up.txt": "../b.txt",
        "self.txt": "self.txt",
    }.items():
        (folder / name).symlink_to(target)
    (folder.parent / "b.txt").write_text("secret")
    (folder / "broken.txt").symlink_to("nowhere.txt")
    outside = "it links to a place outside the corpus folder"
    assert (names(folder), failures(folder)) == (
        ["a.txt"],
        {
            "broken.txt": "it cannot be read (No such file or directory)",
            "out.txt": outside,
            "self.txt": "it cannot be read (Too many levels of symbolic links)",
            "up.txt": outside,
            "zero.txt": outside,
        },
    )


def test_a_linked_folder_is_reported_and_not_followed(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.txt": "x", "sub/b.txt": "x"})
    (folder / "etc").symlink_to("/etc")
    (folder / "sub" / "loop").symlink_to(folder)
    reason = "it is a link to a folder, which is not followed; copy the folder instead"
    assert (names(folder), failures(folder)) == (["a.txt", "sub/b.txt"], {"etc": reason, "sub/loop": reason})


def test_pipes_and_unknown_types_are_reported(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.txt": "x", "scan.pdf": "x", "README": "x"})
    os.mkfifo(folder / "pipe.txt")
    known = "cannot be read; use .markdown, .md, .text, .txt"
    assert failures(folder) == {
        "README": f"files of type (no suffix) {known}",
        "pipe.txt": "it is not a regular file",
        "scan.pdf": f"files of type .pdf {known}",
    }


def test_a_file_over_the_limit_is_reported_without_being_read(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.txt": "x", "big.txt": ""})
    os.truncate(folder / "big.txt", 50_000_000)
    assert failures(folder) == {"big.txt": "it has 50.0 MB, over the limit of 20 MB (QA_MAX_FILE_BYTES)"}


def test_a_file_of_exactly_the_limit_is_listed(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.txt": "12345", "b.txt": "123456"})
    assert [file.document_id for file in list_corpus(folder, 5).files] == ["a.txt"]


def test_a_name_that_is_not_utf_8_is_reported_readably(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.txt": "x"})
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("x")
    assert failures(folder) == {"caf�.txt": "its name is not valid UTF-8, or has control characters; rename it"}


def test_an_unreadable_folder_is_reported_and_the_rest_listed(as_nobody: Path) -> None:
    (as_nobody / "a.txt").write_text("x")
    (as_nobody / "closed").mkdir(mode=0o000)
    assert (names(as_nobody), failures(as_nobody)) == (
        ["a.txt"],
        {"closed": "it cannot be read (Permission denied)"},
    )


def test_an_unreadable_file_says_why(as_nobody: Path) -> None:
    (as_nobody / "a.txt").write_text("x")
    (as_nobody / "a.txt").chmod(0o000)
    with pytest.raises(ParsingError, match=r"^it cannot be read \(Permission denied\)$"):
        read_bytes(list_corpus(as_nobody, LIMIT).files[0])


def test_a_corpus_in_a_closed_folder_says_so(as_nobody: Path) -> None:
    (as_nobody / "closed").mkdir(mode=0o000)
    with pytest.raises(CorpusError, match=r"cannot be used: it cannot be read \(Permission denied\); give another"):
        list_corpus(as_nobody / "closed" / "docs", LIMIT)


def test_a_corpus_that_cannot_be_listed_says_so(as_nobody: Path) -> None:
    as_nobody.chmod(0o000)
    with pytest.raises(
        CorpusError,
        match=r"cannot be listed: it cannot be read \(Permission denied\); change its permissions\.$",
    ):
        list_corpus(as_nobody, LIMIT)


CANNOT_BE_USED = "The corpus folder {} cannot be used: {}; give another with --corpus or QA_CORPUS_DIR."


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing", "The corpus folder {} does not exist; give one with --corpus or QA_CORPUS_DIR."),
        ("file.txt", "The corpus {} is a file, not a folder; give the folder that holds it."),
        ("empty", "The corpus folder {} holds no documents; put .txt or .md files into it."),
        ("loop", CANNOT_BE_USED.format("{}", "it cannot be read (Too many levels of symbolic links)")),
        ("n" * 300, CANNOT_BE_USED.format("{}", "it cannot be read (File name too long)")),
        ("x\0y", CANNOT_BE_USED.format("{}", "embedded null byte")),
    ],
)
def test_an_unusable_corpus_says_what_to_do(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "file.txt").write_text("x")
    (tmp_path / "empty" / ".hidden").mkdir(parents=True)
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(CorpusError) as raised:
        list_corpus(tmp_path / name, LIMIT)
    assert str(raised.value) == message.format(tmp_path / name)


def test_a_corpus_whose_path_is_not_utf_8_says_so(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    folder.mkdir()
    with pytest.raises(CorpusError, match="/caf� has a name that is not UTF-8, or has control characters; rename it"):
        list_corpus(folder, LIMIT)


def test_a_file_becomes_a_document(make_corpus: MakeCorpus) -> None:
    data = "# Otters\r\n\r\nThe otter eats fish.".encode("utf-16")
    folder = make_corpus({"nature/otter.md": data})
    file = list_corpus(folder, LIMIT).files[0]
    assert parse_document(file, read_bytes(file)) == Document(
        id="nature/otter.md",
        title="Otters",
        source=str(folder / "nature/otter.md"),
        text="# Otters\n\nThe otter eats fish.",
        page_starts=(),
        encoding="utf-16",
        sha256=sha256_of(data),
    )


def test_a_pipe_that_took_a_files_place_does_not_hang(make_corpus: MakeCorpus) -> None:
    file = list_corpus(make_corpus({"a.txt": "x"}), LIMIT).files[0]
    file.path.unlink()
    os.mkfifo(file.path)
    with pytest.raises(ParsingError, match=r"^it is not a regular file$"):
        read_bytes(file)


def test_a_file_that_vanished_says_so(make_corpus: MakeCorpus) -> None:
    file = list_corpus(make_corpus({"a.txt": "x"}), LIMIT).files[0]
    file.path.unlink()
    with pytest.raises(ParsingError, match=r"^it cannot be read \(No such file or directory\)$"):
        read_bytes(file)


def test_failed_files_alone_are_a_listing_and_no_error(make_corpus: MakeCorpus) -> None:
    listing = list_corpus(make_corpus({"a.png": "x"}), LIMIT)
    reason = "files of type .png cannot be read; use .markdown, .md, .text, .txt"
    assert (listing.files, listing.failed) == ((), (FailedFile(path="a.png", reason=reason),))


def test_an_index_kept_inside_the_corpus_is_not_a_document(tmp_path):
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "library.sqlite3").write_bytes(b"x")
    (tmp_path / "a.txt").write_text("Ada.")
    listing = list_corpus(tmp_path, LIMIT, leave_out=tmp_path / "index")
    assert ([file.document_id for file in listing.files], listing.failed) == (["a.txt"], ())


def test_a_name_with_control_characters_is_reported_in_one_line(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.txt": "x", "evil\x1b[2J\nname.txt": "x"})
    reason = "its name is not valid UTF-8, or has control characters; rename it"
    assert failures(folder) == {"evil\ufffd[2J\ufffdname.txt": reason}


def test_a_file_that_grew_since_it_was_listed_is_not_read_whole(make_corpus: MakeCorpus) -> None:
    [file] = list_corpus(make_corpus({"a.txt": "x"}), LIMIT).files
    file.path.write_text("x" * (LIMIT + 1))
    with pytest.raises(ParsingError, match=r"^it changed while it was read; index again$"):
        read_bytes(file)


def test_the_corpus_folder_itself_cannot_hold_the_index(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.txt": "x"})
    with pytest.raises(CorpusError, match=r"choose another with --data-dir\.$"):
        list_corpus(folder, LIMIT, folder)
