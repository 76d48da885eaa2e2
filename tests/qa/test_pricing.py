"""Tokens become dollars by a table that a user can add to."""

import json
from pathlib import Path

import pytest

from qa.domain import NO_USAGE, Usage
from qa.errors import SettingsError
from qa.pricing import load_prices


def test_a_million_tokens_each_way_cost_both_prices() -> None:
    assert load_prices().cost("gpt-4.1-mini", 1_000_000, 1_000_000) == pytest.approx(2.0)


def test_a_dated_name_has_the_price_of_its_undated_one() -> None:
    prices = load_prices()
    assert prices.cost("gpt-4.1-mini-2025-04-14", 1000, 0) == prices.cost("gpt-4.1-mini", 1000, 0)


def test_an_unknown_model_has_no_price() -> None:
    assert load_prices().cost("llama3.1", 1000, 1000) is None


def test_a_users_prices_add_to_the_shipped_ones_and_replace_them(tmp_path: Path) -> None:
    own = tmp_path / "prices.json"
    own.write_text(json.dumps({"prices": {"llama3.1": [0, 0], "gpt-4.1": [1, 1]}}))
    prices = load_prices(own)
    costs = [prices.cost(name, 1_000_000, 0) for name in ("llama3.1", "gpt-4.1", "gpt-4o")]
    assert costs == [0.0, 1.0, 2.5]


@pytest.mark.parametrize("content", ["", "[]", '{"prices": {"a": 1}}', '{"prices": {"a": [-1, 0]}}'])
def test_a_file_that_is_no_table_says_what_one_looks_like(tmp_path: Path, content: str) -> None:
    own = tmp_path / "prices.json"
    own.write_text(content)
    with pytest.raises(SettingsError, match=r'write {"prices": {"MODEL": \[INPUT, OUTPUT\]}}'):
        load_prices(own)


def test_usage_adds_up_and_what_is_unknown_stays_so() -> None:
    one = Usage(input_tokens=2000, output_tokens=10, cost_usd=0.5)
    assert one.plus(one) == Usage(input_tokens=4000, output_tokens=20, cost_usd=1.0)
    assert one.plus(Usage(input_tokens=None, output_tokens=None, cost_usd=None)).in_words() == "tokens not told"
    assert (one.in_words(), NO_USAGE.in_words()) == ("2,000 tokens read, 10 written, $0.5000", "")
