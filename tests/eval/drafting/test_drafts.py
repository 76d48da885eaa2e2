import pytest

from eval.drafting.drafts import case_of, drafts_of


@pytest.mark.parametrize(
    ("changes", "complete"),
    [
        ({}, True),
        ({"answers": ()}, False),
        ({"answers": ("the",)}, False),
        ({"answers": (), "references": ("Ada did.",)}, True),
        ({"answerable": False}, False),
        ({"answerable": False, "answers": ()}, True),
        ({"question": " "}, False),
    ],
)
def test_a_draft_is_complete_when_it_can_be_a_case(make_draft, changes, complete):
    assert make_draft(**changes).is_complete is complete


def test_a_fingerprint_is_of_the_words_and_not_of_the_place_in_the_document(make_draft, evidence_for):
    moved = evidence_for("Bob runs Acme.")
    assert make_draft().fingerprint == make_draft(source=moved, evidence=(moved,), tags=("x",)).fingerprint
    others = [make_draft(question="Who runs Acme?"), make_draft(answers=("Bob",)), make_draft(source=None, evidence=())]
    assert len({make_draft().fingerprint, *(other.fingerprint for other in others)}) == 4


def test_an_unanswerable_case_has_no_evidence_and_an_id_without_words_is_still_one(make_draft):
    case = case_of(make_draft(question="?", answerable=False, answers=()), "0123abcd")
    assert (case.id, case.evidence) == ("case-0123abcd", ())


def test_cases_tagged_draft_are_drafts_again(make_draft, make_case):
    tagged = case_of(make_draft(tags=("cloze",)), "0123abcd", "draft")
    miss = case_of(make_draft(answerable=False, answers=(), tags=("near-miss",)), "0123abce", "draft")
    again, checked = drafts_of([tagged, make_case(), miss])
    assert again == make_draft(tags=("cloze",))
    assert (checked.answerable, checked.check) == (False, "Accept it only if no document answers this.")
