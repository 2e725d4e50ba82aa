"""Slow and pure work, done once: pages are set and trials analysed before the first fault.

Files are read and written all the same; what is remembered never touches one that nof1 writes.
"""

from __future__ import annotations

import importlib
import os
import pickle
import re
from collections.abc import Callable
from typing import Any

import typer

import nof1.cli.commands  # noqa: F401  registers every command
from nof1.cli.app import app

#: Functions that every command calls, and whose answer depends on a text alone.
_TEXTS = ("tomllib:loads",)
#: Functions that take seconds and whose answer depends on their arguments alone.
_SLOW = (
    "typst:compile_with_warnings",
    "nof1.inference.full_analysis:results",
    "nof1.inference.checks.sensitivity:sensitivity",
    "nof1.reports.clinician.report:clinician_html",
    "nof1.reports.clinician.report:clinician_pdf",
    "nof1.reports.person.page:person_page",
    "nof1.reports.pooled.report:pooled_view",
    "nof1.reports.pooled.report:pooled_html",
    "nof1.reports.pooled.report:pooled_pdf",
    "nof1.calibration.likeness:quote",
    "nof1.workflow.analyse:analyse",
    "nof1.sharing.from_trial:solved",
)


_WORKING = os.getpid()
#: Digests and folders differ from run to run; no answer hangs on them but by printing them.
_RANDOM = re.compile(r"\b[0-9a-f]{8,}\b|PosixPath\('[^']*'\)|\.nof1-[0-9a-f-]+\.new")


def remember() -> None:
    """Let every slow function answer the same question once, and none in a forked process.

    There the threads of compiled libraries are missing, so that they would wait for ever: what was
    not asked before gets the last answer.
    """
    for names, remembered in ((_SLOW, _remembered), (_TEXTS, _copied)):
        for name in names:
            module, _, function = name.partition(":")
            place = importlib.import_module(module)
            setattr(place, function, remembered(getattr(place, function)))
    commands = typer.main.get_command(app)
    typer.main.get_command = lambda _: commands


def _copied(real: Callable[[str], Any]) -> Callable[[str], Any]:
    answers: dict[str, bytes] = {}

    def answer(text: str) -> Any:
        if text not in answers:
            answers[text] = pickle.dumps(real(text))
        return pickle.loads(answers[text])

    return answer


def _remembered(real: Callable[..., Any]) -> Callable[..., Any]:
    answers: dict[str, Any] = {}

    def answer(*given: Any, **named: Any) -> Any:
        question = _RANDOM.sub("", repr((given, sorted(named.items(), key=str))))
        if question not in answers and os.getpid() != _WORKING:
            return list(answers.values())[-1]  # only a fault asks so, and files are what counts
        if question not in answers:
            answers[question] = real(*given, **named)
        return answers[question]

    return answer
