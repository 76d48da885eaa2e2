import pytest

from eval.corpus_texts import CorpusTexts
from qa.errors import CorpusError
from qa.settings import Settings


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_bytes(b"one\r\ntwo")
    (tmp_path / "sub" / "b.md").write_text("# Title")
    return tmp_path


def test_texts_are_those_that_the_library_holds(folder):
    assert dict(CorpusTexts(folder, max_file_bytes=1000)) == {"a.txt": "one\ntwo", "sub/b.md": "# Title"}


def test_an_unknown_document_is_a_key_error(folder):
    with pytest.raises(KeyError):
        CorpusTexts(folder, max_file_bytes=1000)["c.txt"]


def test_a_document_that_cannot_be_read_is_a_key_error(folder):
    texts = CorpusTexts(folder, max_file_bytes=1000)
    (folder / "a.txt").unlink()
    assert texts.get("a.txt") is None


def test_the_hash_changes_with_content_and_with_names(folder):
    hashes = [CorpusTexts(folder, max_file_bytes=1000).corpus_hash()]
    (folder / "a.txt").rename(folder / "c.txt")
    hashes.append(CorpusTexts(folder, max_file_bytes=1000).corpus_hash())
    (folder / "c.txt").write_text("three")
    hashes.append(CorpusTexts(folder, max_file_bytes=1000).corpus_hash())
    assert len(set(hashes)) == 3


def test_the_hash_is_the_same_for_the_same_corpus(folder):
    one, other = (CorpusTexts(folder, max_file_bytes=1000).corpus_hash() for _ in range(2))
    assert one == other


def test_a_missing_corpus_is_reported(tmp_path):
    with pytest.raises(CorpusError, match="does not exist"):
        CorpusTexts(tmp_path / "nowhere", max_file_bytes=1000)


def test_an_index_that_is_kept_in_the_corpus_is_no_document(folder):
    settings = Settings(corpus_dir=folder, data_dir=folder / "index")
    before = CorpusTexts.of(settings).corpus_hash()
    (folder / "index").mkdir()
    (folder / "index" / "state.json").write_text("{}")
    assert CorpusTexts.of(settings).corpus_hash() == before
