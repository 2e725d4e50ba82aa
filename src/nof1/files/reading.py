"""Reading a file that must lie where it is named: no link to another place, no device."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nof1.errors import Fault, TrialError

#: Bytes of a file in a trial folder; the log of a year with 30 entries a day has three million.
MOST_BYTES = 100_000_000

_LINK = (
    "Put the file or folder itself there, or remove the link: nof1 follows none in a trial folder."
)
#: Neither follow a link, nor wait for a pipe, nor change line ends.
CAREFUL = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


@contextmanager
def about(path: Path) -> Iterator[None]:
    """Name `path` in an error of the operating system that names no file."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def refuse_links(*paths: Path) -> None:
    """Raise a `TrialError` that names every path which is a symbolic link.

    What is written there would land in another place.
    """
    faults = [Fault(str(path), "is a symbolic link", _LINK) for path in paths if path.is_symlink()]
    if faults:
        raise TrialError(faults)


def read_file(path: Path) -> bytes:
    """Return the bytes of a plain file; no link is followed.

    Raises
    ------
    TrialError
        If it is a link, a folder, a pipe or a device, or too large for a trial's.
    OSError
        If it cannot be read.
    """
    refuse_links(path)
    with about(path):
        handle = os.open(path, os.O_RDONLY | CAREFUL)
        with open(handle, "rb") as file:  # noqa: PTH123  the handle is closed with it
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise TrialError(Fault(str(path), "is no plain file", "Put the file itself there."))
            data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        what = f"has more than the {MOST_BYTES / 1e6:.0f} MB that a file of a trial may have"
        raise TrialError(Fault(str(path), what, "Put back the copy of the file that you kept."))
    return data
