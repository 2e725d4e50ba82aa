"""A cell of a tidy table is the figure that the JSON object of the same result has."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from nof1.inference.analysis import analyse
from nof1.inference.fits import NutsFit, PosteriorFit, Sampling
from nof1.inference.json_result import analysis_object, engine_object
from nof1.inference.result import Analysis
from nof1.model.simulation import Truth
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.workflow.tidy import Value, table_of
from nof1.workflow.tidy_results import ENGINE_COLUMNS, EngineRow, analyses_table, pooled_table
from support.pooled_fits import fit
from support.population_priors import normal_prior
from support.trials import simulated_trial

#: Columns that stand under another name in an engine's object, or one of two.
NAMED = {"estimate": ("mean", "estimate"), "se": ("sd", "se")}
#: Columns of a quantity with an interval: ``sigma``, ``sigma_low``, ``sigma_high``.
QUANTITIES = {
    "as_scheduled", "half_life", "half_life_rise", "phi", "sigma", "sigma_period", "trend",
}  # fmt: skip
#: Columns that are not of one engine.
SHARED = {
    "person", "outcome", "active", "comparator", "unit", "better", "mcid", "n_scores", "n_missing",
    "n_periods", "n_cycles", "engine", "verdict", "verdict_because",
}  # fmt: skip


def analysed(likelihood: str) -> Analysis:
    """Return the analysis of a simulated trial with earlier persons and two half-lives."""
    truth = Truth(level=3, effects=(-2,), half_life_days=1, sigma=1, phi=0.2)
    data = simulated_trial(
        truth, np.random.default_rng(1), arm_of_period=(0, 1, 1, 0, 0, 1), period_days=7
    )
    prior = normal_prior(-1.0, 2.0).model_copy(
        update={"outcome": "score", "active": "B", "comparator": "A"}
    )
    plan = AnalysisPlan.model_validate(
        {"likelihood": likelihood, "half_lives": "two", "population_prior": prior}
    )
    return analyse(data, data.masked.series[0], plan, Decision())


def stands(answer: dict[str, Any], column: str) -> Value:
    """Return what the object of an engine or average says of a column, None if nothing."""
    quantity, _, end = column.rpartition("_")
    if end in ("low", "high") and quantity in QUANTITIES:
        inside = answer.get(quantity)
        return inside[f"ci_{end}"] if isinstance(inside, dict) else None
    for name in NAMED.get(column, (column,)):
        value = answer.get(name)
        if isinstance(value, dict):
            value = value["mean"]
        if value is not None:
            return value  # type: ignore[no-any-return]
    return None


@pytest.mark.parametrize("likelihood", ["gaussian", "bounded", "student-t", "by-arm"])
def test_every_cell_of_an_engine_is_that_of_its_object(likelihood: str) -> None:
    analysis = analysed(likelihood)
    content = analysis_object(analysis)
    table = analyses_table([analysis])
    rows = [dict(zip(table.header, row, strict=True)) for row in table.rows]
    assert [row["engine"] for row in rows] == list(content["engines"])
    for row in rows:
        answer = content["engines"][row["engine"]]
        own = {column: row[column] for column in table.header if column not in SHARED}
        assert own == {column: stands(answer, column) for column in own}
        whole = {**content, **content["contrast"], "engine": row["engine"]}
        assert {column: row[column] for column in SHARED} == {
            column: whole[column] for column in SHARED
        }
    filled = {column for row in rows for column, cell in row.items() if cell is not None}
    assert filled >= {"error", "df", "se", "p_trivial", "half_life_rise_high", "sigma_low"}


def test_a_sampler_says_how_it_mixed() -> None:
    analysis = analysed("gaussian")
    (contrast,) = analysis.contrasts
    exact = contrast.fit("quadrature")
    assert exact is not None
    shared = {one.name: getattr(exact, one.name) for one in fields(PosteriorFit)}
    mixed = Sampling(rhat=1.002, ess=812.5, divergences=3, draws=4000, sampler="pymc")
    sampled = NutsFit(**shared, sampling=mixed, seed=7)
    row = EngineRow(analysis=analysis, contrast=contrast, engine="nuts", result=sampled)
    table = table_of(ENGINE_COLUMNS, [row])
    cells = dict(zip(table.header, table.rows[0], strict=True))
    assert (cells["rhat"], cells["ess"], cells["log_evidence"]) == (1.002, 812.5, None)
    answer = engine_object(sampled)
    own = {column: cell for column, cell in cells.items() if column not in SHARED}
    assert own == {column: stands(answer, column) for column in own}


def test_every_cell_of_a_pool_is_that_of_its_object() -> None:
    content = fit().model_dump(mode="json", by_alias=True)
    persons = pooled_table(fit(), "persons")
    level = {"ci_level": content["bayes"]["ci_level"]}
    about = {**content, **content["contrast"], **level, "estimand": content["bayes"]["estimand"]}
    for row, person in zip(persons.rows, content["persons"], strict=True):
        assert row == tuple({**about, **person}[column] for column in persons.header)
    averages = pooled_table(fit(), "averages")
    for row in averages.rows:
        cells = dict(zip(averages.header, row, strict=True))
        name = str(cells.pop("average"))
        bayesian = name.startswith("bayes_")
        room = content["bayes"] if bayesian else content["frequentist"]
        answer = room[name.removeprefix("bayes_")]
        scheduled = "as-scheduled" if not bayesian or "scheduled" in name else about["estimand"]
        whole = {**about, **answer, "estimand": scheduled}
        other = {"estimate", "se", *set(cells) - set(whole)}
        for column, cell in cells.items():
            assert cell == (stands(answer, column) if column in other else whole[column]), column
