"""``nof1 print`` and ``nof1 pack``: the pages for everyone, and those for the packer alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nof1.cli.app import app, note, say_result
from nof1.cli.asking import asked_passphrase
from nof1.cli.options import (
    IdentityOption,
    JsonOption,
    LargeOption,
    PaperOption,
    PaperSize,
    PassphraseFileOption,
    TrialArgument,
)


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
    from nof1.workflow.pages import print_trial

    printed = print_trial(trial, paper=paper.value, large=large, item_wording=item_wording)
    say_result(printed, as_json=as_json)


@app.command("pack")
def pack(
    trial: TrialArgument,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder outside the trial folder.")
    ],
    passphrase_file: PassphraseFileOption = None,
    identity: IdentityOption = None,
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
    from nof1.workflow.pages import pack_trial

    packed = pack_trial(
        trial,
        out=out,
        passphrase_file=passphrase_file,
        identity=identity,
        paper=paper.value,
        large=large,
        ask_passphrase=asked_passphrase,
        tell=note,
    )
    say_result(packed, as_json=as_json)
    if packed.breaks_blind:
        note("These pages break the blind: for the packer alone.")
    else:
        note("These pages say what every period holds; nobody is masked in this trial.")
