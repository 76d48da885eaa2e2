"""A question finds passages by words and by vectors, and both rankings are fused."""

import sqlite3
from collections.abc import Callable
from math import isclose

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qa.adapters.hashing_embedder import HashingEmbedder
from qa.interfaces import Neighbour, Vector
from qa.library import Library
from qa.retrieval import Retriever, lexical_ranking, match_expression, reciprocal_rank_fusion

Put = Callable[..., None]
Prepare = Callable[..., object]


class FixedIndex:
    """Finds the passages that it was given, whatever is asked; keeps what it was asked for."""

    def __init__(self, *neighbours: Neighbour) -> None:
        self.neighbours = neighbours
        self.asked: list[tuple[int, object]] = []

    def nearest(self, vector: Vector, limit: int, document_ids: object = None) -> list[Neighbour]:
        self.asked.append((limit, document_ids))
        return list(self.neighbours[:limit])

    def ids(self) -> set[str]:
        return {neighbour.passage_id for neighbour in self.neighbours}

    def close(self) -> None:
        pass


def retriever(index: FixedIndex | None = None, candidates: int = 50) -> Retriever:
    return Retriever(embedder=HashingEmbedder(), index=index, candidates=candidates, lexical_weight=2.0, fusion_k=5.0)


@pytest.fixture
def animals(library: Library, put: Put, prepare: Prepare) -> Library:
    put(
        prepare("a.txt", "Otters eat fish.", "Otters sleep in kelp.", title="Animals"),
        prepare("b.txt", "Cats eat mice.", title="Pets"),
    )
    return library


def passage_id(library: Library, text: str) -> str:
    with library.snapshot() as snapshot:
        found = snapshot.passages(sorted(snapshot.passage_ids()))
        return next(name for name, passage in found.items() if passage.text == text)


def test_fusion_adds_weight_over_k_plus_rank() -> None:
    words = {"a": 1, "b": 2}
    vectors = {"b": 1, "c": 2}
    # a: 2/(10+1), b: 2/(10+2) + 1/(10+1), c: 1/(10+2)
    fused = reciprocal_rank_fusion([(words, 2.0), (vectors, 1.0)], 10)
    assert fused == [("b", 2 / 12 + 1 / 11), ("a", 2 / 11), ("c", 1 / 12)]


def test_fusion_breaks_ties_by_id() -> None:
    assert reciprocal_rank_fusion([({"b": 1}, 1.0), ({"a": 1}, 1.0)], 5) == [("a", 1 / 6), ("b", 1 / 6)]


ranks = st.lists(st.sampled_from("abcdef"), unique=True).map(lambda names: {n: r for r, n in enumerate(names, 1)})


@given(ranks, ranks, st.floats(0, 10), st.floats(0.1, 100))
def test_fusion_ranks_each_id_once_best_first(
    one: dict[str, int], two: dict[str, int], weight: float, k: float
) -> None:
    fused = reciprocal_rank_fusion([(one, weight), (two, 1.0)], k)
    assert sorted(name for name, _ in fused) == sorted(one.keys() | two.keys())
    assert fused == sorted(fused, key=lambda item: (-item[1], item[0]))


@given(ranks.filter(bool), ranks)
def test_a_better_rank_never_lowers_a_score(one: dict[str, int], two: dict[str, int]) -> None:
    last = max(one, key=lambda name: one[name])
    before = dict(reciprocal_rank_fusion([(one, 2.0), (two, 1.0)], 5))[last]
    after = dict(reciprocal_rank_fusion([({**one, last: 1}, 2.0), (two, 1.0)], 5))[last]
    assert after > before or isclose(after, before)


@pytest.mark.parametrize(
    ("question", "expression"),
    [
        ("How much did SoftBank invest in 2016?", '"much" OR "softbank" OR "invest" OR "2016"'),
        ("Is it so?", '"is" OR "it" OR "so"'),
        (
            '"quoted" AND NEAR(a b, 2) title:x* -y ^z',
            '"quoted" OR "near" OR "b" OR "2" OR "title" OR "x" OR "y" OR "z"',
        ),
        ("fish Fish FISH", '"fish"'),
        ("snake_case", '"snake" OR "case"'),
        ("?!* 😀", ""),
    ],
)
def test_every_telling_word_of_a_question_is_searched_and_quoted(question: str, expression: str) -> None:
    assert match_expression(question) == expression


