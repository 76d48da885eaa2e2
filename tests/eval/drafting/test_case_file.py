import os
import resource
import signal

import pytest

from eval.case_files import as_line, load_cases
from eval.cases import CaseError
from eval.drafting.case_file import CaseFile
from eval.run_record import OutputError


def test_an_accepted_draft_is_on_disk_at_once(file, path, make_draft):
    draft = make_draft(tags=("cloze",))
    case = file.accept(draft, None, "draft")
    assert load_cases(path) == [case]
    assert (case.question, case.answers, case.tags) == ("Who founded Acme?", ("Ada",), ("cloze", "draft"))
    assert case.id == f"who-founded-acme-{draft.fingerprint}"


def test_what_was_accepted_or_rejected_is_known_to_the_next_run(file, path, make_draft):
    accepted, rejected, new = make_draft(), make_draft(question="Who runs Acme?"), make_draft(question="Who left Acme?")
    assert not file.knows(accepted)
    file.accept(accepted)
    file.reject(rejected)
    for each in (file, CaseFile(path)):
        assert [each.knows(draft) for draft in (accepted, rejected, new)] == [True, True, False]


def test_a_draft_is_known_by_how_it_was_proposed_and_by_its_question(file, path, make_draft):
    file.accept(make_draft(question="Who began Acme?"), make_draft())
    again = CaseFile(path)
    assert again.knows(make_draft()) and again.knows(make_draft(question="Who began ACME?", answers=("Bob",)))


def test_cases_written_by_hand_stay_and_are_not_proposed_again(path, make_draft, make_case):
    path.parent.mkdir()
    path.write_text(as_line(make_case(id="by-hand")), encoding="utf-8")  # without a line end
    file = CaseFile(path)
    assert file.knows(make_draft())
    file.accept(make_draft(question="Who runs Acme?"))
    assert [case.id.rsplit("-", 1)[0] for case in load_cases(path)] == ["by", "who-runs-acme"]


def test_a_full_disk_leaves_the_file_as_it_was(file, path, make_draft):
    file.accept(make_draft())
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, hard))
    try:
        with pytest.raises(OutputError, match=r"the disk may be full\); mend that, or choose another file"):
            file.accept(make_draft(question="Who runs Acme?"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert path.read_bytes() == before
    assert not file.knows(make_draft(question="Who runs Acme?"))
    file.accept(make_draft(question="Who runs Acme?"))
    assert len(load_cases(path)) == 2


def test_what_is_no_file_of_cases_is_refused(path, tmp_path):
    with pytest.raises(CaseError, match="not as CSV; choose another name"):
        CaseFile(tmp_path / "cases.csv")
    path.parent.mkdir()
    path.write_text("{}\n", encoding="utf-8")
    with pytest.raises(CaseError, match="line 1: the field 'id' is missing"):
        CaseFile(path)


@pytest.mark.skipif(os.name != "posix", reason="a folder cannot be opened as a file anywhere, but the words differ")
def test_a_folder_in_its_place_is_an_error_that_says_so(path, make_draft):
    file = CaseFile(path)
    path.mkdir(parents=True)
    with pytest.raises(OutputError, match=r"cannot be used \(Is a directory\)"):
        file.accept(make_draft())
