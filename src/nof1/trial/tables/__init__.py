"""Tables from a spreadsheet, as their cells are: files of any common make.

`reading` tells what a file is; `texts`, `workbooks`, `opendocument` and `records` read the kinds
there are, `frames` DataFrames of any library; `headers` finds the row with the names of the
columns; `table` is what comes out, and how its cells are named in messages.
"""

from nof1.trial.tables.reading import MOST_BYTES, read_table, table_in
from nof1.trial.tables.table import (
    DATE_ORDERS,
    MOST_FAULTS,
    Cell,
    DataTable,
    DateOrder,
    Notation,
    listed,
    nameless,
    place,
    plain,
    unread,
)
from nof1.trial.tables.texts import decoded

__all__ = [
    "DATE_ORDERS",
    "MOST_BYTES",
    "MOST_FAULTS",
    "Cell",
    "DataTable",
    "DateOrder",
    "Notation",
    "decoded",
    "listed",
    "nameless",
    "place",
    "plain",
    "read_table",
    "table_in",
    "unread",
]
