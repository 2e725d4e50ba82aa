"""Tables made elsewhere: what they do not say of themselves, and reading them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from math import inf, isfinite
from numbers import Integral, Real
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from nof1.errors import Checked, Fault, InputError
from nof1.protocol.sizes import no_scale
from nof1.workflow.changes import option_of

if TYPE_CHECKING:
    from nof1.pooling.persons.facts import Fact
    from nof1.pooling.tables.summary_tables import Summarised
    from nof1.protocol.tables import AnalysisPlan
    from nof1.trial.data import TrialData
    from nof1.trial.foreign.persons import PersonLeftOut
    from nof1.trial.foreign.writing import Writing
    from nof1.trial.tables.table import DataTable, Notation

#: Options with a choice of words, and those they are chosen from.
_CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "better": ("lower", "higher"),
        "score_day": ("own", "before"),
        "gaps": ("before", "after", "off"),
    }
)
#: Words that say what an order was drawn from; anything else is a file.
_DRAWN = ("pairs", "complete", "none")
_DRAWN_OF = ("phases:", "daily:")
#: What a table of summaries can be told.
_OF_SUMMARIES = (
    "columns", "active", "comparator", "scale", "better", "mcid", "exclude", "sheet",
    "decimal_comma",
)  # fmt: skip
#: Days of the longest half-life, and points of the largest difference that can be said.
MOST_HALF_LIFE, MOST_MCID = 365.0, 1e9
#: Days that a score can look back on.
MOST_RECALL = 366


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
    """What is said of a table; None, False and nothing where it was not said.

    Attributes
    ----------
    columns : mapping of str to str
        Our name of a column to the table's.
    active : tuple of str
        The active arms to report on; empty for all.
    comparator : str or None
        The arm the others are compared with; None to recognise it.
    scale : (float, float) or None
        Ends of the scale; None to guess them from the scores.
    better : {"lower", "higher"} or None
        Which direction is an improvement; None for lower.
    mcid : float or None
        Smallest difference that matters, in points.
    recall : int or None
        Days a score looks back on, its own included; None for 1.
    covariates : tuple of str
        Columns to adjust for; the treatment must not change them.
    allocation : str, Path or None
        ``pairs``, ``complete``, ``phases:N``, ``daily:K``, ``none``, or a file of sequences; None
        to tell from the table.
    period_days : int, "runs" or None
        Days of every period; ``runs`` if each run on one treatment is one.
    gaps : {"before", "after", "off"} or None
        What days without a row were spent on.
    half_life : float or None
        Median of the prior of the effect's half-life, in days; None for a quarter of a period.
    exclude : mapping of str to str
        Persons to be left out, and why; empty where it was not said.
    fill_down : bool
        Whether an empty treatment is that of the row above.
    run_in : tuple of str
        Treatments that are no arm.
    rename : mapping of str to str
        Other spellings of treatments.
    missing : tuple of str
        What stands for a missing score.
    words : mapping of str to float or str
        Scores that words stand for.
    daily_mean : bool
        Whether several scores of a day are taken as their mean.
    score_day : {"own", "before"} or None
        Whether a score speaks of its own day, or of the one before.
    sheet : str or None
        Sheet of a workbook.
    date_order : {"dmy", "mdy", "ymd"} or None
        Order of day, month and year.
    decimal_comma : bool or None
        Whether numbers are written with a decimal comma; None to tell from them.
    timezone : str or None
        The person's clock, for times in UTC.
    person : str or None
        Who has the scores of a table that names nobody; None for the name of the file.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    active: tuple[str, ...] = ()
    comparator: str | None = None
    scale: tuple[float, float] | None = None
    better: Literal["lower", "higher"] | None = None
    mcid: float | None = None
    recall: int | None = None
    covariates: tuple[str, ...] = ()
    allocation: str | Path | None = None
    half_life: float | None = None
    exclude: Mapping[str, str] = field(default_factory=dict)
    fill_down: bool = False
    run_in: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    words: Mapping[str, float | str] = field(default_factory=dict)
    daily_mean: bool = False
    score_day: Literal["own", "before"] | None = None
    sheet: str | None = None
    date_order: str | None = None
    decimal_comma: bool | None = None
    timezone: str | None = None
    period_days: int | Literal["runs"] | None = None
    gaps: Literal["before", "after", "off"] | None = None
    person: str | None = None

    def check(self, checked: Checked) -> None:
        """Note what is wrong with what was said."""
        for name, choices in _CHOICES.items():
            checked(partial(self._refuse_other, name, choices))
        checked(lambda: positive("--half-life", self.half_life, most=MOST_HALF_LIFE))
        if not any(fault.where == "--mcid" for fault in checked.faults):
            checked(lambda: positive("--mcid", self.mcid, most=MOST_MCID))
        checked(self._refuse_no_scale)
        checked(lambda: refuse_no_days("--recall", self.recall, most=MOST_RECALL))
        if self.period_days != "runs":
            checked(lambda: refuse_no_days("--period-days", self.period_days))
        checked(lambda: self.notation)
        checked(lambda: self._scores_of_words)

    def non_defaults(self) -> dict[str, Any]:
        """Return what was said, by name."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value
            for name, value in values.items()
            if value is not None
            and (value is not False or name == "decimal_comma")
            and not (isinstance(value, tuple | Mapping) and not value)
        }

    def options(self) -> list[str]:
        """Return the names of the options that were given."""
        point = self.decimal_comma is False
        return ["--decimal-point"] * point + [
            option_of(name)
            for name in self.non_defaults()
            if not (point and name == "decimal_comma")
        ]

    def plain(self) -> dict[str, Any]:
        """Return all of it as JSON can carry it."""
        return {
            name: str(value) if isinstance(value, Path) else value
            for name, value in self.non_defaults().items()
        }

    def read(self, source: Path | DataTable, plan: AnalysisPlan) -> TableRead:
        """Return the trials of a table.

        Persons to be left out that the table does not have are passed over. Where nothing is said
        of the half-life, its prior is that of `with_half_life`.

        Raises
        ------
        InputError
            With everything that is wrong.
        """
        from nof1.model.half_life_default import with_half_life
        from nof1.trial.foreign.reading import read_foreign

        checked = Checked()
        self.check(checked)
        checked.stop()
        trials = read_foreign(
            source,
            columns=self.columns,
            active=self.active,
            comparator=self.comparator,
            scale=self.scale,
            better=self.better,
            mcid=self.mcid,
            recall_days=self.recall,
            covariates=self.covariates,
            allocation=drawn_from(self.allocation),
            exclude=self.exclude,
            person=self.person,
            writing=self._writing(),
            notation=self.notation,
        )
        people, planned = with_half_life(trials.trials, plan, self.half_life)
        return TableRead(people=people, plan=planned, left_out=trials.left_out)

    def facts(self, source: Path | DataTable, names: Sequence[str]) -> dict[str, dict[str, Fact]]:
        """Return what columns of a table say of its persons, by name and person.

        Raises
        ------
        InputError
            With everything that is wrong.
        """
        from nof1.pooling.persons.facts import column_facts
        from nof1.pooling.tables.summary_tables import person_column
        from nof1.trial.tables.reading import table_in

        if not names:
            return {}
        table = table_in(source, self.notation)
        only = self.person or Path(source.name).stem
        person = person_column(table, self.columns)
        return column_facts(table, person, names, only=only, exclude=self.exclude)

    def summarised(self, source: Path | DataTable, outcome: str | None) -> Summarised | None:
        """Return what a table of summaries gives to a pool, or None of a table of scores by day.

        Raises
        ------
        InputError
            With everything that is wrong, options that such a table has no use for included.
        """
        from nof1.pooling.tables.summary_tables import SummaryOptions, read_summaries

        summarised = read_summaries(
            source,
            SummaryOptions(
                columns=self.columns,
                active=self.active,
                comparator=self.comparator,
                scale=self.scale,
                better=self.better,
                mcid=self.mcid,
                outcome=outcome,
                exclude=self.exclude,
                notation=self.notation,
            ),
        )
        useful = {option_of(name) for name in _OF_SUMMARIES} | {"--decimal-point"}
        unfit = [name for name in self.options() if name not in useful]
        if summarised is not None and unfit:
            what = f"is for scores by day, and {source.name} holds none"
            raise InputError([Fault(option, what, "Leave it out.") for option in unfit])
        return summarised

    @property
    def notation(self) -> Notation:
        """How the table's cells are written."""
        from nof1.workflow.notation import how_written

        return how_written(self.sheet, self.date_order, self.decimal_comma, self.timezone)

    @property
    def _scores_of_words(self) -> dict[str, float]:
        """The score that each word stands for."""
        from nof1.trial.numbers import read_number

        numbers: dict[str, float] = {}
        faults = []
        for word, score in self.words.items():
            points = read_number(score) if isinstance(score, str) else float(score)
            if points is None:
                what = f"{f'{word}={score}'!r} is not WORD=X"
                faults.append(Fault("--words", what, "Write bad=1,good=2."))
            else:
                numbers[word] = points
        if faults:
            raise InputError(faults)
        return numbers

    def _writing(self) -> Writing:
        from nof1.trial.foreign.writing import Writing

        return Writing(
            fill_down=self.fill_down,
            run_in=self.run_in,
            rename=self.rename,
            missing=self.missing,
            words=self._scores_of_words,
            daily_mean=self.daily_mean,
            score_day=self.score_day,
            period_days=self.period_days,
            gaps=self.gaps,
        )

    def _refuse_other(self, name: str, choices: Sequence[str]) -> None:
        value = getattr(self, name)
        if value is not None and value not in choices:
            mend = f"Write {', '.join(choices)}."
            raise InputError(Fault(option_of(name), f"{value!r} will not do", mend))

    def _refuse_no_scale(self) -> None:
        if self.scale is None:
            return
        try:
            low, high = map(float, self.scale)
        except (TypeError, ValueError) as error:
            what = f"{self.scale!r} is not two numbers, LOW and HIGH"
            raise InputError(Fault("--scale", what, "Give, for instance, (0, 40).")) from error
        if not (isfinite(low) and isfinite(high)):
            what = f"'{low:g}:{high:g}' is not LOW:HIGH"
            raise InputError(Fault("--scale", what, "Write, for instance, 0:40."))
        if (why := no_scale(low, high)) is not None:
            what, _, mend = why.partition("; ")
            mend = f"{mend.capitalize()}." if mend else "Write LOW:HIGH."
            raise InputError(Fault("--scale", what, mend))


