"""Questions whose answerability is known, as the extractive answerer meets them: the sentences of retrieved passages.

All are of articles that the span reader was not trained on. A question is asked in one of three ways: of its own
paragraph alone, of the whole corpus, or of the corpus without its paragraph, which is how a question looks whose answer
nobody wrote down.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.squad import Squad, SquadQuestion, load_squad, write_corpus
from qa.answering.answerability import Scope, scope_of
from qa.answering.candidates import Sentence, candidate_sentences
from qa.answering.contexts import contexts_of
from qa.answering.extractive import ExtractiveAnswerer
from qa.answering.features import features_of
from qa.answering.questions import read_question
from qa.answering.rules import penalties_of
from qa.api import open_chatbot
from qa.chatbot import Chatbot
from qa.domain import RankedPassage
from qa.interfaces import Embedder
from qa.settings import Settings
from training.reader_data import clapnq_questions, natural_questions, trained_articles

_SEED = 7
# Questions of NQ and ClapNQ are kept together in lots, as an article's questions are. NQ holds out every fifth: their
# number has no factor 5, or few lots had any.
_LOTS = 21


class Way(StrEnum):
    """How a question is asked; see the top of this file."""

    ALONE = "alone"
    OPEN = "open"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Example:
    """A question's candidate sentences: features (sentences, features) and 0/1 labels (sentences,).

    Attributes:
        penalties: As `penalties_of`, shape (sentences,); they are not fitted.
        answerable: The question has an answer, and its paragraph was not removed.
        article: Examples of one article are judged together.
    """

    question: str
    scope: Scope
    sentences: Sequence[Sentence]
    features: NDArray[np.float64]
    penalties: NDArray[np.float64]
    labels: NDArray[np.float64]
    answerable: bool
    article: str


def collect(squad: Squad, work: Path, embedder: Embedder, ways: Iterable[Way], most: int) -> list[Example]:
    """Ask at most `most` questions of `squad` that have an article, chosen by a seed, in these ways in turn.

    The index is kept under `work`.
    """
    write_corpus(squad, work / "corpus")
    settings = Settings(corpus_dir=work / "corpus", data_dir=work / "data", threads=1)
    asked = [question for question in squad.questions if question.article]
    chosen = sorted(np.random.default_rng(_SEED).permutation(len(asked))[:most])
    with open_chatbot(settings, embedder=embedder) as bot, ThreadPoolExecutor(os.cpu_count()) as pool:
        bot.open()
        turns = itertools.islice(itertools.cycle(ways), len(chosen))
        examples = list(pool.map(lambda at, way: _example(bot, embedder, asked[at], way), chosen, turns))
    return [example for example in examples if example is not None]


def _example(bot: Chatbot, embedder: Embedder, question: SquadQuestion, way: Way) -> Example | None:
    passages = _passages(bot, question, way)
    assert isinstance(bot.answerer, ExtractiveAnswerer)
    sentences = candidate_sentences(embedder, bot.answerer.reader, question.text, passages).sentences
    if not sentences:
        return None
    read, contexts = read_question(question.text), contexts_of(sentences)
    return Example(
        question=question.text,
        scope=scope_of(read, passages),
        sentences=sentences,
        features=features_of(read, sentences, contexts),
        penalties=penalties_of(read, sentences, contexts),
        labels=np.array([_answers(question, sentence) for sentence in sentences], dtype=np.float64),
        answerable=bool(question.answers) and way is not Way.REMOVED,
        article=question.article,
    )


def _passages(bot: Chatbot, question: SquadQuestion, way: Way) -> list[RankedPassage]:
    most = bot.settings.passages_read
    if way is Way.ALONE:
        return bot.search(question.text, limit=most, where={"document_id": question.document_id})
    found = bot.search(question.text, limit=2 * most)
    if way is Way.REMOVED:
        found = [ranked for ranked in found if ranked.passage.document_id != question.document_id]
    return found[:most]


def _answers(question: SquadQuestion, sentence: Sentence) -> bool:
    in_paragraph = sentence.ranked.passage.document_id == question.document_id
    return in_paragraph and any(answer in sentence.text for answer in question.answers)


def unseen_squad(bench: Path, version: str) -> Squad:
    """Give SQuAD's paragraphs ("1.1" or "2.0", development split) and the questions that training did not see."""
    squad, trained = load_squad(bench / "squad" / f"dev-v{version}.public.json"), trained_articles(bench)
    return Squad(squad.paragraphs, tuple(item for item in squad.questions if item.article not in trained))


def unseen_natural_questions(bench: Path) -> Squad:
    """Give NQ-open as a corpus of passages; questions that training saw have no article."""
    return _in_lots(
        [
            (item.title, item.text, item.question, item.answers, f"nq-{number % _LOTS}" if item.held_out else "")
            for number, item in enumerate(natural_questions(bench))
        ]
    )


def clapnq(bench: Path) -> Squad:
    """Give ClapNQ, which the shipped reader has not seen."""
    return _in_lots(
        [
            (item.title, item.text, item.question, item.selections if item.answerable else (), f"clapnq-{at % _LOTS}")
            for at, item in enumerate(clapnq_questions(bench))
        ]
    )


def _in_lots(items: Sequence[tuple[str, str, str, tuple[str, ...], str]]) -> Squad:
    names = [f"{number:04}.txt" for number in range(len(items))]
    return Squad(
        paragraphs={name: f"{title}\n\n{text}" for name, (title, text, *_) in zip(names, items, strict=True)},
        questions=tuple(
            SquadQuestion(id=name, text=question, answers=answers, document_id=name, article=article)
            for name, (_, _, question, answers, article) in zip(names, items, strict=True)
        ),
    )
