"""Whether the gate tells worse from unchanged: planted regressions it must catch, unchanged runs it must pass.

Usage: `uv run python -m bench.gate [--unchanged N]`

The gold set for seeds/ is asked of the real chatbot, once as it is for a baseline, then with each thing made worse in
turn, then as it is again, `--unchanged` times. Chat models are stood in for by a script that reads the prompt: it
quotes the sentence that shares most words with the question, as far as the prompt lets it see either.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated
from unittest.mock import patch

import typer

from eval.case_files import SEED_CASES
from eval.comparison import compare_runs
from eval.gate import Threshold, load_thresholds, problems_of
from eval.measuring import Request, measure
from eval.run_record import RunRecord
from qa.adapters.scripted_model import ScriptedModel, passages_in
from qa.answering.evidence import shipped_model
from qa.answering.extractive import ExtractiveAnswerer
from qa.api import open_chatbot
from qa.chatbot import Chatbot
from qa.citations import Citer
from qa.cli_display import progress_bar
from qa.domain import StatementReady
from qa.interfaces import DraftStatement, Message
from qa.settings import Settings
from qa.syncing import Progress

_THRESHOLDS = SEED_CASES.parent.parent / "thresholds.toml"
_WORD = re.compile(r"\w{3,}")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_QUESTION = "Question:"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A chatbot to measure.

    Attributes:
        open: Opens it.
        spoilt: What holds while it is asked.
        prompts_dir: Prompts that take the place of the shipped ones.
    """

    open: Callable[[Settings], Chatbot] = open_chatbot
    spoilt: Callable[[], AbstractContextManager[object]] = nullcontext
    prompts_dir: Path | None = None


@dataclass(frozen=True, slots=True)
class Regression:
    """Something that was made worse, and the pipeline that it is made worse than."""

    spoilt: Pipeline
    sound: Pipeline


class Plants:
    """The planted regressions, by name; prompts that must be spoilt are written into a folder."""

    def __init__(self, folder: Path) -> None:
        """Write the spoilt prompts."""
        (folder / "question.md").write_text("$question\n\nQuestion: $passages\n", encoding="utf-8")
        scripted = Pipeline(open=_scripted)
        self.by_name = {
            "worse weights": Regression(Pipeline(open=_with_worse_weights), Pipeline()),
            "citations off by one": Regression(Pipeline(spoilt=_citations_off_by_one), Pipeline()),
            "a broken prompt": Regression(Pipeline(open=_scripted, prompts_dir=folder), scripted),
            "never refuses": Regression(Pipeline(open=_never_refuses), Pipeline()),
        }


def run_of(pipeline: Pipeline, work: Path, progress: Progress) -> RunRecord:
    """Ask the gold set of a pipeline; nothing is kept, so that each run really is one.

    Raises:
        QAError: The seeds cannot be indexed or asked.
    """
    settings = Settings(data_dir=work / "data", prompts_dir=pipeline.prompts_dir)
    request = Request(cases=SEED_CASES, output=work / "run.json", workers=1, fresh=True)
    with pipeline.spoilt():
        return measure(settings, request, progress, _say, open_bot=pipeline.open)


def problems(run: RunRecord, baseline: RunRecord, thresholds: Mapping[str, Threshold]) -> tuple[str, ...]:
    """Give what the gate says of a run; empty when it passes."""
    return problems_of(run, thresholds, compare_runs(baseline, run))


def thresholds_of(pipeline: Pipeline) -> dict[str, Threshold]:
    """Give the shipped thresholds, which are those of the embedded answerer; none for a scripted chat model."""
    return {} if pipeline.open is _scripted else load_thresholds(_THRESHOLDS)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def _scripted(settings: Settings) -> Chatbot:
    return open_chatbot(settings, chat_model=ScriptedModel(_best_sentence))


def _best_sentence(messages: Sequence[Message]) -> str:
    """Reply with the sentence of the passages that shares most words with the question."""
    prompt = messages[-1].text
    asked = set(_WORD.findall(prompt.rpartition(_QUESTION)[2].lower()))
    found = [
        (len(asked & set(_WORD.findall(sentence.lower()))), number, sentence.strip())
        for number, text in passages_in(prompt)
        for sentence in _SENTENCE.findall(text)
    ]
    shared, number, sentence = max(found, key=lambda item: item[0], default=(0, 0, ""))
    if not shared:
        return json.dumps({"statements": [], "short_answer": None, "status": "not_found"})
    statement = {"text": sentence, "quotes": [{"passage": number, "quote": sentence}]}
    return json.dumps({"statements": [statement], "short_answer": None, "status": "answered"})


def _with_worse_weights(settings: Settings) -> Chatbot:
    bot = open_chatbot(settings)
    assert isinstance(bot.answerer, ExtractiveAnswerer)
    model = shipped_model()
    bot.answerer = replace(bot.answerer, model=replace(model, weights=model.weights * 0.3))
    return bot


def _never_refuses(settings: Settings) -> Chatbot:
    bot = open_chatbot(settings)
    assert isinstance(bot.answerer, ExtractiveAnswerer)
    model = shipped_model()
    thresholds = {scope: dict.fromkeys(its, 0.0) for scope, its in model.answerability.thresholds.items()}
    answerability = replace(model.answerability, thresholds=thresholds)
    bot.answerer = replace(bot.answerer, model=replace(model, answerability=answerability))
    return bot


@contextmanager
def _citations_off_by_one() -> Iterator[None]:
    """Move every citation of an answer by one character, as a wrong offset in a splitter would."""
    right = Citer.cite

    def moved(citer: Citer, draft: DraftStatement) -> StatementReady:
        event = right(citer, draft)
        for place, citation in citer._citations.items():
            if place[1] == citation.start:  # once
                citer._citations[place] = replace(citation, start=citation.start + 1, end=citation.end + 1)
        return event

    with patch.object(Citer, "cite", moved):
        yield


def main(
    unchanged: Annotated[int, typer.Option(help="Unchanged runs that must pass.", min=1)] = 20,
) -> None:
    """Plant each regression, then run unchanged; exits with 1 when the gate is wrong once."""
    wrong = 0
    with TemporaryDirectory() as folder, progress_bar() as progress:
        work = Path(folder)
        (work / "prompts").mkdir()
        baselines: dict[Callable[[Settings], Chatbot], RunRecord] = {}
        for name, regression in Plants(work / "prompts").by_name.items():
            sound = regression.sound
            if sound.open not in baselines:
                baselines[sound.open] = run_of(sound, work, progress)
            found = problems(run_of(regression.spoilt, work, progress), baselines[sound.open], thresholds_of(sound))
            wrong += not found
            typer.echo(f"{name}: {'caught: ' + '; '.join(found) if found else 'NOT CAUGHT'}")
        passed = 0
        for _ in range(unchanged):
            found = problems(run_of(Pipeline(), work, progress), baselines[open_chatbot], thresholds_of(Pipeline()))
            passed += not found
        typer.echo(f"unchanged: {passed} of {unchanged} runs passed")
    if wrong or passed < unchanged:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
