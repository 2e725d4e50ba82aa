"""What somebody kept outside the trial folder: the commitment from a page, receipts as noted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from nof1.errors import Fault, InputError

#: Digits of a receipt: fewer are not compared.
FEWEST = 8
#: Digits from which on nobody can make another trial that agrees in them, however long they try.
SAFE = 32

_HEX = re.compile(r"[0-9a-f]*")
_BETWEEN = re.compile(r"[\s.…-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDigits:
    """Digits that were printed or written down, as typed in again.

    Attributes
    ----------
    commitment : str or None
        The first digits of the commitment, 8 to 64, lower case; None when none were given.
    receipts : tuple of str
        The first digits of the hashes of entries, 8 to 64 each.
    """

    commitment: str | None = None
    receipts: tuple[str, ...] = ()

    @classmethod
    def read(cls, commitment: str | None, receipts: Sequence[str]) -> Self:
        """Return what was typed in: spaces between the digits and capitals do not matter.

        Raises
        ------
        InputError
            If something is no such number.
        """
        faults: list[Fault] = []
        sources = [("--receipt", text) for text in receipts]
        if commitment is not None:
            sources.insert(0, ("--commitment", commitment))
        digits = []
        for option, text in sources:
            plain = _BETWEEN.sub("", text).lower()
            if not _HEX.fullmatch(plain) or not FEWEST <= len(plain) <= 64:
                faults.append(
                    Fault(
                        option,
                        f"{text!r} is not {FEWEST} to 64 of the digits 0 to 9 and a to f",
                        "Write what stands at the foot of a printed page (Sealed as ...)."
                        if option == "--commitment"
                        else "Write what a command said after the word Receipt.",
                    )
                )
            digits.append(plain)
        if faults:
            raise InputError(faults)
        if commitment is None:
            return cls(receipts=tuple(digits))
        return cls(commitment=digits[0], receipts=tuple(digits[1:]))


def spaced(digits: str) -> str:
    """Return digits in groups of four, as the pages print them."""
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


#: Nothing was typed in.
NOTHING_KEPT = KeptDigits()
