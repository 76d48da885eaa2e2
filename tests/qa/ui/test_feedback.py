import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

import pytest
from page_samples import QUOTE, answer

from qa.domain import Turn
from qa.errors import DataDirError
from qa.ui.feedback import CitedPlace, Feedback, FeedbackLog, feedback_on

EARLIER = (Turn(question="Who?", answer="SoftBank."),)


@pytest.fixture
def log(tmp_path):
    return FeedbackLog(tmp_path / "data" / "feedback.jsonl")


def lines_of(log):
    return [json.loads(line) for line in log.path.read_text(encoding="utf-8").splitlines()]


def test_question_answer_places_and_verdict_are_kept(log):
    feedback = feedback_on(answer(), EARLIER, "liked")
    assert feedback == Feedback(
        date=feedback.date,
        verdict="liked",
        question="How much?",
        standalone_question="How much?",
        history=EARLIER,
        status="answered",
        text=f"{QUOTE} [1]",
        short_answer="$4.4 billion",
        model="scripted",
        citations=(CitedPlace(document_id="wework.txt", start=28, end=67, quote=QUOTE),),
    )
    log.append(feedback)
    assert lines_of(log) == [json.loads(json.dumps(asdict(feedback)))]


def test_the_file_is_for_its_owner_alone(log):
    log.append(feedback_on(answer(), (), "liked"))
    assert oct(log.path.stat().st_mode & 0o777) == "0o600"


def test_threads_do_not_mix_their_lines(log):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: log.append(feedback_on(answer(question=f"{n}?" * 500), (), "liked")), range(64)))
    assert sorted(int(line["question"].split("?")[0]) for line in lines_of(log)) == list(range(64))


def test_a_line_that_was_cut_short_does_not_spoil_the_next(log):
    log.append(feedback_on(answer(), (), "liked"))
    with log.path.open("a") as file:
        file.write('{"verdict": "li')
    log.append(feedback_on(answer(), (), "disliked"))
    first, cut, last = log.path.read_text().splitlines()
    assert (json.loads(first)["verdict"], cut, json.loads(last)["verdict"]) == (
        *("liked", '{"verdict": "li'),
        "disliked",
    )


def test_a_full_file_takes_no_more(log):
    log.append(feedback_on(answer(), (), "liked"))
    before = log.path.read_bytes()
    full = FeedbackLog(log.path, most_bytes=len(before) + 10)
    with pytest.raises(DataDirError, match=r"is full\. Make cases of it with `qa eval new FILE --ratings` if you like"):
        full.append(feedback_on(answer(), (), "liked"))
    assert log.path.read_bytes() == before


def test_a_full_disk_is_an_error_that_says_so(log):
    script = (
        "import resource, signal, sys; from pathlib import Path; from page_samples import answer;"
        "from qa.errors import DataDirError; from qa.ui.feedback import FeedbackLog, feedback_on;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try: FeedbackLog(Path(sys.argv[1])).append(feedback_on(answer(), (), 'liked'))\n"
        "except DataDirError as error: print(error)"
    )
    here = os.path.dirname(__file__)
    done = subprocess.run([sys.executable, "-c", script, str(log.path)], cwd=here, capture_output=True, text=True)
    assert "the disk may be full" in done.stdout, done.stderr


def test_a_folder_that_cannot_be_written_is_an_error_that_says_so(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataDirError, match=r"cannot be written \(Not a directory\)|\(File exists\)"):
        FeedbackLog(tmp_path / "file" / "feedback.jsonl").append(feedback_on(answer(), (), "liked"))


def test_halves_of_surrogate_pairs_are_no_crash(log):
    log.append(feedback_on(answer(question="a\ud800b"), (), "liked"))
    assert lines_of(log)[0]["question"] == "a?b"
