"""A run as one HTML file that needs nothing else: no request leaves it, and no text of the run is markup in it."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib import resources
from string import Template

from eval.comparison import Comparison
from eval.reports.outcomes import counts_sentence, run_title
from eval.reports.page.cases import anchors_of, cases_section
from eval.reports.page.changes import changes_section
from eval.reports.page.charts import charts_section
from eval.reports.page.markup import NOTHING, Content, Markup, element, joined
from eval.reports.page.metrics import metrics_section, tags_section, tiles
from eval.reports.page.provenance import checkout_warning, provenance_section, short_origin
from eval.reports.summary import verdict_sentence
from eval.run_record import RunRecord


def html_report(record: RunRecord, comparison: Comparison | None = None) -> str:
    """Give the page: the same text for the same record.

    Args:
        record: The run.
        comparison: Of a run before with this one; its changes and flipped cases then stand first.
    """
    script = _asset("report.js")
    title = run_title(record.provenance)
    return Template(_asset("page.html")).substitute(
        policy=_policy(script),
        title=element("title", f"Evaluation of {title}").html,
        style=_asset("report.css"),
        heading=_heading(record, title).html,
        main=joined(_sections(record, comparison)).html,
        script=script,
    )


def _policy(script: str) -> str:
    """Give a Content-Security-Policy: no request, no form, one script, known by its hash."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        "default-src 'none'; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


@cache
def _asset(name: str) -> str:
    return (resources.files("eval.reports.page") / "assets" / name).read_text(encoding="utf-8")


def _heading(record: RunRecord, title: str) -> Markup:
    origin = short_origin(record.provenance)
    account = f"{counts_sentence(record.results)}{f' · {origin}' if origin else ''}"
    return joined(
        [
            element("p", "Evaluation", class_="kicker"),
            element("h1", title),
            element("p", account, class_="aside"),
            checkout_warning(record.provenance),
        ]
    )


def _sections(record: RunRecord, comparison: Comparison | None) -> list[Markup]:
    changes = NOTHING
    if comparison is not None:
        verdict = element("p", _kept_together(verdict_sentence(comparison)), class_="sentence")
        changes = _section(
            "changes", "Against the run before", verdict, changes_section(comparison, anchors_of(record.results))
        )
    return [
        changes,
        _section("headline", "In short", tiles(record.metrics)) if tiles(record.metrics) != NOTHING else NOTHING,
        _section("metrics", "Metrics", metrics_section(record.metrics, record.results)),
        _section("tags", "By tag", tags_section(record.results)),
        _section("charts", "Confidence and time", charts_section(record.results)),
        _section("list", "Cases", cases_section(record.results)),
        _section("provenance", "Where the numbers come from", provenance_section(record.provenance)),
    ]


def _kept_together(sentence: str) -> str:
    """Give the sentence with no line break between a number and its unit."""
    return re.sub(r"(?<=\d) (?=%|pp\b|s\b)", "\N{NO-BREAK SPACE}", sentence)


def _section(key: str, heading: str, *contents: Content) -> Markup:
    return element("section", element("h2", heading, id=f"{key}-heading"), *contents, aria_labelledby=f"{key}-heading")
