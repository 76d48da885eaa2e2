"""`qa` turns words into a call: one result on stdout, one clear line on stderr, and an exit code."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from qa.bundled_files import bundled
from qa.cli import main

MakeCorpus = Callable[..., Path]
QUESTION = "How much did SoftBank invest in WeWork in 2016?"
SEED = next(path.name for path in sorted(bundled("seeds").iterdir()) if path.suffix == ".txt")
ACME = {
    "acme.txt": "Acme\n\nAda founded Acme in 2016. Bob runs Acme today.",
    "otter.md": "# Otters\n\nThe otter eats fish.",
}


@dataclass(frozen=True)
class Ran:
    """What a command did; `errors` are the lines on stderr that hold anything."""

    code: int
    out: str
    errors: list[str]


Run = Callable[..., Ran]


def ran(code: int, out: str, err: str) -> Ran:
    return Ran(code, out, [line for line in err.splitlines() if line.strip()])


@pytest.fixture
def qa(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process."""

    def run(*words: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["qa", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ran(int(ended.value.code or 0), *capsys.readouterr())

    return run


def process(*words: object, code: str = "from qa.cli import main; main()", **variables: str) -> Ran:
    """Run a command as users do, in a process of its own."""
    command = [sys.executable, "-m", "qa", *map(str, words)] if words else [sys.executable, "-c", code]
    environment = {**os.environ, "COLUMNS": "200", **variables}
    child = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return ran(child.returncode, child.stdout, child.stderr)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Ran, Ran]:
    """The first three commands of a new user: ask, ask again, index."""
    data = {"QA_DATA_DIR": str(tmp_path_factory.mktemp("seeds"))}
    return process("ask", QUESTION, "--json", **data), process("ask", QUESTION, **data), process("index", **data)


def test_the_first_ask_prints_exactly_one_object_and_nothing_else(seeds: tuple[Ran, ...]) -> None:
    answer = json.loads(seeds[0].out)
    (citation,) = answer["citations"]
    text = (bundled("seeds") / SEED).read_text(encoding="utf-8")
    assert (seeds[0].code, seeds[0].errors, seeds[0].out.count("\n")) == (0, [], 1)
    assert (answer["status"], answer["short_answer"], citation["document_id"]) == ("answered", "$4.4 billion", SEED)
    assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_the_object_has_all_its_keys(seeds: tuple[Ran, ...]) -> None:
    answer = json.loads(seeds[0].out)
    assert set(answer) == set(
        "question standalone_question status text short_answer confidence statements citations passages model usage"
        " seconds notices".split()
    )
    assert set(answer["citations"][0]) == set(
        "number document_id title source page start end quote verified answer_start answer_end".split()
    )
    assert [set(answer[part][0]) for part in ("statements", "passages")] == [
        {"text", "citations", "verified"},
        {"document_id", "start", "end", "text", "score"},
    ]
    assert (set(answer["usage"]), set(answer["seconds"])) == (
        {"input_tokens", "output_tokens", "cost_usd"},
        {"retrieve", "answer", "total"},
    )


def test_an_answer_for_people_shows_the_quote_and_its_place(seeds: tuple[Ran, ...]) -> None:
    answer = json.loads(seeds[0].out)
    (citation,) = answer["citations"]
    out = " ".join(seeds[1].out.split())
    assert (seeds[1].code, seeds[1].errors) == (0, [])
    assert f"[1] {SEED}, characters {citation['start']}–{citation['end']} “{citation['quote']}”" in out
    assert "Short answer: $4.4 billion" in out


def test_a_second_run_indexes_nothing_again(seeds: tuple[Ran, ...]) -> None:
    assert (seeds[2].code, seeds[2].errors, seeds[2].out.partition(";")[0]) == (0, [], "1 unchanged")


def test_help_loads_nothing_slow() -> None:
    slow = ("numpy", "pydantic", "chromadb", "llama_index", "fastembed", "gradio", "qa.api")
    shown = process(code=f"import sys, qa.cli; print([name for name in {slow} if name in sys.modules])")
    assert shown == Ran(0, "[]\n", [])


def test_importing_the_package_loads_nothing_slow() -> None:
    slow = ("numpy", "pydantic", "chromadb", "llama_index", "sentencex", "qa.api")
    shown = process(code=f"import sys, qa; print([name for name in {slow} if name in sys.modules])")
    assert shown == Ran(0, "[]\n", [])


# What is wrong: the words, the exit code, and the line; {} is the folder of the test.
BAD_INPUT: dict[str, tuple[list[str], int, str]] = {
    "blank question": (["ask", " \n"], 2, "The question is empty; type what you want to know."),
    "long question": (
        ["ask", "x" * 4001],
        2,
        "The question has 4,001 characters; ask in at most 4,000 (QA_MAX_QUESTION_CHARS).",
    ),
    "missing corpus": (
        ["--corpus", "gone", "index"],
        2,
        "The corpus folder gone does not exist; give one with --corpus or QA_CORPUS_DIR.",
    ),
    "corpus is a file": (
        ["index", "acme/acme.txt"],
        2,
        "The corpus acme/acme.txt is a file, not a folder; give the folder that holds it.",
    ),
    "empty corpus": (
        ["--corpus", "empty", "ask", "Who?"],
        2,
        "The corpus folder empty holds no documents; put .txt or .md files into it.",
    ),
    "unknown home": (
        ["index", "~no-such-user"],
        2,
        "A setting cannot be used: corpus_dir (QA_CORPUS_DIR): there is no home folder ~no-such-user.",
    ),
    "data folder is a file": (
        ["--data-dir", "acme/acme.txt", "index"],
        1,
        "The data folder {}/acme/acme.txt cannot be written (File exists); "
        "choose another with --data-dir or QA_DATA_DIR.",
    ),
    "data folder in a read-only place": (
        ["--data-dir", "/proc/nothing", "status"],
        1,
        "The data folder /proc/nothing cannot be written (No such file or directory); "
        "choose another with --data-dir or QA_DATA_DIR.",
    ),
    "unknown document": (
        ["ask", "Who?", "--document", "gone.txt"],
        2,
        "No document 'gone.txt' is indexed; `qa status` lists those that are.",
    ),
    "data folder of another corpus": (
        ["--corpus", "other", "ask", "Who?"],
        2,
        "The data folder {}/data belongs to the corpus {}/acme; "
        "give another --data-dir, or run `qa index --rebuild` to replace it.",
    ),
}


@pytest.mark.parametrize("wrong", BAD_INPUT)
def test_bad_input_is_one_clear_line_and_loses_nothing(
    qa: Run, make_corpus: MakeCorpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QA_CORPUS_DIR", str(make_corpus(ACME, folder="acme")))
    make_corpus({"a.txt": "x"}, folder="other")
    make_corpus({}, folder="empty")
    words, code, line = BAD_INPUT[wrong]
    assert qa("index").code == 0
    assert qa(*words) == Ran(code, "", [f"qa: {line.replace('{}', str(tmp_path))}"])
    assert "2 unchanged" in qa("index").out


@pytest.mark.parametrize(
    ("words", "beginning"),
    [
        (["--colour", "ask", "Who?"], "Error: No such option: --colour"),
        (["answer", "Who?"], "Error: No such command 'answer'"),
        (["ask"], "Error: Missing argument 'question'"),
        (["ask", "Who?", "Where?"], "Error: Got unexpected extra argument"),
        (["chat", "--port", "99999"], "Error: Invalid value for '--port'"),
    ],
)
def test_wrong_usage_says_what_is_wrong_last(qa: Run, words: list[str], beginning: str) -> None:
    done = qa(*words)
    assert (done.code, done.out, done.errors[-1][: len(beginning)]) == (2, "", beginning)


def test_a_wrong_variable_is_named(qa: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_PASSAGE_TOKENS", "a few")
    reason = "input should be a valid integer, unable to parse string as an integer"
    line = f"qa: A setting cannot be used: passage_tokens (QA_PASSAGE_TOKENS): {reason}."
    assert qa("ask", "Who?") == Ran(2, "", [line])


def test_a_failure_in_a_process_of_its_own_is_one_line_too(tmp_path: Path) -> None:
    line = f"qa: The corpus folder {tmp_path}/gone does not exist; give one with --corpus or QA_CORPUS_DIR."
    assert process("--corpus", tmp_path / "gone", "ask", "Who?") == Ran(2, "", [line])


def bad_files(folder: Path) -> None:
    """Put everything into a corpus that cannot be indexed."""
    (folder / "empty.txt").touch()
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 9)
    (folder / "huge.txt").touch()
    os.truncate(folder / "huge.txt", 50_000_000)
    (folder / "out.txt").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.txt")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("x")
    (folder / ".hidden.txt").write_text("x")
    (folder / "slides.pptx").write_text("x")


BAD_LINES = [
    "Not indexed: binary.txt: it is not text (it holds NUL bytes)",
    "Not indexed: caf�.txt: its name is not valid UTF-8, or has control characters; rename it",
    "Not indexed: empty.txt: it is empty",
    "Not indexed: huge.txt: it has 50.0 MB, over the limit of 20 MB (QA_MAX_FILE_BYTES)",
    "Not indexed: out.txt: it links to a place outside the corpus folder",
    "Not indexed: pipe.txt: it is not a regular file",
    "Not indexed: slides.pptx: files of type .pptx cannot be read; use .markdown, .md, .text, .txt",
]


def test_bad_files_are_reported_with_their_reason_and_the_rest_is_indexed(qa: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus(ACME)
    bad_files(folder)
    done = qa("index", folder)
    assert (done.code, done.out.partition(";")[0], " ".join(done.errors)) == (
        0,
        "2 added, 7 failed",
        " ".join(BAD_LINES),
    )
    assert qa("index", folder, "--strict").code == 1


def test_an_answer_says_which_files_it_could_not_read(qa: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus(ACME)
    bad_files(folder)
    done = qa("--corpus", folder, "ask", "Who founded Acme?", "--json")
    answer = json.loads(done.out)
    assert (done.code, done.errors, answer["notices"][0].partition(";")[0]) == (0, [], BAD_LINES[0])
    assert {passage["document_id"] for passage in answer["passages"]} == {"acme.txt", "otter.md"}


def test_what_is_not_in_the_documents_exits_with_zero(qa: Run, make_corpus: MakeCorpus) -> None:
    done = qa("--corpus", make_corpus(ACME), "ask", "What is the capital of Mongolia?")
    lines = done.out.splitlines()
    assert (done.code, done.errors, lines[0]) == (0, [], "I could not find this in the documents.")
    assert "Nearest passages:" in lines


def test_document_restricts_the_question(qa: Run, make_corpus: MakeCorpus) -> None:
    done = qa("--corpus", make_corpus(ACME), "ask", "Who founded Acme?", "--document", "otter.md", "--json")
    assert {passage["document_id"] for passage in json.loads(done.out)["passages"]} == {"otter.md"}


def test_folders_may_stand_after_the_command(qa: Run, make_corpus: MakeCorpus, tmp_path: Path) -> None:
    folder = make_corpus(ACME)
    done = qa("index", "--corpus", folder, f"--data-dir={tmp_path / 'mine'}")
    assert (done.code, (tmp_path / "mine" / "library.sqlite3").is_file()) == (0, True)


def test_status_shows_what_is_indexed_and_where(qa: Run, make_corpus: MakeCorpus, tmp_path: Path) -> None:
    folder = make_corpus(ACME)
    before = qa("--corpus", folder, "status")
    qa("index", folder)
    lines = qa("--corpus", folder, "status").out.splitlines()
    facts = {line[:12].strip(): line[13:].strip() for line in lines[:8]}
    assert ("Documents    0" in before.out, facts["Documents"], facts["Passages"]) == (True, "2", "2")
    assert facts["Embedder"].startswith("all-minilm-l6-v2-int8/")
    assert [line.split()[0] for line in lines[-2:]] == ["acme.txt", "otter.md"]


def test_doctor_makes_a_lost_index_anew(qa: Run, make_corpus: MakeCorpus, tmp_path: Path) -> None:
    folder = make_corpus(ACME)
    qa("index", folder)
    shutil.rmtree(tmp_path / "data" / "chroma")
    done = [qa("--corpus", folder, "doctor") for _ in range(2)]
    marks = [[line.split()[0] for line in one.out.splitlines() if line[:1].isalpha()] for one in done]
    assert ([one.code for one in done], marks) == ([0, 0], [["ok", "mended"], ["ok", "ok"]])


def test_a_library_that_is_none_is_said_in_one_line(qa: Run, make_corpus: MakeCorpus, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "library.sqlite3").write_bytes(b"no database at all, but long enough for one" * 99)
    line = (
        f"qa: The library {tmp_path}/data/library.sqlite3 cannot be read (file is not a database); "
        "move its folder away and run `qa index` to make it anew."
    )
    assert qa("--corpus", make_corpus(ACME), "ask", "Who?") == Ran(1, "", [line])


def test_folders_may_stand_before_a_double_dash(qa: Run, make_corpus: MakeCorpus) -> None:
    done = qa("ask", "--corpus", make_corpus(ACME), "--json", "--", "-- 5 degrees?")
    assert (done.code, json.loads(done.out)["question"]) == (0, "-- 5 degrees?")


def test_another_corpus_than_the_indexed_one_has_no_status(qa: Run, make_corpus: MakeCorpus) -> None:
    qa("index", make_corpus(ACME))
    done = qa("--corpus", make_corpus(ACME, folder="other"), "status")
    assert (done.code, "belongs to the corpus" in done.errors[0]) == (2, True)


def test_json_is_whole_on_an_output_that_has_no_letters_but_ascii(make_corpus: MakeCorpus, tmp_path: Path) -> None:
    folder = make_corpus({"a.txt": "Zoë founded Müller’s café in 2016."})
    done = process(
        "--corpus", folder, "ask", "Who founded the café?", "--json", PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    )
    [passage] = json.loads(done.out)["passages"]
    assert passage["text"] == "Zoë founded Müller’s café in 2016."


def test_ctrl_c_ends_in_one_line(make_corpus: MakeCorpus) -> None:
    code = (
        "import sys, qa.api\n"
        "def interrupted(*_): raise KeyboardInterrupt\n"
        "qa.api.open_chatbot = interrupted\n"
        "sys.argv = ['qa', 'index']\n"
        "from qa.cli import main; main()"
    )
    assert process(code=code) == Ran(130, "", ["qa: interrupted; what was indexed so far is kept."])
