"""Which lines can answer, and what leads to them."""

import pytest

from qa.answering.lines import answering_lines, as_shown, is_label


def led(text):
    """Give each answering line with the words that lead to it."""
    return [(line.span.of(text), [token.surface for token in line.lead]) for line in answering_lines(text)]


def test_a_heading_leads_to_its_whole_section():
    text = "# Leave\n\nThere are 26 days of it. They lapse in March.\n\n## Sick pay\n\nIt is paid for eight weeks."
    assert led(text) == [
        ("There are 26 days of it.", ["Leave"]),
        ("They lapse in March.", ["Leave"]),
        ("It is paid for eight weeks.", ["Sick", "pay"]),
    ]


def test_a_numbered_heading_leads_to_its_section_and_a_question_to_one_sentence():
    text = "2. RENT\nIt is due on the first day of each quarter.\n\nIs it high? It is not, we think. Ask again, please."
    assert led(text) == [
        ("It is due on the first day of each quarter.", ["2", "RENT"]),
        ("It is not, we think.", ["2", "RENT", "Is", "it", "high"]),
        ("Ask again, please.", ["2", "RENT"]),
    ]


def test_a_label_leads_to_every_item_of_its_list_and_no_further():
    text = "Special leave\n\n- one day for moving house\n- two days for volunteering\n\nAll of it must be asked for."
    assert led(text) == [
        ("- one day for moving house", ["Special", "leave"]),
        ("- two days for volunteering", ["Special", "leave"]),
        ("All of it must be asked for.", []),
    ]


def test_a_row_is_led_to_by_its_tables_header_and_said_with_it():
    text = (
        "## Expenses\n\n| Expense | Limit |\n| --- | --- |\n| Lunch | £12 |\n| Hotel | £110 |\n\nClaims take 60 days."
    )
    lines = list(answering_lines(text))
    assert [line.span.of(text) for line in lines] == ["| Lunch | £12 |", "| Hotel | £110 |", "Claims take 60 days."]
    assert [line.said.text for line in lines[:2]] == ["Expense: Lunch; Limit: £12", "Expense: Hotel; Limit: £110"]
    assert {line.header.of(text) for line in lines[:2]} == {"| Expense | Limit |"}
    assert [token.surface for token in lines[1].lead] == ["Expenses", "Expense", "Limit"]
    assert (lines[2].said, lines[2].header) == (None, None)


def test_rows_whose_header_is_in_another_passage_are_said_without_names():
    text = "| Lunch | £12 |\n| Hotel | £110 |"
    assert [(line.said.text, line.header) for line in answering_lines(text)] == [
        ("Lunch; £12", None),
        ("Hotel; £110", None),
    ]


def test_a_heading_with_a_date_may_itself_answer():
    text = "## 3.1.0 (6 February 2024)\n\nThe calendar widget was removed in it."
    assert [line for line, _ in led(text)] == ["## 3.1.0 (6 February 2024)", "The calendar widget was removed in it."]


@pytest.mark.parametrize(
    ("line", "is_entry"),
    [
        ("End Date: 31 March 2027", True),
        ("- **Moving house:** one paid day", True),
        ("A: We answer from 9:00 on.", False),
        ("Decision: the contract will not be extended, and three other caterers will be asked for offers.", False),
    ],
)
def test_short_lines_that_begin_with_a_label_are_read_by_themselves(line, is_entry):
    [found] = answering_lines(line)
    assert (found.said is not None) is is_entry


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("Findings", True),
        ("3. Laptops", True),
        ("Who pays?", True),
        ("**Who pays?**", True),
        ("# Anything at all in here", True),
        ("It rained.", False),
        ("Room 12", False),
        ("30 days", False),
        ("24 hours", False),
        ("3.2 Fees", True),
        ("Chair: the managing director", False),
        ("Please note:", True),
        ("- two days", False),
        ("Nobody in the committee knew", False),
    ],
)
def test_headings_questions_and_labels_are_told_from_what_can_answer(line, labels):
    assert is_label(line) is labels


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("It lasts six\nmonths.", "It lasts six months."),
        ("- **Moving house:** one paid day", "Moving house: one paid day"),
        ("## 3.1.0 (6 February 2024)", "3.1.0 (6 February 2024)"),
        ("He said *never*, and 2 * 3 * 4 = 24.", "He said never, and 2 * 3 * 4 = 24."),
        ("Set snake_case_names and __init__ apart.", "Set snake_case_names and __init__ apart."),
        ("2**10 is 1024, and 2**11 twice that.", "2**10 is 1024, and 2**11 twice that."),
        ("- 5 °C is the limit.", "- 5 °C is the limit."),
        ("A 5* hotel and a 4* one, with **kwargs.", "A 5* hotel and a 4* one, with **kwargs."),
        ("It is **very** *good*.", "It is very good."),
        ("-5 degrees", "-5 degrees"),
    ],
)
def test_a_line_is_shown_without_marks(line, shown):
    assert as_shown(line) == shown


