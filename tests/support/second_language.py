"""A second language made of English: every e has two dots, and all else is as it was."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nof1 import words
from nof1.words import en, language

NAME = "zz"
#: Mappings whose keys are words too, those of another name.
_KEYED_BY_WORDS = {"ARE", "IS", "WILL"}
_FIELD = re.compile(r"(\{[^}]*\})")


def translated(text: str) -> str:
    """Return a text in the second language, what stands in braces as it was."""
    parts = _FIELD.split(text)
    return "".join(part if part[:1] == "{" else part.replace("e", "ë") for part in parts)


class _Translation(ast.NodeTransformer):
    """Translates what is said, and neither names nor docstrings nor what is compared."""

    def __init__(self) -> None:
        self.pieces: set[str] = set()

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, str):
            return node
        self.pieces |= {part for part in _FIELD.split(node.value) if part[:1] != "{"}
        return ast.copy_location(ast.Constant(translated(node.value)), node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.expr:
        node.value = self.visit(node.value)  # how a number is formatted is no word
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        return node

    def visit_Dict(self, node: ast.Dict) -> ast.expr:
        node.values = [self.visit(value) for value in node.values]
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        named = {target.id for target in node.targets if isinstance(target, ast.Name)}
        if named & _KEYED_BY_WORDS and isinstance(node.value, ast.Dict):
            node.value.keys = [key and self.visit(key) for key in node.value.keys]
        if "SENTENCES" not in named:
            node.value = self.visit(node.value)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        has_docstring = ast.get_docstring(node) is not None
        node.body = node.body[:has_docstring] + [
            self.visit(one) for one in node.body[has_docstring:]
        ]
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        if node.module:
            node.module = node.module.replace(en.__name__, f"{words.__name__}.{NAME}")
        return node


def write(folder: Path) -> set[str]:
    """Write the language into a folder, and return the pieces of text it translates."""
    made = folder / NAME
    made.mkdir()
    translation = _Translation()
    for path in sorted(Path(en.__path__[0]).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tree.body = [tree.body[0], *(translation.visit(node) for node in tree.body[1:])]
        text = ast.unparse(ast.fix_missing_locations(tree))
        (made / path.name).write_text(text, encoding="utf-8")
    return translation.pieces


def speak(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak the language that lies in a folder until the test is over."""
    monkeypatch.setattr(words, "__path__", [*words.__path__, str(folder)])
    monkeypatch.setattr(language, "SPOKEN", NAME)


def forget() -> None:
    """Forget the language again."""
    language.makers.cache_clear()
    for name in _modules():
        del sys.modules[name]


def _modules() -> Iterator[str]:
    yield from [name for name in sys.modules if name.startswith(f"{words.__name__}.{NAME}")]
