"""One command in a process of its own, forked from one that has everything loaded."""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.injecting import Fault, Injector, Printed, injected
from nof1.cli import main

KILLED = 137


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended.

    Attributes
    ----------
    code : int
        Exit code; 137 when it was killed.
    out, err : str
        What it printed.
    crash : str
        The traceback of an error that reached the user, or empty.
    calls : tuple of str
        The class of every call it made.
    hit : str
        The call at which the fault was injected, or empty.
    """

    code: int
    out: str
    err: str
    crash: str
    calls: tuple[str, ...]
    hit: str


@dataclass(frozen=True, slots=True)
class Started:
    """A command that runs in a process of its own."""

    process: int
    said: int

    def outcome(self) -> Outcome:
        """Return how it ended, when it has."""
        with os.fdopen(self.said, "rb") as pipe:
            data = pipe.read()
        os.waitpid(self.process, 0)
        if not data:
            return Outcome(KILLED, "", "", "", (), "")
        code, out, err, crash, calls, hit = json.loads(data)
        return Outcome(code, out, err, crash, tuple(calls), hit)


def start(
    words: Sequence[str],
    folder: Path,
    fault: Fault | None = None,
    *,
    before: Callable[[], None] = lambda: None,
) -> Started:
    """Start ``nof1 WORDS`` in a folder, once `before` has returned in its process."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        try:
            before()
            said = _in_child(words, folder, fault)
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(json.dumps(said).encode())
        finally:
            os._exit(0)
    os.close(writing)
    return Started(process, reading)


def run(words: Sequence[str], folder: Path, fault: Fault | None = None) -> Outcome:
    """Run ``nof1 WORDS`` in a folder."""
    return start(words, folder, fault).outcome()


def run_here(words: Sequence[str], folder: Path) -> Outcome:
    """Run ``nof1 WORDS`` in a folder in this very process."""
    before = Path.cwd(), sys.argv, sys.stdin, sys.stdout, sys.stderr
    try:
        code, out, err, crash, calls, hit = _in_child(words, folder, None)
    finally:
        os.chdir(before[0])
        sys.argv, sys.stdin, sys.stdout, sys.stderr = before[1:]
    return Outcome(code, out, err, crash, tuple(calls), hit)


def _in_child(words: Sequence[str], folder: Path, fault: Fault | None) -> list[Any]:
    os.chdir(folder)
    injector = Injector(fault)
    sys.argv = ["nof1", *words]
    sys.stdin = io.StringIO()
    sys.stdout, sys.stderr = Printed(injector), io.StringIO()
    code, crash = 0, ""
    with injected(injector):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        except BaseException:
            code, crash = 1, traceback.format_exc()
    if "Traceback (most recent call last)" in sys.stderr.getvalue():
        crash = sys.stderr.getvalue()
    return [
        code,
        sys.stdout.getvalue(),
        sys.stderr.getvalue(),
        crash,
        injector.calls,
        injector.hit,
    ]