HOSTILE = (
    '"',
    "'",
    "*",
    "^",
    "(",
    ")",
    ":",
    "-",
    "+",
    "{",
    "}",
    "NEAR",
    "AND",
    "OR",
    "NOT",
    "\x00",
    "😀",
    "\u0301",
    "a",
)


@pytest.fixture(scope="module")
def fts() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE lexical USING fts5 (title, body, tokenize = 'porter unicode61 remove_diacritics 2')"
    )
    connection.execute("INSERT INTO lexical VALUES ('Otters', 'The otter eats fish.')")
    return connection


@given(
    text=st.text() | st.lists(st.sampled_from(HOSTILE)).map(" ".join) | st.lists(st.sampled_from(HOSTILE)).map("".join)
)
@example(" ".join(f"w{number}" for number in range(1_000)))
@example("a " * 2_000)
def test_no_question_is_an_invalid_expression(fts: sqlite3.Connection, text: str) -> None:
    expression = match_expression(text)
    if expression:
        fts.execute("SELECT rowid FROM lexical WHERE lexical MATCH ? ORDER BY rank", (expression,)).fetchall()


def test_words_are_found_in_any_form_and_case(animals: Library) -> None:
    with animals.snapshot() as snapshot:
        found = lexical_ranking(snapshot, "What does an OTTER sleep on?", 10)
        texts = {name: passage.text for name, passage in snapshot.passages(found).items()}
    assert [texts[name] for name in found] == ["Otters sleep in kelp.", "Otters eat fish."]


def test_a_title_counts_for_each_passage_of_its_document(animals: Library) -> None:
    with animals.snapshot() as snapshot:
        assert lexical_ranking(snapshot, "pets", 10) == [passage_id(animals, "Cats eat mice.")]


def test_a_question_without_a_word_finds_nothing_by_words(animals: Library) -> None:
    with animals.snapshot() as snapshot:
        assert lexical_ranking(snapshot, "?!", 10) == []


def test_a_found_passage_carries_both_ranks_its_similarity_and_score(animals: Library) -> None:
    kelp, mice = passage_id(animals, "Otters sleep in kelp."), passage_id(animals, "Cats eat mice.")
    index = FixedIndex(Neighbour(passage_id=mice, similarity=0.9), Neighbour(passage_id=kelp, similarity=0.5))
    with animals.snapshot() as snapshot:
        found = retriever(index).search(snapshot, "kelp", 10)
    assert [(r.passage.id, r.score, r.lexical_rank, r.dense_rank, r.similarity) for r in found] == [
        (kelp, 2 / 6 + 1 / 7, 1, 2, 0.5),
        (mice, 1 / 6, None, 1, 0.9),
    ]


def test_without_an_index_words_alone_rank(animals: Library) -> None:
    with animals.snapshot() as snapshot:
        found = retriever().search(snapshot, "eat mice", 10)
    assert [(r.passage.text, r.dense_rank, r.similarity) for r in found] == [
        ("Cats eat mice.", None, None),
        ("Otters eat fish.", None, None),
    ]


def test_ids_that_the_library_does_not_know_are_left_out(animals: Library) -> None:
    index = FixedIndex(Neighbour(passage_id="gone", similarity=1.0))
    with animals.snapshot() as snapshot:
        found = retriever(index).search(snapshot, "kelp", 10)
    assert [r.passage.text for r in found] == ["Otters sleep in kelp."]


@pytest.mark.parametrize(("limit", "candidates", "depth"), [(3, 50, 50), (80, 50, 80)])
def test_at_least_as_many_candidates_are_taken_as_are_asked_for(
    animals: Library, limit: int, candidates: int, depth: int
) -> None:
    index = FixedIndex()
    with animals.snapshot() as snapshot:
        retriever(index, candidates).search(snapshot, "kelp", limit, ["a.txt"])
    assert index.asked == [(depth, ["a.txt"])]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 5), question=st.sampled_from(["otters", "eat", "fish kelp mice", "the"]))
def test_a_smaller_limit_gives_the_beginning_of_the_same_ranking(animals: Library, limit: int, question: str) -> None:
    with animals.snapshot() as snapshot:
        search = retriever().search
        assert search(snapshot, question, limit) == search(snapshot, question, 10)[:limit]
