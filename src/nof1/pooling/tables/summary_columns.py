"""Tables of summaries: what they hold, which column is which, and what a cell says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from nof1.errors import Fault, ScoresError
from nof1.trial.foreign.cells import EMPTY, cell_text
from nof1.trial.foreign.columns import ROLES
from nof1.trial.numbers import Numbers, column_numbers
from nof1.trial.tables.table import Cell, DataTable, place, plain
from nof1.words.caution import Caution, sentence

#: What a table of summaries can say, and other names under which it is found without being told.
SUMMARY_ROLES: Mapping[str, tuple[str, ...]] = {
    "person": ROLES["person"],
    "cycle": ROLES["cycle"],
    "difference": ("diff", "cycle_difference", "delta"),
    "estimate": ("effect", "est", "mean_difference", "yi"),
    "se": ("std_error", "stderr", "standard_error", "sei", "std_err"),
    "n": ("cycles", "n_cycles", "number_of_cycles", "ni", "k"),
    "period": ROLES["period"],
    "treatment": ROLES["treatment"],
    "score": ROLES["score"],
}
_DAYS = ("day", *ROLES["day"], "date", *ROLES["date"], "week", *ROLES.get("week", ()))

Kind = Literal["differences", "estimates", "scores"]


def held_in(kind: Kind) -> str:
    """Return what a table of summaries holds, in words."""
    return sentence(Caution.of("table-holds", kind=kind))


@dataclass(slots=True)
class SummaryColumns:
    """Columns by role, and what is wrong with cells so far."""

    table: DataTable
    columns: dict[str, int]
    faults: list[Fault] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, Numbers] = field(default_factory=dict)

    def number(self, row: int, role: str) -> float | None:
        """Return the number in a row; None where it is empty, faulty or not in the table."""
        if role not in self.columns:
            return None
        if role not in self.numbers:
            words = {*EMPTY, "none", "missing", "-"}
            self.numbers[role] = column_numbers(self.table, self.columns[role], words=words)
        match self.numbers[role].values.get(row):
            case Fault() as fault:
                if fault not in self.faults:
                    self.faults.append(fault)
                return None
            case value:
                return value

    def text(self, cells: Sequence[Cell], role: str) -> str:
        """Return a cell as text."""
        return cell_text(cells[self.columns[role]]).strip()

    def add(self, row: int, role: str, what: str, mend: str) -> None:
        """Add a fault of a cell."""
        title = self.table.header[self.columns[role]]
        self.faults.append(Fault(place(self.table, row, title), what, mend))


def kind_of(table: DataTable, wanted: Mapping[str, str]) -> Kind | None:
    """Return what a table holds, or None where it is one of scores by day or date."""
    if "difference" in wanted:
        return "differences"
    if "estimate" in wanted:
        return "estimates"

    def has(role: str, others: Sequence[str] = ()) -> bool:
        return role in wanted or bool(_matches(table, (role, *(others or SUMMARY_ROLES[role]))))

    if not has("treatment"):
        if has("difference"):
            return "differences"
        return "estimates" if has("estimate") and has("se") else None
    by_day = {"day", "date", "week"} & set(wanted) or _matches(table, _DAYS)
    if not by_day and has("score") and (has("period") or has("cycle")):
        return "scores"
    return None


def _matches(table: DataTable, names: Sequence[str]) -> list[int]:
    """Return the columns with one of these names, in the order of the names."""
    wanted = [plain(name) for name in names]
    matches = [
        (wanted.index(plain(t)), i) for i, t in enumerate(table.header) if plain(t) in wanted
    ]
    return [column for _, column in sorted(matches)]


_NEEDED: Mapping[Kind, tuple[str, ...]] = {
    "differences": ("person", "difference"),
    "estimates": ("person", "estimate", "se"),
    "scores": ("person", "treatment", "score"),
}
_ALSO: Mapping[Kind, tuple[str, ...]] = {
    "differences": ("cycle",),
    "estimates": ("n",),
    "scores": ("period", "cycle"),
}


def summary_columns(table: DataTable, wanted: Mapping[str, str], kind: Kind) -> dict[str, int]:
    """Return the column of every role of a kind of table.

    Raises
    ------
    ScoresError
        With every role that is unknown or missing.
    """
    roles = (*_NEEDED[kind], *_ALSO[kind])
    faults = [
        Fault(
            f"--columns {role}={name}",
            f"{role!r} is nothing that a table of {held_in(kind)} can say",
            f"Use one of {', '.join(roles)}.",
        )
        for role, name in wanted.items()
        if role not in roles
    ]
    by_role: dict[str, int] = {}
    shown = f"The columns are {', '.join(table.header)}."
    for role in roles:
        if role in wanted:
            columns = _matches(table, (wanted[role],))
            if len(columns) != 1:
                what = "there is no such column" if not columns else "two columns have this name"
                faults.append(Fault(f"--columns {role}={wanted[role]}", what, shown))
                continue
        else:
            columns = _matches(table, (role, *SUMMARY_ROLES[role]))
        if columns:
            by_role[role] = columns[0]
        elif role in _NEEDED[kind]:
            what = f"no column is the {role}"
            faults.append(Fault(table.name, what, f"Say which with --columns {role}=NAME. {shown}"))
    if faults:
        raise ScoresError(faults)
    return by_role
