"""The model in the package is the one that PROVENANCE.md describes."""

import hashlib
import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "qa" / "models" / "all-minilm-l6-v2"
HASHES = json.loads((FOLDER / "hashes.json").read_text("utf-8"))
SOURCE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@pytest.mark.parametrize("name", sorted(HASHES))
def test_shipped_file_matches_its_hash(name: str) -> None:
    assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == HASHES[name]


def test_every_shipped_file_is_accounted_for() -> None:
    shipped = {path.name for path in FOLDER.iterdir()}
    assert shipped == {*HASHES, "hashes.json", "PROVENANCE.md"}


def test_provenance_names_the_source_and_every_hash() -> None:
    text = (FOLDER / "PROVENANCE.md").read_text("utf-8")
    named = [SOURCE_SHA256, *HASHES.values()]
    assert [sha256 for sha256 in named if sha256 not in text] == []


def test_model_fits_in_25_megabytes() -> None:
    assert (FOLDER / "model.onnx").stat().st_size < 25_000_000


def test_tokenizer_truncates_at_256_tokens() -> None:
    tokenizer = json.loads((FOLDER / "tokenizer.json").read_text("utf-8"))
    config = json.loads((FOLDER / "tokenizer_config.json").read_text("utf-8"))
    limits = (tokenizer["truncation"]["max_length"], config["model_max_length"])
    assert limits == (256, 256)
