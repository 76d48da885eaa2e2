"""What a run's numbers depend on: code, settings, documents, cases, models, versions, machine."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from eval.corpus_texts import CorpusTexts
from qa.answering.extractive import ExtractiveAnswerer
from qa.answering.generative import GenerativeAnswerer
from qa.bundled_files import evidence_file
from qa.corpus import sha256_of
from qa.interfaces import Answerer

if TYPE_CHECKING:
    from qa.chatbot import Chatbot

_DISTRIBUTION = "qa-cited"
_ROOT = Path(__file__).resolve().parent.parent
_SECRET = re.compile(r"(^|_)(key|secret|password|token)$")
# Where the corpus lies on this machine decides nothing, and is nobody's business: its hash is recorded.
_PLACES = {"corpus_dir", "data_dir", "prompts_dir", "prices_file"}


def provenance_of(bot: Chatbot, texts: CorpusTexts, cases: Mapping[str, str], **more: Any) -> dict[str, Any]:
    """Give what a run's numbers depend on, ready for JSON; take it before the run, while it is still true.

    It names no secret, nothing of the environment and no folder. `git` is None outside a checkout of this project.

    Args:
        bot: Who is asked; synced.
        texts: The corpus.
        cases: Where the cases come from: a name, and the hash of what they were read from.
        more: What else to record of the run, such as its workers.
    """
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "git": checkout(),
        "code_sha256": _code_hash(),
        "settings": _settings(bot),
        "corpus": {"documents": len(texts), "sha256": texts.corpus_hash()},
        "cases": dict(cases),
        "embedder": bot.corpus_sync.indexer.embedder.fingerprint,
        "answerer": bot.answerer.name,
        **_models(bot.answerer),
        "packages": _packages(),
        "machine": machine(),
        **more,
    }


def machine() -> dict[str, Any]:
    """Give what of this machine times depend on; not its name."""
    return {"cpus": os.cpu_count(), "python": platform.python_version(), "platform": platform.platform()}


def checkout(folder: Path = _ROOT) -> dict[str, Any] | None:
    """Give commit and whether anything differs from it; None when `folder` is not the top of a checkout."""
    top = _git_says(folder, "rev-parse", "--show-toplevel")
    if top is None or Path(top).resolve() != folder:
        return None  # an installation may lie inside somebody's checkout, whose commit says nothing of ours
    changes = _git_says(folder, "status", "--porcelain")
    return {"commit": _git_says(folder, "rev-parse", "--verify", "HEAD"), "dirty": changes != ""}


def run_key(provenance: Mapping[str, Any]) -> str:
    """Give a hash over all that a run's results depend on: not its date, nor how many cases are asked at a time."""
    lasting = {name: value for name, value in provenance.items() if name not in ("date", "workers")}
    return hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()


def _code_hash() -> str:
    """Give one SHA-256 over the Python files of `qa` and `eval`: a commit says nothing of a changed checkout."""
    digest = hashlib.sha256()
    for path in sorted(path for package in ("qa", "eval") for path in (_ROOT / package).rglob("*.py")):
        digest.update(f"{path.relative_to(_ROOT).as_posix()}\0{sha256_of(path.read_bytes())}\n".encode())
    return digest.hexdigest()


def _git_says(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _models(answerer: Answerer) -> dict[str, Any]:
    """Give what else an answerer's answers depend on: the reader, the evidence model, and the prompts by hash."""
    extractive = answerer.fallback if isinstance(answerer, GenerativeAnswerer) else answerer
    return {
        "reader": extractive.reader.fingerprint if isinstance(extractive, ExtractiveAnswerer) else None,
        "evidence_sha256": sha256_of(evidence_file().read_bytes()),
        "prompts": answerer.prompts.hashes if isinstance(answerer, GenerativeAnswerer) else {},
    }


def _settings(bot: Chatbot) -> dict[str, Any]:
    settings = bot.settings.model_dump(mode="json")
    kept = {name: value for name, value in settings.items() if name not in _PLACES and not _SECRET.search(name)}
    if address := kept.get("openai_base_url"):
        kept["openai_base_url"] = _without_credentials(address)
    return kept


def _without_credentials(address: str) -> str:
    """Give an address without user, password, query and fragment, in which services take keys."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _packages() -> dict[str, str]:
    """Give the versions of this package and of those it requires directly; empty when it is not installed."""
    try:
        required = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return {}
    names = [match[0] for line in required if "extra ==" not in line and (match := re.match(r"[\w.-]+", line))]
    return {name: metadata.version(name) for name in sorted({_DISTRIBUTION, *names})}
