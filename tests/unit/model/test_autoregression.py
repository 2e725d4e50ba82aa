"""AR(1) noise: every form of it against dense matrices, SciPy and statsmodels."""

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from scipy import stats
from statsmodels.tsa.statespace.sarimax import SARIMAX

from nof1.inference.exact.products import columns_of, products_of
from nof1.inference.frequentist.profile_likelihood import SharedProducts
from nof1.inference.likelihoods.draws import Draws, innovations
from nof1.model.autoregression import (
    correlation,
    correlation_by_log,
    gram_weights,
    innovation,
    noise,
    spread,
    whiten,
)
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth, simulate_many
from nof1.protocol.tables import AnalysisPlan
from support.naive import naive_ar1
from support.trials import reference_trial, regular_periods

#: A day missing here and there, half a spacing, and a long silence.
LAG = np.array([0, 1, 1, 3, 0.5, 2, 1, 40, 1.0])
PHI = (0.0, 0.3, 0.9)
lags = st.lists(st.floats(0.1, 50), min_size=1, max_size=12)
phis = st.floats(0, 0.99)


def dense(phi):
    return naive_ar1(LAG, phi)


@pytest.mark.parametrize("phi", PHI)
def test_noise_has_the_correlation_of_a_dense_matrix(phi):
    root = noise(np.eye(len(LAG)), correlation(np.array(phi), LAG[1:]))
    np.testing.assert_allclose(root @ root.T, dense(phi), atol=1e-12)


@for_all(lags, phis)
def test_what_is_new_in_noise_is_what_it_was_made_of(gaps, phi):
    new = np.random.default_rng(1).standard_normal((len(gaps) + 1, 2))
    rho = correlation(np.array(phi), np.array(gaps))
    made, sd = noise(new, rho), spread(rho)
    found = innovation(made[1:], made[:-1], rho[:, None], sd[:, None])
    np.testing.assert_allclose(found, new[1:], atol=1e-6)
    np.testing.assert_array_equal(made[0], new[0])


@pytest.mark.parametrize("phi", PHI)
def test_whitened_columns_have_the_gram_matrix_of_the_inverse(phi):
    columns = np.random.default_rng(2).standard_normal((len(LAG), 3))
    white, log_det = whiten(columns, LAG, np.array([phi, 0.5]))
    expected = columns.T @ np.linalg.solve(dense(phi), columns)
    np.testing.assert_allclose(white[0].T @ white[0], expected, rtol=1e-10)
    assert log_det[0] == pytest.approx(np.linalg.slogdet(dense(phi))[1], abs=1e-10)


@pytest.mark.parametrize("phi", PHI)
def test_weighted_products_of_neighbours_are_that_gram_matrix_too(phi):
    columns = np.random.default_rng(3).standard_normal((len(LAG), 3))
    # A score with none before it is infinitely far from it.
    rho = correlation(np.array(phi), np.concatenate([[np.inf], LAG[1:]]))
    now, crossed, before, log_variance = gram_weights(rho)
    previous = np.vstack([np.zeros(3), columns[:-1]])
    both = np.einsum("n,ni,nj->ij", crossed, columns, previous)
    found = (now[:, None] * columns).T @ columns + both + both.T
    found += (before[:, None] * previous).T @ previous
    np.testing.assert_allclose(found, columns.T @ np.linalg.solve(dense(phi), columns), rtol=1e-10)
    assert log_variance.sum() == pytest.approx(np.linalg.slogdet(dense(phi))[1], abs=1e-10)


@for_all(st.floats(1e-6, 0.999), st.floats(0.1, 100))
def test_the_log_of_phi_gives_the_same_correlation(phi, distance):
    at = np.array(distance)
    found = correlation_by_log(np.log(np.array(phi)), at)
    assert float(found) == pytest.approx(float(correlation(np.array(phi), at)), rel=1e-12)


