"""The same model in PyMC: the independent check of the quadrature engine.

Nothing is integrated out by hand here: level, trend, effects and period shifts are sampled, the
AR(1) noise enters through each score's distribution given the score before, and the exposure is
summed over the stretches of days with one dose. What the two engines share is the model, not the
code: nothing of `model.autoregression` is used, on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from nof1.inference.draws_summary import Drawn
from nof1.inference.fits import NotRun, NutsFit, Sampling
from nof1.model.model_input import ModelInput
from nof1.model.priors import point_priors

if TYPE_CHECKING:
    import pymc as pm

FloatArray = NDArray[np.float64]

#: Chains, and draws of each after as many for tuning.
CHAINS, DRAWS = 4, 1000
#: Named, so that the same seed gives the same draws whatever else is installed.
SAMPLER: Literal["pymc"] = "pymc"


def fit(
    inputs: ModelInput,
    active: int,
    comparator: int,
    *,
    seed: int = 1,
    draws: int = DRAWS,
    progress: bool = False,
) -> NutsFit | NotRun:
    """Return the posterior of one contrast by sampling.

    Parameters
    ----------
    inputs : ModelInput
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
    if inputs.all_alike:
        why = "the scores are all alike, so that nothing tells how much they scatter"
        return NotRun(engine=NutsFit.engine, why=why)
    trace = sample(model(inputs), seed=seed, draws=draws, progress=progress)
    summary = drawn(inputs, trace, active, comparator)
    return summary.posterior(
        NutsFit, inputs, active, comparator, sampling=diagnostics(trace), seed=seed
    )


def drawn(inputs: ModelInput, trace: Any, active: int, comparator: int) -> Drawn:
    """Return the draws of one contrast."""
    dataset = trace.posterior.dataset

    def flat(name: str) -> FloatArray:
        return np.asarray(dataset[name].values.reshape(-1))

    effects = dataset["effect"].values
    effects = effects.reshape(-1, effects.shape[-1])
    arms = np.arange(1, effects.shape[1] + 1)
    signs = (arms == active).astype(float) - (arms == comparator).astype(float)
    rise = flat("half_life_rise") if "half_life_rise" in dataset else None
    left = inputs.as_scheduled_weights(active, comparator) @ inputs.exposure(
        flat("half_life"), rise
    )
    return Drawn(
        effect=effects @ signs,
        scheduled=np.einsum("nk,nk->n", left, effects),
        half_life=flat("half_life"),
        half_life_rise=rise,
        phi=flat("phi"),
        sigma=flat("sigma"),
        sigma_period=flat("ratio") * flat("sigma"),
        trend=flat("trend") if "trend" in dataset else None,
        weights=np.full(len(effects), 1.0 / len(effects)),
        slopes=dataset["slopes"].values.reshape(len(effects), -1) if "slopes" in dataset else None,
    )


def diagnostics(trace: Any) -> Sampling:
    """Return how well the chains mixed."""
    import arviz_stats

    dataset = trace.posterior.dataset
    watched = [name for name in ("effect", "phi", "sigma") if name in dataset]
    rhat = arviz_stats.rhat(dataset[watched])
    ess = arviz_stats.ess(dataset[watched], method="bulk")
    return Sampling(
        rhat=float(max(rhat[name].values.max() for name in watched)),
        ess=float(min(ess[name].values.min() for name in watched)),
        divergences=int(trace.sample_stats["diverging"].values.sum()),
        draws=int(dataset["phi"].size),
        sampler=SAMPLER,
    )


