"""The docstring of every package is its index: what is there is named, and nothing else."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "nof1"
PACKAGES = sorted(path.parent for path in SOURCE.rglob("__init__.py") if path.parent != SOURCE)
ROW = re.compile(r"^`(?P<name>\w+)` {2,}(?P<line>\S.*)$", re.MULTILINE)


def docstring(package: Path) -> str:
    """Return the docstring of a package."""
    text = (package / "__init__.py").read_text(encoding="utf-8")
    return ast.get_docstring(ast.parse(text)) or ""


def modules(package: Path) -> list[str]:
    """Return the modules and packages in a package, those with underscores left out."""
    files = [path.stem for path in package.glob("*.py")]
    folders = [path.parent.name for path in package.glob("*/__init__.py")]
    return sorted(name for name in (*files, *folders) if not name.startswith("_"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_module_has_one_line_in_the_index(package: Path) -> None:
    named = sorted(row["name"] for row in ROW.finditer(docstring(package)))
    assert named == modules(package), f"the index is the docstring of {package / '__init__.py'}"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_way_of_the_data_is_told_beside_the_index(package: Path) -> None:
    """A title of one line, and what goes in and comes out: more than the rows."""
    title, *rest = ROW.sub("", docstring(package)).split("\n\n")
    assert title.strip()
    assert "\n" not in title.strip()
    assert [part for part in rest if part.strip()], f"what becomes of what in {package.name}?"
