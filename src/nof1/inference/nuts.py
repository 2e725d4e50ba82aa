"""The same model in PyMC: the independent check of the quadrature engine.

Nothing is integrated out by hand here: level, trend, effects and period shifts are sampled, the
AR(1) noise enters through each score's distribution given the score before, and the exposure is
summed over the stretches of days with one dose. What the two engines share is the model, not the
code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from nof1.inference.result import Fit, NotRun
from nof1.inference.verdict import probabilities
from nof1.model.model_input import ModelInput
from nof1.model.priors import point_priors

if TYPE_CHECKING:
    import pymc as pm

FloatArray = NDArray[np.float64]

ENGINE = "nuts"
#: Chains, and draws of each after as many for tuning.
CHAINS, DRAWS = 4, 1000


def fit(
    given: ModelInput,
    active: int,
    comparator: int,
    *,
    seed: int = 1,
    draws: int = DRAWS,
    progress: bool = False,
) -> Fit | NotRun:
    """Return the posterior of one contrast by sampling.

    Parameters
    ----------
    given : ModelInput
        Scores and design of one person.
    active, comparator : int
        Numbers of the arms compared.
    seed : int
        Same seed, same draws.
    draws : int
        Of each of the four chains, after as many for tuning.
    progress : bool
        Show a progress bar on standard error.
    """
    import arviz_stats

    trace = sample(given, seed=seed, draws=draws, progress=progress)
    drawn = trace.posterior.dataset
    effects = drawn["effect"].values
    k = effects.shape[-1]
    arms = np.arange(1, k + 1)
    signs = (arms == active).astype(float) - (arms == comparator).astype(float)
    effect = effects @ signs
    rise = drawn["half_life_rise"].values.reshape(-1) if "half_life_rise" in drawn else None
    left = given.as_scheduled_weights(active, comparator) @ given.exposure(
        drawn["half_life"].values.reshape(-1), rise
    )
    scheduled = np.einsum("nk,nk->n", left, effects.reshape(-1, k))
    level = given.plan.ci_level
    watched = [name for name in ("effect", "phi", "sigma") if name in drawn]
    rhat = arviz_stats.rhat(drawn[watched])
    ess = arviz_stats.ess(drawn[watched], method="bulk")
    ordered = np.sort(effect.reshape(-1))

    def below(point: float) -> float:
        return float(np.searchsorted(ordered, point, side="right") / len(ordered))

    return Fit(
        engine=ENGINE,
        estimand="steady-state",
        values={
            **_summary(effect, level),
            "sd": float(effect.std(ddof=1)),
            "ci_level": level,
            **probabilities(below, given.better, given.mcid),
            "as_scheduled": _summary(scheduled, level),
            "half_life": _summary(drawn["half_life"].values, level),
            **({} if rise is None else {"half_life_rise": _summary(rise, level)}),
            "phi": _summary(drawn["phi"].values, level),
            "sigma": _summary(drawn["sigma"].values, level),
            "sigma_period": _summary((drawn["ratio"] * drawn["sigma"]).values, level),
            "rhat": float(max(rhat[name].values.max() for name in watched)),
            "ess": float(min(ess[name].values.min() for name in watched)),
            "divergences": int(trace.sample_stats["diverging"].values.sum()),
            "draws": int(effect.size),
            "seed": seed,
        },
    )


def _summary(draws: FloatArray, level: float) -> dict[str, float]:
    """Return mean and central interval under the names of the contract."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return {"mean": float(draws.mean()), "ci_low": float(low), "ci_high": float(high)}


def sample(given: ModelInput, *, seed: int, draws: int, progress: bool) -> Any:
    """Return the draws as PyMC gives them, four chains on up to two cores."""
    import pymc as pm

    with model(given):
        return pm.sample(
            draws=draws,
            tune=draws,
            chains=CHAINS,
            cores=2,
            target_accept=0.95,
            random_seed=seed,
            progressbar=progress,
        )


