"""What ``import nof1`` offers: which names, of which types, and that it loads nothing else."""

from __future__ import annotations

import ast
import inspect
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import nof1

NAMES = [
    *("Analysed", "Analyses", "InputError", "Nof1Error", "PoolResult", "__version__"),
    *("analyse", "check", "design", "lock", "plan", "pool", "print_trial", "privacy", "record"),
    *("report", "share", "unseal"),
]
VERBS = [name for name in NAMES if name.islower() and not name.startswith("_")]


def loaded_after(code: str) -> set[str]:
    """Return the modules that a fresh process has loaded by some code, beyond an empty one's."""
    script = f"import sys\nbefore = set(sys.modules)\n{code}\nafter = set(sys.modules)\n"
    script += "import json; print(json.dumps(sorted(after - before)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


def test_the_names_are_these() -> None:
    assert list(nof1.__all__) == NAMES == dir(nof1)
    for name in NAMES:
        assert getattr(nof1, name) is not None
    with pytest.raises(AttributeError, match="module 'nof1' has no attribute 'analyze'"):
        nof1.analyze  # type: ignore[attr-defined]  # noqa: B018


def test_importing_nof1_loads_nothing_else() -> None:
    assert loaded_after("import nof1") == {"nof1"}
    assert loaded_after("import nof1; dir(nof1); nof1.__version__") == {"nof1"}


def test_an_error_type_loads_no_engine() -> None:
    loaded = loaded_after("from nof1 import InputError")
    assert not any(name.startswith(("numpy", "scipy", "pandas")) for name in loaded)


def test_all_of_it_can_be_imported_at_once() -> None:
    code = "from nof1 import *\nassert analyse and design and PoolResult and __version__"
    assert "nof1.workflow.analyse" in loaded_after(code)


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(nof1.__file__).read_text(encoding="utf-8"))
    (twin,) = (node for node in tree.body if isinstance(node, ast.If))
    typed = {
        alias.name: node.module
        for node in twin.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert sorted([*typed, "__version__"]) == sorted(NAMES)
    for name, module in typed.items():
        found = getattr(import_module(str(module)), name)
        if inspect.isclass(found):
            assert getattr(nof1, name) is found
        else:
            assert inspect.signature(getattr(nof1, name)) == inspect.signature(found)


@pytest.mark.parametrize("verb", VERBS)
def test_a_verb_is_the_call_of_the_workflow(verb: str) -> None:
    call = getattr(nof1, verb)
    assert callable(call)
    assert getattr(nof1, verb) is call
    assert call.__doc__


def test_design_is_a_verb_and_a_package() -> None:
    import nof1.design.sets

    assert nof1.design.sets is sys.modules["nof1.design.sets"]
    with pytest.raises(nof1.InputError) as caught:
        nof1.design("no-such-protocol", out="never", start="2026-01-05", participant="P01")
    assert not Path("never").exists()
    assert any("no bundled protocol" in fault.what for fault in caught.value.faults)


def test_help_on_design_says_what_the_call_takes_and_what_the_package_holds() -> None:
    said = inspect.getdoc(nof1.design)
    assert said is not None
    assert said.startswith("Randomise, seal and write a trial folder.")
    assert "participant : str" in said
    assert "`sealing`" in said
