"""Nothing outside the package goes round in a circle: helpers of the tests, and benchmarks."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def imported(path: Path) -> set[str]:
    """Return every module that a file imports, inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def in_order(folder: Path, prefix: str) -> list[str]:
    """Return the modules of a folder, each after those it imports."""
    files = {f"{prefix}{path.stem}": path for path in folder.glob("*.py")}
    graph = {name: imported(path) & files.keys() for name, path in files.items()}
    return list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize(("folder", "prefix"), [("tests/support", "support."), ("benchmarks", "")])
def test_there_is_no_circle(folder: str, prefix: str) -> None:
    order = in_order(ROOT / folder, prefix)
    assert len(order) == len(list((ROOT / folder).glob("*.py")))


def test_a_circle_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f():\n    import b\n")
    (tmp_path / "b.py").write_text("from a import f\n")
    with pytest.raises(CycleError):
        in_order(tmp_path, "")
