"""The eligibility questions, answered one after the other, with a way back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from nof1.protocol.eligibility import Screening, screen
from nof1.protocol.safety import EligibilityQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """What an answer leads to, told before it is kept.

    Attributes
    ----------
    advice : str
        As the protocol words it.
    needs_clinician : bool
        Whether a clinician can agree to go on all the same.
    decision : str
        Why the trial does not start with this answer alone; empty when it may.
    """

    advice: str
    needs_clinician: bool
    decision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """Questions, and the answers to the first of them.

    Attributes
    ----------
    questions : tuple of EligibilityQuestion
        ``protocol.eligibility``.
    clinician : str
        Who agrees to the start, as far as said beforehand.
    today, first_day : date
        The day of the answers, and the first day of the trial.
    answers : tuple of str
        Yes or no, to the first questions.
    agreed : str
        Who agreed last, when asked.
    ended : Screening or None
        What the one answer leads to that ended the interview.
    """

    questions: tuple[EligibilityQuestion, ...]
    clinician: str
    today: date
    first_day: date
    answers: tuple[str, ...] = ()
    agreed: str = ""
    ended: Screening | None = None

    @property
    def text(self) -> str | None:
        """Return the question to be asked, with its number; None when nothing is left to ask."""
        if self.ended is not None or len(self.answers) == len(self.questions):
            return None
        return f"{len(self.answers) + 1}/{len(self.questions)}  {self._question.question}"

    @property
    def agrees(self) -> str:
        """Return who agrees, as far as known."""
        return self.agreed or self.clinician.strip()

    def concern(self, reply: str) -> Concern | None:
        """Return what a yes or no to the question leads to; None when it raises no concern."""
        question = self._question
        if reply != question.concern:
            return None
        alone = self._alone(reply)
        needs_clinician = question.level == "clinician"
        refuses = needs_clinician or (question.level in ("stop", "wait") and bool(alone.refusals))
        return Concern(
            advice=question.advice,
            needs_clinician=needs_clinician,
            decision=_decision(question, alone) if refuses else "",
        )

    def answered(self, reply: str, *, clinician: str = "") -> Interview:
        """Keep a yes or no, and who agrees to it."""
        return replace(
            self, answers=(*self.answers, reply), agreed=clinician.strip() or self.agreed
        )

    def back(self) -> Interview:
        """Take back the answer to the question before."""
        return replace(self, answers=self.answers[:-1])

    def end(self, reply: str) -> Interview:
        """End here: an answer refuses the trial."""
        return replace(self, ended=self._alone(reply))

    def screening(self) -> Screening:
        """Return what the answers lead to."""
        if self.ended is not None:
            return self.ended
        codes = (question.code for question in self.questions)
        answers = dict(zip(codes, self.answers, strict=True))
        days = {"today": self.today, "first_day": self.first_day}
        screening = screen(self.questions, answers, clinician=self.clinician, **days)
        # A name given for an answer that was taken back afterwards agrees to nothing.
        if screening.at("clinician"):
            screening = screen(self.questions, answers, clinician=self.agrees, **days)
        return screening

    @property
    def _question(self) -> EligibilityQuestion:
        return self.questions[len(self.answers)]

    def _alone(self, reply: str) -> Screening:
        """Return what an answer to the question leads to by itself."""
        return screen(
            (self._question,),
            {self._question.code: reply},
            today=self.today,
            first_day=self.first_day,
        )


def _decision(question: EligibilityQuestion, alone: Screening) -> str:
    """Return why the trial does not start with an answer alone."""
    if question.level == "stop":
        return "With this answer the trial is refused."
    if question.level == "clinician":
        return "Without a clinician who agrees the trial cannot start."
    until = alone.over_on(question)
    if until is not None:
        return (
            f"The trial must wait {question.wait_days} days from then on: if it was so until "
            f"today, to {until}. It may start then (--start {until} or later)."
        )
    return "The trial must wait until this has changed."
