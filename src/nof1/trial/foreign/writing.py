"""Tables made elsewhere: how a table is written where it cannot say so itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from nof1.protocol.outcome import ScoreDay
from nof1.read_only import ReadOnly
from nof1.trial.data import RowsLeftOut
from nof1.trial.foreign.cells import cell_text, is_blank
from nof1.trial.foreign.columns import ColumnRoles
from nof1.trial.tables.table import Cell, DataTable
from nof1.words.caution import Caution

#: Whose the days without a row between two rows are: of the arm before, of the one after, of none.
Gaps = Literal["before", "after", "off"]

#: Stands with `Writing.run_in` for rows without a treatment.
BLANK = "blank"


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What the user says of the way a table is written.

    Attributes
    ----------
    fill_down : bool
        Whether an empty treatment (and person, period and cycle) is that of the row above.
    run_in : tuple of str
        Treatments that are no arm, such as a baseline; `BLANK` for rows without one.
    rename : mapping of str to str
        Treatment as written to the name it is to have.
    missing : tuple of str
        Numbers or words that stand for a missing answer.
    words : mapping of str to float
        Words that stand for scores, and the scores.
    daily_mean : bool
        Whether several scores of one day are to be taken as their mean.
    score_day : {"own", "before"} or None
        Whether a score speaks of the day (and night) of its row, or of the one before; the
        treatment is that of the row's own day. None when it was not said: of its own.
    period_days : int, "runs" or None
        Length of every period; ``runs`` when every run of days on one treatment is a period.
    gaps : {"before", "after", "off"} or None
        What days without a row were spent on, where nobody can tell.
    """

    fill_down: bool = False
    run_in: tuple[str, ...] = ()
    rename: Mapping[str, str] = field(default_factory=ReadOnly)
    missing: tuple[str, ...] = ()
    words: Mapping[str, float] = field(default_factory=ReadOnly)
    daily_mean: bool = False
    score_day: ScoreDay | None = None
    period_days: int | Literal["runs"] | None = None
    gaps: Gaps | None = None


#: A table in which every row says all of itself.
IN_FULL = Writing()


class UnanalysedRows:
    """Rows that are read but not analysed, by person, as they are found."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[tuple[str, str | None]]] = {}

    def add(self, person: str, why: str, arm: str | None = None, n: int = 1) -> None:
        """Count rows of a person."""
        self._counts.setdefault(person, Counter())[why, arm] += n

    def of(self, person: str) -> tuple[RowsLeftOut, ...]:
        """Return what was counted of a person."""
        counts = self._counts.get(person, Counter())
        return tuple(RowsLeftOut(why=why, arm=arm, n=n) for (why, arm), n in counts.items())


def written_out(
    table: DataTable,
    columns: ColumnRoles,
    writing: Writing,
    *,
    person: str,
    account: UnanalysedRows,
) -> tuple[DataTable, list[Caution]]:
    """Return the table without rows that say nothing, filled down where asked, and what was done.

    Parameters
    ----------
    table, columns, writing
        The cells, which column is which, and how they are written.
    person : str
        Code of the person when the table has no such column.
    account : UnanalysedRows
        Where rows left out are counted.
    """
    notes: list[Caution] = []
    if writing.missing:
        table, emptied = _emptied(table, columns, writing.missing)
        notes.append(Caution.of("taken-as-missing", codes=emptied))
    when = [column for column in (columns.day, columns.date) if column is not None]
    untold = {
        number
        for number, cells in table.rows
        if all(is_blank(cells[column]) for column in (*when, *columns.scores))
    }
    if writing.fill_down:
        table, filled = _filled_down(table, columns, untold)
        notes.append(Caution.of("filled-down", rows=filled))
    else:
        # A row with a treatment alone may be a title for those below it, which only the user knows.
        untold = {
            number
            for number, cells in table.rows
            if number in untold and is_blank(cells[columns.treatment])
        }
    what = "date and score" if writing.fill_down else "date, treatment and score"
    for number, cells in table.rows:
        if number in untold:
            code = None if columns.person is None else cells[columns.person]
            account.add(person if code is None else str(code), f"without {what}")
    if untold:
        notes.append(Caution.of("skipped-rows", rows=len(untold), what=what, first=min(untold)))
    kept = tuple((number, cells) for number, cells in table.rows if number not in untold)
    return replace(table, rows=kept), notes


def _emptied(
    table: DataTable, columns: ColumnRoles, missing: tuple[str, ...]
) -> tuple[DataTable, tuple[tuple[str, int], ...]]:
    """Return the table without the scores that stand for a missing answer, and how many."""
    which = {*columns.scores, *columns.covariates}
    codes = {_comparable(code): code for code in missing}
    counts = dict.fromkeys(missing, 0)
    rows = []
    for number, cells in table.rows:
        own = list(cells)
        for column in which:
            code = codes.get(_comparable(cell_text(own[column])))
            if code is not None:
                own[column] = None
                counts[code] += 1
        rows.append((number, tuple(own)))
    return replace(table, rows=tuple(rows)), tuple(counts.items())


def _comparable(text: str) -> float | str:
    """Return a number as such, so that 99 and 99.0 are one, and a word in small letters."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text.casefold()


def _filled_down(table: DataTable, columns: ColumnRoles, untold: set[int]) -> tuple[DataTable, int]:
    """Return the table with empty treatments, and what goes with them, as in the row above."""
    fixed = [column for column in (columns.person, columns.cycle) if column is not None]
    above: dict[int | None, Cell] = {}
    rows, filled = [], 0
    for number, cells in table.rows:
        whose = None if columns.person is None else cells[columns.person]
        if not is_blank(whose) and whose != above.get(columns.person):
            above.clear()
        if not is_blank(cells[columns.treatment]) and columns.period is not None:
            # Another treatment is another period: its number is not that of the row above.
            above.pop(columns.period, None)
        own = list(cells)
        for column in (*fixed, columns.treatment, columns.period):
            if column is None:
                continue
            if not is_blank(cells[column]):
                above[column] = cells[column]
            elif number not in untold and column in above:
                own[column] = above[column]
                filled += column == columns.treatment
        rows.append((number, tuple(own)))
    return replace(table, rows=tuple(rows)), filled
