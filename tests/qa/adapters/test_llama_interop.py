"""llama-index programs get our passages and answers in their own kinds of objects."""

from qa.chatbot import Chatbot


def test_the_retriever_gives_our_passages_with_their_places(bot: Chatbot) -> None:
    found = bot.search("What does the otter eat?", limit=2)
    nodes = bot.as_retriever(limit=2).retrieve("What does the otter eat?")
    assert [(node.node.node_id, node.node.text, node.node.start_char_idx) for node in nodes] == [
        (ranked.passage.id, ranked.passage.text, ranked.passage.start) for ranked in found
    ]
    assert nodes[0].node.metadata["document_id"] == "nature/otter.md"


def test_the_query_engine_gives_the_answer_and_its_quotes(bot: Chatbot) -> None:
    answer = bot.ask("What does the otter eat?")
    response = bot.as_query_engine().query("What does the otter eat?")
    assert (str(response), response.metadata["status"]) == (answer.text, answer.status)
    assert [(node.node.text, node.node.metadata["verified"]) for node in response.source_nodes] == [
        (citation.quote, True) for citation in answer.citations
    ]
