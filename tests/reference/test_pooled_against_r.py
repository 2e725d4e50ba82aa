"""Every row of expected.json on many persons (R: metafor, lme4, lmerTest, pbkrtest)."""

import json

import numpy as np
import pytest

from nof1.inference.frequentist.gls import gls
from nof1.inference.period_means import cycle_differences
from nof1.model.model_input import model_input
from nof1.pooling.frequentist.meta_analysis import meta_analysis, summary_t
from nof1.pooling.frequentist.mixed_model import score_model
from nof1.pooling.frequentist.person_estimates import (
    PersonEstimates,
    person_estimates,
    within_variance,
)
from nof1.protocol.tables import AnalysisPlan
from nof1.trial.foreign.reading import read_foreign
from support.agreement import agrees
from support.shell import nof1
from support.trials import EXPECTED, REFERENCE

STAGE1 = EXPECTED["d_series40_stage1"]
TESTS = {"z": "z", "knha": "knapp-hartung"}


def rows(prefix):
    found = [
        row
        for row in EXPECTED["rows"]
        if row["dataset"] == "d_series40" and row["method"].startswith(prefix)
    ]
    assert found
    return found


def figures(average):
    ours = {
        "estimate": average.estimate,
        "se": average.se,
        "ci_lo": average.ci_low,
        "ci_hi": average.ci_high,
        "stat": average.estimate / average.se,
        "p": average.p_value,
    }
    return ours | ({"df": average.df} if np.isfinite(average.df) else {})


@pytest.fixture(scope="module")
def people():
    """The scores and designs of all persons, read as anybody's table is."""
    read = read_foreign(
        REFERENCE / "d_series40.csv",
        columns={},
        active=(),
        comparator="A",
        scale=(0, 10),
        better="lower",
        mcid=None,
        recall_days=None,
        allocation=None,
    )
    return {
        data.masked.person: model_input(data, data.masked.series[0], AnalysisPlan())
        for data in read.trials
    }


@pytest.fixture(scope="module")
def differences(people):
    return {person: cycle_differences(given, 1, 0) for person, given in people.items()}


@pytest.fixture(scope="module")
def estimates(differences):
    """What each row of metafor pools; R's own numbers where an optimiser made them."""
    stored = STAGE1["persons"]
    gls_stored = PersonEstimates(
        persons=tuple(one["person"] for one in stored),
        estimate=np.array([one["gls_estimate"] for one in stored]),
        se=np.array([one["gls_se"] for one in stored]),
    )
    return {"gls": gls_stored, "cycle_pooled": person_estimates(differences)}


def test_each_persons_cycle_differences(differences, estimates):
    within = within_variance(differences)
    assert within.variance == pytest.approx(STAGE1["pooled_variance"], rel=1e-8)
    assert within.df == STAGE1["pooled_df"]
    ours, stored = estimates["cycle_pooled"], STAGE1["persons"]
    assert ours.persons == tuple(one["person"] for one in stored)
    for values, field in ((ours.estimate, "cycle_estimate"), (ours.se, "cycle_se_pooled")):
        np.testing.assert_allclose(values, [one[field] for one in stored], rtol=1e-8)
    assert [len(mine) for mine in differences.values()] == [one["cycles"] for one in stored]


def test_each_persons_gls(people):
    for one in STAGE1["persons"]:
        given = people[one["person"]]
        x = np.column_stack([np.ones(given.n), given.exposure(0.0)[:, 0]])
        found = gls(given.score, x, given.lag)
        assert given.n == one["n"]
        assert found.coefficients[1] == pytest.approx(one["gls_estimate"], abs=2e-4 * one["gls_se"])
        assert found.covariance[1, 1] ** 0.5 == pytest.approx(one["gls_se"], rel=2e-4)
        assert found.phi == pytest.approx(one["gls_phi"], abs=1e-3)
        assert found.sigma == pytest.approx(one["gls_sigma"], rel=1e-3)


