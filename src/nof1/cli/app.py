"""The Typer application, and the two ways a command speaks."""

from __future__ import annotations

import errno
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from nof1 import __version__
from nof1.errors import Fault, InputError


class Commands(TyperGroup):
    """All commands; one that the user stops ends as a user's doing, not as a fault of nof1."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; Ctrl-C, and the end of input at a question, become an `InputError`."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, EOFError, typer.Abort) as error:
            raise InputError(Fault("", "stopped", "Only what was finished is kept.")) from error


app = typer.Typer(
    name="nof1",
    cls=Commands,
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
    try:
        typer.echo(text)
    except OSError as error:
        if error.errno == errno.EPIPE:  # the reader, `head` for instance, has seen enough
            raise
        raise InputError(
            Fault("standard output", f"cannot be written: {error.strerror}", "Make room there.")
        ) from error


def note(text: str) -> None:
    """Print `text` to standard error: progress, questions, what was assumed."""
    typer.echo(text, err=True)
