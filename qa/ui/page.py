"""The chat page: what is on it and which step of a conversation goes where."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import gradio as gr

from qa.chatbot import Chatbot
from qa.errors import QAError
from qa.ui.conversation import Conversation, Mark, exchange
from qa.ui.feedback import FEEDBACK_FILE, FeedbackLog, Verdict, feedback_on
from qa.ui.render import escape
from qa.ui.server import address, listen, page_server

_TITLE = "Ask your documents"
_PLACEHOLDER = "Ask a question; every answer is quoted from your documents."
_WAITING_REQUESTS = 64
_ANSWERS_AT_ONCE = 8
_SESSION_SECONDS = 3600
_VERDICTS: dict[Mark | None, Verdict] = {"Like": "liked", "Dislike": "disliked", None: "withdrawn"}


def build_page(bot: Chatbot) -> gr.Blocks:
    """Give the page of a chatbot; each browser tab and each API client has a conversation of its own.

    Its one API endpoint is `/ask`: a question in, out comes the answer as `Answer.to_dict` gives it, or
    `{"error": message}`.
    """
    page = gr.Blocks(title=_TITLE, analytics_enabled=False)
    with page:
        gr.Markdown(f"# {_TITLE}", elem_id="qa-title")
        chat = _chat()
        question = _question()
        conversation = gr.State(Conversation(), time_to_live=_SESSION_SECONDS)
        _answer_on_page(bot, question, chat, conversation)
        _answer_api(bot, question, conversation)
        _rate(FeedbackLog(bot.settings.resolved_data_dir() / FEEDBACK_FILE), chat, conversation)
        chat.clear(Conversation, None, conversation, api_visibility="private", show_progress="hidden")
    page.queue(max_size=_WAITING_REQUESTS, default_concurrency_limit=_ANSWERS_AT_ONCE, api_open=False)
    return page


def serve(bot: Chatbot, *, port: int) -> None:
    """Serve the chat page on this machine until Ctrl+C.

    Args:
        bot: What answers.
        port: Port on 127.0.0.1; 0 takes a free one.

    Raises:
        InputError: The port is in use or may not be used.
    """
    with listen(port) as listener:
        private = [bot.settings.corpus_dir, bot.settings.resolved_data_dir()]
        server = page_server(build_page(bot), private=private)
        print(f"The chat page is at {address(listener)} (Ctrl+C ends it).", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


def _chat() -> gr.Chatbot:
    return gr.Chatbot(
        show_label=False,
        height="calc(100dvh - 11rem)",  # the rest of the window is for title and input
        buttons=[],
        feedback_options=("Like", "Dislike"),
        sanitize_html=True,
        allow_tags=False,
        latex_delimiters=[],
        allow_file_downloads=False,
        group_consecutive_messages=False,
        elem_id="qa-chat",
    )


def _question() -> gr.Textbox:
    return gr.Textbox(
        label="question",
        placeholder=_PLACEHOLDER,
        show_label=False,
        autofocus=True,
        submit_btn=True,
        elem_id="qa-question",
    )


def _answer_on_page(bot: Chatbot, question: gr.Textbox, chat: gr.Chatbot, conversation: gr.State) -> None:
    def answer_on_page(asked: str, before: Conversation) -> Iterator[tuple[Any, Any, Conversation]]:
        left_in_input: Any = ""
        for step in exchange(bot, asked, before):
            shown = gr.update(value=step.conversation.messages, feedback_value=step.conversation.marks)
            yield left_in_input, shown, step.conversation
            left_in_input = gr.skip()  # the next question may be being typed

    question.submit(
        answer_on_page,
        [question, conversation],
        [question, chat, conversation],
        api_visibility="private",
        show_progress="hidden",
        trigger_mode="once",  # a second question must find the first in the history
    )


def _answer_api(bot: Chatbot, question: gr.Textbox, conversation: gr.State) -> None:
    def ask(question: str, before: Conversation) -> tuple[dict[str, Any] | None, Conversation]:
        """Answer a question from the documents; a session keeps its history."""
        *_, last = exchange(bot, question, before)
        return last.result, last.conversation

    # Gradio ties an endpoint to something on the page; this button is never shown.
    gr.Button(visible=False).click(
        ask,
        [question, conversation],
        [gr.JSON(visible=False, label="answer"), conversation],
        api_name="ask",
    )


def _rate(log: FeedbackLog, chat: gr.Chatbot, conversation: gr.State) -> None:
    def rate(shown: Conversation, choice: gr.LikeData) -> Any:
        given = shown.given_at(choice.index)
        if given is None:
            gr.Info("Only whole answers can be rated.")
        else:
            mark = _mark(choice.liked)
            try:
                log.append(feedback_on(given.answer, given.history, _VERDICTS[mark]))
                given.mark = mark
            except QAError as error:
                gr.Warning(escape(str(error)))
        return gr.update(feedback_value=shown.marks)  # what was not kept is not shown as if it were

    chat.like(rate, conversation, chat, api_visibility="private", show_progress="hidden")


def _mark(liked: object) -> Mark | None:
    """Read Gradio's choice; neither true nor false takes the earlier one back."""
    return "Like" if liked is True else "Dislike" if liked is False else None
