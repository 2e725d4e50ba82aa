"""``nof1 protocols``: the bundled protocols, and whether one of your own is complete."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from nof1.cli.app import app, give, say
from nof1.cli.options import present
from nof1.words.numbers import number_text

if TYPE_CHECKING:
    from nof1.protocol.protocol import Protocol

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else.")]

protocols = typer.Typer(invoke_without_command=True)
app.add_typer(
    protocols, name="protocols", epilog="Example: nof1 protocols show magnesium-rls > my.toml"
)


@protocols.callback()
def list_protocols(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the bundled protocols; show one, or check one of your own."""
    if context.invoked_subcommand is not None:
        return
    from nof1.protocol.files import bundled_names, bundled_protocol, read_protocol

    bundled = [read_protocol(bundled_protocol(name)) for name in bundled_names()]
    if as_json:
        listed = [_facts(protocol) for protocol in bundled]
        say(json.dumps({"schema": "nof1.protocols/1", "protocols": listed}, ensure_ascii=False))
        return
    rows = [("NAME", "TITLE", "ARMS", "PERIODS", "BLINDING")] + [_cells(one) for one in bundled]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        say("  ".join(cells).rstrip())


@protocols.command("show", epilog="Example: nof1 protocols show magnesium-rls > my.toml")
def show_protocol(
    name: Annotated[str, typer.Argument(help="Name of a bundled protocol.")],
) -> None:
    """Print a bundled protocol as it is, to make one of your own from it."""
    from nof1.protocol.files import bundled_protocol

    give(bundled_protocol(name).read_bytes())


@protocols.command("check", epilog="Example: nof1 protocols check my.toml")
def check_protocol(
    file: Annotated[str, typer.Argument(help="Protocol file, or name of a bundled protocol.")],
    as_json: JsonOption = False,
) -> None:
    """Report every fault of a protocol file, or that it is complete, with its digest."""
    from nof1.protocol.above_limit import dose_lines, override_lines, refuse_undated_override
    from nof1.protocol.files import find_protocol, read_protocol

    protocol = read_protocol(find_protocol(file))
    refuse_undated_override(protocol, present().date())
    if as_json:
        content = {
            "schema": "nof1.protocol-check/1",
            "file": file,
            **_facts(protocol),
            "doses": _doses(protocol),
            "above_limit": list(override_lines(protocol)),
        }
        say(json.dumps(content, ensure_ascii=False))
        return
    say(f"{file}: {protocol.name} {protocol.version} is complete. SHA-256 {protocol.digest}")
    for arm in protocol.arms:
        if taken := protocol.taken(arm):
            say(f"  {arm.label}: {taken}.")
    for line in dose_lines(protocol):
        say(f"  {line}")


@protocols.command("answers", epilog="Example: nof1 protocols answers my.toml > answers.toml")
def print_answers(
    file: Annotated[str, typer.Argument(help="Protocol file, or name of a bundled protocol.")],
) -> None:
    """Print a file of answers to the eligibility questions, to be filled in for `nof1 design`."""
    from nof1.cli.eligibility import template_lines
    from nof1.protocol.files import find_protocol, read_protocol

    protocol = read_protocol(find_protocol(file))
    for line in template_lines(protocol.name, protocol.version, protocol.eligibility):
        say(line)


@protocols.command("schema", epilog="Example: nof1 protocols schema > protocol.schema.json")
def print_schema() -> None:
    """Print the JSON Schema of protocol files, for editors and other programs."""
    from nof1.protocol.files import json_schema_text

    say(json_schema_text().rstrip())


def _facts(protocol: Protocol) -> dict[str, object]:
    return {
        "name": protocol.name,
        "version": protocol.version,
        "title": protocol.title,
        "arms": [arm.id for arm in protocol.arms],
        "n_periods": protocol.n_periods,
        "period_days": protocol.design.period_days,
        "blinding": protocol.blinding.mode,
        "digest": protocol.digest,
    }


def _doses(protocol: Protocol) -> list[dict[str, object]]:
    """Return what is taken on each arm: units at each time, and milligrams of magnesium a day."""
    return [
        {
            "arm": arm.id,
            "units": {one.time: one.units for one in dosing.intakes},
            "magnesium_mg": float(number_text(dosing.daily_mg)),
        }
        for arm in protocol.arms
        for dosing in [protocol.dosing(arm)]
    ]


def _cells(protocol: Protocol) -> tuple[str, ...]:
    weeks, rest = divmod(protocol.design.period_days, 7)
    length = f"{protocol.design.period_days} days" if rest else f"{weeks} week{'s'[: weeks - 1]}"
    return (
        protocol.name,
        protocol.title,
        ", ".join(arm.id for arm in protocol.arms),
        f"{protocol.n_periods} x {length}",
        protocol.blinding.mode,
    )
