"""Every single-person row of expected.json (R: nlme, t.test, enumeration) against our engines."""

import numpy as np
import pytest
from scipy import stats

from nof1.design.cycled import PairsSet
from nof1.inference.frequentist import paired
from nof1.inference.frequentist.gls import gls
from nof1.inference.randomisation import randomisation_test
from nof1.model.model_input import model_input
from nof1.protocol.tables import AnalysisPlan
from support.agreement import agrees
from support.trials import EXPECTED, reference_trial

NAMES = ("c_irls_daily", "c_irls_weekly", "e_gauss_clean")
SINGLE = [row for row in EXPECTED["rows"] if row["dataset"] in NAMES]


def given_for(name, **options):
    data = reference_trial(name, **options)
    return model_input(data, data.masked.series[0], AnalysisPlan()), data


def rows(prefix):
    found = [row for row in SINGLE if row["method"].startswith(prefix)]
    assert found
    return found


@pytest.mark.parametrize("row", rows("paired_t"), ids=lambda row: row["dataset"])
def test_paired(row):
    given, _ = given_for(row["dataset"])
    values = paired.fit(given, 1, 0)
    ours = {
        "estimate": values.estimate,
        "se": values.se,
        "df": values.df,
        "ci_lo": values.ci_low,
        "ci_hi": values.ci_high,
        "p": values.p_value,
    }
    assert all(agrees(value, row, field) for field, value in ours.items())
    np.testing.assert_allclose(values.differences, row["differences"], rtol=1e-8)


@pytest.mark.parametrize("row", rows("randomisation_within"), ids=lambda row: row["dataset"])
def test_randomisation_p(row):
    given, _ = given_for(row["dataset"])
    values = randomisation_test.fit(given, 1, 0, PairsSet(n_arms=2, cycles=row["n"]))
    assert agrees(values.estimate, row, "estimate")
    assert agrees(values.p_value, row, "p")
    assert values.allocations == row["assignments"]
    assert agrees(values.min_p_value, row, "p_smallest_possible")


@pytest.mark.parametrize("row", rows("exact_interval"), ids=lambda row: row["dataset"])
def test_exact_interval_at_every_level(row):
    allocation_set = PairsSet(n_arms=2, cycles=row["n"])
    for one in row["intervals"]:
        plan = AnalysisPlan(ci_level=max(one["level"], 0.5 + 1e-9))
        data = reference_trial(row["dataset"])
        given = model_input(data, data.masked.series[0], plan)
        values = randomisation_test.fit(given, 1, 0, allocation_set)
        if one["level"] > 0.5:
            assert values.level == pytest.approx(one["level"], rel=1e-12)
            assert agrees(values.ci_low, {**row, "ci_lo": one["ci_lo"]}, "ci_lo")
            assert agrees(values.ci_high, {**row, "ci_hi": one["ci_hi"]}, "ci_hi")


@pytest.mark.parametrize("row", rows("exact_interval"), ids=lambda row: row["dataset"])
def test_nominal_level_that_does_not_exist_gives_the_nearest(row):
    assert not row["nominal_attainable"]
    given, _ = given_for(row["dataset"])
    values = randomisation_test.fit(given, 1, 0, PairsSet(n_arms=2, cycles=row["n"]))
    assert values.level == pytest.approx(row["level"])
    assert agrees(values.ci_low, row, "ci_lo")
    assert agrees(values.ci_high, row, "ci_hi")


@pytest.mark.parametrize("row", rows("gls"), ids=lambda row: f"{row['dataset']} {row['method']}")
def test_gls(row):
    given, _ = given_for(row["dataset"])
    time = given.day / (7 if row["time_unit"] == "week" else 1)
    regressor = given.exposure(0.0)[:, 0]
    if "half_life_days" in row:
        # The reference's regressor acts at once and decays when the arm is stopped.
        acting, level = [], 0.0
        for dose in given.dose[:, 0]:
            level = 1.0 if dose else level * 2 ** (-1 / row["half_life_days"])
            acting.append(level)
        regressor = np.array(acting)[given.day - 1]
    columns = [np.ones(given.n), regressor] + ([time] if "slope" in row else [])
    x = np.column_stack(columns)
    restricted = row["method"].endswith(" REML")
    found = gls(given.score, x, given.lag, restricted=restricted)
    df = given.n - x.shape[1]
    # nlme multiplies the standard error of a full ML fit by sqrt(n / (n - p)).
    correction = 1.0 if restricted else given.n / df
    se = float((found.covariance[1, 1] * correction) ** 0.5)
    estimate = float(found.coefficients[1])
    reach = stats.t(df).ppf(0.975) * se
    ours = {
        "estimate": estimate,
        "se": se,
        "ci_lo": estimate - reach,
        "ci_hi": estimate + reach,
        "p": 2 * stats.t(df).sf(abs(estimate) / se),
        "intercept": found.coefficients[0],
        "phi": found.phi,
        "sigma": found.sigma,
        "loglik": found.log_likelihood,
    }
    if "slope" in row:
        ours["slope"] = found.coefficients[2]
    assert [field for field, value in ours.items() if not agrees(value, row, field)] == []
