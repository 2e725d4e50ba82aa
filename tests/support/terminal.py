"""Talking to a command at a terminal, prompt by prompt."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

END_OF_INPUT = "\x04"


def converse(
    arguments: Sequence[object],
    replies: Iterable[tuple[str, str]],
    *,
    folder: Path | None = None,
) -> tuple[int, str]:
    """Run nof1 at a terminal; type each reply when its prompt has appeared.

    Returns
    -------
    (int, str)
        The exit code, and everything that was said.
    """
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "nof1", *map(str, arguments)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        cwd=folder,
    )
    os.close(theirs)
    said, heard = "", 0

    def listen() -> str:
        if not select.select([ours], [], [], 30)[0]:
            process.kill()
            raise AssertionError(f"nof1 waits and nothing more is heard after: {said}")
        try:
            return os.read(ours, 4096).decode()
        except OSError:  # the program has ended and closed its side
            return ""

    for prompt, reply in replies:
        while prompt not in said[heard:]:
            heard_now = listen()
            assert heard_now, f"{prompt!r} was never asked: {said}"
            said += heard_now
        heard = len(said)
        os.write(ours, f"{reply}\n".encode())
    while heard_now := listen():
        said += heard_now
    os.close(ours)
    return process.wait(timeout=60), said
