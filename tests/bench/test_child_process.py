"""`bench/child.py` and `bench/worker.py`: what runs in processes of its own."""

import json
import os
from pathlib import Path

import pytest

from bench.child import run_python
from bench.errors import BenchError
from bench.worker import sync
from qa.chatbot import Chatbot


def test_output_input_time_and_memory_are_those_of_the_child() -> None:
    script = "import sys, time; time.sleep(0.2); x = bytearray(b'x') * 300_000_000; print(sys.stdin.read())"
    run = run_python(["-c", script], stdin="héllo")
    assert run.stdout == "héllo\n"
    assert run.wall >= 0.2
    assert 0 < run.cpu
    assert 300 <= run.peak_mb


def test_the_users_settings_do_not_reach_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QA_THREADS", "7")
    shown = run_python(["-c", "import os; print('QA_THREADS' in os.environ, os.getcwd())"]).stdout
    assert shown == f"False {Path(__file__).resolve().parents[2]}{os.linesep}"


def test_a_failure_is_reported_with_its_last_line() -> None:
    with pytest.raises(BenchError, match=r"ended with 1 \(ValueError: too bad\)"):
        run_python(["-c", "raise ValueError('too bad')"])


def test_the_parent_stays_small() -> None:
    """Linux counts the parent's memory at the fork as the child's."""
    heavy = ("numpy", "chromadb", "fastembed", "onnxruntime", "llama_index", "gradio")
    script = f"import sys, bench.cost; print([name for name in {heavy!r} if name in sys.modules])"
    assert run_python(["-c", script]).stdout.strip() == "[]"


def test_a_second_sync_embeds_nothing(bot: Chatbot) -> None:
    first, again = sync(bot), sync(bot)
    assert (first["passages"], first["embedded"], first["failed"]) == (3, 3, 0)
    assert (again["passages"], again["embedded"], again["failed"]) == (3, 0, 0)


def test_the_worker_gives_the_seconds_of_each_answer(corpus: Path, tmp_path: Path) -> None:
    words = ["-m", "bench.worker", "ask", str(corpus), str(tmp_path / "data")]
    questions = json.dumps([{"question": "What does the otter eat?", "history": []}])
    (seconds,) = json.loads(run_python(words, stdin=questions).stdout)
    assert set(seconds) == {"read", "retrieve", "answer", "total", "cpu"}
    assert seconds["read"] > 0
    assert seconds["read"] + seconds["retrieve"] + seconds["answer"] <= seconds["total"]
