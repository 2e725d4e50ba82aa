"""How often the method errs, quoted where a result is read, and measured anew by a command."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from support.shell import nof1

DATA = Path(__file__).parents[1] / "reference" / "data"


def test_an_analysis_quotes_the_rates_nearest_to_it(tmp_path):
    shutil.copy(DATA / "c_irls_daily.csv", tmp_path)
    done = nof1("nof1 analyse c_irls_daily.csv --scale 0:10 --mcid 1 --json", tmp_path)
    assert done.returncode == 0, done.stderr
    quoted = json.loads(done.stdout)["calibration"]
    assert (quoted["nearest"]["scores"], quoted["nearest"]["cycles"]) == ("daily", 3)
    assert 0.8 < quoted["coverage"] <= 1.0
    assert list(quoted["helps_meaningfully"]) == ["0 mcid", "1 mcid", "2 mcid"]
    assert quoted["helps_meaningfully"]["0 mcid"] < 0.06 < quoted["helps_meaningfully"]["2 mcid"]
    assert quoted["trials"] >= 1000


def test_engines_without_a_posterior_quote_nothing(tmp_path):
    shutil.copy(DATA / "c_irls_daily.csv", tmp_path)
    done = nof1("nof1 analyse c_irls_daily.csv --engine paired --json", tmp_path)
    assert json.loads(done.stdout)["calibration"] is None


def test_the_command_says_what_it_can_do():
    done = subprocess.run(
        [sys.executable, "-m", "nof1.calibration", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.search(r"--quick.*--out", done.stdout, re.DOTALL)
