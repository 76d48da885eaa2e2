"""Ready answers, and a stand-in for the chatbot that gives them."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from qa.domain import (
    Answer,
    Citation,
    Passage,
    RankedPassage,
    Seconds,
    Statement,
    StatementReady,
    Turn,
    Usage,
)
from qa.settings import Settings

DOCUMENT = "WeWork was founded in 2010. SoftBank invested $4.4 billion in 2016. It lost money."
QUOTE = "SoftBank invested $4.4 billion in 2016."


def citation(**changes) -> Citation:
    start = DOCUMENT.index(QUOTE)
    answer_start = DOCUMENT.index("$4.4")
    fields = {
        "number": 1,
        "document_id": "wework.txt",
        "title": "WeWork",
        "source": "/corpus/wework.txt",
        "page": None,
        "start": start,
        "end": start + len(QUOTE),
        "quote": QUOTE,
        "verified": True,
        "answer_start": answer_start,
        "answer_end": answer_start + len("$4.4 billion"),
    }
    return Citation(**(fields | changes))


def ranked_passage(**changes) -> RankedPassage:
    fields = {
        "id": "p1",
        "document_id": "wework.txt",
        "title": "WeWork",
        "source": "/corpus/wework.txt",
        "text": DOCUMENT,
        "start": 0,
        "end": len(DOCUMENT),
        "page": None,
    }
    passage = Passage(**(fields | changes))
    return RankedPassage(passage=passage, score=1.0, lexical_rank=1, dense_rank=1, similarity=0.5)


def answer(**changes) -> Answer:
    fields = {
        "question": "How much?",
        "standalone_question": "How much?",
        "status": "answered",
        "text": f"{QUOTE} [1]",
        "short_answer": "$4.4 billion",
        "confidence": 0.9,
        "statements": (Statement(text=QUOTE, citations=(1,), verified=True),),
        "citations": (citation(),),
        "passages": (ranked_passage(),),
        "model": "scripted",
        "usage": Usage(),
        "seconds": Seconds(retrieve=0.1, answer=0.1, total=0.25),
        "notices": (),
    }
    return Answer(**(fields | changes))


def not_found(**changes) -> Answer:
    nothing = {
        "status": "not_found",
        "text": "I could not find this in the documents.",
        "short_answer": None,
        "statements": (),
        "citations": (),
    }
    return answer(**(nothing | changes))


@dataclass
class ScriptedBot:
    """Has `Chatbot`'s `settings` and `stream`; gives the scripted answer and keeps what it was asked."""

    settings: Settings
    reply: Answer = field(default_factory=answer)
    fails_with: Exception | None = None
    pause: float = 0.0
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), where: Mapping[str, str] | None = None
    ) -> Iterator[StatementReady | Answer]:
        self.asked.append((question, tuple(history)))
        if self.fails_with:
            raise self.fails_with
        new = list(self.reply.citations)
        for statement in self.reply.statements:
            time.sleep(self.pause)
            first_used = tuple(c for c in new if c.number in statement.citations)
            new = [c for c in new if c not in first_used]
            yield StatementReady(statement=statement, citations=first_used)
        time.sleep(self.pause)
        yield self.reply
