"""What a chat model claims to be a quote → the exact characters of the passage, and whether they support a statement.

Code decides here what a model may claim, so each step would rather miss a true quote than take an altered one: what is
not found is repaired with `closest_sentence` or shown as unverified, but what is wrongly found would be believed.
"""

from __future__ import annotations

from qa.quotes.finding import find_quote
from qa.quotes.support import closest_sentence, has_words, is_supported, speaks_of_the_same

__all__ = ["closest_sentence", "find_quote", "has_words", "is_supported", "speaks_of_the_same"]
