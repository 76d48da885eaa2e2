"""Sentences of passages, without any model."""

from qa.answering.candidates import Sentence, every_sentence
from qa.answering.reading import ReadSpan
from qa.answering.terms import tokenize
from qa.domain import Passage, RankedPassage, Span


def made_sentence(line, text=None, *, title="t", reading=None):
    """Give `line` as a sentence of the passage `text`, in which it stands once; by default it is all of it."""
    text = line if text is None else text
    start = text.index(line)
    return Sentence(
        ranked=_ranked(text, title),
        rank=0,
        span=Span(start=start, end=start + len(line)),
        text=line,
        shown=line,
        header=None,
        tokens=tuple(tokenize(line)),
        lead=(),
        cosine=0.5,
        read=ReadSpan(0.0, None),
        reading=reading,
    )


def made_sentences(text, *, title="t"):
    """Give all sentences of the passage `text`, unread, in order."""
    return every_sentence([_ranked(text, title)])


def _ranked(text, title):
    passage = Passage(id="p", document_id="d", title=title, source="s", text=text, start=0, end=len(text), page=None)
    return RankedPassage(passage=passage, score=1.0, lexical_rank=1, dense_rank=1, similarity=0.5)
