"""A question does not wait long for an embedding service, and is answered by words alone while that is down."""

from __future__ import annotations

import time

import numpy as np
import pytest
from openai_server import OpenAIServer, Reply, refused_url, server_error, stalled

from qa.adapters.hashing_embedder import HashingEmbedder
from qa.adapters.llama_embedder import wrapped_embedding
from qa.adapters.question_embedder import question_embedder
from qa.api import open_chatbot
from qa.errors import ModelBusyError
from qa.settings import Settings

QUESTIONS = ["What does the otter eat" + "?" * number for number in range(1, 9)]  # none is remembered from another
LIMITS = {"connect_seconds": 2.0, "first_token_seconds": 2.0}


@pytest.fixture
def server():
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def bot(server, corpus):
    """A chatbot that has indexed its corpus with the server's embeddings."""
    settings = Settings(
        corpus_dir=corpus,
        embedding="openai:text-embedding-3-small",
        openai_base_url=server.url,
        answerer="extractive",
        **LIMITS,
    )
    with open_chatbot(settings) as bot:
        bot.sync()
        yield bot
        bot.corpus_sync.indexer.embedder._embedding._client.close()


def timed(bot, question):
    started = time.monotonic()
    answer = bot.ask(question)
    assert (answer.citations[0].document_id, len(answer.notices)) == ("nature/otter.md", 1)
    return time.monotonic() - started, answer.notices[0]


def test_a_silent_service_holds_up_a_few_questions_for_a_moment_and_then_none(server, bot):
    bot.ask("Otters?")  # whatever is loaded once is
    before = len(server.embedding_batches)
    server.script([stalled("nothing")], endpoint="embeddings")
    waited, notices = zip(*[timed(bot, question) for question in QUESTIONS], strict=True)
    assert len(server.embedding_batches) - before == 3
    assert (max(waited) < 4, max(waited[3:]) < 1) == (True, True)
    assert notices[0] == (
        "The embedding model openai:text-embedding-3-small did not answer within 2 s; ask again later."
    )
    assert "did not answer in time; it is asked again in" in notices[-1]


def test_a_service_that_fails_is_left_alone_after_five_times(server, bot):
    before = len(server.embedding_batches)
    server.script([server_error()], endpoint="embeddings")
    notices = [timed(bot, question)[1] for question in QUESTIONS]
    assert len(server.embedding_batches) - before == 5
    assert ("HTTP 500" in notices[0], "failed 5 times" in notices[5]) == (True, True)


def test_a_service_that_is_back_is_asked_for_every_question(server, bot):
    before = len(server.embedding_batches)
    server.script([server_error(), Reply(), server_error(), Reply()], endpoint="embeddings")
    notices = [len(bot.ask(question).notices) for question in QUESTIONS]
    assert (notices, len(server.embedding_batches) - before) == ([1, 0, 1, 0, 0, 0, 0, 0], 8)


def test_a_refused_connection_is_not_waited_for():
    from llama_index.embeddings.openai import OpenAIEmbedding

    with refused_url() as url:
        embedding = OpenAIEmbedding(api_base=url, api_key="k")
        patient = wrapped_embedding(embedding, HashingEmbedder().count_tokens)
        started = time.monotonic()
        with pytest.raises(ModelBusyError, match="could not be reached"):
            question_embedder(patient, Settings(**LIMITS)).embed(["otter"])
    assert time.monotonic() - started < 2
    embedding._client.close()


def test_any_embedding_that_blocks_is_left_in_time():
    class Blocking:
        model_name = "blocking"

        def get_text_embedding_batch(self, texts):
            time.sleep(3)
            return [[1.0]] * len(texts)

    patient = wrapped_embedding(Blocking(), HashingEmbedder().count_tokens)
    with pytest.raises(ModelBusyError, match="did not answer within 1 s"):
        question_embedder(patient, Settings(first_token_seconds=1.0)).embed(["otter"])
    assert np.array_equal(patient.embed(["otter"]), [[1.0]])  # indexing waits


def test_an_embedder_that_asks_no_service_is_left_as_it_is():
    embedder = HashingEmbedder()
    assert question_embedder(embedder, Settings()) is embedder
