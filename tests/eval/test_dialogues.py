"""Follow-ups are made to stand alone without a model, and a fresh question is left as it is: 24 dialogues."""

import json
import re
from pathlib import Path

import pytest

from qa.condensing import standalone_question
from qa.domain import Turn

FILE = Path(__file__).parent.parent.parent / "eval" / "cases" / "dialogues.jsonl"
DIALOGUES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def test_there_are_at_least_twenty() -> None:
    assert len({dialogue["id"] for dialogue in DIALOGUES}) == len(DIALOGUES) >= 20


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue["id"])
def test_what_stands_alone_has_what_it_needs_and_nothing_of_another_subject(dialogue: dict) -> None:
    standalone = standalone_question(dialogue["question"], [Turn(**turn) for turn in dialogue["history"]])
    words = set(re.findall(r"\w+", standalone))
    assert (standalone == dialogue["question"]) is dialogue["unchanged"]
    assert [word for word in dialogue["has"] if word not in words] == []
    assert [word for word in dialogue["lacks"] if word in words] == []
