"""Facts about persons that may bear on the effect: coarse ones that were shared, and columns.

A column of a table has one value a person: a number, or a word. More than two different numbers
are a continuous covariate; words, and two numbers, are levels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, pstdev

import numpy as np
from numpy.typing import NDArray

from nof1.errors import Fault, InputError, ScoresError
from nof1.pooling.persons.coefficients import LEVELS, level_of
from nof1.pooling.persons.members import Member
from nof1.sharing.from_scores import code_of
from nof1.trial.foreign.cells import EMPTY, cell_text, is_blank
from nof1.trial.numbers import column_numbers
from nof1.trial.tables.table import DataTable, listed, place, plain

FloatArray = NDArray[np.float64]
Fact = float | str

#: Levels of a column at most: with more, nobody is left in each of them.
MOST_LEVELS = 6


def column_facts(
    table: DataTable,
    person: int | None,
    names: Sequence[str],
    *,
    only: str,
    exclude: Collection[str] = (),
) -> dict[str, dict[str, Fact]]:
    """Return what columns say of every person, by name and code; empty cells are left out.

    Parameters
    ----------
    table : DataTable
        The table; names that it has no column for are passed over.
    person : int or None
        Its column of persons; None where it holds one alone.
    names : sequence of str
        Of the columns.
    only : str
        The one person of a table without such a column.
    exclude : collection of str
        Persons whose rows are not looked at.

    Raises
    ------
    ScoresError
        With every person for whom a column has two values.
    """
    facts: dict[str, dict[str, Fact]] = {}
    faults: list[Fault] = []
    if person is not None:
        kept = (row for row in table.rows if cell_text(row[1][person]).strip() not in exclude)
        table = replace(table, rows=tuple(kept))
    for name in names:
        columns = [i for i, title in enumerate(table.header) if plain(title) == plain(name)]
        if len(columns) > 1:
            what = "two columns have this name"
            faults.append(Fault(f"--moderator {name}", what, "Give each a name of its own."))
        if len(columns) == 1:
            facts[name] = _by_person(table, person, columns[0], only, faults)
    if faults:
        raise ScoresError(listed(faults, table.name))
    return facts


def _by_person(
    table: DataTable, person: int | None, column: int, only: str, faults: list[Fault]
) -> dict[str, Fact]:
    """Return the one value of a column for every person."""
    numbers = column_numbers(table, column, words={*EMPTY, "none", "missing", "-"}).values
    numeric = not any(isinstance(numeral, Fault) for numeral in numbers.values())
    first: dict[str, tuple[int, Fact]] = {}
    for row, cells in table.rows:
        code = code_of(only if person is None else cell_text(cells[person]).strip())
        if is_blank(cells[column]):
            continue
        number = numbers.get(row)
        value: Fact = number if numeric and isinstance(number, float) else cell_text(cells[column])
        row_before, before = first.setdefault(code, (row, value))
        if before != value:
            what = f"{code} has {value}, but {before} in row {row_before}"
            mend = "A moderator has one value a person: give the value from before the trial."
            faults.append(Fault(place(table, row, table.header[column]), what, mend))
    return {code: value for code, (_, value) in first.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Regressors:
    """A fact as columns of a regression, centred, for those of whom it is known.

    Attributes
    ----------
    known : tuple of int
        Numbers of the persons.
    unknown : tuple of int
        Numbers of the others.
    columns : array, shape (n_known, q)
        Regressors; a coefficient of 1 is a difference between levels, or between persons two SDs
        of a covariate apart.
    rows : tuple of (str, int, tuple of float)
        What is told: its name, how many persons are nearest to it, and the regressors there,
        as columns are. The first is the reference.
    per_unit : float or None
        Coefficient of one unit of a continuous covariate; None of levels.
    """

    known: tuple[int, ...]
    unknown: tuple[int, ...]
    columns: FloatArray
    rows: tuple[tuple[str, int, tuple[float, ...]], ...]
    per_unit: float | None


def regressors(
    name: str, people: Sequence[Member], facts: Mapping[str, Mapping[str, Fact]]
) -> Regressors:
    """Return a fact ready for a regression.

    Raises
    ------
    InputError
        If nobody has it, all have the same, it has too many levels, or it mixes numbers with
        words.
    """
    values = [_value(name, member, facts) for member in people]
    known = tuple(index for index, value in enumerate(values) if value is not None)
    unknown = tuple(index for index, value in enumerate(values) if value is None)
    present = [value for value in values if value is not None]
    option = f"--moderator {name}"
    if not present:
        coarse = ", ".join(LEVELS)
        mend = f"Coarse facts are {coarse}; others are columns of the tables."
        raise InputError(Fault(option, f"nobody of {len(people)} persons tells it", mend))
    if len(set(present)) < 2:
        what = f"all {len(present)} persons who tell it have {_said(present[0])}"
        raise InputError(Fault(option, what, "Two values are needed to compare."))
    numbers = [value for value in present if not isinstance(value, str)]
    if len(numbers) == len(present) and len(set(numbers)) > 2:
        return _continuous(known, unknown, np.array(numbers))
    words = [_said(value) for value in present]
    return _levels(name, known, unknown, words)


def _value(name: str, member: Member, facts: Mapping[str, Mapping[str, Fact]]) -> Fact | None:
    """Return what is known of a person: by a column, else as it was shared."""
    value = facts.get(name, {}).get(member.person)
    if value is None and name in LEVELS:
        return level_of(member.about, name)
    return value


def _said(value: Fact) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _levels(
    name: str, known: tuple[int, ...], unknown: tuple[int, ...], words: Sequence[str]
) -> Regressors:
    """Return indicators of all levels but the reference, of a column the most frequent."""
    count = Counter(words)
    order = [level for level in LEVELS.get(name, ()) if level in count]
    order += sorted(set(count) - set(order), key=lambda level: (-count[level], level))
    if len(order) > MOST_LEVELS:
        what = f"it has {len(order)} levels, {', '.join(order[:3])} and others"
        mend = f"Group them, at most {MOST_LEVELS}, or give numbers."
        raise InputError(Fault(f"--moderator {name}", what, mend))
    indicator = np.array([[word == level for level in order[1:]] for word in words], dtype=float)
    centre = indicator.mean(axis=0)
    at = np.vstack([np.zeros(len(order) - 1), np.eye(len(order) - 1)]) - centre
    return Regressors(
        known=known,
        unknown=unknown,
        columns=indicator - centre,
        rows=tuple(
            (level, count[level], tuple(row)) for level, row in zip(order, at.tolist(), strict=True)
        ),
        per_unit=None,
    )


def _continuous(known: tuple[int, ...], unknown: tuple[int, ...], values: FloatArray) -> Regressors:
    """Return a covariate, centred, in units of two SDs; told at its mean and an SD either way."""
    mean, sd = fmean(values.tolist()), pstdev(values.tolist())
    scaled = (values - mean) / (2.0 * sd)
    near = np.abs(scaled[:, None] - np.array([0.0, -0.5, 0.5])).argmin(axis=1)
    n = np.bincount(near, minlength=3).tolist()
    return Regressors(
        known=known,
        unknown=unknown,
        columns=scaled[:, None],
        rows=(
            (f"{mean:.3g} (mean)", n[0], (0.0,)),
            (f"{mean - sd:.3g} (an SD below)", n[1], (-0.5,)),
            (f"{mean + sd:.3g} (an SD above)", n[2], (0.5,)),
        ),
        per_unit=1.0 / (2.0 * sd),
    )
