"""The command line: turns words into a call and the result into lines."""

from __future__ import annotations

import errno
import io
import json
import runpy
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.errors import QAError

if TYPE_CHECKING:
    from qa.chatbot import Chatbot
    from qa.settings import Settings

_INTERRUPTED = 130
_EVAL = "qa eval"

app = typer.Typer(
    name="qa",
    help="Ask a folder of documents; every answer carries citations that code has verified.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich takes 0.1 s to import, and help needs no colours
)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(metadata.version("qa-cited"))
        raise typer.Exit


@app.callback()
def _choose_folders(
    context: typer.Context,
    corpus: Annotated[Path | None, typer.Option(help="Folder of documents (QA_CORPUS_DIR); default: seeds/.")] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Folder of the index (QA_DATA_DIR); default: one per corpus in your data folder."),
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    context.obj = {"corpus_dir": corpus, "data_dir": data_dir}


@app.command()
def index(
    context: typer.Context,
    path: Annotated[Path | None, typer.Argument(help="Folder of documents; same as --corpus.")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Read and embed everything again.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 when a file could not be indexed.")] = False,
) -> None:
    """Index the corpus: only what is new or changed is read."""
    from qa.cli_display import progress_bar, show_report

    with _chatbot(context, corpus_dir=path) as bot, progress_bar() as progress:
        report = bot.sync(rebuild=rebuild, progress=progress)
    show_report(report)
    if strict and report.failed:
        raise typer.Exit(1)


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
    document: Annotated[list[str] | None, typer.Option(help="Only this document; may be given several times.")] = None,
) -> None:
    """Answer a question, with citations; indexes the corpus first when it has changed."""
    from qa.cli_display import progress_bar, show_answer

    with _chatbot(context) as bot:
        bot.check_question(question)  # before a long indexing, not after it
        with progress_bar() as progress:
            bot.open(progress=progress)
        answer = bot.ask(question, where={"document_id": document} if document else None)
    if as_json:
        utf8 = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        print(json.dumps(answer.to_dict(), ensure_ascii=not utf8))  # elsewhere a "?" would stand for a letter
    else:
        show_answer(answer)


@app.command()
def chat(
    context: typer.Context,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.", min=0, max=65535)] = 7860,
) -> None:
    """Serve the chat page at http://127.0.0.1:PORT, for this machine only."""
    from qa.cli_display import progress_bar
    from qa.ui.page import serve

    with _chatbot(context) as bot:
        with progress_bar() as progress:
            bot.open(progress=progress)
        serve(bot, port=port)


@app.command()
def status(context: typer.Context) -> None:
    """Show what is indexed, and where."""
    from qa.cli_display import show_status
    from qa.health import status_of

    with _chatbot(context) as bot:
        show_status(status_of(bot))


@app.command()
def doctor(context: typer.Context) -> None:
    """Prove that library and vector index are whole and agree; mend the index when they do not."""
    from qa.cli_display import show_examination
    from qa.health import examine

    with _chatbot(context) as bot:
        examination = examine(bot)
    show_examination(examination)
    if not examination.healthy:
        raise typer.Exit(1)


@app.command(
    name="eval",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def evaluate(context: typer.Context) -> None:
    """Measure how right the answers are; same as `python -m eval`."""
    sys.argv = [_EVAL, *_folder_options(context), *context.args]
    runpy.run_module("eval", run_name="__main__", alter_sys=True)


def main() -> None:
    """Run the command line: exit code 0 for a result, 2 for wrong usage or bad input, 1 for a failure."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows "?" for it
    try:
        app(_folders_first(sys.argv[1:]))
    except SystemExit as stop:
        if stop.code == _INTERRUPTED and sys.argv[0] != _EVAL:  # how Typer ends on Ctrl-C; eval has said its own
            print("qa: interrupted; what was indexed so far is kept.", file=sys.stderr)
        raise
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EIO):
            raise  # a bug: those of the corpus and the data folder are told by name
        print(f"qa: the output cannot be written ({error.strerror}).", file=sys.stderr)
        sys.exit(1)
    except QAError as error:
        print(f"qa: {error}", file=sys.stderr)
        sys.exit(error.exit_code)


def _folders_first(words: list[str]) -> list[str]:
    """Move --corpus and --data-dir before the command's name, since users write them after it as well."""
    end = words.index("--") if "--" in words else len(words)
    first, rest, kept = [], words[:end], words[end:]
    for option in ("--corpus", "--data-dir"):
        for at, word in enumerate(rest):
            taken = 1 if word.startswith(f"{option}=") else 2 if word == option else 0
            if taken:
                first += rest[at : at + taken]
                del rest[at : at + taken]
                break
    return first + rest + kept


def _chatbot(context: typer.Context, corpus_dir: Path | None = None) -> Chatbot:
    from qa.api import open_chatbot

    return open_chatbot(_settings(context, corpus_dir))


def _settings(context: typer.Context, corpus_dir: Path | None) -> Settings:
    from qa.settings import load_settings

    folders = {**context.obj}
    if corpus_dir is not None:
        folders["corpus_dir"] = corpus_dir
    return load_settings(**folders)


def _folder_options(context: typer.Context) -> list[str]:
    given = {"--corpus": context.obj["corpus_dir"], "--data-dir": context.obj["data_dir"]}
    return [word for option, value in given.items() if value is not None for word in (option, str(value))]
