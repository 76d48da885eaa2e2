"""Asked for, an answer is remembered until the library changes; whatever else differs is another question."""

from dataclasses import replace

from qa.domain import NO_USAGE, Turn
from qa.settings import Settings

QUESTION = "What does the otter eat?"


def counted(bot):
    """Count the questions that reach the answerer."""
    inner, asked = bot.answerer, []

    class Counting:
        name, passages_wanted = inner.name, inner.passages_wanted

        def answer(self, question, passages):
            asked.append(question)
            return inner.answer(question, passages)

    bot.answerer = Counting()
    return asked


def test_without_asking_for_it_nothing_is_remembered(open_bot):
    bot = open_bot()
    asked = counted(bot)
    assert [bot.ask(QUESTION).text for _ in range(2)] and len(asked) == 2
    assert Settings().cached_answers == 0


def test_a_repeated_question_costs_nothing(open_bot):
    bot = open_bot(cached_answers=8)
    asked = counted(bot)
    first, second = bot.ask(QUESTION), bot.ask(f"  {QUESTION} ")
    assert len(asked) == 1
    assert second == replace(first, usage=NO_USAGE, seconds=second.seconds)
    assert second.seconds.total == 0.0


def test_another_history_or_restriction_is_another_question(open_bot):
    bot = open_bot(cached_answers=8)
    asked = counted(bot)
    for options in (
        {},
        {"history": [Turn(question="Who?", answer="Ada.")]},
        {"where": {"document_id": "nature/otter.md"}},
    ):
        bot.ask(QUESTION, **options)
    assert len(asked) == 3


def test_a_change_of_the_library_forgets(open_bot, corpus):
    bot = open_bot(cached_answers=8)
    asked = counted(bot)
    bot.ask(QUESTION)
    (corpus / "new.txt").write_text("Otters eat crabs too.")
    bot.sync()
    bot.ask(QUESTION)
    assert len(asked) == 2


def test_the_oldest_answers_go_first(open_bot):
    bot = open_bot(cached_answers=1)
    asked = counted(bot)
    for question in (QUESTION, "Where is Mount Etna?", QUESTION):
        bot.ask(question)
    assert len(asked) == 3
