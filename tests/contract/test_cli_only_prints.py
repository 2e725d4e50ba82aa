"""Commands parse, call the workflow and print: they compute, orchestrate and write nothing."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

CLI = Path(__file__).parents[2] / "src" / "nof1" / "cli"
MODULES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(CLI.glob("*.py"))}

#: What of nof1 a command may know.
OURS = ("nof1.cli", "nof1.workflow", "nof1.errors", "nof1.receipts", "nof1.words")
#: What of the standard library has to do with reading options and printing.
STANDARD = {
    *("__future__", "collections", "contextlib", "datetime", "enum", "errno", "functools", "os"),
    *("pathlib", "re", "shlex", "sys", "typing"),
}
#: Methods and functions that write files.
WRITING = {
    *("write_text", "write_bytes", "writelines", "open", "mkdir", "unlink", "rmdir", "touch"),
    *("rename", "symlink_to", "hardlink_to", "remove", "makedirs"),
}


def doubts(source: str) -> list[str]:
    """Return what a module of the command line does that is not its business."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        line = getattr(node, "lineno", 0)
        found += [f"{line}: imports {name}" for name in _imported(node) if not _allowed(name)]
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.BitOr):
            found.append(f"{line}: computes {ast.unparse(node)}")
        if isinstance(node, ast.AugAssign):
            found.append(f"{line}: computes {ast.unparse(node)}")
        if isinstance(node, ast.Call) and _called(node.func) in WRITING and not _nowhere(node):
            found.append(f"{line}: writes by {ast.unparse(node.func)}")
    return found


def workflow_calls(source: str) -> dict[str, int]:
    """Return how often each function of a module calls one of the workflow."""
    tree = ast.parse(source)
    verbs = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nof1.workflow")
        for alias in node.names
        if alias.name.islower()  # classes only carry what was read from options
    }
    return {
        function.name: sum(
            isinstance(node, ast.Call) and _called(node.func) in verbs
            for node in ast.walk(function)
        )
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
    }


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        yield node.module or ""
        if node.module == "nof1":
            yield from (f"nof1.{alias.name}" for alias in node.names if alias.name != "__version__")


def _allowed(name: str) -> bool:
    root = name.partition(".")[0]
    if root == "nof1":
        return name == "nof1" or any(name == own or name.startswith(f"{own}.") for own in OURS)
    return root == "typer" or root in STANDARD


def _nowhere(call: ast.Call) -> bool:
    """Return whether it is the bin that is opened, into which goes what nobody reads."""
    return ast.unparse(call).startswith("os.open(os.devnull")


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


@pytest.mark.parametrize("module", MODULES)
def test_a_module_parses_calls_and_prints(module: str) -> None:
    assert doubts(MODULES[module]) == []


def test_the_import_contract_names_every_other_floor() -> None:
    root = CLI.parents[2]
    contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    (forbidden,) = (
        set(one["forbidden_modules"])
        for one in contracts["tool"]["importlinter"]["contracts"]
        if one.get("source_modules") == ["nof1.cli"]
    )
    floors = {
        f"nof1.{path.stem}"
        for path in CLI.parent.iterdir()
        if not path.stem.startswith("__") and (path.suffix == ".py" or path.is_dir())
    }
    assert forbidden == floors - set(OURS)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_function_makes_one_call_of_the_workflow_or_chooses_between_two(module: str) -> None:
    """More than that would be a chain of calls, which a notebook would have to copy."""
    assert {name for name, calls in workflow_calls(MODULES[module]).items() if calls > 2} == set()


def test_chains_of_calls_would_be_seen() -> None:
    source = "from nof1.workflow.a import b, c, D\ndef f():\n    b(D())\n    c()\n    b()"
    assert workflow_calls(source) == {"f": 3}


@pytest.mark.parametrize(
    ("source", "doubt"),
    [
        ("import numpy as np", "imports numpy"),
        ("import json", "imports json"),
        ("from nof1.inference.analysis import analyse", "imports nof1.inference.analysis"),
        ("def f():\n    from nof1 import demonstration", "imports nof1.demonstration"),
        ("if TYPE_CHECKING:\n    from nof1.trial.data import Series", "imports nof1.trial.data"),
        ("mean = total / n", "computes total / n"),
        ("n += 1", "computes n += 1"),
        ("path.write_text('a')", "writes by path.write_text"),
        ("open(path, 'w')", "writes by open"),
    ],
)
def test_what_is_none_of_its_business_is_seen(source: str, doubt: str) -> None:
    (said,) = doubts(source)
    assert said.endswith(doubt)


def test_only_the_standard_library_is_in_the_list_of_it() -> None:
    assert sys.stdlib_module_names >= STANDARD
