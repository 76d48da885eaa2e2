"""What a row measures: scores case by case, times, and the tokens that a chat model would be sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from eval.cases import Case
from eval.sweeping import Sweep
from eval.sweeping.searching import _Counter
from qa.adapters.local_embedder import LocalEmbedder
from qa.adapters.scripted_model import ScriptedModel, passages_in
from qa.api import open_chatbot
from qa.bundled_files import embedder_folder
from qa.domain import Turn
from qa.interfaces import Message
from qa.settings import load_settings


@pytest.mark.parametrize(("most", "budget"), [(8, 4000), (2, 4000), (8, 150), (8, 64)])
def test_tokens_are_those_of_the_passages_that_a_chat_model_is_sent(
    subjects: Path, tmp_path: Path, most: int, budget: int
) -> None:
    sent: list[str] = []

    def reply(messages: Sequence[Message]) -> str:
        sent.extend(text for _, text in passages_in(messages[-1].text))
        return json.dumps({"statements": [], "short_answer": None, "status": "not_found"})

    settings = load_settings(
        corpus_dir=subjects, data_dir=tmp_path / "data", passage_tokens=64, overlap_tokens=0,
        model_passages=most, model_passage_tokens=budget,
    )  # fmt: skip
    count_tokens = LocalEmbedder(embedder_folder()).count_tokens
    with open_chatbot(settings, chat_model=ScriptedModel(reply)) as bot:
        bot.ask("Who built the Quill Bridge?")
        found = bot.search("Who built the Quill Bridge?", limit=most)
    assert sent
    assert _Counter(count_tokens).sent(found, most, budget) == sum(count_tokens(sent))


def test_small_passages_are_more_precise_and_whole_documents_miss_nothing(compare: Callable[..., Sweep]) -> None:
    rows = {row.chosen["passage_tokens"]: row for row in compare("passage_tokens=32,1000", "overlap_tokens=0").rows}
    precision = {tokens: row.metrics["range_precision"].value for tokens, row in rows.items()}
    assert precision[32] > 2 * precision[1000]
    assert rows[1000].metrics["range_recall"].value == rows[1000].metrics["recall_at_5"].value == 1.0
    assert rows[32].measured.index.passages > rows[1000].measured.index.passages == 3


def test_cases_without_evidence_count_for_the_answers_alone(compare: Callable[..., Sweep], cases: list[Case]) -> None:
    sweep = compare("passage_tokens=128", "overlap_tokens=0", answers=True)
    values = sweep.rows[0].measured.values
    assert set(values["range_recall"]) == set(values["mrr_at_10"]) == {"bridge", "tower", "harbour"}
    assert set(values["correct"]) == {"bridge", "tower", "harbour", "bare"}
    assert values["refusal_recall"] == {"bread": 1.0}
    assert sweep.rows[0].measured.answer_ms is not None


def test_a_follow_up_is_searched_for_as_a_question_of_its_own(compare: Callable[..., Sweep], cases: list[Case]) -> None:
    turn = Turn(question="Where is the Gull Harbour?", answer="In the north.")
    follow_up = replace(cases[2], question="Who built it?", history=(turn,), documents=())
    row = compare("passage_tokens=32", "overlap_tokens=0", cases=[follow_up]).rows[-1]
    assert row.metrics["recall_at_10"].value == 1.0
