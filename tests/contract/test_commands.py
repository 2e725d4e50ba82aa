"""Every command explains itself, with an example, and the README knows it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from nof1.cli import commands  # noqa: F401  registers every command
from nof1.cli.app import app

README = Path(__file__).parents[2] / "README.md"


def walk(command: Any, path: str) -> dict[str, Any]:
    """Return every command that does something, by its full name."""
    children = getattr(command, "commands", {})
    found = {} if children and not command.invoke_without_command else {path: command}
    for name, child in children.items():
        found |= walk(child, f"{path} {name}")
    return found


COMMANDS = walk(typer.main.get_command(app), "nof1")
PROMISED = """
protocols plan design print pack record import check lock unseal analyse report
share pool merge privacy demo verify repair
"""


@pytest.mark.parametrize("name", PROMISED.split())
def test_every_promised_command_is_there(name: str) -> None:
    assert f"nof1 {name}" in COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_it_does_and_holds_an_example(name: str) -> None:
    command = COMMANDS[name]
    text = f"{command.help or ''}\n{command.epilog or ''}"
    assert text.split(name)[0].strip()
    assert re.search(rf"\b{name}\b", text), f"no example in {name} --help"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_explained(name: str) -> None:
    silent = [
        parameter.name
        for parameter in COMMANDS[name].params
        if not getattr(parameter, "help", None) and parameter.name != "help"
    ]
    assert silent == []


@pytest.mark.parametrize("name", sorted({" ".join(name.split()[:2]) for name in COMMANDS}))
def test_the_readme_names_it(name: str) -> None:
    assert re.search(rf"\b{name}\b", README.read_text(encoding="utf-8"))
