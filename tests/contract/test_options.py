"""An option that several commands have is said once: they cannot come to differ."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

CLI = Path(__file__).parents[2] / "src" / "nof1" / "cli"


def options_in(source: str) -> list[str]:
    """Return every option and argument that is typed out in a module."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    said = ("typer.Option", "typer.Argument")
    return [ast.unparse(call) for call in calls if ast.unparse(call.func) in said]


def test_no_option_is_typed_out_twice() -> None:
    modules = [path.read_text(encoding="utf-8") for path in sorted(CLI.glob("*.py"))]
    counted = Counter(option for module in modules for option in options_in(module))
    assert counted
    assert [option for option, n in counted.items() if n > 1] == []


def test_an_option_typed_out_twice_would_be_seen() -> None:
    module = 'One = Annotated[bool, typer.Option("--json", help="Print.")]'
    assert options_in(f"{module}\n{module}") == ["typer.Option('--json', help='Print.')"] * 2
