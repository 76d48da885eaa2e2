"""Every expected failure is in one tree, is drawn there, and says what to do next."""

import ast
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import qa
from qa import errors
from qa.adapters.hashing_embedder import HashingEmbedder
from qa.chatbot import Chatbot
from qa.errors import InputError, QAError
from qa.settings import load_settings
from qa.writer_lock import WriterLock

OpenBot = Callable[..., Chatbot]


def tree_of(error: type[QAError], depth: int = 0) -> Iterator[tuple[str, int]]:
    """Give the package's own errors; `eval` and `bench`, imported by other tests, add theirs to the classes."""
    yield error.__name__, depth
    for child in error.__subclasses__():
        if child.__module__.startswith("qa."):
            yield from tree_of(child, depth + 1)


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    drawn = re.findall(r"^    ([│├└─ ]*)(\w+) {2,}\S", errors.__doc__ or "", re.MULTILINE)
    assert [(name, len(branch) // 4) for branch, name in drawn] == list(tree_of(QAError))


def test_every_error_of_the_package_is_in_the_tree() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(qa.__path__[0]).rglob("*.py")]
    classes = [node for text in sources for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ClassDef)]
    errors_defined = {
        c.name for c in classes if any(re.search("Error|Exception", ast.unparse(base)) for base in c.bases)
    }
    in_tree = {name for name, _ in tree_of(QAError)}
    assert errors_defined == in_tree


def test_only_bad_input_exits_with_two() -> None:
    codes = {error.exit_code for error in InputError.__subclasses__()}
    others = {error.exit_code for error in QAError.__subclasses__() if error is not InputError}
    assert (codes, others, QAError.exit_code) == ({2}, {1}, 1)


def missing_corpus(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot(corpus_dir=tmp_path / "missing").sync()


def empty_corpus(open_bot: OpenBot, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    open_bot(corpus_dir=tmp_path / "empty").sync()


def corpus_is_a_file(open_bot: OpenBot, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    open_bot(corpus_dir=tmp_path / "a.txt").sync()


def corpus_of_pictures(open_bot: OpenBot, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "a.png").write_text("x")
    open_bot(corpus_dir=tmp_path / "pictures").sync()


def another_corpus(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot().sync()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text("x")
    open_bot(corpus_dir=tmp_path / "other").sync()


def another_embedder(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot().sync()
    open_bot(embedder=HashingEmbedder(32)).sync()


def data_folder_is_a_file(open_bot: OpenBot, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    open_bot(data_dir=tmp_path / "file" / "data")


def data_folder_is_not_utf_8(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot(data_dir=Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9")))


def library_is_no_library(open_bot: OpenBot, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "library.sqlite3").write_bytes(b"not a database, and longer than a header" * 99)
    open_bot()


def library_of_a_later_version(open_bot: OpenBot, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with sqlite3.connect(tmp_path / "data" / "library.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    open_bot()


def another_writer(open_bot: OpenBot, tmp_path: Path) -> None:
    bot = open_bot()
    with WriterLock(tmp_path / "data"):
        bot.sync()


def empty_question(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot().ask(" \n\u200b")


def long_question(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot().ask("x" * 4001)


def unknown_key(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot().ask("Who?", where={"title": "x"})


def unknown_document(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot().ask("Who?", where={"document_id": "gone.txt"})


def no_document(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot().ask("Who?", where={"document_id": []})


def no_passages(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot().search("Who?", limit=0)


def setting_out_of_range(open_bot: OpenBot, tmp_path: Path) -> None:
    load_settings(refusal="never")


def prompt_without_its_variable(open_bot: OpenBot, tmp_path: Path) -> None:
    (tmp_path / "question.md").write_text("$question")
    open_bot(openai_base_url="http://127.0.0.1:1/v1", prompts_dir=tmp_path)


def no_index_yet(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot().corpus_sync.indexer.open_index()


FAILURES: dict[Callable[[OpenBot, Path], None], tuple[str, str]] = {
    missing_corpus: ("CorpusError", "give one with --corpus or QA_CORPUS_DIR"),
    empty_corpus: ("CorpusError", r"put \.txt or \.md files into it"),
    corpus_is_a_file: ("CorpusError", "give the folder that holds it"),
    corpus_of_pictures: ("CorpusError", r"use \.markdown, \.md, \.text, \.txt"),
    another_corpus: ("CorpusError", "give another --data-dir, or run `qa index --rebuild`"),
    another_embedder: ("EmbedderMismatch", "Run `qa index --rebuild`"),
    data_folder_is_a_file: ("DataDirError", "choose another with --data-dir or QA_DATA_DIR"),
    data_folder_is_not_utf_8: ("DataDirError", "choose another with --data-dir or QA_DATA_DIR"),
    library_is_no_library: ("LibraryError", "move its folder away and run `qa index`"),
    library_of_a_later_version: ("LibraryError", "index into another folder with --data-dir"),
    another_writer: ("LockedError", "wait until it has finished, then run this again"),
    empty_question: ("QuestionError", "type what you want to know"),
    long_question: ("QuestionError", "ask in at most 4,000"),
    unknown_key: ("QuestionError", "can restrict by document_id only"),
    unknown_document: ("QuestionError", "`qa status` lists those that are"),
    no_document: ("QuestionError", "leave it out to search in all of them"),
    no_passages: ("InputError", "ask for at least 1 passage"),
    setting_out_of_range: ("SettingsError", "input should be 'careful', 'balanced' or 'eager'"),
    prompt_without_its_variable: ("PromptError", "lacks \\$passages; prompts/README.md lists what each must have"),
    no_index_yet: ("VectorIndexError", "run `qa index`"),
}


@pytest.mark.parametrize("fails", FAILURES, ids=lambda fails: fails.__name__)
def test_the_message_of_a_failure_is_one_line_that_says_what_to_do(
    open_bot: OpenBot, tmp_path: Path, fails: Callable[[OpenBot, Path], None]
) -> None:
    name, advice = FAILURES[fails]
    with pytest.raises(QAError, match=advice) as raised:
        fails(open_bot, tmp_path)
    message = str(raised.value)
    assert (type(raised.value).__name__, "\n" in message, message[-1]) == (name, False, ".")


def test_every_kind_of_error_is_among_the_failures_that_are_tried() -> None:
    tried = {name for name, _ in FAILURES.values()}
    # `sync` turns ParsingError into a line of its report; the tests of parsing and corpus try it. What goes wrong with
    # a chat model becomes a notice; test_model_faults tries it.
    of_models = {"ModelError", "ModelBusyError", "ModelRefusedError", "UnreadableReply"}
    assert {name for name, _ in tree_of(QAError)} - tried == {"QAError", "ParsingError", *of_models}
