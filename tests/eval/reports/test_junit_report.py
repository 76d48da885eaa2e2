"""The XML, read back."""

import xml.etree.ElementTree as ElementTree

import pytest

from eval.reports.junit import junit_report
from eval.reports.texts import visible
from eval.run_record import RunRecord


def suite_of(record):
    (suite,) = ElementTree.fromstring(junit_report(record))
    return suite


def test_the_suite_counts_its_cases(record):
    suite = suite_of(record)
    assert suite.attrib == {
        **{"name": "seeds", "tests": "5", "failures": "1", "errors": "1", "skipped": "1", "time": "0.600"},
        "timestamp": "2026-01-02T03:04:05+00:00",
    }


def test_each_case_is_a_test_case_named_by_set_and_first_tag(record):
    cases = [(case.get("classname"), case.get("name"), case.get("time")) for case in suite_of(record).iter("testcase")]
    assert cases == [
        *(("seeds.fact", "founder", "0.100"), ("seeds.fact", "wrong", "0.300"), ("seeds.near-miss", "uber", "0.100")),
        *(("seeds.fact", "crash", "0.000"), ("seeds", "judged", "0.100")),
    ]


def test_outcomes_come_with_their_reasons(record):
    outcomes = [(case.get("name"), part.tag, part.get("message")) for case in suite_of(record) for part in case]
    assert [outcome for outcome in outcomes if outcome[1] != "property"] == [
        ("wrong", "failure", "correct: reason for correct"),
        ("crash", "error", "OSError: gone"),
        ("judged", "skipped", "correct: the judge's reply made no sense"),
    ]
    assert suite_of(record).find(".//failure").text == (
        "Question: Who founded Acme?\nExpected: “Ada”\nGot: It was Bob."
    )


def test_metrics_are_properties_with_the_records_values(record):
    properties = {part.get("name"): float(part.get("value")) for part in suite_of(record).iter("property")}
    assert properties == {name: metric.value for name, metric in record.metrics.items()}


def test_hostile_texts_come_back_as_they_were(hostile_record, hostile):
    suite = suite_of(hostile_record)
    cases = list(suite.iter("testcase"))
    assert [case.get("name") for case in cases] == [
        visible(text) for text in (hostile, f"crash {hostile}", f"unscored {hostile}")
    ]
    assert cases[0].find("failure").text.startswith(f"Question: {visible(hostile)}\nExpected: ")
    assert cases[1].find("error").get("message") == visible(hostile)
    junit_report(hostile_record).encode("utf-8")


@pytest.mark.parametrize("character", [chr(code) for code in [*range(32), 0x7F, 0x85, 0xFFFE, 0xFFFF, 0xD800]])
def test_no_character_breaks_the_xml(make_case, make_crashed, make_record, character):
    record = make_record(make_crashed(make_case(id=f"a{character}b"), f"c{character}d"))
    assert suite_of(record).find(".//error").get("message") == visible(f"c{character}d")


def test_a_run_without_cases_is_a_suite_without_cases():
    suite = suite_of(RunRecord(provenance={}, metrics={}, results=()))
    assert (suite.get("name"), suite.get("tests"), list(suite)) == ("cases", "0", [])


def test_the_same_record_gives_the_same_xml(record):
    assert junit_report(record) == junit_report(record)
