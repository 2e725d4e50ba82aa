"""Sheets of a workbook: which one is read, and merged cells as they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nof1.errors import Fault, ScoresError
from nof1.read_only import ReadOnly
from nof1.trial.tables.headers import Parts, parts, trimmed
from nof1.trial.tables.table import Cell, DataTable, Notation, plain
from nof1.words.caution import Caution


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Cells shown as one: rows and columns from 1, both ends included, and how a user calls it."""

    first_row: int
    last_row: int
    column: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet as its cells are.

    Attributes
    ----------
    title : str
        Its name.
    hidden : bool
        Whether a spreadsheet program does not show it.
    lines : tuple of tuple of Cell
        All rows from the first.
    merged : tuple of Merged
        Cells that were merged.
    durations : frozenset of int
        Columns, from 0, in which a duration was found; it is given in hours.
    unread : mapping of (int, int) to Fault
        Row, from 1, and column, from 0, of errors and of formulas without a result.
    """

    title: str
    hidden: bool
    lines: tuple[tuple[Cell, ...], ...]
    merged: tuple[Merged, ...] = ()
    durations: frozenset[int] = frozenset()
    unread: Mapping[tuple[int, int], Fault] = field(default_factory=ReadOnly)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the cells of the first row that is not empty, as names are compared."""
        first = next((line for line in map(trimmed, self.lines) if line), ())
        return tuple(plain(str(cell)) for cell in first)

    @property
    def is_table(self) -> bool:
        """Return whether two rows or more have two cells or more."""
        wide = [line for line in self.lines if sum(cell is not None for cell in line) > 1]
        return len(wide) > 1


def table_of(
    name: str, sheets: Sequence[Sheet], notation: Notation, *, first_sheet: bool
) -> DataTable:
    """Return the table on one of the sheets.

    Raises
    ------
    ScoresError
        If it cannot be told which, or the sheet holds no table.
    """
    sheet, notes = _chosen(name, sheets, notation.sheet, first_sheet=first_sheet)
    several = len([other for other in sheets if other.names]) > 1
    called = f"{name}, sheet {sheet.title}" if several else name
    lines, merged = _as_shown(sheet)
    elsewhere = _other_sheets(name, sheets, sheet)
    try:
        pieces = parts(called, lines)
    except ScoresError as error:
        raise ScoresError([*error.faults, *elsewhere]) from error
    return DataTable(
        name=called,
        header=pieces.header,
        rows=pieces.rows,
        notes=(*notes, *pieces.notes, *_notes(name, sheet, pieces, merged)),
        notation=notation,
        merged=merged,
        unread=sheet.unread,
        elsewhere=tuple(elsewhere),
    )


def _other_sheets(name: str, sheets: Sequence[Sheet], sheet: Sheet) -> list[Fault]:
    """Return a fault that names the sheets that were not read, when there are any."""
    others = ", ".join(other.title for other in sheets if other.names and other is not sheet)
    if not others:
        return []
    return [Fault(name, f"other sheets have content too: {others}", "Choose one with --sheet.")]


def _chosen(
    name: str, sheets: Sequence[Sheet], wanted: str | None, *, first_sheet: bool
) -> tuple[Sheet, tuple[Caution, ...]]:
    """Return the sheet asked for, or the one with content, and what was assumed."""
    if wanted is not None:
        for title in (wanted, wanted.strip().casefold()):
            for sheet in sheets:
                if title in (sheet.title, sheet.title.strip().casefold()):
                    return sheet, ()
        mend = f"Write one of {', '.join(sheet.title for sheet in sheets)}."
        raise ScoresError(Fault(name, f"there is no sheet {wanted!r}", mend))
    filled = [sheet for sheet in sheets if sheet.names]
    shown = [sheet for sheet in filled if not sheet.hidden]
    listed = ", ".join(sheet.title for sheet in shown or filled)
    if len(shown) == 1:
        hidden = tuple(sheet.title for sheet in filled if sheet.hidden)
        return shown[0], (Caution.of("hidden-sheets", file=name, sheets=hidden),) if hidden else ()
    if not filled:
        what, mend = "the workbook is empty", "Check that it was saved."
    elif not shown:
        what, mend = "every sheet with content is hidden", f"Add --sheet with one of {listed}."
    elif not first_sheet:
        what, mend = "several sheets have content", f"Add --sheet with one of {listed}."
    else:
        tables = [sheet for sheet in shown if sheet.is_table] or shown
        alike = [sheet.title for sheet in tables if sheet.names == tables[0].names]
        if len(alike) == 1:
            others = tuple(sheet.title for sheet in filled if sheet is not tables[0])
            said = Caution.of("sheet-chosen", file=name, sheet=tables[0].title, others=others)
            return tables[0], (said,)
        what = f"the sheets {', '.join(alike)} have the same columns; one alone leaves scores out"
        mend = "Put all rows on one sheet, or choose one with --sheet."
    raise ScoresError(Fault(name, what, mend))


def _as_shown(
    sheet: Sheet,
) -> tuple[list[list[Cell]], Mapping[tuple[int, int], str]]:
    """Return the rows with merged cells in every row that shows them, and where these are.

    A title that is merged over columns stays in the first of them.
    """
    lines = [list(line) for line in sheet.lines]
    shown: dict[tuple[int, int], str] = {}
    for merged in sheet.merged:
        at = merged.column - 1
        value = lines[merged.first_row - 1][at]
        for row in range(merged.first_row + 1, min(merged.last_row, len(lines)) + 1):
            if value is not None:
                lines[row - 1][at] = value
                shown[row, at] = merged.name
    return lines, ReadOnly(shown)


def _notes(
    name: str, sheet: Sheet, pieces: Parts, merged: Mapping[tuple[int, int], str]
) -> tuple[Caution, ...]:
    """Return what to know of merged cells and of durations."""
    rows = {number for number, _ in pieces.rows}
    notes = []
    spanned = sorted({at for row, at in merged if row in rows and at < len(pieces.header)})
    if spanned:
        titles = tuple(pieces.header[at] for at in spanned)
        notes.append(Caution.of("merged-cells", file=name, columns=titles))
    timed = tuple(pieces.header[at] for at in sorted(sheet.durations) if at < len(pieces.header))
    if timed:
        notes.append(Caution.of("durations", file=name, columns=timed))
    return tuple(notes)
