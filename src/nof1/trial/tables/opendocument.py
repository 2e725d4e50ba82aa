"""OpenDocument spreadsheets (.ods), as LibreOffice and others write them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from xml.parsers import expat

from nof1.errors import Fault, ScoresError
from nof1.trial.tables.sheets import Merged, Sheet
from nof1.trial.tables.table import MOST_CELLS, Cell
from nof1.trial.tables.workbooks import DAMAGED

_DURATION = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")
_CELLS = ("table:table-cell", "table:covered-table-cell")


#: Rows and columns of a sheet in LibreOffice, and a little more.
MOST_ROWS, MOST_COLUMNS = 1_100_000, 20_000


class _TooManyError(Exception):
    """The content has more cells than a table of scores."""


def read_opendocument(name: str, data: bytes) -> list[Sheet]:
    """Return the sheets of an OpenDocument spreadsheet.

    Raises
    ------
    ScoresError
        If it is damaged or protected, or has more cells than any table of scores.
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = reader.refuse_entity
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            content = archive.read("content.xml")
        parser.Parse(content, True)
    except _TooManyError as error:
        what = f"the spreadsheet has more than {MOST_CELLS:,} cells"
        mend = "Copy the rows that matter into a new one."
        raise ScoresError(Fault(name, what, mend)) from error
    except DAMAGED as error:
        what = "this OpenDocument spreadsheet (.ods) cannot be read"
        mend = "Save it again, without a password, or as CSV."
        raise ScoresError(Fault(name, what, mend)) from error
    return reader.sheets


@dataclass(slots=True)
class _Reader:
    """Builds the sheets while the content is parsed."""

    sheets: list[Sheet] = field(default_factory=list)
    cells: int = 0
    hidden_styles: set[str] = field(default_factory=set)
    style: str = ""
    title: str = ""
    hidden: bool = False
    lines: list[list[Cell]] = field(default_factory=list)
    line: list[Cell] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    durations: set[int] = field(default_factory=set)
    about: Mapping[str, str] = field(default_factory=dict)
    repeated: dict[str, int] = field(default_factory=dict)
    paragraphs: list[str] | None = None
    aside: int = 0

    def refuse_entity(self, *_: object) -> None:
        """Refuse a document that declares entities: no spreadsheet does."""
        raise ValueError("entities")

    def start(self, name: str, about: dict[str, str]) -> None:
        """Note what an element is about."""
        if name in ("office:annotation", "table:tracked-changes"):
            self.aside += 1  # remarks and old values are no cells
        elif self.aside:
            return
        elif name == "style:style":
            self.style = about.get("style:name", "")
        elif name == "style:table-properties" and about.get("table:display") == "false":
            self.hidden_styles.add(self.style)
        elif name == "table:table":
            self.title = about.get("table:name", "")
            self.hidden = about.get("table:style-name", "") in self.hidden_styles
            self.lines, self.merged, self.durations = [], [], set()
        elif name == "table:table-row":
            self.line = []
            self.repeated["rows"] = int(about.get("table:number-rows-repeated", 1))
        elif name in _CELLS:
            self.about = about
            self.repeated["columns"] = int(about.get("table:number-columns-repeated", 1))
            self.paragraphs = []
        elif name == "text:p" and self.paragraphs is not None:
            self.paragraphs.append("")
        elif name == "text:s" and self.paragraphs:
            self.paragraphs[-1] += " " * min(int(about.get("text:c", 1)), 1000)

    def text(self, data: str) -> None:
        """Add to the text of a cell."""
        if self.paragraphs and not self.aside:
            self.paragraphs[-1] += data

    def end(self, name: str) -> None:
        """Finish a cell, a row or a sheet."""
        if name in ("office:annotation", "table:tracked-changes"):
            self.aside -= 1
        elif self.aside:
            return
        elif name in _CELLS:
            self._end_cell(covered=name == "table:covered-table-cell")
        elif name == "table:table-row":
            self._end_row()
        elif name == "table:table":
            width = max(map(len, self.lines), default=0)
            while self.lines and not self.lines[-1]:
                self.lines.pop()  # rows to the end of the sheet
            if width * len(self.lines) > MOST_CELLS:
                raise _TooManyError
            self.sheets.append(
                Sheet(
                    title=self.title,
                    hidden=self.hidden,
                    lines=tuple((*line, *[None] * (width - len(line))) for line in self.lines),
                    merged=tuple(self.merged),
                    durations=frozenset(self.durations),
                )
            )

    def _end_cell(self, *, covered: bool) -> None:
        value = None if covered else self._value()
        times = self.repeated["columns"]
        self._count(times if value is not None else 0)
        rows = int(self.about.get("table:number-rows-spanned", 1))
        column = len(self.line) + 1
        if rows > 1 and value is not None:
            first = len(self.lines) + 1
            self.merged.append(
                Merged(
                    first_row=first,
                    last_row=first + rows - 1,
                    column=column,
                    name=f"in rows {first} to {first + rows - 1}",
                )
            )
        # Rows are filled up with empty cells to the end of the sheet: enough of them are kept.
        self.line += [value] * (times if value is not None else min(times, 1000))
        if len(self.line) > MOST_COLUMNS:
            raise _TooManyError
        self.paragraphs = None

    def _end_row(self) -> None:
        while self.line and self.line[-1] is None:
            self.line.pop()
        times = self.repeated["rows"]
        self._count(len(self.line) * (times - 1))
        times = times if self.line else min(times, 10_000)
        if len(self.lines) + times > MOST_ROWS:
            raise _TooManyError
        self.lines += [list(self.line) for _ in range(times)]

    def _count(self, cells: int) -> None:
        self.cells += cells
        if self.cells > MOST_CELLS:
            raise _TooManyError

    def _value(self) -> Cell:
        """Return what a cell holds."""
        about, text = self.about, "\n".join(self.paragraphs or [])
        match about.get("office:value-type", about.get("calcext:value-type")):
            case "float" | "percentage" | "currency":
                number = float(about["office:value"])
                return int(number) if number.is_integer() else number
            case "date":
                return date.fromisoformat(about["office:date-value"][:10])
            case "boolean":
                return about["office:boolean-value"] == "true"
            case "time" if match := _DURATION.fullmatch(about["office:time-value"]):
                hours, minutes, seconds = (float(part or 0) for part in match.groups())
                self.durations.add(len(self.line))
                return hours + minutes / 60 + seconds / 3600
            case "string":
                return about.get("office:string-value", text) or None
            case _:
                return text or None
