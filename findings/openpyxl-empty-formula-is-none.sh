#!/usr/bin/env bash
# A formula in a diary that shows nothing, such as =IF(B2="","",B2), and a formula that no program has
# computed yet are both None for openpyxl with data_only=True. The first is a day without a score,
# the second may be any score. Only data_type tells them apart: "str" for the one that was computed
# to an empty text, "n" for the one without a value.
# Seen with openpyxl 3.1.5.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check openpyxl==3.1.5
cd "$folder"
venv/bin/python - <<'END'
import re
import zipfile

import openpyxl

book = openpyxl.Workbook()
for row in (["score"], ['=IF(B2="","",B2)'], ['=IF(B3="","",B3)']):
    book.active.append(row)
book.save("not-computed.xlsx")
# A spreadsheet program stores what the formula in A2 gave: a text, and it is empty.
with zipfile.ZipFile("not-computed.xlsx") as old, zipfile.ZipFile("diary.xlsx", "w") as new:
    for name in old.namelist():
        content = old.read(name)
        if name == "xl/worksheets/sheet1.xml":
            content, n = re.subn(
                rb'<c r="A2">(<f>.*?</f>)<v ?/></c>', rb'<c r="A2" t="str">\1<v></v></c>', content
            )
            assert n == 1
        new.writestr(name, content)

sheet = openpyxl.load_workbook("diary.xlsx", data_only=True).active
found = [(sheet[place].value, sheet[place].data_type) for place in ("A2", "A3")]
print("openpyxl", openpyxl.__version__)
print("computed, empty: ", found[0])
print("not computed:    ", found[1])
assert found == [(None, "str"), (None, "n")]
END
