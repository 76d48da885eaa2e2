import html
import re

import pytest
from markdown_it import MarkdownIt
from page_samples import DOCUMENT, QUOTE, answer, citation, not_found, ranked_passage

from qa.domain import Statement, StatementReady
from qa.ui.render import answer_html, error_html, escape, question_html, searching_html, unfinished_html

HOSTILE = [
    '<img src="http://evil.test/a.png" onerror="alert(1)">',
    "<script>alert(1)</script>",
    '</p></blockquote></div><iframe src="http://evil.test"></iframe>',
    "![beacon](http://evil.test/b.png)",
    "[link](http://evil.test) and [reference][1]\n\n[1]: http://evil.test\n",
    "<http://evil.test> http://evil.test www.evil.test me@evil.test",
    "&lt;img src=http://evil.test&gt; &#60;b&#62;",
    "```mermaid\ngraph TD; A-->B\n```",
    "$$x^2$$ \\(y\\) `code` **bold** _em_ ~~gone~~ | a | b |",
    "# heading\n\n* list\n    code\n<details ontoggle=alert(1) open>",
    '" onmouseover="alert(1)" \' style=\'background:url(http://evil.test)',
]
_OUR_TAG = re.compile(r'</?(?:div|p|ul|li|b|span|blockquote|mark|details|summary|sup)(?: class="qa-[a-z]+")?>')


def text_of(shown: str) -> str:
    """What a reader sees: our tags taken out, references resolved."""
    return html.unescape(_OUR_TAG.sub("", shown))


def test_a_whole_answer_shows_statement_citation_quote_and_footer():
    assert answer_html(answer()) == (
        '<div class="qa-answer">'
        '<p class="qa-statements">SoftBank invested &#36;4&#46;4 billion in 2016&#46; '
        "<sup>&#91;1&#93;</sup></p>"
        '<p class="qa-short">Short answer&#58; &#36;4&#46;4 billion</p>'
        '<ul class="qa-citations"><li>&#91;1&#93; <b>WeWork</b> '
        '<span class="qa-place">wework&#46;txt&#44; characters 28&#8211;67</span>'
        "<blockquote>SoftBank invested <mark>&#36;4&#46;4 billion</mark> in 2016&#46;</blockquote></li></ul>"
        '<p class="qa-aside">Answered &#183; scripted &#183; 0&#46;25 s</p></div>'
    )


def test_the_page_is_named_when_there_is_one():
    shown = text_of(answer_html(answer(citations=(citation(page=3),))))
    assert "[1] WeWork wework.txt, page 3, characters 28–67" in shown


@pytest.mark.parametrize("span", [(None, None), (0, 4), (60, 68), (50, 50)])
def test_an_answer_span_outside_the_quote_is_not_marked(span):
    shown = answer_html(answer(citations=(citation(answer_start=span[0], answer_end=span[1]),)))
    assert "<mark>" not in shown
    assert f"<blockquote>{escape(QUOTE)}</blockquote>" in shown


def test_what_is_not_verified_is_said_to_be_so_at_statement_and_citation():
    unverified = answer(
        statements=(Statement(text="It grew.", citations=(1,), verified=False),),
        citations=(citation(verified=False),),
    )
    assert text_of(answer_html(unverified)).count("not verified") == 2
    assert "not verified" not in answer_html(answer())


def test_not_found_folds_the_nearest_passages_away():
    shown = answer_html(not_found(passages=(ranked_passage(),) * 5))
    folded = shown[shown.index("<details>") : shown.index("</details>")]
    assert folded.count(f"<blockquote>{escape(DOCUMENT)}</blockquote>") == 3
    assert "I could not find this in the documents." in text_of(shown)
    assert "Not found · scripted" in text_of(shown)


def test_passages_that_were_not_cited_are_not_shown_beside_an_answer():
    assert "<details>" not in answer_html(answer())


def test_not_found_without_passages_has_nothing_to_unfold():
    assert "<details>" not in answer_html(not_found(passages=()))


def test_the_standalone_question_is_shown_only_when_it_differs():
    rewritten = answer(standalone_question="How much in 2016?")
    assert "Searched for: How much in 2016?" in text_of(answer_html(rewritten))
    assert "Searched for" not in answer_html(answer())


def test_notices_and_a_partial_status_are_shown():
    shown = text_of(answer_html(answer(status="partial", notices=("Index being built.",))))
    assert "This answers only a part of the question." in shown
    assert "Note: Index being built." in shown
    assert "Partly answered" in shown


def test_a_low_confidence_is_said():
    assert "Low confidence (31%)" in text_of(answer_html(answer(confidence=0.31)))
    assert "Low confidence" not in answer_html(answer(confidence=0.8))


def test_an_unfinished_answer_shows_its_statements_and_quotes_so_far():
    first = StatementReady(statement=Statement(text="One.", citations=(1,), verified=True), citations=(citation(),))
    second = StatementReady(statement=Statement(text="Two.", citations=(1,), verified=True), citations=())
    shown = text_of(unfinished_html([first, second]))
    assert shown.startswith("One. [1] Two. [1]")
    assert shown.count(QUOTE) == 1


@pytest.mark.parametrize("payload", HOSTILE)
def test_escaped_text_has_no_markup_and_reads_as_it_was(payload):
    escaped = escape(payload)
    assert re.fullmatch(r"(?:[^\W_]| |&#\d+;)*", escaped)
    assert html.unescape(escaped) == payload


def test_invisible_characters_and_lone_surrogates_are_taken_out():
    assert escape("a\u202eb\u200bc\x00d\ud800e") == "abcde"


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_text_adds_no_tag_wherever_it_comes_from(payload):
    everywhere = {
        "question": payload,
        "standalone_question": payload + "?",
        "short_answer": payload,
        "model": payload,
        "notices": (payload,),
    }
    cited = citation(
        document_id=payload,
        title=payload,
        quote=payload,
        start=0,
        end=len(payload),
        answer_start=1,
        answer_end=5,
    )
    passage = ranked_passage(document_id=payload, title=payload, text=payload)
    statement = Statement(text=payload, citations=(1,), verified=True)
    for shown in (
        answer_html(answer(**everywhere, statements=(statement,), citations=(cited,))),
        answer_html(not_found(**everywhere, passages=(passage,))),
        unfinished_html([StatementReady(statement=statement, citations=(cited,))]),
        question_html(payload),
        error_html(payload),
    ):
        without_ours = _OUR_TAG.sub("", shown)
        assert not re.search(r"[<>\"'`*\[\]()!:/.@\n]", without_ours), without_ours


@pytest.mark.parametrize("payload", HOSTILE)
def test_a_markdown_reader_passes_a_message_through_unchanged(payload):
    reader = MarkdownIt("gfm-like", {"linkify": False})
    for shown in (question_html(payload), error_html(payload), answer_html(answer(notices=(payload,)))):
        assert reader.render(shown) == shown


def test_the_waiting_message_is_a_block_of_its_own():
    assert searching_html() == '<div class="qa-searching">Searching the documents…</div>'
