"""A reply is read while it is written: each statement as soon as it is whole, and never half of one as whole."""

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.reply import LONGEST_REPLY, Reply, ReplyReader
from qa.domain import Passage
from qa.errors import UnreadableReply
from qa.interfaces import DraftStatement, DraftText

PASSAGE = Passage(id="1", document_id="a.txt", title="A", source="a", text="Ada runs Acme.", start=0, end=14, page=None)


def statement(text, quote="Ada runs Acme.", passage=1):
    return {"text": text, "quotes": [{"passage": passage, "quote": quote}]}


def whole(*statements, **fields):
    return json.dumps({"statements": statements, "short_answer": None, "status": "answered", **fields})


def fed(text, size):
    reader = ReplyReader([PASSAGE])
    events = [event for at in range(0, len(text), size) for event in reader.feed(text[at : at + size])]
    return reader, events


texts = st.lists(st.text('ab "\\{}[]:,é\n', min_size=1).filter(str.strip), max_size=4)


@given(texts, st.integers(1, 40))
def test_however_a_reply_is_cut_the_same_statements_come_out(said, size):
    reader, events = fed(whole(*map(statement, said)), size)
    assert [event.text for event in events if isinstance(event, DraftStatement)] == said
    assert reader.finish() == Reply("answered", None)


@given(texts.filter(bool), st.data())
def test_a_reply_that_breaks_off_gives_only_whole_statements(said, data):
    text = whole(*map(statement, said))
    cut = data.draw(st.integers(0, len(text) - 1))
    reader, events = fed(text[:cut], 7)
    given_so_far = [event.text for event in events if isinstance(event, DraftStatement)]
    assert given_so_far == said[: len(given_so_far)]
    with pytest.raises(UnreadableReply):
        reader.finish()


def test_the_statement_in_writing_grows():
    _, events = fed(whole(statement("Ada runs Acme, and has since it was founded.")), 5)
    grown = [event.text for event in events if isinstance(event, DraftText)]
    assert len(grown) > 2
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(grown))


def test_a_fence_and_words_around_the_object_are_forgiven():
    reader, events = fed("Sure:\n```json\n" + whole(statement("Ada runs it.")) + "\n```", 9)
    assert [event.text for event in events if isinstance(event, DraftStatement)] == ["Ada runs it."]
    assert reader.finish().status == "answered"


@pytest.mark.parametrize("number", [0, 2, -1, None, "1", True and 99])
def test_a_quote_of_a_passage_that_was_not_sent_names_none(number):
    _, events = fed(whole(statement("Ada runs it.", passage=number)), 50)
    [draft] = [event for event in events if isinstance(event, DraftStatement)]
    assert draft.quotes[0].passage is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No.",
        "[]",
        '{"reply": 1}',
        '{"statements": {}}',
        '{"statements": [1], "status": "answered"}',
        '{"statements": [{"text": " ", "quotes": []}]}',
        '{"statements": [{"text": "x"}]}',
        '{"statements": [{"text": "x", "quotes": [1]}]}',
    ],
)
def test_what_is_not_of_the_form_is_said_to_be_so(text):
    with pytest.raises(UnreadableReply):
        fed(text, 100)[0].finish()


def test_a_reply_without_end_is_cut_off():
    with pytest.raises(UnreadableReply, match="longer than 32,000"):
        fed('{"statements": [{"text": "' + "x" * LONGEST_REPLY, 4096)
