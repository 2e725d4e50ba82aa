"""Numbers as people write them: what a comma or a point means is found out, never guessed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from nof1.errors import Fault
from nof1.trial.tables.table import Cell, DataTable, place
from nof1.words.caution import Caution

Mark = Literal[".", ","]

#: No scale of a trial has numbers beyond the first, or nearer to 0 than the second.
LARGEST, SMALLEST = 1e15, 1e-15

_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_EXPONENT = r"(?:[eE][+-]?\d{1,3})?"
#: Groups of three digits begin with one that is not 0: 0,250 has no thousands.
_WITH_POINT = re.compile(
    rf"[+-]?(?:\d+|[1-9]\d{{0,2}}(?:,\d{{3}})+)(?:\.\d+)?{_EXPONENT}|[+-]?\.\d+{_EXPONENT}",
    re.ASCII,
)
_OTHER_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d+)?", re.ASCII)
_SWAPPED = str.maketrans(".,", ",.")
_TIMED = re.compile(r"\d{1,3}:\d\d(:\d\d)?( ?h)?|\d{1,2} ?h( ?\d{1,2} ?m(in)?)?", re.ASCII)
_MEND_TIMED = (
    "Write a duration as a number of hours or minutes; a workbook's cells of the format [h]:mm are "
    "read in hours."
)
_AMOUNT = re.compile(
    r"([+-]?\d+(?:[.,]\d+)?)(?: ?/ ?\d+| ?\(?(?:out )?of \d+\)?| ?(?!\d)[^\W\d_]{1,8}\.?)", re.ASCII
)
_LIKEWISE = "Write all numbers of the column alike."


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers of a column.

    Attributes
    ----------
    values : mapping of int to float or Fault
        By row number, for every cell that holds anything but the words to be passed over; cells
        that one fault of the column concerns hold the same one.
    notes : tuple of Caution
        What was found out about how they are written, a sentence each.
    """

    values: Mapping[int, float | Fault]
    notes: tuple[Caution, ...]


def read_number(text: str) -> float | None:
    """Return the number a text says with a decimal point, or None when it is not one."""
    return float(text) if _PLAIN.fullmatch(text.strip()) else None


def column_numbers(
    table: DataTable, column: int, *, words: Collection[str] = (), what: str = ""
) -> Numbers:
    """Return the number in every cell of a column, or the fault of the cell.

    ``4,5`` can only have a decimal comma, ``1,234.5`` and ``1,234,567`` only commas between
    thousands; one such number settles what ``6,301`` is. So does a column in which some numbers
    have none of the two marks and others end in 0 after one: decimals that are written out to three
    places stand with every number, and others do not end in 0. Else it is asked.

    Parameters
    ----------
    table : DataTable
        The table; it knows what was told of its decimal mark.
    column : int
        Index of the column.
    words : collection of str
        Words in lower case that stand in the column and are no numbers; passed over.
    what : str
        What the column holds where it has other things besides, for messages; else its name.
    """
    title = what or table.header[column]
    cells = {
        number: row[column]
        for number, row in table.rows
        if row[column] is not None and str(row[column]).casefold() not in words
    }
    texts = {
        number: _tidy(cell)
        for number, cell in cells.items()
        if isinstance(cell, str) and not isinstance(cell, date)
    }
    percent = _percent_fault(table, column, texts | _typed_numbers(cells))
    mark, fault, notes = _mark(table, column, title, texts)
    values: dict[int, float | Fault] = {}
    for number, cell in cells.items():
        where = place(table, number, table.header[column])
        if (number, column) in table.merged:
            values[number] = _merged(where, table.merged[number, column])
        elif number in texts and any(_values(texts[number])):
            read = fault or percent or _read(where, str(cell), texts[number], mark)
            values[number] = read
        else:
            values[number] = _typed(where, cell)
    return Numbers(values=values, notes=notes)


def _typed_numbers(cells: Mapping[int, Cell]) -> dict[int, str]:
    """Return the cells of a workbook that are numbers, as texts."""
    return {
        number: str(cell)
        for number, cell in cells.items()
        if isinstance(cell, int | float) and not isinstance(cell, bool)
    }


def not_a_number(where: str, cell: Cell, mend: str = "") -> Fault:
    """Return the fault of a cell that holds no number."""
    mend = mend or "Write a number, or leave the cell empty if it is missing."
    shown = str(cell) if isinstance(cell, date) else repr(str(cell))
    return Fault(where, f"{shown} is no number", mend)


def _tidy(text: str) -> str:
    """Return a text as a number is written: a plain minus, no blanks between thousands."""
    tidy = text.strip().replace("\u2212", "-")
    bare = tidy.removesuffix("%").rstrip()
    return re.sub(r"[ \u00a0\u202f'’]", "", tidy) if _OTHER_GROUPS.fullmatch(bare) else tidy


def _values(text: str) -> tuple[str, str]:
    """Return a text for `float` by a decimal point and by a decimal comma; empty where none is."""
    bare = text.removesuffix("%").rstrip()
    swapped = bare.translate(_SWAPPED)
    return (
        bare.replace(",", "") if _WITH_POINT.fullmatch(bare) else "",
        swapped.replace(",", "") if _WITH_POINT.fullmatch(swapped) else "",
    )


