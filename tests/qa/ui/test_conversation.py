import logging
from dataclasses import replace

import pytest
from page_samples import answer

from qa.domain import Turn
from qa.errors import LibraryError
from qa.ui.conversation import Conversation, GivenAnswer, Step, exchange
from qa.ui.render import answer_html, error_html, question_html, searching_html, unfinished_html


def test_steps_go_from_searching_over_statements_to_the_answer(scripted_bot):
    steps = list(exchange(scripted_bot, "How much?", Conversation()))
    shown = [step.conversation.messages[-1]["content"] for step in steps]
    assert shown[0] == searching_html()
    assert shown[1].startswith('<div class="qa-answer"><p class="qa-statements">SoftBank')
    assert shown[2] == answer_html(answer())
    assert [step.result for step in steps] == [None, None, answer().to_dict()]


def test_the_question_and_its_reply_are_shown_and_kept_as_a_turn(scripted_bot):
    *_, last = exchange(scripted_bot, "How much?", Conversation())
    assert last.conversation == Conversation(
        turns=(Turn(question="How much?", answer=answer().text),),
        messages=(
            {"role": "user", "content": question_html("How much?")},
            {"role": "assistant", "content": answer_html(answer())},
        ),
        given=(None, GivenAnswer(replace(answer(), passages=()), history=())),
    )


def test_an_answer_keeps_the_turns_before_it_and_its_mark_in_all_later_states(scripted_bot):
    *_, first = exchange(scripted_bot, "How much?", Conversation())
    scripted_bot.fails_with = LibraryError("The library is damaged; run `qa doctor`.")
    *_, failed = exchange(scripted_bot, "When?", first.conversation)
    scripted_bot.fails_with = None
    *_, last = exchange(scripted_bot, "And when?", failed.conversation)
    first.conversation.given_at(1).mark = "Like"
    assert [given and len(given.history) for given in last.conversation.given] == [None, 0, None, None, None, 1]
    assert last.conversation.marks == ["Like", None, None]


@pytest.mark.parametrize("index", [-1, 0, 2, None, "1", [1, 0]])
def test_what_is_no_answer_on_the_page_cannot_be_rated(scripted_bot, index):
    *_, last = exchange(scripted_bot, "How much?", Conversation())
    assert last.conversation.given_at(index) is None


def test_the_chatbot_is_told_the_earlier_turns(scripted_bot):
    earlier = Conversation(turns=(Turn(question="Who?", answer="SoftBank."),))
    list(exchange(scripted_bot, "How much?", earlier))
    assert scripted_bot.asked == [("How much?", earlier.turns)]


def test_an_expected_failure_is_a_message_and_no_turn(scripted_bot):
    scripted_bot.fails_with = LibraryError("The library is damaged; run `qa doctor`.")
    *_, last = exchange(scripted_bot, "How much?", Conversation())
    assert last == Step(
        Conversation().showing("How much?", error_html("The library is damaged; run `qa doctor`.")),
        {"error": "The library is damaged; run `qa doctor`."},
    )


def test_a_bug_is_a_message_and_its_traceback_is_logged(scripted_bot, caplog):
    scripted_bot.fails_with = ZeroDivisionError("secret detail")
    with caplog.at_level(logging.ERROR):
        *_, last = exchange(scripted_bot, "How much?", Conversation())
    assert last.result["error"].startswith("Something went wrong inside the program")
    assert "secret detail" not in last.conversation.messages[-1]["content"]
    assert "ZeroDivisionError: secret detail" in caplog.text


def test_a_question_that_is_null_is_an_empty_one(scripted_bot):
    list(exchange(scripted_bot, None, Conversation()))
    assert scripted_bot.asked == [("", ())]


def test_what_a_model_is_writing_is_shown_unchecked(scripted_bot):
    shown = unfinished_html([], "SoftBank put $4.4")
    assert shown == '<div class="qa-answer"><p class="qa-growing">SoftBank put &#36;4&#46;4</p></div>'


def test_an_empty_question_is_not_shown_as_a_message():
    assert len(Conversation().showing(" \n", error_html("Empty.")).messages) == 1


def test_history_keeps_the_last_twenty_turns():
    conversation = Conversation()
    for number in range(25):
        conversation = conversation.with_turn(Turn(question=str(number), answer="a"))
    assert [turn.question for turn in conversation.turns] == [str(number) for number in range(5, 25)]


def test_history_is_cut_to_32000_characters_but_keeps_the_last_turn():
    short = Turn(question="q", answer="a" * 15_999)
    long = Turn(question="q", answer="a" * 40_000)
    two = Conversation().with_turn(short).with_turn(short)
    assert len(two.turns) == 2
    assert len(two.with_turn(short).turns) == 2
    assert two.with_turn(long).turns == (long,)


def test_old_messages_leave_the_page():
    conversation = Conversation()
    for number in range(60):
        conversation = conversation.showing(f"q{number}", unfinished_html([]))
    assert len(conversation.messages) == 100
    assert conversation.messages[0]["content"] == question_html("q10")
