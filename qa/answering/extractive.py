"""Answers without a model service: the sentences of the documents that answer, word for word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from qa.answering.answerability import Scope, scope_of
from qa.answering.candidates import Candidates, candidate_sentences, document_sentences, every_sentence
from qa.answering.close_reading import read_closely
from qa.answering.comparing import both_sides
from qa.answering.enumeration import Sort, asks_of_one_document, enumerate_all, sort_asked_for
from qa.answering.evidence import Evidence, EvidenceModel, likeliest_first, shipped_model, weigh, with_words
from qa.answering.further import further_evidence
from qa.answering.kinds import Kind
from qa.answering.questions import Question, in_usual_case, question_parts, read_question
from qa.answering.rules import unmentioned_names
from qa.domain import RankedPassage, Span, Status
from qa.interfaces import DraftEnd, DraftQuote, DraftStatement, Embedder, SpanReader
from qa.settings import Refusal

MORE_MAY_BE_NAMED = "The documents may name more: only the best passages were looked through, and few sentences shown."
# An answer carries so many passages at least, whether read or not, so that it tells how deep the right one lay.
_CARRIED = 10
_SUMMARY_SENTENCES = 5
_MOST_ENUMERATED = 12  # sentences
_SHORTEST_SUMMARY_SENTENCE = 6  # words; headings and labels are shorter
# Of the names that are taken for a person's, 6 % of SQuAD's answers so taken are none; rounded down.
_IS_A_PERSON = 0.9
# A sentence that decides yes or no holds no words that answer, so the reader says nothing of it, and what merely speaks
# of the same things passes more easily. Set by hand on the gold set for seeds/, a development set.
_YES_NO_SHARE = 1.13
# What is compared mostly stands in sentences of its own, none of which answers alone.
_COMPARISON_SHARE = 0.63
# The more so where a sentence for each side is found.
_COMPARED_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class _Choice:
    """The sentences chosen for one part of a question; none means that the part was not found.

    Attributes:
        names: What was asked for all of; empty for other questions, which the first sentence's span answers.
        is_whole: No more was asked for than the sentences say.
    """

    evidence: tuple[Evidence, ...]
    confidence: float
    names: tuple[str, ...] = ()
    is_whole: bool = True

    @property
    def words(self) -> tuple[str, ...]:
        """The words that answer, each on one line where the text is wrapped; empty when they cannot be told."""
        if self.names or not self.evidence or self.evidence[0].answer is None:
            return self.names
        return (" ".join(self.evidence[0].answer.of(self.evidence[0].sentence.text).split()),)


@dataclass(frozen=True, kw_only=True)
class ExtractiveAnswerer:
    """Chooses the sentences that answer, and the words in them that do where their form tells.

    Attributes:
        refusal: How strong the evidence must be.
        max_statements: Most sentences in one answer, but for questions of which things all are named.
        passages_read: Most passages that it reads, the best ones; it wants at least ten, which the answer carries.
        model: Weighs the evidence; None takes the one that was shipped.
    """

    embedder: Embedder
    reader: SpanReader
    refusal: Refusal = "balanced"
    max_statements: int = 5
    passages_read: int = 5
    model: EvidenceModel | None = None

    @property
    def name(self) -> str:
        """Shown to the user as who answered."""
        return "extractive"

    @property
    def passages_wanted(self) -> int:
        """How many passages the answer carries; of them the best `passages_read` are read."""
        return max(_CARRIED, self.passages_read)

    @property
    def _weighing(self) -> EvidenceModel:
        return self.model or shipped_model()

    def answer(self, question: str, passages: Sequence[RankedPassage]) -> Iterator[DraftStatement | DraftEnd]:
        """Give the chosen sentences in document order, best document first, and how it sums up."""
        asked = in_usual_case(question)
        parts = [read_question(part) for part in question_parts(asked)]
        choices = [
            self._enumerate(sort, part, passages)
            if (sort := sort_asked_for(part))
            else self._choose(part, passages, in_lower_case=asked.islower())
            for part in parts
        ]
        shown = _strongest(choices, self.max_statements)
        for evidence in _in_reading_order(shown):
            yield _statement(evidence)
        found = sum(1 for choice in choices if choice.evidence and choice.evidence[0] in shown)
        is_whole = all(choice.is_whole for choice in choices)
        status: Status = "not_found" if not found else "answered" if found == len(parts) and is_whole else "partial"
        yield DraftEnd(
            status=status,
            short_answer=_short_answer(choices) if found == len(parts) else None,
            confidence=min((choice.confidence for choice in choices), default=0.0),
            notices=() if is_whole else (MORE_MAY_BE_NAMED,),
        )

    def _enumerate(self, sort: Sort, part: Question, found: Sequence[RankedPassage]) -> _Choice:
        """Choose the sentences that name what all is asked for, out of all passages; they need not be read."""
        best = {ranked.passage.document_id for ranked in (found[:1] if asks_of_one_document(part) else found)}
        passages = [ranked for ranked in found if ranked.passage.document_id in best]
        named = enumerate_all(sort, every_sentence(passages), self.embedder, _MOST_ENUMERATED)
        if not named.evidence:
            return _Choice((), 0.0)
        return _Choice(
            named.evidence,
            confidence=_IS_A_PERSON if sort is Sort.PEOPLE else 1.0,
            names=named.names,
            is_whole=named.is_whole and len(found) < self.passages_wanted,
        )

    def _choose(self, part: Question, found: Sequence[RankedPassage], *, in_lower_case: bool) -> _Choice:
        passages = found[: self.passages_read]
        if part.kind is Kind.SUMMARY:  # "Summarise" and "tl;dr" are no names, though no document has them
            return _summary(document_sentences(self.embedder, passages))
        # "Hello" and "Who was it?" name nothing that could be looked for.
        if not part.terms or unmentioned_names(part, passages):
            return _Choice((), 0.0)
        candidates = candidate_sentences(self.embedder, self.reader, part.text, passages)
        weighed = likeliest_first(part, weigh(part, candidates.sentences, self._weighing))
        if not weighed:
            return _Choice((), 0.0)
        return self._judge(part, weighed, scope_of(part, found), in_lower_case=in_lower_case)

    def _judge(self, part: Question, weighed: Sequence[Evidence], scope: Scope, *, in_lower_case: bool) -> _Choice:
        """Choose from the evidence, in the order of `likeliest_first`, or find it too weak."""
        best, *others = weighed
        read_again = partial(read_closely, self.reader, part.text, best.sentence, in_lower_case=in_lower_case)
        closely = read_again() if scope is Scope.GIVEN else None
        confidence = self._weighing.answerability.confidence([item.log_odds for item in weighed], closely)
        compared = both_sides(part, weighed)
        if confidence < self._threshold(_COMPARED_SHARE if compared else _share(part), scope):
            return _Choice((), confidence)
        if compared:  # no words of one side tell how both compare
            return _Choice(tuple(replace(item, answer=None) for item in compared), confidence)
        # Of a sentence that was found, several readings tell its words as well, though not whether it answers.
        if closely is None and part.kind is not Kind.YES_NO and best.sentence.reading is not None:
            closely = read_again()
        if closely is not None:
            best = with_words(part, best, closely.words)
        enough = self._weighing.further[self.refusal] * _share(part)
        return _Choice((best, *further_evidence(part, best, others, enough, in_lower_case=in_lower_case)), confidence)

    def _threshold(self, share: float, scope: Scope) -> float:
        """Give the confidence that an answer must have for which a share of the usual odds will do."""
        threshold = self._weighing.answerability.thresholds[scope][self.refusal]
        odds = share * threshold / (1 - threshold)
        return odds / (1 + odds)


def _share(part: Question) -> float:
    """Give the share of the usual odds that will do for a question."""
    if part.compares:
        return _COMPARISON_SHARE
    return _YES_NO_SHARE if part.kind is Kind.YES_NO else 1.0


def _summary(candidates: Candidates) -> _Choice:
    """Choose the sentences that together are nearest to all sentences of the best document's passages.

    Facility location, chosen greedily: each sentence adds what it covers better than those chosen before. The
    document's opening goes first where it is among the passages, since it says more often than not what the
    document is about.
    """
    sentences = candidates.sentences
    if not sentences:
        return _Choice((), 0.0)
    every = range(len(sentences))
    eligible = [at for at in every if len(sentences[at].tokens) >= _SHORTEST_SUMMARY_SENTENCE] or list(every)
    likeness = candidates.vectors[eligible] @ candidates.vectors.T
    rows = [row for row, at in enumerate(eligible) if sentences[at].span.start == 0]
    while len(rows) < min(_SUMMARY_SENTENCES, len(eligible)):
        covered = likeness[rows].max(axis=0) if rows else np.zeros(len(sentences), dtype=np.float32)
        gains = np.maximum(likeness - covered, 0).sum(axis=1)
        gains[rows] = -1.0
        rows.append(int(np.argmax(gains)))
    return _Choice(tuple(Evidence(sentences[eligible[row]], 1.0, None) for row in sorted(rows)), 1.0)


def _strongest(choices: Sequence[_Choice], most: int) -> list[Evidence]:
    """Give at most `most` sentences: the best of each part first, in the parts' order, then what is likeliest.

    Those that name all that was asked for do not count.
    """
    enumerating = [evidence for choice in choices if choice.names for evidence in choice.evidence]
    others = [choice for choice in choices if not choice.names and choice.evidence]
    further = [evidence for choice in others for evidence in choice.evidence[1:]]
    further.sort(key=lambda item: -item.probability)
    return [*enumerating, *[*(choice.evidence[0] for choice in others), *further][:most]]


def _in_reading_order(chosen: Iterable[Evidence]) -> list[Evidence]:
    """Give each sentence once, in document order; documents in the order of their best passage."""
    once = {(item.sentence.ranked.passage.document_id, item.sentence.span.start): item for item in chosen}
    best_rank: dict[str, int] = {}
    for (document_id, _), item in once.items():
        best_rank[document_id] = min(best_rank.get(document_id, item.sentence.rank), item.sentence.rank)
    places = sorted(once, key=lambda place: (best_rank[place[0]], place))
    return [once[place] for place in places]


def _statement(evidence: Evidence) -> DraftStatement:
    sentence = evidence.sentence
    quote = DraftQuote(
        passage=sentence.ranked.passage,
        text=sentence.text,
        start=sentence.span.start,
        answer=_in_document(evidence),
    )
    if sentence.header is None:
        return DraftStatement(text=sentence.shown, quotes=(quote,))
    header = DraftQuote(
        passage=quote.passage,
        text=sentence.header_text,
        start=sentence.header.start,
    )
    return DraftStatement(text=sentence.shown, quotes=(quote, header))


def _in_document(evidence: Evidence) -> Span | None:
    if evidence.answer is None:
        return None
    start = evidence.sentence.span.start
    return Span(start=start + evidence.answer.start, end=start + evidence.answer.end)


def _short_answer(choices: Sequence[_Choice]) -> str | None:
    """Give the words that answer, those of each part; None when a part has none."""
    words = [choice.words for choice in choices]
    return "; ".join(dict.fromkeys(word for own in words for word in own)) if words and all(words) else None
