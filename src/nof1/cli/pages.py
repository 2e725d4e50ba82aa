"""``nof1 print`` and ``nof1 pack``: the pages for everyone, and those for the packer alone."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from nof1.cli.app import app, note, say
from nof1.cli.options import TrialArgument, opening_key, say_memory


class PaperSize(StrEnum):
    """Sheets the pages can be printed on."""

    A4 = "a4"
    LETTER = "letter"


PaperOption = Annotated[PaperSize, typer.Option("--paper", help="Size of the sheets.")]
LargeOption = Annotated[
    bool, typer.Option("--large", help="Large print, 18 points; the repeated box less.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else.")]


@app.command("print")
def print_(
    trial: TrialArgument,
    paper: PaperOption = PaperSize.A4,
    large: LargeOption = False,
    item_wording: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Text of the questionnaire items, a line each, if you have a licence for it.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make every page without an arm: booklet, clinician's pages, calendar.

    They land in TRIAL/print: those of before are replaced, what else is there stays.

    \b
    nof1 print trial-p01
    nof1 print trial-p01 --paper letter --large
    """
    from nof1.reports.pages import print_pages, read_item_wording
    from nof1.trial.contacts import PRINTED
    from nof1.trial.folder import open_trial

    opened = open_trial(trial)
    wording = read_item_wording(opened, item_wording) if item_wording else None
    files = print_pages(
        opened, trial / PRINTED, paper=paper.value, large=large, item_wording=wording
    )
    _say_files("nof1.print/1", files, as_json=as_json)


@app.command("pack")
def pack(
    trial: TrialArgument,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder outside the trial folder.")
    ],
    passphrase_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File with the passphrase of the seal.")
    ] = None,
    identity: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File with the packer's age identity.")
    ] = None,
    paper: PaperOption = PaperSize.A4,
    large: LargeOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make what the packer alone may see: packing sheet, labels, emergency notes, cards.

    It opens the seal, checks it against the commitment, and writes nothing into TRIAL. What else is
    in DIR stays; pages of another trial there are not replaced, but named.

    \b
    nof1 pack trial-p01 --out packing-p01 --passphrase-file secret.txt
    nof1 pack trial-p01 --out packing-p01 --identity key.txt
    """
    from nof1.design.sealing import open_seal
    from nof1.reports.pages import pack_pages, refuse_inside
    from nof1.trial.folder import open_trial
    from nof1.trial.verifying import read_sealed

    opened = open_trial(trial)
    refuse_inside(opened.folder, out)
    key = opening_key(passphrase_file, identity)
    sealed = read_sealed(opened)
    say_memory(key, sealed)
    allocation = open_seal(sealed, key, tell=note)
    files = pack_pages(opened, allocation, out, paper=paper.value, large=large)
    _say_files("nof1.pack/1", files, as_json=as_json)
    blinding = opened.protocol.blinding
    if blinding.masked or blinding.mode == "concealed":
        note("These pages break the blind: for the packer alone.")
    else:
        note("These pages say what every period holds; nobody is masked in this trial.")


def _say_files(schema: str, files: tuple[Path, ...], *, as_json: bool) -> None:
    if as_json:
        say(json.dumps({"schema": schema, "files": [str(path) for path in files]}))
        return
    for path in files:
        say(str(path))
