#!/usr/bin/env bash
# DuckDB's read_json takes the types of columns from the first 20,480 lines. A column of whole numbers
# there stays one: 17.5 on a later line is read as 18. A column that is null there stays null.
# Nothing is said. It matters to whoever keeps one person a line: rare fields come late.
# What nof1 does: docs/file-formats.md reads all lines first (sample_size=-1), and a test holds it.
# Seen with duckdb 2.0.1; 1.3.2 rounds too, and keeps the late list as text.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check duckdb==2.0.1
cd "$folder"
venv/bin/python - <<'END'
import duckdb

with open("persons.jsonl", "w") as file:
    for number in range(20_480):
        file.write(f'{{"person": "p{number}", "high": 10, "differences": null}}\n')
    file.write('{"person": "late", "high": 17.5, "differences": [-1.5, 2.25]}\n')

late = "FROM read_json('persons.jsonl'{}) WHERE person = 'late'"
sampled = duckdb.sql("SELECT high, differences " + late.format("")).fetchall()
whole = duckdb.sql("SELECT high, differences " + late.format(", sample_size=-1")).fetchall()
print("duckdb", duckdb.__version__)
print("as it is:        ", sampled)
print("sample_size=-1:  ", whole)
assert sampled == [(18, None)]
assert whole == [(17.5, [-1.5, 2.25])]
END
