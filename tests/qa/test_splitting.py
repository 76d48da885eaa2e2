"""Sentences and passages are slices of their document, at the right place."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from text_samples import texts

from qa.domain import Document, Passage, Span
from qa.splitting import make_passages, page_at, searchable_title, sentence_spans


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text)]


def document(text: str, page_starts: tuple[int, ...] = ()) -> Document:
    return Document(
        id="a.txt",
        title="Title",
        source="/c/a.txt",
        text=text,
        page_starts=page_starts,
        encoding="utf-8",
        sha256="0",
    )


def visible(text: str, spans: Sequence[Span]) -> str:
    return "".join("".join(span.of(text) for span in spans).split())


@given(texts)
def test_sentences_cover_every_visible_character_once_and_in_order(text: str) -> None:
    assert visible(text, sentence_spans(text)) == "".join(text.split())


@given(texts)
def test_sentences_are_in_order_never_overlap_and_have_no_space_around(text: str) -> None:
    spans = sentence_spans(text)
    ends = [0, *(span.end for span in spans)]
    assert [span for span, end in zip(spans, ends, strict=False) if not end <= span.start < span.end] == []
    assert [s for s in sentences(text) if s != s.strip()] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t\n", []),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Mr. Son met Dr. A. Smith in the U.S. He left.", ["Mr. Son met Dr. A. Smith in the U.S.", "He left."]),
        ("It cost $4.4 billion. It grew 3.5 %.", ["It cost $4.4 billion.", "It grew 3.5 %."]),
        ("彼は来た。彼女も来た。", ["彼は来た。", "彼女も来た。"]),
        ("😀 Hello. 😀 Bye.", ["😀 Hello.", "😀 Bye."]),
        ("# Title\nText here\n- one\n- two\n\nEnd", ["# Title", "Text here", "- one", "- two", "End"]),
        ("First line\r\nSecond line", ["First line", "Second line"]),
        ("Same. Same. Same.", ["Same.", "Same.", "Same."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


WRAPPED = """\
The company was founded in the spring of 2010 by two friends who
had met at school. It grew quickly, and by 2016 it rented out desks
in more than a hundred buildings on four continents, which nobody
had thought possible. Then it failed.

# A heading that stands between two hard-wrapped paragraphs here
- The first item of the list also runs over the end of its line,
as the second line shows.
- The second item."""


def test_a_sentence_of_hard_wrapped_text_runs_over_line_ends() -> None:
    assert [" ".join(sentence.split()) for sentence in sentences(WRAPPED)] == [
        "The company was founded in the spring of 2010 by two friends who had met at school.",
        "It grew quickly, and by 2016 it rented out desks in more than a hundred buildings on four continents, "
        "which nobody had thought possible.",
        "Then it failed.",
        "# A heading that stands between two hard-wrapped paragraphs here",
        "- The first item of the list also runs over the end of its line, as the second line shows.",
        "- The second item.",
    ]


MINUTES = """\
Date: 12 September 2024
Present: the finance manager, the head of IT, the head of facilities, the
works council representative

1. Canteen
The head of facilities reported that the caterer's contract runs out on
31 December 2024. Complaints about the food have doubled since the spring.
Decision: the contract will not be extended, and three other caterers will be
asked for offers.

