"""The likelihoods beyond the Gaussian in PyMC: where reweighting does not do, and for items.

Everything but the likelihood is the model of the nuts engine.

The items of a score are ordered logits of one latent level, the default model's, divided by an
eighth of the range: from end to end of the scale the latent level then runs over eight logits, and
items whose thresholds lie where their priors expect them add up to about the latent level in
points.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from nof1.inference.draws_summary import Drawn
from nof1.inference.likelihoods import bounded, by_arm, heavy_tails
from nof1.inference.sampled import nuts
from nof1.inference.summaries import Summary
from nof1.model.model_input import ModelInput
from nof1.trial.data import NOT_ANSWERED

if TYPE_CHECKING:
    import pymc as pm

FloatArray = NDArray[np.float64]

ORDINAL = "ordinal"
SEED = 1
#: Logits from one end of the scale to the other.
LOGITS = 8.0
#: SD of the normal priors of an item's thresholds, in logits, before they are put in order.
THRESHOLD_SD = 1.5


def sample(inputs: ModelInput, likelihood: str, *, draws: int = nuts.DRAWS, progress: bool) -> Any:
    """Return draws of the posterior under a likelihood, as PyMC gives them.

    Parameters
    ----------
    inputs : ModelInput
        Scores and design; with items for ``ordinal``.
    likelihood : {"bounded", "student-t", "by-arm", "ordinal"}
        As in the plan of analysis.
    draws : int
        Of each of the four chains, after as many for tuning.
    progress : bool
        Show a progress bar on standard error.
    """
    return nuts.sample(MODELS[likelihood](inputs), seed=SEED, draws=draws, progress=progress)


def bounded_model(inputs: ModelInput) -> pm.Model:
    """Return the model of rounded and clipped scores.

    The latent value of a score between the ends is uniform over its step before the noise weighs
    it; that of a score at an end lies beyond the end's half step by a distance in noise SDs, which
    keeps the two from pulling each other into a funnel.
    """
    import pymc as pm
    import pytensor.tensor as pt

    low, high = bounded.intervals(inputs)
    inside = np.isfinite(low) & np.isfinite(high)
    ends = np.flatnonzero(~inside)
    outwards = np.where(np.isinf(low), -1.0, 1.0)[ends]
    edge = np.where(np.isinf(low), high, low)[ends]
    parts = nuts.structure(inputs)
    with parts.built as built:
        latent = pt.as_tensor_variable(inputs.score)
        if inside.any():
            share = pm.Uniform("share", 0.0, 1.0, shape=int(inside.sum()))
            latent = latent[np.flatnonzero(inside)].set(low[inside] + inputs.step * share)
        if len(ends):
            beyond = pm.HalfFlat("beyond", shape=len(ends))
            latent = latent[ends].set(edge + outwards * parts.sigma * beyond)
            pm.Potential("beyond_scale", len(ends) * pt.log(parts.sigma))
        centre, spread = parts.innovations(inputs, latent)
        pm.Potential("scores", pm.logp(pm.Normal.dist(centre, spread), latent).sum())
    return built


def student_t_model(inputs: ModelInput) -> pm.Model:
    """Return the model in which each score given the score before is Student-t."""
    import pymc as pm

    parts = nuts.structure(inputs)
    with parts.built as built:
        centre, spread = parts.innovations(inputs, inputs.score)
        noise = pm.StudentT.dist(nu=heavy_tails.NU, mu=centre, sigma=spread)
        pm.Potential("scores", pm.logp(noise, inputs.score).sum())
    return built


def by_arm_model(inputs: ModelInput) -> pm.Model:
    """Return the model in which scores scatter by an SD of their arm's own."""
    import pymc as pm
    import pytensor.tensor as pt

    parts = nuts.structure(inputs)
    with parts.built as built:
        others = np.flatnonzero(np.arange(len(inputs.arms)) != by_arm.reference(inputs))
        factors = pm.Normal("log_factor", 0.0, by_arm.LOG_SD, shape=len(others))
        times = pt.exp(pt.zeros(len(inputs.arms))[others].set(factors))[inputs.mainly_on]
        centre, spread = parts.innovations(inputs, inputs.score)
        noise = pm.Normal.dist(centre, spread * times)
        pm.Potential("scores", pm.logp(noise, inputs.score).sum())
    return built


