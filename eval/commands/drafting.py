"""`qa eval new`: drafts of cases, for a person to accept one by one."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eval.commands.options import CorpusOption, DataDirOption, settings_of, warn
from qa.errors import InputError

if TYPE_CHECKING:
    from eval.drafting.drafts import Draft
    from qa.settings import Settings


def new(
    context: typer.Context,
    output: Annotated[Path, typer.Argument(help="JSON Lines file that accepted cases are appended to.")],
    corpus: CorpusOption = None,
    data_dir: DataDirOption = None,
    use_model: Annotated[
        bool, typer.Option("--use-model", help="Let the chat model write questions, instead of gaps in sentences.")
    ] = False,
    drafted: Annotated[Path | None, typer.Option(help="Look at the drafts of this file, which `--yes` wrote.")] = None,
    ratings: Annotated[
        bool, typer.Option("--ratings", help="Take the answers that were rated on the page of `qa chat`.")
    ] = False,
    yes: Annotated[
        int | None, typer.Option(help='Write so many drafts, tagged "draft", without asking.', min=1)
    ] = None,
    seed: Annotated[int, typer.Option(help="Another number draws other drafts.")] = 0,
) -> None:
    """Propose cases from your documents; what you accept is appended to a file at once."""
    from eval.corpus_texts import CorpusTexts
    from eval.drafting.case_file import CaseFile
    from eval.drafting.review import review, write_drafts
    from eval.locks import held
    from eval.run_record import prepare_output

    if (drafted is not None) + use_model + ratings > 1:
        raise InputError("Drafts come from one place at a time; give one of --drafted, --use-model and --ratings.")
    settings = settings_of(context, corpus, data_dir)
    texts = CorpusTexts.of(settings)
    sources = _drafts(settings, texts, drafted=drafted, use_model=use_model, ratings=ratings, seed=seed)
    prepare_output(output)
    with held(output.with_name(f"{output.name}.lock"), f"Another process adds to {output}; wait for it to end."):
        file = CaseFile(output, texts)
        with sources as drafts:
            if yes is not None:
                done = write_drafts(drafts, file, yes)
            else:
                done = review(drafts, file, texts, answers=sys.stdin, screen=sys.stdout)
    turned_down = f", {done.rejected} turned down" if done.rejected else ""
    passed_over = f", {done.skipped} passed over because they lack an answer" if done.skipped else ""
    came = _count(done.accepted + done.skipped, "draft")
    ran_out = f"; the documents gave {came} that it did not have" if done.accepted < (yes or 0) else ""
    appended = f"{_count(done.accepted, 'case').capitalize()} {'were' if done.accepted > 1 else 'was'} appended"
    print(f"\n{appended} to {output}{turned_down}{passed_over}{ran_out}.")


def _count(number: int, noun: str) -> str:
    """Give "no case", "1 case" or "2 cases"."""
    return f"{number or 'no'} {noun}{'s' if number > 1 else ''}"


@contextmanager
def _drafts(
    settings: Settings,
    texts: Mapping[str, str],
    *,
    drafted: Path | None,
    use_model: bool,
    ratings: bool,
    seed: int,
) -> Iterator[Iterable[Draft]]:
    from eval.case_files import load_cases
    from eval.drafting.cloze import draft_cases
    from eval.drafting.drafts import drafts_of
    from eval.drafting.model_drafts import open_drafter
    from eval.feedback import feedback_cases
    from qa.ui.feedback import FEEDBACK_FILE

    if drafted is not None:
        yield drafts_of(load_cases(drafted, texts))
    elif ratings:
        yield feedback_cases(settings.resolved_data_dir() / FEEDBACK_FILE, texts)
    elif use_model:
        drafter = open_drafter(settings)
        try:
            yield drafter.drafts(texts, seed=seed)
        finally:
            drafter.close()
            for reason, times in sorted(drafter.turned_down.items()):
                warn(f"{times} of the model's drafts were turned down: {reason}")
            if told := drafter.usage.in_words():
                warn(f"the model's part: {told}")
    else:
        yield draft_cases(texts, seed=seed)