@pytest.mark.parametrize("row", rows("metafor"), ids=lambda row: row["method"])
def test_metafor(row, estimates):
    _, method, test, _, source = row["method"].split()
    found = meta_analysis(estimates[source], method.lower(), TESTS[test])
    ours = figures(found.average) | {
        "n": found.n_persons,
        "tau2": found.tau2,
        "i2_percent": 100 * found.i2,
        "h2": found.h2,
        "q": found.q,
        "q_df": found.q_df,
        "q_p": found.q_p,
        "pi_lo": found.prediction_low,
        "pi_hi": found.prediction_high,
    }
    assert set(row) - set(ours) == {"dataset", "method", "term", "rtol", "rtol_p"}
    assert [field for field, value in ours.items() if not agrees(value, row, field)] == []


def test_t_on_the_persons_means(estimates):
    (row,) = rows("t on person means")
    ours = figures(summary_t(estimates["cycle_pooled"].estimate))
    assert [field for field, value in ours.items() if not agrees(value, row, field)] == []


@pytest.mark.parametrize("row", rows("lmer"), ids=lambda row: row["method"].split()[-1])
def test_lmer(row, people):
    found = score_model(
        np.concatenate([given.score for given in people.values()]),
        np.concatenate([given.exposure(0.0)[:, 0] for given in people.values()]),
        np.repeat(list(people), [given.n for given in people.values()]),
    )
    method = row["method"].split()[-1].lower()
    level = found.average(0, method)
    sd = np.sqrt(np.diag(found.between))
    ours = figures(found.average(1, method)) | {
        "n": found.n_scores,
        "persons": found.n_persons,
        "intercept": level.estimate,
        "intercept_se": level.se,
        "intercept_df": level.df,
        "sd_intercept": sd[0],
        "sd_effect": sd[1],
        "correlation_intercept_effect": found.between[0, 1] / (sd[0] * sd[1]),
        "sd_residual": found.sigma,
        "reml_criterion": found.criterion,
        "boundary_fit": found.boundary,
    }
    tolerances = {"rtol", "rtol_p", "rtol_estimate", "atol_reml_criterion"}
    assert set(row) - set(ours) == {"dataset", "method", "term"} | tolerances
    assert [field for field, value in ours.items() if not agrees(value, row, field)] == []


@pytest.fixture(scope="module")
def pooled(tmp_path_factory):
    """What the command line says of the same table."""
    folder = tmp_path_factory.mktemp("pooled")
    table = REFERENCE / "d_series40.csv"
    command = f"nof1 pool {table} --comparator A --scale 0:10 --mcid 1 --purpose next --json"
    return json.loads(nof1(command, folder).stdout)


@pytest.mark.parametrize("method", ["reml", "pm", "dl", "summary_t"])
def test_the_command_says_the_same(method, pooled):
    named = "t on person means" if method == "summary_t" else f"metafor {method.upper()} knha"
    (row,) = [one for one in rows(named) if "gls" not in one["method"]]
    found = pooled["frequentist"][method]
    ours = {
        "estimate": found["estimate"],
        "se": found["se"],
        "df": found["df"],
        "p": found["p_value"],
        "ci_lo": found["ci_low"],
        "ci_hi": found["ci_high"],
    }
    if method != "summary_t":
        ours |= {"tau2": found["tau2"], "q": found["q"], "pi_lo": found["prediction_low"]}
    assert [field for field, value in ours.items() if not agrees(value, row, field)] == []


def test_the_true_average_and_spread_lie_in_the_exact_intervals(pooled):
    truth = json.loads((REFERENCE / "truth.json").read_text())["d_series40"]
    found = pooled["bayes"]
    for interval, true in (
        (found["mean"], truth["mean_effect"]),
        (found["heterogeneity"], truth["sd_effect"]),
    ):
        assert interval["ci_low"] <= true <= interval["ci_high"]
    effects = [one["effect"] for one in truth["persons"]]
    held = [
        one["ci_low"] <= effect <= one["ci_high"]
        for one, effect in zip(pooled["persons"], effects, strict=True)
    ]
    assert np.mean(held) >= 0.85
