"""A benchmark from its files to its record."""

from dataclasses import replace

import pytest

from eval.benchmarks import BenchmarkError, load_benchmark
from eval.benchmarks.running import clusters_of, record_path, run_benchmark, spread, work_folder
from eval.run_record import load_record
from qa.settings import Settings


@pytest.fixture
def settings():
    return Settings(threads=1)


def test_a_run_is_recorded_and_not_made_twice(bench, tmp_path, settings, monkeypatch):
    benchmark = load_benchmark("squad-2.0", bench)
    record = run_benchmark(benchmark, tmp_path, settings)
    assert [result.case for result in record.results] == list(benchmark.cases)
    assert record.metrics["exact_match"].n == len(benchmark.cases)
    assert load_record(record_path(benchmark, tmp_path, None)) == record
    assert str(tmp_path) not in record_path(benchmark, tmp_path, None).read_text("utf-8")
    monkeypatch.setattr("eval.benchmarks.running.run_cases", None)
    assert run_benchmark(benchmark, tmp_path, settings) == record


@pytest.mark.parametrize("change", [{"passages_read": 4}, {"code": "another"}])
def test_other_settings_or_other_code_make_it_anew(bench, tmp_path, settings, monkeypatch, change):
    benchmark = load_benchmark("xquad", bench)
    first = run_benchmark(benchmark, tmp_path, settings)
    if "code" in change:
        monkeypatch.setattr("eval.benchmarks.running.measuring_code", lambda: "another")
    else:
        settings = settings.model_copy(update=change)
    second = run_benchmark(benchmark, tmp_path, settings)
    assert first.provenance["key"] != second.provenance["key"]


def test_a_damaged_record_is_made_anew(bench, tmp_path, settings):
    benchmark = load_benchmark("xquad", bench)
    record_path(benchmark, tmp_path, None).parent.mkdir()
    record_path(benchmark, tmp_path, None).write_text("{", "utf-8")
    assert run_benchmark(benchmark, tmp_path, settings).results


def test_a_set_without_answers_is_searched_only(bench, tmp_path, settings):
    benchmark = load_benchmark("chunking", bench)
    (result,) = run_benchmark(benchmark, tmp_path, settings).results
    assert (result.answer.model, result.answer.status, len(result.answer.passages)) == ("search only", "not_found", 1)
    assert result.scores["range_recall"].value == 1.0


def test_a_killed_run_goes_on(bench, tmp_path, settings):
    benchmark = load_benchmark("squad-1.1", bench)

    def stop(label, done, total):
        if (label, done) == ("Asking", 3):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_benchmark(benchmark, tmp_path, settings, progress=stop)
    told = []
    run_benchmark(benchmark, tmp_path, settings, progress=lambda *said: told.append(said))
    assert next(said for said in told if said[0] == "Asking") == ("Asking", 3, 5)


def test_a_document_that_cannot_be_indexed_is_an_error(bench, tmp_path, settings):
    benchmark = load_benchmark("chunking", bench)
    benchmark = replace(benchmark, documents={**benchmark.documents, "empty.txt": " "})
    with pytest.raises(BenchmarkError, match=r"chunking: empty\.txt cannot be indexed \(it holds no visible text\)"):
        run_benchmark(benchmark, tmp_path, settings)


def test_other_documents_have_another_folder(bench, tmp_path):
    benchmark = load_benchmark("chunking", bench)
    other = replace(benchmark, documents={**benchmark.documents, "more.txt": "More."})
    assert work_folder(benchmark, tmp_path) != work_folder(other, tmp_path)


def test_a_limit_takes_cases_of_every_kind_though_they_come_in_turn(bench, make_case):
    cases = [make_case(id=str(number)) for number in range(100)]
    chosen = [int(case.id) for case in spread(cases, 20)]
    assert len(set(chosen)) == 20 and chosen == sorted(chosen)
    assert len({number % 5 for number in chosen}) == 5
    assert all(number // 5 == turn for turn, number in enumerate(chosen))
    assert (spread(cases, 20) == spread(cases, 20), spread(cases, None), spread(cases, 100)) == (True, cases, cases)


def test_cases_of_one_article_are_a_cluster(bench):
    assert set(clusters_of(load_benchmark("squad-1.1", bench).cases).values()) == set("ABCDE")
    assert clusters_of(load_benchmark("nq", bench).cases) is None
    assert clusters_of(load_benchmark("cranfield", bench).cases) is None
