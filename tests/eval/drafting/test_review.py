"""A person at the terminal: keys in, drafts out, and nothing that was accepted is ever lost."""

import io
import signal
import subprocess
import sys
import time

import pytest

from eval.case_files import load_cases
from eval.cases import check_evidence
from eval.drafting.case_file import CaseFile
from eval.drafting.review import Reviewed, review, write_drafts

OTHER = "Who runs Acme?"


@pytest.fixture
def look(file, texts):
    """Review drafts with some lines of input; gives what became of them, and the screen."""

    def go(lines, *drafts):
        screen = io.StringIO()
        done = review(drafts, file, texts, answers=io.StringIO(lines), screen=screen)
        return done, screen.getvalue()

    return go


def test_a_draft_is_shown_with_its_quote_in_its_surroundings(look, make_draft):
    _, screen = look("q\n", make_draft(check="Is it so?"))
    assert screen == (
        "\n--- Draft 1 ---\n"
        "  Question: Who founded Acme?\n"
        "  Answer:   Ada\n"
        "  From a.txt, characters 0–25:\n"
        "    »Ada founded Acme in 2016.« Acme paid $6.5 billion for Ampere. Bob runs Acme.\n"
        "  Check:    Is it so?\n"
        "[a]ccept  [e]dit the question  [w]rite the answer  [n]ot answerable  [r]eject  [q]uit > "
    )


def test_accepted_drafts_are_cases_and_rejected_ones_do_not_come_again(look, file, path, make_draft, texts):
    drafts = [make_draft(), make_draft(question=OTHER), make_draft(question="Who left?")]
    assert look("a\nR\nq\n", *drafts)[0] == Reviewed(1, 1, stopped=True)
    cases = load_cases(path)
    check_evidence(cases, texts)
    assert [case.question for case in cases] == ["Who founded Acme?"]
    again, screen = look("a\n", *drafts)
    assert again == Reviewed(1, 0) and "Draft 1" in screen and "Who left?" in screen and OTHER not in screen


def test_question_and_answer_can_be_edited(look, path, make_draft):
    look("e\nWho started Acme?\nw\nAda | Ada Voss\na\n", make_draft())
    (case,) = load_cases(path)
    assert (case.question, case.answers, len(case.evidence)) == ("Who started Acme?", ("Ada", "Ada Voss"), 1)


def test_empty_edits_and_unknown_keys_change_nothing(look, path, make_draft):
    look("e\n\nw\n | \n\nzzz\na\n", make_draft())
    (case,) = load_cases(path)
    assert (case.question, case.answers) == ("Who founded Acme?", ("Ada",))


def test_a_draft_without_an_answer_cannot_be_accepted_before_it_is_complete(look, path, make_draft):
    done, screen = look("a\nw\nBob\na\n", make_draft(answers=(), evidence=(), source=None))
    assert done == Reviewed(1, 0) and "(to be written)" in screen and "It has no answer yet: write it with w" in screen
    assert load_cases(path)[0].answers == ("Bob",)


def test_a_draft_can_be_made_unanswerable_and_back(look, path, make_draft):
    look("n\na\nn\nw\nAda\na\n", make_draft(), make_draft(question=OTHER))
    first, second = load_cases(path)
    assert (first.answerable, first.answers, first.evidence) == (False, (), ())
    assert (second.answerable, second.answers, len(second.evidence)) == (True, ("Ada",), 1)


def test_an_answer_that_no_quote_has_costs_the_evidence_and_says_so(look, path, make_draft):
    _, screen = look("w\nCarol\na\n", make_draft())
    assert "No quote has these words" in screen and load_cases(path)[0].evidence == ()


@pytest.mark.parametrize("lines", ["a\n", "a\ne\n", "a\nw\n", "a\nw\nBob"])
def test_the_end_of_the_input_quits_and_loses_nothing(look, path, make_draft, lines):
    assert look(lines, make_draft(), make_draft(question=OTHER))[0] == Reviewed(1, 0, stopped=True)
    assert len(load_cases(path)) == 1


def test_control_characters_of_documents_do_not_reach_the_terminal(look, make_draft):
    _, screen = look("q\n", make_draft(question="Who\x1b[31m founded\r\nAcme\u202e?", check="\x07\x9b1m"))
    assert not {"\x1b", "\x07", "\x9b", "\r", "\u202e"} & set(screen)


def test_ctrl_c_quits_and_loses_nothing(file, path, texts, make_draft):
    def drafts():
        yield make_draft()
        raise KeyboardInterrupt

    done = review(drafts(), file, texts, answers=io.StringIO("a\n"), screen=io.StringIO())
    assert done == Reviewed(1, 0, stopped=True) and len(load_cases(path)) == 1


CHILD = """
import sys
from pathlib import Path
from eval.drafting.case_file import CaseFile
from eval.drafting.cloze import draft_cases
from eval.drafting.review import review
texts = {f"{n}.txt": f"Ada Voss founded Acme {n} in {1900 + n} and Riga Mills." for n in range(50)}
done = review(draft_cases(texts), CaseFile(Path(sys.argv[1])), texts, answers=sys.stdin, screen=sys.stdout)
print(done, file=sys.stderr)
"""


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_process_has_kept_every_accepted_case(path, ending):
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        child.stdin.write("a\n" * 5)
        child.stdin.flush()
        deadline = time.monotonic() + 30
        while not path.exists() or path.read_bytes().count(b"\n") < 5:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        child.send_signal(ending)
        _, errors = child.communicate(timeout=30)
    assert len(load_cases(path)) == 5
    assert errors == ("" if ending == signal.SIGKILL else "Reviewed(accepted=5, rejected=0, skipped=0, stopped=True)\n")


def test_without_a_person_complete_drafts_are_written_and_tagged(file, path, make_draft):
    drafts = [make_draft(question=f"Who founded Acme {n}?", answers=("Ada",) if n != 1 else ()) for n in range(5)]
    assert write_drafts(drafts, file, 3) == Reviewed(3, 0, skipped=1)
    assert [case.question[-2] for case in load_cases(path)] == ["0", "2", "3"]
    assert {case.tags for case in load_cases(path)} == {("draft",)}
    assert write_drafts(drafts, CaseFile(path), 3) == Reviewed(1, 0, skipped=1)
