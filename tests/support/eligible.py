"""Answers to a protocol's eligibility questions with which a trial may start."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from nof1.protocol.files import find_protocol, read_protocol

_FOLDER = TemporaryDirectory(prefix="nof1-answers-")
atexit.register(_FOLDER.cleanup)


def clear_answers(protocol: str | Path) -> dict[str, str]:
    """Return the answers that raise no concern, by code."""
    questions = read_protocol(find_protocol(str(protocol))).eligibility
    return {q.code: "no" if q.concern == "yes" else "yes" for q in questions}


def write_answers(path: Path, protocol: str | Path = "magnesium-rls", **changes: str) -> Path:
    """Write a file for `nof1 design --answers`, some answers changed, and return it."""
    answers = clear_answers(protocol) | changes
    path.write_text("".join(f'{code} = "{answer}"\n' for code, answer in answers.items()))
    return path


@cache
def answered(protocol: str | Path = "magnesium-rls") -> tuple[str, str, str]:
    """Return the options with which a script designs a trial of a protocol: nothing is asked."""
    number = len(list(Path(_FOLDER.name).iterdir()))
    file = write_answers(Path(_FOLDER.name) / f"{number}.toml", protocol)
    return "--yes", "--answers", str(file)
