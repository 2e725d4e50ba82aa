"""The example notebook is what its script makes, and running it again gives the same outputs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
STORED = EXAMPLES / "ten-people.ipynb"
#: Pictures are looked at, not compared: their bytes depend on libraries of the machine.
PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")


def texts(cell: Any) -> list[str]:
    """Return what a cell put out, without pictures."""
    said = []
    for output in cell.get("outputs", []):
        said.append(output.get("text", ""))
        data = output.get("data", {})
        said += [PICTURE.sub("", data.get(kind, "")) for kind in ("text/plain", "text/html")]
    return said


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Any:
    target = tmp_path_factory.mktemp("notebook") / "again.ipynb"
    subprocess.run(
        [sys.executable, EXAMPLES / "make_notebook.py", target],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return nbformat.read(target, as_version=4)


def test_the_stored_notebook_is_what_running_it_gives(again: Any) -> None:
    stored = nbformat.read(STORED, as_version=4)
    assert [cell.source for cell in stored.cells] == [cell.source for cell in again.cells]
    for before, now in zip(stored.cells, again.cells, strict=True):
        assert texts(before) == texts(now), before.source


def test_it_ends_in_a_forest_plot_and_hides_no_error(again: Any) -> None:
    outputs = [output for cell in again.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type in ("error", "stream")]
    (figure,) = (output for output in outputs if "image/png" in output.get("data", {}))
    assert len(figure["data"]["image/png"]) > 10_000


def test_it_is_small_and_says_nothing_of_the_machine() -> None:
    text = STORED.read_text(encoding="utf-8")
    assert len(text) < 400_000
    assert "iopub" not in text
    assert "/home/" not in text
    assert "python3.1" not in text
