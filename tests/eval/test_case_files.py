import json
from pathlib import Path

import pytest

from eval.case_files import as_line, load_cases
from eval.cases import CaseError, check_evidence
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


class Loader:
    """Writes a file of cases and reads it."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, content, name="cases.jsonl", texts=None):
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return load_cases(path, texts)


@pytest.fixture
def load(tmp_path):
    return Loader(tmp_path)


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


def test_the_office_cases_have_their_evidence_in_the_office_documents():
    texts = CorpusTexts(SEEDS.parents[1] / "office", max_file_bytes=1_000_000)
    cases = load_cases(SEEDS.with_name("office.jsonl"), texts)
    check_evidence(cases, texts)
    assert (len(cases), sum(not case.answerable for case in cases)) == (75, 23)


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
    assert problem_of('{"id": "a" "b"}') == "FILE, line 2: invalid JSON: expecting ',' delimiter at column 12."


@pytest.mark.parametrize("line", ["[" * 100_000, f'{{"id": {"9" * 5_000}}}'], ids=["brackets", "digits"])
def test_json_that_python_cannot_hold_is_reported(problem_of, line):
    assert problem_of(line).startswith("FILE, line 2: it is nested too deeply, or holds too long a number;")


def test_a_line_that_is_no_object_is_reported(problem_of):
    assert problem_of("[1]") == "FILE, line 2: input should be an object."


def test_a_missing_field_is_reported(problem_of):
    assert problem_of(question=...) == "FILE, line 2: the field 'question' is missing; add it."


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
    problem = problem_of(answers=[])
    assert "line 2: answerable, but without answers; fill 'answers'" in problem
    assert problem.endswith("or set 'answerable' to false if the documents do not answer.")


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


def test_only_id_question_and_answers_are_needed(load):
    (case,) = load('{"id": "1", "question": "Who?", "answers": ["Ada"]}')
    assert (case.answerable, case.history, case.evidence, case.tags) == (True, (), (), ())


def test_a_case_is_written_as_the_line_it_is_read_from(load, make_case, make_unanswerable):
    cases = [make_case(), make_unanswerable(documents=("a.txt",))]
    assert load("\n".join(map(as_line, cases))) == cases


def test_evidence_without_offsets_is_found_in_the_document(load, make_case, document):
    line = {**LINE, "history": [], "evidence": [{"document": "a.txt", "quote": "Ada founded Acme in 2016."}]}
    assert load(json.dumps(line), texts={"a.txt": document}) == [make_case()]


@pytest.mark.parametrize(
    ("quote", "document_id", "problem"),
    [
        ("Acme", "a.txt", "the evidence quote stands 3 times in a.txt; say which with 'start' and 'end'"),
        ("Uber", "a.txt", "the evidence quote is nowhere in a.txt; copy it exactly"),
        ("Ada", "b.txt", "the corpus has no document 'b.txt'; choose the corpus with --corpus"),
    ],
)
def test_evidence_that_cannot_be_found_is_reported_with_its_line(load, document, quote, document_id, problem):
    line = {**LINE, "evidence": [{"document": document_id, "quote": quote}]}
    with pytest.raises(CaseError, match=f"line 1: {problem}"):
        load(json.dumps(line), texts={"a.txt": document})


@pytest.mark.parametrize(
    ("text", "quote", "stored"),
    [
        ("Ada said: “It isn’t over.”\nBob left.", 'Ada said: "It isn\'t over."', "Ada said: “It isn’t over.”"),
        ("In all,  the\ncompany grew.", "the company grew", "the\ncompany grew"),
        ("It was hyphen-\nated here.", "was hyphenated", "was hyphen-\nated"),
        ("From 1999–2004 Acme grew.", "1999-2004 Acme", "1999–2004 Acme"),
    ],
    ids=["quotes", "white space", "hyphen", "dash"],
)
def test_a_quote_of_another_form_is_found_and_the_documents_characters_are_stored(load, text, quote, stored):
    line = {**LINE, "evidence": [{"document": "a.txt", "quote": quote}]}
    (case,) = load(json.dumps(line), texts={"a.txt": text})
    assert case.evidence[0].quote == stored
    check_evidence([case], {"a.txt": text})


def test_the_passage_closest_to_a_quote_that_is_nowhere_is_shown(load):
    texts = {"a.txt": f"Nobody knows. Acme sold forty ships to Norway in the year 1999 {'and more ' * 20}. Bye."}
    line = {**LINE, "evidence": [{"document": "a.txt", "quote": "Acme sold 40 ships to Norway in the year"}]}
    with pytest.raises(CaseError) as caught:
        load(json.dumps(line), texts=texts)
    shown = texts["a.txt"][14:94]
    assert f"nowhere in a.txt, where the closest passage is “{shown}…”; copy it exactly." in str(caught.value)


def test_a_document_that_is_asked_and_not_there_is_reported_with_its_line(load):
    line = {**LINE, "evidence": [], "documents": ["b.txt"]}
    with pytest.raises(CaseError, match=r"line 1: it asks the document 'b\.txt', which the corpus does not have"):
        load(json.dumps(line), texts={"a.txt": "Ada."})


def test_all_faulty_lines_are_reported_at_once_up_to_twenty(load):
    with pytest.raises(CaseError) as caught:
        load("\n".join(["[1]"] * 23 + [json.dumps(LINE)]))
    *lines, last = str(caught.value).split("\n")
    path = load.folder / "cases.jsonl"
    assert lines == [f"{path}, line {number}: input should be an object." for number in range(1, 21)]
    assert last == "and 3 more"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_cells_may_be_separated_by_commas_semicolons_or_tabs(load, separator):
    rows = [["ID", "Question", "Answers_All"], ["a", "Who?", '"Ada|Ada Voss;Bob"'], ["b", "Why?", ""]]
    first, second = load("\n".join(map(separator.join, rows)), name="cases.csv")
    assert (first.id, first.answers_all, first.answerable) == ("a", (("Ada", "Ada Voss"), ("Bob",)), True)
    assert (second.id, second.answerable) == ("b", False)


def test_faulty_rows_are_reported_at_once(load):
    with pytest.raises(CaseError) as caught:
        load("question,answers\nWho, when?,Ada\n,Ada\nWho?,Ada\n", name="cases.csv")
    assert [line.split("cases.csv, ")[1] for line in str(caught.value).split("\n")] == [
        "line 2: more cells than columns; quote cells with commas.",
        "line 3: the field 'question' is blank; fill it.",
    ]


def test_a_csv_row_is_a_case(load, document, evidence_for):
    first, second = load(
        "question,answers,document,quote,tags\n"
        "Who founded Acme?,Ada | Ada L.,a.txt,Ada founded Acme in 2016.,fact|person\n"
        ",,,,\n"
        '"Who, if anyone, founded Uber?",,,,\n',
        name="cases.csv",
        texts={"a.txt": document},
    )
    assert (first.id, first.answers, first.answerable, first.tags) == (
        "row-2",
        ("Ada", "Ada L."),
        True,
        ("fact", "person"),
    )
    assert first.evidence == (evidence_for("Ada founded Acme in 2016."),)
    assert (second.id, second.answerable, second.answers) == ("row-4", False, ())


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("frage,answers\nWho?,Ada\n", "FILE has no column 'question' in its first line; name the columns there."),
        ("question,anwsers\nWho?,Ada\n", "FILE has an unknown column 'anwsers'; the known ones are: id, question"),
        ("question,answers\nWho, when?,Ada\n", "FILE, line 2: more cells than columns"),
        ("question,answerable\nWho?,perhaps\n", "FILE, line 2: 'answerable' is 'perhaps'; write yes or no"),
        ("question,answerable\nWho?,yes\n", "FILE, line 2: answerable, but without answers"),
        ("question,answers\n,Ada\n", "FILE, line 2: the field 'question' is blank"),
        ('question\n"Who?\n', "FILE, line 1: unexpected end of data"),
        ("question\n", "FILE holds no cases; write one row a case."),
        ("question;anwsers\nWho?;Ada\n", "FILE has an unknown column 'anwsers'; the known ones are: id, question"),
        ("question;answers\nWho; when?;Ada\n", "line 2: more cells than columns; quote cells with semicolons"),
        ("question,Question\nWho?,Who?\n", "FILE has the column 'question' twice; take one out."),
        ("question,quote\nWho?,Ada\n", "FILE, line 2: the column 'document' is empty; name the document"),
        ("question,document\nWho?,a.txt\n", "FILE, line 2: the column 'quote' is empty; copy what gives"),
        ("", "FILE has no column 'question'"),
    ],
)
def test_a_bad_csv_file_is_one_clear_line(load, content, problem):
    with pytest.raises(CaseError) as caught:
        load(content, name="cases.csv")
    assert problem in str(caught.value).replace(str(load.folder / "cases.csv"), "FILE")
    assert "\n" not in str(caught.value)
