"""``nof1 plan``: what a design can tell before it starts, and how many persons a series needs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from nof1.cli.app import app, say
from nof1.errors import Fault, InputError

if TYPE_CHECKING:
    from nof1.protocol.protocol import Protocol

ProtocolArgument = Annotated[
    str, typer.Argument(metavar="PROTOCOL", help="Protocol file, or name of a bundled protocol.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else.")]


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
    from dataclasses import asdict

    from nof1.cli.design_facts import candidate_lines, facts_lines
    from nof1.planning import candidates, design_facts
    from nof1.protocol.above_limit import override_entry
    from nof1.protocol.files import find_protocol, read_protocol

    planned = read_protocol(find_protocol(protocol))
    assumed = {"--effect": effect, "--between-sd": between_sd, "--within-sd": within_sd}
    if series or any(value is not None for value in assumed.values()):
        _plan_series(planned, assumed, wanted=series, as_json=as_json)
        return
    own, found = design_facts(planned), candidates(planned)
    if as_json:
        content = {
            "schema": "nof1.plan/1",
            "protocol": planned.name,
            "primary": planned.primary.id,
            "limit_override": override_entry(planned),
            "design": asdict(own),
            "candidates": [asdict(facts) for facts in found],
        }
        say(json.dumps(content, ensure_ascii=False))
        return
    for line in (*facts_lines(planned, own), "", *candidate_lines(planned, own, found)):
        say(line)


def _plan_series(
    planned: Protocol, given: dict[str, float | None], *, wanted: bool, as_json: bool
) -> None:
    """Say how many persons a series needs with 2 to 8 cycles, and with the protocol's own."""
    from dataclasses import asdict

    from nof1.cli.design_facts import series_lines
    from nof1.planning.series import (
        ALPHA,
        POWER,
        SERIES_CYCLES,
        SeriesAssumptions,
        series_size,
    )

    faults = [
        Fault(option, "is needed to plan a series", "Give it, in points of the primary outcome.")
        for option, value in given.items()
        if value is None
    ]
    if not wanted:
        faults = [Fault("--series", "the other options plan a series", "Add --series.")]
    if faults:
        raise InputError(faults)
    effect, between_sd, within_sd = (value for value in given.values() if value is not None)
    assumed = SeriesAssumptions(effect=effect, between_sd=between_sd, within_sd=within_sd)
    own = planned.design.cycles
    cycles = sorted({*SERIES_CYCLES, max(own, SERIES_CYCLES[0])})
    sizes = [series_size(assumed, count) for count in cycles]
    if as_json:
        content = {
            "schema": "nof1.plan-series/1",
            "protocol": planned.name,
            "primary": planned.primary.id,
            "unit": planned.primary.unit,
            **asdict(assumed),
            "difference_sd": assumed.difference_sd,
            "alpha": ALPHA,
            "power": POWER,
            "cycles": own,
            "series": [asdict(size) for size in sizes],
        }
        say(json.dumps(content, ensure_ascii=False, allow_nan=False))
        return
    for line in series_lines(planned, assumed, sizes):
        say(line)
