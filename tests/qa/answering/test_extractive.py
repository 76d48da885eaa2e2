"""The extractive answerer on the real models, over passages made here."""

import re
from dataclasses import replace

import numpy as np
import pytest

from qa.adapters.local_embedder import LocalEmbedder
from qa.answering import extractive
from qa.answering.close_reading import CloseReading
from qa.answering.extractive import ExtractiveAnswerer
from qa.answering.questions import read_question
from qa.api import embedded_reader
from qa.bundled_files import embedder_folder
from qa.domain import Passage, RankedPassage, Span
from qa.interfaces import DraftEnd, DraftStatement, Reading
from qa.settings import Settings

LIGHTHOUSE = (
    "The Tern Rock lighthouse was built in 1871 by the engineer Ada Voss. It cost £12,400. "
    "Its lamp was first lit by oil and is electric since 1934. "
    "The keepers left in 1988, when the light became automatic. "
    "Puffins nest on the cliffs below, and seals rest on the skerries."
)
BRIDGE = "The Quill Bridge opened in 1902. It spans 310 metres and carries two lanes of traffic."


@pytest.fixture(scope="module")
def answerer():
    return ExtractiveAnswerer(embedder=LocalEmbedder(embedder_folder()), reader=embedded_reader(Settings()))


def ranked(*texts):
    return [
        RankedPassage(
            passage=Passage(
                id=str(number), document_id=f"{number}.txt", title="t", source="s",
                text=text, start=100, end=100 + len(text), page=None,
            ),
            score=1.0 / (1 + number), lexical_rank=number + 1, dense_rank=number + 1, similarity=0.5,
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip


def answered(answerer, question, *texts):
    *statements, end = answerer.answer(question, ranked(*texts))
    assert all(isinstance(statement, DraftStatement) for statement in statements)
    assert isinstance(end, DraftEnd)
    return [statement.text for statement in statements], end


@pytest.mark.parametrize(
    ("question", "sentence", "short"),
    [
        ("Who built the Tern Rock lighthouse?", 0, "Ada Voss"),
        ("When was the Tern Rock lighthouse built?", 0, "1871"),
        ("How much did the lighthouse cost?", 1, "£12,400"),
        ("When did the keepers leave?", 3, "1988"),
    ],
)
def test_one_sentence_answers_and_its_span_is_marked(answerer, question, sentence, short):
    texts, end = answered(answerer, question, LIGHTHOUSE, BRIDGE)
    sentences = [part.strip(". ") for part in LIGHTHOUSE.split(". ")]
    assert [text.strip(".") for text in texts] == [sentences[sentence]]
    assert (end.status, end.short_answer) == ("answered", short)


@pytest.mark.parametrize(
    "question", ["Who designed the Eiffel Tower?", "What is the capital of France?", "How do I bake bread?"]
)
def test_what_the_passages_do_not_say_is_not_found(answerer, question):
    texts, end = answered(answerer, question, LIGHTHOUSE, BRIDGE)
    assert (texts, end.status, end.short_answer) == ([], "not_found", None)


@pytest.mark.parametrize("text", ["Hello!", "thanks a lot", "Good morning", "Who was it?", "ok", "test"])
def test_what_names_nothing_to_look_for_is_not_found(answerer, text):
    texts, end = answered(answerer, text, LIGHTHOUSE, BRIDGE)
    assert (texts, end.status, end.confidence) == ([], "not_found", 0.0)


def test_words_of_small_talk_are_telling_words_elsewhere():
    assert [term.token.surface for term in read_question("What did the test prove?").terms] == ["test", "prove"]


def test_quotes_point_into_the_document(answerer):
    statement, *_ = answerer.answer("When was the Tern Rock lighthouse built?", ranked(LIGHTHOUSE))
    (quote,) = statement.quotes
    within = quote.start - quote.passage.start
    assert quote.passage.text[within : within + len(quote.text)] == quote.text == statement.text


def test_two_questions_in_one_get_both_answers_in_document_order(answerer):
    texts, end = answered(
        answerer, "How much did the lighthouse cost and who built the lighthouse?", LIGHTHOUSE, BRIDGE
    )
    assert [("Ada Voss" in text, "£12,400" in text) for text in texts] == [(True, False), (False, True)]
    assert end.status == "answered"


def test_a_part_that_is_not_found_makes_the_answer_partial(answerer):
    texts, end = answered(answerer, "Who built the Tern Rock lighthouse and who designed the Eiffel Tower?", LIGHTHOUSE)
    assert (len(texts), end.status) == (1, "partial")


def test_a_summary_takes_several_sentences_opening_first(answerer):
    texts, end = answered(answerer, "Summarise this document", LIGHTHOUSE)
    assert texts[0].startswith("The Tern Rock lighthouse was built")
    assert 3 <= len(texts) <= 5
    assert end.status == "answered"


def test_no_passages_is_not_found(answerer):
    assert answered(answerer, "Who?") == ([], DraftEnd(status="not_found", short_answer=None, confidence=0.0))


def test_the_same_question_gets_the_same_answer_whatever_was_asked_before(answerer):
    first = list(answerer.answer("Who built the lighthouse?", ranked(LIGHTHOUSE, BRIDGE)))
    list(answerer.answer("How long is the bridge?", ranked(BRIDGE)))
    assert list(answerer.answer("Who built the lighthouse?", ranked(LIGHTHOUSE, BRIDGE))) == first


def test_a_question_as_long_as_allowed_is_answered(answerer):
    question = "Who built the Tern Rock lighthouse, " + "and is it old, tall, white and far from land " * 85
    assert len(question) > 3800
    texts, end = answered(answerer, question, LIGHTHOUSE)
    assert (len(texts) <= 5, end.status in ("answered", "partial", "not_found")) == (True, True)


def test_of_two_parts_each_keeps_its_best_sentence(answerer):
    few = replace(answerer, max_statements=2, refusal="eager")
    question = "When did the Quill Bridge open and who built the Tern Rock lighthouse?"
    texts, end = answered(few, question, LIGHTHOUSE, BRIDGE)
    assert {text.split(" in ")[0] for text in texts} == {
        "The Tern Rock lighthouse was built",
        "The Quill Bridge opened",
    }
    assert (end.status, end.short_answer) == ("answered", "1902; Ada Voss")


def test_what_the_limit_leaves_out_is_not_called_answered(answerer):
    one = replace(answerer, max_statements=1, refusal="eager")
    question = "When did the Quill Bridge open and who built the Tern Rock lighthouse?"
    texts, end = answered(one, question, LIGHTHOUSE, BRIDGE)
    assert (len(texts), end.status, end.short_answer) == (1, "partial", None)


def test_a_summary_begins_with_the_documents_opening(answerer):
    opening = ranked(LIGHTHOUSE)[0]
    passage = replace(opening.passage, start=0, end=len(LIGHTHOUSE))
    *statements, _ = answerer.answer("Summarise the document.", [replace(opening, passage=passage)])
    assert (statements[0].text[:28], len(statements)) == ("The Tern Rock lighthouse was", 4)


def test_a_why_question_gets_the_readers_words_and_a_yes_no_question_none(answerer):
    text = "The keepers left in 1950 because the light had been automated. The island is now empty."
    why, whether = (answered(answerer, q, text)[1] for q in ("Why did the keepers leave?", "Did the keepers leave?"))
    assert (why.status, whether.status, whether.short_answer) == ("answered", "answered", None)
    assert "automated" in (why.short_answer or "")


FAQ = (
    "# Help\n\n**Q: How do I reset my password?**\nA: Click “Forgot password” on the sign-in page.\n\n"
    "**Q: What are your support hours?**\nA: We answer from 9:00 to 17:00 on working days."
)


@pytest.mark.parametrize(
    ("question", "beginning"),
    [("How do I reset my password?", "A: Click “Forgot"), ("What are your support hours?", "A: We answer from 9:00")],
)
def test_a_question_in_a_document_is_not_its_own_answer(answerer, question, beginning):
    texts, _ = answered(replace(answerer, refusal="eager"), question, FAQ)
    assert [text.startswith(beginning) for text in texts] == [True]


def test_a_question_in_capitals_is_answered_as_any_other(answerer):
    loud, quiet = (
        answered(answerer, q, LIGHTHOUSE) for q in ("WHEN DID THE KEEPERS LEAVE?", "when did the keepers leave?")
    )
    assert loud == quiet
    assert loud[1].status == "answered"


def test_ten_passages_are_wanted_and_the_best_ones_read(answerer):
    question, texts = "When was the Tern Rock lighthouse built?", [*[BRIDGE] * 5, LIGHTHOUSE]
    assert answerer.passages_wanted == 10
    assert answered(answerer, question, *texts)[1].status == "not_found"
    reader = replace(answerer, passages_read=6)
    assert answered(reader, question, *texts)[1].short_answer == "1871"
    assert replace(answerer, passages_read=12).passages_wanted == 12


def test_a_chatbot_reads_as_many_passages_as_set_and_its_answers_carry_ten(open_bot, make_corpus):
    corpus = make_corpus({f"{number:02}.txt": f"Bridge {number} opened in 19{number}." for number in range(10, 22)})
    bot = open_bot(corpus_dir=corpus, passages_read=2)
    assert (bot.answerer.passages_read, len(bot.ask("Which bridge opened?").passages)) == (2, 10)


SHEET = """# Staff handbook

## Expenses

| Expense | Limit | Receipt needed |
| --- | --- | --- |
| Hotel in the capital | £165 a night | Yes |
| Hotel elsewhere | £110 a night | Yes |
| Evening meal | £28 | No |

Claims cannot be handed in after 60 days."""


def test_a_comparison_shows_both_sides_and_no_side_as_the_short_answer(answerer):
    texts, end = answered(answerer, "Which is older, the Tern Rock lighthouse or the Quill Bridge?", LIGHTHOUSE, BRIDGE)
    assert sorted(re.findall(r"1871|1902", " ".join(texts))) == ["1871", "1902"]
    assert (end.status, end.short_answer) == ("answered", None)


LEVELS = """# Service levels

| Severity | Meaning | First response | Target for repair |
| --- | --- | --- | --- |
| Critical | No payroll can be run | 30 minutes | 4 hours |
| High | A main function fails | 2 hours | 1 working day |"""


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("How fast must the Provider respond to a critical fault?", "30 minutes"),
        ("How long may the repair of a critical fault take?", "4 hours"),
        ("How soon is there a response to a fault of high severity?", "2 hours"),
    ],
)
def test_of_a_row_the_cell_answers_whose_column_was_asked_for(answerer, question, short):
    titled = [replace(one, passage=replace(one.passage, title="Service levels")) for one in ranked(LEVELS, BRIDGE)]
    *_, end = replace(answerer, refusal="eager").answer(question, titled)
    assert end.short_answer == short


