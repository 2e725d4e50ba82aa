"""Tables made elsewhere: which column is which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nof1.errors import Fault, ScoresError
from nof1.trial.dates import only_weekdays
from nof1.trial.foreign.identities import NOBODY, PERSONS, the_person
from nof1.trial.numbers import read_number
from nof1.trial.tables.table import DataTable, plain

#: What a table can say, and other names under which it is found without being told.
ROLES: dict[str, tuple[str, ...]] = {
    "person": PERSONS,
    "day": ("study_day", "trial_day", "day_number"),
    "date": ("score_date",),
    "period": ("period_number",),
    "cycle": ("cycle_number", "pair"),
    "week": ("week_number", "study_week", "trial_week"),
    "treatment": ("arm", "condition", "treat", "trt"),
    # Not by its own name alone: a column "taken" often says whether, not what.
    "taken": ("treatment_taken", "arm_taken", "actual_treatment"),
    "outcome": ("measure",),
    "score": ("value", "y", "rating"),
}


#: Said where treatments may stand side by side.
_A_ROW_EACH = (
    " If each treatment has a column of its own, write one column of treatments and one of scores "
    "instead, a row for each score."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRoles:
    """Index of the column for each role; None when the table does not say.

    Where a table counts weeks and has neither days nor dates, `day` is the column of the weeks.
    """

    person: int | None
    day: int | None
    date: int | None
    period: int | None
    cycle: int | None
    week: int | None
    treatment: int
    taken: int | None
    outcome: int | None
    scores: tuple[int, ...]
    covariates: tuple[int, ...]

    @property
    def used(self) -> tuple[int, ...]:
        """Return every column that says something."""
        roles = (self.person, self.day, self.date, self.period, self.cycle, self.week, self.outcome)
        named = tuple(column for column in roles if column is not None)
        return (*named, self.treatment, *self.scores, *self.covariates)


def find_columns(
    table: DataTable, wanted: Mapping[str, str], covariates: Sequence[str] = ()
) -> ColumnRoles:
    """Return the column of every role: as asked for, else by its own name, else by a known other.

    Parameters
    ----------
    table : DataTable
    wanted : mapping of str to str
        Role (a key of `ROLES`) to the name of the column; for ``score`` several, parted by ``+``.
    covariates : sequence of str
        Names of the columns to adjust for.

    Raises
    ------
    ScoresError
        With every role that is unknown, missing or found twice.
    """
    faults = [
        Fault(
            f"--columns {role}={name}",
            f"{role!r} is nothing a table can say",
            f"Use one of {', '.join(ROLES)}.",
        )
        for role, name in wanted.items()
        if role not in ROLES
    ]
    roles: dict[str, tuple[int, ...]] = {}
    for role, name in wanted.items():
        if role == "person" and plain(name) == NOBODY and not _matches(table, name):
            roles[role] = ()
        elif role in ROLES:
            roles[role] = _named(table, role, name, faults)
    for role, synonyms in ROLES.items():
        if role not in wanted:
            # What was taken may be all that a table says of the treatment.
            shared = ("taken",) if role == "treatment" else ()
            taken = {
                column
                for other, columns in roles.items()
                if other not in shared
                for column in columns
            }
            among = _person_columns(table, taken) if role == "person" else None
            roles[role] = _guessed(table, role, synonyms, taken, faults, among)
    for role, other in (("day", "date"), ("date", "day")):
        if role in wanted and other not in wanted:
            roles[other] = ()
    if "day" not in wanted and roles["date"] and roles["day"]:
        # Beside a date, "day" may be the day of the week.
        roles["day"] = () if only_weekdays(table, roles["day"][0]) else roles["day"]
    if not roles["score"] and "outcome" not in wanted and "score" not in wanted:
        # "outcome" is also what some tables call the score itself.
        roles["score"], roles["outcome"] = roles["outcome"], ()
    faults += _missing(table, wanted, roles)
    adjusted = _covariates(table, covariates, roles, faults)
    if faults:
        raise ScoresError([*faults, *table.elsewhere])
    first = {role: columns[0] if columns else None for role, columns in roles.items()}
    return ColumnRoles(
        person=first["person"],
        # Where weeks alone are counted, they take the place of the days; see `days`.
        day=first["day"] if first["day"] is not None or roles["date"] else first["week"],
        date=first["date"],
        period=first["period"],
        cycle=first["cycle"],
        week=first["week"],
        treatment=roles["treatment"][0],
        taken=first["taken"],
        outcome=first["outcome"],
        scores=roles["score"],
        covariates=adjusted,
    )


def _covariates(
    table: DataTable,
    names: Sequence[str],
    by_role: Mapping[str, tuple[int, ...]],
    faults: list[Fault],
) -> tuple[int, ...]:
    """Return the columns to adjust for; a column that says something else cannot be one."""
    roles = {column: role for role, columns in by_role.items() for column in columns}
    adjusted: list[int] = []
    for name in dict.fromkeys(names):
        columns = _matches(table, name)
        if len(columns) != 1:
            what = "there is no such column" if not columns else "two columns have this name"
            mend = f"The columns are {', '.join(table.header)}."
        elif columns[0] in roles:
            what, mend = f"this column is the {roles[columns[0]]}", "Leave it out."
        else:
            adjusted += columns
            continue
        faults.append(Fault(f"--covariate {name}", what, mend))
    return tuple(adjusted)


def _named(table: DataTable, role: str, name: str, faults: list[Fault]) -> tuple[int, ...]:
    """Return the columns asked for by name."""
    names = [name] if role != "score" or _matches(table, name) else name.split("+")
    places: list[int] = []
    for wanted in names:
        columns = _matches(table, wanted)
        if len(columns) == 1:
            places += columns
            continue
        what = "there is no such column" if not columns else "two columns have this name"
        faults.append(
            Fault(f"--columns {role}={wanted}", what, f"The columns are {', '.join(table.header)}.")
        )
    return tuple(places)


def _guessed(
    table: DataTable,
    role: str,
    synonyms: tuple[str, ...],
    taken: set[int],
    faults: list[Fault],
    among: Sequence[int] | None = None,
) -> tuple[int, ...]:
    """Return the one column that bears the role's name, or another name known for it.

    Where `among` is given, only these columns can be the one.
    """
    for names in ((role,) if role != "taken" else (), synonyms):
        columns = [
            column
            for name in names
            for column in _matches(table, name)
            if column not in taken and (among is None or column in among)
        ]
        if len(columns) > 1:
            faults.append(
                Fault(
                    table.name,
                    f"several columns may be the {role}: "
                    + ", ".join(table.header[column] for column in columns),
                    f"Say which with --columns {role}=NAME.",
                )
            )
        if columns:
            return (columns[0],)
    return ()


def _person_columns(table: DataTable, taken: set[int]) -> tuple[int, ...]:
    """Return the columns that can be the person by name and by what they hold."""
    named = [column for name in ("person", *PERSONS) for column in _matches(table, name)]
    return the_person(table, [column for column in named if column not in taken])


def _missing(
    table: DataTable, wanted: Mapping[str, str], by_role: Mapping[str, tuple[int, ...]]
) -> list[Fault]:
    """Return a fault for every role that must be there and is not."""
    faults = [
        Fault(
            table.name,
            f"no column is the {' or the '.join(roles)}",
            f"Say which with --columns {how}; the columns are {', '.join(table.header)}."
            + (_A_ROW_EACH if "treatment" in roles and _side_by_side(table, by_role) else ""),
        )
        for roles, how in (
            (("treatment",), "treatment=NAME"),
            (("score",), "score=NAME"),
            (("day", "date"), "date=NAME, or day=NAME where it counts days or daily sessions"),
        )
        if not any(by_role[role] or role in wanted for role in roles)
        and not ("day" in roles and by_role["week"])
    ]
    if by_role["outcome"] and len(by_role["score"]) > 1:
        faults.append(
            Fault(
                table.name,
                f"there is an outcome column, {table.header[by_role['outcome'][0]]}, and more than "
                "one score column",
                "Name one score column.",
            )
        )
    return faults


def _side_by_side(table: DataTable, roles: Mapping[str, tuple[int, ...]]) -> bool:
    """Return whether all columns that are nothing yet hold numbers, as arms side by side do."""
    known = {column for columns in roles.values() for column in columns}
    others = [
        [row[column] for _, row in table.rows if row[column] is not None]
        for column in range(len(table.header))
        if column not in known
    ]
    return len(others) > 1 and all(
        cells and all(read_number(str(cell)) is not None for cell in cells) for cells in others
    )


def _matches(table: DataTable, name: str) -> list[int]:
    return [i for i, title in enumerate(table.header) if plain(title) == plain(name)]
