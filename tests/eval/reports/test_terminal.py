import io

import pytest
from rich.console import Console

from eval.metrics import Metric
from eval.reports.terminal import show_comparison, show_report
from eval.run_record import RunRecord


def printed(show, *args, width=80, **options):
    page = io.StringIO()
    show(*args, Console(file=page, width=width), **options)
    return page.getvalue()


def lines_of(text):
    """Give the lines with their white space squeezed."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_metrics_are_shown_with_interval_n_and_unit():
    metrics = {
        "correct": Metric(0.875, 0.5, 1.0, 8),
        "latency_p50_seconds": Metric(0.0123, 0.01, 0.02, 9),
        "cost_usd": Metric(0.0009, 0.0008, 0.001, 9),
        "input_tokens": Metric(2134.4, 2000, 2200, 9),
    }
    lines = lines_of(printed(show_report, RunRecord(provenance={}, metrics=metrics, results=[])))
    assert [line for line in lines if line.partition(" ")[0] in metrics] == [
        "correct 87.5 % 50.0 – 100.0 % 8",
        "latency_p50_seconds 0.012 s 0.010 – 0.020 s 9",
        "cost_usd $0.0009 $0.0008 – $0.0010 9",
        "input_tokens 2,134 2,000 – 2,200 9",
    ]


def test_tags_show_what_was_correct_and_what_was_refused(record):
    lines = lines_of(printed(show_report, record))
    assert [line for line in lines if line.startswith(("fact", "person", "near-miss"))] == [
        *("fact 3 1 / 2 0 / 2", "near-miss 1 – 1 / 1", "person 1 0 / 1 0 / 1"),
    ]


def test_a_failed_case_shows_question_expected_and_got(record):
    lines = lines_of(printed(show_report, record))
    account = "2 of 5 cases failed; 1 crashed and could not be scored; 1 could not be told right from wrong."
    assert account in " ".join(lines)
    at = lines.index("Who founded Acme? (wrong)")
    assert lines[at + 1 : at + 4] == ["Expected “Ada”", "Got It was Bob.", "Why correct: reason for correct"]
    assert "Why crashed: OSError: gone" in lines


def test_what_could_not_be_scored_is_counted_apart_with_its_reason(record):
    lines = lines_of(printed(show_report, record))
    assert next(line for line in lines if line.startswith("correct")).endswith(" 2 1")
    at = lines.index("Could not be scored: 1")
    assert lines[at + 1 : at + 3] == ["Who founded Acme? (judged)", "correct: the judge's reply made no sense"]


def test_a_metric_that_was_never_scored_shows_no_number(make_case, make_answer, make_result, make_record):
    from eval.scores import Score

    failed = Score(None, "no reply", failed=True)
    lines = lines_of(printed(show_report, make_record(make_result(make_case(), make_answer(), faithful=failed))))
    assert "faithful – – 0 1" in lines


def test_failures_can_be_left_out(record):
    text = printed(show_report, record, failures=False)
    assert "2 of 5 cases failed" in text
    assert "Expected" not in text


def test_a_long_answer_is_shortened(make_case, make_answer, make_result, make_record):
    record = make_record(make_result(make_case(), make_answer("word " * 500), correct=0.0))
    assert printed(show_report, record).count("word") < 60


def test_a_comparison_shows_each_change_and_its_verdict(comparison):
    lines = lines_of(printed(show_comparison, comparison, width=120))
    at = next(at for at, line in enumerate(lines) if line.startswith("correct"))
    assert lines[at] == "correct 80.0 % 70.0 % −10.0 pp 83 worse"
    assert lines[at + 1] == "(−15.0 to −5.0)"
    assert "1 case was asked only before and not compared." in lines


def test_flipped_cases_are_grouped_by_what_they_became(comparison):
    lines = lines_of(printed(show_comparison, comparison))
    assert [line for line in lines if line.endswith((": 1", "(wrong)", "(founder)"))] == [
        *("Worse now: 1", "• Who founded Acme? (wrong)", "Better now: 1", "• Who founded Acme? (founder)"),
    ]
    assert "correct, now: lacks “Ada”" in lines


def test_a_report_with_a_comparison_begins_with_it(record, comparison):
    text = printed(show_report, record, comparison=comparison)
    assert text.index("Against the run before") < text.index("Metrics")


@pytest.mark.parametrize("width", [80, 72])
def test_narrow_terminals_cut_no_number(record, comparison, width):
    text = printed(show_report, record, comparison=comparison, width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text


def test_no_text_commands_the_terminal_or_turns_the_writing_round(hostile_record, hostile_comparison):
    text = printed(show_report, hostile_record, comparison=hostile_comparison)
    assert not {"\x1b", "\x00", "\x07", "\u202e", "\u200f", "\ud800"} & set(text)
    assert "⟨U+000D⟩" not in text  # line ends are line ends


def test_a_run_without_cases_is_reported(make_record):
    assert "0 of 0 cases failed." in printed(show_report, make_record())


def test_right_sentences_with_wrong_short_answers_are_counted_and_shown(
    make_case, make_answer, make_result, make_record
):
    answer = make_answer(short_answer="£96,000")
    lines = lines_of(
        printed(show_report, make_record(make_result(make_case(), answer, correct=1.0, short_answer_right=0.0)))
    )
    assert "0 of 1 cases failed; 1 with a right sentence but a wrong short answer." in " ".join(lines)
    at = lines.index("Passed, but the short answer is wrong: 1")
    assert lines[at + 1 : at + 3] == [
        "Who founded Acme? (founder)",
        "right sentence, wrong short answer: “£96,000”",
    ]


def test_a_gold_answer_that_decides_nothing_is_shown_with_its_reason(make_case, make_answer, make_result, make_record):
    result = make_result(make_case(answers=("no",)), make_answer(), correct=None, verified=1.0)
    lines = lines_of(printed(show_report, make_record(result)))
    assert "correct: reason for correct" in lines[lines.index("Could not be scored: 1") :]
