"""One case, asked and judged on the spot; what the pytest fixtures stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from eval.case_files import case_from
from eval.cases import Case, Evidence, check_evidence
from eval.corpus_texts import CorpusTexts
from eval.reports.outcomes import failure_of
from eval.results import CaseResult
from eval.runner import run_cases
from eval.scorers import scorers_for
from qa.chatbot import Chatbot
from qa.domain import Answer, Turn


@dataclass(frozen=True, slots=True)
class AskedCase:
    """A case, its answer and its scores."""

    result: CaseResult

    @property
    def answer(self) -> Answer:
        """The answer.

        Raises:
            AssertionError: Asking crashed.
        """
        assert self.result.answer is not None, f"asking crashed: {self.result.error}"
        return self.result.answer

    @property
    def why(self) -> str | None:
        """Why the case has failed, in words; None when it has not."""
        return failure_of(self.result)

    def check(self) -> None:
        """Assert that the answer is right, or rightly a refusal, and every citation at its place.

        Raises:
            AssertionError: It is not; the message has the question, the answer and the reason.
        """
        if self.why is not None:
            answer = self.result.answer
            given = "nothing" if answer is None else answer.text
            raise AssertionError(f"{self.result.case.question}\n  got: {given}\n  why: {self.why}")


class CaseAsker:
    """Asks a chatbot cases, and scores the answers as the eval suite does."""

    def __init__(self, bot: Chatbot) -> None:
        """Take a chatbot whose index is up to date."""
        self._bot = bot
        self._texts = CorpusTexts.of(bot.settings)

    def __call__(
        self,
        case: Case | str,
        *,
        answers: Sequence[str] = (),
        evidence: Sequence[Evidence | Mapping[str, Any]] = (),
        history: Sequence[Turn | Mapping[str, Any]] = (),
        documents: Sequence[str] = (),
    ) -> AskedCase:
        """Ask a case; or a question, which must be refused if it comes without `answers`.

        Args:
            case: The case, or the question.
            answers: Alternatives, each of them a right answer. Left out, the documents do not answer the question, and
                only a refusal is right.
            evidence: Places that give the answer; they need not be known. As records, or as a case file has them:
                `{"document": "a.txt", "quote": "…"}`.
            history: Earlier turns, oldest first. As records, or as `{"question": "…", "answer": "…"}`.
            documents: Ask only these, by id; empty asks all.

        Raises:
            CaseError: The case is not sound, an evidence is not at its place, or a document is not there.
            TypeError: A case comes with what it says itself.
        """
        if not isinstance(case, str) and (answers or evidence or history or documents):
            raise TypeError("A case says its answers, evidence, history and documents itself; change the case.")
        if isinstance(case, str):
            plain = {
                "id": case,
                "question": case,
                "history": [_plain(turn) for turn in history],
                "answers": list(answers),
                "answerable": bool(answers),
                "evidence": [_plain(place) for place in evidence],
                "documents": list(documents),
            }
            case = case_from(plain, self._texts)
        check_evidence([case], self._texts)
        (result,) = run_cases([case], self._bot, scorers_for(self._texts), lambda *_: None)
        return AskedCase(result)


def _plain(record: Evidence | Turn | Mapping[str, Any]) -> dict[str, Any]:
    return dict(record) if isinstance(record, Mapping) else asdict(record)
