"""What tokens cost: a small dated table, and whatever the user puts in its place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.bundled_files import prices_file
from qa.domain import NO_USAGE, Usage
from qa.errors import SettingsError
from qa.interfaces import ReplyEnd

_PER = 1_000_000


@dataclass(frozen=True, slots=True)
class PriceTable:
    """US dollars for a million tokens read and written, by model name."""

    prices: dict[str, tuple[float, float]]

    def usage(self, model: str, ends: Sequence[ReplyEnd | None]) -> Usage:
        """Give tokens and dollars of some calls, each by how it ended; unknown where one did not say, or has no end."""
        if not ends:
            return NO_USAGE
        read = [None if end is None else end.input_tokens for end in ends]
        written = [None if end is None else end.output_tokens for end in ends]
        if None in read or None in written:
            return Usage(input_tokens=None, output_tokens=None, cost_usd=None)
        tokens = sum(each or 0 for each in read), sum(each or 0 for each in written)
        if tokens == (0, 0):  # no service took a request on
            return NO_USAGE
        return Usage(input_tokens=tokens[0], output_tokens=tokens[1], cost_usd=self.cost(model, *tokens))

    def cost(self, model: str, input_tokens: int, output_tokens: int) -> float | None:
        """Give US dollars; None when the table does not have the model. A dated name counts as its undated one."""
        known = [name for name in self.prices if model == name or model.startswith(f"{name}-20")]
        if not known:
            return None
        read, written = self.prices[max(known, key=len)]
        return (input_tokens * read + output_tokens * written) / _PER


def load_prices(own: Path | None = None) -> PriceTable:
    """Read the prices that came with the package; those of the file `own` add to them or take their place.

    Raises:
        SettingsError: `own` cannot be read, or is no table of prices.
    """
    prices = _read(prices_file())
    if own is not None:
        try:
            prices |= _read(own)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise SettingsError(
                f'The price file {own} cannot be used ({error!r}); write {{"prices": {{"MODEL": [INPUT, OUTPUT]}}}} '
                "with US dollars for a million tokens."
            ) from error
    return PriceTable(prices)


def _read(path: Path) -> dict[str, tuple[float, float]]:
    table = json.loads(path.read_text(encoding="utf-8"))["prices"]
    prices = {str(name): (float(read), float(written)) for name, (read, written) in table.items()}
    if any(not price >= 0 for pair in prices.values() for price in pair):
        raise ValueError("a price is below zero")
    return prices
