import json
from pathlib import Path

import pytest

from eval.cases import CaseError, Evidence, check_evidence, load_cases, select_cases
from eval.corpus_texts import CorpusTexts
from qa.bundled_files import bundled
from qa.domain import Turn
from qa.errors import InputError

SEEDS = Path(__file__).parents[2] / "eval" / "cases" / "seeds.jsonl"
LINE = {
    "id": "founder",
    "question": "Who founded Acme?",
    "history": [{"question": "What is Acme?", "answer": "A firm."}],
    "answers": ["Ada"],
    "answers_all": [],
    "answerable": True,
    "evidence": [{"document": "a.txt", "quote": "Ada founded Acme in 2016.", "start": 0, "end": 25}],
    "tags": ["fact"],
}


@pytest.fixture
def problem_of(tmp_path):
    """Load a file whose second line has one sound case's fields, changed, and give the error."""

    def load(*lines, **changes):
        path = tmp_path / "cases.jsonl"
        second = {name: value for name, value in {**LINE, **changes}.items() if value is not ...}
        path.write_text("\n" + "\n".join(lines or [json.dumps(second)]))
        with pytest.raises(CaseError) as caught:
            load_cases(path)
        assert "\n" not in str(caught.value)
        return str(caught.value).replace(str(path), "FILE")

    return load


def test_a_case_is_read_whole(tmp_path, make_case):
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(LINE) + "\n\n")
    history = (Turn(question="What is Acme?", answer="A firm."),)
    assert load_cases(path) == [make_case(history=history)]


def test_the_seed_cases_load_and_their_evidence_is_in_the_seeds():
    cases = load_cases(SEEDS)
    check_evidence(cases, CorpusTexts(bundled("seeds"), max_file_bytes=10**6))
    assert len(cases) > 100
    assert {case.answerable for case in cases} == {True, False}


def test_malformed_json_is_reported_with_its_line(problem_of):
    assert problem_of('{"id": "a",}') == "FILE, line 2: invalid JSON: trailing comma at column 12."


def test_a_line_that_is_no_object_is_reported(problem_of):
    assert problem_of("[1]") == "FILE, line 2: input should be an object."


def test_a_missing_field_is_reported(problem_of):
    assert problem_of(answerable=...) == "FILE, line 2: the field 'answerable' is missing; add it."


def test_an_unknown_field_is_reported(problem_of):
    assert problem_of(answer="Ada") == "FILE, line 2: the field 'answer' is unknown; take it out."


def test_an_unknown_field_within_is_reported(problem_of):
    turn = {"question": "What?", "answer": "A firm.", "role": "user"}
    assert problem_of(history=[turn]) == "FILE, line 2: the field 'history.0.role' is unknown; take it out."


def test_a_value_of_the_wrong_type_is_reported(problem_of):
    assert problem_of(answers="Ada") == "FILE, line 2: answers: input should be a valid array."
    assert problem_of(answerable=1) == "FILE, line 2: answerable: input should be a valid boolean."


def test_a_blank_question_is_reported(problem_of):
    assert problem_of(question=" ") == "FILE, line 2: the field 'question' is blank; fill it."


def test_a_duplicate_id_is_reported_with_both_lines(problem_of):
    line = json.dumps(LINE)
    expected = "FILE, line 3: the id 'founder' is taken by line 2; choose another."
    assert problem_of(line, line) == expected


def test_an_answerable_case_needs_answers(problem_of):
    assert "line 2: answerable, but without answers" in problem_of(answers=[])


def test_an_unanswerable_case_has_no_answers(problem_of):
    assert "line 2: not answerable, but with answers" in problem_of(answerable=False)


def test_a_part_without_alternatives_is_reported(problem_of):
    assert "line 2: 'answers_all' holds an empty list" in problem_of(answers_all=[["Ada"], []])


def test_an_answer_that_could_never_match_is_reported(problem_of):
    assert "line 2: the answer 'The' has no word" in problem_of(answers=["Ada", "The"])


def test_evidence_must_not_end_before_it_starts(problem_of):
    evidence = {"document": "a.txt", "quote": "Ada", "start": 3, "end": 3}
    assert "line 2: an evidence ends before it starts" in problem_of(evidence=[evidence])


def test_a_file_without_cases_is_reported(problem_of):
    assert problem_of("", " ") == "FILE holds no cases; write one JSON object a line."


def test_a_file_that_cannot_be_read_is_reported(tmp_path):
    with pytest.raises(CaseError, match=r"missing\.jsonl cannot be read \(No such file"):
        load_cases(tmp_path / "missing.jsonl")
    with pytest.raises(CaseError, match="cannot be read"):
        load_cases(tmp_path)


def test_a_file_that_is_not_utf_8_is_reported(tmp_path):
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"\xff\xfe{")
    with pytest.raises(CaseError, match="is not UTF-8 text"):
        load_cases(path)


def test_a_case_error_is_an_input_error():
    assert issubclass(CaseError, InputError)
    assert CaseError.exit_code == 2


def test_selecting_takes_the_first_with_the_tag(make_case):
    cases = [make_case(id=name, tags=(tag,)) for name, tag in [("1", "x"), ("2", "y"), ("3", "y"), ("4", "y")]]
    assert [case.id for case in select_cases(cases, tag="y", limit=2)] == ["2", "3"]
    assert select_cases(cases) == cases


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