def positive(option: str, value: float | None, most: float = inf) -> None:
    """Refuse a number that is not finite and above 0, and at most `most`.

    Raises
    ------
    InputError
        If it is none.
    """
    number = isinstance(value, Real)
    if value is None or (number and 0 < value <= most and isfinite(value)):
        return
    mend = "Give a number above 0." if most == inf else f"Give a number above 0, at most {most:g}."
    shown = f"{value:g}" if number else repr(value)
    raise InputError(Fault(option, f"{shown} will not do", mend))


def refuse_no_days(option: str, value: object, most: float = inf) -> None:
    """Refuse what is no number of days: a whole number above 0, at most `most`.

    Raises
    ------
    InputError
        If it is none.
    """
    if value is None or (isinstance(value, Integral) and 1 <= int(value) <= most):
        return
    mend = "Write, for instance, 7, or runs."
    if most < inf:
        mend = f"Write a number from 1 to {most:g}."
    raise InputError(Fault(option, f"{str(value)!r} is not a number of days", mend))


def drawn_from(allocation: str | Path | None) -> str | Path | None:
    """Return what an order was drawn from: the words for it, or the file of sequences."""
    if not isinstance(allocation, str) or allocation in _DRAWN:
        return allocation
    return allocation if allocation.startswith(_DRAWN_OF) else Path(allocation)
