"""``nof1 plan``: what a design can tell before it starts, and how many persons a series needs."""

from __future__ import annotations

from typing import Annotated

import typer

from nof1.cli.app import app, say_result
from nof1.cli.options import JsonOption, ProtocolArgument
from nof1.errors import Fault, InputError


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

    assumed = {"--effect": effect, "--between-sd": between_sd, "--within-sd": within_sd}
    if series or any(value is not None for value in assumed.values()):
        _plan_series(protocol, assumed, wanted=series, as_json=as_json)
        return
    say_result(plan_trial(protocol), as_json=as_json)


def _plan_series(
    protocol: str, options: dict[str, float | None], *, wanted: bool, as_json: bool
) -> None:
    """Say how many persons a series needs with 2 to 8 cycles, and with the protocol's own."""
    from nof1.workflow.plan import plan_series

    faults = [
        Fault(option, "is needed to plan a series", "Give it, in points of the primary outcome.")
        for option, value in options.items()
        if value is None
    ]
    if not wanted:
        faults = [Fault("--series", "the other options plan a series", "Add --series.")]
    if faults:
        raise InputError(faults)
    effect, between_sd, within_sd = (value for value in options.values() if value is not None)
    sizes = plan_series(protocol, effect=effect, between_sd=between_sd, within_sd=within_sd)
    say_result(sizes, as_json=as_json)
