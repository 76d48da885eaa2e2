"""What a run's numbers depend on, for those who want to trace or repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eval.reports.page.markup import NOTHING, Markup, details, element, table

_NAMES = {
    "git": "Checkout",
    "code_sha256": "Code, SHA-256",
    "evidence_sha256": "Evidence model, SHA-256",
    "sha256": "SHA-256",
}
_FOLDED = ("settings", "packages")


def checkout_warning(provenance: Mapping[str, Any]) -> Markup:
    """Give a warning where the commit does not say what code was run; nothing where it does."""
    git = provenance.get("git")
    if not isinstance(git, Mapping) or not git.get("commit"):
        return _warning("No commit is known for this run. The hash of its code, below, tells what was run.")
    if git.get("dirty"):
        return _warning(
            "Uncommitted changes. This run was made with files that differ from its commit, so the commit alone "
            "does not give these numbers again. The hash of its code, below, tells what was run."
        )
    return NOTHING


def short_origin(provenance: Mapping[str, Any]) -> str:
    """Give "2026-11-25 02:03 · commit e7cbc184d4b9, changed"; what is not known is left out."""
    date = str(provenance.get("date") or "")[:16].replace("T", " ")
    git = provenance.get("git")
    commit = ""
    if isinstance(git, Mapping) and git.get("commit"):
        commit = f"commit {str(git['commit'])[:12]}{', changed' if git.get('dirty') else ''}"
    return " · ".join(filter(None, (f"{date} UTC" if date else "", commit)))


def provenance_section(provenance: Mapping[str, Any]) -> Markup:
    """Give everything that is recorded of a run, whatever it is."""
    if not provenance:
        return element("p", "Nothing is recorded of how this run was made.")
    plain = {name: value for name, value in provenance.items() if not isinstance(value, Mapping)}
    nested = {name: value for name, value in provenance.items() if isinstance(value, Mapping) and value}
    tables = [
        _table("The run", plain),
        *(_table(_name(name), value) for name, value in nested.items() if name not in _FOLDED),
    ]
    folded = [
        details(f"{_name(name)} ({len(nested[name])})", _table(_name(name), nested[name]))
        for name in _FOLDED
        if name in nested
    ]
    return element("div", element("div", *tables, class_="columns"), *folded, class_="provenance")


def _warning(words: str) -> Markup:
    first, _, rest = words.partition(". ")
    return element("p", element("strong", f"{first}."), f" {rest}", class_="warning", role="note")


def _table(caption: str, values: Mapping[str, Any]) -> Markup:
    rows = [(_name(str(name)), element("code", _shown(value))) for name, value in values.items()]
    return table(caption, ("What", "Value"), rows) if rows else NOTHING


def _name(name: str) -> str:
    words = name.replace("_", " ")
    return _NAMES.get(name, words[:1].upper() + words[1:])


def _shown(value: Any) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return ", ".join(f"{name}: {_shown(item)}" for name, item in value.items()) or "none"
        case list() | tuple():
            return ", ".join(map(_shown, value)) or "none"
        case _:
            return str(value)
