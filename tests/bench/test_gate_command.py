import pytest

from bench.gate import Pipeline, Plants, problems, run_of, thresholds_of


def no_progress(label, done, total):
    pass


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    return tmp_path_factory.mktemp("gate")


@pytest.fixture(scope="module")
def runs(work):
    """Measure a pipeline once, however often it is asked for."""
    done = {}

    def run(pipeline):
        if pipeline not in done:
            done[pipeline] = run_of(pipeline, work, no_progress)
        return done[pipeline]

    return run


@pytest.fixture(scope="module")
def plants(tmp_path_factory):
    return Plants(tmp_path_factory.mktemp("prompts")).by_name


@pytest.mark.parametrize(
    "name",
    [
        "citations off by one",
        *(pytest.param(name, marks=pytest.mark.slow) for name in ("worse weights", "a broken prompt", "never refuses")),
    ],
)
def test_a_planted_regression_is_caught(name, plants, runs):
    spoilt, sound = plants[name].spoilt, plants[name].sound
    assert problems(runs(spoilt), runs(sound), thresholds_of(sound))


def test_what_did_not_change_passes(runs, work):
    again = run_of(Pipeline(), work, no_progress)
    assert problems(again, runs(Pipeline()), thresholds_of(Pipeline())) == ()


def test_citations_off_by_one_are_found_by_reading_the_documents_again(plants, runs):
    run = runs(plants["citations off by one"].spoilt)
    assert run.metrics["verified"].value == 0.0
    assert all(citation.verified for result in run.results if result.answer for citation in result.answer.citations)