def _mark(
    table: DataTable, column: int, title: str, texts: Mapping[int, str]
) -> tuple[Mark, Fault | None, tuple[Caution, ...]]:
    """Return the decimal mark of a column, or the fault that it cannot be told, and what to say."""
    mark = table.notation.decimal
    if mark is not None:
        return mark, None, ()
    values = {number: _values(text) for number, text in texts.items()}
    point = [number for number, (a, b) in values.items() if a and not b]
    comma = [number for number, (a, b) in values.items() if b and not a]
    unclear = [number for number, (a, b) in values.items() if a and b and a != b]

    def where(number: int) -> str:
        return place(table, number, table.header[column])

    if point and comma:
        what = (
            f"{texts[comma[0]]!r} has a decimal comma, but {texts[point[0]]!r} (row {point[0]}) "
            "has a decimal point"
        )
        return ".", Fault(where(comma[0]), what, _LIKEWISE), ()
    if comma:
        if table.separator != ",":
            return ",", None, ()
        mend = "Add --decimal-comma if all numbers in the file are written so."
        return ".", Fault(where(comma[0]), f"{texts[comma[0]]!r} has a decimal comma", mend), ()
    if point or not unclear:
        grouped = [texts[number] for number in unclear if "," in texts[number]]
        return ".", None, _note(title, grouped, ",")
    return _unclear(table, title, where(unclear[0]), [texts[n] for n in unclear], _bare(texts))


def _bare(texts: Mapping[int, str]) -> list[str]:
    """Return the numbers that have neither a point nor a comma."""
    return [text for text in texts.values() if text.strip("+-").rstrip("% ").isdecimal()]


def _unclear(
    table: DataTable, title: str, where: str, unclear: list[str], bare: list[str]
) -> tuple[Mark, Fault | None, tuple[Caution, ...]]:
    """Return the decimal mark where every mark is followed by three digits, as far as can be."""
    mark: Mark = "," if "," in unclear[0] else "."
    other: Mark = "." if mark == "," else ","
    alike = all(mark in text for text in unclear)
    thousands = (
        any(text.endswith("0") for text in unclear)
        and bool(bare)
        and all(abs(float(text.rstrip("% "))) < 1000 for text in bare)
    )
    if alike and thousands and (mark == "," or table.separator != ","):
        return other, None, _note(title, unclear, mark)
    if alike and mark == "." and not thousands and table.separator == ",":
        return ".", None, ()  # where commas part the columns, numbers have decimal points
    shown = unclear[0]
    said, grouped = shown.replace(",", "."), shown.replace(",", "").replace(".", "")
    return (
        ".",
        Fault(
            where,
            f"{shown!r} may be {said} or {grouped}, and no number in the column tells which",
            f"Add --decimal-{'comma' if mark == ',' else 'point'} if it is {said}, "
            f"--decimal-{'point' if mark == ',' else 'comma'} if it is {grouped}.",
        ),
        (),
    )


def _note(title: str, grouped: list[str], mark: Mark) -> tuple[Caution, ...]:
    """Return that marks were found to part thousands."""
    if not grouped:
        return ()
    return (Caution.of("thousands", column=title, mark=mark, shown=grouped[0]),)


def _percent_fault(table: DataTable, column: int, texts: Mapping[int, str]) -> Fault | None:
    """Return the fault of a column in which some numbers are in per cent and others are not."""
    numbers = {number: text for number, text in texts.items() if any(_values(text))}
    signed = [number for number, text in numbers.items() if text.endswith("%")]
    bare = [number for number, text in numbers.items() if not text.endswith("%")]
    if not signed or not bare:
        return None
    return Fault(
        place(table, signed[0], table.header[column]),
        f"{texts[signed[0]]!r} is in per cent, but {texts[bare[0]]!r} (row {bare[0]}) is not",
        _LIKEWISE,
    )


def _read(where: str, written: str, text: str, mark: Mark) -> float | Fault:
    """Return the number in a text, which is one by one mark or the other."""
    value = _values(text)[0 if mark == "." else 1]
    if value:
        return _in_reach(where, written, float(value))
    kind, option = ("point", "comma") if mark == "," else ("comma", "point")
    what = f"{written!r} has a decimal {kind}, but --decimal-{option} was given"
    return Fault(where, what, _LIKEWISE)


def _mend(text: str) -> str:
    """Return how a text that is no number becomes one; empty where nothing can be told."""
    if _TIMED.fullmatch(text.strip()):
        return _MEND_TIMED
    if amount := _AMOUNT.fullmatch(text.strip()):
        return f"Write the number alone: {amount[1]} for {text.strip()!r}."
    return ""


def _typed(where: str, cell: Cell) -> float | Fault:
    """Return the number in a cell that is no text, or a text that is no number."""
    if isinstance(cell, date):
        # A spreadsheet makes 4 May of 4.5 and of 4/5.
        return not_a_number(
            where, cell, "Write the number; a spreadsheet may have made a date of it."
        )
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return not_a_number(where, cell, _mend(cell) if isinstance(cell, str) else "")
    return _in_reach(where, str(cell), cell)


def _in_reach(where: str, written: str, value: float) -> float | Fault:
    """Return the value, or the fault of a number that no scale has."""
    if value == 0 or SMALLEST <= abs(value) <= LARGEST:
        return float(value)
    shown = written if len(written) <= 30 else f"{written[:20]}... ({len(written)} characters)"
    return Fault(where, f"{shown} is a number that no scale has", "Check the cell.")


def _merged(where: str, merged: str) -> Fault:
    return Fault(
        where,
        f"the cell is part of the merged cells {merged}, which hold one number for several days",
        "Take the cells apart and write the number in the row of its day.",
    )