PLANS = (
    "The Starter plan costs EUR 19 a month. The Business plan costs EUR 79 a month and includes 2,000 shipments. "
    "The Enterprise plan is priced individually. Annual payment gives a discount."
)


def test_what_is_said_of_another_of_the_same_sort_is_no_answer(answerer):
    eager = replace(answerer, refusal="eager")
    texts, _ = answered(eager, "How much does the Enterprise plan cost?", PLANS, BRIDGE)
    assert not any("EUR" in text for text in texts)
    assert (
        answered(answerer, "How much does the Business plan cost?", PLANS, BRIDGE)[1].short_answer == "EUR 79 a month"
    )


LEASE = "LEASE OF AN OFFICE\n\nStart Date: 1 April 2022\nEnd Date: 31 March 2027\nAnnual Rent: £38,400\n"


def test_a_row_of_a_table_is_said_in_words_and_cited_with_its_header(answerer):
    *statements, end = answerer.answer("How much may a hotel in the capital cost?", ranked(SHEET, BRIDGE))
    [statement] = statements
    assert statement.text == "Expense: Hotel in the capital; Limit: £165 a night; Receipt needed: Yes"
    assert [quote.text for quote in statement.quotes] == [
        "| Hotel in the capital | £165 a night | Yes |",
        "| Expense | Limit | Receipt needed |",
    ]
    assert end.short_answer.startswith("£165")
    for quote in statement.quotes:
        start = quote.start - quote.passage.start
        assert quote.passage.text[start : start + len(quote.text)] == quote.text


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("When does the lease of the office end?", "31 March 2027"),
        ("When did the lease of the office start?", "1 April 2022"),
    ],
)
def test_an_entry_is_not_taken_for_the_one_beside_it(answerer, question, short):
    passages = [replace(one, passage=replace(one.passage, title="Lease of an office")) for one in ranked(LEASE, BRIDGE)]
    *_, end = answerer.answer(question, passages)
    assert end.short_answer == short