2. Laptops
The other 15 are put off until the next budget year, because the equipment
budget is nearly used up."""


def test_minutes_are_seen_to_be_wrapped_among_their_labels_and_headings() -> None:
    assert [" ".join(sentence.split()) for sentence in sentences(MINUTES)] == [
        "Date: 12 September 2024",
        "Present: the finance manager, the head of IT, the head of facilities, the works council representative",
        "1. Canteen",
        "The head of facilities reported that the caterer's contract runs out on 31 December 2024.",
        "Complaints about the food have doubled since the spring.",
        "Decision: the contract will not be extended, and three other caterers will be asked for offers.",
        "2. Laptops",
        "The other 15 are put off until the next budget year, because the equipment budget is nearly used up.",
    ]


@pytest.mark.parametrize("row", ["| Sat. & Sun. closed. Call us! | No. 4 |", "| a | b. c |"])
def test_a_row_of_a_table_is_one_sentence_whatever_its_cells_hold(row: str) -> None:
    assert sentences(f"| Day | Place |\n| --- | --- |\n{row}\nAfter it.") == [
        "| Day | Place |",
        "| --- | --- |",
        row,
        "After it.",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        "The meeting of the whole committee has been moved to Thursday because the\nroom is not available any more.",
        "Everybody who has paid pays nothing for the second one,\nThat is what the chair said about it.",
        "Nobody in the audience had seen the merits of the second and long film\nHarry Potter: The Chamber was shown.",
    ],
)
def test_a_sentence_of_wrapped_text_is_not_cut_where_a_line_ends_early_or_looks_labelled(broken: str) -> None:
    assert broken in sentences(f"{WRAPPED}\n\n{broken}")


def test_a_number_that_answers_is_not_the_number_of_an_item() -> None:
    assert sentences("How many were there? 7. The rest had fled.") == [
        "How many were there?",
        "7.",
        "The rest had fled.",
    ]


@pytest.mark.parametrize("text", ["2. RENT", "(a) the lift", "iv. Sundry matters", "B. Other matters"])
def test_the_number_of_an_item_stays_with_it(text: str) -> None:
    assert sentences(f"{text}\nIt is due.") == [text, "It is due."]


@pytest.mark.parametrize("line", ["apple", "2016-01-01,12.5,softbank", "A line of text " * 12])
def test_lists_and_long_lines_are_not_taken_for_hard_wrapped_text(line: str) -> None:
    assert len(sentences("\n".join([line] * 10))) == 10


def test_a_line_without_end_is_looked_at_in_stretches() -> None:
    # sentencex takes time with the square of the length when quotation marks never close.
    text = "“a " * 100_000
    spans = sentence_spans(text)
    assert visible(text, spans) == "“a" * 100_000
    assert max(span.end - span.start for span in spans) <= 10_000


@pytest.mark.parametrize(("unit", "end"), [("A short one. ", "."), ("彼は来た。", "。"), ("word ", "d"), ("x", "x")])
def test_a_stretch_ends_after_a_sentence_or_between_words_if_it_can(unit: str, end: str) -> None:
    text = (unit * 5_000).strip()
    ends = {sentence[-1] for sentence in sentences(text)}
    assert (ends, visible(text, sentence_spans(text))) == ({end}, "".join(text.split()))


def test_passages_carry_their_slice_their_page_and_their_document() -> None:
    text = "Same. Same. Last."
    passages = make_passages(document(text, page_starts=(0, 6)), [Span(start=0, end=11), Span(start=6, end=17)], "s/1")
    expected = [("Same. Same.", 0, 11, 1), ("Same. Last.", 6, 17, 2)]
    assert passages == [
        Passage(id=p.id, document_id="a.txt", title="Title", source="/c/a.txt", text=t, start=s, end=e, page=n)
        for p, (t, s, e, n) in zip(passages, expected, strict=True)
    ]


def test_a_passage_id_depends_on_document_place_text_and_splitter() -> None:
    def passage_id(text: str = "Same. Same.", start: int = 0, splitter: str = "s/1") -> str:
        return make_passages(document(text), [Span(start=start, end=start + 5)], splitter)[0].id

    ids = {passage_id(), passage_id("Samx. Same."), passage_id(start=6), passage_id(splitter="s/2")}
    assert (len(ids), passage_id(), len(passage_id())) == (4, passage_id(), 32)


@pytest.mark.parametrize(
    ("page_starts", "offset", "page"),
    [
        ((), 5, None),
        ((0, 10, 20), 0, 1),
        ((0, 10, 20), 9, 1),
        ((0, 10, 20), 10, 2),
        ((0, 10, 20), 99, 3),
        ((3,), 0, 1),
    ],
)
def test_a_page_begins_at_its_start(page_starts: tuple[int, ...], offset: int, page: int | None) -> None:
    assert page_at(page_starts, offset) == page


@pytest.mark.parametrize(
    ("title", "text", "searchable"),
    [
        ("Otters", "# Otters\n\nThey eat fish.", ""),
        ("A long first line that was…", "A long first line that was shortened for the title.", ""),
        ("Otters", "They eat fish.", "Otters"),
    ],
)
def test_a_title_is_indexed_where_the_passage_does_not_begin_with_it(title: str, text: str, searchable: str) -> None:
    assert searchable_title(title, text) == searchable


def test_markdowns_closing_marks_belong_to_the_sentence_that_they_close() -> None:
    text = "**Why?** Because. **Who pays?**\nThe tenant."
    assert [span.of(text) for span in sentence_spans(text)] == ["**Why?**", "Because.", "**Who pays?**", "The tenant."]
