"""`bench/squad.py`."""

from pathlib import Path

import pytest

from bench.errors import BenchError
from bench.squad import corpus_key, evenly, load_development_split, write_corpus


def test_each_paragraph_is_a_document_named_after_its_article(bench_folder: Path) -> None:
    assert load_development_split(bench_folder).paragraphs == {
        "Otter/000.txt": "The otter eats fish and crabs.",
        "Otter/001.txt": "A sea otter sleeps on its back in the kelp.",
        "AC_DC/000.txt": "The band formed in Sydney in 1973.",
    }


def test_each_question_knows_its_paragraph_and_its_article(bench_folder: Path) -> None:
    questions = load_development_split(bench_folder).questions
    assert [(item.text, item.document_id, item.article) for item in questions] == [
        ("What does the otter eat?", "Otter/000.txt", "Otter"),
        ("Who eats crabs?", "Otter/000.txt", "Otter"),
        ("Where does a sea otter sleep?", "Otter/001.txt", "Otter"),
        ("In which city did the band form?", "AC_DC/000.txt", "AC/DC"),
    ]


@pytest.mark.parametrize("content", [None, "no JSON", '{"data": [{"title": "x"}]}', "[]", '{"data": []}'])
def test_a_file_that_cannot_be_used_is_reported_with_what_to_do(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "squad" / "dev-v1.1.public.json"
    if content is not None:
        path.parent.mkdir()
        path.write_text(content, "utf-8")
    with pytest.raises(BenchError, match=r"dev-v1\.1\.public\.json .*(give|fetch)"):
        load_development_split(tmp_path)


def test_only_files_that_differ_are_written(bench_folder: Path, tmp_path: Path) -> None:
    squad, folder = load_development_split(bench_folder), tmp_path / "corpus"
    write_corpus(squad, folder)
    torn, whole = folder / "Otter" / "000.txt", folder / "Otter" / "001.txt"
    torn.write_text("The otter", "utf-8")
    before = whole.stat().st_mtime_ns
    write_corpus(squad, folder)
    assert torn.read_text("utf-8") == squad.paragraphs["Otter/000.txt"]
    assert whole.stat().st_mtime_ns == before


def test_other_paragraphs_have_another_key(bench_folder: Path) -> None:
    squad = load_development_split(bench_folder)
    key = corpus_key(squad)
    squad.paragraphs["Otter/000.txt"] += " It swims."
    assert key != corpus_key(squad)


@pytest.mark.parametrize(
    ("most", "chosen"), [(None, [0, 1, 2, 3, 4, 5]), (9, [0, 1, 2, 3, 4, 5]), (3, [0, 2, 4]), (1, [0])]
)
def test_a_limit_takes_items_from_the_whole_length(most: int | None, chosen: list[int]) -> None:
    assert evenly(range(6), most) == chosen
