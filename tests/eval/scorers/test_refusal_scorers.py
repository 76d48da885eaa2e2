from eval.scorers import score_refusal_precision, score_refusal_recall


def test_a_right_refusal(make_unanswerable, refusal):
    assert score_refusal_precision(make_unanswerable(), refusal).value == 1.0
    assert score_refusal_recall(make_unanswerable(), refusal).value == 1.0


def test_a_wrong_refusal_costs_precision_only(make_case, refusal):
    assert score_refusal_precision(make_case(), refusal).value == 0.0
    assert score_refusal_recall(make_case(), refusal).value is None


def test_an_answer_to_an_unanswerable_case_costs_recall_only(make_unanswerable, make_answer):
    assert score_refusal_precision(make_unanswerable(), make_answer()).value is None
    assert score_refusal_recall(make_unanswerable(), make_answer()).value == 0.0
