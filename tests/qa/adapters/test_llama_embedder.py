"""Embedders of others: in batches, in order, asked again when busy, and never with the key in a message."""

from __future__ import annotations

import numpy as np
import pytest
from openai_server import (
    OpenAIServer,
    Reply,
    missing_vector,
    rate_limited,
    server_error,
    unauthorized,
    vectors_out_of_order,
)

from qa.adapters.hashing_embedder import HashingEmbedder
from qa.adapters.llama_embedder import LlamaEmbedder, named_embedder, wrapped_embedding
from qa.errors import ModelBusyError, ModelRefusedError, SettingsError
from qa.settings import Settings

KEY = "sk-secret-0123456789"


@pytest.fixture
def server():
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def embedder(server):
    settings = Settings(embedding="openai:text-embedding-3-small", openai_base_url=server.url, openai_api_key=KEY)
    embedder = named_embedder(settings, HashingEmbedder())
    embedder._sleep = lambda seconds: None
    yield embedder
    embedder._embedding._client.close()


def test_texts_are_sent_in_batches_and_come_back_in_order(server, embedder):
    texts = [f"otter {number}" for number in range(230)]
    vectors = embedder.embed(texts)
    assert [len(batch) for batch in server.embedding_batches] == [100, 100, 30]
    assert (vectors.shape, vectors.dtype) == ((230, server.dimensions), np.float32)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.allclose(vectors[120], embedder.embed([texts[120]])[0], atol=1e-6)


def test_vectors_that_come_out_of_order_go_to_their_texts(server, embedder):
    texts = ["otter", "kelp", "volcano"]
    in_order = embedder.embed(texts)
    server.script([vectors_out_of_order()], endpoint="embeddings")
    assert np.array_equal(embedder.embed(texts), in_order)


def test_the_batches_of_an_embedding_that_was_handed_in_stay_as_small_as_they_are(server):
    import httpx
    from llama_index.embeddings.openai import OpenAIEmbedding

    with httpx.Client() as client:
        embedding = OpenAIEmbedding(api_base=server.url, api_key=KEY, embed_batch_size=2, http_client=client)
        wrapped_embedding(embedding, HashingEmbedder().count_tokens).embed(["a\nb", "c", "d"])
    assert server.embedding_batches == [["a b", "c"], ["d"]]


def test_a_busy_service_is_asked_again(server, embedder):
    server.script([rate_limited(0), server_error(), Reply()], endpoint="embeddings")
    assert embedder.embed(["otter"]).shape == (1, server.dimensions)


def test_a_service_that_stays_busy_or_wants_a_long_pause_is_given_up(server, embedder):
    for step, tries in ((server_error(), 4), (rate_limited(120), 1)):
        before = len(server.requests)
        server.script([step], endpoint="embeddings")
        with pytest.raises(ModelBusyError):
            embedder.embed(["otter"])
        assert len(server.requests) - before == tries


def test_a_wrong_key_is_said_without_the_key(server, embedder):
    server.script([unauthorized(KEY)], endpoint="embeddings")
    with pytest.raises(ModelRefusedError, match="check OPENAI_API_KEY") as raised:
        embedder.embed(["otter"])
    assert KEY not in str(raised.value)


def test_fewer_vectors_than_texts_are_refused(server, embedder):
    server.script([missing_vector()], endpoint="embeddings")
    with pytest.raises(ModelBusyError, match="gave 1 vectors for 2 texts"):
        embedder.embed(["otter", "kelp"])


def test_a_chatbot_finds_by_it_and_by_words_alone_when_it_fails(server, open_bot):
    settings = {"embedding": "openai:text-embedding-3-small", "openai_base_url": server.url, "answerer": "extractive"}
    from qa.api import open_chatbot

    local = open_bot()
    with open_chatbot(Settings(corpus_dir=local.settings.corpus_dir, **settings)) as bot:
        assert bot.ask("What does the otter eat?").citations[0].document_id == "nature/otter.md"
        server.script([unauthorized()], endpoint="embeddings")
        answer = bot.ask("What does the sea otter sleep on?")
        assert ("OPENAI_API_KEY" in answer.notices[0], len(answer.passages) > 0) == (True, True)
        bot.corpus_sync.indexer.embedder._embedding._client.close()


@pytest.mark.parametrize("name", ["open", "openai:", "fastembed", "other:model"])
def test_an_unknown_name_says_which_there_are(name):
    with pytest.raises(SettingsError, match="set QA_EMBEDDING to local"):
        named_embedder(Settings(embedding=name), HashingEmbedder())


def test_any_object_of_llama_indexs_kind_will_do():
    class Counting:
        model_name = "counting-1"

        def get_text_embedding_batch(self, texts):
            return [[float(len(text)), 1.0] for text in texts]

    embedder = wrapped_embedding(Counting(), HashingEmbedder().count_tokens)
    assert isinstance(embedder, LlamaEmbedder)
    assert (embedder.fingerprint, embedder.dimensions) == ("Counting/counting-1", 2)
    assert embedder.embed([]).shape == (0, 2)
