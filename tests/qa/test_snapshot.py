"""A snapshot shows one committed state, exactly."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.adapters.hashing_embedder import HashingEmbedder
from qa.adapters.llama_splitter import LlamaSentenceSplitter
from qa.domain import Document
from qa.library import Library, PreparedDocument, Stamp, vector_key
from qa.parsing.text import clean
from qa.snapshot import DocumentInfo
from qa.splitting import make_passages

Prepare = Callable[..., PreparedDocument]
Put = Callable[..., None]

SPLITTER = LlamaSentenceSplitter(passage_tokens=32, overlap_tokens=8, count_tokens=HashingEmbedder().count_tokens)
STAMP = Stamp(size=1, modified_ns=1, sha256="", splitter="test")


def test_it_does_not_change_while_it_is_open(tmp_path: Path, library: Library, put: Put, prepare: Prepare) -> None:
    put(prepare("a.txt", "Cats purr."))
    with library.snapshot() as snapshot:
        before = snapshot.documents()
        put(prepare("a.txt", "Dogs bark."), prepare("b.txt", "Dogs bark."))
        assert snapshot.documents() == before
        assert snapshot.text_of("a.txt", 0, 99) == "Cats purr."
        assert snapshot.matching('"dogs"', 9, None, 1.0) == []


def test_a_fact_that_was_never_recorded_is_none(library: Library) -> None:
    with library.transaction():
        library.set_meta(embedder="test")
    with library.snapshot() as snapshot:
        assert (snapshot.meta("embedder"), snapshot.meta("corpus_dir")) == ("test", None)


def test_documents_are_listed_by_id(library: Library, put: Put, prepare: Prepare) -> None:
    put(prepare("b.txt", "Cats purr.", "Cats sleep.", title="Cats"), prepare("a/ä.txt", "🐕", title="Dogs"))
    with library.snapshot() as snapshot:
        assert snapshot.documents() == [
            DocumentInfo(id="a/ä.txt", title="Dogs", encoding="utf-8", characters=1, passages=1),
            DocumentInfo(id="b.txt", title="Cats", encoding="utf-8", characters=22, passages=2),
        ]


def test_unknown_documents_are_named_in_their_order(library: Library, put: Put, prepare: Prepare) -> None:
    put(prepare("b.txt", "Cats purr."))
    with library.snapshot() as snapshot:
        assert snapshot.unknown_documents(["z", "b.txt", "a"]) == ["z", "a"]


def test_what_is_not_there_is_left_out(library: Library, put: Put, prepare: Prepare) -> None:
    document = prepare("a.txt", "Cats purr.")
    put(document)
    [passage] = document.passages
    with library.snapshot() as snapshot:
        assert snapshot.passages(["unknown", passage.id]) == {passage.id: passage}
        assert snapshot.text_of("unknown.txt", 0, 9) is None
        assert snapshot.page_starts("unknown.txt") == ()


def test_offsets_count_characters_not_bytes(library: Library, put: Put, prepare: Prepare) -> None:
    put(prepare("a.txt", "🐕 犬 ö dog"))
    with library.snapshot() as snapshot:
        slices = [snapshot.text_of("a.txt", start, end) for start, end in [(0, 1), (2, 5), (6, 99), (3, 3)]]
    assert slices == ["🐕", "犬 ö", "dog", ""]


def test_matches_are_ranked_and_ties_go_by_id(library: Library, put: Put, prepare: Prepare) -> None:
    often = prepare("a.txt", "Cats and cats and cats.")
    once = prepare("b.txt", "Cats.", "Cats.", "Cats.")
    put(often, once, prepare("c.txt", "Dogs."))
    expected = sorted(passage.id for passage in once.passages)
    with library.snapshot() as snapshot:
        found = snapshot.matching('"cat"', 9, None, 1.0)
        assert sorted(found) == sorted([often.passages[0].id, *expected])
        assert [name for name in found if name in expected] == expected
        assert snapshot.matching('"cat"', 2, None, 1.0) == found[:2]


def test_matches_can_be_kept_to_some_documents(library: Library, put: Put, prepare: Prepare) -> None:
    documents = [prepare(f"{name}.txt", "Cats purr.") for name in "abc"]
    put(*documents)
    with library.snapshot() as snapshot:
        found = snapshot.matching('"cats"', 9, ["a.txt", "c.txt", "unknown.txt"], 1.0)
        assert sorted(found) == sorted(documents[at].passages[0].id for at in (0, 2))
        assert snapshot.matching('"cats"', 9, [], 1.0) == []


def test_words_of_the_title_count_by_its_weight(library: Library, put: Put, prepare: Prepare) -> None:
    in_title = prepare("a.txt", "They purr at night.", title="Cats")
    in_text = prepare("b.txt", "The cats sleep now.", title="Pets")
    put(in_title, in_text)
    with library.snapshot() as snapshot:
        light, heavy = (snapshot.matching('"cats"', 9, None, weight) for weight in (0.1, 10.0))
    names = [in_title.passages[0].id, in_text.passages[0].id]
    assert (light, heavy) == (names[::-1], names)


def test_vectors_come_exact_and_in_the_asked_order(library: Library, put: Put, prepare: Prepare) -> None:
    passages = prepare("a.txt", *(f"Sentence {number}." for number in range(450))).passages
    put(prepare("a.txt", *(f"Sentence {number}." for number in range(450))))
    vectors = np.random.default_rng(1).normal(size=(450, 3)).astype(np.float32)
    stored = list(zip(passages, vectors, strict=True))[:449]
    with library.transaction():
        library.put_vectors("test", [(vector_key(passage), vector) for passage, vector in stored])
    asked = [passage.id for passage in reversed(passages)]
    with library.snapshot() as snapshot:
        items = list(snapshot.vectors("test", [*asked, "unknown"]))
    assert [item.passage for item in items] == [passage for passage, _ in reversed(stored)]
    assert np.array_equal([item.vector for item in items], vectors[448::-1])


def test_a_whole_library_has_no_problems(library: Library, put: Put, prepare: Prepare) -> None:
    put(prepare("a.txt", "Cats purr.", "Dogs bark."))
    with library.snapshot() as snapshot:
        assert snapshot.check() == []


def test_a_passage_that_is_not_its_slice_is_a_problem(
    tmp_path: Path, library: Library, put: Put, prepare: Prepare
) -> None:
    document = prepare("a.txt", "Cats purr.")
    put(document)
    change(tmp_path, "UPDATE documents SET text = 'Dogs purr.'")
    with library.snapshot() as snapshot:
        problems = snapshot.check()
    assert problems == [f"passage {document.passages[0].id} is not the text at its place in the document"]


def test_a_passage_without_its_words_is_a_problem(tmp_path: Path, library: Library, put: Put, prepare: Prepare) -> None:
    put(prepare("a.txt", "Cats purr.", "Dogs bark."))
    change(tmp_path, "DELETE FROM lexical WHERE rowid = 1")
    with library.snapshot() as snapshot:
        assert snapshot.check() == ["the lexical index holds 1 passages, the library 2"]


words = st.text(st.sampled_from("ab.?!\n \t\u00a0é犬🐕—“”#-*1") | st.characters(exclude_categories=("Cs",)))


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(words, min_size=1, max_size=4))
def test_every_passage_is_its_slice(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder) / "library.sqlite3")
        with library.transaction():
            for number, text in enumerate(texts):
                library.put_document(split(f"{number}.txt", clean(text * 3)))
        with library.snapshot() as snapshot:
            assert snapshot.check() == []
            for passage in snapshot.passages(sorted(snapshot.passage_ids())).values():
                assert snapshot.text_of(passage.document_id, passage.start, passage.end) == passage.text
        library.close()


def split(document_id: str, text: str) -> PreparedDocument:
    document = Document(id=document_id, title="T", source="", text=text, page_starts=(), encoding="utf-8", sha256="")
    passages = make_passages(document, SPLITTER.split(text), SPLITTER.fingerprint)
    return PreparedDocument(document=document, passages=tuple(passages), stamp=STAMP)


def change(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "library.sqlite3", isolation_level=None)
    connection.execute(statement)
    connection.close()
