"""Small charts as inline SVG; colours come from the page's style sheet by class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.metrics import Metric
from eval.reports.page.markup import NOTHING, Content, Markup, element

WIDTH, HEIGHT = 440, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 22, 14, 44
_BAR_WIDTH, _BAR_HEIGHT = 132, 14


@dataclass(frozen=True, kw_only=True, slots=True)
class Axis:
    """One axis of a plot.

    Attributes:
        low: Value at its beginning.
        high: Value at its end; above `low`.
        ticks: Values and how they are written.
        label: What the axis shows.
    """

    low: float
    high: float
    ticks: Sequence[tuple[float, str]]
    label: str

    def share(self, value: float) -> float:
        """Give how far along the axis a value is, 0 to 1."""
        return (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plot:
    """Where values are in a chart."""

    across: Axis
    up: Axis

    def x(self, value: float) -> float:
        """Give the place of a value on the horizontal axis."""
        return round(_LEFT + self.across.share(value) * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        """Give the place of a value on the vertical axis."""
        return round(HEIGHT - _BOTTOM - self.up.share(value) * (HEIGHT - _TOP - _BOTTOM), 1)

    def frame(self) -> list[Markup]:
        """Give the axes: lines, ticks and labels."""
        left, right = self.x(self.across.low), self.x(self.across.high)
        bottom, middle = self.y(self.up.low), (_TOP + HEIGHT - _BOTTOM) / 2
        lines = [_line(left, right, self.y(value), "grid") for value, _ in self.up.ticks]
        marks = [_words(left - 8, self.y(value) + 4, shown, "end") for value, shown in self.up.ticks]
        below = [_words(self.x(value), bottom + 18, shown, "middle") for value, shown in self.across.ticks]
        names = [
            _words((left + right) / 2, HEIGHT - 6, self.across.label, "middle"),
            element(
                "text",
                self.up.label,
                class_="label",
                text_anchor="middle",
                transform=f"translate(12 {middle}) rotate(-90)",
            ),
        ]
        return [*lines, _line(left, right, bottom, "axis"), *marks, *below, *names]


def chart(key: str, title: str, description: str, *contents: Content) -> Markup:
    """Give a chart that says what it shows to those who cannot see it; `key` is unique on the page."""
    return element(
        "svg",
        element("title", title, id=f"{key}-title"),
        element("desc", description, id=f"{key}-text"),
        *contents,
        class_="chart",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
        aria_labelledby=f"{key}-title {key}-text",
    )


def curve(plot: Plot, points: Sequence[tuple[float, float]]) -> Markup:
    """Give a line through points, by x ascending, with the area below it; at one point alone a dot."""
    places = [f"{plot.x(x)} {plot.y(y)}" for x, y in points]
    if len(places) == 1:
        (x, y), *_ = points
        return element("circle", class_="dot", cx=plot.x(x), cy=plot.y(y), r=4)
    bottom = plot.y(plot.up.low)
    area = f"M{plot.x(points[0][0])} {bottom} L{' L'.join(places)} L{plot.x(points[-1][0])} {bottom} Z"
    return element(
        "g", element("path", class_="area", d=area), element("path", class_="curve", d=f"M{' L'.join(places)}")
    )


def column(plot: Plot, low: float, high: float, value: float) -> Markup:
    """Give a histogram's column from `low` to `high`."""
    if value == 0:
        return NOTHING
    x, y = plot.x(low), plot.y(value)
    width, height = round(plot.x(high) - x - 1, 1), round(plot.y(plot.up.low) - y, 1)
    return element("rect", class_="bar", x=x, y=y, width=width, height=height)


def marker(plot: Plot, value: float, words: str, *, before: bool, row: int) -> Markup:
    """Give a vertical line with words `before` or after it, where there is room, in a row counted from the top."""
    x, share = plot.x(value), plot.across.share(value)
    left = share > 0.3 if before else share > 0.7
    side, anchor = (-5, "end") if left else (5, "start")
    line = element("line", class_="marker", x1=x, x2=x, y1=_TOP, y2=plot.y(plot.up.low))
    return element("g", line, _words(x + side, _TOP + 10 + 16 * row, words, anchor))


def interval_bar(metric: Metric) -> Markup:
    """Give a share as a bar with its interval as a line; the numbers stand beside it, so it is silent."""
    middle, width = _BAR_HEIGHT / 2, _BAR_WIDTH
    value, low, high = (round(width * min(max(share, 0), 1), 1) for share in (metric.value, metric.low, metric.high))
    return element(
        "svg",
        element("rect", class_="track", x=0, y=3, width=width, height=_BAR_HEIGHT - 6),
        element("rect", class_="bar", x=0, y=3, width=value, height=_BAR_HEIGHT - 6),
        element("path", class_="whisker", d=f"M{low} {middle} H{high} M{low} 1 V13 M{high} 1 V13"),
        class_="interval",
        viewBox=f"-1 0 {width + 2} {_BAR_HEIGHT}",
        aria_hidden="true",
    )


def _line(left: float, right: float, y: float, name: str) -> Markup:
    return element("line", class_=name, x1=left, x2=right, y1=y, y2=y)


def _words(x: float, y: float, words: str, anchor: str) -> Markup:
    return element("text", words, class_="label", x=round(x, 1), y=round(y, 1), text_anchor=anchor)
