"""HTML that cannot be broken out of: text is data and is escaped, and only `Markup` passes as it is."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

from eval.reports.texts import visible

_VOID = frozenset({"br", "input"})


@dataclass(frozen=True, slots=True)
class Markup:
    """HTML that this package has made."""

    html: str


NOTHING = Markup("")

Content = str | Markup
Value = str | int | float | bool | None


def element(tag: str, *contents: Content, **attributes: Value) -> Markup:
    """Give an element; strings among its contents, and its attributes' values, are escaped.

    Args:
        tag: Its name; a constant of ours, as the names of the attributes are.
        contents: What is in it, in order.
        attributes: `class_` stands for `class`, `data_tags` for `data-tags`; None and False leave one out.
    """
    opening = f"<{tag}{''.join(_attribute(name, value) for name, value in attributes.items())}>"
    return Markup(opening if tag in _VOID else f"{opening}{joined(contents).html}</{tag}>")


def joined(contents: Iterable[Content], separator: str = "") -> Markup:
    """Give contents one after the other."""
    return Markup(_escaped(separator).join(_html(content) for content in contents))


def table(caption: str, columns: Iterable[str], rows: Iterable[Iterable[Content]], class_: str = "") -> Markup:
    """Give a table whose rows begin with a heading; a narrow screen can scroll it sideways, with the keyboard too."""
    head = element("tr", *(element("th", column, scope="col") for column in columns))
    body = [_row(list(cells)) for cells in rows]
    parts = (element("caption", caption), element("thead", head), element("tbody", *body))
    shown = element("table", *parts, class_=class_ or None)
    return element("div", shown, class_="wide", tabindex=0, role="group", aria_label=caption)


def details(summary: Content, *contents: Content, class_: str | None = None) -> Markup:
    """Give contents that open when their summary is pressed."""
    return element("details", element("summary", summary), *contents, class_=class_)


def _row(cells: list[Content]) -> Markup:
    return element("tr", element("th", cells[0], scope="row"), *(element("td", cell) for cell in cells[1:]))


def _html(content: Content) -> str:
    return content.html if isinstance(content, Markup) else _escaped(content)


def _escaped(text: str) -> str:
    return html.escape(visible(text), quote=False)


def _attribute(name: str, value: Value) -> str:
    if value is None or value is False:
        return ""
    named = name.rstrip("_").replace("_", "-")
    return f" {named}" if value is True else f' {named}="{html.escape(visible(str(value)))}"'
