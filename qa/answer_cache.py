"""Answers that are remembered while the library does not change, for those who ask for it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from threading import Lock

from qa.domain import NO_USAGE, Answer, Seconds, Turn
from qa.snapshot import Snapshot

_Key = tuple[str, tuple[Turn, ...], str, str | None, str | None]


class AnswerCache:
    """The last answers, by question, history, restriction and the library's state. Safe to share between threads."""

    def __init__(self, capacity: int) -> None:
        """Make it empty; a capacity of 0 remembers nothing."""
        self._capacity = capacity
        self._answers: OrderedDict[_Key, Answer] = OrderedDict()
        self._lock = Lock()

    def key(
        self,
        snapshot: Snapshot,
        question: str,
        history: Sequence[Turn],
        where: Mapping[str, str | Sequence[str]] | None,
    ) -> _Key:
        """Give what an answer depends on besides the settings; another state of the library is another key."""
        restriction = repr(sorted((name, value) for name, value in (where or {}).items()))
        return (question, tuple(history), restriction, snapshot.meta("last_sync"), snapshot.meta("index_generation"))

    def get(self, key: _Key) -> Answer | None:
        """Give the answer, as having taken no time and no tokens; None when there is none."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is None:
                return None
            self._answers.move_to_end(key)
        return replace(answer, usage=NO_USAGE, seconds=Seconds(retrieve=0.0, answer=0.0, total=0.0))

    def put(self, key: _Key, answer: Answer) -> None:
        """Remember an answer, unless something about it is to be told: then the next one may be better."""
        if self._capacity == 0 or answer.notices:
            return
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self._capacity:
                self._answers.popitem(last=False)
