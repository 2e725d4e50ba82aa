"""What is asked of a pool: the options that `pool` and `merge` share."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from nof1.cli.app import note
from nof1.cli.options import Checked
from nof1.cli.pairs import pairs
from nof1.cli.tables import positive
from nof1.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nof1.pooling.analysis import Question
    from nof1.pooling.exact.workplace import Workplace
    from nof1.pooling.persons.facts import Fact

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
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, nothing else.")]

_ASK = "Is the question about exactly these persons (these), or about persons like them (next)?"


@dataclass(frozen=True, kw_only=True)
class PoolOptions:
    """What is asked, as given.

    Attributes
    ----------
    purpose, population, mcid, moderator, planned, exclude, prior_out
        See the options of the same names.
    """

    purpose: Purpose | None = None
    population: Shape | None = None
    mcid: float | None = None
    moderator: Sequence[str] | None = None
    planned: str = ""
    exclude: Sequence[str] | None = None
    prior_out: Path | None = None

    def given(self) -> list[str]:
        """Return the names of the options that were given."""
        return [
            "--" + name.replace("_", "-")
            for name, value in vars(self).items()
            if value not in (None, [], "")
        ]

    def check(self, checked: Checked) -> None:
        """Note what is wrong with the options."""
        checked(self.left_out)
        checked(lambda: positive("--mcid", self.mcid))
        checked(self._planned_what)
        if self.prior_out is not None:
            folder = self.prior_out.absolute().parent
            checked(lambda: refuse_missing("--prior-out", folder))

    def left_out(self) -> dict[str, str]:
        """Return why each person is left out, by code."""
        return pairs(self.exclude, "--exclude", "CODE=WHY", "P07=took iron in period 3")

    def _planned_what(self) -> None:
        if self.planned and not self.moderator:
            what = "no moderator is asked for"
            raise InputError(Fault("--planned", what, "Add --moderator, or leave it out."))

    def question(self, facts: Mapping[str, Mapping[str, Fact]]) -> Question:
        """Return the question, after asking what was not said when somebody can be asked.

        Parameters
        ----------
        facts : mapping of str to mapping of str to float or str
            What columns of tables say, by name and person.
        """
        from nof1.pooling.analysis import Question

        purpose = self.purpose
        if purpose is None and sys.stdin.isatty():
            purpose = _asked_purpose()
        return Question(
            purpose=purpose,
            population=self.population or "normal",
            mcid=self.mcid,
            moderators=tuple(dict.fromkeys(self.moderator or ())),
            facts=facts,
            planned=self.planned,
        )


def _asked_purpose() -> Purpose:
    note(_ASK)
    while True:
        match typer.prompt("these or next", err=True).strip().lower():
            case "these":
                return "these"
            case "next":
                return "next"
            case other:
                note(f"{other!r} is neither.")


def refuse_missing(option: str, folder: Path) -> None:
    """Refuse a folder into which nothing can be written, before any work is done."""
    if not folder.is_dir():
        raise InputError(Fault(option, f"there is no folder {folder}", "Make it first."))


@contextmanager
def workplace(scheduler: str | None) -> Iterator[Callable[[Sequence[Any]], Workplace]]:
    """Say where the work is done: on this computer, or on a cluster while it is needed."""
    from nof1.pooling.exact.workplace import Cluster, Here, connect

    if scheduler is None:
        yield Here
        return
    with connect(scheduler) as client:
        yield lambda stretches: Cluster(stretches, client)
