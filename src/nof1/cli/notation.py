"""How a table is written, as the commands that read tables are told it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

import typer

from nof1.errors import Fault, InputError

#: One of several parts of --columns; commas within double quotes do not part.
_PART = re.compile(r'(?:"[^"]*"|[^,"]|")+')

SheetOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Sheet of a workbook (tables).")
]
DateOrderOption = Annotated[
    str | None,
    typer.Option(metavar="dmy|mdy|ymd", help="Order of day, month and year (tables)."),
]
DecimalOption = Annotated[
    bool | None,
    typer.Option(
        "--decimal-comma/--decimal-point",
        help="Numbers are written 1.234,5 or 1,234.5 (tables).",
        show_default=False,
    ),
]
TimezoneOption = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="The person's clock, such as Europe/Berlin, for times in UTC (tables).",
    ),
]


def named_columns(texts: Sequence[str] | None) -> dict[str, str]:
    """Return texts of ``ours=theirs,...`` as one mapping; what is said again holds as said last.

    A comma in a name stands in double quotes.

    Raises
    ------
    InputError
        With every part that is none.
    """
    columns: dict[str, str] = {}
    faults = []
    parts = [part for text in texts or () for part in _PART.findall(text)]
    for part in parts:
        ours, equals, theirs = (word.strip() for word in part.partition("="))
        if len(theirs) > 1 and theirs[0] == theirs[-1] == '"':
            theirs = theirs[1:-1].strip()
        if not (ours and equals and theirs):
            mend = "Write score=mood,date=day; put a name with a comma in double quotes."
            faults.append(Fault("--columns", f"{part!r} is not OURS=THEIRS", mend))
        columns[ours] = theirs
    if faults:
        raise InputError(faults)
    return columns
