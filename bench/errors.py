"""What can go wrong in a benchmark that the user can mend."""

from qa.errors import QAError


class BenchError(QAError):
    """Raised when a benchmark cannot run; the message says what to do next. Exit code 1."""
