"""A damaged or missing model file is said in one line."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from qa.adapters.local_embedder import LocalEmbedder
from qa.adapters.onnx_reader import OnnxReader
from qa.bundled_files import embedder_folder, reader_folder
from qa.errors import LibraryError


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
@pytest.mark.parametrize("damage", ["missing", "cut off"])
def test_a_damaged_embedder_says_what_to_do(tmp_path: Path, name: str, damage: str) -> None:
    folder = damaged_copy(embedder_folder(), tmp_path, name, damage)
    with pytest.raises(LibraryError, match=r"are not complete; install the package again\.$"):
        LocalEmbedder(folder).embed(["Otters eat fish."])
        LocalEmbedder(folder).count_tokens(["Otters eat fish."])


@pytest.mark.parametrize("damage", ["missing", "cut off"])
def test_a_damaged_reader_says_what_to_do(tmp_path: Path, damage: str) -> None:
    folder = damaged_copy(reader_folder(), tmp_path, "model.onnx", damage)
    reader = OnnxReader(folder, tokenizer_file=embedder_folder() / "tokenizer.json")
    with pytest.raises(LibraryError, match=r"are not complete; install the package again\.$"):
        reader.read("What do otters eat?", ["Otters eat fish."])


def test_threads_that_embed_first_at_once_get_the_same_vectors() -> None:
    embedder = LocalEmbedder(embedder_folder(), threads=1)
    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(lambda _: embedder.embed(["Otters eat fish."]).tolist(), range(4))
    assert others == [first] * 3


def damaged_copy(folder: Path, target: Path, name: str, damage: str) -> Path:
    copy = target / folder.name
    shutil.copytree(folder, copy)
    if damage == "missing":
        (copy / name).unlink()
    else:
        (copy / name).write_bytes((copy / name).read_bytes()[:1000])
    return copy
