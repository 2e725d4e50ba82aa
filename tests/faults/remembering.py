"""Slow and pure work, done once: pages are set and trials analysed before the first fault.

Files are read and written all the same; what is remembered never touches one that nof1 writes.
"""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Callable
from typing import Any

#: Functions that take seconds and whose answer depends on their arguments alone.
_SLOW = (
    "typst:compile_with_warnings",
    "nof1.inference.results:results",
    "nof1.inference.sensitivity:sensitivity",
    "nof1.reports.clinician:clinician_html",
    "nof1.reports.clinician:clinician_pdf",
    "nof1.reports.person:person_page",
    "nof1.reports.pooled:pooled_view",
    "nof1.reports.pooled:pooled_html",
    "nof1.reports.pooled:pooled_pdf",
    "nof1.calibration.likeness:quote",
    "nof1.cli.analyse:say_analyses",
    "nof1.pooling.sharing:solved",
)


_WORKING = os.getpid()
#: Digests and folders differ from run to run; no answer hangs on them but by printing them.
_RANDOM = re.compile(r"\b[0-9a-f]{8,}\b|PosixPath\('[^']*'\)|\.nof1-[0-9a-f-]+\.new")


def remember() -> None:
    """Let every slow function answer the same question once, and none in a forked process.

    There the threads of compiled libraries are missing, so that they would wait for ever.
    """
    for name in _SLOW:
        module, _, function = name.partition(":")
        try:
            place = importlib.import_module(module)
            real = getattr(place, function)
        except (ImportError, AttributeError):
            continue
        setattr(place, function, _remembered(real))


def _remembered(real: Callable[..., Any]) -> Callable[..., Any]:
    answers: dict[str, Any] = {}

    def answer(*given: Any, **named: Any) -> Any:
        question = _RANDOM.sub("", repr((given, sorted(named.items(), key=str))))
        if question not in answers:
            assert os.getpid() == _WORKING, f"{real.__name__} was not asked before: {question}"
            answers[question] = real(*given, **named)
        return answers[question]

    return answer