def test_only_of_a_paragraph_that_was_given_does_a_close_reading_tell_whether_it_answers(answerer, monkeypatch):
    doubtful = CloseReading(mean=-1.0, titled=-1.0, words=None, in_lower_case=False, says_opposite=False)
    monkeypatch.setattr(extractive, "read_closely", lambda *given, **how: doubtful)
    question = "When did the keepers leave?"
    assert answered(answerer, question, LIGHTHOUSE)[1].status == "not_found"
    assert answered(answerer, question, LIGHTHOUSE, BRIDGE)[1].status == "answered"
    # Of two passages that were found, one is read; it was not given for all that.
    assert answered(replace(answerer, passages_read=1), question, LIGHTHOUSE, BRIDGE)[1].status == "answered"


def test_the_words_that_answer_are_those_of_the_close_reading(answerer, monkeypatch):
    agreed = CloseReading(mean=0.9, titled=0.9, words=Span(start=4, end=11), in_lower_case=False, says_opposite=False)
    monkeypatch.setattr(extractive, "read_closely", lambda *given, **how: agreed)
    question = "When did the keepers leave?"
    assert answered(answerer, question, LIGHTHOUSE)[1].short_answer == "keepers"
    assert answered(answerer, question, LIGHTHOUSE, BRIDGE)[1].short_answer == "keepers"


