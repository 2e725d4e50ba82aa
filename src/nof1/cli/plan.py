"""``nof1 plan``: what a design can tell before it starts, and how many persons a series needs."""

from __future__ import annotations

from typing import Annotated

import typer

from nof1.cli.app import app, say_result
from nof1.cli.options import JsonOption, ProtocolArgument


@app.command("plan")
def plan(
    protocol: ProtocolArgument,
    series: Annotated[
        bool, typer.Option("--series", help="Show how many persons a series of trials needs.")
    ] = False,
    effect: Annotated[
        float | None,
        typer.Option(metavar="X", help="Average difference to be detected, in points (series)."),
    ] = None,
    between_sd: Annotated[
        float | None,
        typer.Option(metavar="X", help="SD between persons of their true differences (series)."),
    ] = None,
    within_sd: Annotated[
        float | None,
        typer.Option(
            metavar="X",
            help="SD of one period's mean within a cycle, not of a cycle difference (series).",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a design can tell before it starts, beside neighbouring designs.

    With --series: how many persons a series of such trials needs, by the number of cycles.

    \b
    nof1 plan magnesium-rls
    nof1 plan my.toml --json
    nof1 plan my.toml --series --effect 3 --between-sd 3 --within-sd 4
    """
    from nof1.workflow.plan import plan as plan_trial

    plans = plan_trial(
        protocol, series=series, effect=effect, between_sd=between_sd, within_sd=within_sd
    )
    say_result(plans, as_json=as_json)
