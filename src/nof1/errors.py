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

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


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
        return f"{place}{self.what}.{mend}"


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
