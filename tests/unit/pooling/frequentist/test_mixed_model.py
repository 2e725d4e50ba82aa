"""The mixed model against n x n matrices, a simplex, numerical derivatives and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.regression.mixed_linear_model import MixedLM

from nof1.errors import ScoresError
from nof1.pooling.frequentist.meta_analysis import meta_analysis
from nof1.pooling.frequentist.mixed_model import difference_model, score_model
from nof1.pooling.frequentist.person_estimates import person_estimates
from support.naive_pooling import NaiveMixedModel


def scores(seed, n_persons=10, sd=(1.0, 0.8), rho=0.3, one_arm=0, mean_n=12):
    """Unequal numbers of scores; some persons on one arm alone; persons' rows interleaved."""
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(np.array([[1.0, rho], [rho, 1.0]])) * np.array(sd)[:, None]
    person = np.repeat(np.arange(n_persons), rng.integers(mean_n // 2, 2 * mean_n, n_persons))
    x = rng.integers(0, 2, len(person)).astype(float)
    x[person < one_arm] = 0.0
    own = np.array([5.0, -1.0]) + rng.standard_normal((n_persons, 2)) @ root.T
    y = own[person, 0] + own[person, 1] * x + 1.4 * rng.standard_normal(len(person))
    mixed = rng.permutation(len(person))
    return y[mixed], x[mixed], person[mixed]


def cycle_differences(seed, tau=0.8, cycles=(1, 5), n_persons=11):
    rng = np.random.default_rng(seed)
    return {
        f"P{i}": -1 + tau * rng.standard_normal() + rng.standard_normal(rng.integers(*cycles))
        for i in range(n_persons)
    }


def both(case):
    """The same data for our fit and for dense matrices."""
    if isinstance(case, dict):
        y = np.concatenate(list(case.values()))
        person = np.repeat(list(case), [len(mine) for mine in case.values()])
        return difference_model(case), NaiveMixedModel(y, np.ones((len(y), 1)), person)
    y, x, person = case
    return score_model(*case), NaiveMixedModel(y, np.column_stack([np.ones(len(y)), x]), person)


INSIDE = {
    "scores": scores(1),
    "scores, two persons on one arm": scores(2, one_arm=2),
    "scores, strong correlation": scores(5, rho=-0.8),
    "differences": cycle_differences(3),
    "differences, up to nine cycles": cycle_differences(4, cycles=(1, 10)),
}
EDGE = {
    "scores, all effects alike": scores(2, sd=(1.0, 0.0), rho=0.0),
    "scores, effect follows level": scores(2, sd=(1.0, 0.3), rho=0.99),
    "scores, all persons alike": scores(3, sd=(0.0, 0.0), rho=0.0),
    "differences, all alike": cycle_differences(4, tau=0.0),
}
ALL = INSIDE | EDGE


def root_of(found):
    """Root of the covariance between persons and sigma, as the naive model takes them."""
    jitter = 1e-14 * np.eye(len(found.between))
    factor = np.linalg.cholesky(found.between + jitter)
    return np.append(factor[np.tril_indices(len(factor))], found.sigma)


@pytest.mark.parametrize("case", ALL.values(), ids=ALL)
def test_criterion_and_averages_at_the_fitted_variances(case):
    found, naive = both(case)
    sigma2 = found.sigma**2
    v = naive.variance(found.between, sigma2)
    assert found.criterion == pytest.approx(naive.criterion(found.between, sigma2), abs=1e-8)
    assert found.coefficients == pytest.approx(naive.coefficients(v))
    assert found.covariance == pytest.approx(naive.covariance(found.between, sigma2))


@pytest.mark.parametrize("case", ALL.values(), ids=ALL)
def test_a_simplex_over_all_variances_finds_nothing_better(case):
    found, naive = both(case)
    start = root_of(found) * 1.3 + 0.05
    criterion, between, sigma2 = naive.best(start)
    assert found.criterion <= criterion + 1e-7
    assert criterion == pytest.approx(found.criterion, abs=1e-4)
    assert found.sigma**2 == pytest.approx(sigma2, rel=2e-3)
    assert found.between == pytest.approx(between, abs=5e-3)


@pytest.mark.parametrize("case", ALL.values(), ids=ALL)
def test_the_edge_is_named(case):
    found, _ = both(case)
    assert found.boundary == any(case is edge for edge in EDGE.values())
    # On the edge the covariance is singular: one coefficient says all about another, or is fixed.
    smallest = np.linalg.eigvalsh(found.between)[0]
    assert (smallest <= 1e-12) == found.boundary


@pytest.mark.parametrize("case", ALL.values(), ids=ALL)
def test_kenward_roger_is_that_of_the_paper(case):
    found, naive = both(case)
    covariance, df = naive.kenward_roger(found.between, found.sigma**2)
    assert found.covariance_adjusted == pytest.approx(covariance, rel=1e-6)
    assert found.df_kenward_roger == pytest.approx(np.array(df), rel=1e-6)


@pytest.mark.parametrize("case", INSIDE.values(), ids=INSIDE)
def test_satterthwaite_by_numerical_derivatives(case):
    found, naive = both(case)
    assert found.df_satterthwaite == pytest.approx(naive.satterthwaite(root_of(found)), rel=2e-3)


@pytest.mark.parametrize("case", EDGE.values(), ids=EDGE)
def test_satterthwaite_on_the_edge(case):
    found, naive = both(case)
    root = root_of(found)
    # What only keeps the root from failing is taken off again.
    theirs = naive.satterthwaite(np.where(np.abs(root) < 1e-6, 0.0, root))
    assert found.df_satterthwaite == pytest.approx(theirs, rel=5e-3)


def test_statsmodels_finds_the_same_fit():
    y, x, person = scores(1, n_persons=15, mean_n=20)
    z = np.column_stack([np.ones(len(y)), x])
    found = score_model(y, x, person)
    other = MixedLM(y, z, groups=person, exog_re=z).fit(reml=True)
    assert found.criterion <= -2 * other.llf + 1e-6
    assert found.coefficients == pytest.approx(other.fe_params, abs=1e-3)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(other.bse_fe, rel=5e-3)
    assert found.between == pytest.approx(other.cov_re, abs=1e-3)
    assert found.sigma**2 == pytest.approx(other.scale, rel=1e-3)


@pytest.mark.parametrize("factor", [100.0, 5_000.0])
def test_persons_who_differ_vastly_more_than_their_scores_scatter(factor):
    y, x, person = scores(1)
    own = np.random.default_rng(2).standard_normal((10, 2))
    far = y + factor * (own[person, 0] + own[person, 1] * x)
    found = score_model(far, x, person)
    assert not found.boundary
    assert found.sigma == pytest.approx(1.4, rel=0.2)
    # Nothing is left to shrink: the averages are the plain means of persons' own coefficients.
    each = [
        np.linalg.lstsq(np.column_stack([1 - x, x])[person == i], far[person == i])[0]
        for i in range(10)
    ]
    difference = np.diff(each)[:, 0]
    assert found.coefficients[1] == pytest.approx(difference.mean(), rel=1e-3)
    assert np.sqrt(found.between[1, 1]) == pytest.approx(difference.std(ddof=1), rel=1e-2)
    assert found.average(1).df == pytest.approx(9, rel=1e-3)


def test_names_of_persons_and_the_order_of_rows_do_not_matter():
    y, x, person = scores(1)
    found = score_model(y, x, person)
    turned = score_model(y[::-1], x[::-1], np.array([f"P{9 - one}" for one in person])[::-1])
    assert turned.average(1).se == pytest.approx(found.average(1).se)
    assert turned.between == pytest.approx(found.between, rel=1e-5)
    assert (found.n_scores, found.n_persons) == (len(y), 10)


def test_average_takes_the_covariance_that_belongs_to_the_degrees_of_freedom():
    found = score_model(*scores(1))
    kr, satterthwaite = found.average(1, level=0.9), found.average(1, "satterthwaite")
    assert kr.se == pytest.approx(found.covariance_adjusted[1, 1] ** 0.5)
    assert satterthwaite.se == pytest.approx(found.covariance[1, 1] ** 0.5)
    assert kr.df == found.df_kenward_roger[1]
    assert satterthwaite.df == found.df_satterthwaite[1]
    assert (kr.level, satterthwaite.level) == (0.9, 0.95)
    assert satterthwaite.se < kr.se


def test_differences_in_one_stage_and_in_two_hardly_differ():
    differences = cycle_differences(4, cycles=(3, 6), n_persons=30)
    one, two = difference_model(differences), meta_analysis(person_estimates(differences))
    assert float(one.between[0, 0]) == pytest.approx(two.tau2, rel=0.05)
    assert one.average(0).estimate == pytest.approx(two.average.estimate, abs=0.01)
    assert one.average(0).se == pytest.approx(two.average.se, rel=0.02)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (
            scores(2, n_persons=4, one_arm=2),
            "too few persons have scores on both arms: 2. At least 3",
        ),
        ((np.ones(12), np.arange(12) % 2.0, np.arange(12) // 3), "no person scatter"),
        ((np.arange(8.0), np.arange(8) % 2.0, np.arange(8) // 2), "no person scatter"),
        (
            (
                1e7 * (np.arange(40) // 4) + np.sin(np.arange(40)),
                np.arange(40) % 2.0,
                np.arange(40) // 4,
            ),
            "no person scatter",
        ),
    ],
)
def test_what_cannot_be_fitted_is_refused(case, message):
    with pytest.raises(ScoresError, match=message):
        score_model(*case)


@pytest.mark.parametrize("differences", [{}, {"a": np.array([1.0, 2.0])}])
def test_one_person_alone_is_refused(differences):
    with pytest.raises(ScoresError, match="At least 2 are needed"):
        difference_model(differences)


def test_persons_without_a_cycle_are_named():
    none = {"a": np.zeros(0), "b": np.array([1.0, 2.0]), "c": np.zeros(0)}
    with pytest.raises(ScoresError) as caught:
        difference_model(none)
    assert [fault.where for fault in caught.value.faults] == ["a", "c"]
