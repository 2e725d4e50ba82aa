"""Files are written in `nof1.files` alone: whole and forced to the disk, or not at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "nof1"
#: Methods of paths, and functions of the standard library, that write, name or move a file.
WRITING = {
    "write_text", "write_bytes", "rename", "renames", "touch", "symlink_to", "hardlink_to",
    "symlink", "link", "truncate", "fsync", "mkstemp", "mkdtemp", "NamedTemporaryFile",
    "TemporaryDirectory", "copy2", "copyfile", "copytree", "move", "savetxt", "to_csv",
    "to_parquet", "write_csv", "write_parquet", "sink_parquet", "to_netcdf", "copyfileobj",
}  # fmt: skip
#: What writes no file of anybody's, and why.
OTHERS = {
    ("design/apart.py", "write_text"): "tells the kernel which process to end first",
    ("cli/app.py", "open"): "opens the system's device that swallows all",
}


def writes(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield name and line of every call that may write a file."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        named = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else named
        if name in WRITING or (name in {"open", "fdopen"} and _to_write(node)):
            yield str(name), node.lineno
        elif named == "replace" and len(node.args) == 1 and not node.keywords:
            yield "replace", node.lineno  # of a path; that of a text takes two
        elif named == "replace" and _of(node) == "os":
            yield "replace", node.lineno


def _to_write(call: ast.Call) -> bool:
    """Return whether a file is opened for more than reading, or may be."""
    if isinstance(call.func, ast.Attribute) and _of(call) == "os":
        return "O_RDONLY" not in ast.unparse(call) or "O_CREAT" in ast.unparse(call)
    # Of a path the mode is the first argument, of the function the second.
    place = 0 if isinstance(call.func, ast.Attribute) and _of(call) != "io" else 1
    modes = [one.value for one in call.keywords if one.arg == "mode"] + call.args[place : place + 1]
    return any(
        not isinstance(mode, ast.Constant) or set(str(mode.value)) & set("wax+") for mode in modes
    )


def _of(call: ast.Call) -> str:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return owner.id if isinstance(owner, ast.Name) else ""


def test_nothing_is_written_outside_the_floor_that_writes_safely():
    found = [
        (path.relative_to(SRC).as_posix(), name, line)
        for path in sorted(SRC.rglob("*.py"))
        if path.relative_to(SRC).parts[0] != "files"
        for name, line in writes(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert [one for one in found if one[:2] not in OTHERS] == []
    assert {one[:2] for one in found} == set(OTHERS)


@pytest.mark.parametrize(
    "code",
    [
        "open(path, 'w')",
        "open(path, mode='ab')",
        "path.open('x')",
        "path.open(mode)",
        "io.open(path, 'r+')",
        "os.open(path, os.O_WRONLY | os.O_CREAT)",
        "os.fdopen(handle, 'w')",
        "path.write_text(text)",
        "(folder / name).write_bytes(data)",
        "os.replace(a, b)",
        "draft.replace(place)",
        "os.rename(a, b)",
        "tempfile.mkstemp()",
        "shutil.copy2(a, b)",
        "frame.to_csv(path)",
    ],
)
def test_it_sees_what_writes(code):
    assert list(writes(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "path.open('rb')",
        "path.open()",
        "open(path, encoding='utf-8')",
        "os.open(path, os.O_RDONLY)",
        "text.replace('a', 'b')",
        "replace(one, name=1)",
        "day.replace(year=2025)",
        "TemporaryFile('w+')",
        "path.read_text()",
    ],
)
def test_it_lets_pass_what_does_not(code):
    assert not list(writes(ast.parse(code)))
