"""The eligibility questions at the terminal: with a way back, and decided answer by answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from nof1.cli.app import note
from nof1.errors import visible

if TYPE_CHECKING:
    from nof1.workflow.interview import Interview

_YES_OR_NO = {"y": "yes", "yes": "yes", "n": "no", "no": "no"}
_BACK = ("b", "back")
#: Space under the number of a question.
_UNDER = "      "


def asked(interview: Interview) -> Interview:
    """Ask one question after the other.

    An answer that stands in the way is told at once, and can be taken back; if it is not, the
    interview ends with it.
    """
    n = len(interview.questions)
    note(f"{n} questions before the draw. Answer y or n; b goes back to the question before.")
    while (text := interview.text) is not None:
        reply = _reply(text)
        interview = interview.back() if reply == "back" else _answered(interview, reply)
    if interview.ended is None:
        note("")
    return interview


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


def _answered(interview: Interview, reply: str) -> Interview:
    """Return the interview with an answer, without it when it was taken back, or ended by it."""
    concern = interview.concern(reply)
    if concern is None:
        return interview.answered(reply)
    note(f"{_UNDER}{concern.advice}")
    if concern.needs_clinician:
        prompt = f"{_UNDER}Name of the clinician who agrees (- for nobody, b for back)"
        named = _typed(prompt, interview.agrees or None)
        if named in _BACK:
            return interview
        if named != "-":
            return interview.answered(reply, clinician=named)
    if not concern.decision:
        return interview.answered(reply)
    note(f"{_UNDER}{concern.decision}")
    typed = _typed(f"{_UNDER}Press Enter to end here; b goes back to this question", "")
    return interview if typed.casefold() in _BACK else interview.end(reply)
