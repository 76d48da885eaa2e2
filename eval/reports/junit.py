"""A run as JUnit XML, which build servers read: a test case a case."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import PurePath

from eval.reports.outcomes import (
    case_set_of,
    expected_of,
    failure_of,
    got_of,
    outcome_of,
    unscored_reason,
)
from eval.reports.texts import visible
from eval.results import CaseResult
from eval.run_record import RunRecord


def junit_report(record: RunRecord) -> str:
    """Give the XML: failed cases as failures, crashed ones as errors, those that could not be scored as skipped."""
    name = PurePath(case_set_of(record.provenance)).stem
    counted = Counter(map(outcome_of, record.results))
    counts = {
        "tests": str(len(record.results)),
        "failures": str(counted["failed"]),
        "errors": str(counted["crashed"]),
        "skipped": str(counted["not scored"]),
        "time": f"{sum(result.seconds or 0 for result in record.results):.3f}",
    }
    suites = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(suites, "testsuite", {"name": visible(name), **counts, **_timestamp(record)})
    _add_properties(suite, record)
    for result in record.results:
        _add_case(suite, name, result)
    ElementTree.indent(suites)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(suites, encoding="unicode")}\n'


def _timestamp(record: RunRecord) -> dict[str, str]:
    date = record.provenance.get("date")
    return {"timestamp": visible(str(date))} if date else {}


def _add_properties(suite: ElementTree.Element, record: RunRecord) -> None:
    """Add each metric's value, so that a build server can draw it."""
    if record.metrics:
        properties = ElementTree.SubElement(suite, "properties")
        for name, metric in record.metrics.items():
            ElementTree.SubElement(properties, "property", {"name": visible(name), "value": repr(metric.value)})


def _add_case(suite: ElementTree.Element, name: str, result: CaseResult) -> None:
    tags = result.case.tags[:1]
    case = ElementTree.SubElement(
        suite,
        "testcase",
        {
            "classname": visible(".".join((name, *tags))),
            "name": visible(result.case.id),
            "time": f"{result.seconds or 0:.3f}",
        },
    )
    match outcome_of(result):
        case "failed":
            _add_outcome(case, "failure", failure_of(result) or "", _account(result))
        case "crashed":
            _add_outcome(case, "error", result.error or "", _account(result))
        case "not scored":
            _add_outcome(case, "skipped", unscored_reason(result))


def _add_outcome(case: ElementTree.Element, kind: str, reason: str, account: str = "") -> None:
    outcome = ElementTree.SubElement(case, kind, {"message": visible(reason)})
    outcome.text = visible(account) or None


def _account(result: CaseResult) -> str:
    lines = (f"Question: {result.case.question}", f"Expected: {expected_of(result.case)}", f"Got: {got_of(result)}")
    return "\n".join(lines)
