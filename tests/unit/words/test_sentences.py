"""Every caution has one sentence, made in the folder of the language and nowhere else."""

from __future__ import annotations

import ast
import inspect
import pickle
import re
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

import nof1
from nof1.inference.result import Because, VerdictCode
from nof1.words import en, language
from nof1.words.caution import Caution, Said, said, sentence, sentences
from nof1.words.en import person, verdicts

SRC = Path(nof1.__file__).parent
#: What the program names by a variable, both of which are codes of `conduct`.
BY_VARIABLE = {"trial/blinding.py": {"guesses", "guessed-beyond-chance"}}


def makers():
    """Return what makes each sentence of English, by its code."""
    return dict(language.makers("en"))


def made():
    """Yield where each caution is made, its code and the names of its values."""
    for path in sorted(SRC.rglob("*.py")):
        where = path.relative_to(SRC).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "of"
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "Caution"
            ):
                first = node.args[0]
                codes = {first.value} if isinstance(first, ast.Constant) else BY_VARIABLE[where]
                for code in sorted(codes):
                    yield where, code, {keyword.arg for keyword in node.keywords}


def test_every_caution_that_is_made_has_a_sentence_with_just_its_values():
    known = makers()
    found = list(made())
    assert len(found) > 120
    wrong = [
        (where, code)
        for where, code, values in found
        if code not in known or values != set(inspect.signature(known[code]).parameters)
    ]
    assert wrong == []


def test_every_sentence_is_of_a_caution_that_is_made():
    assert sorted(set(makers()) - {code for _, code, _ in made()}) == []


def test_no_caution_is_made_without_its_name():
    """`Caution(...)` itself is called where a pickled one comes back, and nowhere else."""
    calls = [
        path.relative_to(SRC).as_posix()
        for path in sorted(SRC.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Caution"
    ]
    assert calls == []


@pytest.mark.parametrize("floor", ["inference", "pooling", "planning", "trial", "calibration"])
def test_what_yields_cautions_makes_no_sentence(floor):
    """No function that returns cautions holds a text of several words beside its docstring."""
    sentences_made = []
    for path in sorted((SRC / floor).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef) or node.returns is None:
                continue
            returned = ast.unparse(node.returns)
            if returned not in (
                "Iterator[Caution]",
                "tuple[Caution, ...]",
                "list[Caution]",
                "Caution",
            ):
                continue
            texts = [
                one.value
                for statement in node.body[1:]
                for one in ast.walk(statement)
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            sentences_made += [(path.name, text) for text in texts if text.count(" ") >= 2]
    assert sentences_made == []


def test_a_code_stands_for_one_sentence():
    names = [
        name
        for module in en.SENTENCES
        for name, function in vars(import_module(f"nof1.words.en.{module}")).items()
        if inspect.isfunction(function)
        and function.__module__ == f"nof1.words.en.{module}"
        and not name.startswith("_")
    ]
    assert len(names) == len(set(names)) == len(makers())


def test_every_verdict_and_every_reason_has_its_words():
    assert set(verdicts.TITLES) == set(get_args(VerdictCode))
    assert set(person.HEADLINES) == set(person.EXPLANATIONS) == set(get_args(VerdictCode))
    assert set(person.BECAUSE) <= set(get_args(Because))
    assert set(verdicts.POOLED_NEXT) == set(verdicts.POOLED_THESE) == set(get_args(VerdictCode))


def test_a_caution_keeps_its_values():
    one = Caution.of("few-orders", least=0.25)
    assert one == Caution.of("few-orders", least=0.25) != Caution.of("few-orders", least=0.5)
    assert len({one, Caution.of("few-orders", least=0.25)}) == 1
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(TypeError, match="item assignment"):
        one.values["least"] = 0.5


def test_a_caution_is_said_with_its_code():
    one = Caution.of("few-persons", persons=3)
    assert sentences([one]) == (sentence(one),)
    assert said([one]) == (Said(code="few-persons", text=sentence(one)),)


#: Sentences that only stand inside others.
INSIDE = {"counted-for-less", "counted-in-full", "opening-tells", "guesses", "table-holds"}


def test_every_code_is_documented():
    text = (SRC.parent.parent / "docs" / "file-formats.md").read_text(encoding="utf-8")
    section = text.split("## `warnings` and `warning_codes`")[1].split("\n## ")[0]
    documented = re.findall(r"`([a-z-]+)`", section.split("|---|---|")[1])
    reasons = {name.replace("_", "-") for name in vars(import_module("nof1.words.en.reasons"))}
    wanted = {code for code in makers() if code not in INSIDE | reasons}
    assert set(documented) - {"calibration"} == wanted


#: Measured error rates have the decimals that their errors allow; lines keep a sign in its place.
ELSEWHERE = ("calibration/", "reports/calibration_page.py", "reports/terminal/lines.py", "words/")


def test_no_other_module_says_a_percentage_or_a_p_value():
    found = []
    for path in sorted(SRC.rglob("*.py")):
        where = path.relative_to(SRC).as_posix()
        if where.startswith(ELSEWHERE):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.JoinedStr):
                continue
            for before, after in pairwise([None, *node.values]):
                text = after.value if isinstance(after, ast.Constant) else ""
                if isinstance(before, ast.FormattedValue) and text.startswith((" %", "%")):
                    found.append((where, ast.unparse(before)))
                if isinstance(before, ast.Constant) and before.value.endswith(("p = ", "p < ")):
                    found.append((where, ast.unparse(after)))
    assert found == []
