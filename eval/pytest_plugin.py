"""Fixtures for tests of your own: ask your documents, and assert on the answer.

    def test_the_investment(ask_case):
        ask_case("How much did SoftBank invest in WeWork in 2016?", answers=["$4.4 billion"]).check()

    @pytest.mark.qa_cases("cases.jsonl")
    def test_our_cases(ask_case, qa_case):
        ask_case(qa_case).check()

pytest finds them by itself where this package is installed. `--qa-corpus` and `--qa-data-dir` choose the folders, as
do the environment's `QA_…` settings; a test suite may define its own `qa_settings`, of session scope.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest  # nothing else at the top: every test run of an environment with this package loads this module

if TYPE_CHECKING:
    from eval.asking import CaseAsker
    from qa.chatbot import Chatbot
    from qa.settings import Settings

_MARKER = "qa_cases"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("qa", "answers from documents")
    group.addoption("--qa-corpus", type=Path, default=None, help="Folder of documents (QA_CORPUS_DIR).")
    group.addoption("--qa-data-dir", type=Path, default=None, help="Folder of the index (QA_DATA_DIR).")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known.

    Raises:
        pytest.UsageError: `--qa-corpus` is no folder.
    """
    corpus: Path | None = config.getoption("--qa-corpus")
    if corpus is not None and not corpus.expanduser().is_dir():
        raise pytest.UsageError(f"--qa-corpus: there is no folder {corpus}; give the folder of the documents.")
    config.addinivalue_line("markers", f"{_MARKER}(path): run the test for each case of the file, as `qa_case`.")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a marked test once for each case; a relative path is taken from the test file's folder, then from the root.

    Raises:
        pytest.UsageError: The file cannot be read or holds an unsound case, and the message names file and line; or the
            marker names no file.
    """
    marker = metafunc.definition.get_closest_marker(_MARKER)
    if marker is None or "qa_case" not in metafunc.fixturenames:
        return
    from eval.case_files import load_cases
    from eval.cases import CaseError

    if len(marker.args) != 1:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: give {_MARKER} one file of cases.")
    try:
        cases = load_cases(_cases_file(metafunc, Path(marker.args[0])), _texts(metafunc.config), check_documents=False)
    except CaseError as error:
        raise pytest.UsageError(str(error)) from error
    metafunc.parametrize("qa_case", cases, ids=[case.id for case in cases])


@pytest.fixture(scope="session")
def qa_settings(pytestconfig: pytest.Config) -> Settings:
    """The settings that the chatbot is opened with."""
    from qa.settings import load_settings

    with _in_one_line():
        return load_settings(
            corpus_dir=pytestconfig.getoption("--qa-corpus"), data_dir=pytestconfig.getoption("--qa-data-dir")
        )


@pytest.fixture(scope="session")
def qa_bot(qa_settings: Settings) -> Iterator[Chatbot]:
    """The chatbot, its index brought up to date."""
    from qa.api import open_chatbot

    with ExitStack() as stack:
        with _in_one_line():
            bot = stack.enter_context(open_chatbot(qa_settings))
            bot.sync()
        yield bot


@pytest.fixture
def ask_case(qa_bot: Chatbot) -> CaseAsker:
    """Asks a case, or a question with its gold answers, and gives the result, whose `check()` asserts.

    A question without `answers` must be refused.
    """
    from eval.asking import CaseAsker

    return CaseAsker(qa_bot)


@contextmanager
def _in_one_line() -> Iterator[None]:
    """Fail with the message alone where the user's settings or documents cannot be used."""
    from qa.errors import QAError

    try:
        yield
    except QAError as error:
        pytest.fail(str(error), pytrace=False)


def _texts(config: pytest.Config) -> Mapping[str, str] | None:
    """Give the corpus, in which evidence that leaves out its place is found; None when there is none to be read."""
    from eval.corpus_texts import CorpusTexts
    from qa.errors import QAError
    from qa.settings import load_settings

    try:
        settings = load_settings(corpus_dir=config.getoption("--qa-corpus"))
        return CorpusTexts(settings.corpus_dir.expanduser(), max_file_bytes=settings.max_file_bytes)
    except QAError:  # a suite with `qa_settings` of its own may need neither option nor environment
        return None


def _cases_file(metafunc: pytest.Metafunc, path: Path) -> Path:
    beside: Path = metafunc.definition.path.parent / path
    return beside if beside.exists() else Path(metafunc.config.rootpath, path)
