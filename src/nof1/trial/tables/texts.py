"""Text files: CSV of any common make, and tables parted by blanks."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence

from nof1.errors import Fault, ScoresError
from nof1.trial.tables.headers import parts
from nof1.trial.tables.table import DataTable, Notation
from nof1.words.caution import Caution

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n')
#: Lines that show what parts the columns.
_LOOKED_AT = 50


def read_text(name: str, data: bytes, notation: Notation) -> DataTable:
    """Return the table in the bytes of a text file.

    Raises
    ------
    ScoresError
        If it is none.
    """
    text, notes = decoded(name, data)
    match = _SEPARATOR_LINE.match(text)
    shown = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    separator = match[1] if match else _separator(shown)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        strict=True,
        skipinitialspace=separator == " ",
    )
    try:
        lines = list(reader)
    except csv.Error as error:
        raise ScoresError(
            Fault(name, f"not a table: {error}", "Save it again as CSV or as .xlsx.")
        ) from error
    # A decimal comma makes rows longer too; where commas part, R's row names stand in quotes.
    row_names = separator != "," or all(line.startswith('"') for line in shown)
    pieces = parts(name, [[], *lines[1:]] if match else lines, row_names=row_names)
    return DataTable(
        name=name,
        header=pieces.header,
        rows=pieces.rows,
        separator=separator,
        notes=(*notes, *pieces.notes),
        notation=notation,
    )


def _separator(lines: Sequence[str]) -> str:
    """Return what parts the columns: the mark that most lines have equally often."""
    bare = [re.sub(r'"[^"]*"', '""', line) for line in lines]
    best, most = ",", (0, 0)
    for mark in ";\t,":  # a comma that stands as often as another mark is a decimal one
        counts = Counter(count for line in bare if (count := line.count(mark)))
        if counts:
            times, alike = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
            if (alike, times) > most:
                best, most = mark, (alike, times)
    return " " if most == (0, 0) and _by_blanks(bare) else best


def _by_blanks(lines: Sequence[str]) -> bool:
    """Return whether every line has as many words, or one more under a header, as R writes."""
    lengths = [len(line.split()) for line in lines]
    return len(lengths) > 1 and 1 < lengths[1] == max(lengths) and set(lengths[1:]) == {lengths[1]}


def decoded(name: str, data: bytes) -> tuple[str, tuple[Caution, ...]]:
    """Return the text in the bytes of a file, and what was assumed.

    Spreadsheets write UTF-8, UTF-16 or Windows' own encoding.
    """
    notes: tuple[Caution, ...] = ()
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            text = "\0"
        notes = (Caution.of("windows-text", file=name, byte=error.start),)
    if "\0" in text:
        raise ScoresError(
            Fault(name, "this is not a text file", "Give a CSV file saved as UTF-8, or .xlsx.")
        )
    return text, notes
