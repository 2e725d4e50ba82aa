#!/usr/bin/env bash
# narwhals makes a DataFrame of any library from columns and a schema. A column of whole numbers with
# one missing value is null in polars and pyarrow; for pandas it is an error, since the schema's Int64
# becomes NumPy's int64, which has no place for it, and not pandas' own Int64 that has.
# What nof1 does: such a column is one of decimals in pandas (numbers of scores or cycles are always
# known, so that they stay whole); a test holds it.
# Seen with narwhals 2.29.0, pandas 3.1.1, polars 2.1.0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check narwhals==2.29.0 pandas==3.1.1 polars==2.1.0
cd "$folder"
venv/bin/python - <<'END'
import narwhals as nw

columns, schema = {"cycles": [3, None]}, {"cycles": nw.Int64}
print("narwhals", nw.__version__)
print("polars:", nw.from_dict(columns, schema=schema, backend="polars")["cycles"].to_list())
try:
    nw.from_dict(columns, schema=schema, backend="pandas")
except Exception as error:
    print("pandas:", type(error).__name__, str(error)[:60], "...")
else:
    raise SystemExit("pandas takes it now")
END
