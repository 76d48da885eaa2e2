"""Answers that users rated on the chat page → drafts of cases."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from eval.cases import CaseError, Evidence
from eval.drafting.drafts import Draft
from eval.scorers.answers import without_markers
from qa.ui.feedback import CitedPlace, Feedback

_log = logging.getLogger(__name__)
_FEEDBACK = TypeAdapter(Feedback)


def feedback_cases(path: Path, texts: Mapping[str, str]) -> list[Draft]:
    """Give a draft for each rated answer, in the order of the ratings; of several ratings of one, the last counts.

    A liked answer becomes a draft with its quotes as evidence and its short answer, or else its whole text as a
    reference; a liked "not found" an unanswerable one. A disliked answer becomes a draft without an answer, which a
    person must complete. Lines that cannot be read are passed over, and told in the log.

    Args:
        path: The file that the page writes: `qa.ui.feedback.FEEDBACK_FILE` in the data folder.
        texts: Document texts by document id; a quote that is no longer there is no evidence.

    Raises:
        CaseError: The file cannot be read.
    """
    last: dict[object, Feedback] = {}
    for feedback in _read(path):
        key = (feedback.question, feedback.history, feedback.text)
        last.pop(key, None)
        last[key] = feedback
    return [_draft(each, texts) for each in last.values() if each.verdict != "withdrawn"]


def _read(path: Path) -> Iterator[Feedback]:
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CaseError(
            f"The ratings {path} cannot be read ({reason}); rate answers on the page of `qa chat` first."
        ) from error
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                yield _FEEDBACK.validate_json(line)
        except ValidationError:  # cut short by a full disk, or written by another program
            _log.warning("%s, line %d, is no rating and is passed over.", path, number)


def _draft(feedback: Feedback, texts: Mapping[str, str]) -> Draft:
    places = [_evidence(cited, texts) for cited in feedback.citations]
    evidence = tuple(place for place in places if place is not None)
    told = without_markers(feedback.text)
    lost = "" if len(evidence) == len(places) else " Some of its quotes are no longer in the documents."
    if feedback.verdict == "disliked":
        return Draft(
            question=feedback.question,
            history=feedback.history,
            source=evidence[0] if evidence else None,
            tags=("feedback", "disliked"),
            check=f"A user disliked the answer “{told}”. Say what is right.{lost}",
        )
    refused = feedback.status == "not_found"
    short = (feedback.short_answer,) if feedback.short_answer and not refused else ()
    return Draft(
        question=feedback.question,
        history=feedback.history,
        answers=short,
        references=() if short or refused else (told,),
        answerable=not refused,
        evidence=() if refused else evidence,
        source=evidence[0] if evidence else None,
        tags=("feedback", "liked"),
        check=f"A user liked this{' refusal' if refused else ' answer'}: is it right?{lost}",
    )


def _evidence(cited: CitedPlace, texts: Mapping[str, str]) -> Evidence | None:
    """Give a cited place as evidence, moved to where its quote stands now; None when that is nowhere, or unclear."""
    text = texts.get(cited.document_id, "")
    start = cited.start
    if not cited.quote or text[start : cited.end] != cited.quote or start < 0:
        if not cited.quote or text.count(cited.quote) != 1:
            return None
        start = text.index(cited.quote)
    return Evidence(document=cited.document_id, quote=cited.quote, start=start, end=start + len(cited.quote))
