"""``nof1 share``: one trial's contribution to a pool, and what leaves with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from nof1.cli.app import app, say, say_result
from nof1.cli.options import JsonOption, TrialArgument


def _show_schema(wanted: bool) -> None:
    if wanted:
        from nof1.workflow.share import contribution_schema

        say(contribution_schema().rstrip())
        raise typer.Exit


@app.command("share")
def share(
    trial: TrialArgument,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.json", help="The file to make.")],
    level: Annotated[
        Literal["coarse", "likelihood", "cycles", "scores"],
        typer.Option(help="How much leaves: each level tells all that the ones before it tell."),
    ] = "coarse",
    outcome: Annotated[
        str | None, typer.Option(metavar="ID", help="Outcome; the primary one by default.")
    ] = None,
    age: Annotated[
        int | None,
        typer.Option(metavar="YEARS", help="Only the band of ten years leaves; 90 up is one band."),
    ] = None,
    sex: Annotated[
        Literal["female", "male", "other"] | None, typer.Option(help="Leaves if given.")
    ] = None,
    magnesium: Annotated[
        Literal["low", "normal", "high"] | None,
        typer.Option(help="Magnesium status before the trial; leaves if given."),
    ] = None,
    iron: Annotated[
        Literal["low", "normal", "high"] | None,
        typer.Option(help="Iron status before the trial; leaves if given."),
    ] = None,
    ethics: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            help="Approval, or why none is needed, if the protocol names neither; only logged.",
        ),
    ] = "",
    consent: Annotated[
        str,
        typer.Option(metavar="NAME", help="Who agreed that single scores leave; only logged."),
    ] = "",
    as_json: JsonOption = False,
    _schema: Annotated[
        bool,
        typer.Option(
            "--schema",
            callback=_show_schema,
            is_eager=True,
            help="Print the JSON Schema of the file, for other programs.",
        ),
    ] = False,
) -> None:
    """Write what an unsealed trial gives to a pool: a likelihood, not a diary.

    It says what leaves and what stays, and sends nothing anywhere: FILE.json is yours to send.
    The log of the trial keeps that it was shared. At the level coarse a few numbers leave, with
    random noise that the log keeps, so that sharing again gives the same file. From the level
    likelihood on, whoever knows most of the diary can work out the rest from the file.

    \b
    nof1 share trial-p01 --out p01.json --age 54 --ethics "Waiver 12/2025"
    nof1 share trial-p01 --out p01.json --level cycles --ethics "Waiver 12/2025"
    """
    from nof1.workflow.share import share as share_trial

    shared = share_trial(
        trial,
        out=out,
        level=level,
        outcome=outcome,
        age=age,
        sex=sex,
        magnesium=magnesium,
        iron=iron,
        ethics=ethics,
        consent=consent,
    )
    say_result(shared, as_json=as_json)
