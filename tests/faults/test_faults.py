"""A part of `make faults`: the commands that need no analysis, and two recorders at once."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import nof1.cli.commands  # noqa: F401  registers every command
from faults.injecting import Fault, Injector
from faults.workplace import COMMANDS
from nof1.cli.app import app

TESTS = Path(__file__).parents[1]
#: Commands that write nothing.
READING = {"protocols", "plan", "check", "verify"}


def test_no_fault_loses_an_entry_and_two_recorders_at_once_lose_nothing():
    # By a process of its own: it forks, which one with threads must not.
    words = ("-m", "faults", "--quick", "--each", "7", "--pairs", "8")
    done = subprocess.run(
        [sys.executable, *words], cwd=TESTS, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    (total,) = re.findall(r"^(\d+) faults in \d+ commands, \d+ s: 0 wrong$", said, re.MULTILINE)
    assert int(total) >= 100
    assert len(re.findall(r"8 pairs: both recorded \d, one refused \d, 0 wrong$", said, re.M)) == 3


def test_every_writing_command_is_tried():
    tried = {command.words[0] for command in COMMANDS}
    assert {command.name for command in app.registered_commands} - tried - READING == set()


@pytest.mark.parametrize("kind", ["EIO", "done, EIO", "short", "full", "interrupt"])
def test_a_fault_happens_at_its_call(kind):
    done = []
    injector = Injector(Fault(2, kind))
    injector.call("write", lambda: done.append(1), path="a")
    with pytest.raises((OSError, KeyboardInterrupt)):
        injector.call("write", lambda: done.append(2), path="b", half=lambda: done.append(1.5))
    if kind == "full":
        with pytest.raises(OSError, match="No space left on device"):
            injector.call("write", lambda: done.append(3), path="c")
        injector.call("read", lambda: done.append(3), path="c")
    else:
        injector.call("write", lambda: done.append(3), path="c")
    assert done == {"done, EIO": [1, 2, 3], "short": [1, 1.5, 3]}.get(kind, [1, 3])
    assert injector.calls[:2] == ["write", "write"]
