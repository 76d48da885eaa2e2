"""`--set passage_tokens=128,256` → the settings of each row."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qa.errors import SettingsError
from qa.settings import Settings, load_settings

INDEXED = ("passage_tokens", "overlap_tokens", "embedding")
"""Settings that need an index of their own."""
SEARCHED = ("candidates", "lexical_weight", "fusion_k", "model_passages", "model_passage_tokens")
"""Settings of the search, and of what a chat model would be sent; they reuse an index."""
ANSWERED = ("passages_read", "refusal", "max_statements", "model")
"""Settings that change the answers alone."""
SWEPT = (*INDEXED, *SEARCHED, *ANSWERED)
"""Settings that can be compared."""

DEFAULT_GRID: Mapping[str, Sequence[str]] = {
    "passage_tokens": ("96", "160", "256", "400"),
    "overlap_tokens": ("0", "1/8"),
    "lexical_weight": ("0.5", "1", "2"),
}
"""What is compared when nothing is said; an overlap may be a share of the passage."""

_MOST_ROWS = 500
_SHARE = re.compile(r"(\d+)\s*/\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Setup:
    """The settings of one row.

    Attributes:
        settings: All of them; `data_dir` is not used.
        chosen: Those that the grid sets, by name.
        present: Whether this is what is in use now.
    """

    settings: Settings
    chosen: Mapping[str, Any]
    present: bool = False

    @property
    def line(self) -> str:
        """The environment variables that choose this row: "QA_PASSAGE_TOKENS=160 QA_OVERLAP_TOKENS=20"."""
        return " ".join(f"QA_{name.upper()}={written(value)}" for name, value in self.chosen.items())


def settings_grid(base: Settings, assignments: Sequence[str] = (), *, answers: bool) -> list[Setup]:
    """Give every combination of the values, each once; the settings in use now are always among them.

    Args:
        base: The settings in use now; what the grid does not set is taken from them.
        assignments: "name=value,value"; a later one of the same name adds to it. None at all takes `DEFAULT_GRID`.
        answers: Whether answers will be scored.

    Raises:
        SettingsError: A setting is unknown or makes no difference here, a value is missing or out of its range, or
            there are more than 500 rows.
    """
    grid = _parsed(assignments) if assignments else DEFAULT_GRID
    idle = [name for name in grid if name in ANSWERED and not answers]
    if idle:
        raise SettingsError(f"The setting {idle[0]!r} changes the answers alone; compare it with --answers.")
    combinations = [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]
    if len(combinations) > _MOST_ROWS:
        raise SettingsError(f"The grid has {len(combinations):,} rows; compare at most {_MOST_ROWS} at a time.")
    present = Setup(base, {name: getattr(base, name) for name in grid}, present=True)
    setups = {_key(present): present}
    for combination in combinations:
        setup = _setup(base, combination)
        setups.setdefault(_key(setup), setup)
    return list(setups.values())


def written(value: Any) -> str:
    """Give a value as one types it: 2.0 as "2"."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _parsed(assignments: Sequence[str]) -> dict[str, list[str]]:
    grid: dict[str, list[str]] = {}
    for assignment in assignments:
        name, equals, values = assignment.partition("=")
        name = name.strip().lower()
        if name not in SWEPT:
            raise SettingsError(f"There is no setting {name!r} to compare; choose among: {', '.join(SWEPT)}.")
        parts = [part.strip() for part in values.split(",")]
        if not equals or not all(parts):
            raise SettingsError(f"{assignment!r} lacks a value; write it as --set {name}=VALUE,VALUE.")
        grid.setdefault(name, []).extend(parts)
    return grid


def _setup(base: Settings, combination: Mapping[str, str]) -> Setup:
    given = {name: getattr(base, name) for name in base.model_fields_set}
    try:
        sized = load_settings(**{**given, "overlap_tokens": 0, **_without(combination, "overlap_tokens")})
        overlap = combination.get("overlap_tokens", str(base.overlap_tokens))
        settings = load_settings(
            **{**given, **combination, "overlap_tokens": _in_tokens(overlap, sized.passage_tokens)}
        )
    except SettingsError as error:
        chosen = " ".join(f"{name}={value}" for name, value in combination.items())
        hint = "" if "overlap_tokens" in combination or "overlap" not in str(error) else _OVERLAP_HINT
        raise SettingsError(f"With {chosen}: {_uncapitalised(str(error))}{hint}") from None
    return Setup(settings, {name: getattr(settings, name) for name in combination})


_OVERLAP_HINT = " Set it too, as with --set overlap_tokens=1/8."


def _in_tokens(overlap: str, passage_tokens: int) -> str:
    """Give an overlap in tokens; "1/8" is a share of the passage, rounded down."""
    share = _SHARE.fullmatch(overlap)
    if share is None or int(share[2]) == 0:
        return overlap  # the settings say what is wrong with it, if anything is
    return str(passage_tokens * int(share[1]) // int(share[2]))


def _without(combination: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in combination.items() if key != name}


def _uncapitalised(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _key(setup: Setup) -> tuple[Any, ...]:
    return tuple(getattr(setup.settings, name) for name in SWEPT)
