import pytest

from qa.answering.questions import read_question
from qa.answering.spans import answer_spans, nearest_span

WEWORK = (
    "In 2016, SoftBank invested $4.4 billion in WeWork, contributing to a peak valuation of $47 billion before "
    "the company’s failed IPO and subsequent devaluation to $5 billion."
)


def found(question, sentence):
    return [span.of(sentence) for span in answer_spans(read_question(question), sentence)]


@pytest.mark.parametrize(
    ("question", "sentence", "spans"),
    [
        ("How much did it invest?", WEWORK, ["$4.4 billion", "$47 billion", "$5 billion"]),
        ("When did it invest?", WEWORK, ["2016"]),
        ("When was it?", "It opened on 14 March 2019, a Thursday.", ["14 March 2019", "Thursday"]),
        ("How many came?", "In 1999 some 1,200 people paid $5.", ["1,200"]),
        ("What percentage is it?", "It holds 12.5% of the shares.", ["12.5%"]),
        ("Who runs SoftBank?", "SoftBank founder and CEO, Masayoshi Son is there.", ["Masayoshi Son"]),
        ("Where is it?", "The Acme plant is in New Haven, near Boston.", ["New Haven", "Boston"]),
        ("Why?", WEWORK, []),
        ("How much did the $4.4 billion deal pay?", "It was a $4.4 billion deal.", []),
    ],
)
def test_spans_are_of_the_asked_kind_and_new(question, sentence, spans):
    assert found(question, sentence) == spans


def test_the_nearest_amount_to_the_asked_words_answers():
    question = read_question("What was the peak valuation?")
    assert nearest_span(question, WEWORK, answer_spans(question, WEWORK)).of(WEWORK) == "$47 billion"


def test_no_span_has_no_nearest():
    assert nearest_span(read_question("When?"), "Nothing here.", []) is None


def test_a_currency_is_nobodys_name():
    sentence = "The group did not approve EUR 60,000 for Acme."
    assert [span.of(sentence) for span in answer_spans(read_question("Who was it?"), sentence)] == ["Acme"]
    assert [span.of(sentence) for span in answer_spans(read_question("How much was it?"), sentence)] == ["EUR 60,000"]


@pytest.mark.parametrize(
    ("question", "sentence", "spans"),
    [
        ("When do I start?", "Report to reception at 9:30, not at 10 am.", ["9:30", "10 am"]),
        ("When will it arrive?", "It will arrive in about three weeks.", ["in about three weeks"]),
        ("When must it be paid?", "It is due within 30 working days of delivery.", ["within 30 working days"]),
        ("When is it open?", "It opens on Saturdays and in winter.", ["Saturdays", "in winter"]),
        ("When was it razed?", "It was razed during the Second World War.", ["Second World War"]),
        ("When was it founded?", "It was founded in the early nineteenth century.", ["early nineteenth century"]),
        ("How often is it cleaned?", "Clean it once a month.", ["once"]),
        (
            "How often are they emptied?",
            "They are emptied every Friday, not three times.",
            ["every Friday", "three times"],
        ),
        ("How often is it cleaned?", "It has 12 brushes.", []),
        ("How long does it take?", "It takes half an hour.", ["half an hour"]),
        ("How soon must I answer?", "Answer within two to three days.", ["two to three days"]),
        ("How long was it closed?", "It was closed until 1796.", ["until 1796"]),
        ("How long is it?", "It is 310 metres.", ["310"]),
        ("How many times did they win?", "They won twice, before thousands.", ["twice"]),
        ("How many times a year is it serviced?", "It is serviced once a year.", ["once"]),
        ("How many times did they win?", "They have 3 titles.", ["3"]),
        ("How many employees are there?", "There are 1500 employees since 2001.", ["1500"]),
        ("What is the name of the engineer?", "The engineer came on Monday, 3 May.", []),
        ("Who invented it?", "OWNER'S MANUAL", []),
        ("Who gave the speech?", "JFK did.", ["JFK"]),
    ],
)
def test_what_tells_is_found_however_it_is_told(question, sentence, spans):
    assert found(question, sentence) == spans