def test_a_line_tells_which_question_it_follows():
    text = "How do I pay?\nBy card only. Cheques are not taken.\n\nFurther matters\nThe shop is closed on Sundays."
    found = [(line.span.of(text), line.asked and line.asked.of(text)) for line in answering_lines(text)]
    assert found == [
        ("By card only.", "How do I pay?"),
        ("Cheques are not taken.", None),
        ("The shop is closed on Sundays.", None),
    ]


@pytest.mark.parametrize("answer", ["30 days", "Paris", "Twice a year", "Never."])
def test_what_follows_a_question_answers_however_short_it_is(answer):
    text = f"How long is it?\n{answer}\nWho must give it?\nThe tenant, in writing, to the landlord."
    assert [line for line, _ in led(text)] == [answer, "The tenant, in writing, to the landlord."]


@pytest.mark.parametrize("between", ["## Contact\n\n", "| a | b |\n| c | d |\n\n"])
def test_a_question_does_not_reach_over_a_heading_or_a_table(between):
    *_, last = answering_lines(f"Any questions?\n\n{between}Call the office on weekdays from nine to five.")
    assert last.asked is None


@pytest.mark.parametrize("row", ["| - | - |", "| | |"])
def test_a_row_without_words_is_no_separator(row):
    text = f"| Item | Fee |\n|---|---|\n| Car | 45p |\n{row}\n| Bike | 20p |"
    said = [line.said.text for line in answering_lines(text)]
    assert (said[0], said[-1]) == ("Item: Car; Fee: 45p", "Item: Bike; Fee: 20p")


def test_each_table_has_its_own_header():
    text = "| A | B |\n|---|---|\n| 1 | 2 |\n\n| C | D |\n| 3 | 4 |"
    assert [line.said.text for line in answering_lines(text)] == ["A: 1; B: 2", "C; D", "3; 4"]


def test_a_line_between_bars_is_no_table():
    [line] = answering_lines("|x + y| is never more than |x| + |y|")
    assert line.said is None


def test_a_heading_after_a_question_is_not_its_answer():
    text = "Question\nDoes a cap save time?\n\nMethod\nTwelve teams took part.\n\nLimits\nIt was one firm."
    assert [line for line, _ in led(text)] == ["Twelve teams took part.", "It was one firm."]


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("Is there breakfast?\n\nYes.\nIt is served from seven.", ["Yes.", "It is served from seven."]),
        ("Who is the owner?\n\nAda Voss\nShe is in on weekdays.", ["Ada Voss", "She is in on weekdays."]),
        ("## Who is the owner?\n\nAda Voss\n## Is it open?\n\nYes.\n## Next", ["Ada Voss", "Yes."]),
        ("Can I bring my dog? Yes.\nCats must stay outside.", ["Yes.", "Cats must stay outside."]),
        ("Who runs it? Ada Voss\nShe can be reached by phone.", ["Ada Voss", "She can be reached by phone."]),
    ],
)
def test_a_short_answer_above_more_text_is_no_heading(text, answers):
    assert [line for line, _ in led(f"# Questions\n\n{text}")] == answers


def test_a_label_after_a_list_begins_anew():
    text = "Findings\n- It rose by 3%.\n- It fell by 2%.\n\nLimits\nOnly one firm was studied."
    assert led(text)[-1] == ("Only one firm was studied.", ["Limits"])
