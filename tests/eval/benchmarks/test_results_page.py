"""`eval/RESULTS.md`."""

import re

import pytest

from eval.benchmarks import BenchmarkError, load_benchmark
from eval.benchmarks.benchmark import Benchmark, Published
from eval.benchmarks.catalogue import BENCHMARKS
from eval.benchmarks.page import section
from eval.benchmarks.page_metrics import cell
from eval.benchmarks.results import _HEADLINES, _ORDER, NAMES, _is_below, make_results
from eval.metrics import Metric
from eval.results import CaseResult
from eval.run_record import RunRecord
from eval.scores import Score

PROVENANCE = {
    "date": "2026-11-25T01:02:03+00:00",
    "git": {"commit": "0123456789", "dirty": True},
    "machine": {"cpus": 2, "python": "3.11.7"},
    "answerer": "extractive",
    "reader": "minilm",
    "workers": 2,
    "load_before": 0.5,
}


@pytest.fixture
def page(bench, tmp_path):
    def make(*names, **more):
        output = tmp_path / "RESULTS.md"
        make_results(bench, tmp_path / "work", output, names=names or None, **more)
        return output.read_text("utf-8")

    return make


def section_of(text, heading):
    return re.search(rf"^## {heading}.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL).group()


def test_what_was_not_measured_is_said_and_nothing_is_made_up(page):
    text = page("squad-2.0")
    assert "Not measured yet" in section_of(text, "XQuAD")
    assert "Not measured yet" in section_of(text, "WiCE")
    squad = section_of(text, "SQuAD 2.0")
    assert "All 8 questions. 4 documents." in squad
    assert "| unseen<br>n 4 | unseen, answerable<br>n 2 | seen in training<br>n 4 | all<br>n 8 | published |" in squad
    assert re.search(r"`exact_match` .*BERT-large: 78\.7", squad)


def test_a_second_call_keeps_what_there_is_and_shows_it(page, monkeypatch):
    page("xquad")
    monkeypatch.setattr("eval.benchmarks.running.run_cases", None)
    monkeypatch.setattr("eval.benchmarks.running.measuring_code", lambda: "newer")  # and so not the same run any more
    text = page("bipia")
    assert "All 1 questions" in section_of(text, "XQuAD")
    assert re.search(r"\| 3 \| 33 \| 33 \| 0 \| 0 \| 0 \| 0 \| 0 \|", section_of(text, "BIPIA"))


def test_data_that_is_not_there_is_an_error_for_those_who_named_it_only(page, bench, monkeypatch):
    (bench / "xquad" / "xquad.en.public.json").unlink()
    with pytest.raises(BenchmarkError, match=r"xquad.* cannot be read"):
        page("xquad")
    monkeypatch.setattr("eval.benchmarks.results.NAMES", ("xquad", "chunking"))
    text = page()
    assert "Not measured: its files are missing" in section_of(text, "xquad") and str(bench) not in text
    assert "All 1 questions" in section_of(text, "Chunking")


def test_an_unknown_name_is_an_error(page):
    with pytest.raises(BenchmarkError, match=r"no benchmark 'squid'; choose among: squad-1\.1, "):
        page("squid")


def test_a_run_of_some_cases_is_said_and_shown_until_there_is_one_of_all(page):
    page("squad-1.1", limit=1)
    text = page("squad-1.1", limit=2)
    assert "2 of 5 questions, spread over all." in section_of(text, "SQuAD 1.1")
    assert "2 of 5 questions, spread over all." in section_of(page("bipia"), "SQuAD 1.1")
    page("squad-1.1")
    assert "All 5 questions." in section_of(page("bipia"), "SQuAD 1.1")


def test_every_name_has_its_turn_and_its_headline():
    assert (set(_ORDER), set(_HEADLINES)) == (set(NAMES), set(BENCHMARKS))


def test_a_cell_has_its_interval_and_its_cases_where_they_are_fewer():
    assert cell("exact_match", Metric(0.5, 0.25, 0.75, 100), 100) == "50.0<br>25.0–75.0"
    assert cell("exact_match", Metric(0.5, 0.25, 0.75, 90, failed=3), 100).endswith("<br>n 90<br>3 not scored")
    assert cell("latency_p50_seconds", Metric(0.5, 0.25, 1.75, 100), 100) == "500 ms<br>250–1,750 ms"
    assert cell("answer_characters", Metric(172.4, 151.0, 198.0, 100), 100) == "172<br>151–198"
    assert cell("exact_match", None, 100) == "–"


def test_the_surest_answers_come_with_their_share_of_right_ones(make_case, make_unanswerable, make_answer):
    results = [
        CaseResult(
            case=case,
            answer=make_answer(confidence=confidence),
            seconds=0.1,
            error=None,
            scores={"correct": Score(value, "because")},
        )
        for case, confidence, value in (
            (make_case(id="1"), 0.9, 1.0),
            (make_case(id="2"), 0.8, 1.0),
            (make_unanswerable(id="3"), 0.7, None),
            (make_case(id="4"), 0.6, 0.0),
        )
    ]
    published = (Published(name="Chance", figures={"correct": 0.1}, source="a coin", floor=True),)
    benchmark = Benchmark(
        name="x",
        title="X",
        cases=tuple(result.case for result in results),
        documents={},
        metrics=("correct",),
        published=published,
    )
    text, first = section(benchmark, RunRecord(provenance=PROVENANCE, metrics={}, results=results))
    assert "| 50 % | 100.0 | 0.80 |\n| 75 % | 66.7 | 0.70 |\n| 100 % | 50.0 | 0.60 |" in text
    assert "Measured 2026-11-25 on commit 0123456 with changes, 2 cores" in text
    assert "- Published, Chance (a floor): a coin." in text
    assert (first.name, first.metrics["correct"].value) == ("all", pytest.approx(2 / 3))


@pytest.mark.parametrize(("high", "below"), [(0.4, True), (0.6, False)])
def test_a_floor_that_is_not_reached_is_marked(high, below, bench):
    squad = load_benchmark("squad-2.0", bench)
    assert _is_below(Metric(0.3, 0.2, high, 10), "exact_match", squad) is below
    assert not _is_below(None, "exact_match", squad) and not _is_below(Metric(0.3, 0.2, 0.4, 10), "verified", squad)
