"""``nof1 design``: the draw, sealed at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nof1.cli.app import app, note, say, say_result
from nof1.cli.asking import TerminalAsking
from nof1.cli.options import JsonOption, PassphraseFileOption, ProtocolArgument


@app.command("design")
def design(
    protocol: ProtocolArgument,
    out: Annotated[Path, typer.Option("--out", metavar="TRIAL", help="Trial folder to make.")],
    start: Annotated[str, typer.Option(metavar="DATE", help="First day, such as 2026-03-02.")],
    participant: Annotated[
        str, typer.Option(metavar="CODE", help="Code of the person, such as P01; never a name.")
    ],
    passphrase_file: PassphraseFileOption = None,
    packer: Annotated[
        str | None,
        typer.Option(metavar="AGE-RECIPIENT", help="Public age key of the packer: age1..."),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="TOML file of answers to the eligibility questions."),
    ] = None,
    clinician: Annotated[
        str, typer.Option(metavar="NAME", help="Clinician who agrees to the start.")
    ] = "",
    contact: Annotated[
        list[str] | None,
        typer.Option(
            metavar='"NAME, PHONE"',
            help="Whom to call, on every page (repeatable); care and research need one.",
        ),
    ] = None,
    emergency: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="Emergency number, for the pages.")
    ] = None,
    promise: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="File of `nof1 promise`: a redraw would show."),
    ] = None,
    public_number: Annotated[
        str | None,
        typer.Option(metavar="TEXT", help="The number named after the promise, and its source."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Go on with this design; answers nothing else.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Randomise, seal and write the trial folder. Nobody learns the order.

    First it says what the design can tell and asks to go on (or --yes). Then it asks the
    eligibility questions one by one (or --answers; `nof1 protocols answers` makes the file).
    Without --passphrase-file or --packer it asks for a passphrase.

    \b
    nof1 design magnesium-rls --out trial-p01 --start 2026-03-02 --participant P01 \\
      --contact "Dr Berg, 044 555 01 02" --emergency 112
    """
    from nof1.workflow.design import design as design_trial

    designed = design_trial(
        protocol,
        out=out,
        start=start,
        participant=participant,
        passphrase_file=passphrase_file,
        packer=packer,
        answers=answers,
        clinician=clinician,
        contact=contact or (),
        emergency=emergency,
        promise=promise,
        public_number=public_number,
        asking=TerminalAsking(protocol, yes=yes, tell=note if as_json else say),
        tell=note,
    )
    say_result(designed, as_json=as_json)
