"""What a statement says that none of its quotes does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.facts.amounts import Amount, amounts_in, holds_amount
from qa.facts.counting import counted_otherwise
from qa.facts.dates import Date, dates_in, holds_date
from qa.facts.names import Wording, missing_names, wording_of


def unsupported_facts(statement: str, quotes: Sequence[str]) -> list[str]:
    """Give the numbers, amounts, dates and names of a statement that none of its quotes holds, in order.

    Numbers are compared by value ("$4.4 billion" is "4,400,000,000 dollars", "three" is "3"; "one" is a number where
    the quotes count the same noun), dates by their parts,
    names by the stem of each word or by their initials ("UN"). Empty when all are there.

    Args:
        statement: One sentence of an answer.
        quotes: What it rests on; a document's title may be one of them.
    """
    quoted = "\n.\n".join(quotes)
    said, held = _facts(statement), _facts(quoted)
    years = {date.year for date in held.dates}
    bare = {amount.value for amount in held.amounts if amount.unit is None}
    missing = [date.span for date in said.dates if not holds_date(held.dates, date, years | bare)]
    missing += [
        amount.span
        for amount in said.amounts
        if not holds_amount(held.amounts, amount, said.amounts, years)
        # "One of the largest" counts nothing.
        and (
            amount.span.of(statement).lower() != "one"
            or counted_otherwise(statement, amount.span, quoted, held.amounts)
        )
    ]
    missing += missing_names(statement, said.wording.names, held.wording)
    return [span.of(statement) for span in sorted(missing, key=lambda span: span.start)]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What can be checked of a text."""

    amounts: list[Amount]
    dates: list[Date]
    wording: Wording


def _facts(text: str) -> _Facts:
    dates = dates_in(text)
    taken = [date.span for date in dates]
    amounts = amounts_in(text, taken)
    taken += [amount.span for amount in amounts]
    return _Facts(amounts=amounts, dates=dates, wording=wording_of(text, taken))
