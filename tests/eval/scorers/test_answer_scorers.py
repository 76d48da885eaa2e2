import pytest

from eval.scorers import (
    Score,
    score_contains_all,
    score_correct,
    score_exact_match,
    score_numeric_match,
    score_rouge_l,
    score_short_answer,
    score_short_answer_right,
    score_token_f1,
)


def test_an_answer_with_a_gold_alternative_is_correct(make_case, make_answer):
    case = make_case(answers=("Ada Lovelace", "Ada"))
    assert score_correct(case, make_answer("It was Ada. [1]")) == Score(1.0, "has “Ada”")


def test_an_answer_without_a_gold_alternative_is_wrong(make_case, make_answer):
    case = make_case(answers=("$5 billion", "5 billion dollars"))
    score = score_correct(case, make_answer("Acme paid $6.5 billion. [1]"))
    assert score == Score(0.0, "lacks “$5 billion” or “5 billion dollars”")


def test_every_part_of_an_answer_is_needed(make_case, make_answer):
    case = make_case(answers=(), answers_all=(("Ada",), ("Bob", "Robert")))
    assert score_correct(case, make_answer("Ada and Robert.")) == Score(1.0, "has “Ada” and “Robert”")
    assert score_correct(case, make_answer("Ada.")) == Score(0.0, "lacks “Bob” or “Robert”")


def test_citation_markers_are_no_part_of_the_answer(make_case, make_answer):
    split = make_answer("Ada [1] Lovelace [2] [3].")
    assert score_correct(make_case(answers=("Ada Lovelace",)), split).value == 1.0
    assert score_correct(make_case(answers=("2",)), split).value == 0.0


def test_a_refusal_of_an_answerable_case_is_not_correct(make_case, refusal):
    case = make_case(answers=("documents",))
    assert score_correct(case, refusal) == Score(0.0, "refused, though the documents answer")


def test_a_partial_answer_can_be_correct(make_case, make_answer):
    assert score_correct(make_case(), make_answer(status="partial")).value == 1.0


def test_correctness_of_an_unanswerable_case_is_not_scored(make_unanswerable, make_answer):
    assert score_correct(make_unanswerable(), make_answer()).value is None


def test_the_short_answer_is_scored_against_its_best_alternative(make_case, make_answer):
    # against "Ada Lovelace": precision 1/2, recall 1/2; against "Ada": precision 1/2, recall 1, F1 = 2/3
    case, answer = make_case(answers=("Ada Lovelace", "Ada")), make_answer(short_answer="Ada Byron")
    assert score_short_answer(case, answer) == Score(2 / 3, "“Ada Byron” against “Ada”")


def test_a_short_answer_is_not_scored_where_either_side_has_none(make_case, make_answer):
    assert score_short_answer(make_case(), make_answer()).value is None
    parts = make_case(answers=(), answers_all=(("Ada",), ("Bob",)))
    assert score_short_answer(parts, make_answer(short_answer="Ada")).value is None


def test_an_amount_or_date_may_be_written_otherwise(make_case, make_answer):
    amount = make_case(answers=("$4.4 billion",))
    answer = make_answer("It paid 4,400,000,000 US dollars [1] on March 12, 2016 [2].")
    assert score_correct(amount, answer) == Score(1.0, "has “$4.4 billion”")
    assert score_contains_all(amount, answer) == Score(0.0, "lacks “$4.4 billion”")
    assert score_correct(make_case(answers=("12 March 2016",)), answer).value == 1.0


@pytest.mark.parametrize("text", ["$4.4 million", "€4.4 billion", "4.4 billion euros", "$44 billion", "$14.4 billion"])
def test_another_amount_is_not_correct(text, make_case, make_answer):
    case = make_case(answers=("$4.4 billion",))
    assert score_correct(case, make_answer(f"It paid {text}.")).value == 0.0


def test_numeric_match_wants_the_unit_that_the_gold_has(make_case, make_answer):
    with_unit, bare = make_case(answers=("$5 billion",)), make_case(answers=("5 billion",))
    assert score_numeric_match(with_unit, make_answer("It paid 5 billion.")).value == 0.0
    assert score_numeric_match(bare, make_answer("It paid $5bn.")).value == 1.0


def test_numeric_match_looks_at_the_short_answer_first(make_case, make_answer):
    case = make_case(answers=("five percent",))
    assert score_numeric_match(case, make_answer("5 % of 20 % …", short_answer="20 %")).value == 0.0
    assert score_numeric_match(case, make_answer("…", short_answer="5 %")).value == 1.0


def test_numeric_match_is_for_golds_that_are_one_amount_or_date(make_case, make_unanswerable, make_answer, refusal):
    assert score_numeric_match(make_case(answers=("2016",)), refusal).value == 0.0
    parts = make_case(answers=(), answers_all=(("5 %",), ("Ada",)))
    for case in (make_case(), make_case(answers=("over $1 trillion",)), parts, make_unanswerable()):
        assert score_numeric_match(case, make_answer()).value is None


def test_squad_compares_the_short_answer_else_the_text(make_case, make_answer):
    case = make_case(answers=("Ada Lovelace", "Ada"))
    short = make_answer("It was Ada. [1]", short_answer="The Ada!")
    assert score_exact_match(case, short) == Score(1.0, "“The Ada!” against “Ada”")
    # "it was ada" against "ada": precision 1/3, recall 1
    assert score_token_f1(case, make_answer("It was Ada. [1]")).value == pytest.approx(0.5)
    assert score_exact_match(case, make_answer("Ada. [1]")).value == 1.0


