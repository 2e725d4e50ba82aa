"""Import tables, cell by cell: what each row says was observed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from nof1.errors import Fault, ScoresError
from nof1.protocol.parts import Outcome
from nof1.protocol.protocol import Protocol
from nof1.trial.dates import DateOrder, column_dates
from nof1.trial.folder import Trial
from nof1.trial.importing.columns import DOSE, LONG, Layout, unknown_name
from nof1.trial.observing import (
    covariate_of,
    covariate_value,
    event_name,
    outcome_of,
    read_number,
    score_value,
    whole,
)
from nof1.trial.standing import Observation
from nof1.trial.tables import Cell, place, plain

_TRUTHS = {"yes": 1.0, "y": 1.0, "true": 1.0, "no": 0.0, "n": 0.0, "false": 0.0}
_COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_ITEM = re.compile(r"items? (\d+)")


def row_days(
    layout: Layout, trial: Trial, order: DateOrder | None
) -> tuple[dict[int, date], list[Fault]]:
    """Return the date of every row, by row number, and a fault for every row without one."""
    table, start = layout.table, trial.schedule.start
    faults: list[Fault] = []
    days: dict[int, date] = {}
    if "date" in layout.index:
        days, faults = column_dates(
            table,
            layout.index["date"],
            order=order,
            mend_order="Add --date-order dmy or --date-order mdy.",
            required="day" not in layout.index,
        )
    if "day" in layout.index:
        for number, row in table.rows:
            _read_day(layout, number, row[layout.index["day"]], start, days, faults)
    return days, faults


def _read_day(
    layout: Layout, number: int, cell: Cell, start: date, days: dict[int, date], faults: list[Fault]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReader:
    """Reads the cells of a table as observations.

    Attributes
    ----------
    layout : Layout
        Which column is which.
    protocol : Protocol
        Gives outcomes, covariates and side effects.
    decimal_comma : bool
        Whether numbers are written ``4,5``.
    """

    layout: Layout
    protocol: Protocol
    decimal_comma: bool

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
            given = [name for name in (outcome.id, *items) if name in cells]
            if given:
                yield (
                    self.layout.place(number, given[0]),
                    partial(self._score, number, cells, day, outcome, items),
                )
        for name in self._others:
            if name in cells:
                where = self.layout.place(number, name)
                yield where, partial(self._named, name, cells[name], day, where)

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
        return self._named(spelled, cells["value"], day, self.layout.place(number, "value"))

    def _named(self, name: str, cell: Cell, day: date, where: str) -> Observation:
        """Return the observation a single cell makes."""
        if outcome_of(self.protocol, name) is not None:
            body = {"outcome": name, "date": day.isoformat()}
            return Observation(
                kind="score", body=body | {"value": whole(self._number(cell, where))}
            )
        if name in DOSE:
            share = self._truth_or_number(cell, where, "Write yes, no or a share.")
            return Observation(kind="dose", body={"date": day.isoformat(), "taken": whole(share)})
        covariate = covariate_of(self.protocol, name)
        if covariate is not None:
            value = (
                self._truth_or_number(cell, where, "Write yes or no.")
                if covariate.kind == "yes-no"
                else self._number(cell, where)
            )
            body = {"covariate": name, "date": day.isoformat()}
            logged = covariate_value(covariate, value)
            return Observation(kind="covariate", body=body | {"value": logged})
        event, _ = event_name(self.protocol, name)
        severity = whole(self._number(cell, where))
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
                    values[name] = self._number(cells[name], self.layout.place(number, name))
                except ScoresError as error:
                    faults += error.faults
        if faults:
            raise ScoresError(faults)
        answers = [whole(values[name]) if name in values else None for name in items]
        given = answers if any(answer is not None for answer in answers) else []
        try:
            value = score_value(outcome, values.get(outcome.id), given)
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

    def _truth_or_number(self, cell: Cell, where: str, mend: str) -> float:
        """Return 1 for yes, 0 for no, or the number in a cell."""
        truth = _TRUTHS.get(str(cell).casefold())
        return self._number(cell, where, mend) if truth is None else truth

    def _number(self, cell: Cell, where: str, mend: str = "") -> float:
        """Return the number in a cell."""
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return float(cell)
        text = str(cell)
        comma = bool(_COMMA_NUMBER.fullmatch(text))
        if comma and self.decimal_comma:
            return float(text.replace(",", "."))
        value = read_number(text)
        if value is not None and not (self.decimal_comma and "." in text):
            return value
        if comma:
            what = f"{text!r} has a decimal comma"
            mend = "Add --decimal-comma if all numbers in the file are written so."
        elif value is not None:
            what = f"{text!r} has a decimal point, but --decimal-comma was given"
            mend = "Write all numbers alike."
        else:
            what = f"{text!r} is no number"
            mend = mend or "Write a number; leave the cell empty if the score is missing."
        raise ScoresError(Fault(where, what, mend))
