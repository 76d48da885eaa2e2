import sys

import pytest

from eval.journal import journal_for
from eval.locks import RunningError
from eval.results import CaseResult
from eval.run_record import OutputError
from eval.scores import Score


@pytest.fixture
def result_of(make_case, make_answer):
    def make(case_id, **changes):
        fields = {"answer": make_answer(), "seconds": 0.5, "error": None, "scores": {"correct": Score(1.0, "…")}}
        return CaseResult(case=make_case(id=case_id), **{**fields, **changes})

    return make


class Killed(Exception):
    """Stands for whatever ends a process."""


def kill(folder, key, *results):
    """Keep results in the journal of a run that does not come to its end."""
    with pytest.raises(Killed), journal_for(folder, key) as journal:
        for result in results:
            journal.keep(result)
        raise Killed


def test_an_unfinished_run_goes_on_with_what_it_kept(tmp_path, result_of):
    first = result_of("1")
    kill(tmp_path, "key", first)
    with journal_for(tmp_path, "key") as journal:
        assert (len(journal), journal.get("1"), journal.get("2")) == (1, first, None)


def test_what_was_kept_is_not_lost_when_it_is_killed_twice(tmp_path, result_of):
    kill(tmp_path, "key", result_of("1"))
    kill(tmp_path, "key", result_of("2"))
    with journal_for(tmp_path, "key") as journal:
        assert {name for name in "12" if journal.get(name)} == {"1", "2"}


def test_a_run_that_is_over_leaves_nothing(tmp_path, result_of):
    with journal_for(tmp_path, "key") as journal:
        journal.keep(result_of("1"))
    assert list(tmp_path.iterdir()) == []


def test_another_run_starts_anew(tmp_path, result_of):
    kill(tmp_path, "0123456789abcdef-one", result_of("1"))
    with journal_for(tmp_path, "0123456789abcdef-two") as journal:  # the same file name
        assert journal.get("1") is None


def test_a_fresh_run_forgets(tmp_path, result_of):
    kill(tmp_path, "key", result_of("1"))
    with journal_for(tmp_path, "key", fresh=True) as journal:
        assert journal.get("1") is None


def test_a_torn_line_is_asked_again(tmp_path, result_of):
    kill(tmp_path, "key", result_of("1"), result_of("2"))
    path = tmp_path / "unfinished-key.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    with journal_for(tmp_path, "key") as journal:
        assert (journal.get("1") is None, journal.get("2")) == (False, None)


def test_a_case_that_crashed_is_asked_again(tmp_path, result_of):
    kill(tmp_path, "key", result_of("1", answer=None, seconds=None, error="OSError: gone", scores={}))
    with journal_for(tmp_path, "key") as journal:
        assert journal.get("1") is None


def test_the_same_run_twice_at_a_time_is_refused(tmp_path):
    refused = pytest.raises(RunningError, match="wait for it to end")
    with journal_for(tmp_path, "key"), refused, journal_for(tmp_path, "key"):
        pass


def test_a_line_that_ends_within_a_character_is_asked_again(tmp_path, result_of):
    kill(tmp_path, "key", result_of("1"), result_of("2", scores={"correct": Score(1.0, "…")}))
    path = tmp_path / "unfinished-key.jsonl"
    written = path.read_bytes()
    path.write_bytes(written[: written.rindex("…".encode()) + 1])
    with journal_for(tmp_path, "key") as journal:
        assert (journal.get("1") is None, journal.get("2")) == (False, None)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of file sizes")
def test_a_full_disk_is_reported_and_loses_nothing_that_was_kept(tmp_path, result_of):
    import resource

    kill(tmp_path, "key", result_of("1"))
    size = (tmp_path / "unfinished-key.jsonl").stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with pytest.raises(OutputError, match="cannot be used"), journal_for(tmp_path, "key") as journal:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 20, before[1]))
        try:
            journal.keep(result_of("2"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    with journal_for(tmp_path, "key") as journal:
        assert (journal.get("1") is None, journal.get("2")) == (False, None)
