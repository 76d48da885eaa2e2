"""What a statement says that its quotes do not: numbers, dates, names, and what is negated."""

from __future__ import annotations

from qa.facts.negation import denies, negation_differs
from qa.facts.unsupported import unsupported_facts

__all__ = ["denies", "negation_differs", "unsupported_facts"]
