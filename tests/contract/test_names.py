"""Names say what they hold: no class has the name of another, no word stands for everything."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "nof1"

#: Words that say how something came, not what it is; the noun stands in their place.
EMPTY = frozenset({"found", "given", "one", "told"})

#: How often nof1 reads a fact is written down as "found" by ``nof1 privacy --json``.
PUBLISHED = {("sharing/unicity.py", "Unicity.found")}


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Yield every module of the package, by its place."""
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def parameters(node: ast.AST) -> list[ast.arg]:
    """Return the parameters of a function, or none."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return []
    rest = [more for more in (node.args.vararg, node.args.kwarg) if more is not None]
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, *rest]


def bound(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every name that is bound: functions, parameters, locals, fields with their class."""
    fields = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            named = [line.target for line in node.body if isinstance(line, ast.AnnAssign)]
            fields |= {id(field): node.name for field in named}
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name.lstrip("_"), node.lineno
        for parameter in parameters(node):
            yield parameter.arg, parameter.lineno
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            of = fields.get(id(node))
            yield (node.id if of is None else f"{of}.{node.id}"), node.lineno


def test_no_function_parameter_local_or_field_has_an_empty_name() -> None:
    wrong = [
        f"{place}:{line}: {name}"
        for place, tree in trees()
        for name, line in bound(tree)
        if name.split(".")[-1] in EMPTY and (place, name) not in PUBLISHED
    ]
    assert wrong == []


def test_an_empty_name_would_be_seen() -> None:
    text = (
        "def _told(given, *, told=1):\n    found = [one for one in given]\n"
        "class A:\n    found: int\n"
    )
    names = [name for name, _ in bound(ast.parse(text))]
    assert sorted(names) == ["A.found", "found", "given", "one", "told", "told"]


def test_no_two_classes_share_a_name() -> None:
    places = defaultdict(list)
    for place, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(place)
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_no_class_is_named_after_how_it_came() -> None:
    wrong = [
        f"{place}: {node.name}"
        for place, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(word in node.name for word in ("Found", "Given", "Told"))
    ]
    assert wrong == []


def test_unit_tests_lie_where_the_source_does() -> None:
    unit = ROOT / "tests" / "unit"
    folders = {path.parent.relative_to(unit) for path in unit.rglob("test_*.py")}
    assert sorted(str(folder) for folder in folders if not (SOURCE / folder).is_dir()) == []
