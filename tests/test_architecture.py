"""Watchdogs: what the design says of the code as a whole."""

import ast
import hashlib
import importlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import qa

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "qa"

# docs/modules.md, top to bottom: a module imports only from rows above it.
ORDER = (
    "domain errors bundled_files settings interfaces prompts pricing model_calls parsing corpus splitting snapshot"
    " library_file library writer_lock indexing syncing live_index restriction retrieval gate answering facts quotes"
    " citations answer_text varying condensing model_condensing answer_cache chatbot health adapters api ui"
    " cli_display cli"
).split()
# Where a third party may be imported. Every other distribution that is imported must be in EVERYWHERE.
HOMES = {
    "chromadb": "adapters/chroma_index.py",
    "llama_index": "adapters/",
    "fastembed": "adapters/",
    "tokenizers": "adapters/",
    "onnxruntime": "adapters/",
    "openai": "adapters/",
    "httpx": "adapters/",
    "jiter": "answering/reply.py",
    "rapidfuzz": "quotes/",
    "charset_normalizer": "parsing/",
    "sentencex": "splitting.py",
    "py_rust_stemmers": "answering/",
    "pydantic": "settings.py",
    "pydantic_settings": "settings.py",
    "platformdirs": "settings.py",
    "filelock": "writer_lock.py",
    "typer": "cli.py",
    "rich": "cli_display.py",
    "gradio": "ui/",
    "fastapi": "ui/",
    "starlette": "ui/",
    "uvicorn": "ui/",
}
EVERYWHERE = {"numpy"}
TEXT_SUFFIXES = {
    ".sh",
    ".html",
    ".js",
    ".py",
    ".md",
    ".toml",
    ".json",
    ".jsonl",
    ".css",
    ".txt",
    ".yml",
    ".yaml",
    ".cfg",
    "",
}


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def sources(folder: Path = PACKAGE) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Give the full name of every module that a file imports, wherever the import stands."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            for alias in node.names:
                inner = PACKAGE.parent.joinpath(*node.module.split("."), f"{alias.name}.py")
                yield f"{node.module}.{alias.name}" if inner.is_file() else node.module


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def row_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file() and Path(name).suffix in TEXT_SUFFIXES]


def test_every_public_name_can_be_imported() -> None:
    assert [name for name in qa.__all__ if getattr(qa, name, None) is None] == []


def test_public_names_are_those_that_type_checkers_see() -> None:
    block = next(node for node in tree_of(PACKAGE / "__init__.py").body if isinstance(node, ast.If))
    declared = {alias.name for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    homes = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    wrong = [
        name for name, home in homes.items() if getattr(importlib.import_module(home), name) is not getattr(qa, name)
    ]
    assert (declared, wrong, list(qa.__all__)) == (set(qa.__all__), [], sorted(qa.__all__))


def test_an_unknown_name_of_the_package_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'qa' has no attribute 'nothing'"):
        qa.nothing  # noqa: B018


def test_every_module_has_its_row_on_the_map() -> None:
    table = re.findall(r"^\| (`.*?) \|", (ROOT / "docs" / "modules.md").read_text(encoding="utf-8"), re.MULTILINE)
    rows = {row_of(module_of(path)) for path in sources()} - {"", "__main__"}
    assert (rows, re.findall(r"`(\w+)/?`", " ".join(table))) == (set(ORDER), ORDER)


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_only_from_rows_above_it(path: Path) -> None:
    row = row_of(module_of(path))
    if row in ("", "__main__"):
        return  # the front door and `python -m qa` stand above all rows
    allowed = set(ORDER[: ORDER.index(row) + 1])
    assert [name for name in imported(path) if name.split(".")[0] == "qa" and row_of(name) not in allowed] == []


def test_no_modules_import_each_other_in_a_loop() -> None:
    edges = {module_of(path): {n for n in imported(path) if n.startswith("qa.")} for path in sources()}
    del edges["qa"]
    while leaves := {module for module, needs in edges.items() if not needs & edges.keys() - {module}}:
        edges = {module: needs for module, needs in edges.items() if module not in leaves}
    assert edges == {}


def test_third_parties_stay_at_home() -> None:
    strangers = []
    for path in sources():
        place = path.relative_to(PACKAGE).as_posix()
        for name in {name.split(".")[0] for name in imported(path)} - sys.stdlib_module_names - EVERYWHERE - {"qa"}:
            if not place.startswith(HOMES.get(name, "nowhere")):
                strangers.append(f"{place} imports {name}")
    assert strangers == []


def distribution_of(module: str) -> str:
    """Give the distribution, with underscores, that a module comes from: llama-index has many in one namespace."""
    parts = module.split(".")
    if parts[0] == "llama_index":
        return "_".join(parts[:2] if parts[1] == "core" else parts[:3])
    return parts[0]


def test_every_third_party_of_the_package_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {re.split(r"[<>=!~\[ ]", line)[0].replace("-", "_") for line in project["dependencies"]}
    paths = [*sources(), *sources(ROOT / "eval")]
    used = {distribution_of(name) for path in paths for name in imported(path)} - sys.stdlib_module_names
    used -= {"qa", "eval", "pytest"}  # only pytest loads eval's plugin for it
    assert (used - declared, declared - used) == (set(), set())


def test_the_package_never_imports_the_eval_suite() -> None:
    assert [
        path for path in sources() if {"eval", "bench", "tests", "scripts"} & {n.split(".")[0] for n in imported(path)}
    ] == []


def test_only_settings_reads_the_environment() -> None:
    reading = re.compile(r"os\.getenv|os\.environ(?!\[[^\]]+\] = )|environ\.get")
    assert [path.name for path in sources() if reading.search(path.read_text(encoding="utf-8"))] == ["settings.py"]


def test_only_the_command_line_and_the_page_print() -> None:
    prints = [
        path.name
        for path in sources()
        if row_of(module_of(path)) not in ("cli", "cli_display", "ui")
        and any(isinstance(node, ast.Name) and node.id == "print" for node in ast.walk(tree_of(path)))
    ]
    assert prints == []


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in PACKAGE.glob("models/*/hashes.json")), ids=lambda f: f.name
)
def test_the_files_of_a_shipped_model_match_their_hashes(folder: Path) -> None:
    hashes = json.loads((folder / "hashes.json").read_text(encoding="utf-8"))
    assert {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in hashes} == hashes


def test_no_file_names_a_package_registry_or_a_path_of_this_machine() -> None:
    hosts = ("pypi" + ".org", "files.python" + "hosted", "npm" + "js.org", "hugging" + "face.co")
    paths = ("/ro" + "ot/", "/ho" + "me/", "/wo" + "rk/", "/Us" + "ers/")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked_files()
        for word in (*hosts, *paths)
        if word in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []
