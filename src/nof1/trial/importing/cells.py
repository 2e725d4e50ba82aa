"""Import tables, cell by cell: what each row says was observed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from nof1.errors import Fault, ScoresError
from nof1.protocol.outcome import Outcome
from nof1.protocol.protocol import Protocol
from nof1.trial.current import Observation
from nof1.trial.dates import column_dates, weekday
from nof1.trial.folder import Trial
from nof1.trial.importing.columns import DOSE, LONG, WHEN, ImportColumns, unknown_name
from nof1.trial.numbers import Numbers, column_numbers, not_a_number, read_number
from nof1.trial.observation_rules import (
    WORST_SEVERITY,
    covariate_of,
    covariate_value,
    event_name,
    outcome_of,
    score_value,
    whole,
)
from nof1.trial.tables.table import Cell, place, plain
from nof1.words.caution import Caution
from nof1.words.numbers import severities, truths

_ITEM = re.compile(r"items? (\d+)")


def row_days(
    layout: ImportColumns, trial: Trial
) -> tuple[dict[int, date], list[Fault], tuple[Caution, ...]]:
    """Return the date of every row, by row number, a fault for every row without one, and notes."""
    table, start = layout.table, trial.schedule.start
    faults: list[Fault] = []
    days: dict[int, date] = {}
    notes: tuple[Caution, ...] = ()
    if "date" in layout.index:
        dates = column_dates(table, layout.index["date"], required="day" not in layout.index)
        days, faults, notes = dict(dates.days), list(dates.faults), dates.notes
        faults += weekday_faults(layout, days)
    if "day" in layout.index:
        for number, row in table.rows:
            _read_day(layout, number, row[layout.index["day"]], start, days, faults)
    return days, faults, notes


def weekday_faults(layout: ImportColumns, days: Mapping[int, date]) -> list[Fault]:
    """Return a fault for every row whose day of the week is not that of its date."""
    if layout.weekday is None:
        return []
    title = layout.table.header[layout.weekday]
    return [
        Fault(
            place(layout.table, number, title),
            f"{days[number]} is a {days[number]:%A}, not {row[layout.weekday]}",
            "Check both.",
        )
        for number, row in layout.table.rows
        if number in days and weekday(row[layout.weekday]) not in (None, days[number].weekday())
    ]


def _read_day(
    layout: ImportColumns,
    number: int,
    cell: Cell,
    start: date,
    days: dict[int, date],
    faults: list[Fault],
) -> None:
    """Add the date of a row from its study day, or a fault."""
    where = layout.place(number, "day")
    value = read_number(str(cell)) if cell is not None else None
    if cell is None:
        if number not in days:
            faults.append(Fault(where, "there is no day", "Write the study day; the first is 1."))
    elif value is None or not value.is_integer() or not 1 <= value <= 100_000:
        faults.append(Fault(where, f"{cell!r} is no study day", "Write a whole number from 1."))
    elif (day := start + timedelta(days=int(value) - 1)) != days.setdefault(number, day):
        faults.append(
            Fault(
                where,
                f"day {value:g} is {day}, but the date of the row is {days[number]}",
                "Check both, or leave one out.",
            )
        )


def cell_reader(layout: ImportColumns, protocol: Protocol) -> CellReader:
    """Return a reader of the cells of a table."""
    numbers = {
        name: column_numbers(layout.table, column, words={*truths(), *severities()})
        for name, column in layout.index.items()
        if name not in (*WHEN, "outcome")
    }
    return CellReader(layout=layout, protocol=protocol, numbers=numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReader:
    """Reads the cells of a table as observations.

    Attributes
    ----------
    layout : ImportColumns
        Which column is which.
    protocol : Protocol
        Gives outcomes, covariates and side effects.
    numbers : mapping of str to Numbers
        What the columns hold that are neither dates nor names, by the name known to the trial.
    """

    layout: ImportColumns
    protocol: Protocol
    numbers: Mapping[str, Numbers]

    def readings(
        self, number: int, row: tuple[Cell, ...], day: date
    ) -> Iterator[tuple[str, Callable[[], Observation]]]:
        """Yield, for everything a row says, where it stands and a function that reads it.

        The function raises ScoresError with every fault of its cells.
        """
        cells = {
            name: cell for name, i in self.layout.index.items() if (cell := row[i]) is not None
        }
        if self.layout.long:
            if cells.keys() & set(LONG):
                yield self.layout.place(number, "value"), partial(self._long, number, cells, day)
            return
        for outcome in self.protocol.outcomes:
            items = self._item_columns(outcome)
            filled = [name for name in (outcome.id, *items) if name in cells]
            if filled:
                yield (
                    self.layout.place(number, filled[0]),
                    partial(self._score, number, cells, day, outcome, items),
                )
        for name in self._others:
            if name in cells:
                where = self.layout.place(number, name)
                yield where, partial(self._named, number, name, name, cells[name], day)

    @property
    def notes(self) -> tuple[Caution, ...]:
        """Return what was found out about how numbers are written."""
        return tuple(note for column in self.numbers.values() for note in column.notes)

    @property
    def _others(self) -> tuple[str, ...]:
        """Return the names of everything but scores."""
        covariates = (covariate.id for covariate in self.protocol.covariates)
        return (*DOSE, *covariates, *self.protocol.safety.side_effects)

    def _long(self, number: int, cells: Mapping[str, Cell], day: date) -> Observation:
        where = self.layout.place(number, "outcome")
        if "outcome" not in cells:
            raise ScoresError(Fault(where, "there is no outcome", "Write which score it is."))
        name = str(cells["outcome"])
        names = (*(o.id for o in self.protocol.outcomes), *self._others)
        spelled = next((known for known in names if plain(known) == plain(name)), None)
        if spelled is None:
            raise ScoresError(unknown_name(where, name, names))
        if "value" not in cells:
            raise ScoresError(
                Fault(
                    self.layout.place(number, "value"),
                    "there is no value",
                    "Write it, or take the row out if the score is missing.",
                )
            )
        return self._named(number, "value", spelled, cells["value"], day)

    def _named(self, number: int, column: str, name: str, cell: Cell, day: date) -> Observation:
        """Return the observation a single cell makes, in the column of a known name."""
        if outcome_of(self.protocol, name) is not None:
            body = {"outcome": name, "date": day.isoformat()}
            return Observation(
                kind="score", body=body | {"value": whole(self._number(number, column, cell))}
            )
        if name in DOSE:
            share = self._word_or_number(
                number, column, cell, truths(), "Write yes, no or a share."
            )
            return Observation(kind="dose", body={"date": day.isoformat(), "taken": whole(share)})
        covariate = covariate_of(self.protocol, name)
        if covariate is not None:
            value = (
                self._word_or_number(number, column, cell, truths(), "Write yes or no.")
                if covariate.kind == "yes-no"
                else self._number(number, column, cell)
            )
            body = {"covariate": name, "date": day.isoformat()}
            logged = covariate_value(covariate, value)
            return Observation(kind="covariate", body=body | {"value": logged})
        event, _ = event_name(self.protocol, name)
        mend = f"Write {', '.join(severities())}, or 0 to {WORST_SEVERITY}."
        severity = whole(self._word_or_number(number, column, cell, severities(), mend))
        return Observation(
            kind="event", body={"date": day.isoformat(), "event": event, "severity": severity}
        )

    def _score(
        self,
        number: int,
        cells: Mapping[str, Cell],
        day: date,
        outcome: Outcome,
        items: tuple[str, ...],
    ) -> Observation:
        """Return the score that a total, items or both make."""
        faults: list[Fault] = []
        values: dict[str, float] = {}
        for name in (outcome.id, *items):
            if name in cells:
                try:
                    values[name] = self._number(number, name, cells[name])
                except ScoresError as error:
                    faults += error.faults
        if faults:
            raise ScoresError(faults)
        answers = [whole(values[name]) if name in values else None for name in items]
        answered = answers if any(answer is not None for answer in answers) else []
        try:
            value = score_value(outcome, values.get(outcome.id), answered)
        except ScoresError as error:
            raise ScoresError(
                Fault(self._item_place(number, items, outcome, fault), fault.what, fault.mend)
                for fault in error.faults
            ) from error
        body = {"outcome": outcome.id, "date": day.isoformat(), **value}
        return Observation(kind="score", body=body)

    def _item_columns(self, outcome: Outcome) -> tuple[str, ...]:
        """Return the names of all item columns of an outcome; none when the table has none."""
        names = [f"{outcome.id}_{n}" for n in range(1, outcome.measure.n_items + 1)]
        return tuple(names) if any(name in self.layout.index for name in names) else ()

    def _item_place(
        self, number: int, items: tuple[str, ...], outcome: Outcome, fault: Fault
    ) -> str:
        match = _ITEM.match(fault.where)
        name = items[int(match[1]) - 1] if match else outcome.id
        if name in self.layout.index:
            return self.layout.place(number, name)
        return f"{place(self.layout.table, number)}, {fault.where}"

    def _word_or_number(
        self, number: int, column: str, cell: Cell, words: Mapping[str, float], mend: str
    ) -> float:
        """Return what a word in a cell stands for, or the number in it."""
        known = words.get(str(cell).casefold())
        return self._number(number, column, cell, mend) if known is None else known

    def _number(self, number: int, column: str, cell: Cell, mend: str = "") -> float:
        """Return the number in the cell of a row, in the column of a known name."""
        value = self.numbers[column].values.get(number)
        if isinstance(value, float):
            return value
        unknown = not_a_number(self.layout.place(number, column), cell, mend)
        # A word that the column may hold is no number here; other faults have a mend of their own.
        plainly = value is None or value.what == unknown.what
        raise ScoresError(unknown if plainly or value is None else value)
