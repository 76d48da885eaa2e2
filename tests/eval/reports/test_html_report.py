"""The page: it is parsed as a browser would, and its text, tags and attributes are looked at."""

import base64
import hashlib
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from eval.metrics import Metric
from eval.reports.html import html_report
from eval.reports.texts import visible
from eval.run_record import RunRecord

VOID = {"meta", "input", "br"}
ALLOWED = set(
    "html head meta title style body header main section script p h1 h2 h3 h4 div dl dt dd table caption thead tbody tr"
    " th td code small strong b a u mark span figure figcaption blockquote details summary ol ul li form fieldset"
    " legend label input select option button output svg desc g path rect line circle text".split()
)


class Page(HTMLParser):
    """What a page is made of: elements with their attributes, and the text in each kind of element."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self.open = [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append((tuple(self.open), data))

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def text_of(self, tag):
        return ["".join(text for open_, text in self.texts if tag in open_)]

    @property
    def all_text(self):
        return "".join(text for open_, text in self.texts if not {"script", "style"} & set(open_))

    def attributes(self, name):
        return [attributes[name] for _, attributes in self.elements if name in attributes]


def rows_of(page):
    """Give the cells of each row of each table, as text."""
    cells = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [[Page(cell).all_text for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)] for row in cells]


@pytest.fixture
def page(record, comparison):
    return html_report(record, comparison)


@pytest.fixture
def hostile_page(hostile_record, hostile_comparison):
    return html_report(hostile_record, hostile_comparison)


def test_hostile_texts_make_no_element_and_no_attribute(hostile_page):
    parsed = Page(hostile_page)
    assert parsed.open == []
    assert {tag for tag, _ in parsed.elements} <= ALLOWED
    assert Counter(tag for tag, _ in parsed.elements)["script"] == 1
    names = {name for _, attributes in parsed.elements for name in attributes}
    assert not {name for name in names if name.startswith("on")} | {"src", "srcset", "action", "style"} & names


def test_nothing_on_the_page_asks_for_anything_outside(page, hostile_page):
    for shown in (page, hostile_page):
        assert all(re.fullmatch(r"#case-\d+", target) for target in Page(shown).attributes("href"))
        style, script = (Page(shown).text_of(tag)[0] for tag in ("style", "script"))
        assert not re.search(r"url\(|@import|https?:|//\w", style)
        assert not re.search(r"https?:|fetch|XMLHttp|import\(|innerHTML|eval\(", script)


def test_hostile_texts_are_shown_as_they_are(hostile_page, hostile):
    shown = Page(hostile_page)
    assert shown.all_text.count("<script>alert(1)</script>") > 20
    assert visible(hostile) in shown.text_of("h3")[0]
    assert not {"\x00", "\x1b", "\u202e", "\u200f", "\ud800", "\uffff"} & set(hostile_page)
    hostile_page.encode("utf-8")


def test_the_policy_forbids_all_but_the_one_script(page):
    policy = next(a["content"] for tag, a in Page(page).elements if a.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256(Page(page).text_of("script")[0].encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    )


def test_each_case_is_on_the_page_and_can_be_filtered(page, record):
    cases = [a for tag, a in Page(page).elements if a.get("class") == "case"]
    assert [(case["id"], case["data-groups"]) for case in cases] == [
        *(("case-1", "passed"), ("case-2", "failed"), ("case-3", "passed refused")),
        *(("case-4", "crashed"), ("case-5", "unscored")),
    ]
    tags = {a["value"]: at for at, (tag, a) in enumerate(Page(page).elements) if tag == "option"}
    assert all(set(case["data-tags"].split()) <= set(tags) for case in cases)
    assert all(result.case.id in Page(page).all_text for result in record.results)


def test_the_filters_wait_for_the_script_and_the_list_does_not(page):
    hidden = [tag for tag, attributes in Page(page).elements if "hidden" in attributes]
    assert hidden == ["form"]


def test_a_case_shows_question_expectation_answer_citation_and_scores(record):
    text = Page(html_report(replace(record, results=record.results[:1]))).all_text
    for part in (
        *("Who founded Acme?", "“Ada”", "Ada founded Acme in 2016. [1]", "25 of 25 characters are expected evidence"),
        *("25 of 25 characters cited", "confidence 0.900", "reason for correct", "refusal_recall (reason for refusal"),
    ):
        assert part in text


def test_the_answering_words_and_what_is_expected_are_marked(record):
    shown = html_report(record)
    assert "<blockquote><mark><u>Ada</u></mark><u> founded Acme in 2016.</u></blockquote>" in shown


def test_the_numbers_are_those_of_the_record(record):
    metrics = {"correct": Metric(0.8072, 0.7229, 0.8916, 83), "latency_p50_seconds": Metric(0.0848, 0.08, 0.09, 121)}
    shown = html_report(RunRecord(provenance={}, metrics=metrics, results=()))
    numbers = {cells[0].split("Answerable")[0].split("Time")[0]: cells[1:] for cells in rows_of(shown)}
    assert numbers["Correctcorrect"] == ["80.7 %", "72.3 – 89.2 %", "", "83"]
    assert numbers["Latency p50latency_p50_seconds"] == ["0.085 s", "0.080 – 0.090 s", "", "121"]
    assert "80.7 %72.3 – 89.2 %83 cases" in Page(shown).all_text


def test_changes_and_flipped_cases_come_first(page):
    text = Page(page).all_text
    order = ["Worse: correct", "Against", "Worse now: 1", "Better now: 1", "In short", "Metrics"]
    assert text.index("Against the run before") < text.index("worse: correct 80.0\xa0% → 70.0\xa0%")
    assert [text.index(words) for words in order[2:]] == sorted(text.index(words) for words in order[2:])
    row = next(cells for cells in rows_of(page) if cells[:2] == ["Correct", "▼ worse"])
    assert row[2:] == ["80.0 %", "70.0 %", "−10.0 pp", "−15.0 to −5.0 pp", "0.004", "83"]


def test_a_flipped_case_leads_to_its_place_and_one_that_is_not_there_leads_nowhere(record, make_comparison, make_flip):
    flips = (make_flip(case_id="wrong"), make_flip(case_id="elsewhere"))
    assert Page(html_report(record, make_comparison(flips=flips))).attributes("href") == ["#case-2"]


def test_headings_go_down_by_one_and_ids_are_unique(page):
    parsed = Page(page)
    levels = [int(tag[1]) for tag, _ in parsed.elements if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = parsed.attributes("id")
    assert sorted(ids) == sorted(set(ids))
    named = {key for value in parsed.attributes("aria-labelledby") for key in value.split()}
    assert named <= set(ids)


def test_each_table_has_a_caption_and_each_chart_a_title_and_a_description(page):
    counted = Counter(tag for tag, _ in Page(page).elements)
    assert counted["caption"] == counted["table"] > 5
    charts = re.findall(r'<svg class="chart".*?</svg>', page)
    assert len(charts) == 2
    assert all("<title " in chart and "<desc " in chart for chart in charts)


@pytest.mark.parametrize(
    ("git", "words"),
    [
        ({"commit": "0123456789abcdef", "dirty": True}, "Uncommitted changes."),
        (None, "No commit is known for this run."),
        ({"commit": "0123456789abcdef", "dirty": False}, None),
    ],
)
def test_a_run_whose_commit_does_not_tell_its_code_says_so_at_the_top(make_record, git, words):
    text = Page(html_report(make_record(git=git))).text_of("header")[0]
    assert (words is None and "hash of its code" not in text) or words in text


def test_what_the_numbers_depend_on_is_all_there(record):
    text = Page(html_report(record)).all_text
    assert all(part in text for part in ("0123456789abcdef0123456789abcdef01234567", "c0de", "ca5e", "Passages read"))


def test_runs_with_nothing_in_them_are_reported(make_case, make_answer, make_result, make_crashed, make_record):
    bare = make_answer(confidence=None)
    odd = [
        make_record(),
        make_record(make_crashed(make_case()), make_crashed(make_case(id="b"))),
        make_record(make_result(make_case(tags=()), bare, correct=1.0)),
        make_record(make_result(make_case(), bare, seconds=0.0)),
        RunRecord(provenance={}, metrics={}, results=()),
    ]
    pages = [Page(html_report(record)).all_text for record in odd]
    assert "No case was asked." in pages[0]
    assert "2 cases: 2 crashed" in pages[1]
    assert all("No case could be scored" in text for text in (pages[0], pages[1], pages[4]))
    assert "No scored case has a tag." in pages[2]
    assert "so there is no curve" in pages[2]
    assert not any(re.search(r"\bnan\b|\binf\b", text) for text in pages)


def test_a_metric_over_nothing_has_no_tile(make_case, make_answer, make_result, make_record):
    text = Page(html_report(make_record(make_result(make_case(), make_answer(), correct=1.0)))).all_text
    assert "Refused rightly" not in text


def test_the_same_record_gives_the_same_page(record, comparison):
    assert html_report(record, comparison) == html_report(record, comparison)


def test_a_thousand_cases_stay_within_a_few_megabytes(make_case, make_answer, cite, make_result, make_record):
    answer = make_answer(citations=(cite("Ada founded Acme in 2016."),))
    results = [
        make_result(make_case(id=f"case {at}", tags=()), answer, correct=1.0, verified=1.0) for at in range(1000)
    ]
    assert len(html_report(make_record(*results)).encode()) < 3_000_000


def test_a_wrong_short_answer_is_remarked_on_beside_its_question(make_case, make_answer, make_result, make_record):
    answer = make_answer(short_answer="£96,000")
    page = html_report(make_record(make_result(make_case(), answer, correct=1.0, short_answer_right=0.0)))
    assert "right sentence, wrong short answer: “£96,000”" in page
