"""One writer of a folder at a time: by the system's file lock, and by a file of its own.

A file lock ends with its process, however that ends, but many network disks have none, or none that
other computers see. So a writer makes the file ``.writing`` as well, which only one can make. Who
finds it waits; one that a killed program left is taken away.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nof1.errors import Fault, TrialError
from nof1.files.drafts import drop
from nof1.files.names import draft_name, runs, this_computer
from nof1.files.reading import CAREFUL, about

LOCK = ".lock"
CLAIM = ".writing"

#: Seconds a writer waits for another one.
PATIENCE = 30.0
#: Seconds between two looks.
_PAUSE = 0.01
#: Seconds after which a claim without a name in it has no writer: it is named at once.
_NAMELESS = 2.0
#: Seconds after which the claim of another computer has no writer; no writer takes half as long.
_ABANDONED = 600.0

_BUSY = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL}

_mine: set[str] = set()


@dataclass(frozen=True, slots=True)
class LockClaim:
    """The file that says who writes.

    Attributes
    ----------
    path : Path
        The file.
    text : str
        Its content: computer, process and a random number.
    since : float
        When it was made, by the clock of this process.
    """

    path: Path
    text: str
    since: float


@contextmanager
def sole_writer(folder: Path) -> Iterator[Callable[[], None]]:
    """Keep every other writer of a folder away.

    Yields
    ------
    callable
        To be called directly before the change: raises a `TrialError` if another program has taken
        over meanwhile.

    Raises
    ------
    TrialError
        If another program does not end writing.
    OSError
        If nothing can be written there.
    """
    deadline = time.monotonic() + PATIENCE
    _refuse_folders(folder / LOCK, folder / CLAIM)
    with ExitStack() as stack:
        locked = _locked(folder / LOCK, stack, deadline)
        claim = _claimed(folder / CLAIM, locked=locked, deadline=deadline)
        stack.callback(_release, claim)
        yield partial(_refuse_lost, claim)


def clear_claim(folder: Path) -> None:
    """Remove the claim of a writer of this computer that has ended; never stops a command."""
    with suppress(OSError):
        content = _content(folder / CLAIM)
        if (
            content
            and _parts(content)[0]
            and _is_left_over(folder / CLAIM, content, locked=False, watched=0.0)
        ):
            _take_away(folder / CLAIM, content)


def _locked(path: Path, stack: ExitStack, deadline: float) -> bool:
    """Take the file lock; return whether it keeps others away."""
    with about(path):
        handle = _opened(path)
        stack.callback(_close, handle)
        while True:
            try:
                _lock(handle)
                break
            except OSError as error:
                if error.errno in _NO_LOCKS:
                    return False
                if error.errno not in _BUSY:
                    raise
            _wait(path, deadline, "another program")
        # A lock that can be had twice keeps nobody away.
        second = _opened(path)
        try:
            _lock(second)
        except OSError as error:
            return error.errno in _BUSY
        finally:
            os.close(second)
        return False


def _refuse_folders(*paths: Path) -> None:
    """Raise a `TrialError` that names every path which is a folder: a file of ours goes there."""
    what, mend = "is a folder where a file of nof1's own goes", "Remove it."
    faults = [Fault(str(path), what, mend) for path in paths if path.is_dir()]
    if faults:
        raise TrialError(faults)


def _opened(path: Path) -> int:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | CAREFUL, 0o666)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise TrialError(Fault(str(path), "is no plain file", "Remove it."))
    return handle


def _close(handle: int) -> None:
    with suppress(OSError):  # the writing is over: this says nothing about it
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _claimed(path: Path, *, locked: bool, deadline: float) -> LockClaim:
    """Make the claim, when the one of another writer is gone."""
    seen, since = "", time.monotonic()
    while True:
        try:
            return _made(path)
        except FileExistsError:
            pass
        content = _content(path)
        if content is None:
            continue
        if content != seen:
            seen, since = content, time.monotonic()
        if _is_left_over(path, content, locked=locked, watched=time.monotonic() - since):
            _take_away(path, content)
        else:
            _wait(path, deadline, _whose(content))


def _made(path: Path) -> LockClaim:
    text = f"{this_computer()} {os.getpid()} {secrets.token_hex(16)}\n"
    _mine.add(text)
    try:
        with about(path):
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | CAREFUL, 0o666)
            try:
                with open(handle, "wb") as file:  # noqa: PTH123  the handle is closed with it
                    file.write(text.encode())
            except BaseException:
                with suppress(OSError):
                    path.unlink()
                raise
    except BaseException:
        _mine.discard(text)
        raise
    return LockClaim(path, text, time.monotonic())


def _content(path: Path) -> str | None:
    """Return what a claim says, or None if there is none."""
    with about(path):
        try:
            handle = os.open(path, os.O_RDONLY | CAREFUL)
        except FileNotFoundError:
            return None
        with open(handle, "rb") as file:  # noqa: PTH123  the handle is closed with it
            return file.read(1000).decode(errors="replace")


def _is_left_over(path: Path, text: str, *, locked: bool, watched: float) -> bool:
    """Return whether the writer that made a claim has ended."""
    computer, process = _parts(text)
    if not computer:
        return watched > _NAMELESS
    if computer == this_computer():
        if process == os.getpid():
            return text not in _mine
        return locked or not runs(process)
    return _age(path) > _ABANDONED


def _parts(text: str) -> tuple[str, int]:
    parts = text.split()
    if len(parts) != 3 or not text.endswith("\n") or not parts[1].isdecimal():
        return "", 0
    return parts[0], int(parts[1][:10])


def _age(path: Path) -> float:
    """Return the age of a file in seconds, by the clock of the disk it lies on."""
    probe = path.parent / draft_name()
    try:
        os.close(os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY | CAREFUL, 0o600))
        return probe.stat().st_mtime - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
    finally:
        drop(probe)


def _take_away(path: Path, text: str) -> None:
    """Remove a claim that was left over; one that another writer has made meanwhile stays."""
    aside = path.parent / draft_name()
    try:
        path.rename(aside)
        if _content(aside) != text:
            os.link(aside, path)
    except (FileNotFoundError, FileExistsError):
        pass  # another writer was quicker
    finally:
        drop(aside)


def _refuse_lost(claim: LockClaim) -> None:
    if _content(claim.path) != claim.text or time.monotonic() - claim.since > _ABANDONED / 2:
        raise TrialError(
            Fault(
                str(claim.path.parent),
                "another program began to write there, since this one took too long",
                "Nothing was recorded by this command; run it again.",
            )
        )


def _release(claim: LockClaim) -> None:
    """Remove the claim; one that cannot be removed is taken away by the next writer."""
    with suppress(OSError):
        if _content(claim.path) == claim.text:
            claim.path.unlink()
    _mine.discard(claim.text)


def _whose(text: str) -> str:
    computer, process = _parts(text)
    if not computer:
        return "another program"
    where = "" if computer == this_computer() else " of another computer"
    return f"another program{where} (process {process})"


def _wait(path: Path, deadline: float, who: str) -> None:
    if time.monotonic() > deadline:
        raise TrialError(
            Fault(
                str(path.parent),
                f"{who} has been recording there for {PATIENCE:g} seconds",
                f"Nothing was recorded by this command. End that program and run it again; if none"
                f" runs, on no computer, remove {path} first.",
            )
        )
    time.sleep(_PAUSE * (0.5 + secrets.randbelow(1000) / 1000))