def sample(built: pm.Model, *, seed: int, draws: int, progress: bool) -> Any:
    """Return the draws as PyMC gives them, four chains on up to two cores."""
    import pymc as pm

    with built:
        return pm.sample(
            draws=draws,
            tune=draws,
            chains=CHAINS,
            cores=2,
            nuts_sampler=SAMPLER,
            target_accept=0.95,
            random_seed=seed,
            progressbar=progress,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """A PyMC model of everything but the likelihood.

    Attributes
    ----------
    built : pymc.Model
        With the parameters and their priors.
    expected : tensor, shape (n,)
        Expectation of every score, in points.
    exposure : tensor, shape (n, k)
        Exposure of every score to each arm but the comparator.
    effect : tensor, shape (k,)
        Steady-state effects, in points.
    sigma, phi : tensor
        Noise SD in points, correlation at the usual spacing.
    """

    built: pm.Model
    expected: Any
    exposure: Any
    effect: Any
    sigma: Any
    phi: Any

    def innovations(self, inputs: ModelInput, value: Any) -> tuple[Any, Any]:
        """Return expectation and SD of each value given the value before, shape (n,)."""
        import pytensor.tensor as pt

        rho = self.phi ** inputs.lag[1:]
        deviation = value - self.expected
        centre = pt.concatenate([self.expected[:1], self.expected[1:] + rho * deviation[:-1]])
        spread = self.sigma * pt.concatenate([pt.ones(1), pt.sqrt(1.0 - rho**2)])
        return centre, spread


def model(inputs: ModelInput) -> pm.Model:
    """Return the default model of one person as a PyMC model."""
    import pymc as pm

    parts = structure(inputs)
    with parts.built as built:
        centre, spread = parts.innovations(inputs, inputs.score)
        pm.Potential("scores", pm.logp(pm.Normal.dist(centre, spread), inputs.score).sum())
    return built


def structure(inputs: ModelInput) -> Structure:
    """Return parameters, priors and expectations of the default model."""
    import pymc as pm
    import pytensor.tensor as pt

    priors, plan = point_priors(inputs), inputs.plan
    k = inputs.dose.shape[1]
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
            exposure = _exposure(inputs, half_life, rise)
        else:
            half_life = pm.Deterministic(
                "half_life", pt.as_tensor_variable(plan.fixed_half_life_days)
            )
            exposure = pt.as_tensor_variable(inputs.exposure(plan.fixed_half_life_days))
        expected = level + (exposure * effect).sum(axis=-1)
        if plan.trend == "linear":
            expected = expected + pm.Normal("trend", 0.0, priors.trend_sd) * inputs.trend
        if inputs.adjustments:
            slopes = pm.Normal("slopes", 0.0, priors.covariate_sd, shape=len(inputs.adjustments))
            expected = expected + inputs.covariates @ slopes
        # A half-t cut off below at the rounding floor; a constant does not matter to the sampler.
        sigma = pm.Deterministic("sigma", priors.noise_floor + pm.HalfFlat("above_floor"))
        half_t = pm.HalfStudentT.dist(nu=3, sigma=priors.noise_scale)
        pm.Potential("sigma_prior", pm.logp(half_t, sigma))
        if plan.period_effects == "random":
            ratio = pm.HalfNormal("ratio", priors.period_scale)
            shift = pm.Normal("shift", 0.0, 1.0, shape=inputs.n_periods)
            expected = expected + inputs.period_share @ (ratio * sigma * shift)
        else:
            pm.Deterministic("ratio", pt.as_tensor_variable(0.0))
        phi = pm.Beta("phi", 2.0, 2.0)
    return Structure(
        built=built,
        expected=expected,
        exposure=exposure,
        effect=effect,
        sigma=sigma,
        phi=phi,
    )


def _exposure(inputs: ModelInput, fall: Any, rise: Any) -> Any:
    """Return each score's exposure as a function of two half-lives, shape (n, k).

    A stretch of days with the dose g adds g (1 - 2^(-a / rise)) to the exposure of day t, where a
    is the number of its days up to t. Of that 2^(-b / rise - c / fall) is left by day t, where b
    and c are the numbers of days after the stretch with a dose of the arm and without.
    """
    import pytensor.tensor as pt

    n_days = len(inputs.dose)
    rise, fall = pt.maximum(rise, 1e-3), pt.maximum(fall, 1e-3)
    days = np.arange(n_days)[:, None]
    window = np.zeros((inputs.n, n_days))
    for row, last in enumerate(inputs.day):
        first = max(int(last) - inputs.recall_days, 0)
        window[row, first:last] = 1.0 / (int(last) - first)
    columns = []
    for dose in inputs.dose.T:
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
