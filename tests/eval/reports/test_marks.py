import re

from hypothesis import given
from hypothesis import strategies as st

from eval.reports.page.marks import citation_quote, evidence_quote, marked, shared_characters

SPANS = st.tuples(st.integers(-5, 40), st.integers(-5, 40)).map(lambda ends: range(*ends))


def test_answering_words_are_marked_and_common_ones_underlined():
    shown = marked("Ada founded Acme", 100, range(100, 103), [range(104, 111)]).html
    assert shown == "<mark>Ada</mark> <u>founded</u> Acme"


def test_marks_that_overlap_are_cut_where_they_meet():
    assert marked("abcdef", 0, range(1, 4), [range(2, 6)]).html == "a<mark>b</mark><mark><u>cd</u></mark><u>ef</u>"


@given(st.text(alphabet="ab<&", max_size=30), SPANS, st.lists(SPANS, max_size=4))
def test_marking_changes_no_character(quote, answering, underlined):
    shown = re.sub(r"</?(mark|u)>", "", marked(quote, 3, answering, underlined).html)
    assert shown.replace("&lt;", "<").replace("&amp;", "&") == quote


def test_a_citation_and_an_evidence_show_what_they_share(cite, evidence_for):
    citation, evidence = cite("Ada founded Acme in 2016. Acme paid"), evidence_for("Acme in 2016.")
    assert citation_quote(citation, [evidence]).html == "Ada founded <u>Acme in 2016.</u> Acme paid"
    assert evidence_quote(evidence, [citation]).html == "<u>Acme in 2016.</u>"


def test_characters_that_two_citations_share_with_the_evidence_count_once(cite, evidence_for):
    citations = [cite("Ada founded"), cite("founded Acme", number=2)]
    assert shared_characters(citations, [evidence_for("Ada founded Acme in 2016.")]) == 16


def test_quotes_of_other_documents_share_nothing(cite, evidence_for):
    assert shared_characters([cite("Ada founded", document_id="b.txt")], [evidence_for("Ada founded Acme")]) == 0
