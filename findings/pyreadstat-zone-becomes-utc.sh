#!/usr/bin/env bash
# Files of SPSS, Stata and SAS have times without a zone. pyreadstat writes a time that has one as the
# time in UTC and drops the zone, without a word: a score of half past midnight on 2 March at +02:00 is
# in the file as 22:30 on 1 March, a day earlier, and may so come into another period.
# Seen with pyreadstat 1.3.7 and pandas 3.1.1.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyreadstat==1.3.7 pandas==3.1.1
cd "$folder"
venv/bin/python - <<'END'
import pandas as pd
import pyreadstat

written = pd.DataFrame({"scored": pd.to_datetime(["2026-03-02T00:30:00+02:00"]), "score": [4.0]})
print("pyreadstat", pyreadstat.__version__, " written:", written.scored[0])
for name, write, read in (
    ("SPSS", pyreadstat.write_sav, pyreadstat.read_sav),
    ("Stata", pyreadstat.write_dta, pyreadstat.read_dta),
    ("SAS", pyreadstat.write_xport, pyreadstat.read_xport),
):
    write(written, "diary")
    found = read("diary")[0].scored[0]
    print(f"{name}: {found}")
    assert found == pd.Timestamp("2026-03-01 22:30:00")
END
