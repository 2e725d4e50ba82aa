"""Arguments and options that several commands have, each said once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

TrialArgument = Annotated[Path, typer.Argument(metavar="TRIAL", help="The trial folder.")]
ProtocolArgument = Annotated[
    str, typer.Argument(metavar="PROTOCOL", help="Protocol file, or name of a bundled protocol.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else.")]
CsvOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write a tidy table into this new CSV file too."),
]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does this.")]
_WHY = typer.Option("--reason", metavar="TEXT", help="Why.")
#: Why: where it may be left open, and where it must be said.
ReasonOption = Annotated[str | None, _WHY]
NeededReasonOption = Annotated[str, _WHY]
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
PassphraseFileOption = Annotated[
    Path | None,
    typer.Option("--passphrase-file", metavar="FILE", help="File with the passphrase of the seal."),
]
IdentityOption = Annotated[
    Path | None,
    typer.Option("--identity", metavar="FILE", help="File with the packer's age identity."),
]
SampleOption = Annotated[
    bool,
    typer.Option("--sample", help="Let PyMC answer where the exact engines cannot; takes minutes."),
]


class PaperSize(StrEnum):
    """Sheets the pages can be printed on."""

    A4 = "a4"
    LETTER = "letter"


PaperOption = Annotated[PaperSize, typer.Option("--paper", help="Size of the sheets.")]
LargeOption = Annotated[
    bool, typer.Option("--large", help="Large print, 18 points; the repeated box less.")
]