def model(given: ModelInput) -> pm.Model:
    """Return the default model of one person as a PyMC model."""
    import pymc as pm
    import pytensor.tensor as pt

    priors, plan = point_priors(given), given.plan
    k = given.dose.shape[1]
    with pm.Model() as built:
        level = pm.Normal("level", priors.level_mean, priors.level_sd)
        effect = pm.Normal("effect", 0.0, priors.effect_sd, shape=k)
        if plan.fixed_half_life_days is None:
            components = [pm.Exponential.dist(1.0 / mean) for mean in priors.half_life.means_days]
            half_life = pm.Mixture(
                "half_life", w=list(priors.half_life.shares), comp_dists=components
            )
            rise = half_life
            if plan.half_lives == "two":
                log_ratio = pm.Normal("log_half_life_ratio", 0.0, priors.half_life_ratio_log_sd)
                rise = pm.Deterministic("half_life_rise", half_life * pt.exp(log_ratio))
            exposure = _exposure(given, half_life, rise)
        else:
            half_life = pm.Deterministic(
                "half_life", pt.as_tensor_variable(plan.fixed_half_life_days)
            )
            exposure = pt.as_tensor_variable(given.exposure(plan.fixed_half_life_days))
        expected = level + (exposure * effect).sum(axis=-1)
        if plan.trend == "linear":
            expected = expected + pm.Normal("trend", 0.0, priors.trend_sd) * given.trend
        # A half-t cut off below at the rounding floor; a constant does not matter to the sampler.
        sigma = pm.Deterministic("sigma", priors.noise_floor + pm.HalfFlat("above_floor"))
        half_t = pm.HalfStudentT.dist(nu=3, sigma=priors.noise_scale)
        pm.Potential("sigma_prior", pm.logp(half_t, sigma))
        if plan.period_effects == "random":
            ratio = pm.HalfNormal("ratio", priors.period_scale)
            shift = pm.Normal("shift", 0.0, 1.0, shape=given.n_periods)
            expected = expected + given.period_share @ (ratio * sigma * shift)
        else:
            pm.Deterministic("ratio", pt.as_tensor_variable(0.0))
        phi = pm.Beta("phi", 2.0, 2.0)
        rho = phi ** given.lag[1:]
        residual = given.score - expected
        centre = pt.concatenate([expected[:1], expected[1:] + rho * residual[:-1]])
        spread = sigma * pt.concatenate([pt.ones(1), pt.sqrt(1.0 - rho**2)])
        pm.Potential("scores", pm.logp(pm.Normal.dist(centre, spread), given.score).sum())
    return built


def _exposure(given: ModelInput, fall: Any, rise: Any) -> Any:
    """Return each score's exposure as a function of two half-lives, shape (n, k).

    A stretch of days with the dose g adds g (1 - 2^(-a / rise)) to the exposure of day t, where a
    is the number of its days up to t. Of that 2^(-b / rise - c / fall) is left by day t, where b
    and c are the numbers of days after the stretch with a dose of the arm and without.
    """
    import pytensor.tensor as pt

    n_days = len(given.dose)
    rise, fall = pt.maximum(rise, 1e-3), pt.maximum(fall, 1e-3)
    days = np.arange(n_days)[:, None]
    window = np.zeros((given.n, n_days))
    for row, last in enumerate(given.day):
        first = max(int(last) - given.recall_days, 0)
        window[row, first:last] = 1.0 / (int(last) - first)
    columns = []
    for dose in given.dose.T:
        start = np.flatnonzero(np.diff(dose, prepend=0.0))
        end = np.append(start[1:], n_days) - 1
        taken = dose[start] > 0
        start, end = start[taken], end[taken]
        inside = np.clip(days - start + 1, 0, end - start + 1)
        with_dose = np.cumsum(dose > 0)
        after = np.maximum(days - end, 0)
        on = np.maximum(with_dose[:, None] - with_dose[end], 0)
        reached = 1.0 - pt.exp2(-inside / rise)
        left = pt.exp2(-on / rise - (after - on) / fall)
        columns.append(window @ ((reached * left) @ dose[start]))
    return pt.stack(columns, axis=1)
