"""Which row of a table holds the names of its columns, and which rows hold no values at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nof1.errors import Fault, ScoresError
from nof1.trial.tables.table import Cell, listed, nameless, place, refuse_size
from nof1.words.caution import Caution

Line = tuple[int, tuple[Cell, ...]]

#: Rows in which the names of the columns are looked for.
_MOST_TITLES = 20
#: What the second row of descriptions under a header of Qualtrics' begins with in every cell.
_QUALTRICS = '{"ImportId"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The names of the columns, the rows below, and what was left out."""

    header: tuple[str, ...]
    rows: tuple[Line, ...]
    notes: tuple[Caution, ...]


def parts(name: str, lines: Iterable[Sequence[Cell]], *, row_names: bool = False) -> Parts:
    """Return header and rows of a table.

    The first row that is not empty is the header. Titles above it, which are narrower than what
    follows, names repeated further down, and the descriptions under a header of Qualtrics' are
    left out and said.

    Parameters
    ----------
    name : str
        File name, for messages.
    lines : iterable of sequences of Cell
        All rows, empty ones included.
    row_names : bool
        Whether rows one cell longer than the header begin with a name of their own, as R writes
        them.

    Raises
    ------
    ScoresError
        If there is no header with a row under it; with every cell under no name.
    """
    numbered = [
        (number, cells) for number, cells in enumerate(map(trimmed, lines), start=1) if cells
    ]
    refuse_size(name, len(numbered), max((len(cells) for _, cells in numbered), default=0))
    top = _header_at(numbered)
    notes = _note_on_titles(name, numbered[: top + 1])
    if len(numbered) < top + 2:
        raise ScoresError(
            Fault(
                name,
                "there is no row under a header" if numbered else "the file is empty",
                "Put the names of the columns in the first row, the scores below.",
            )
        )
    (_, titles), *body = numbered[top:]
    header = tuple("" if title is None else str(title) for title in titles)
    body, said = _without_descriptions(name, header, body)
    notes += said
    if row_names and _have_names(header, body):
        body = [(number, cells[1:]) for number, cells in body]
        notes += (Caution.of("row-names", file=name),)
    _refuse_values(name, header, body)
    faults = [
        nameless(place(name, number), cell)
        for number, cells in body
        for cell in cells[len(header) :]
        if cell is not None
    ]
    if faults:
        raise ScoresError(listed(faults, name))
    rows = ((number, (*cells, *[None] * (len(header) - len(cells)))) for number, cells in body)
    return Parts(header=header, rows=tuple(rows), notes=notes)


def trimmed(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return the cells with texts stripped, empty ones as None, and none of these at the end."""
    stripped = [(cell.strip() or None) if isinstance(cell, str) else cell for cell in cells]
    while stripped and stripped[-1] is None:
        stripped.pop()
    return tuple(stripped)


def _header_at(lines: Sequence[Line]) -> int:
    """Return where the header is: the first line, unless only titles stand above one of names.

    A line with more than half as many cells as the widest is no title.
    """
    widest = max((len(cells) for _, cells in lines), default=0)
    for at, (_, cells) in enumerate(lines[:_MOST_TITLES]):
        if at and len(cells) == widest > 1 and all(map(_is_name, cells)):
            return at
        if sum(cell is not None for cell in cells) > max(1, widest // 2):
            return 0
    return 0


def _is_name(cell: Cell) -> bool:
    return isinstance(cell, str) and any(letter.isalpha() for letter in cell)


def _note_on_titles(name: str, lines: Sequence[Line]) -> tuple[Caution, ...]:
    if len(lines) < 2:
        return ()
    above = tuple(str(cells[0]) for _, cells in lines[:-1] if cells)
    return (Caution.of("titles-above", file=name, row=lines[-1][0], above=above),)


def _without_descriptions(
    name: str, header: Sequence[str], body: list[Line]
) -> tuple[list[Line], tuple[Caution, ...]]:
    """Return the rows that are no descriptions and no names again, and what is said of these."""
    notes: tuple[Caution, ...] = ()
    filled = [(at, cell) for at, cell in enumerate(header) if cell]
    kept = [
        (number, cells)
        for number, cells in body
        if sum(cells[at : at + 1] == (cell,) for at, cell in filled) < max(2, 0.6 * len(filled))
    ]
    if len(kept) < len(body):
        again = len(body) - len(kept)
        notes += (Caution.of("names-again", file=name, rows=again),)
    ids = next((at for at, (_, cells) in enumerate(kept[:2]) if _qualtrics(cells)), None)
    if ids is not None:
        rows = tuple(number for number, _ in kept[: ids + 1])
        kept = kept[ids + 1 :]
        notes += (Caution.of("descriptions", file=name, rows=rows),)
    return kept, notes


def _qualtrics(cells: Sequence[Cell]) -> bool:
    return all(isinstance(cell, str) and cell.startswith(_QUALTRICS) for cell in cells)


def _have_names(header: Sequence[str], body: Sequence[Line]) -> bool:
    """Return whether every row is one longer than the header and begins with its own number."""
    longer = all(len(cells) == len(header) + 1 for _, cells in body)
    numbered = all(str(cells[0]).isdecimal() for _, cells in body)
    return longer and numbered and len({cells[0] for _, cells in body}) == len(body)


def _refuse_values(name: str, header: Sequence[str], body: Sequence[Line]) -> None:
    """Refuse a first row that holds values like those under it."""
    below: list[set[Cell]] = [
        {cells[at] for _, cells in body if at < len(cells)} for at in range(len(header))
    ]
    numbers = [
        at
        for at, title in enumerate(header)
        if title and not _is_name(title) and not any(map(_is_name, below[at]))
    ]
    others = [at for at, title in enumerate(header) if title and at not in numbers]
    if numbers and all(header[at] in below[at] for at in others):
        shown = ", ".join(header)
        raise ScoresError(
            Fault(
                name,
                f"the first row ({shown}) holds values, not the names of the columns",
                "Write a row of names above it, such as day,treatment,score, and one row a day.",
            )
        )
