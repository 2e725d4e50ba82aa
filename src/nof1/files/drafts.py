"""Drafts: what is written under another name first, and takes its place by one rename."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from nof1.files.names import draft_name, forget
from nof1.files.reading import CAREFUL, about

_STRETCH = 1 << 20


def write_draft(folder: Path, parts: bytes | Iterable[bytes], *, mode: int = 0o666) -> Path:
    """Write a new file under a random name, force it to the disk, read it back, and return it.

    Parameters
    ----------
    folder : Path
        Where the file is to be; must exist.
    parts : bytes or iterable of bytes
        The content; may be made while it is written.
    mode : int
        Permissions of the new file, less those the user's umask takes away.

    Raises
    ------
    OSError
        If it cannot be written, or holds something else when it is read back; nothing is left.
    """
    draft = folder / draft_name()
    try:
        with about(draft):
            handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | CAREFUL, mode)
            with open(handle, "wb") as file:  # noqa: PTH123  the handle is closed with it
                written = hashlib.sha256()
                for part in (parts,) if isinstance(parts, bytes) else parts:
                    file.write(part)
                    written.update(part)
                file.flush()
                os.fsync(handle)
            _compare(draft, written.digest())
    except BaseException:
        drop(draft)
        raise
    return draft


def put(draft: Path, place: Path) -> None:
    """Give a draft its name, in place of what has it; a link of that name is not followed."""
    draft.replace(place)
    forget(draft.name)


def drop(draft: Path) -> None:
    """Remove a draft; one that cannot be removed is cleared by the next command."""
    with suppress(OSError):
        draft.unlink()
    forget(draft.name)


def keep_mode(draft: Path, old: Path) -> None:
    """Give a draft the permissions of the file whose place it takes, if there is one.

    A link has none of its own: what it is said to have would let everybody write.
    """
    try:
        before = old.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISLNK(before):
        return
    wanted = stat.S_IMODE(before)
    if stat.S_IMODE(draft.lstat().st_mode) == wanted:
        return
    try:
        draft.chmod(wanted)
    except OSError as error:
        why = f"{error.strerror}: this disk cannot keep its permissions ({wanted:o})"
        raise OSError(error.errno, why, str(draft)) from error


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to the disk, where the system can."""
    if sys.platform == "win32":
        return
    with about(folder):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            # Some network disks cannot force a folder; the files themselves are on the disk.
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(handle)


def _compare(draft: Path, written: bytes) -> None:
    """Raise OSError if a draft does not hold what was written into it."""
    digest = hashlib.sha256()
    handle = os.open(draft, os.O_RDONLY | CAREFUL)
    with open(handle, "rb") as file:  # noqa: PTH123  the handle is closed with it
        while stretch := file.read(_STRETCH):
            digest.update(stretch)
    if digest.digest() != written:
        raise OSError(errno.EIO, "the disk gave back something else than was written", str(draft))
