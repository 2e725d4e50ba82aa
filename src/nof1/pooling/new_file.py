"""A new file: written as a whole or not at all, and never over another one."""

from __future__ import annotations

import filecmp
import os
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from nof1.errors import Fault, InputError


def write_new(
    path: Path, lines: Iterable[str], *, when_safe: Callable[[], object] | None = None
) -> None:
    """Write lines into a file that is not there yet, or has this very content already.

    They are written under another name beside it, forced to the disk, and renamed.

    Parameters
    ----------
    path : Path
        The file to make.
    lines : iterable of str
        Without their ends; may be made while they are written.
    when_safe : callable or None
        Called when all is on the disk, before the file gets its name; if it fails, there is no
        file.

    Raises
    ------
    InputError
        If something else has the name, or the file cannot be written.
    """
    if path.is_dir():
        raise InputError(Fault(str(path), "is a folder", "Name a file."))
    half = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with half.open("x", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        if path.exists() and not (path.is_file() and filecmp.cmp(half, path, shallow=False)):
            what = "there is something else already, and it is kept"
            raise InputError(Fault(str(path), what, "Choose another name, or move it away."))
        if when_safe is not None:
            when_safe()
        half.replace(path)
    except OSError as error:
        what = f"cannot be written: {error.strerror or error}"
        mend = "Nothing was written. Choose another place, or make room there."
        raise InputError(Fault(str(path), what, mend)) from error
    finally:
        with suppress(OSError):
            half.unlink()
