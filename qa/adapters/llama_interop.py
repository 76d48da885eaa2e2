"""Our pipeline, handed to llama-index programs as their retriever and query engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.domain import Answer, Citation, RankedPassage

if TYPE_CHECKING:
    from qa.chatbot import Chatbot, Where


class LlamaInterop:
    """Makes llama-index objects of a chatbot; llama-index is imported at the first call, which takes seconds."""

    def retriever(self, bot: Chatbot, limit: int, where: Where | None) -> Any:
        """Give a `BaseRetriever` whose nodes are our passages, best first, with the fusion score."""
        from llama_index.core.retrievers import BaseRetriever
        from llama_index.core.schema import QueryBundle

        class PassageRetriever(BaseRetriever):
            """`bot.search`."""

            def _retrieve(self, query_bundle: QueryBundle) -> list[Any]:
                found = bot.search(query_bundle.query_str, limit=limit, where=where)
                return [_passage_node(ranked) for ranked in found]

        return PassageRetriever()

    def query_engine(self, bot: Chatbot, where: Where | None) -> Any:
        """Give a query engine: the response is the answer's text, its source nodes are the citations' quotes."""
        from llama_index.core.query_engine import CustomQueryEngine

        class CitingQueryEngine(CustomQueryEngine):
            """`bot.ask`."""

            def custom_query(self, query_str: str) -> Any:
                """Answer the question."""
                return _response(bot.ask(query_str, where=where))

            async def acustom_query(self, query_str: str) -> Any:
                """Answer the question without blocking the event loop."""
                return _response(await bot.aask(query_str, where=where))

        return CitingQueryEngine()


def _response(answer: Answer) -> Any:
    from llama_index.core.base.response.schema import Response

    return Response(
        response=answer.text,
        source_nodes=[_citation_node(citation) for citation in answer.citations],
        metadata={"status": answer.status, "short_answer": answer.short_answer, "model": answer.model},
    )


def _passage_node(ranked: RankedPassage) -> Any:
    passage = ranked.passage
    metadata = {"document_id": passage.document_id, "title": passage.title, "source": passage.source}
    return _node(passage.id, passage.text, passage.start, passage.end, metadata, ranked.score)


def _citation_node(citation: Citation) -> Any:
    metadata = {
        "number": citation.number,
        "document_id": citation.document_id,
        "title": citation.title,
        "source": citation.source,
        "page": citation.page,
        "verified": citation.verified,
    }
    identity = f"{citation.document_id}:{citation.start}-{citation.end}"
    return _node(identity, citation.quote, citation.start, citation.end, metadata, None)


def _node(identity: str, text: str, start: int, end: int, metadata: dict[str, Any], score: float | None) -> Any:
    from llama_index.core.schema import NodeWithScore, TextNode

    node = TextNode(id_=identity, text=text, start_char_idx=start, end_char_idx=end, metadata=metadata)
    return NodeWithScore(node=node, score=score)
