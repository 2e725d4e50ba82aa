"""``nof1 share``: one trial's contribution to a pool, after saying what leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from nof1.cli.app import app, say
from nof1.cli.options import TrialArgument, present
from nof1.errors import Fault, InputError

#: Names by which `nof1 pool` and `nof1 privacy` know a contribution.
_ENDINGS = (".json", ".jsonl", ".ndjson")


def _show_schema(wanted: bool) -> None:
    if wanted:
        from nof1.sharing.contribution import json_schema_text

        say(json_schema_text().rstrip())
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
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False,
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
    from nof1.cli.share_lines import leaves, risks, stays
    from nof1.sharing.from_trial import Agreement, prepare
    from nof1.sharing.from_trial import share as share_trial
    from nof1.trial.folder import open_trial

    if out.suffix.lower() not in _ENDINGS:
        mend = f"Name it {out.stem or 'contribution'}.json."
        raise InputError(Fault("--out", f"{out.name!r} does not end in .json", mend))
    opened = open_trial(trial)
    agreement = Agreement(
        level=level,
        age=age,
        sex=sex,
        magnesium=magnesium,
        iron=iron,
        ethics=ethics,
        consent=consent,
    )
    prepared = prepare(opened, agreement, outcome=outcome)
    found = prepared.contribution
    leaving, staying = list(leaves(found)), list(stays(found))
    if not as_json:
        _say_list("What leaves", leaving)
        _say_list("What stays", staying)
        for line in risks(found):
            say(line)
        say()
    share_trial(opened, agreement, prepared, out=out, now=present())
    if as_json:
        say(
            json.dumps(
                {
                    "schema": "nof1.share/1",
                    "file": str(out),
                    "id": found.id,
                    "level": found.level,
                    "outcome": found.outcome.id,
                    "status": "pseudonymised",
                    "leaves": leaving,
                    "stays": staying,
                },
                ensure_ascii=False,
            )
        )
        return
    say(f"Written: {out}. The log of the trial says so.")
    say(f"Before many such files go on: nof1 privacy {out} ...")


def _say_list(title: str, lines: list[str]) -> None:
    say(title)
    for line in lines:
        say(f"  - {line}")
    say()
