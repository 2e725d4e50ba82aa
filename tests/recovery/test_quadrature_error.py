"""The numerical error of the exact posterior, against much finer grids in wider boxes.

The trials are drawn from the priors, with extremes: noise near 0, no carryover, strong correlation,
shifts larger than the noise, most scores missing.
"""

import numpy as np
import pytest

from nof1.calibration.scenarios import SCORINGS
from nof1.calibration.truths import from_priors
from nof1.inference.exact import box, quadrature
from nof1.inference.exact.mixture import Mixture

TAILS = (0.025, 0.25, 0.5, 0.75, 0.975)


def people(n, seed):
    rng = np.random.default_rng(seed)
    found = []
    while len(found) < n:
        scores = list(SCORINGS)[len(found) // 2 % 2]
        missing = (0.1, 0.1, 0.1, 0.9)[int(rng.integers(4))]
        drawn = from_priors(scores, int(rng.integers(2, 7)), missing, 2, rng).givens
        # Of fewer scores the finest grids here are not exact to 0.02 SD themselves.
        found += [given for given in drawn if given.n >= 6]
    return found[:n]


def reference(given):
    """The mixture of every node, nothing merged, of the finest grid, whatever the coarser say."""
    stack = quadrature.solve(given).finest.stack
    weights = stack.weights.ravel()
    kept = weights > 1e-13
    return Mixture(
        means=stack.nodes.means.ravel()[kept],
        sds=np.maximum(np.sqrt(stack.nodes.covariances.ravel()[kept]), 1e-12),
        weights=weights[kept] / weights[kept].sum(),
    )


def errors(n, seed, monkeypatch):
    """Errors in mean, SD and quantiles in posterior SDs, and the engine's own bound."""
    givens = people(n, seed)
    with np.errstate(all="raise", under="ignore"):
        solutions = quadrature.solve_many(givens)
    monkeypatch.setattr(box, "DEPTH", 12.0)
    monkeypatch.setattr(quadrature, "AGREEMENT", -1.0)
    rows = []
    for given, solution in zip(givens, solutions, strict=True):
        exact, found = reference(given), solution.finest.effect(1, 0)
        gaps = [found.mean - exact.mean, found.sd - exact.sd]
        gaps += [found.quantile(tail) - exact.quantile(tail) for tail in TAILS]
        rows.append([*np.abs(gaps) / exact.sd, solution.error(1, 0) / exact.sd])
    return np.array(rows)


def small_enough(found):
    mean, sd, quantiles, bound = found[:, 0], found[:, 1], found[:, 2:-1], found[:, -1]
    assert np.median(mean) < 1e-3
    assert np.median(quantiles) < 1e-3
    assert mean.max() < 0.02
    assert sd.max() < 0.05
    assert quantiles.max() < 0.1
    assert (mean <= bound).all()


def test_errors_are_small_and_bounded(monkeypatch):
    small_enough(errors(16, seed=3, monkeypatch=monkeypatch))


@pytest.mark.slow
def test_errors_are_small_and_bounded_in_many_trials(monkeypatch):
    found = errors(200, seed=4, monkeypatch=monkeypatch)
    small_enough(found)
    ends = found[:, [2, -2]].max(axis=1)
    assert np.mean(ends <= found[:, -1] + 2e-3) > 0.97
