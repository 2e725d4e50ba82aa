"""Every error nof1 raises on purpose.

::

    Nof1Error              exit 1   nof1 itself failed
      InputError           exit 2   the user can mend it: says where, what and how
        ProtocolError      a protocol file is wrong
        ScoresError        a score, a table or a diary is wrong
        TrialError         the trial folder is not in the state the command needs
        SealError          this key does not open this seal, or the seal was changed
        BlindingError      the action would break the blind
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

#: What a terminal would act on instead of showing it, or what reorders the text around it: control
#: characters, halves of a character, other ends of lines, overrides of the direction of writing.
_ACTED_ON = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


#: Characters of a fault as it is said; what is longer is cut in its middle.
_LONGEST = 3000


def visible(text: str) -> str:
    r"""Return a text for a terminal: what it would act on is shown as ``\u001b``, as JSON does.

    Line feeds and tabs stay, and so does everything else that is printed, in any language.
    """
    return _ACTED_ON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes
    ----------
    where : str
        File, row, column, or the dotted path of a field, as far as known.
    what : str
        What is wrong there, with the offending value.
    mend : str
        What to write or do instead.
    """

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        """Return ``where: what. mend.`` on one line."""
        place = f"{self.where}: " if self.where else ""
        mend = f" {self.mend}" if self.mend else ""
        line = f"{place}{self.what}.{mend}".replace("\n", "\\n").replace("\t", "\\t")
        if len(line) > _LONGEST:
            line = f"{line[: _LONGEST - 600]} ... {line[-500:]}"
        return visible(line)


class Nof1Error(Exception):
    """Base of all errors raised on purpose; on its own it means a fault of nof1."""

    exit_code: ClassVar[int] = 1


class InputError(Nof1Error):
    """The user can mend it.

    Parameters
    ----------
    faults : Fault or iterable of Fault
        All faults found, in the order of the input.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make another one: what went wrong in another process is said here."""
        return type(self), (self.faults,)


class ProtocolError(InputError):
    """A protocol file is wrong."""


class ScoresError(InputError):
    """A score, a table or a diary is wrong."""


class TrialError(InputError):
    """The trial folder is not in the state the command needs."""


class SealError(InputError):
    """The key does not open the seal, or what it holds is not what was promised."""


class BlindingError(InputError):
    """The action would break the blind."""


class Checked:
    """Runs checks one after the other and keeps all their faults, to show them at once."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def __call__[T](self, check: Callable[[], T]) -> T | None:
        """Return what `check` does, or None when it finds faults."""
        try:
            return check()
        except InputError as error:
            self.faults += error.faults
            return None

    def stop(self) -> None:
        """Raise all faults found so far, if there are any."""
        if self.faults:
            raise InputError(self.faults)


#: What a user can do about an error of the operating system.
_MENDS = {
    errno.ENOENT: "Check the name, and that the disk is there.",
    errno.ENOTDIR: "A part of this path is a file: check the name.",
    errno.EISDIR: "Name a file.",
    errno.ENOTEMPTY: "Choose another place, or move away what is there.",
    errno.EEXIST: "Choose another name, or move away what is there.",
    errno.EACCES: "Allow it for your account, or choose another place.",
    errno.EPERM: "Allow it for your account, or choose another place.",
    errno.EROFS: "Allow writing there, or choose another place.",
    errno.ENOSPC: "Make room there, then run the command again.",
    errno.EDQUOT: "Make room there, or ask for more, then run the command again.",
    errno.EFBIG: "Choose a place that takes files of this size.",
    errno.EIO: "Check the disk and its connection, and keep a copy of your files elsewhere.",
    errno.ENXIO: "Check the disk and its connection.",
    errno.ENODEV: "Check the disk and its connection.",
    errno.ESTALE: "Connect the network disk again, then run the command again.",
    errno.ETIMEDOUT: "Check the connection to the network disk, then run the command again.",
    errno.EBUSY: "Close the program that uses it, then run the command again.",
    errno.EAGAIN: "Run the command again.",
    errno.EINTR: "Run the command again.",
    errno.EMFILE: "Close other programs, or allow more open files, then run the command again.",
    errno.ENFILE: "Close other programs, then run the command again.",
    errno.ENOMEM: "Close other programs, then run the command again.",
    errno.ENAMETOOLONG: "Choose a shorter name, or a place with a shorter path.",
    errno.ELOOP: "It is a symbolic link: put the file or folder itself there.",
    errno.EXDEV: "Choose a place on one disk.",
    errno.EMLINK: "Choose another place.",
    errno.ENOLCK: "Choose a disk that can keep two programs apart.",
    errno.ENOTSUP: "Choose another place: this disk cannot do what is needed.",
    errno.EOPNOTSUPP: "Choose another place: this disk cannot do what is needed.",
    errno.ENOSYS: "Choose another place: this disk cannot do what is needed.",
    errno.EPIPE: "The program that reads it has ended.",
}


def mendable(error: OSError) -> bool:
    """Return whether the user can mend an error of the operating system: else nof1 made it."""
    return error.errno is None or error.errno in _MENDS


def system_fault(
    error: OSError, where: Path | str = "", *, doing: str = "could not be used", then: str = ""
) -> Fault:
    """Return an error of the operating system as a fault that names path, reason and mend.

    Parameters
    ----------
    error : OSError
        As raised.
    where : Path or str
        The file or folder; by default that which the system names.
    doing : str
        What could not be done with it, for instance ``could not be written``.
    then : str
        What this means for the user's data, for instance ``Nothing was written.``
    """
    place = str(where or error.filename or "")
    mend = _MENDS.get(error.errno or 0, "Mend that, then run the command again.")
    what = f"{doing}: {error.strerror or error}"
    return Fault(place, what if place else f"a file {what}", f"{then} {mend}".strip())
