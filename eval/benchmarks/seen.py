"""What the shipped reader was trained on, so that figures on other questions can be told apart.

The rules are those of `training/reader_data.py`, which is no part of the package; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from eval.benchmarks.files import read_json, understood

# Of the sorted articles, every third is held out; of the questions, in the order of their file, every fifth.
_ARTICLES_EVERY, _QUESTIONS_EVERY = 3, 5

READER_SAW_CLAPNQ = False
"""Whether the shipped reader's training data had four fifths of ClapNQ; its model card says so."""


def unseen_articles(folder: Path) -> set[str]:
    """Give the titles of the articles of SQuAD's public development files that the reader was not trained on.

    Args:
        folder: Of the benchmark data. Both files count: an article of 2.0 that is held out is held out of 1.1 too.

    Raises:
        BenchmarkError: One of the two files cannot be read, or is not SQuAD's.
    """
    older, newer = (_articles(folder / "squad" / f"dev-v{version}.public.json") for version in ("1.1", "2.0"))
    return held_out(newer) | held_out(older - newer)


def held_out(articles: Set[str]) -> set[str]:
    """Give every third article, in the order of their titles."""
    return set(sorted(articles)[::_ARTICLES_EVERY])


def question_is_seen(number: int) -> bool:
    """Tell whether training took the question at this place, from 0, of its file: it takes four of five."""
    return number % _QUESTIONS_EVERY != 0


def _articles(path: Path) -> set[str]:
    plain = read_json(path)
    with understood(path):
        return {
            article["title"]
            for article in plain["data"]
            if any(paragraph["qas"] for paragraph in article["paragraphs"])
        }
