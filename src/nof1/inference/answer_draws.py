"""Draws of the posterior that a verdict rests on, whichever likelihood it is under."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nof1.errors import Fault, InputError
from nof1.inference.answering import answer
from nof1.inference.exact import quadrature
from nof1.inference.exact.joint_draws import JointDraws, draw_jointly
from nof1.inference.fits import LikelihoodFit, QuadratureFit
from nof1.inference.likelihoods import heavy_tails
from nof1.inference.likelihoods.choosing import choose
from nof1.inference.likelihoods.reweighting import WeightedDraws
from nof1.model.model_input import ModelInput

#: Engines whose posterior can be drawn from.
DRAWN = (QuadratureFit.engine, LikelihoodFit.engine)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDraws:
    """Draws of one person's posterior, and what they are.

    Attributes
    ----------
    draws : JointDraws
        As many as were asked for.
    engine : {"quadrature", "likelihood"}
        Whose posterior.
    likelihood : str
        As in the plan of analysis.
    effective : float or None
        So many independent draws stand behind them; None where all are independent.
    """

    draws: JointDraws
    engine: str
    likelihood: str
    effective: float | None = None


def draw_answer(inputs: ModelInput, engine: str, n: int, seed: int) -> AnswerDraws:
    """Return draws of the posterior of an engine.

    Parameters
    ----------
    inputs : ModelInput
        Scores and plan of one person.
    engine : {"quadrature", "likelihood"}
        The exact posterior under the Gaussian likelihood, from which draws are independent; or
        that under the likelihood that the plan or the scores ask for, whose weighted draws are
        drawn again by their weights.
    n : int
        How many.
    seed : int
        Same seed, same draws.

    Raises
    ------
    InputError
        If the engine's posterior cannot be drawn from.
    """
    rng = np.random.default_rng(seed)
    gaussian = quadrature.solve(inputs).finest
    if engine == QuadratureFit.engine:
        draws = draw_jointly(gaussian, n, rng)
        return AnswerDraws(draws=draws, engine=engine, likelihood="gaussian")
    answered = None
    if engine == LikelihoodFit.engine:
        answered = answer(inputs, gaussian, choose(inputs, gaussian))
    if answered is None or answered.weighted is None or answered.why_not:
        what = f"there are no draws of the engine {engine!r} for these scores"
        raise InputError(Fault("engine", what, 'Ask for engine="quadrature".'))
    name, weighted = answered.choice.likelihood, answered.weighted
    return AnswerDraws(
        draws=_drawn_again(weighted, name, n, rng),
        engine=engine,
        likelihood=name,
        effective=weighted.ess,
    )


def _drawn_again(
    weighted: WeightedDraws, name: str, n: int, rng: np.random.Generator
) -> JointDraws:
    """Return draws taken by their weights, in no order."""
    chosen = weighted.draws.at(rng.choice(len(weighted.draws), n, p=weighted.weights))
    return JointDraws(
        effects=chosen.effects,
        half_life=chosen.half_life,
        half_life_rise=chosen.half_life_rise,
        phi=chosen.phi,
        sigma=chosen.sigma * (heavy_tails.SD_PER_SCALE if name == heavy_tails.NAME else 1.0),
        sigma_period=chosen.ratio * chosen.sigma,
        trend=chosen.trend,
        slopes=chosen.slopes,
    )
