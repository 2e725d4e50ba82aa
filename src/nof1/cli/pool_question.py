"""What is asked of a pool: the options that `pool` and `merge` share."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer

from nof1.cli.app import note
from nof1.cli.pairs import pairs

Purpose = Literal["these", "next"]
Shape = Literal["normal", "student-t"]


PurposeOption = Annotated[
    Purpose | None,
    typer.Option(help="Whether the question is about exactly these persons, or persons like them."),
]
PopulationOption = Annotated[
    Shape | None, typer.Option(help="How effects scatter over persons; normal by default.")
]
PooledMcidOption = Annotated[
    float | None,
    typer.Option(metavar="X", help="Smallest difference that matters, in points."),
]
DecisionOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=CHANCE",
        help="Least chance for a verdict: meaningful, trivial, better or worse (repeatable);"
        " as the persons' protocols have it by default.",
    ),
]
ModeratorOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME",
        help="Fact that may bear on the effect: magnesium, iron, sex or age as shared, or a"
        " column of the tables (repeatable).",
    ),
]
PlannedOption = Annotated[
    str,
    typer.Option(metavar="TEXT", help="Where the moderators were written down beforehand."),
]
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option(metavar="CODE=WHY", help="Leave a person out, and say why (repeatable)."),
]
PriorOutOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE.toml", help="Write the prior for the next person, to append to a protocol."
    ),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Work on this Dask cluster, such as tcp://host:8786."),
]

_ASK = "Is the question about exactly these persons (these), or about persons like them (next)?"


def thresholds(texts: Sequence[str] | None) -> dict[str, str]:
    """Return the least chance for each verdict that is named."""
    return pairs(texts, "--decision", "NAME=CHANCE", "better=0.95")


def ask_purpose() -> Purpose | None:
    """Ask what was not said, where somebody can be asked."""
    if not sys.stdin.isatty():
        return None
    note(_ASK)
    while True:
        match typer.prompt("these or next", err=True).strip().lower():
            case "these":
                return "these"
            case "next":
                return "next"
            case other:
                note(f"{other!r} is neither.")
