"""Pooling in two stages against dense matrices, root finders and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from nof1.errors import ScoresError
from nof1.pooling.frequentist.meta_analysis import (
    between_variance,
    meta_analysis,
    summary_t,
    weighted_mean,
)
from nof1.pooling.frequentist.person_estimates import PersonEstimates
from support.naive_pooling import (
    naive_knapp_hartung,
    naive_q,
    naive_tau2,
    naive_tau2_interval,
    naive_weights,
)

METHODS = ("reml", "pm", "dl")


def series(n, tau, seed, spread=0.4):
    rng = np.random.default_rng(seed)
    se = np.exp(spread * rng.standard_normal(n))
    y = 1.5 + tau * rng.standard_normal(n) + se * rng.standard_normal(n)
    return PersonEstimates(persons=tuple(map(str, range(n))), estimate=y, se=se)


SERIES = [
    series(2, 1.0, 1),
    series(3, 0.0, 2),
    series(6, 0.3, 3),
    series(12, 2.0, 4),
    series(12, 50.0, 5),
    series(40, 1.0, 6, spread=1.5),
]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("given", SERIES, ids=lambda given: f"{len(given.persons)} persons")
def test_variance_between_persons(given, method):
    y, se = given.estimate, given.se
    found = float(between_variance(y, se, method))
    # A general optimiser finds the flat top of a likelihood to half the digits only.
    tolerance = 1e-5 if method == "reml" else 1e-9
    assert found == pytest.approx(naive_tau2(y, se, method), rel=tolerance, abs=1e-7)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("given", SERIES, ids=lambda given: f"{len(given.persons)} persons")
def test_average_interval_and_prediction(given, method):
    y, se = given.estimate, given.se
    found = meta_analysis(given, method, "knapp-hartung", level=0.9)
    mean, mean_se = naive_knapp_hartung(y, se, found.tau2)
    t = stats.t(len(y) - 1)
    average = found.average
    assert (average.estimate, average.se) == pytest.approx((mean, mean_se))
    assert average.p_value == pytest.approx(2 * t.sf(abs(mean / mean_se)))
    assert average.ci_high - average.ci_low == pytest.approx(2 * t.ppf(0.95) * mean_se)
    reach = t.ppf(0.95) * (found.tau2 + mean_se**2) ** 0.5
    assert (found.prediction_low, found.prediction_high) == pytest.approx(
        (mean - reach, mean + reach)
    )
    assert (found.tau2_low, found.tau2_high) == pytest.approx(
        naive_tau2_interval(y, se, 0.9), rel=1e-9, abs=1e-12
    )


@pytest.mark.parametrize("given", SERIES, ids=lambda given: f"{len(given.persons)} persons")
def test_heterogeneity(given):
    y, se = given.estimate, given.se
    found = meta_analysis(given)
    assert found.q == pytest.approx(naive_q(y, se, 0.0))
    assert found.q_p == pytest.approx(stats.chi2(len(y) - 1).sf(found.q), rel=1e-6)
    typical = (len(y) - 1) / np.trace(naive_weights(se, 0.0)[0])
    assert found.i2 == pytest.approx(found.tau2 / (found.tau2 + typical))
    assert found.h2 == pytest.approx(1 / (1 - found.i2))


@pytest.mark.parametrize(("method", "theirs"), [("dl", "dl"), ("pm", "iterated")])
@pytest.mark.parametrize("given", SERIES[3:], ids=lambda given: f"{len(given.persons)} persons")
def test_statsmodels_agrees(given, method, theirs):
    # Its moments go below 0; these series keep them above.
    y, se = given.estimate, given.se
    other = combine_effects(y, se**2, method_re=theirs, use_t=False, atol=1e-12)
    z, t = (meta_analysis(given, method, test) for test in ("z", "knapp-hartung"))
    assert z.tau2 == pytest.approx(other.tau2, rel=1e-4, abs=1e-9)
    assert z.average.estimate == pytest.approx(other.mean_effect_re, rel=1e-4)
    assert z.average.se == pytest.approx(other.sd_eff_w_re, rel=1e-4)
    assert t.average.se == pytest.approx(other.sd_eff_w_re_hksj, rel=1e-4)


def test_z_takes_the_normal_distribution_throughout():
    given = SERIES[3]
    found = meta_analysis(given, "reml", "z")
    average, q = found.average, stats.norm.ppf(0.975)
    assert average.df == np.inf
    assert average.p_value == pytest.approx(2 * stats.norm.sf(abs(average.estimate / average.se)))
    assert average.ci_high - average.estimate == pytest.approx(q * average.se)
    reach = q * (found.tau2 + average.se**2) ** 0.5
    assert found.prediction_high - average.estimate == pytest.approx(reach)
    assert average.se == pytest.approx((1 / (1 / (given.se**2 + found.tau2)).sum()) ** 0.5)


@pytest.mark.parametrize("method", METHODS)
def test_many_series_at_once_are_what_each_is_alone(method):
    rng = np.random.default_rng(8)
    y, se = rng.standard_normal((3, 40, 7)), np.exp(rng.standard_normal((3, 40, 7)))
    tau2 = between_variance(y, se, method)
    means, errors = weighted_mean(y, se, tau2, "knapp-hartung")
    assert tau2.shape == means.shape == errors.shape == (3, 40)
    assert 0 < (tau2 == 0).sum() < tau2.size
    for where in np.ndindex(3, 40):
        alone = between_variance(y[where], se[where], method)
        assert tau2[where] == pytest.approx(float(alone), rel=1e-10)
        one = weighted_mean(y[where], se[where], alone, "knapp-hartung")
        assert (means[where], errors[where]) == pytest.approx(tuple(map(float, one)))


@pytest.mark.parametrize(("pair", "low", "high"), [(0.004, 1e-6, 1e-4), (0.4, 1.0, 100.0)])
def test_of_two_maxima_the_higher_is_taken(pair, low, high):
    # A precise pair that disagrees a little, and imprecise others that scatter a lot.
    y = np.array([0.0, pair, 8.0, -9.0, 7.5])
    se = np.array([0.001, 0.001, 3.0, 3.0, 3.0])
    found = float(between_variance(y, se, "reml"))
    assert low < found < high
    assert found == pytest.approx(naive_tau2(y, se, "reml"), rel=1e-5)


def test_the_summary_t_is_the_one_sample_t():
    given = SERIES[3]
    found, other = summary_t(given.estimate, 0.9), stats.ttest_1samp(given.estimate, 0)
    assert (found.estimate, found.df) == (pytest.approx(given.estimate.mean()), 11)
    assert found.p_value == pytest.approx(other.pvalue)
    interval = other.confidence_interval(0.9)
    assert (found.ci_low, found.ci_high) == pytest.approx((interval.low, interval.high))


def test_equal_estimates_leave_nothing_to_judge_by():
    alike = PersonEstimates(
        persons=("a", "b", "c"), estimate=np.full(3, -1.1), se=np.array([1.0, 2.0, 3.0])
    )
    for refused in (lambda one: summary_t(one.estimate), meta_analysis):
        with pytest.raises(ScoresError, match="all persons have the same difference"):
            refused(alike)
    found = meta_analysis(alike, test="z")
    assert (found.tau2, found.tau2_low, found.tau2_high, found.i2, found.h2) == (0, 0, 0, 0, 1)
    assert found.average.estimate == pytest.approx(-1.1)