@pytest.mark.parametrize("phi", PHI)
def test_independent_innovations_have_the_density_of_scipy(phi):
    score = np.random.default_rng(4).normal(3, 2, len(LAG))
    white, log_det = whiten((score - 3)[:, None] / 2, LAG, np.array([phi]))
    found = stats.norm.logpdf(white[0]).sum() - 0.5 * log_det[0] - len(LAG) * np.log(2)
    expected = stats.multivariate_normal(np.full(len(LAG), 3), 4 * dense(phi)).logpdf(score)
    assert found == pytest.approx(expected, rel=1e-10)


def test_days_without_a_score_are_what_statsmodels_makes_of_them():
    """A Kalman filter over all days, those without a score left out of the sum."""
    days = np.array([1, 2, 3, 6, 7, 9, 10, 30])
    score = np.random.default_rng(5).normal(0, 1, len(days))
    daily = np.full(30, np.nan)
    daily[days - 1] = score
    phi, sigma = 0.6, 1.3
    model = SARIMAX(daily, order=(1, 0, 0), trend=None)
    expected = model.loglike([phi, sigma**2 * (1 - phi**2)])
    white, log_det = whiten(
        score[:, None] / sigma, np.diff(days, prepend=0).astype(float), np.array([phi])
    )
    found = stats.norm.logpdf(white[0]).sum() - 0.5 * log_det[0] - len(days) * np.log(sigma)
    assert found == pytest.approx(expected, rel=1e-8)


class TestEveryUse:
    """The engines, the draws and the simulation all mean the same noise."""

    def test_the_exact_and_the_frequentist_engine_sum_the_same_products(self):
        data = reference_trial("c_irls_daily")
        given = model_input(data, data.masked.series[0], AnalysisPlan())
        x = np.column_stack([np.ones(given.n), given.trend, given.score - given.score.mean()])
        expected = x.T @ np.linalg.solve(naive_ar1(given.lag, 0.4), x)
        log_det = np.linalg.slogdet(naive_ar1(given.lag, 0.4))[1]

        exact = products_of([columns_of(given, x)], (given.exposure(np.array([1.0])),))
        found, found_log_det = exact.whitened(np.array([[0.4]]))
        np.testing.assert_allclose(found[0, 0, :9].reshape(3, 3), expected, rtol=1e-9, atol=1e-9)
        assert found_log_det[0, 0] == pytest.approx(log_det, abs=1e-9)

        shared = SharedProducts(x, np.zeros((given.n, 0)), given.lag, restricted=True)
        weights, found_log_det = shared.weights(np.array(0.4))
        np.testing.assert_allclose(
            np.tensordot(weights, shared.products, axes=1), expected, rtol=1e-9, atol=1e-9
        )
        assert float(found_log_det) == pytest.approx(log_det, abs=1e-9)

    def test_innovations_of_draws_are_whitened_deviations(self):
        rng = np.random.default_rng(6)
        deviation, phi, sigma = rng.normal(0, 3, (4, len(LAG))), rng.random(4), 1 + rng.random(4)
        rho = correlation(phi[:, None], LAG[1:])
        nothing = np.zeros(4)
        draws = Draws(
            half_life=nothing, half_life_rise=nothing, phi=phi, ratio=nothing, sigma=sigma,
            carried=rho, spread=spread(rho), expected=deviation, effects=nothing[:, None],
            trend=nothing, slopes=np.zeros((4, 0)),
        )  # fmt: skip
        found = innovations(deviation, draws)
        for row in range(4):
            white, _ = whiten(deviation[row][:, None] / sigma[row], LAG, phi[row : row + 1])
            np.testing.assert_allclose(found[row], white[0, :, 0], rtol=1e-12)

    def test_simulated_scores_scatter_as_the_dense_matrix_says(self):
        day = np.array([1, 2, 3, 6, 7, 8, 20, 21])
        truth = Truth(level=0, effects=(0.0,), half_life_days=0, sigma=2.0, phi=0.6)
        many = simulate_many(
            regular_periods(2, 14), (0, 1), day, 1, truth, np.random.default_rng(7), 40_000
        )
        expected = 4.0 * naive_ar1(np.diff(day, prepend=1), 0.6)
        np.testing.assert_allclose(np.cov(many.T), expected, atol=0.12)
