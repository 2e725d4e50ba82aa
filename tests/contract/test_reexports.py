"""A name is imported from the module that defines it: a package hands on nothing of its modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
#: Where a name may be had from a package: the entry point of the command ``nof1``.
FACES = {("nof1.cli", "main")}


@cache
def defined(module: str) -> frozenset[str] | None:
    """Return the names that a module defines itself, None if it makes them when asked."""
    path = SOURCE.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.FunctionDef(name="__getattr__"):
                return None
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Name(ctx=ast.Store()):
                names.add(node.id)
            case ast.TypeAlias(name=ast.Name(id=name)):
                names.add(name)
    within = path.iterdir() if path.is_dir() else ()
    return frozenset(names | {inside.stem for inside in within})


def handed_on(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, module and name of every import of what the module has from elsewhere."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("nof1")):
            continue
        module = str(node.module)
        own = defined(module)
        for alias in node.names if own is not None else ():
            if alias.name not in own and (module, alias.name) not in FACES:
                yield node.lineno, module, alias.name


def test_every_name_is_imported_from_where_it_is_defined() -> None:
    files = [*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    assert [
        (file.relative_to(ROOT).as_posix(), *place)
        for file in sorted(files)
        for place in handed_on(file.read_text(encoding="utf-8"))
    ] == []


def test_what_is_handed_on_would_be_seen() -> None:
    seen = handed_on("from nof1.design.sets import CompleteSet, PairsSet\nimport nof1.design")
    assert list(seen) == [(1, "nof1.design.sets", "PairsSet")]
    assert list(handed_on("from nof1.trial import log\nfrom nof1.trial.log import read_log")) == []
