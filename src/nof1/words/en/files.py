"""English: what was taken for granted in reading a file: sheets, rows, dates, numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from nof1.words.numbers import listed


def windows_text(*, file: str, byte: int) -> str:
    return f"{file}: byte {byte} is not UTF-8, so the file was read as Windows-1252."


def titles_above(*, file: str, row: int, above: Sequence[str]) -> str:
    return f"{file}: the names of the columns are in row {row}; left out above: {'; '.join(above)}."


def row_names(*, file: str) -> str:
    return f"{file}: the names of the rows, in the first column, were left out."


def names_again(*, file: str, rows: int) -> str:
    return f"{file}: {rows} rows with the names of the columns again were left out."


def descriptions(*, file: str, rows: Sequence[int]) -> str:
    named = listed([str(row) for row in rows])
    return f"{file}: row {named}, with descriptions of the columns, left out."


def hidden_sheets(*, file: str, sheets: Sequence[str]) -> str:
    return f"{file}: not read, as it is hidden: {', '.join(sheets)}."


def sheet_chosen(*, file: str, sheet: str, others: Sequence[str]) -> str:
    return f"{file}: the sheet {sheet} was read; not read: {', '.join(others)}."


def merged_cells(*, file: str, columns: Sequence[str]) -> str:
    return f"{file}: merged cells of {', '.join(columns)} count for every row they show in."


def durations(*, file: str, columns: Sequence[str]) -> str:
    return f"{file}: the durations of {', '.join(columns)} are in hours."


def index_as_date(*, file: str) -> str:
    return f"{file}: the index was read as the column date."


def columns_aside(*, file: str, columns: Sequence[str]) -> str:
    return f"{file}: left aside: {', '.join(columns)}."


def unplanned_days(*, outcome: str, days: Sequence[str]) -> str:
    return f"{outcome}: not a planned day, taken all the same: {', '.join(days)}."


# --- Numbers and dates ---------------------------------------------------------------------------


def thousands(*, column: str, mark: str, shown: str) -> str:
    name = "commas" if mark == "," else "points"
    return f"{column}: {name} part thousands; {shown} is {shown.replace(mark, '')}."


def serial_dates(*, column: str, number: object, day: date) -> str:
    return f"{column}: numbers were read as a spreadsheet's dates; {number} is {day}."


def no_zones(*, column: str) -> str:
    return f"No time of {column} carries a zone, so --timezone changed no day."


def midnight_in_utc(*, column: str) -> str:
    return f"{column}: every time is midnight in UTC; the days are as written."


def zones_taken(*, column: str, zones: Sequence[str]) -> str:
    return (
        f"{column}: times carry a zone ({', '.join(zones)}), taken as the person's own clock."
        " --timezone NAME says otherwise."
    )


def by_clock(*, column: str, clock: str, moved: int) -> str:
    fall = "falls" if moved == 1 else "fall"
    return f"{column}: times were read by the clock of {clock}; {moved} {fall} on another day."
