"""How somebody is asked, before a draw, what was not given."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol as Interface

from nof1.errors import Fault
from nof1.workflow.interview import Interview


class Asking(Interface):
    """How somebody is asked what was not given, before anything is drawn."""

    def faults(self, *, unanswered: int, has_key: bool) -> list[Fault]:
        """Return a fault for everything that is to be asked and cannot be.

        Parameters
        ----------
        unanswered : int
            Eligibility questions without an answer.
        has_key : bool
            Whether the key of the seal was given.
        """

    def go_on(self, lines: Iterable[str]) -> None:
        """Show what the design can tell, and return if it is to be drawn; raise to end here."""

    def eligibility(self, interview: Interview) -> Interview:
        """Ask the questions of an interview to its end."""

    def passphrase(self, refuse: Callable[[str], None]) -> str:
        """Ask for a passphrase until `refuse` raises no `SealError`, which says why not."""


class NobodyAsked:
    """The call itself is the word to go on; what was not given is an error."""

    def faults(self, *, unanswered: int, has_key: bool) -> list[Fault]:
        """Return a fault for what was not given."""
        faults = []
        if unanswered:
            what = f"the {unanswered} eligibility questions are not answered"
            mend = 'Give answers={"CODE": "yes" or "no", ...}, or a file of answers.'
            faults.append(Fault("answers", what, mend))
        if not has_key:
            what = "nothing to seal the order with"
            faults.append(Fault("passphrase", what, "Give passphrase, passphrase_file or packer."))
        return faults

    def go_on(self, lines: Iterable[str]) -> None:
        """Go on."""

    def eligibility(self, interview: Interview) -> Interview:
        """Answer nothing; that there are questions is one of `faults`."""
        return interview

    def passphrase(self, refuse: Callable[[str], None]) -> str:  # noqa: ARG002
        """Give none; that there is no key is one of `faults`."""
        return ""
