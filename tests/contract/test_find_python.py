"""`scripts/find-python` finds a Python that works, whatever lies about on PATH."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "find-python"
LYING_SHIM = "#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n"
TOO_OLD = "#!/bin/sh\nexit 1\n"  # what the probe makes of Python 3.11
GOOD = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'


def put(path: Path, content: str) -> Path:
    """Write an executable file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    path.chmod(0o755)
    return path


def find(*path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script with this PATH and nothing else in the environment."""
    # env -i and absolute /bin/sh: nothing of the machine's own PATH is seen.
    return subprocess.run(
        ["/bin/sh", SCRIPT],
        env={"PATH": os.pathsep.join(map(str, path)), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_shim_that_lies_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path / "shims" / "python3.13", LYING_SHIM)
    put(tmp_path / "bin" / "python3.13", GOOD)
    assert find(tmp_path / "shims", tmp_path / "bin").stdout.strip() == sys.executable


def test_a_python3_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path / "old" / "python3", TOO_OLD)
    put(tmp_path / "new" / "python3", GOOD)
    assert find(tmp_path / "old", tmp_path / "new").stdout.strip() == sys.executable


@pytest.mark.parametrize("home", ["", "/nowhere"])
def test_pyenv_is_found_by_its_shims_when_home_does_not_help(tmp_path: Path, home: str) -> None:
    put(tmp_path / "root" / "shims" / "python3", TOO_OLD)
    put(tmp_path / "root" / "shims" / "python3.13", LYING_SHIM)
    put(tmp_path / "root" / "versions" / "3.11.7" / "bin" / "python", TOO_OLD)
    put(tmp_path / "root" / "versions" / "3.13.0" / "bin" / "python", GOOD)
    found = find(tmp_path / "root" / "shims", HOME=home)
    assert found.stdout.strip() == sys.executable


@pytest.mark.parametrize("way", ["HOME", "PYENV_ROOT", "bin", "command"])
def test_every_way_to_pyenv(tmp_path: Path, way: str) -> None:
    root = tmp_path / ".pyenv"
    put(root / "versions" / "3.12.1" / "bin" / "python", GOOD)
    put(root / "bin" / "pyenv", LYING_SHIM)
    put(tmp_path / "elsewhere" / "pyenv", f'#!/bin/sh\necho "{root}"\n')
    found = {
        "HOME": lambda: find(HOME=str(tmp_path)),
        "PYENV_ROOT": lambda: find(PYENV_ROOT=str(root)),
        "bin": lambda: find(root / "bin"),
        "command": lambda: find(tmp_path / "elsewhere"),
    }[way]()
    assert found.stdout.strip() == sys.executable


def test_uv_is_asked_last(tmp_path: Path) -> None:
    python = put(tmp_path / "store" / "python", GOOD)
    put(tmp_path / "bin" / "uv", f'#!/bin/sh\necho "{python}"\n')
    assert find(tmp_path / "bin").stdout.strip() == sys.executable


def test_nothing_found_says_what_to_do(tmp_path: Path) -> None:
    put(tmp_path / "python3", TOO_OLD)
    found = find(tmp_path, HOME="")
    assert found.returncode == 1
    assert found.stdout == ""
    assert "nof1 needs Python 3.12, 3.13 or 3.14" in found.stderr


def test_folders_with_blanks_in_their_names(tmp_path: Path) -> None:
    put(tmp_path / "my tools" / "python3", GOOD)
    assert find(tmp_path / "my tools").stdout.strip() == sys.executable
