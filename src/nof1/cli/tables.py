"""Tables made elsewhere at the command line: the options that explain them."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Literal, TypedDict

import typer

from nof1.cli.notation import named_columns
from nof1.cli.pairs import pairs
from nof1.errors import Checked, Fault, InputError

Better = Literal["lower", "higher"]
Trend = Literal["linear", "none"]
PeriodEffects = Literal["random", "none"]
ScoreDay = Literal["own", "before"]
Gaps = Literal["before", "after", "off"]

# What changes the plan of analysis.
CarryoverOption = Annotated[
    str | None, typer.Option(metavar="estimate|none|fixed:DAYS", help="How carryover acts.")
]
TrendOption = Annotated[Trend | None, typer.Option(help="Drift over the trial.")]
PeriodEffectsOption = Annotated[PeriodEffects | None, typer.Option(help="Shifts of whole periods.")]
DropDaysOption = Annotated[
    int | None,
    typer.Option(metavar="N", min=0, max=90, help="Leave out the first N days of periods."),
]

# What a table does not say of itself.
HalfLifeOption = Annotated[
    float | None,
    typer.Option(metavar="DAYS", help="Median of the prior of the effect's half-life (tables)."),
]
ScaleOption = Annotated[
    str | None, typer.Option(metavar="LOW:HIGH", help="Ends of the scale (tables).")
]
BetterOption = Annotated[
    Better | None, typer.Option(help="Which direction is an improvement (tables).")
]
McidOption = Annotated[
    float | None,
    typer.Option(metavar="X", help="Smallest difference that matters, in points (tables)."),
]
RecallOption = Annotated[
    int | None,
    typer.Option(metavar="DAYS", min=1, max=366, help="Days a score looks back on (tables)."),
]
ColumnsOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="OURS=THEIRS,...",
        help="Names of the columns, for instance score=mood,treatment=condition (tables; "
        "repeatable).",
    ),
]
ActiveOption = Annotated[
    list[str] | None, typer.Option(metavar="ARM", help="Active arm (tables; repeatable).")
]
ComparatorOption = Annotated[
    str | None, typer.Option(metavar="ARM", help="Arm the others are compared with (tables).")
]
AllocationOption = Annotated[
    str | None,
    typer.Option(
        metavar="pairs|complete|phases:N|daily:K|FILE|none",
        help="What the order was drawn from (tables).",
    ),
]
PeriodDaysOption = Annotated[
    str | None,
    typer.Option(
        metavar="N|runs",
        help="Days of every period; runs if each run on one treatment is one (tables).",
    ),
]
GapsOption = Annotated[
    Gaps | None,
    typer.Option(
        help="Days without a row were on the treatment before, on that after, or on none (tables)."
    ),
]
ExcludeOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODE[=WHY]", help="Leave a person out, and say why (tables; repeatable)."
    ),
]


FillDownOption = Annotated[
    bool,
    typer.Option("--fill-down", help="An empty treatment is that of the row above (tables)."),
]
RunInOption = Annotated[
    list[str] | None,
    typer.Option(
        "--run-in",
        metavar="LABEL",
        help="Treatment that is no arm, such as a baseline; blank for rows without one"
        " (tables; repeatable).",
    ),
]
RenameOption = Annotated[
    list[str] | None,
    typer.Option(metavar="OLD=NEW", help="Another spelling of a treatment (tables; repeatable)."),
]
MissingOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODE,...",
        help="What stands for a missing score, such as -99 (tables; repeatable).",
    ),
]
WordsOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WORD=X,...",
        help="Scores that words stand for, such as bad=1,good=2 (tables; repeatable).",
    ),
]
DailyMeanOption = Annotated[
    bool,
    typer.Option("--daily-mean", help="Take several scores of a day as their mean (tables)."),
]
ScoreDayOption = Annotated[
    ScoreDay | None,
    typer.Option(
        help="Whether a score speaks of its own day, or of the day or night before (tables)."
    ),
]


class TableKeywords(TypedDict):
    """What the options say of a table, as `nof1.workflow` takes it."""

    columns: dict[str, str]
    scale: tuple[float, float] | None
    exclude: dict[str, str]
    rename: dict[str, str]
    missing: tuple[str, ...]
    words: dict[str, str]
    period_days: int | Literal["runs"] | None


def read_texts(
    *,
    columns: Sequence[str] | None,
    scale: str | None,
    exclude: Sequence[str] | None,
    rename: Sequence[str] | None,
    missing: Sequence[str] | None,
    words: Sequence[str] | None,
    period_days: str | None,
) -> TableKeywords:
    """Return what options say whose texts have several parts.

    Raises
    ------
    InputError
        With every text of another form.
    """
    checked = Checked()
    keywords = TableKeywords(
        columns=checked(lambda: named_columns(columns)) or {},
        scale=checked(lambda: ends(scale)),
        exclude=checked(lambda: excluded(exclude)) or {},
        rename=checked(lambda: pairs(rename, "--rename", "OLD=NEW", "Plac.=placebo")) or {},
        missing=tuple(listed(missing)),
        words=checked(lambda: scored(words)) or {},
        period_days=None if period_days is None else checked(partial(length, period_days)),
    )
    checked.stop()
    return keywords


def excluded(texts: Sequence[str] | None) -> dict[str, str]:
    """Return why each person is left out, by code; empty where it was not said.

    Raises
    ------
    InputError
        With every text that names nobody.
    """
    example = "P07=took iron in period 3"
    return pairs(texts, "--exclude", "CODE or CODE=WHY", example, whole=False)


def scored(texts: Sequence[str] | None) -> dict[str, str]:
    """Return the score that each word stands for, as it is written.

    Raises
    ------
    InputError
        With every part that says none.
    """
    return pairs(listed(texts), "--words", "WORD=X", "bad=1,good=2")


def listed(texts: Sequence[str] | None) -> list[str]:
    """Return the parts of texts that commas part."""
    parts = (part.strip() for text in texts or () for part in text.split(","))
    return [part for part in parts if part]


def ends(text: str | None) -> tuple[float, float] | None:
    """Return ``LOW:HIGH`` as numbers.

    Raises
    ------
    InputError
        If they are none.
    """
    if text is None:
        return None
    low, _, high = text.partition(":")
    with contextlib.suppress(ValueError):
        return float(low), float(high)
    raise InputError(Fault("--scale", f"{text!r} is not LOW:HIGH", "Write, for instance, 0:40."))


def length(text: str) -> int | Literal["runs"]:
    """Return the length of periods, in days.

    Raises
    ------
    InputError
        If it is none.
    """
    if text == "runs":
        return "runs"
    if text.isdecimal():
        return int(text)
    what = f"{text!r} is not a number of days"
    raise InputError(Fault("--period-days", what, "Write, for instance, 7, or runs."))
