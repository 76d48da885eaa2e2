"""A question is checked, searched, answered and cited; each part of the story is told in the answer."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qa.adapters.chroma_index import ChromaIndex
from qa.chatbot import NOT_FOUND, Chatbot
from qa.domain import Answer, RankedPassage, Seconds, Span, Statement, StatementReady, Turn, Usage
from qa.errors import CorpusError, LockedError, QuestionError, VectorIndexError
from qa.interfaces import DraftEnd, DraftQuote, DraftStatement
from qa.live_index import BEING_INDEXED
from qa.writer_lock import WriterLock

OpenBot = Callable[..., Chatbot]
MakeCorpus = Callable[..., Path]
NO_TIME = Seconds(retrieve=0.0, answer=0.0, total=0.0)
INVESTED = "SoftBank invested $4.4 billion in WeWork in 2017."


@dataclass
class Quoting:
    """Answers with the first sentence of each passage; keeps what it was asked."""

    asked: list[tuple[str, int]] = field(default_factory=list)
    name: str = "quoting"
    passages_wanted: int = 5

    def answer(self, question: str, passages: Sequence[RankedPassage]) -> Iterator[DraftStatement | DraftEnd]:
        self.asked.append((question, len(passages)))
        for ranked in passages:
            text = ranked.passage.text.partition("\n\n")[2].partition(". ")[0] + "."
            start = ranked.passage.start + ranked.passage.text.index(text)
            quote = DraftQuote(passage=ranked.passage, text=text, start=start, answer=Span(start=start, end=start + 2))
            yield DraftStatement(text=text, quotes=(quote,))
        status = "answered" if passages else "not_found"
        yield DraftEnd(status=status, short_answer="Yes", confidence=0.75, notices=("Quoted.",))


def timeless(answer: Answer) -> Answer:
    return replace(answer, seconds=NO_TIME)


def asked(bot: Chatbot, question: str, **options: object) -> Answer:
    return timeless(bot.ask(question, **options))


def documents(found: Sequence[RankedPassage]) -> set[str]:
    return {ranked.passage.document_id for ranked in found}


@pytest.fixture
def quoting(bot: Chatbot) -> Chatbot:
    bot.answerer = Quoting()
    return bot


def test_an_answer_tells_the_whole_story(quoting: Chatbot, corpus: Path) -> None:
    answer = quoting.ask("  What did SoftBank\u200b invest? ", where={"document_id": "company/wework.txt"})
    text = (corpus / "company/wework.txt").read_text()
    start = text.index(INVESTED)
    (citation,) = answer.citations
    assert timeless(answer) == Answer(
        question="What did SoftBank invest?",
        standalone_question="What did SoftBank invest?",
        status="answered",
        text=f"{INVESTED} [1]",
        short_answer="Yes",
        confidence=0.75,
        statements=(Statement(text=INVESTED, citations=(1,), verified=True),),
        citations=(citation,),
        passages=answer.passages,
        model="quoting",
        usage=Usage(),
        seconds=NO_TIME,
        notices=("Quoted.",),
    )
    place = (citation.start, citation.end, citation.quote, citation.verified, citation.answer_start)
    assert place == (start, start + len(INVESTED), INVESTED, True, start)
    assert citation.source == str(corpus / "company/wework.txt")


def test_stream_events_add_up_to_the_final_answer(quoting: Chatbot) -> None:
    *events, answer = quoting.stream("Who eats fish in Europe?")
    ready = [event for event in events if isinstance(event, StatementReady)]
    assert isinstance(answer, Answer)
    assert (len(events), [event.statement for event in ready]) == (3, list(answer.statements))
    assert [citation for event in ready for citation in event.citations] == list(answer.citations)
    assert timeless(answer) == asked(quoting, "Who eats fish in Europe?")


def test_times_add_up(quoting: Chatbot) -> None:
    seconds = quoting.ask("Who eats fish?").seconds
    assert 0 < seconds.retrieve + seconds.answer <= seconds.total


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["otter", "fish", "Etna", "when", "WeWork", "?", '"'])).map(" ".join)
)
@example("What is this about?")
@example("How much did SoftBank invest in WeWork in 2017, and when did Etna erupt?")
def test_whatever_is_asked_every_citation_is_in_its_document(bot: Chatbot, question: str) -> None:
    try:
        *events, answer = bot.stream(question)
    except QuestionError as error:
        assert str(error) == "The question is empty; type what you want to know."
        return
    assert isinstance(answer, Answer)
    with bot.library.snapshot() as snapshot:
        places = [snapshot.text_of(c.document_id, c.start, c.end) for c in answer.citations]
        passages = [snapshot.text_of(r.passage.document_id, r.passage.start, r.passage.end) for r in answer.passages]
    assert places == [citation.quote for citation in answer.citations]
    assert passages == [ranked.passage.text for ranked in answer.passages]
    assert [c.verified for c in answer.citations] == [True] * len(places)
    assert [event.statement for event in events if isinstance(event, StatementReady)] == list(answer.statements)
    assert (answer.status == "not_found", answer.text == NOT_FOUND) == (not answer.statements,) * 2


@pytest.mark.parametrize("question", ["", "   ", "\n\t", "\u200b\ufeff", "\ud800", "\x00"])
def test_an_empty_question_is_refused_before_anything_is_indexed(bot: Chatbot, question: str) -> None:
    for call in (bot.ask, bot.search):
        with pytest.raises(QuestionError, match=r"^The question is empty; type what you want to know\.$"):
            call(question)
    with bot.library.snapshot() as snapshot:
        assert snapshot.passage_count() == 0


def test_a_question_may_have_4000_characters_and_no_more(quoting: Chatbot) -> None:
    assert quoting.ask("otter " * 666 + "fish").status == "answered"
    with pytest.raises(QuestionError, match=r"^The question has 4,001 characters; ask in at most 4,000"):
        quoting.ask("x" * 4001)


def test_what_is_not_in_the_documents_is_not_found_and_shows_the_nearest(open_bot: OpenBot) -> None:
    answer = open_bot(refusal="careful").ask("Who composed the opera Tosca?")
    assert (answer.status, answer.text, answer.statements, answer.citations) == ("not_found", NOT_FOUND, (), ())
    assert (answer.short_answer, documents(answer.passages) != set()) == (None, True)


def test_the_first_question_indexes_and_a_second_bot_embeds_nothing_again(
    open_bot: OpenBot, new_embedder: type
) -> None:
    first, second = new_embedder(), new_embedder()
    open_bot(embedder=first).search("otter")
    open_bot(embedder=second).search("otter")
    assert (len(first.texts), second.texts) == (3 + 1, ["otter"])


def test_a_changed_document_is_seen_by_the_next_bot(open_bot: OpenBot, corpus: Path) -> None:
    open_bot().search("otter")
    (corpus / "company/wework.txt").write_text("Acme\n\nAda founded Acme.")
    assert open_bot().search("Ada Acme")[0].passage.text == "Acme\n\nAda founded Acme."


def test_without_auto_sync_changes_wait_for_a_sync(open_bot: OpenBot, corpus: Path) -> None:
    open_bot().sync()
    (corpus / "new.txt").write_text("Ada founded Acme.")
    bot = open_bot(auto_sync=False)
    before = documents(bot.search("Ada Acme"))
    report = bot.sync()
    assert ("new.txt" in before, report.added, "new.txt" in documents(bot.search("Ada Acme"))) == (
        False,
        ("new.txt",),
        True,
    )


def test_without_auto_sync_an_empty_library_is_filled_all_the_same(open_bot: OpenBot) -> None:
    assert open_bot(auto_sync=False).search("otter")[0].passage.document_id == "nature/otter.md"


@pytest.mark.parametrize(
    ("where", "searched"),
    [
        (None, {"company/wework.txt", "nature/otter.md", "nature/volcano.txt"}),
        ({"document_id": "nature/otter.md"}, {"nature/otter.md"}),
        ({"document_id": ["nature/otter.md"]}, {"nature/otter.md"}),
        ({"document_id": ("nature/otter.md", "nature/volcano.txt")}, {"nature/otter.md", "nature/volcano.txt"}),
    ],
)
def test_where_restricts_a_question_to_some_documents(
    bot: Chatbot, where: dict[str, str] | None, searched: set[str]
) -> None:
    assert documents(bot.search("SoftBank WeWork", where=where)) == searched
    assert documents(bot.ask("SoftBank WeWork", where=where).passages) == searched


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({}, "`where` can restrict by document_id only, not by nothing."),
        ({"title": "x", "page": 1}, "`where` can restrict by document_id only, not by 'title', 'page'."),
        ({"document_id": []}, "`where` names no document; leave it out to search in all of them."),
        ({"document_id": None}, "`where` names no document; leave it out to search in all of them."),
        ({"document_id": "gone.txt"}, "No document 'gone.txt' is indexed; `qa status` lists those that are."),
        ({"document_id": ["nature/otter.md", 5]}, "No document '5' is indexed; `qa status` lists those that are."),
        ({"document_id": "caf\udce9.txt"}, "No document 'caf?.txt' is indexed; `qa status` lists those that are."),
    ],
)
def test_a_restriction_that_cannot_be_met_is_refused(bot: Chatbot, where: dict[str, str], message: str) -> None:
    for call in (bot.ask, bot.search):
        with pytest.raises(QuestionError) as raised:
            call("Who eats fish?", where=where)
        assert str(raised.value) == message


def test_an_answer_carries_as_many_passages_as_its_answerer_wants_and_search_gives_as_many_as_asked(
    open_bot: OpenBot,
) -> None:
    bot = open_bot()
    bot.answerer = answerer = Quoting(passages_wanted=2)
    bot.ask("Who eats fish?")
    assert (answerer.asked, len(bot.search("Who eats fish?", limit=1))) == ([("Who eats fish?", 2)], 1)


def test_a_follow_up_is_searched_for_as_a_question_of_its_own(quoting: Chatbot) -> None:
    history = [Turn(question="How much did SoftBank invest in WeWork?", answer=INVESTED)]
    answer = quoting.ask("And in 2016?", history=history)
    assert isinstance(quoting.answerer, Quoting)
    assert (answer.question, "WeWork" in answer.standalone_question) == ("And in 2016?", True)
    assert quoting.answerer.asked == [(answer.standalone_question, 3)]


def test_files_that_could_not_be_indexed_are_named_beside_each_answer(
    open_bot: OpenBot, make_corpus: MakeCorpus
) -> None:
    folder = make_corpus({"a.txt": "Ada founded Acme.", **{f"{n}.txt": "" for n in range(1, 6)}}, folder="bad")
    bot = open_bot(corpus_dir=folder)
    notice = "Not indexed: 1.txt: it is empty; 2.txt: it is empty; 3.txt: it is empty; and 2 more."
    assert [bot.ask("Who founded Acme?").notices for _ in range(2)] == [(notice,)] * 2


def test_a_file_that_breaks_keeps_its_last_indexed_version(open_bot: OpenBot, corpus: Path) -> None:
    open_bot().sync()
    (corpus / "nature/otter.md").write_bytes(b"\x00\x01 broken")
    bot = open_bot()
    assert documents(bot.search("otter kelp")) >= {"nature/otter.md"}
    assert bot.ask("otter?").notices == ("Not indexed: nature/otter.md: it is not text (it holds NUL bytes).",)


def test_an_emptied_corpus_loses_nothing_that_was_indexed(open_bot: OpenBot, corpus: Path) -> None:
    open_bot().sync()
    corpus.rename(corpus.with_name("moved"))
    corpus.mkdir()
    with pytest.raises(CorpusError, match="holds no documents"):
        open_bot().ask("otter?")
    assert len(open_bot(auto_sync=False).search("otter")) == 3


def test_while_another_process_indexes_the_last_state_answers_and_says_so(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot().sync()
    bot = open_bot()
    with WriterLock(tmp_path / "data"):
        answer = bot.ask("What does the otter eat?")
    assert (BEING_INDEXED in answer.notices, documents(answer.passages) != set()) == (True, True)


def test_while_another_process_indexes_for_the_first_time_there_is_nothing_to_answer_from(
    bot: Chatbot, tmp_path: Path
) -> None:
    with WriterLock(tmp_path / "data"), pytest.raises(LockedError, match="wait until it has finished"):
        bot.ask("What does the otter eat?")
    assert bot.ask("What does the otter eat?").passages != ()


def test_a_data_folder_that_cannot_be_written_still_answers(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot().sync()
    lock = tmp_path / "data" / "writer.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    answer = open_bot().ask("What does the otter eat?")
    assert documents(answer.passages) != set()
    assert any("cannot be written" in notice for notice in answer.notices)


def test_a_vector_index_that_fails_in_the_middle_leaves_the_search_by_words(
    bot: Chatbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise VectorIndexError("The disk is gone; run `qa doctor`.")

    bot.sync()
    monkeypatch.setattr(ChromaIndex, "nearest", fail)
    answer = bot.ask("What does the otter eat?")
    found = ("The disk is gone; run `qa doctor`." in answer.notices, documents(answer.passages))
    assert found == (True, {"nature/otter.md"})


def test_an_abandoned_stream_holds_nothing_back(quoting: Chatbot, corpus: Path) -> None:
    events = quoting.stream("Who eats fish in Europe?")
    next(events)
    (corpus / "new.txt").write_text("Ada founded Acme.")
    report = quoting.sync()
    rest = list(events)
    assert (report.added, len(rest), quoting.search("Ada")[0].passage.document_id) == (("new.txt",), 3, "new.txt")


def test_async_twins_give_the_same(quoting: Chatbot) -> None:
    async def both() -> tuple[Answer, list[StatementReady | Answer]]:
        answer = await quoting.aask("Who eats fish?", where={"document_id": "nature/otter.md"})
        return answer, [
            event async for event in quoting.astream("Who eats fish?", where={"document_id": "nature/otter.md"})
        ]

    answer, events = asyncio.run(both())
    expected = list(quoting.stream("Who eats fish?", where={"document_id": "nature/otter.md"}))
    assert (events[:-1], timeless(answer)) == (expected[:-1], timeless(expected[-1]))


def test_many_threads_get_the_answers_that_one_gets(bot: Chatbot) -> None:
    questions = ["What does the otter eat?", "When did Etna erupt?", "How much did SoftBank invest in WeWork?"] * 8
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda question: asked(bot, question), questions))
    assert together == [asked(bot, question) for question in questions]


def test_a_full_disk_at_the_start_leaves_the_old_state_answering(
    make_corpus: Callable[..., Path], open_bot: Callable[..., Chatbot], full_disk: Callable[[int], None]
) -> None:
    folder = make_corpus({"a.txt": "Ada runs Acme."})
    with open_bot(corpus_dir=folder) as bot:
        bot.sync()
    make_corpus({"b.txt": "Bob sleeps. " * 20_000})
    with open_bot(corpus_dir=folder) as bot:
        full_disk(200_000)
        found = bot.search("Acme")
        answer = bot.ask("Who runs Acme?")
    assert found[0].passage.document_id == "a.txt"
    assert "b.txt" not in {ranked.passage.document_id for ranked in found}
    assert any("could not be written" in notice for notice in answer.notices)


def test_while_another_process_indexes_another_corpus_none_is_taken_for_ours(
    open_bot: OpenBot, make_corpus: MakeCorpus, tmp_path: Path
) -> None:
    open_bot().sync()
    other = open_bot(corpus_dir=make_corpus({"a.txt": "Ada founded Acme."}, folder="other"))
    with WriterLock(tmp_path / "data"), pytest.raises(CorpusError, match="belongs to the corpus"):
        other.ask("Who founded Acme?")


def test_the_notice_of_another_writer_goes_when_it_has_finished(open_bot: OpenBot, tmp_path: Path) -> None:
    open_bot().sync()
    bot = open_bot()
    with WriterLock(tmp_path / "data"):
        during = bot.ask("What does the otter eat?")
    after = bot.ask("What does the otter eat?")
    assert (during.notices, after.notices) == ((BEING_INDEXED,), ())
