"""docs/statistics.md names modules that exist and that the engines run, and tests that exist."""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "nof1"
PAGE = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
FLOORS = sorted(path.name for path in SRC.iterdir() if (path / "__init__.py").is_file())
NAMED = re.compile(rf"`((?:{'|'.join(FLOORS)})(?:\.\w+)+)`")
NAMES = sorted(set(NAMED.findall(PAGE)))
TESTS = sorted(set(re.findall(r"`(\w+(?:/\w+)*/test_\w+\.py)`", PAGE)))


def place(name: str) -> tuple[str, str]:
    """Return the module of a dotted name and what in it is named; empty for the module itself."""
    parts = name.split(".")
    for n in range(len(parts), 0, -1):
        path = SRC.joinpath(*parts[:n])
        if path.with_suffix(".py").is_file() or (path / "__init__.py").is_file():
            return ".".join(parts[:n]), ".".join(parts[n:])
    return "", name


@cache
def imported() -> frozenset[str]:
    """Return every module of nof1, and name in one, that another module imports or uses."""
    found = set()
    for path in SRC.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nof1."):
                module = str(node.module).removeprefix("nof1.")
                found |= {module, *(f"{module}.{one.name}" for one in node.names)}
                # Of a module imported by name, what is used of it.
                for one in node.names:
                    used = re.findall(rf"\b{one.asname or one.name}\.(\w+)", text)
                    found |= {f"{module}.{one.name}.{use}" for use in used}
    return frozenset(found)


def test_the_page_names_what_it_speaks_of():
    assert len(NAMES) > 40
    assert len(TESTS) > 20
    assert "model.autoregression" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_module_and_function_named_exists_and_is_run_by_others(name):
    module, rest = place(name)
    assert module, f"there is no module of {name}"
    found = importlib.import_module(f"nof1.{module}")
    for part in filter(None, rest.split(".")):
        found = getattr(found, part)
    first = rest.split(".")[0]
    wanted = f"{module}.{first}" if first else module
    assert (
        wanted in imported()
        or any(one.startswith(f"{wanted}.") for one in imported())
        or (first and used_in(module, first))
    ), f"nothing in src runs {name}"


def used_in(module: str, name: str) -> bool:
    """Return whether a module calls a function of its own."""
    text = SRC.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")
    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(ast.parse(text)))


def test_every_test_named_exists():
    assert [name for name in TESTS if not (ROOT / "tests" / name).is_file()] == []


def test_every_equation_stands_after_the_module_that_works_it_out():
    paragraphs = PAGE.split("\n\n")
    equations = [i for i, text in enumerate(paragraphs) if text.startswith("    ")]
    assert len(equations) >= 6
    for i in equations:
        assert NAMED.search(paragraphs[i - 1]), paragraphs[i]


def test_every_row_of_formulas_names_a_module_and_what_pins_it():
    table = PAGE[PAGE.index("| what | function | pinned by |") :].split("\n\n")[0]
    rows = [line.strip("|").split(" | ") for line in table.splitlines()[2:]]
    assert len(rows) > 25
    for _, function, pinned in rows:
        assert NAMED.search(function) or function in {"the same", "`calibration`"}, function
        assert pinned.strip()
