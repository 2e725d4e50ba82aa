#!/usr/bin/env bash
# In an OpenDocument sheet the comment of a cell is stored inside the cell. odfpy's own way to a cell's
# text, teletype.extractText, puts the comment before what the cell shows: a score of 7 with the comment
# "3 pills at 21 h" is read as "3 pills at 21 h7". Who takes the number out of that text takes
# another one. pyexcel-ods, which is built on odfpy, leaves the comment out.
# Seen with odfpy 1.4.1 and pyexcel-ods 0.6.0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check odfpy==1.4.1 pyexcel-ods==0.6.0
cd "$folder"
venv/bin/python - <<'END'
from importlib.metadata import version

import pyexcel_ods
from odf import teletype
from odf.office import Annotation
from odf.opendocument import OpenDocumentSpreadsheet, load
from odf.table import Table, TableCell, TableRow
from odf.text import P


def cell(text, comment=None):
    made = TableCell(valuetype="string")
    if comment:
        note = Annotation()
        note.addElement(P(text=comment))
        made.addElement(note)
    made.addElement(P(text=text))
    return made


book, sheet = OpenDocumentSpreadsheet(), Table(name="diary")
for cells in ([cell("score")], [cell("6")], [cell("7", "3 pills at 21 h")]):
    row = TableRow()
    for one in cells:
        row.addElement(one)
    sheet.addElement(row)
book.spreadsheet.addElement(sheet)
book.save("diary.ods")

found = [teletype.extractText(one) for one in load("diary.ods").getElementsByType(TableCell)]
plain = [row[0] for row in pyexcel_ods.get_data("diary.ods")["diary"]]
print("odfpy", version("odfpy"), found)
print("pyexcel-ods", version("pyexcel-ods"), plain)
assert found == ["score", "6", "3 pills at 21 h7"]
assert plain == ["score", "6", "7"]
END