def test_what_is_typed_as_into_a_search_box_gets_an_account(answerer):
    eager = replace(answerer, refusal="eager")
    texts, _ = answered(eager, "how was the lighthouse lit", LIGHTHOUSE, BRIDGE)
    assert len(texts) > 1
    assert "Its lamp was first lit by oil and is electric since 1934." in texts
    assert all(text in LIGHTHOUSE for text in texts)
    assert len(answered(eager, "How was the lighthouse lit?", LIGHTHOUSE, BRIDGE)[0]) == 1


SHOP = """**Is there anything I cannot return?**
Yes: opened ink cartridges, personalised goods and furniture that has been assembled.

**Why was my card declined?**
In most cases, the billing address you typed differs from the one that your bank holds.

**How long is the guarantee?**
Office chairs are guaranteed for six years, and paper shredders for two years."""


@pytest.mark.parametrize(
    ("question", "opening"),
    [
        ("Which things can't be returned?", "Yes: opened ink"),
        ("Why has my card been declined by the shop?", "In most cases"),
        ("How long are office chairs guaranteed?", "Office chairs"),
    ],
)
def test_what_follows_a_question_is_read_as_its_answer(answerer, question, opening):
    texts, end = answered(answerer, question, SHOP, BRIDGE)
    assert [text[: len(opening)] for text in texts] == [opening]
    assert end.status == "answered"


class GreedyReader:
    """Takes the whole of each text for the answer."""

    fingerprint = "greedy"

    def read(self, question, texts):
        readings = []
        for text in texts:
            words = [match.span() for match in re.finditer(r"\S+", text)]
            starts, ends = np.full(len(words), -9.0, dtype=np.float32), np.full(len(words), -9.0, dtype=np.float32)
            starts[0], ends[-1] = 9.0, 9.0
            places = {"begins": np.array([at for at, _ in words]), "ends": np.array([at for _, at in words])}
            readings.append(Reading(**places, start_scores=starts, end_scores=ends))
        return readings


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("The keepers of the lighthouse left it in 1988 for the last time.", None),
        ("The keepers left in 1988.", "The keepers left in 1988."),
    ],
)
def test_a_whole_long_sentence_is_no_short_answer(answerer, text, short):
    greedy = replace(answerer, reader=GreedyReader(), refusal="eager")
    texts, end = answered(greedy, "What did the keepers do?", text)
    assert (texts, end.short_answer) == ([text], short)


def test_all_people_that_are_named_are_listed(answerer):
    texts, end = answered(answerer, "Who is named in the documents?", LIGHTHOUSE, f"{BRIDGE} Alan Turing drew it.")
    assert texts == ["The Tern Rock lighthouse was built in 1871 by the engineer Ada Voss.", "Alan Turing drew it."]
    assert (end.status, end.short_answer, end.notices) == ("answered", "Ada Voss; Alan Turing", ())


def test_of_one_document_only_its_people_are_listed(answerer):
    minutes = "Minutes of the harbour board. Alan Turing took the chair."
    texts, end = answered(answerer, "Who is named in the minutes?", minutes, LIGHTHOUSE)
    assert (texts, end.short_answer) == (["Alan Turing took the chair."], "Alan Turing")


def test_an_enumeration_keeps_all_its_sentences_beside_another_question(answerer):
    years = [f"The mill at Stow {number} was sold in {1900 + number}." for number in range(1, 7)]
    texts, end = answered(
        answerer, "Which dates are mentioned? When did the keepers leave?", " ".join(years), LIGHTHOUSE
    )
    assert len(texts) == 6 + 3  # three sentences on the lighthouse have a date, one of which answers both
    assert end.short_answer == "1901; 1902; 1903; 1904; 1905; 1906; 1871; 1934; 1988"


def test_of_more_than_can_be_looked_through_the_answer_says_so(answerer):
    mills = [f"The mill at Stow {number} was sold in {1900 + number}." for number in range(10)]
    _, end = answered(answerer, "Which dates are mentioned?", *mills)
    assert (end.status, end.notices) == ("partial", (extractive.MORE_MAY_BE_NAMED,))


def test_that_nothing_is_named_is_not_found(answerer):
    texts, end = answered(answerer, "Which sums of money are mentioned?", BRIDGE)
    assert (texts, end.status, end.confidence, end.notices) == ([], "not_found", 0.0, ())
