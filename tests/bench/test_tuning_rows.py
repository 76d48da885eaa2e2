"""`bench/tuning.py`: what other settings would have brought, from one deep search."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.squad import SquadQuestion
from bench.tuning import Tried, _as_tried, rows_of
from qa.chatbot import Chatbot
from qa.domain import Passage, RankedPassage

DEFAULT = Tried(lexical_weight=2.0, fusion_k=5.0, candidates=50, passages_reranked=12)


def passage(name: str, lexical: int | None, dense: int | None, reading: float) -> RankedPassage:
    return RankedPassage(
        passage=Passage(id=name, document_id=name, title="", source=name, text="x", start=0, end=1, page=None),
        score=9.0,
        lexical_rank=lexical,
        dense_rank=dense,
        similarity=None,
        reading=reading,
    )


FOUND = [passage("words", 1, 9, -6.0), passage("meaning", 8, 1, 0.0), passage("answer", 3, 4, 12.0)]


@pytest.mark.parametrize(
    ("changed", "first"),
    [
        ({}, "answer"),
        ({"passages_reranked": 0}, "words"),
        ({"passages_reranked": 0, "lexical_weight": 0.0}, "meaning"),
        ({"passages_reranked": 0, "candidates": 2, "fusion_k": 1.0}, "words"),
    ],
)
def test_each_setting_brings_its_own_order(changed: dict[str, float], first: str) -> None:
    tried = Tried(**{**{name: getattr(DEFAULT, name) for name in DEFAULT.__slots__}, **changed})
    assert _as_tried(FOUND, tried)[0].passage.id == first


def test_the_table_begins_with_the_chatbots_settings_and_changes_one_at_a_time() -> None:
    question = SquadQuestion(id="q", text="Who?", answers=("x",), document_id="answer", article="a")
    rows = rows_of([FOUND], [question], DEFAULT)
    assert (rows[0].differs, rows[0].tried) == ("as the chatbot does", DEFAULT)
    for row in rows[1:]:
        differing = [name for name in DEFAULT.__slots__ if getattr(row.tried, name) != getattr(DEFAULT, name)]
        assert len(differing) <= 1
    by_name = {row.differs: row.figures["recall@1"].value for row in rows}
    assert (by_name["as the chatbot does"], by_name["0 passages reranked"]) == (1.0, 0.0)


def test_the_default_is_the_order_that_the_chatbot_gives(open_bot: Callable[..., Chatbot]) -> None:
    with open_bot() as bot:
        given = bot.search("Which volcano of Europe erupted in 2021?", limit=20)
        settings = bot.settings
    default = Tried(settings.lexical_weight, settings.fusion_k, settings.candidates, settings.passages_reranked)
    assert [item.passage.id for item in _as_tried(given[::-1], default)] == [item.passage.id for item in given]
