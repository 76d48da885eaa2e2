"""A quote becomes a citation where code has found it, and is marked where it has not."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.citations import Citer
from qa.domain import Citation, Passage, Span, Statement, StatementReady
from qa.interfaces import DraftQuote, DraftStatement
from qa.library import Library, PreparedDocument
from qa.snapshot import Snapshot

TEXT = "Ada runs Acme. It grew.\nAda runs Acme. It failed."
FIRST = Passage(
    id="1", document_id="a.txt", title="Acme", source="/corpus/a.txt", text=TEXT[:23], start=0, end=23, page=1
)
SECOND = Passage(
    id="2",
    document_id="a.txt",
    title="Acme",
    source="/corpus/a.txt",
    text=TEXT[24:],
    start=24,
    end=49,
    page=2,
)


@pytest.fixture
def snapshot(library: Library, put: Callable[..., None], prepare: Callable[..., object]) -> Iterator[Snapshot]:
    put(prepare("a.txt", TEXT[:23], TEXT[24:], title="Acme", pages=True))
    with library.snapshot() as snapshot:
        yield snapshot


def draft(*quotes: DraftQuote, text: str = "Ada runs Acme.") -> DraftStatement:
    return DraftStatement(text=text, quotes=quotes)


def quote(text: str, start: int | None = None, passage: Passage = FIRST, answer: Span | None = None) -> DraftQuote:
    return DraftQuote(passage=passage, text=text, start=start, answer=answer)


def citation(number: int, text: str, start: int, page: int | None = 1, **changes: object) -> Citation:
    fields: dict[str, object] = {
        "document_id": "a.txt",
        "title": "Acme",
        "source": "/corpus/a.txt",
        "verified": True,
    }
    place = {"number": number, "page": page, "start": start, "end": start + len(text), "quote": text}
    return Citation(**{**fields, **place, **changes})


def test_a_quote_at_its_place_is_verified(snapshot: Snapshot) -> None:
    found = Citer(snapshot).cite(draft(quote("Ada runs Acme.", 24, SECOND, Span(start=24, end=27))))
    cited = citation(1, "Ada runs Acme.", 24, page=2, answer_start=24, answer_end=27)
    assert found == StatementReady(
        statement=Statement(text="Ada runs Acme.", citations=(1,), verified=True), citations=(cited,)
    )


def test_a_quote_without_a_place_is_looked_for_in_its_own_passage(snapshot: Snapshot) -> None:
    found = Citer(snapshot).cite(draft(quote("Ada runs Acme.", passage=SECOND)))
    assert found.citations == (citation(1, "Ada runs Acme.", 24, page=2),)


@pytest.mark.parametrize(
    "wrong",
    [
        quote("Ada runs Acme.", 1),
        quote("Ada runs Acme.", 24),
        quote("Ada runs Acme.", -24, SECOND),
        quote("Bob owns Zenith."),
        quote("It failed.", 39, FIRST),
        quote("It grew.\nAda", 15),
        quote("", 0),
        quote(""),
    ],
)
def test_a_quote_that_is_not_there_gets_no_citation(snapshot: Snapshot, wrong: DraftQuote) -> None:
    unverified = Statement(text="Bob owns Zenith.", citations=(), verified=False)
    found = Citer(snapshot).cite(draft(wrong, text="Bob owns Zenith."))
    assert found == StatementReady(statement=unverified, citations=())


@pytest.mark.parametrize("other", ["ada runs acme.", "“Ada runs  Acme”", "Ada  runs\nAcme"])
def test_a_quote_in_other_typography_is_found_and_shown_as_the_document_has_it(snapshot: Snapshot, other: str) -> None:
    found = Citer(snapshot).cite(draft(quote(other)))
    assert (found.citations[0].quote.rstrip("."), found.statement.verified) == ("Ada runs Acme", True)


def test_a_made_up_quote_gives_way_to_the_sentence_that_says_it(snapshot: Snapshot) -> None:
    found = Citer(snapshot).cite(draft(quote("It is Ada that runs all of Acme's business.")))
    assert found.citations == (citation(1, "Ada runs Acme.", 0),)
    assert found.statement.verified


def test_a_quote_from_another_passage_is_not_found_in_the_one_named(snapshot: Snapshot) -> None:
    found = Citer(snapshot).cite(draft(quote("It failed."), text="It failed."))
    assert found == StatementReady(statement=Statement(text="It failed.", citations=(), verified=False), citations=())


def test_a_passage_that_was_not_given_is_no_evidence(snapshot: Snapshot) -> None:
    found = Citer(snapshot).cite(draft(DraftQuote(passage=None, text="Ada runs Acme.", start=None)))
    assert found.statement == Statement(text="Ada runs Acme.", citations=(), verified=False)


@pytest.mark.parametrize("said", ["Ada ran Acme in 2016.", "Bob runs Acme.", "Ada does not run Acme."])
def test_a_fact_that_no_quote_has_makes_the_statement_unverified(snapshot: Snapshot, said: str) -> None:
    found = Citer(snapshot).cite(draft(quote("Ada runs Acme."), text=said))
    assert (found.statement.verified, len(found.citations)) == (False, 1)


def test_what_one_quote_lacks_may_stand_elsewhere_in_its_passage(snapshot: Snapshot) -> None:
    found = Citer(snapshot).cite(draft(quote("It grew."), text="Ada runs Acme, which grew."))
    assert [each.quote for each in found.citations] == ["It grew.", "Ada runs Acme."]


def test_a_statement_without_a_quote_is_unverified(snapshot: Snapshot) -> None:
    assert Citer(snapshot).cite(draft()).statement == Statement(text="Ada runs Acme.", citations=(), verified=False)


def test_one_wrong_quote_makes_the_statement_unverified(snapshot: Snapshot) -> None:
    found = Citer(snapshot).cite(draft(quote("It grew."), quote("It shrank.", passage=SECOND), text="It grew."))
    assert found.statement == Statement(text="It grew.", citations=(1,), verified=False)


def test_a_quote_that_the_library_does_not_hold_is_not_verified(snapshot: Snapshot) -> None:
    forged = Passage(
        id="9", document_id="a.txt", title="Acme", source="x", text="Bob runs Acme.", start=0, end=14, page=1
    )
    found = Citer(snapshot).cite(draft(quote("Bob runs Acme.", passage=forged)))
    assert (found.citations[0].verified, found.statement.verified) == (False, False)


def test_a_document_that_the_library_does_not_hold_is_not_verified(snapshot: Snapshot) -> None:
    stranger = Passage(
        id="9", document_id="z.txt", title="Z", source="z", text="Ada runs Acme.", start=0, end=14, page=None
    )
    cited = citation(1, "Ada runs Acme.", 0, None, document_id="z.txt", title="Z", source="z", verified=False)
    assert Citer(snapshot).cite(draft(quote("Ada runs Acme.", passage=stranger))).citations == (cited,)


def test_citations_are_numbered_by_first_use_and_used_again(snapshot: Snapshot) -> None:
    citer = Citer(snapshot)
    grew, failed = quote("It grew.", 15), quote("It failed.", 39, SECOND)
    drafts = [
        draft(failed, text="It failed."),
        draft(grew, failed, failed, text="It grew."),
        draft(grew, text="It grew."),
    ]
    ready = [citer.cite(each) for each in drafts]
    one, two = citation(1, "It failed.", 39, page=2), citation(2, "It grew.", 15)
    assert [(event.statement.citations, event.citations) for event in ready] == [
        ((1,), (one,)),
        ((1, 2), (two,)),
        ((2,), ()),
    ]
    assert citer.citations == (one, two)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.builds(
    quote,
    st.text("AdaruncsmeItgw. \n", max_size=8) | st.sampled_from(["Ada", "Acme.", "It", "It grew.", "runs Acme. It"]),
    st.none() | st.integers(-5, 60),
    st.sampled_from([FIRST, SECOND]),
)))  # fmt: skip
def test_a_verified_quote_is_in_its_document_and_an_unknown_one_never_verified(
    snapshot: Snapshot, quotes: list[DraftQuote]
) -> None:
    citer = Citer(snapshot)
    statements = [citer.cite(draft(one)).statement for one in quotes]
    assert [c for c in citer.citations if not c.verified or TEXT[c.start : c.end] != c.quote or not c.quote] == []
    assert [s.verified for s in statements] == [bool(s.citations) for s in statements]
    assert [c.number for c in citer.citations] == list(range(1, len(citer.citations) + 1))


def test_a_quote_that_has_nothing_in_common_with_the_statement_proves_nothing(snapshot: Snapshot) -> None:
    found = Citer(snapshot).cite(draft(quote("It grew."), text="Its founder went to jail."))
    assert found.statement.verified is False


@pytest.mark.parametrize(
    ("lead", "verified"),
    [
        ("There is, the paper says, no evidence so far that ", False),
        ("It is unclear, according to the report of the board, whether ", False),
        ("It is not, according to many people in the town, true that ", False),
        ("According to the report of the board of the town, ", True),
        ("It was not a good year. ", True),
    ],
)
def test_what_comes_before_a_quote_in_its_sentence_may_turn_it_round(
    library: Library, put: Callable[..., None], prepare: Callable[..., PreparedDocument], lead: str, verified: bool
) -> None:
    prepared = prepare("b.txt", f"{lead}Ada runs Acme.")
    put(prepared)
    with library.snapshot() as snapshot:
        found = Citer(snapshot).cite(draft(quote("Ada runs Acme.", passage=prepared.passages[0])))
    assert found.statement.verified is verified


WRAPPED = "Recommendation\nThe authors advise a cap of 25 minutes, but not for\nworkshops of any kind."
TABLE = "| Expense | Limit | Receipt |\n| --- | --- | --- |\n| Car | 45p | No |\n| Hotel | £165 | Yes |"


@pytest.mark.parametrize(
    ("text", "said", "quotes"),
    [
        (WRAPPED, "The authors advise a cap of 25 minutes, but not for workshops of any kind.", [WRAPPED[15:]]),
        (
            TABLE,
            "Expense: Hotel; Limit: £165; Receipt: Yes",
            ["| Hotel | £165 | Yes |", "| Expense | Limit | Receipt |"],
        ),
    ],
)
def test_a_line_in_other_dress_is_still_what_its_quotes_say(
    library: Library,
    put: Callable[..., None],
    prepare: Callable[..., PreparedDocument],
    text: str,
    said: str,
    quotes: list[str],
) -> None:
    put(prepare("b.txt", text))
    passage = Passage(id="b", document_id="b.txt", title="B", source="b", text=text, start=0, end=len(text), page=None)
    drafted = draft(*(quote(words, text.index(words), passage) for words in quotes), text=said)
    with library.snapshot() as snapshot:
        statement = Citer(snapshot).cite(drafted).statement
    assert (statement.citations, statement.verified) == (tuple(range(1, len(quotes) + 1)), True)


def test_what_is_denied_before_a_wrapped_quote_is_not_verified(
    library: Library, put: Callable[..., None], prepare: Callable[..., PreparedDocument]
) -> None:
    text = "It is false that\nAda ever ran\nAcme on her own."
    put(prepare("b.txt", text))
    passage = Passage(id="b", document_id="b.txt", title="B", source="b", text=text, start=0, end=len(text), page=None)
    with library.snapshot() as snapshot:
        cited = Citer(snapshot).cite(draft(quote(text[17:], 17, passage), text="Ada ever ran Acme on her own."))
    assert not cited.statement.verified


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("| Smoking allowed | Never |\n| Pets | Yes |", "Smoking is allowed."),
        ("Staff must not|under any condition use the lift.", "Staff must under any condition use the lift."),
        ("2**10 is what it was.", "210 is what it was."),
    ],
)
def test_what_only_looks_like_its_quote_is_not_verified(
    library: Library, put: Callable[..., None], prepare: Callable[..., PreparedDocument], text: str, said: str
) -> None:
    put(prepare("b.txt", text))
    passage = Passage(id="b", document_id="b.txt", title="B", source="b", text=text, start=0, end=len(text), page=None)
    words = text.split("\n")[0]
    with library.snapshot() as snapshot:
        assert not Citer(snapshot).cite(draft(quote(words, 0, passage), text=said)).statement.verified
