import threading
from pathlib import Path

import pytest

from eval.journal import Journal, journal_for
from eval.results import crashed
from eval.runner import run_cases
from eval.scorers import scorers_for
from eval.scores import Score
from qa.domain import Turn


class ScriptedBot:
    """Stands in for a chatbot: gives, or raises, what was prepared for each question."""

    def __init__(self, replies):
        self.replies = replies
        self.histories = []
        self.restrictions = []

    def ask(self, question, *, history=(), where=None):
        self.histories.append(history)
        self.restrictions.append(where)
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


def test_a_case_of_some_documents_is_asked_of_those(make_case, make_answer):
    bot = ScriptedBot({"a": make_answer()})
    run_cases(
        [make_case(id="1", question="a"), make_case(id="2", question="a", documents=("a.txt",))], bot, {}, no_progress
    )
    assert bot.restrictions == [None, {"document_id": ("a.txt",)}]


def test_a_scorer_that_crashes_costs_its_score_alone(make_case, make_answer):
    scorers = {"broken": lambda case, answer: 1 / 0, "fine": lambda case, answer: Score(1.0, "fine")}
    (result,) = run_cases([make_case(question="a")], ScriptedBot({"a": make_answer()}), scorers, no_progress)
    assert result.scores["fine"] == Score(1.0, "fine")
    assert result.scores["broken"] == Score(
        None, "the scorer crashed: ZeroDivisionError: division by zero", failed=True
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_one_that_could_not_be_given(make_case, make_answer, value):
    scorers = {"broken": lambda case, answer: Score(value, "0 of 0")}
    (result,) = run_cases([make_case(question="a")], ScriptedBot({"a": make_answer()}), scorers, no_progress)
    assert result.scores["broken"] == Score(None, f"the scorer gave {value}: 0 of 0", failed=True)


def test_several_workers_give_the_same_results_in_the_same_order(make_case, make_answer, refusal):
    cases = [make_case(id=str(number), question="ab"[number % 2]) for number in range(40)]
    bot = ScriptedBot({"a": make_answer(), "b": refusal})
    alone, together = (run_cases(cases, bot, scorers_for({}), no_progress, workers=workers) for workers in (1, 4))
    assert [(result.case, result.scores) for result in together] == [(result.case, result.scores) for result in alone]


def test_workers_ask_at_the_same_time(make_case, make_answer):
    both_are_in = threading.Barrier(2, timeout=5)

    class Meeting:
        def ask(self, question, *, history=(), where=None):
            both_are_in.wait()
            return make_answer()

    results = run_cases([make_case(id="1"), make_case(id="2")], Meeting(), {}, no_progress, workers=2)
    assert crashed(results) == []


def test_a_crash_does_not_tell_of_the_home_folder(make_case):
    class Broken:
        def ask(self, question, *, history=(), where=None):
            raise OSError(f"{Path.home() / 'data'} is gone")

    (result,) = run_cases([make_case()], Broken(), {}, no_progress)
    assert result.error == f"OSError: {Path('~', 'data')} is gone"


def test_cases_that_are_done_are_not_asked_again(make_case, make_answer, tmp_path):
    cases = [make_case(id=name, question="a") for name in ("1", "2", "3")]
    bot = ScriptedBot({"a": make_answer()})
    with journal_for(tmp_path, "key") as journal:
        run_cases(cases[:2], bot, {}, no_progress, done=journal)
        journal.close()
        told = []
        again = Journal(tmp_path / "unfinished-key.jsonl", "key")
        results = run_cases(cases, bot, {}, lambda *args: told.append(args), done=again)
        again.close()
    assert (len(bot.histories), [result.case.id for result in results]) == (3, ["1", "2", "3"])
    assert told == [("Asking", 2, 3), ("Asking", 3, 3)]


def test_an_interrupt_ends_the_run(make_case):
    class Interrupted:
        def ask(self, question, *, history=(), where=None):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_cases([make_case()], Interrupted(), {}, no_progress)
