"""Tables made elsewhere: which column tells persons apart, and which may do so unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise

from nof1.errors import Fault
from nof1.trial.foreign.cells import as_typed, cell_text
from nof1.trial.tables.table import Cell, DataTable, place, plain

#: Stands for the name of a column where there is none.
NOBODY = "none"

#: Names of the column that says whose row it is, besides "person".
PERSONS = (
    "id",
    "subject",
    "participant",
    "patient",
    "subject_id",
    "patient_id",
    "participant_id",
    "person_id",
    "record_id",
    "study_id",
    "user_id",
    "case_id",
    "client_id",
    "respondent_id",
    "subjid",
    "subjectid",
    "usubjid",
    "ptid",
    "pid",
    "ppid",
    "sid",
    "subj",
    "subj_id",
    "case",
    "client",
    "user",
    "respondent",
    "pseudonym",
    "participant_code",
    "subject_code",
    "patient_code",
    "person_code",
    "subject_no",
    "subject_nr",
    "subject_number",
    "participant_number",
    "patient_number",
    "proband",
)

#: So many days without a row may lie between two persons, but hardly within one's scores.
_GAP_DAYS = 7

#: Words in the name of a column that may tell persons apart.
_WORDS = {
    *("person", "subject", "subj", "participant", "patient", "proband", "client", "user"),
    *("respondent", "pseudonym", "initials", "email", "name", "id", "code", "case", "student"),
    *("child", "pupil", "pt", "pp", "vp", "teilnehmer", "nr"),
}

#: Words that say that a column tells something else apart.
_OTHER_WORDS = {
    *("arm", "treatment", "intervention", "condition", "kit", "period", "cycle", "week", "visit"),
    *("session", "event", "form", "survey", "question", "measurement", "response", "device"),
    *("instrument", "instance", "drug", "product", "medication", "test", "scale", "outcome"),
    *("site", "item"),
    *("row", "entry", "redcap", "block", "phase", "day", "month", "year", "zip", "time"),
}


def the_person(table: DataTable, named: Sequence[int]) -> tuple[int, ...]:
    """Return those of the columns with a person's name that can be the person.

    A number of its own in every row is that of a response. Of columns that part the rows alike the
    first is enough, and one that is the same in all rows parts nothing beside another.
    """
    values = {column: [cells[column] for _, cells in table.rows] for column in named}
    persons = [
        column
        for column in named
        if plain(table.header[column]) == "person" or not _a_row_each(values[column])
    ]
    parting = [column for column in persons if len(set(values[column])) > 1]
    first: dict[tuple[int, ...], int] = {}
    for column in parting or persons[:1]:
        first.setdefault(_partition(values[column]), column)
    return tuple(first.values())


def _a_row_each(values: Sequence[Cell]) -> bool:
    """Return whether every row has a value of its own."""
    return len(values) > 1 and len(set(values)) == len(values)


def _partition(values: Sequence[Cell]) -> tuple[int, ...]:
    """Return for every row the number of its value, in order of appearance."""
    number: dict[Cell, int] = {}
    return tuple(number.setdefault(value, len(number)) for value in values)


def unknown_persons(
    table: DataTable,
    used: Sequence[int],
    *,
    people: Mapping[int, str],
    days: Mapping[int, int],
    treatments: Mapping[int, str],
) -> list[Fault]:
    """Return a fault for every unused column that looks as if it told persons apart.

    It is the same over runs of rows, comes back nowhere, and has several treatments for most
    values; and the same days come again where it changes, or days are left out there, or its name
    says so.

    Parameters
    ----------
    table : DataTable
        The cells.
    used : sequence of int
        Columns that say something known.
    people, days, treatments
        Person, day and treatment by row number, of rows that have a score.
    """
    faults = []
    for column, title in enumerate(table.header):
        if column in used:
            continue
        runs = _runs(table, column, people, days, treatments)
        if runs is None:
            continue
        pairs = [(run, other) for run, other in pairwise(runs) if run.person == other.person]
        again = any(run.first <= other.last and other.first <= run.last for run, other in pairs)
        apart = any(
            max(run.first - other.last, other.first - run.last) > _GAP_DAYS for run, other in pairs
        )
        if not (again or apart or (pairs and sounds_like_a_person(title))):
            continue
        changes = ", and the same days come again where it changes" if again else ""
        what = (
            f"{title} has {len(runs)} values, each over many rows on several treatments{changes}: "
            "it may say whose rows they are"
        )
        faults.append(
            Fault(
                place(table, runs[1].row, title),
                what,
                f"If so, add --columns {as_typed(f'person={title}')}; if it names what is "
                f"measured, {as_typed(f'outcome={title}')}; if neither, person={NOBODY}.",
            )
        )
    return faults


class _Run:
    """Rows in a row with one value."""

    def __init__(self, row: int, person: str, days: Sequence[int]) -> None:
        self.row = row
        self.person = person
        self.first = min(days)
        self.last = max(days)


def _runs(
    table: DataTable,
    column: int,
    people: Mapping[int, str],
    days: Mapping[int, int],
    treatments: Mapping[int, str],
) -> list[_Run] | None:
    """Return the runs of a column, or None where it cannot tell persons apart."""
    rows = [(number, cells[column]) for number, cells in table.rows if number in days]
    if any(cell is None for _, cell in rows):
        return None
    groups = [
        (value, [number for number, _ in own]) for value, own in groupby(rows, lambda row: row[1])
    ]
    several = sum(len({treatments[number] for number in own}) > 1 for _, own in groups)
    if not 1 < len(groups) == len({value for value, _ in groups}) or 2 * several <= len(groups):
        return None
    return [_Run(own[0], people[own[0]], [days[number] for number in own]) for _, own in groups]


def sounds_like_a_person(title: str) -> bool:
    """Return whether the name of a column speaks of persons."""
    words = set(re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", title).casefold()))
    return bool(words & _WORDS) and not words & _OTHER_WORDS


def look_alike_persons(table: DataTable, column: int) -> list[Fault]:
    """Return a fault where codes of persons differ in capitals, blanks or leading zeros alone."""
    first: dict[str, tuple[str, int]] = {}
    faults: dict[str, Fault] = {}
    for number, cells in table.rows:
        code = cell_text(cells[column])
        known, row = first.setdefault(_plain_code(code), (code, number))
        if known != code:
            faults.setdefault(
                code,
                Fault(
                    place(table, number, table.header[column]),
                    f"{code} looks like {known} in row {row}",
                    "Write the code of one person in one way; two persons need codes that differ "
                    "in more than capitals, blanks or leading zeros.",
                ),
            )
    return list(faults.values())


def _plain_code(code: str) -> str:
    """Return a code without what people write differently in one and the same."""
    parted = re.sub(r"(?<=\d)[\W_]+(?=\d)", "/", code.casefold())
    letters = re.sub(r"[^\w/]|_", "", parted)
    return re.sub(r"(?<!\d)0+(?=\d)", "", letters)
