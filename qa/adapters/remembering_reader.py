"""A span reader that does not read the same passage for the same question twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from qa.interfaces import Reading, SpanReader


class RememberingReader:
    """Remembers the last readings; safe to share between threads."""

    def __init__(self, inner: SpanReader, capacity: int) -> None:
        """Wrap a reader.

        Args:
            inner: Reads what is not remembered.
            capacity: Readings remembered, at least 1; some 5 KB each.
        """
        self._inner = inner
        self._capacity = capacity
        self._readings: OrderedDict[tuple[str, str], Reading] = OrderedDict()
        self._lock = Lock()

    @property
    def fingerprint(self) -> str:
        """That of the reader within."""
        return self._inner.fingerprint

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """Give one reading a text, in the order of `texts`."""
        with self._lock:
            found = {text: self._readings[question, text] for text in texts if (question, text) in self._readings}
        missing = list(dict.fromkeys(text for text in texts if text not in found))
        read = dict(zip(missing, self._inner.read(question, missing), strict=True))
        with self._lock:
            self._readings.update({(question, text): reading for text, reading in read.items()})
            while len(self._readings) > self._capacity:
                self._readings.popitem(last=False)
        found.update(read)
        return [found[text] for text in texts]
