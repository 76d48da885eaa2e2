"""`qa eval compare-chunking`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from eval.commands.options import (
    CasesOption,
    CorpusOption,
    LimitOption,
    MarkdownOption,
    TagOption,
    quiet_stdout,
    settings_of,
    warn,
)


def compare_chunking(
    context: typer.Context,
    cases: CasesOption = None,
    corpus: CorpusOption = None,
    assign: Annotated[
        list[str] | None,
        typer.Option("--set", help="Values to compare, as passage_tokens=128,256; may be repeated. Default: a grid."),
    ] = None,
    answers: Annotated[bool, typer.Option(help="Ask every case as well, which takes most of the time.")] = False,
    sort: Annotated[str | None, typer.Option(help="Column to sort by.")] = None,
    limit: LimitOption = None,
    tag: TagOption = None,
    work: Annotated[Path, typer.Option(help="Folder of indexes and rows, kept for a next run.")] = Path("runs/sweep"),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")] = False,
    markdown: MarkdownOption = None,
) -> None:
    """Compare passage sizes, overlaps, fusion weights and embedders on documents and cases of your own."""
    from eval import sweeping
    from eval.case_files import SEED_CASES, load_cases
    from eval.cases import select_cases
    from eval.corpus_texts import CorpusTexts
    from eval.run_record import prepare_outputs, write_text
    from qa.corpus import sha256_of

    settings = settings_of(context, corpus)
    setups = sweeping.settings_grid(settings, assign or (), answers=answers)
    sweeping.check_sort(sort, answers=answers)
    texts = CorpusTexts.of(settings)
    file = cases or SEED_CASES
    chosen = select_cases(load_cases(file, texts), tag=tag, limit=limit)
    prepare_outputs([markdown], [file])
    with quiet_stdout() as progress:
        sweep = sweeping.compare_chunking(
            setups,
            chosen,
            source={"name": file.name, "sha256": sha256_of(file.read_bytes())},
            work=work,
            answers=answers,
            progress=progress,
            warn=warn,
            sort=sort,
        )
    if as_json:
        print(json.dumps(sweep.to_dict()))
    else:
        sweeping.show_sweep(sweep)
    if markdown is not None:
        write_text(markdown, sweeping.sweep_markdown(sweep))
