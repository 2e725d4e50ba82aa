"""The eligibility questions at the terminal: with a way back, and decided answer by answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import typer

from nof1.cli.app import note
from nof1.errors import InputError, visible

if TYPE_CHECKING:
    from nof1.protocol.eligibility import Screening
    from nof1.protocol.safety import EligibilityQuestion

_YES_OR_NO = {"y": "yes", "yes": "yes", "n": "no", "no": "no"}
_BACK = ("b", "back")
#: Space under the number of a question.
_UNDER = " " * 6


def asked_screening(
    questions: tuple[EligibilityQuestion, ...], *, clinician: str, today: date, first_day: date
) -> Screening:
    """Ask one question after the other and return what the answers lead to.

    An answer that stands in the way is told at once, and can be taken back.

    Parameters
    ----------
    questions : tuple of EligibilityQuestion
        ``protocol.eligibility``.
    clinician : str
        Who agrees, when it was said beforehand; otherwise the name is asked for where it is needed.
    today, first_day : date
        The present day, and the first day of the trial.

    Raises
    ------
    InputError
        With the reason, when an answer refuses the trial.
    """
    from nof1.protocol import eligibility

    screen = partial(eligibility.screen, today=today, first_day=first_day)
    n, answers, agrees = len(questions), dict[str, str](), clinician.strip()
    note(f"{n} questions before the draw. Answer y or n; b goes back to the question before.")
    at = 0
    while at < n:
        question = questions[at]
        reply = _reply(f"{at + 1}/{n}  {question.question}")
        if reply == "back":
            at = max(at - 1, 0)
            continue
        if reply == question.concern:
            note(f"{_UNDER}{question.advice}")
            if question.level == "clinician":
                named = _agreeing(question, reply, agrees)
                if named is None:
                    continue
                agrees = named
            elif question.level in ("stop", "wait"):
                alone = screen((question,), {question.code: reply})
                if alone.refusals and _taken_back(question, alone):
                    continue
        answers[question.code] = reply
        at += 1
    note("")
    found = screen(questions, answers, clinician=clinician)
    # A name given for an answer that was taken back afterwards agrees to nothing.
    if found.at("clinician"):
        found = screen(questions, answers, clinician=agrees)
    return found


def refused_by(screening: Screening) -> InputError:
    """Return the error of a trial that is not started, after saying that nothing was made."""
    note("The trial was not started; nothing was drawn and nothing was written.")
    return InputError(screening.refusals)


def _reply(question: str) -> str:
    """Return yes, no or back."""
    while True:
        typed = _typed(f"{question} [y/n/b]").casefold()
        if typed in _YES_OR_NO:
            return _YES_OR_NO[typed]
        if typed in _BACK:
            return "back"
        note(f"{_UNDER}Please answer y (yes), n (no) or b (back).")


def _typed(prompt: str, default: str | None = None) -> str:
    typed: str = typer.prompt(
        visible(prompt), default=default, show_default=bool(default), err=True
    )
    return typed.strip()


def _agreeing(question: EligibilityQuestion, reply: str, agrees: str) -> str | None:
    """Return the name of the clinician who agrees, or None when the answer is taken back."""
    from nof1.protocol.eligibility import screen

    while True:
        named = _typed(
            f"{_UNDER}Name of the clinician who agrees (- for nobody, b for back)", agrees or None
        )
        if named in _BACK:
            return None
        if named != "-":
            return named
        if _taken_back(question, screen((question,), {question.code: reply})):
            return None


def _taken_back(question: EligibilityQuestion, alone: Screening) -> bool:
    """Say that the answer refuses the trial; return whether it is taken back, or raise."""
    note(f"{_UNDER}{_decision(question, alone)}")
    typed = _typed(f"{_UNDER}Press Enter to end here; b goes back to this question", "")
    if typed.casefold() in _BACK:
        return True
    raise refused_by(alone)


def _decision(question: EligibilityQuestion, alone: Screening) -> str:
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


#: What a concern of each level leads to.
_LEADS_TO: Mapping[str, str] = {
    "stop": "the trial is refused",
    "clinician": "a clinician must agree (--clinician NAME)",
    "wait": "the trial must wait",
    "spacing": "hours to keep apart, printed on the pages",
    "note": "taken note of",
}
