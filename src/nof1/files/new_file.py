"""A new file: written as a whole or not at all, and never over another one."""

from __future__ import annotations

import filecmp
from collections.abc import Callable, Iterable
from pathlib import Path

from nof1.errors import Fault, InputError, system_fault
from nof1.files.drafts import drop, put, sync_folder, write_draft
from nof1.files.names import clear_leftovers

_NOTHING = "Nothing was written."


def write_new(
    path: Path,
    lines: Iterable[str],
    *,
    when_safe: Callable[[], object] | None = None,
    message: str = "",
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
    message : str
        What is true once `when_safe` has been called, should the file not get its name after it.

    Raises
    ------
    InputError
        If something else has the name, or the file cannot be written.
    """
    if path.is_dir():
        raise InputError(Fault(str(path), "is a folder", "Name a file."))
    clear_leftovers(path.parent)
    try:
        draft = write_draft(path.parent, (f"{line}\n".encode() for line in lines))
    except OSError as error:
        raise InputError(_unwritten(path, error, _NOTHING)) from error
    then = _NOTHING
    try:
        _refuse_another(path, draft)
        if when_safe is not None:
            when_safe()
            then = message
        _name(draft, path)
    except OSError as error:
        raise InputError(_unwritten(path, error, then)) from error
    finally:
        drop(draft)
    try:
        sync_folder(path.parent)
    except OSError as error:
        doing = "was written, but the disk did not confirm it"
        raise InputError(system_fault(error, path, doing=doing)) from error


def _refuse_another(path: Path, draft: Path) -> None:
    """Raise if the name belongs to a file that holds something else."""
    if path.exists() and not (path.is_file() and filecmp.cmp(draft, path, shallow=False)):
        what = "there is something else already, and it is kept"
        raise InputError(Fault(str(path), what, "Choose another name, or move it away."))


def _name(draft: Path, path: Path) -> None:
    """Give a draft its name; once more if that fails, since others may rely on it by now."""
    try:
        put(draft, path)
    except OSError:
        if draft.exists():  # some disks do what they say has failed
            put(draft, path)


def _unwritten(path: Path, error: OSError, then: str) -> Fault:
    return system_fault(error, path, doing="cannot be written", then=then)
