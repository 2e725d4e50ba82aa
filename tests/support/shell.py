"""Running the commands that documents show, as a reader would."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path


def commands(document: Path) -> list[str]:
    """Return every `nof1 ...` line of the document's shell blocks, continued lines joined."""
    found = []
    for block in re.findall(r"```sh\n(.*?)```", document.read_text(encoding="utf-8"), re.DOTALL):
        lines = block.replace("\\\n", " ").splitlines()
        found += [line for line in lines if line.startswith("nof1 ")]
    return found


def nof1(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one command in a folder, in a fresh process without a terminal."""
    redirect = re.search(r"\s>\s(\S+)$", command)
    words = shlex.split(command[: redirect.start()] if redirect else command, comments=True)
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if redirect:
        (folder / redirect.group(1)).write_text(done.stdout, encoding="utf-8")
    return done
