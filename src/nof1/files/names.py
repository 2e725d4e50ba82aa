"""Names of drafts: random, and telling whether the program that wrote one still runs."""

from __future__ import annotations

import os
import platform
import re
import secrets
import shutil
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from nof1.provenance import sha256_hex

_FORM = re.compile(r"\.nof1-([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{16}\.new")
#: Seconds after which a draft is taken for left over though its program cannot be asked.
_ABANDONED = 24 * 3600.0

_in_use: set[str] = set()


@cache
def this_computer() -> str:
    """Return a short digest of this computer's names: it tells drafts apart on a shared disk."""
    name = platform.node()
    with suppress(OSError, UnicodeDecodeError):  # many computers are called localhost
        name += Path("/etc/machine-id").read_text()
    return sha256_hex(name)[:8]


def draft_name() -> str:
    """Return a new random name for a draft, in use until `forget` is called."""
    name = f".nof1-{this_computer()}-{os.getpid()}-{secrets.token_hex(8)}.new"
    _in_use.add(name)
    return name


def forget(name: str) -> None:
    """Take note that a draft of this name is no longer in use."""
    _in_use.discard(name)


def runs(process: int) -> bool:
    """Return whether a process of this computer runs, or may run."""
    if sys.platform == "win32":
        return True  # there, asking would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def is_left_over(path: Path) -> bool:
    """Return whether a path is a draft of a program that has ended."""
    match = _FORM.fullmatch(path.name)
    if match is None or path.name in _in_use:
        return False
    if match[1] == this_computer():
        process = int(match[2])
        if process == os.getpid() or not runs(process):
            return True
    with suppress(OSError):
        return time.time() - path.lstat().st_mtime > _ABANDONED
    return False


def clear_leftovers(folder: Path) -> None:
    """Remove the drafts that killed programs left in a folder.

    One that cannot be removed stays for the next time: it never stops a command.
    """
    with suppress(OSError):
        for path in [path for path in folder.iterdir() if is_left_over(path)]:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()
