import pytest

from eval.runner import crashed, run_cases
from eval.scorers import Score, scorers_for
from qa.domain import Turn


class ScriptedBot:
    """Stands in for a chatbot: gives, or raises, what was prepared for each question."""

    def __init__(self, replies):
        self.replies = replies
        self.histories = []

    def ask(self, question, *, history=()):
        self.histories.append(history)
        reply = self.replies[question]
        if isinstance(reply, Exception):
            raise reply
        return reply


def no_progress(label, done, total):
    pass


def test_results_come_in_the_order_of_the_cases(make_case, make_answer, refusal):
    cases = [make_case(id="1", question="b"), make_case(id="2", question="a")]
    results = run_cases(cases, ScriptedBot({"a": refusal, "b": make_answer()}), scorers_for({}), no_progress)
    assert [result.case for result in results] == cases
    assert [result.scores["correct"].value for result in results] == [1.0, 0.0]
    assert all(result.seconds >= 0 for result in results)


def test_a_crashing_case_is_a_row_with_its_error(make_case, make_answer):
    cases = [make_case(id="1", question="a"), make_case(id="2", question="b")]
    bot = ScriptedBot({"a": ZeroDivisionError("by zero"), "b": make_answer()})
    first, second = run_cases(cases, bot, scorers_for({}), no_progress)
    assert (first.error, first.answer, first.seconds, first.scores) == (
        *("ZeroDivisionError: by zero", None, None, {}),
    )
    assert second.error is None
    assert crashed([first, second]) == [first]


def test_the_history_is_handed_on(make_case, make_answer):
    history = (Turn(question="What is Acme?", answer="A firm."),)
    bot = ScriptedBot({"a": make_answer()})
    run_cases([make_case(question="a", history=history)], bot, {}, no_progress)
    assert bot.histories == [history]


def test_progress_is_told_from_none_to_all(make_case, make_answer):
    told = []
    cases = [make_case(id=name, question="a") for name in ("1", "2")]
    run_cases(cases, ScriptedBot({"a": make_answer()}), {}, lambda *args: told.append(args))
    assert told == [("Asking", 0, 2), ("Asking", 1, 2), ("Asking", 2, 2)]


def test_any_scorer_can_be_used(make_case, make_answer):
    polite = {"polite": lambda case, answer: Score(0.0, f"{case.id} was not thanked")}
    (result,) = run_cases([make_case(question="a")], ScriptedBot({"a": make_answer()}), polite, no_progress)
    assert result.scores == {"polite": Score(0.0, "founder was not thanked")}


def test_an_interrupt_ends_the_run(make_case):
    class Interrupted:
        def ask(self, question, *, history=()):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_cases([make_case()], Interrupted(), {}, no_progress)
