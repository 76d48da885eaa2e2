import pytest

from eval.cases import CaseError, Evidence, check_evidence, select_cases


def test_selecting_takes_the_first_with_the_tag(make_case):
    cases = [make_case(id=name, tags=(tag,)) for name, tag in [("1", "x"), ("2", "y"), ("3", "y"), ("4", "y")]]
    assert [case.id for case in select_cases(cases, tag="y", limit=2)] == ["2", "3"]
    assert select_cases(cases) == cases


def test_a_tag_where_no_case_has_any_is_reported(make_case):
    with pytest.raises(CaseError, match="No case has the tag 'z'; no case has any, so leave out --tag"):
        select_cases([make_case(tags=())], tag="z")


def test_an_unknown_tag_is_reported_with_the_known_ones(make_case):
    with pytest.raises(CaseError, match="No case has the tag 'z'; choose one of: fact, person"):
        select_cases([make_case(tags=("person", "fact"))], tag="z")


def test_evidence_at_its_place_passes(make_case, document):
    check_evidence([make_case()], {"a.txt": document})


def test_misplaced_evidence_is_reported_with_its_real_place(make_case, document):
    evidence = Evidence(document="a.txt", quote="Bob runs Acme.", start=0, end=14)
    with pytest.raises(CaseError, match=r"'founder'.* not at a\.txt 0–14; it is at 61–75"):
        check_evidence([make_case(evidence=(evidence,))], {"a.txt": document})


def test_evidence_that_ends_too_late_is_reported(make_case, document):
    evidence = Evidence(document="a.txt", quote="Ada", start=0, end=4)
    with pytest.raises(CaseError, match="not at"):
        check_evidence([make_case(evidence=(evidence,))], {"a.txt": document})


def test_evidence_in_a_document_that_is_not_there_is_reported(make_case):
    with pytest.raises(CaseError, match=r"'founder' needs the document 'a\.txt', which the corpus does not"):
        check_evidence([make_case()], {})
