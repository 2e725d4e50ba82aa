"""Import tables: which column is which, and none that tells an arm."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from nof1.errors import BlindingError, Fault, ScoresError
from nof1.protocol.protocol import Protocol
from nof1.trial.dates import only_weekdays
from nof1.trial.tables.table import DataTable, listed, nameless, place, plain, unread
from nof1.words.caution import Caution

WHEN = ("date", "day")
LONG = ("outcome", "value")
DOSE = ("dose", "taken")
#: Likeness from which on a name is taken as a known one written wrongly.
_NEARLY = 0.75
_ARM_WORDS = ("treatment", "arm", "condition", "allocation")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportColumns:
    """Where in a table is what.

    Attributes
    ----------
    table : DataTable
        The table.
    index : mapping of str to int
        Column of every name known to the trial that the table has.
    weekday : int or None
        A column called "day" that holds days of the week, beside dates.
    notes : tuple of Caution
        What was left aside, a sentence each.
    """

    table: DataTable
    index: Mapping[str, int]
    weekday: int | None = None
    notes: tuple[Caution, ...] = ()

    @property
    def long(self) -> bool:
        """Return whether every row names its outcome."""
        return "outcome" in self.index

    def place(self, row: int, name: str) -> str:
        """Return where the cell of a known name stands in a row, for messages."""
        return place(self.table, row, self.table.header[self.index[name]])


def find_layout(
    protocol: Protocol, table: DataTable, columns: Mapping[str, str], *, ignore_others: bool = False
) -> ImportColumns:
    """Return which column is which.

    Parameters
    ----------
    protocol : Protocol
        Gives outcomes, covariates and side effects.
    table : DataTable
        The table.
    columns : mapping of str to str
        Names of the table's columns by the names known to the trial, where they differ.
    ignore_others : bool
        Whether columns that are not known are left aside; one whose name is nearly known never is.

    Raises
    ------
    BlindingError
        If a column may tell the arm.
    ScoresError
        With every column that is not known, and what is missing.
    """
    known = known_columns(protocol)
    _refuse_arms(protocol, table, known)
    theirs = {plain(title): i for i, title in enumerate(table.header)}
    faults = _name_faults(table, ignore_others=ignore_others)
    index: dict[str, int] = {}
    for name, title in columns.items():
        spelled = next((k for k in known if plain(k) == plain(name)), None)
        if spelled is None:
            faults.append(unknown_name(f"--columns {name}={title}", name, known))
        elif plain(title) not in theirs:
            faults.append(unknown_name(f"--columns {name}={title}", title, table.header))
        else:
            index[spelled] = theirs[plain(title)]
    for name in known:
        if name not in index and plain(name) in theirs:
            index.setdefault(name, theirs[plain(name)])
    weekday = None
    if {"date", "day"} <= index.keys() and only_weekdays(table, index["day"]):
        weekday = index.pop("day")
    taken = {*index.values(), weekday}
    others = [
        title
        for i, title in enumerate(table.header)
        if title and i not in taken and theirs[plain(title)] == i
    ]
    near = [title for title in others if _nearest(title, known, _NEARLY)]
    far = [title for title in others if title not in near]
    faults += [unknown_name(f'{table.name}: column "{title}"', title, known) for title in near]
    if far and not ignore_others:
        faults.append(_unknown_columns(table, far, known))
    faults += _shape_faults(table, index)
    faults += unread(table, index.values())
    if faults:
        raise ScoresError([*listed(faults, table.name), *table.elsewhere])
    aside = Caution.of("columns-aside", file=table.name, columns=tuple(far))
    return ImportColumns(table=table, index=index, weekday=weekday, notes=(aside,) if far else ())


def _unknown_columns(table: DataTable, titles: list[str], known: tuple[str, ...]) -> Fault:
    """Return the fault of columns whose names are not like any that is known."""
    mend = "Add --ignore-others to leave {} aside."
    if len(titles) == 1:
        fault = unknown_name(f'{table.name}: column "{titles[0]}"', titles[0], known)
        return Fault(fault.where, fault.what, f"{fault.mend} {mend.format('it')}")
    return Fault(
        table.name,
        f"the columns {', '.join(titles)} are not known here",
        f"Known are {_known(known)}. {mend.format('them')}",
    )


def known_columns(protocol: Protocol) -> tuple[str, ...]:
    """Return every column name an import table may have."""
    items = [
        f"{outcome.id}_{number}"
        for outcome in protocol.outcomes
        for number in range(1, outcome.measure.n_items + 1)
    ]
    outcomes = [outcome.id for outcome in protocol.outcomes]
    covariates = [covariate.id for covariate in protocol.covariates]
    return (*WHEN, *LONG, *outcomes, *items, *DOSE, *covariates, *protocol.safety.side_effects)


def _refuse_arms(protocol: Protocol, table: DataTable, known: tuple[str, ...]) -> None:
    arms = {plain(word) for word in (*_ARM_WORDS, *(arm.id for arm in protocol.arms))}
    arms -= {plain(name) for name in known}
    faults = [
        Fault(
            f'{table.name}: column "{title}"',
            "a trial's arm must not be in an imported file",
            "Take the column out; the arms stay in the seal until the trial is unsealed.",
        )
        for title in table.header
        if plain(title) in arms
    ]
    if faults:
        raise BlindingError(faults)


def _name_faults(table: DataTable, *, ignore_others: bool) -> list[Fault]:
    """Return a fault for every name that two columns have, and every cell under none."""
    names = [plain(title) for title in table.header]
    faults = [
        Fault(f'{table.name}: column "{title}"', "stands twice", "Give each its own name.")
        for i, title in enumerate(table.header)
        if title and names[i] in names[:i]
    ]
    if ignore_others:
        return faults
    faults += [
        nameless(place(table, number), cell)
        for number, cells in table.rows
        for title, cell in zip(table.header, cells, strict=True)
        if cell is not None and not title
    ]
    return faults


def _shape_faults(table: DataTable, index: Mapping[str, int]) -> list[Fault]:
    """Return what is wrong with the columns as a whole."""
    faults = []
    if not index.keys() & set(WHEN):
        faults.append(
            Fault(
                table.name,
                'there is no column "date" or "day"',
                "Add it, or say which it is with --columns date=NAME.",
            )
        )
    long = index.keys() & set(LONG)
    others = [table.header[i] for name, i in index.items() if name not in (*WHEN, *LONG)]
    if len(long) == 1:
        faults.append(Fault(table.name, 'a table with "outcome" needs "value" too', "Add it."))
    elif long and others:
        faults.append(
            Fault(
                table.name,
                f'beside "outcome" and "value" there are score columns: {", ".join(others)}',
                "Give either one row for each score, or one column for each outcome.",
            )
        )
    elif not long and not others:
        faults.append(Fault(table.name, "there is no column with scores", "Add one."))
    if index.keys() >= set(DOSE):
        faults.append(Fault(table.name, 'there are both "dose" and "taken"', "Give one of them."))
    return faults


def unknown_name(where: str, name: str, known: tuple[str, ...]) -> Fault:
    """Return the fault of a name that is not known, with the nearest that is."""
    near = _nearest(name, known)
    hint = f"Did you mean {near}? " if near else ""
    return Fault(where, f"{name!r} is not known here", f"{hint}Known are {_known(known)}.")


def _nearest(name: str, known: tuple[str, ...], cutoff: float = 0.6) -> str | None:
    """Return the known name that is most like another, if one is like it."""
    near = difflib.get_close_matches(plain(name), [plain(k) for k in known], n=1, cutoff=cutoff)
    return next(k for k in known if plain(k) == near[0]) if near else None


def _known(names: tuple[str, ...]) -> str:
    return ", ".join(_gathered([name for name in names if name]))


def _gathered(names: list[str]) -> list[str]:
    """Return names with runs such as irls_1, ..., irls_10 written as ``irls_1 to irls_10``."""
    gathered: list[str] = []
    for _, run in groupby(names, key=lambda name: re.sub(r"_\d+$", "_", name)):
        members = list(run)
        gathered += [f"{members[0]} to {members[-1]}"] if len(members) > 2 else members
    return gathered
