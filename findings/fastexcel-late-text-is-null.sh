#!/usr/bin/env bash
# fastexcel (which reads workbooks for polars) takes the type of a column from its first 1,000 rows.
# A text on a later row of a column of numbers, such as "7 (late)" or "missed", becomes null, and no
# error or warning says so: a score that somebody wrote down looks like one that nobody gave.
# With schema_sample_rows=None all rows are looked at, and all is text. nof1 reads workbooks cell by cell
# with openpyxl and takes no type from the rows before.
# Seen with fastexcel 0.21.0 and openpyxl 3.1.5.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    fastexcel==0.21.0 openpyxl==3.1.5 pyarrow
cd "$folder"
venv/bin/python - <<'END'
import fastexcel
import openpyxl

book = openpyxl.Workbook()
for row in [["person", "score"], *(["p1", 5] for _ in range(1_500)), ["p2", "7 (late)"], ["p2", 7.5]]:
    book.active.append(row)
book.save("diaries.xlsx")

read = fastexcel.read_excel("diaries.xlsx")
column = read.load_sheet(0).to_arrow().column("score")
print("fastexcel", fastexcel.__version__)
print("type:", column.type, "  last scores:", column[-3:].to_pylist())
assert str(column.type) == "double"
assert column[-3:].to_pylist() == [5.0, None, 7.5]
whole = read.load_sheet(0, schema_sample_rows=None).to_arrow().column("score")
print("schema_sample_rows=None:", whole.type, whole[-3:].to_pylist())
assert whole[-2].as_py() == "7 (late)"
END
