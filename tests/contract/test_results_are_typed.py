"""Results are read by attribute: the keys of the JSON contract stand in one module alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nof1.inference.analysis import analyse
from nof1.inference.json_result import analysis_object
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Decision
from support.pooled_fits import fit
from support.population_priors import normal_prior
from support.trials import simulated_trial

SOURCE = Path(__file__).parents[2] / "src" / "nof1"
#: The one module that knows the keys.
JSON = SOURCE / "inference" / "json_result.py"
#: The rooms in which results are made, read and shown.
ROOMS = (
    "inference", "calibration", "planning", "pooling", "sharing", "figures", "reports", "workflow",
    "cli", "words",
)  # fmt: skip
#: Keys that are named like one of a result, and what they are of.
OTHERS = {
    "inference/sampled/nuts.py": {"trend", "half_life_rise", "phi"},  # PyMC's draws
    "calibration/table.py": {"half_life", "phi"},  # columns of the measured table
    "calibration/self_consistency.py": {"distance"},  # of its own measure
    "pooling/tables/summary_columns.py": {"difference", "estimate"},  # columns of others' tables
    "pooling/result/pooled_fit.py": {"ci_level"},  # a file before it is a result
    "reports/pooled/report_input.py": {"error"},  # what pydantic says of a file
    "reports/report_input.py": {"by", "reason"},  # entries of the log
}
LIKELIHOODS = ("gaussian", "bounded", "student-t", "by-arm")


@cache
def contract_keys() -> frozenset[str]:
    """Return every key of an engine's answer, by every engine and likelihood, and of a pool's."""
    truth = Truth(level=3, effects=(-2,), half_life_days=1, sigma=1, phi=0.2)
    data = simulated_trial(
        truth, np.random.default_rng(1), arm_of_period=(0, 1, 1, 0, 0, 1), period_days=7
    )
    keys: set[str] = set()
    for likelihood in LIKELIHOODS:
        prior = normal_prior(-1.0, 2.0).model_copy(
            update={"outcome": "score", "active": "B", "comparator": "A"}
        )
        plan = AnalysisPlan(likelihood=likelihood, half_lives="two", population_prior=prior)
        content = analysis_object(analyse(data, data.masked.series[0], plan, Decision()))
        parts = [*content["engines"].values(), content["descriptive"], content["drift_check"]]
        keys |= set(keys_of(parts))
    pooled = fit().model_dump()
    keys |= set(keys_of([pooled["bayes"], pooled["sensitivity"], pooled["verdict"]]))
    return frozenset(keys - {"A", "B"}) | {"rhat", "divergences", "covariates", "heavy_tails"}


def keys_of(value: object) -> Iterator[str]:
    """Yield every key of a JSON value."""
    if isinstance(value, dict):
        for name, inside in value.items():
            yield name
            yield from keys_of(inside)
    elif isinstance(value, list | tuple):
        for inside in value:
            yield from keys_of(inside)


def read_keys(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and key of every ``x["key"]``, ``x.get("key")`` and ``"key" in x`` that reads."""
    for node in ast.walk(tree):
        found: ast.expr | None = None
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            found = None if ast.unparse(node.value) == "Literal" else node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("get", "pop") and node.args:
                found = node.args[0]
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            found = node.left
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield node.lineno, found.value


def reads(path: Path) -> list[str]:
    """Return every read of a result by key in a module."""
    place = path.relative_to(SOURCE).as_posix()
    known = contract_keys() - OTHERS.get(place, set())
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [f"{place}:{line}: {key}" for line, key in read_keys(tree) if key in known]


@pytest.mark.parametrize("room", ROOMS)
def test_no_result_is_read_by_key(room: str) -> None:
    modules = [path for path in sorted((SOURCE / room).rglob("*.py")) if path != JSON]
    assert modules
    assert [read for path in modules for read in reads(path)] == []


def test_the_keys_of_other_things_are_read_where_it_is_said() -> None:
    for place, keys in OTHERS.items():
        tree = ast.parse((SOURCE / place).read_text(encoding="utf-8"))
        assert keys <= {key for _, key in read_keys(tree)}, place


def test_a_read_by_key_is_seen() -> None:
    lines = ('k: Literal["sd"]', 'x = fit["mean"]', 'y = fit.get("sigma")', '"error" in fit')
    tree = ast.parse("\n".join((*lines, 'fit["mean"] = 1')))
    assert list(read_keys(tree)) == [(2, "mean"), (3, "sigma"), (4, "error")]
    assert {"mean", "sigma", "error", "p_better", "ci_low", "code"} <= contract_keys()
