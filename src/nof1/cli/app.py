"""The Typer application, and the two ways a command speaks."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Annotated, Any, Protocol

import typer
from typer.core import TyperGroup

from nof1 import __version__
from nof1.errors import Fault, InputError, system_fault, visible


class Commands(TyperGroup):
    """All commands; one that the user stops ends as a user's doing, not as a fault of nof1."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; Ctrl-C, and the end of input at a question, become an `InputError`."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, EOFError, typer.Abort) as error:
            if sys.stderr.isatty():
                note("")  # the cursor stands behind a question
            raise InputError(Fault("", "stopped", "Only what was finished is kept.")) from error
        except BrokenPipeError as error:  # or the library would end without a word
            raise UnheardError from error


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


class UnheardError(InputError):
    """The reader, `head` for instance, has seen enough: there is nobody to be told."""

    def __init__(self) -> None:
        super().__init__(Fault("standard output", "is closed", "Let its reader run on."))


def say(text: str = "") -> None:
    """Print `text` to standard output, without what a terminal would act on."""
    _print(f"{visible(text)}\n")


class Result(Protocol):
    """What a call of the workflow gives back, as far as commands show it."""

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""

    def to_json(self) -> str:
        """Return what other programs read."""


def say_result(result: Result, *, as_json: bool) -> None:
    """Print a result, as one JSON object on request."""
    if as_json:
        say(result.to_json())
    else:
        say_lines(result.lines())


def say_lines(lines: Iterable[str]) -> None:
    """Print lines one below the other."""
    for line in lines:
        say(line)


def bar[One](things: Iterable[One], *, n: int, label: str) -> Iterator[One]:
    """Hand things on under a progress bar on standard error."""
    with typer.progressbar(things, length=n, label=label, file=sys.stderr) as shown:
        yield from shown


def give(data: bytes) -> None:
    """Print a file to standard output, byte for byte."""
    _print(data)


def _print(what: str | bytes) -> None:
    try:
        typer.echo(what, nl=False)
    except OSError as error:
        _let_go()
        if error.errno == errno.EPIPE:
            raise UnheardError from error
        raise InputError(
            system_fault(error, "standard output", doing="cannot be written")
        ) from error


def note(text: str) -> None:
    """Print `text` to standard error: progress, questions, what was assumed.

    Where it cannot be printed there is nobody to be told, and the command goes on.
    """
    with suppress(OSError):
        typer.echo(visible(text), err=True)


def _let_go() -> None:
    """Let what could not be printed go, or Python would try once more when it ends."""
    stream = sys.__stdout__
    if stream is None or sys.stdout is not stream:
        return
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
