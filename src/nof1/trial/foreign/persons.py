"""Tables made elsewhere: whose rows are read, and who is left out, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from nof1.trial.foreign.cells import cell_text
from nof1.trial.foreign.columns import ColumnRoles
from nof1.trial.foreign.rows import ScoreRow
from nof1.trial.tables.table import DataTable
from nof1.words.caution import Caution


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeftOut:
    """A person of a table who is not analysed.

    Attributes
    ----------
    person : str
        Code.
    why : str
        As it is printed after the code, in brackets.
    asked : bool
        Whether the user asked for it.
    """

    person: str
    why: str
    asked: bool


def without(
    table: DataTable, columns: ColumnRoles, exclude: Mapping[str, str]
) -> tuple[DataTable, tuple[PersonLeftOut, ...]]:
    """Return the table without the rows of persons to be left out, and those of them it has.

    Nothing else of these rows is looked at, so that whatever is wrong with them stops nobody.
    """
    if columns.person is None or not exclude:
        return table, ()
    person = columns.person
    codes = {number: cell_text(cells[person]) for number, cells in table.rows}
    excluded = tuple(
        PersonLeftOut(person=code, why=exclude[code], asked=True)
        for code in dict.fromkeys(codes.values())
        if code in exclude
    )
    kept = tuple((number, cells) for number, cells in table.rows if codes[number] not in exclude)
    return replace(table, rows=kept), excluded


def own_arms(rows: Iterable[ScoreRow], arms: Sequence[str]) -> tuple[str, ...]:
    """Return those of the arms that a person was on, in the order of `arms`."""
    labels = {row.treatment.casefold() for row in rows}
    return tuple(arm for arm in arms if arm.casefold() in labels)


def why_not(own: Sequence[str], comparator: str, wanted: Sequence[str]) -> str:
    """Return why a person on these arms cannot be compared; empty when they can."""
    if comparator not in own:
        return f"never on {comparator}, the comparator"
    if len(own) == 1:
        return f"on {comparator} alone"
    return "" if set(own) & set(wanted) else f"never on {' or '.join(wanted)}"


def note_on_left_out(left_out: Sequence[PersonLeftOut]) -> list[Caution]:
    """Return everybody who was left out, if there is anybody."""
    if not left_out:
        return []
    persons = tuple((person.person, person.why) for person in left_out)
    return [Caution.of("left-out", persons=persons)]
