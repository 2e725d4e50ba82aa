"""The reference data are what their script makes, byte for byte."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

DATA = Path(__file__).parent / "data"
MADE = {
    "c_irls_daily.csv",
    "c_irls_weekly.csv",
    "d_series40.csv",
    "e_gauss_clean.csv",
    "truth.json",
}


def test_the_script_makes_the_stored_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, DATA / "generate.py", tmp_path], check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(made) == MADE
    assert [name for name in MADE if made[name] != (DATA / name).read_bytes()] == []
