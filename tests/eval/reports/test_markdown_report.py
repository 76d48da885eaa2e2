"""The summary: parsed as CommonMark with tables, which is what GitHub's is built on."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from eval.metrics import Metric
from eval.reports.markdown import code, markdown_report
from eval.reports.texts import shortened
from eval.run_record import RunRecord
from eval.scores import Score

PARSER = MarkdownIt("commonmark").enable("table")


def tokens_of(text):
    return [inner for token in PARSER.parse(text) for inner in (token, *(token.children or []))]


def test_the_verdict_is_the_first_line(record, comparison):
    first = markdown_report(record, comparison).splitlines()[0]
    assert first == (
        "**Worse: correct 80.0 % → 70.0 % (−10.0 pp, 95 % interval −15.0 to −5.0 pp); "
        "better: citation recall 60.0 % → 70.0 % (+10.0 pp, 95 % interval +5.0 to +15.0 pp)**"
    )


@pytest.mark.parametrize(
    ("verdicts", "first"),
    [
        (["no difference shown"], "**No difference shown, over 83 cases**"),
        ([], "**Nothing to compare: the two runs have no scored case in common**"),
    ],
)
def test_a_comparison_without_a_difference_says_so(record, make_comparison, make_change, verdicts, first):
    comparison = make_comparison(changes=tuple(make_change(verdict=verdict) for verdict in verdicts))
    assert markdown_report(record, comparison).splitlines()[0] == first


def test_times_come_last_in_the_headline_and_are_no_verdict(record, make_comparison, make_change):
    time = make_change("latency_p50_seconds", 0.1, 0.05, verdict="better")
    correct = make_change(verdict="worse")
    said = "times (same machine, informative): latency p50 0.100 s → 0.050 s ("
    for changes, start in (((time, correct), "**Worse: correct"), ((time,), "**Nothing to compare")):
        first = markdown_report(record, make_comparison(changes=changes)).splitlines()[0]
        assert first.startswith(start)
        assert f"; {said}" in first
        assert "etter" not in first


def test_a_change_that_is_not_judged_says_so(record, make_comparison, make_change):
    change = make_change("latency_p50_seconds", 0.1, 0.2, verdict="no difference shown", informative=True)
    text = markdown_report(record, make_comparison(changes=(change,)))
    assert text.startswith("**Nothing to compare")
    assert "| +0.050 to +0.150 s | 83 | not judged |" in text


def test_without_a_comparison_the_headline_metrics_come_first():
    metrics = {"correct": Metric(0.8072, 0.7229, 0.8916, 83), "latency_p50_seconds": Metric(0.085, 0.08, 0.09, 83)}
    text = markdown_report(RunRecord(provenance={}, metrics=metrics, results=()))
    assert text.splitlines()[0] == "**Correct 80.7 % (72.3 – 89.2 %) · Median time 0.085 s (0.080 – 0.090 s)**"
    assert "| Correct | 80.7 % | 72.3 – 89.2 % | 83 | – |" in text


def test_the_table_shows_before_and_now(record, comparison):
    text = markdown_report(record, comparison)
    assert "| Correct | 80.0 % | 70.0 % | −10.0 pp | −15.0 to −5.0 pp | 83 | **worse** |" in text
    assert "| Refused rightly | – | 100.0 % | – | – | 1 | not compared |" in text


def test_a_metric_that_was_never_scored_shows_no_number(make_case, make_answer, make_result, make_record, comparison):
    failed = Score(None, "no reply", failed=True)
    record = make_record(make_result(make_case(), make_answer(), faithful=failed, correct=failed))
    assert "| Correct | – | – | 0 | 1 |" in markdown_report(record)
    assert "| `faithful` | – | – | 0 | 1 |" in markdown_report(record)
    assert "| `faithful` | – | – | – | – | 0 | not compared |" in markdown_report(record, comparison)


def test_flipped_cases_are_folded_with_their_reasons(record, comparison):
    text = markdown_report(record, comparison)
    assert "<summary>1 worse now</summary>\n\n- `Who founded Acme?` (`wrong`)" in text
    assert "  - correct, now: `lacks “Ada”`" in text
    assert "1 case was asked in one of the runs only" in text


def test_without_a_comparison_failed_cases_are_listed(record):
    text = markdown_report(record)
    assert "<summary>2 failed</summary>" in text
    assert "- `Who founded Acme?` (`crash`)" in text


def test_more_than_twenty_flips_are_counted(record, make_comparison, make_flip):
    text = markdown_report(record, make_comparison(flips=tuple(make_flip(case_id=f"c{at}") for at in range(57))))
    assert (text.count("\n- "), "… and 37 more" in text) == (20, True)


def test_hostile_texts_make_no_markup_and_no_link(hostile_record, hostile_comparison):
    for text in (markdown_report(hostile_record), markdown_report(hostile_record, hostile_comparison)):
        html = [token.content.strip() for token in tokens_of(text) if token.type.startswith("html")]
        assert {re.sub(r"\d+ [a-z ]+", "N", block) for block in html} <= {
            *("<details>\n<summary>N</summary>", "</details>"),
        }
        kinds = {token.type for token in tokens_of(text)}
        assert not {"link_open", "image", "heading_open", "fence", "code_block", "hr"} & kinds
        plain = "".join(token.content for token in tokens_of(text) if token.type == "text")
        assert not re.search(r"https?:|www\.|@someone|#1|alert", plain)


def test_a_hostile_name_of_a_metric_does_not_break_the_table(make_case, make_answer, make_result, make_record):
    text = markdown_report(make_record(make_result(make_case(), make_answer(), **{"a|b`c\nd": 1.0, "correct": 1.0})))
    cells = [token.content for token in tokens_of(text) if token.type == "code_inline"]
    assert "a|b`c d" in cells


@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("`|\\<_* "), max_size=60))
def test_a_code_span_holds_the_text_whatever_it_is(text):
    spans = [token.content for token in tokens_of(f"x {code(text)} y") if token.type == "code_inline"]
    line = shortened(text, 200)
    assert spans == ([line] if line else [])


def test_the_summary_is_short_whatever_the_run_holds(
    make_case, make_answer, make_result, make_record, make_comparison, make_change, make_flip
):
    long = "`|<" * 3000
    names = [f"{long}{at}" for at in range(100)]
    record = make_record(
        *(
            make_result(make_case(id=f"{at}{long}", question=long), make_answer(long), correct=Score(0.0, long))
            for at in range(50)
        )
    )
    record = RunRecord(
        provenance={"answerer": long, "date": long, "cases": {"name": long}},
        metrics={name: Metric(0.5, 0.4, 0.6, 3) for name in names},
        results=record.results,
    )
    flip = make_flip(case_id=long, question=long, metric=long, before=Score(1.0, long), after=Score(0.0, long))
    mended = make_flip(case_id=long, question=long, metric=long, before=Score(0.0, long), after=Score(1.0, long))
    comparison = make_comparison(changes=tuple(map(make_change, names)), flips=(flip, mended) * 50)
    assert len(markdown_report(record)) < 60_000
    assert len(markdown_report(record, comparison)) < 60_000


def test_runs_with_nothing_in_them_are_summed_up(make_case, make_crashed, make_record):
    assert markdown_report(make_record()).startswith("**No case could be scored**")
    assert "1 case: 1 crashed" in markdown_report(make_record(make_crashed(make_case())))
    assert markdown_report(RunRecord(provenance={}, metrics={}, results=()))


def test_the_same_record_gives_the_same_summary(record, comparison):
    assert markdown_report(record, comparison) == markdown_report(record, comparison)
