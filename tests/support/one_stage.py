"""The whole series in one stage, sampled by PyMC: every person's scores and the population at once.

An independent statement of the model that pooling in two stages computes exactly: nothing is
integrated out by hand, persons' parameters are arrays, and the exposure is followed from period
to period. For complete scores at equal steps in periods of whole weeks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nof1.calibration.scenarios import SCORINGS
from nof1.calibration.truths import PLAN, prior_truth
from nof1.design.cycled import PairsSet
from nof1.design.sets import VaryingSet
from nof1.model.model_input import ModelInput, model_input
from nof1.model.priors import point_priors
from nof1.model.simulation import simulate_scores
from nof1.pooling.solved import BETWEEN_SCALE, MEAN_SD
from support.trials import regular_periods, trial

PERIOD_DAYS, CYCLES = 28, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Simulated persons: what the engines are given, and their true effects."""

    givens: list[ModelInput]
    effects: np.ndarray


def simulated_series(
    n: int, *, mean: float, between: float, seed: int, scores: str = "weekly"
) -> Series:
    """Return persons with effects from a population and all else from the priors."""
    rng = np.random.default_rng(seed)
    scoring = SCORINGS[scores]
    every, recall = scoring.every_days, scoring.recall_days
    periods = regular_periods(2 * CYCLES, PERIOD_DAYS)
    day = np.arange(every, periods[-1].last_day + 1, every)
    sequences = VaryingSet(PairsSet(2, CYCLES))
    effects = rng.normal(mean, between, n) if between else np.full(n, mean)
    givens = []
    for effect in effects:
        arms = sequences.sequence(int(rng.integers(sequences.size)))
        blank = trial(
            periods,
            arms,
            day,
            np.zeros(len(day)),
            scale=scoring.unrounded,
            recall_days=recall,
            mcid=scoring.mcid,
        )
        given = model_input(blank, blank.masked.series[0], PLAN)
        truth = replace(prior_truth(point_priors(given), rng), effects=(float(effect),))
        score = simulate_scores(periods, arms, day, recall, truth, rng)
        givens.append(replace(given, score=score))
    return Series(givens=givens, effects=effects)


def one_stage_model(givens: list[ModelInput]) -> Any:
    """Return the PyMC model of all persons and their population."""
    import pymc as pm
    import pytensor.tensor as pt

    priors, n = point_priors(givens[0]), len(givens)
    score = np.stack([given.score for given in givens])
    arms = np.array([given.arm_of_period for given in givens], dtype=float)
    share = np.stack([given.period_share for given in givens])
    trend = givens[0].trend
    span = givens[0].span
    with pm.Model() as built:
        mean = pm.Normal("mean", 0.0, MEAN_SD * span)
        between = pm.HalfNormal("between", BETWEEN_SCALE * span)
        own = pm.Normal("own", 0.0, 1.0, shape=n)
        effect = pm.Deterministic("effect", mean + between * own)
        level = pm.Normal("level", priors.level_mean, priors.level_sd, shape=n)
        slope = pm.Normal("slope", 0.0, priors.trend_sd, shape=n)
        half_life = pm.Mixture(
            "half_life",
            w=list(priors.half_life.shares),
            comp_dists=[
                pm.Exponential.dist(1.0 / days, shape=n) for days in priors.half_life.means_days
            ],
            shape=n,
        )
        above = pm.HalfFlat("above_floor", shape=n)
        sigma = pm.Deterministic("sigma", priors.noise_floor + above)
        half_t = pm.HalfStudentT.dist(nu=3, sigma=priors.noise_scale, shape=n)
        pm.Potential("sigma_prior", pm.logp(half_t, sigma).sum())
        ratio = pm.HalfNormal("ratio", priors.period_scale, shape=n)
        phi = pm.Beta("phi", 2.0, 2.0, shape=n)
        shift = pm.Normal("shift", 0.0, 1.0, shape=(n, share.shape[2]))
        exposure = _exposure(givens[0], arms, pt.maximum(half_life, 1e-3), pt)
        shifted = (share * ((ratio * sigma)[:, None] * shift)[:, None, :]).sum(axis=2)
        expected = level[:, None] + slope[:, None] * trend + effect[:, None] * exposure + shifted
        away = score - expected
        innovation = away[:, 1:] - phi[:, None] * away[:, :-1]
        later = (sigma * pt.sqrt(1.0 - phi**2))[:, None]
        first = pm.logp(pm.Normal.dist(0.0, sigma), away[:, 0]).sum()
        pm.Potential("scores", first + pm.logp(pm.Normal.dist(0.0, later), innovation).sum())
    return built


def _exposure(given: ModelInput, arms: np.ndarray, half_life: Any, pt: Any) -> Any:
    """Return the exposure of every score, period after period, shape (n, n_scores)."""
    kept = pt.exp2(-1.0 / half_life)
    last_days = np.array([day for day in given.day if day <= PERIOD_DAYS])
    back = np.arange(given.recall_days)
    columns, at_start = [], pt.zeros(len(arms))
    # What is left after d days, averaged over the window of each score of a period.
    days = last_days[:, None] - back
    left = (kept[:, None, None] ** days).mean(axis=2)
    for arm in arms.T:
        columns.append(arm[:, None] * (1.0 - left) + at_start[:, None] * left)
        at_start = arm * (1.0 - kept**PERIOD_DAYS) + at_start * kept**PERIOD_DAYS
    return pt.concatenate(columns, axis=1)
