"""Tables made elsewhere at the command line: the options that explain them, and reading them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from math import inf, isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nof1.cli.notation import how_written, named_columns
from nof1.cli.pairs import pairs
from nof1.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nof1.pooling.persons.facts import Fact
    from nof1.pooling.tables.summary_tables import Summarised
    from nof1.protocol.tables import AnalysisPlan
    from nof1.trial.data import TrialData
    from nof1.trial.foreign import PersonLeftOut, Writing

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


@dataclass(frozen=True, kw_only=True)
class TableRead:
    """What was read from a table.

    Attributes
    ----------
    people : list of TrialData
        The trials.
    plan : AnalysisPlan
        With what is assumed of the half-life.
    left_out : tuple of PersonLeftOut
        Persons who have no trial, on request or because they cannot be compared.
    """

    people: list[TrialData]
    plan: AnalysisPlan
    left_out: tuple[PersonLeftOut, ...]


@dataclass(frozen=True, kw_only=True)
class TableOptions:
    """What the options say of a table, as given.

    Attributes
    ----------
    columns, active, comparator, scale, better, mcid, recall, covariate, allocation, half_life,
    exclude, fill_down, run_in, rename, missing, daily_mean, score_day, sheet, date_order,
    decimal_comma, timezone, period_days, gaps
        See the options of the same names.
    """

    columns: list[str] | None = None
    active: list[str] | None = None
    comparator: str | None = None
    scale: str | None = None
    better: Better | None = None
    mcid: float | None = None
    recall: int | None = None
    covariate: list[str] | None = None
    allocation: str | None = None
    half_life: float | None = None
    exclude: list[str] | None = None
    fill_down: bool = False
    run_in: list[str] | None = None
    rename: list[str] | None = None
    missing: list[str] | None = None
    words: list[str] | None = None
    daily_mean: bool = False
    score_day: ScoreDay | None = None
    sheet: str | None = None
    date_order: str | None = None
    decimal_comma: bool | None = None
    timezone: str | None = None
    period_days: str | None = None
    gaps: Gaps | None = None

    def given(self) -> list[str]:
        """Return the names of the options that were given."""
        point = ["--decimal-point"] if self.decimal_comma is False else []
        return point + [
            "--" + name.replace("_", "-")
            for name, value in vars(self).items()
            if value is not None and value is not False and value != []
        ]

    def read(self, source: Path, plan: AnalysisPlan) -> TableRead:
        """Return the trials of a table.

        Persons to be left out that the table does not have are passed over.

        Raises
        ------
        InputError
            With everything that is wrong.
        """
        from nof1.model.half_life_default import with_half_life
        from nof1.trial.foreign import read_foreign

        half_life = positive("--half-life", self.half_life, most=365.0)
        found = read_foreign(
            source,
            columns=named_columns(self.columns),
            active=tuple(self.active or ()),
            comparator=self.comparator,
            scale=_ends(self.scale),
            better=self.better,
            mcid=positive("--mcid", self.mcid, most=1e9),
            recall_days=self.recall,
            covariates=tuple(self.covariate or ()),
            allocation=_allocation(self.allocation),
            exclude=excluded(self.exclude),
            writing=self._writing(),
            notation=how_written(self.sheet, self.date_order, self.decimal_comma, self.timezone),
        )
        people, planned = with_half_life(found.trials, plan, half_life)
        return TableRead(people=people, plan=planned, left_out=found.left_out)

    def facts(self, source: Path, names: Sequence[str]) -> dict[str, dict[str, Fact]]:
        """Return what columns of a table say of its persons, by name and person.

        Raises
        ------
        InputError
            With everything that is wrong.
        """
        from nof1.pooling.persons.facts import column_facts
        from nof1.pooling.tables.summary_tables import person_column
        from nof1.trial.tables import read_table

        if not names:
            return {}
        notation = how_written(self.sheet, self.date_order, self.decimal_comma, self.timezone)
        table = read_table(source, notation, first_sheet=True)
        person = person_column(table, named_columns(self.columns))
        return column_facts(table, person, names, only=source.stem, exclude=excluded(self.exclude))

    def summarised(self, source: Path, outcome: str | None) -> Summarised | None:
        """Return what a table of summaries gives to a pool, or None of a table of scores by day.

        Raises
        ------
        InputError
            With everything that is wrong, options that such a table has no use for included.
        """
        from nof1.pooling.tables.summary_tables import SummaryOptions, read_summaries

        found = read_summaries(
            source,
            SummaryOptions(
                columns=named_columns(self.columns),
                active=tuple(self.active or ()),
                comparator=self.comparator,
                scale=_ends(self.scale),
                better=self.better,
                mcid=positive("--mcid", self.mcid, most=1e9),
                outcome=outcome,
                exclude=excluded(self.exclude),
                notation=how_written(
                    self.sheet, self.date_order, self.decimal_comma, self.timezone
                ),
            ),
        )
        useful = (
            "columns", "active", "comparator", "scale", "better", "mcid", "exclude", "sheet",
            "decimal-comma", "decimal-point",
        )  # fmt: skip
        unfit = [name for name in self.given() if name.removeprefix("--") not in useful]
        if found is not None and unfit:
            what = f"is for scores by day, and {source.name} holds none"
            raise InputError([Fault(name, what, "Leave it out.") for name in unfit])
        return found

    def _writing(self) -> Writing:
        """Return how the table is written."""
        from nof1.trial.foreign import Writing

        return Writing(
            fill_down=self.fill_down,
            run_in=tuple(self.run_in or ()),
            rename=pairs(self.rename, "--rename", "OLD=NEW", "Plac.=placebo"),
            missing=tuple(
                word.strip()
                for text in self.missing or ()
                for word in text.split(",")
                if word.strip()
            ),
            words=_words(self.words),
            daily_mean=self.daily_mean,
            score_day=self.score_day,
            period_days=_period_days(self.period_days),
            gaps=self.gaps,
        )


def excluded(texts: Sequence[str] | None) -> dict[str, str]:
    """Return why each person is left out, by code; empty where it was not said.

    Raises
    ------
    InputError
        With every text that names nobody.
    """
    example = "P07=took iron in period 3"
    return pairs(texts, "--exclude", "CODE or CODE=WHY", example, whole=False)


def changed_plan(plan: AnalysisPlan, changes: Mapping[str, object]) -> AnalysisPlan:
    """Return a plan of analysis with what options ask for; None leaves a part as it is.

    Raises
    ------
    InputError
        With every option that will not do.
    """
    from pydantic import ValidationError

    from nof1.protocol.faults import protocol_faults

    changed = {name: value for name, value in changes.items() if value is not None}
    try:
        return type(plan).model_validate(plan.model_dump() | changed)
    except ValidationError as error:
        raise InputError(
            [
                Fault("--" + str(one["loc"][0]).replace("_", "-"), fault.what, fault.mend)
                for one in error.errors()
                for fault in protocol_faults("", [one])
            ]
        ) from error


def positive(option: str, value: float | None, most: float = inf) -> float | None:
    """Return a finite number above 0, at most `most`.

    Raises
    ------
    InputError
        If it is none.
    """
    if value is None or (0 < value <= most and isfinite(value)):
        return value
    mend = "Give a number above 0." if most == inf else f"Give a number above 0, at most {most:g}."
    raise InputError(Fault(option, f"{value:g} will not do", mend))


def _words(texts: Sequence[str] | None) -> dict[str, float]:
    """Return the score that each word stands for."""
    from nof1.trial.numbers import read_number

    found: dict[str, float] = {}
    faults = []
    for part in (part for text in texts or () for part in text.split(",")):
        word, _, number = (one.strip() for one in part.partition("="))
        points = read_number(number)
        if not word or points is None:
            faults.append(Fault("--words", f"{part!r} is not WORD=X", "Write bad=1,good=2."))
        else:
            found[word] = points
    if faults:
        raise InputError(faults)
    return found


def _ends(text: str | None) -> tuple[float, float] | None:
    """Return ``LOW:HIGH`` as numbers."""
    if text is None:
        return None
    low, _, high = text.partition(":")
    with contextlib.suppress(ValueError):
        ends = float(low), float(high)
        if all(map(isfinite, ends)):
            from nof1.protocol.sizes import no_scale

            if (why := no_scale(*ends)) is None:
                return ends
            what, _, mend = why.partition("; ")
            mend = f"{mend.capitalize()}." if mend else "Write LOW:HIGH."
            raise InputError(Fault("--scale", what, mend))
    raise InputError(Fault("--scale", f"{text!r} is not LOW:HIGH", "Write, for instance, 0:40."))


def _period_days(text: str | None) -> int | Literal["runs"] | None:
    """Return the length of periods."""
    if text is None or text == "runs":
        return "runs" if text else None
    if text.isdecimal() and int(text) > 0:
        return int(text)
    what = f"{text!r} is not a number of days"
    raise InputError(Fault("--period-days", what, "Write, for instance, 7, or runs."))


def _allocation(text: str | None) -> str | Path | None:
    named = text in (None, "pairs", "complete", "none")
    named = named or (text or "").startswith(("phases:", "daily:"))
    return text if named or text is None else Path(text)
