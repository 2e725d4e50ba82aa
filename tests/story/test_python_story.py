"""The page on Python is true: its examples run in its order, and print what it shows."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import nof1
from support.doc_examples import Example, examples, printed

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "python.md"
EXAMPLES = examples(PAGE)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    folder = tmp_path_factory.mktemp("python")
    shutil.copytree(ROOT / "examples", folder / "examples")
    namespace: dict[str, Any] = {"__name__": "example"}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return {example.line: printed(example, namespace) for example in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"line {example.line}")
def test_an_example_prints_what_the_page_shows(ran: dict[int, str], example: Example) -> None:
    assert ran[example.line] == (example.shown or "")


def test_every_public_name_has_an_example() -> None:
    code = "\n".join(example.code for example in EXAMPLES)
    verbs = [name for name in nof1.__all__ if name.islower() and not name.startswith("_")]
    assert {name for name in verbs if f"nof1.{name}(" not in code} == set()
    for method in ("to_json", "to_frame", "to_datatree", "plot", "svg", "png"):
        assert f".{method}(" in code


def test_the_first_screen_holds_the_first_example() -> None:
    page = PAGE.read_text(encoding="utf-8")
    first = re.search(r"```python\n.*?```", page, re.DOTALL)
    assert first is not None
    assert page[: first.end()].count("\n") < 40