def ordinal_model(inputs: ModelInput) -> pm.Model:
    """Return the model of the items: one latent level a score, thresholds of each item's own."""
    import pymc as pm

    items = _items(inputs)
    n_items, top = items.shape[1], inputs.item_high
    expected = LOGITS * (np.arange(1, top + 1) - 0.5) / top - LOGITS / 2
    parts = nuts.structure(inputs)
    with parts.built as built:
        # The answers tell less of a score's noise than its prior does: sampled in units of its SD.
        innovation = pm.Normal("innovation", 0.0, 1.0, shape=inputs.n)
        noise = parts.sigma * (_carried_on(inputs, parts.phi) @ innovation)
        latent = pm.Deterministic("latent", parts.expected + noise)
        thresholds = pm.Normal(
            "thresholds",
            expected,
            THRESHOLD_SD,
            shape=(n_items, top),
            transform=pm.distributions.transforms.ordered,
            initval=np.tile(expected, (n_items, 1)),
        )
        level = LOGITS * (latent - (inputs.low + inputs.high) / 2) / inputs.span
        pm.Potential("items", _log_answers(items, top, level, thresholds).sum())
        pm.Deterministic("acting", (parts.exposure * parts.effect).sum(axis=1))
    return built


def _carried_on(inputs: ModelInput, phi: Any) -> Any:
    """Return the matrix that makes AR(1) noise of unit SD of independent innovations, (n, n)."""
    import pytensor.tensor as pt

    time = np.cumsum(inputs.lag)
    apart = np.maximum(time[:, None] - time[None, :], 0.0)
    spread = pt.concatenate([pt.ones(1), pt.sqrt(1.0 - phi ** (2.0 * inputs.lag[1:]))])
    return pt.tril(phi**apart) * spread


def _log_answers(items: NDArray[np.int64], top: int, level: Any, thresholds: Any) -> Any:
    """Return parts whose sum is the log probability of all answers under ordered logits.

    By logistic(a) - logistic(b) = logistic(a) logistic(-b) (1 - exp(b - a)) no digits are lost.
    """
    import pytensor.tensor as pt

    score, item = np.nonzero(items != NOT_ANSWERED)
    answer = items[score, item]
    not_top, not_zero = answer < top, answer > 0
    below = thresholds[item[not_top], answer[not_top]] - level[score[not_top]]
    above = level[score[not_zero]] - thresholds[item[not_zero], answer[not_zero] - 1]
    inner = not_top & not_zero
    gap = thresholds[item[inner], answer[inner]] - thresholds[item[inner], answer[inner] - 1]
    return pt.concatenate(
        [
            -pt.softplus(-below),
            -pt.softplus(-above),
            pt.log(-pt.expm1(-gap)),
        ]
    )


MODELS: Mapping[str, Callable[[ModelInput], pm.Model]] = {
    bounded.NAME: bounded_model,
    heavy_tails.NAME: student_t_model,
    by_arm.NAME: by_arm_model,
    ORDINAL: ordinal_model,
}


def drawn(
    inputs: ModelInput, likelihood: str, trace: Any, active: int, comparator: int
) -> tuple[Drawn, Summary | None]:
    """Return the draws of one contrast in points of the score, and a latent effect if there is one.

    For ``ordinal`` the steady-state effect is the expected total at full exposure to the active
    arm minus that at full exposure to the comparator, averaged over the scores; the effect on the
    latent scale stands beside.
    """
    drawn = nuts.drawn(inputs, trace, active, comparator)
    if likelihood == heavy_tails.NAME:
        return replace(drawn, sigma=drawn.sigma * heavy_tails.SD_PER_SCALE), None
    if likelihood in (bounded.NAME, by_arm.NAME):
        return drawn, None
    data = trace.posterior.dataset
    latent, acting, thresholds, effects = (
        data[name].values.reshape(-1, *data[name].shape[2:])
        for name in ("latent", "acting", "thresholds", "effect")
    )
    base = latent - acting
    # Arm 0 is the comparator of all and acts by nothing.
    added = np.column_stack([np.zeros(len(effects)), effects])
    totals = [
        _expected_total(inputs, base + added[:, arm, None], thresholds)
        for arm in (active, comparator)
    ]
    moved = _expected_total(inputs, latent, thresholds) - _expected_total(inputs, base, thresholds)
    on_totals = replace(
        drawn,
        effect=(totals[0] - totals[1]).mean(axis=1),
        scheduled=moved @ inputs.as_scheduled_weights(active, comparator),
    )
    return on_totals, drawn.summary(drawn.effect, inputs.plan.ci_level)


def _expected_total(inputs: ModelInput, latent: FloatArray, thresholds: FloatArray) -> FloatArray:
    """Return the expected sum of the items, shape (S, n), at latent levels of that shape."""
    level = LOGITS * (latent - (inputs.low + inputs.high) / 2) / inputs.span
    total = np.zeros(level.shape)
    # An item's expectation is the sum of its chances to reach each answer.
    for threshold in thresholds.reshape(len(thresholds), -1).T:
        total += expit(level - threshold[:, None])
    return total


def _items(inputs: ModelInput) -> NDArray[np.int64]:
    if inputs.items is None:
        raise ValueError("the ordinal likelihood needs items")
    return inputs.items
