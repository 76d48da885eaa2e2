import json

import pytest

pytest_plugins = ["pytester"]


@pytest.fixture
def suite(pytester, corpus_folder):
    """Run tests of a user's own against a small corpus, in a process of their own, and give what pytest says."""

    def run(tests, *words):
        pytester.makepyfile(tests)
        folders = (f"--qa-corpus={corpus_folder}", f"--qa-data-dir={pytester.path / 'data'}")
        return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-W", "ignore", *folders, *words)

    return run


@pytest.fixture
def corpus_folder(pytester):
    folder = pytester.mkdir("corpus")
    (folder / "a.txt").write_text("Ada Byron founded Acme in 2016. Acme paid $6.5 billion for Ampere.")
    return folder


def test_a_test_of_ones_own_asserts_on_an_answer(suite):
    done = suite("""
        def test_price(ask_case):
            asked = ask_case("How much did Acme pay for Ampere?", answers=["$6.5 billion"])
            asked.check()
            assert asked.answer.citations[0].quote == "Acme paid $6.5 billion for Ampere."

        def test_refusal(ask_case):
            ask_case("Who wrote Middlemarch?").check()
    """)
    done.assert_outcomes(passed=2)


def test_a_wrong_answer_fails_with_question_answer_and_reason(suite):
    done = suite("""
        def test_price(ask_case):
            ask_case("How much did Acme pay for Ampere?", answers=["$7 billion"]).check()
    """)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(
        ["*How much did Acme pay for Ampere?", "*got: Acme paid $6.5 billion*", "*why: correct: lacks*"]
    )


def test_a_marked_test_runs_once_for_each_case(suite, pytester):
    cases = [
        {"id": "price", "question": "How much did Acme pay for Ampere?", "answers": ["$6.5 billion"]},
        {"id": "novel", "question": "Who wrote Middlemarch?", "answerable": False},
    ]
    pytester.path.joinpath("cases.jsonl").write_text("\n".join(map(json.dumps, cases)))
    done = suite(
        """
        import pytest

        @pytest.mark.qa_cases("cases.jsonl")
        def test_ours(ask_case, qa_case):
            ask_case(qa_case).check()
        """,
        "-v",
    )
    done.assert_outcomes(passed=2)
    done.stdout.fnmatch_lines(["*test_ours?price?*", "*test_ours?novel?*"])


def test_an_unsound_case_is_told_with_its_line(suite, pytester):
    pytester.path.joinpath("cases.jsonl").write_text('{"id": "price"}')
    done = suite("""
        import pytest

        @pytest.mark.qa_cases("cases.jsonl")
        def test_ours(qa_case):
            pass
    """)
    assert done.ret != 0
    done.stdout.fnmatch_lines(["*cases.jsonl, line 1: the field 'question' is missing; add it*"])


def test_a_marker_without_a_file_is_reported(suite):
    done = suite("""
        import pytest

        @pytest.mark.qa_cases
        def test_ours(qa_case):
            pass
    """)
    assert done.ret != 0
    done.stdout.fnmatch_lines(["*test_ours: give qa_cases one file of cases.*"])


def test_a_case_is_asked_as_it_is_and_with_nothing_beside_it(suite):
    done = suite("""
        import pytest
        from eval.cases import Case

        def test_case(ask_case):
            case = Case(id="1", question="Who founded Acme?", answers=("Ada Byron",))
            with pytest.raises(TypeError, match="change the case"):
                ask_case(case, answers=["Bob"])
    """)
    done.assert_outcomes(passed=1)


def test_evidence_may_leave_out_its_place(suite, pytester):
    evidence = {"document": "a.txt", "quote": "Acme paid $6.5 billion for Ampere."}
    case = {"id": "price", "question": "How much did Acme pay for Ampere?", "answers": ["$6.5 billion"]}
    pytester.path.joinpath("cases.jsonl").write_text(json.dumps({**case, "evidence": [evidence]}))
    done = suite("""
        import pytest

        @pytest.mark.qa_cases("cases.jsonl")
        def test_ours(ask_case, qa_case):
            ask_case(qa_case).check()
    """)
    done.assert_outcomes(passed=1)


def test_evidence_and_history_may_be_as_in_a_case_file(suite):
    done = suite("""
        import pytest
        from qa.errors import InputError

        def test_price(ask_case):
            quote = {"document": "a.txt", "quote": "Acme paid $6.5 billion for Ampere."}
            turn = {"question": "What is Acme?", "answer": "A firm."}
            asked = ask_case("How much did Acme pay for Ampere?", answers=["$6.5 billion"],
                             evidence=[quote], history=[turn])
            asked.check()
            assert (asked.result.case.evidence[0].start, asked.result.case.history[0].answer) == (32, "A firm.")

        def test_unsound(ask_case):
            with pytest.raises(InputError, match="Case 'Who[?]': the field 'history.0.answer' is missing; add it"):
                ask_case("Who?", history=[{"question": "What?"}])
    """)
    done.assert_outcomes(passed=2)


def test_a_question_without_answers_must_be_refused(suite):
    done = suite("""
        def test_price(ask_case):
            ask_case("How much did Acme pay for Ampere?").check()
    """)
    done.assert_outcomes(failed=1)


def test_a_corpus_that_is_not_there_is_one_line(suite):
    done = suite("def test_any(ask_case): pass", "--qa-corpus=nowhere")
    assert done.ret == 4
    done.stderr.fnmatch_lines(["ERROR: --qa-corpus: there is no folder nowhere; give the folder of the documents."])
    assert "Traceback" not in done.stderr.str() + done.stdout.str()


def test_documents_that_cannot_be_used_are_told_without_a_traceback(suite, corpus_folder):
    (corpus_folder / "a.txt").unlink()
    done = suite("def test_any(ask_case): pass")
    done.assert_outcomes(errors=1)
    assert "pytest_plugin.py" not in done.stdout.str()
