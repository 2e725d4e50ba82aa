"""Commands that are used daily start quickly: they load none of the heavy packages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest

from support.eligible import answered

HEAVY = ("pymc", "arviz", "arviz_stats", "statsmodels", "matplotlib", "pandas", "scipy.stats")

#: Runs the command line as the console script does, then writes what is loaded to a file.
RUN = """
import json, sys
report = sys.argv.pop(1)
from nof1.cli import main
code = 0
try:
    main()
except SystemExit as stop:
    code = stop.code
with open(report, "w") as file:
    json.dump([code, sorted(sys.modules)], file)
"""


def loaded_by(folder: Path, *arguments: str, script: str = RUN) -> set[str]:
    """Return the modules loaded in a fresh process by one command, which must succeed."""
    report = folder / "modules.json"
    run = subprocess.run(
        [sys.executable, "-c", script, str(report), *arguments],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert report.exists(), run.stderr
    code, modules = json.loads(report.read_text(encoding="utf-8"))
    assert not code, run.stderr
    report.unlink()
    return set(modules)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a trial folder made by the command line."""
    folder = tmp_path_factory.mktemp("imports")
    packer = str(pyrage.x25519.Identity.generate().to_public())
    out = folder / "trial"
    given = ("--out", str(out), "--start", "2026-02-02", "--participant", "P01", "--contact", "Lee")
    modules = loaded_by(folder, "design", "magnesium-rls", *given, "--packer", packer, *answered())
    assert modules.isdisjoint(HEAVY)
    return out


@pytest.mark.parametrize(
    "command",
    ["", "design", "print", "record", "import", "check", "share", "pool", "merge", "privacy"],
)
def test_help_is_light(tmp_path: Path, command: str) -> None:
    assert loaded_by(tmp_path, *command.split(), "--help").isdisjoint(HEAVY)


@pytest.mark.parametrize(
    "arguments",
    [
        ("print", "{trial}"),
        ("record", "{trial}", "legs", "4", "--date", "2026-02-03"),
        ("check", "{trial}"),
    ],
)
def test_daily_commands_are_light(tmp_path: Path, trial: Path, arguments: tuple[str, ...]) -> None:
    given = [argument.format(trial=trial) for argument in arguments]
    assert loaded_by(tmp_path, *given).isdisjoint(HEAVY)


def test_what_is_typed_in_needs_no_arrays(tmp_path: Path, trial: Path) -> None:
    words = ("record", str(trial), "legs", "4", "--date", "2026-02-05")
    assert "numpy" not in loaded_by(tmp_path, *words)


def test_a_heavy_package_would_be_seen(tmp_path: Path) -> None:
    script = RUN.replace("import json, sys", "import json, sys, scipy.stats")
    assert "scipy.stats" in loaded_by(tmp_path, "--help", script=script)
