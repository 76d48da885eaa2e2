"""The records are plain, frozen, and become the JSON object that the command line prints."""

import dataclasses
import inspect
import json

import pytest

from qa import domain
from qa.domain import (
    Answer,
    Citation,
    FailedFile,
    Passage,
    RankedPassage,
    Seconds,
    Span,
    Statement,
    SyncReport,
    Usage,
)

RECORDS = [record for _, record in inspect.getmembers(domain, inspect.isclass) if dataclasses.is_dataclass(record)]
CITATION = Citation(
    number=1, document_id="a.txt", title="A", source="/c/a.txt", page=2, start=4, end=9, quote="otter", verified=True
)
PASSAGE = Passage(id="p", document_id="a.txt", title="A", source="/c/a.txt", text="The otter.", start=0, end=10, page=2)
ANSWER = Answer(
    question="Who?",
    standalone_question="Who eats?",
    status="answered",
    text="The otter. [1]",
    short_answer="otter",
    confidence=0.5,
    statements=(Statement(text="The otter.", citations=(1,), verified=True),),
    citations=(CITATION,),
    passages=(RankedPassage(passage=PASSAGE, score=0.25, lexical_rank=1, dense_rank=None, similarity=None),),
    model="scripted",
    usage=Usage(),
    seconds=Seconds(retrieve=0.1, answer=0.2, total=0.3),
    notices=("Mind this.",),
)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_a_record_is_frozen_and_takes_its_values_by_name(record: type) -> None:
    parameters = record.__dataclass_params__
    fields = dataclasses.fields(record)
    assert (parameters.frozen, [field.name for field in fields if not field.kw_only]) == (True, [])


def test_an_answer_becomes_the_object_that_the_command_line_prints() -> None:
    assert json.loads(json.dumps(ANSWER.to_dict())) == {
        "question": "Who?",
        "standalone_question": "Who eats?",
        "status": "answered",
        "text": "The otter. [1]",
        "short_answer": "otter",
        "confidence": 0.5,
        "statements": [{"text": "The otter.", "citations": [1], "verified": True}],
        "citations": [
            {
                "number": 1,
                "document_id": "a.txt",
                "title": "A",
                "source": "/c/a.txt",
                "page": 2,
                "start": 4,
                "end": 9,
                "quote": "otter",
                "verified": True,
                "answer_start": None,
                "answer_end": None,
            }
        ],
        "passages": [{"document_id": "a.txt", "start": 0, "end": 10, "text": "The otter.", "score": 0.25}],
        "model": "scripted",
        "usage": {"input_tokens": 0, "output_tokens": 0, "cost_usd": 0.0},
        "seconds": {"retrieve": 0.1, "answer": 0.2, "total": 0.3},
        "notices": ["Mind this."],
    }


def test_a_span_gives_its_characters() -> None:
    assert (Span(start=4, end=9).of("The otter."), Span(start=3, end=3).of("abc")) == ("otter", "")


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        ({}, False),
        ({"unchanged": ("a.txt",), "failed": (FailedFile(path="b.txt", reason="it is empty"),)}, False),
        ({"added": ("a.txt",)}, True),
        ({"updated": ("a.txt",)}, True),
        ({"removed": ("a.txt",)}, True),
        ({"renamed": (("a.txt", "b.txt"),)}, True),
    ],
)
def test_a_report_tells_whether_anything_was_written(change: dict[str, tuple[str, ...]], changed: bool) -> None:
    lists = dict.fromkeys(("added", "updated", "removed", "renamed", "unchanged", "failed"), ())
    report = SyncReport(**{**lists, **change}, passages=0, embedded=0, seconds=0.0)
    assert report.changed is changed
