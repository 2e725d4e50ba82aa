"""Who may start: answers to the protocol's questions, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from nof1.errors import Fault, InputError
from nof1.protocol.reading import read_text, read_toml
from nof1.protocol.safety import Answer, EligibilityQuestion, Level
from nof1.read_only import ReadOnly

_BOTH = '"yes" or "no"'
#: What a concern of each level leads to.
_LEADS_TO: Mapping[Level, str] = {
    "stop": "the trial is refused",
    "clinician": "a clinician must agree (--clinician NAME)",
    "wait": "the trial must wait",
    "spacing": "hours to keep apart, printed on the pages",
    "note": "taken note of",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What the answers to the eligibility questions lead to.

    Attributes
    ----------
    answers : mapping of str to {"yes", "no"}
        Answer to every question, by code, in the order of the protocol.
    concerns : tuple of EligibilityQuestion
        Questions whose answer raises a concern, in the order of the protocol.
    clinician : str
        Name of the clinician who agrees to start in spite of concerns of that level; empty when
        there is none.
    today, first_day : date or None
        When the answers were given, and the first day of the trial; None when nobody says. A wait
        that is over by the first day, if it begins today, does not stand in the way.
    """

    answers: Mapping[str, Answer]
    concerns: tuple[EligibilityQuestion, ...]
    clinician: str = ""
    today: date | None = None
    first_day: date | None = None

    def over_on(self, concern: EligibilityQuestion) -> date | None:
        """Return the first day after a wait that begins today; None where no length is given."""
        if concern.level != "wait" or not concern.wait_days or self.today is None:
            return None
        return self.today + timedelta(days=concern.wait_days)

    @property
    def waits(self) -> dict[str, date]:
        """Return the waits that are over by the first day, with the day from which each is."""
        ends = {concern.code: self.over_on(concern) for concern in self.at("wait")}
        first_day = self.first_day
        return {
            code: end
            for code, end in ends.items()
            if end is not None and first_day is not None and end <= first_day
        }

    def at(self, level: Level) -> tuple[EligibilityQuestion, ...]:
        """Return the concerns of one level."""
        return tuple(concern for concern in self.concerns if concern.level == level)

    @property
    def refusals(self) -> tuple[Fault, ...]:
        """Return why the trial must not start; empty when it may.

        A stop always refuses; a wait refuses unless it is over by the first day; a concern for a
        clinician refuses unless one is named.
        """
        mends = {"stop": "This trial must not start.", "wait": "Come back then."}
        if not self.clinician:
            mends["clinician"] = "Name the clinician who agrees, with --clinician NAME."
        waits = self.waits
        return tuple(
            Fault(
                concern.code,
                f'"{concern.question}" was answered {self.answers[concern.code]}',
                f"{concern.advice} {mends[concern.level]}{self._or_later(concern)}",
            )
            for concern in self.concerns
            if concern.level in mends and concern.code not in waits
        )

    def _or_later(self, concern: EligibilityQuestion) -> str:
        """Return the other mend of a wait: a later first day."""
        end = self.over_on(concern)
        return "" if end is None else f" Or begin the wait today, and give --start {end} or later."


def screen(
    questions: tuple[EligibilityQuestion, ...],
    answers: Mapping[str, str],
    *,
    clinician: str = "",
    today: date | None = None,
    first_day: date | None = None,
) -> Screening:
    """Judge the answers to a protocol's eligibility questions.

    Parameters
    ----------
    questions : tuple of EligibilityQuestion
        ``protocol.eligibility``.
    answers : mapping of str to str
        ``"yes"`` or ``"no"`` by the code of the question.
    clinician : str
        Name of the clinician who agrees to start in spite of concerns of that level.
    today, first_day : date or None
        When the answers are given, and the first day of the trial: a wait may be over by then.

    Returns
    -------
    Screening
        Its `refusals` say whether the trial may start.

    Raises
    ------
    InputError
        With every question that has no answer, every answer that is neither yes nor no, and every
        answer to a question the protocol does not ask.
    """
    codes = {question.code for question in questions}
    faults = [
        Fault(question.code, f'"{question.question}" has no answer', f"Answer {_BOTH}.")
        for question in questions
        if question.code not in answers
    ]
    faults += [
        Fault(code, f"{answer!r} is no answer", f"Answer {_BOTH}.")
        for code, answer in answers.items()
        if code in codes and answer not in ("yes", "no")
    ]
    faults += [
        Fault(code, "is not a question of this protocol", "Check the spelling or remove it.")
        for code in answers
        if code not in codes
    ]
    if faults:
        raise InputError(faults)
    answered: dict[str, Answer] = {
        question.code: "yes" if answers[question.code] == "yes" else "no" for question in questions
    }
    return Screening(
        answers=ReadOnly(answered),
        concerns=tuple(q for q in questions if answered[q.code] == q.concern),
        clinician=clinician.strip(),
        today=today,
        first_day=first_day,
    )


def read_answers(path: Path) -> dict[str, str]:
    """Return the answers in a TOML file of lines such as ``kidney = "no"``.

    Raises
    ------
    InputError
        If the file cannot be read, is not TOML, or an answer is neither ``"yes"`` nor ``"no"``.
    """
    text = read_text(path, mend="Give a file of answers.")
    answers = read_toml(text, source=str(path), mend='Write lines such as kidney = "no".')
    faults = [
        Fault(f"{path}: {code}", f"{answer!r} is no answer", f"Write {_BOTH}, in quotes.")
        for code, answer in answers.items()
        if answer not in ("yes", "no")
    ]
    if faults:
        raise InputError(faults)
    return answers


def template_lines(
    name: str, version: str, questions: tuple[EligibilityQuestion, ...]
) -> list[str]:
    """Return a file of answers to be filled in, line by line."""
    lines = [
        f"# Answers to the eligibility questions of {name} {version}.",
        '# Write "yes" or "no" behind every question, in quotes.',
    ]
    for number, question in enumerate(questions, start=1):
        lines += [
            "",
            f"# {number}/{len(questions)}  {' '.join(question.question.split())}",
            f"# {question.concern}: {_LEADS_TO[question.level]}",
            f'{question.code} = ""',
        ]
    return lines
