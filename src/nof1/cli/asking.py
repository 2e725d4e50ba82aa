"""What is asked at the terminal: to go on, the eligibility questions, and passphrases."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import typer

from nof1.cli.app import note
from nof1.errors import Fault, InputError, SealError

if TYPE_CHECKING:
    from nof1.workflow.interview import Interview


def asked_passphrase() -> str:
    """Return the passphrase of a seal, typed without echo.

    Raises
    ------
    InputError
        If nobody is there to be asked.
    """
    if not sys.stdin.isatty():
        raise InputError(
            Fault(
                "--passphrase-file",
                "nobody can be asked for the passphrase",
                "Give --passphrase-file FILE or --identity FILE.",
            )
        )
    typed: str = typer.prompt("Passphrase", hide_input=True, err=True)
    return typed


class TerminalAsking:
    """Asks before a draw what the options of ``nof1 design`` leave open.

    Parameters
    ----------
    protocol : str
        As named on the command line.
    yes : bool
        Whether to go on without asking.
    tell : callable
        Prints a line of what the design can tell.
    """

    def __init__(self, protocol: str, *, yes: bool, tell: Callable[[str], None]) -> None:
        self._protocol = protocol
        self._yes = yes
        self._tell = tell

    def faults(self, *, unanswered: int, has_key: bool) -> list[Fault]:
        """Return a fault for everything to be asked when nobody is there to answer."""
        if sys.stdin.isatty():
            return []
        faults = []
        if not self._yes:
            faults.append(Fault("--yes", "nobody can be asked to go on", "Add --yes."))
        if unanswered:
            faults.append(
                Fault(
                    "--answers",
                    f"nobody can be asked the {unanswered} eligibility questions, and --yes does "
                    "not answer them",
                    f"Run `nof1 protocols answers {shlex.quote(self._protocol)} > answers.toml`, "
                    "fill it in and add --answers answers.toml.",
                )
            )
        if not has_key:
            faults.append(
                Fault(
                    "--passphrase-file",
                    "nobody can be asked for the passphrase",
                    "Give --passphrase-file FILE or --packer AGE-RECIPIENT.",
                )
            )
        return faults

    def go_on(self, lines: Iterable[str]) -> None:
        """Say what the design can tell and ask to go on; end the command if not."""
        for line in lines:
            self._tell(line)
        self._tell("")
        if not self._yes and not typer.confirm("Go on with this design?", default=None, err=True):
            note("Nothing was drawn and nothing was written.")
            raise typer.Exit(0)

    def eligibility(self, interview: Interview) -> Interview:
        """Ask one question after the other."""
        from nof1.cli.eligibility import asked

        return asked(interview)

    def passphrase(self, refuse: Callable[[str], None]) -> str:
        """Return a passphrase typed twice; one that is refused is asked for again."""
        note("The passphrase seals the order. Keep it from everybody who must not know the order.")
        while True:
            typed: str = typer.prompt(
                "Passphrase", hide_input=True, confirmation_prompt="Once more", err=True
            )
            try:
                refuse(typed)
                return typed
            except SealError as error:
                note(str(error))
