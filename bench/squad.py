"""SQuAD 1.1 as a corpus: each paragraph a document of its own."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from bench.errors import BenchError
from eval.benchmarks.benchmark import evenly
from eval.benchmarks.corpus_files import write_documents
from eval.benchmarks.squad_files import Squad, SquadQuestion, load_squad

__all__ = [
    "Squad",
    "SquadQuestion",
    "corpus_key",
    "evenly",
    "load_development_split",
    "load_squad",
    "write_corpus",
]


def load_development_split(bench: Path) -> Squad:
    """Read the SQuAD 1.1 development split from the folder of public benchmark data.

    Raises:
        BenchError: The file is not there, or is not a SQuAD file with at least one question.
    """
    path = bench / "squad" / "dev-v1.1.public.json"
    try:
        squad = load_squad(path)
    except OSError as error:
        raise BenchError(
            f"{path} cannot be read ({error.strerror}); give the folder of the benchmark data with --bench."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BenchError(f"{path} is not a SQuAD file ({error!r}); fetch it again.") from error
    if not squad.questions:
        raise BenchError(f"{path} holds no questions; fetch it again.")
    return squad


def write_corpus(squad: Squad, folder: Path) -> None:
    """Write each paragraph to its file under `folder`; a file that holds it already is not touched."""
    write_documents(squad.paragraphs, folder)


def corpus_key(squad: Squad) -> str:
    """Give a short name for these paragraphs, so that indexes of different files never share a folder."""
    texts = json.dumps(squad.paragraphs, sort_keys=True)
    return f"squad-{hashlib.sha256(texts.encode()).hexdigest()[:8]}"
