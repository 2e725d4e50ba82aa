"""The map of the house leads somewhere: every path and name in CONTRIBUTING is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "nof1"
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

#: A path in backticks: it has a folder, or it is a module.
PATHS = sorted(set(re.findall(r"`((?:[\w.-]+/)+(?:[a-z][\w-]*\.\w+)?|[\w-]+\.py)`", TEXT)))
NAMED = re.findall(r"`([\w/]+\.py)` \(`(\w+)`\)", TEXT)


@pytest.mark.parametrize("path", PATHS)
def test_every_path_is_there(path: str) -> None:
    assert (SOURCE / path).exists() or (ROOT / path).exists()


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_every_name_is_where_it_is_said_to_be(path: str, name: str) -> None:
    text = (SOURCE / path).read_text(encoding="utf-8")
    assert re.search(rf"^(?:class |def |){name}\b", text, re.MULTILINE)


def test_every_floor_is_in_the_table() -> None:
    floors = {path.stem for path in SOURCE.iterdir() if path.suffix in ("", ".py")}
    floors -= {"__init__", "__main__", "__pycache__", "demonstration"}
    table = TEXT[TEXT.index("## Floors") : TEXT.index("## The map")]
    assert sorted(name for name in floors if f"`{name}`" not in table) == []
