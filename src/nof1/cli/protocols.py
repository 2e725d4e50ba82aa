"""``nof1 protocols``: the bundled protocols, and whether one of your own is complete."""

from __future__ import annotations

from typing import Annotated

import typer

from nof1.cli.app import app, give, say, say_lines, say_result
from nof1.cli.options import JsonOption

ProtocolFile = Annotated[str, typer.Argument(help="Protocol file, or name of a bundled protocol.")]

protocols = typer.Typer(invoke_without_command=True)
app.add_typer(
    protocols, name="protocols", epilog="Example: nof1 protocols show magnesium-rls > my.toml"
)


@protocols.callback()
def list_protocols(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the bundled protocols; show one, or check one of your own."""
    if context.invoked_subcommand is not None:
        return
    from nof1.workflow.protocols import bundled_protocols

    say_result(bundled_protocols(), as_json=as_json)


@protocols.command("show", epilog="Example: nof1 protocols show magnesium-rls > my.toml")
def show_protocol(
    name: Annotated[str, typer.Argument(help="Name of a bundled protocol.")],
) -> None:
    """Print a bundled protocol as it is, to make one of your own from it."""
    from nof1.workflow.protocols import bundled_text

    give(bundled_text(name))


@protocols.command("check", epilog="Example: nof1 protocols check my.toml")
def check_protocol(file: ProtocolFile, as_json: JsonOption = False) -> None:
    """Report every fault of a protocol file, or that it is complete, with its digest."""
    from nof1.workflow.protocols import check_protocol as check_file

    say_result(check_file(file), as_json=as_json)


@protocols.command("answers", epilog="Example: nof1 protocols answers my.toml > answers.toml")
def print_answers(file: ProtocolFile) -> None:
    """Print a file of answers to the eligibility questions, to be filled in for `nof1 design`."""
    from nof1.workflow.protocols import answers_template

    say_lines(answers_template(file))


@protocols.command("schema", epilog="Example: nof1 protocols schema > protocol.schema.json")
def print_schema() -> None:
    """Print the JSON Schema of protocol files, for editors and other programs."""
    from nof1.workflow.protocols import protocol_schema

    say(protocol_schema().rstrip())
