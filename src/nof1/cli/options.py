"""What the commands on a running trial are given: keys, dates, the present, and receipts."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nof1.cli.app import note
from nof1.errors import Fault, InputError
from nof1.words import pages

if TYPE_CHECKING:
    from nof1.design.passphrase import Passphrase
    from nof1.design.sealing import Identity
    from nof1.trial.folder import Trial
    from nof1.trial.kept import KeptDigits
    from nof1.trial.log import Entry

TrialArgument = Annotated[Path, typer.Argument(metavar="TRIAL", help="The trial folder.")]
CorrectOption = Annotated[
    bool, typer.Option("--correct", help="Correct what is recorded; needs --reason.")
]
CommitmentOption = Annotated[
    str | None,
    typer.Option(
        "--commitment",
        metavar="DIGITS",
        help="Compare the commitment, as printed at the foot of a page (Sealed as ...).",
    ),
]
ReceiptOption = Annotated[
    list[str] | None,
    typer.Option(
        "--receipt", metavar="DIGITS", help="Compare a receipt, as written down (repeatable)."
    ),
]
ReasonOption = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why.")]


def opening_key(passphrase_file: Path | None, identity: Path | None) -> Passphrase | Identity:
    """Return the key that opens the seal; a passphrase is asked for when none was given."""
    from nof1.design.passphrase import Passphrase
    from nof1.design.sealing import Identity

    if passphrase_file is not None and identity is not None:
        raise InputError(
            Fault("--identity", "there is a --passphrase-file as well", "Give one of the two.")
        )
    if identity is not None:
        return Identity.read(identity)
    if passphrase_file is not None:
        return Passphrase.read(passphrase_file)
    if not sys.stdin.isatty():
        raise InputError(
            Fault(
                "--passphrase-file",
                "nobody can be asked for the passphrase",
                "Give --passphrase-file FILE or --identity FILE.",
            )
        )
    return Passphrase(typer.prompt("Passphrase", hide_input=True, err=True))


def say_memory(key: Passphrase | Identity, sealed: bytes) -> None:
    """Say what opening a seal by a passphrase will take."""
    from nof1.design.apart import memory_said
    from nof1.design.passphrase import Passphrase
    from nof1.design.stretching import log_n

    work = log_n(sealed)
    if isinstance(key, Passphrase) and work is not None:
        note(memory_said(work))


def given_kept(commitment: str | None, receipts: list[str] | None) -> KeptDigits:
    """Return what was kept outside the trial folder, as typed in."""
    from nof1.trial.kept import KeptDigits

    return KeptDigits.read(commitment, receipts or [])


def chosen_period(trial: Trial, period: int | None, kit: str | None) -> int | None:
    """Return the period that is opened in an emergency, by its number or the code of its kit."""
    from nof1.trial.observation_rules import period_of_kit

    if kit is None:
        return period
    found = period_of_kit(trial, kit)
    if period is not None and period != found:
        raise InputError(
            Fault("--kit", f"{kit} is the kit of period {found}, not {period}", "Give one of both.")
        )
    return found


def supply_of(trial: Trial, number: int) -> str:
    """Return the supply of a period as its label has it, for instance ``kit J7W4F9``."""
    supply = pages.SUPPLIES[trial.protocol.blinding.mode]
    return f"{supply} {trial.schedule.periods[number - 1].kit}"


def present() -> datetime:
    """Return the present, in the local time zone."""
    return datetime.now().astimezone()


def receipt(entry: Entry) -> str:
    """Return the words to write down after something was recorded."""
    return f"Receipt {entry.receipt} (entry {entry.seq})."


def given_date(option: str, text: str) -> date:
    """Return the date given with an option."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise InputError(
        Fault(option, f"{text!r} is no date", "Write year-month-day, for instance 2026-02-08.")
    )


def correction_fault() -> Fault:
    """Return the fault of giving only one of --correct and --reason."""
    return Fault("--correct", "a correction needs both --correct and --reason TEXT", "Add it.")
