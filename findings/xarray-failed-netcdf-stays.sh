#!/usr/bin/env bash
# An attribute that netCDF cannot hold (True, for instance) stops DataTree.to_netcdf halfway. What was
# written by then stays under the name, over a good file of before, and opens again without a word: the
# group is there with some of its attributes, and no draw in it.
# pip install h5netcdf, too, is not enough to write: h5py comes only with h5netcdf[h5py].
# What nof1 does: the attributes of its DataTrees are texts and numbers, a test writes and reads them
# again, and `pip install nof1[netcdf]` brings h5py.
# Seen with xarray 2026.9.0, h5netcdf 1.8.2, h5py 3.16.0.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check xarray==2026.9.0 h5netcdf==1.8.2
cd "$folder"
cat > write.py <<'END'
import sys

import h5netcdf
import numpy as np
import xarray as xr


def tree(**attributes):
    draws = xr.Dataset({"effect": ("draw", np.zeros(1000))}, attrs=attributes)
    return xr.DataTree.from_dict({"posterior": draws})


if sys.argv[1:] == ["without h5py"]:
    try:
        tree().to_netcdf("draws.nc", engine="h5netcdf")
    except ImportError as error:
        print("h5netcdf alone:     ", error)
        raise SystemExit(0)
    raise SystemExit("h5netcdf alone writes")

tree(seed=1).to_netcdf("draws.nc", engine="h5netcdf")
try:
    tree(seed=1, reliable=True).to_netcdf("draws.nc", engine="h5netcdf")
except h5netcdf.CompatibilityError as error:
    print("the second write:   ", str(error)[:60], "...")
found = xr.open_datatree("draws.nc", engine="h5netcdf")["posterior"]
print("xarray", xr.__version__, "h5netcdf", h5netcdf.__version__)
print("what the file holds:", dict(found.attrs), "and the variables", list(found.data_vars))
assert dict(found.attrs) == {"seed": 1}
assert list(found.data_vars) == []
END
venv/bin/python write.py "without h5py"
venv/bin/pip install --quiet --disable-pip-version-check h5py==3.16.0
venv/bin/python write.py
