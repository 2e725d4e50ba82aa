"""The Typer application, and the two ways a command speaks."""

from __future__ import annotations

from typing import Annotated

import typer

from nof1 import __version__

app = typer.Typer(
    name="nof1",
    help="Randomised, blinded trials of one person: from a protocol to an answer.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"nof1 {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Randomised, blinded trials of one person: from a protocol to an answer."""


def say(text: str = "") -> None:
    """Print `text` to standard output."""
    typer.echo(text)


def note(text: str) -> None:
    """Print `text` to standard error: progress, questions, what was assumed."""
    typer.echo(text, err=True)