@pytest.mark.parametrize("score", [score_exact_match, score_token_f1])
def test_squad_counts_refusals(score, make_case, make_unanswerable, make_answer, refusal):
    assert score(make_unanswerable(), refusal) == Score(1.0, "nothing against nothing")
    assert score(make_unanswerable(), make_answer("Ada.")).value == 0.0
    assert score(make_case(), refusal) == Score(0.0, "nothing against “Ada”")
    assert score(make_case(answers=(), answers_all=(("Ada",),)), refusal).value is None


def test_rouge_l_by_hand(make_case, make_answer):
    # stems: "ada found acm in pari" and "ada found acm"; the longest common sequence has 3: precision 3/5, recall 1
    case = make_case(answers=(), references=("Nothing in common", "Ada founds Acme"))
    score = score_rouge_l(case, make_answer("Ada founded Acme [1] in Paris. [2]"))
    assert score.value == pytest.approx(2 * 0.6 / 1.6)
    assert score.reason == "“Ada founded Acme in Paris.” against “Ada founds Acme”"


def test_rouge_l_is_for_answerable_cases(make_case, make_unanswerable, make_answer, refusal):
    assert score_rouge_l(make_case(), make_answer("Ada.")).value == 1.0  # without references, against the answers
    assert score_rouge_l(make_case(), refusal).value == 0.0
    assert score_rouge_l(make_unanswerable(), refusal).value is None
    assert score_rouge_l(make_case(answers=(), answers_all=(("Ada",),)), make_answer()).value is None


def test_whole_references_are_not_looked_for_in_the_answer(make_case, make_answer):
    case = make_case(answers=(), references=("Ada founded Acme.",))
    assert score_correct(case, make_answer()) == Score(None, "the case has no short answer to look for")


def test_an_equal_amount_or_date_is_a_right_short_answer(make_case, make_answer):
    for gold, given in (("$4.4 billion", "4,400,000,000 dollars"), ("31 March 2027", "31/03/2027")):
        case, answer = make_case(answers=(gold,)), make_answer(short_answer=given)
        assert score_short_answer(case, answer) == Score(1.0, f"“{given}” against “{gold}”")
        assert score_short_answer_right(case, answer) == Score(1.0, f"“{given}” is right: “{gold}”")


def test_a_right_sentence_may_come_with_a_wrong_short_answer(make_case, make_answer):
    case = make_case(answers=("£8,000",))
    answer = make_answer("The rent is £96,000 a year, or £8,000 a month. [1]", short_answer="£96,000")
    assert score_correct(case, answer).value == 1.0
    assert score_short_answer_right(case, answer) == Score(0.0, "“£96,000” is not “£8,000”")


@pytest.mark.parametrize(
    ("short", "value"), [("Byron", 1.0), ("Ada Byron of London", 1.0), ("Ada King", 0.0), ("a", 0.0)]
)
def test_a_short_answer_may_be_longer_or_shorter_than_the_gold(short, value, make_case, make_answer):
    assert score_short_answer_right(make_case(answers=("Ada Byron",)), make_answer(short_answer=short)).value == value


def test_a_short_answer_is_right_or_wrong_only_where_there_are_both(make_case, make_unanswerable, make_answer, refusal):
    parts = make_case(answers=(), answers_all=(("Ada",), ("Bob",)))
    for case, answer in (
        (parts, make_answer(short_answer="Ada")),
        (make_case(), make_answer()),
        (make_case(), refusal),
    ):
        assert score_short_answer_right(case, answer).value is None
    assert score_short_answer_right(make_unanswerable(), make_answer(short_answer="Ada")).value is None


def test_numeric_match_takes_any_alternative_with_an_amount_or_date(make_case, make_answer):
    case = make_case(answers=("before 22 November 2025", "21 Nov 2025"))
    score = score_numeric_match(case, make_answer(short_answer="22 November 2025"))
    assert score == Score(1.0, "has “before 22 November 2025”")
    assert score_numeric_match(case, make_answer(short_answer="23 November 2025")).value == 0.0


def test_what_the_text_denies_is_not_correct(make_case, make_answer):
    case = make_case(answers=("permitted",))
    assert score_correct(case, make_answer("Pets are not permitted. [1]")) == Score(0.0, "lacks “permitted”")


@pytest.mark.parametrize(
    ("gold", "text", "short", "value"),
    [
        ("no", "No, an audit log is not kept. [1]", None, 1.0),
        ("No.", "No. [1]", None, 1.0),
        ("no", "It keeps an audit log. [1]", "No", 1.0),
        ("yes", "Yes it does.", None, 1.0),
        ("no", "Yes, it does.", None, 0.0),
        ("yes", "No audit log is kept.", "no", 0.0),
        ("no", "No audit log is kept.", None, None),
        ("no", "There is no audit log.", "no audit log", None),
        ("yes", "It keeps an audit log. Yes.", None, None),
    ],
)
def test_yes_and_no_must_be_said_in_so_many_words(gold, text, short, value, make_case, make_answer):
    score = score_correct(make_case(answers=(gold,)), make_answer(text, short_answer=short))
    assert (score.value, score.failed) == (value, False)
    assert value is not None or "write the words that decide it as gold" in score.reason


def test_deciding_words_beside_a_bare_no_decide(make_case, make_answer, refusal):
    case = make_case(answers=("no", "not permitted"))
    assert score_correct(case, make_answer("Pets are not permitted.")) == Score(1.0, "has “not permitted”")
    assert score_correct(case, make_answer("Pets are welcome.")).value == 0.0
    parts = make_case(answers=(), answers_all=(("no",), ("Ada",)))
    assert score_correct(parts, make_answer("Bob keeps none.")).value == 0.0
    assert score_correct(parts, make_answer("Ada keeps none.")).value is None
    assert score_correct(make_case(answers=("no",)), refusal).value == 0.0
