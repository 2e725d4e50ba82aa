"""Every example in a docstring and on a page of the documentation gives what it says."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
WITH_EXAMPLES = sorted(
    path
    for path in (*(SOURCE / "nof1").rglob("*.py"), *(ROOT / "docs").rglob("*.md"))
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_give_what_they_say(path: Path) -> None:
    if path.suffix == ".md":
        failed, tried = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    else:
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        failed, tried = doctest.testmod(import_module(name.removesuffix(".__init__")))
    assert tried > 0
    assert failed == 0


@pytest.mark.parametrize(
    "name",
    [
        "design.sets",
        "inference.randomisation.sign_flips",
        "inference.verdict",
        "model.autoregression",
        "model.exposure",
        "model.priors",
        "pooling.conduct.blinding_index",
        "scales",
        "words.numbers",
    ],
)
def test_what_teaches_has_an_example(name: str) -> None:
    assert (SOURCE / "nof1" / f"{name.replace('.', '/')}.py") in WITH_EXAMPLES
