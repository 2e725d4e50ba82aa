"""The answer under the likelihood the plan or the scores ask for, beside the exact Gaussian one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.inference.draws_summary import Drawn
from nof1.inference.exact.posterior import Posterior
from nof1.inference.fits import LikelihoodFit, NotRun
from nof1.inference.likelihoods import by_arm, heavy_tails
from nof1.inference.likelihoods.choosing import Choice, choose
from nof1.inference.likelihoods.reweighting import DRAWS, LIKELIHOODS, WeightedDraws, reweight
from nof1.inference.summaries import Summary
from nof1.model.model_input import ModelInput
from nof1.words import sampling
from nof1.words.caution import sentence
from nof1.words.numbers import capitalised

FloatArray = NDArray[np.float64]

ORDINAL = "ordinal"
#: Draws of an answer that is only told beside another.
BESIDE = 1000

#: Told, before minutes of sampling begin, why.
BeforeSampling = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The posterior of one person's trial under another likelihood than the Gaussian.

    Attributes
    ----------
    inputs : ModelInput
        What was fitted.
    choice : Choice
        The likelihood and why.
    weighted : WeightedDraws or None
        Reweighted draws; None for ``ordinal``, and where they would take too long.
    trace : object or None
        PyMC's draws, where reweighting was not reliable.
    heavy_tails : WeightedDraws or None
        The same scores with heavy tails instead, where there are outliers and the scores asked
        for something else.
    why_not : str
        Why there is no answer; empty when there is.
    """

    inputs: ModelInput
    choice: Choice
    weighted: WeightedDraws | None = None
    trace: Any = None
    heavy_tails: WeightedDraws | None = None
    why_not: str = ""

    def fit(self, active: int, comparator: int) -> LikelihoodFit | NotRun:
        """Return the posterior of one contrast, arms by number."""
        if self.why_not:
            could = self.choice.likelihood != ORDINAL or self.inputs.items is not None
            return NotRun(engine=LikelihoodFit.engine, why=self.why_not, sampler_could=could)
        if self.trace is not None:
            return self._sampled(active, comparator)
        if self.weighted is None:
            raise AssertionError("an answer has draws or a reason why not")
        likelihood = self.choice.likelihood
        drawn = _drawn(self.inputs, self.weighted, likelihood, active, comparator)
        return drawn.posterior(
            LikelihoodFit,
            self.inputs,
            active,
            comparator,
            likelihood=likelihood,
            by=self.weighted.by,
            reason=self.choice.reason,
            k_hat=self.weighted.k_hat,
            ess=self.weighted.ess,
            log_evidence=self.weighted.log_evidence,
            sigma_by_arm=self._sds(self.weighted, drawn),
            heavy_tails=self._instead(active, comparator),
        )

    def _sampled(self, active: int, comparator: int) -> LikelihoodFit:
        """Return the posterior of one contrast from PyMC's draws."""
        from nof1.inference.sampled import likelihood_models, nuts

        likelihood = self.choice.likelihood
        drawn, latent = likelihood_models.drawn(
            self.inputs, likelihood, self.trace, active, comparator
        )
        sampling = nuts.diagnostics(self.trace)
        return drawn.posterior(
            LikelihoodFit,
            self.inputs,
            active,
            comparator,
            likelihood=likelihood,
            by="nuts",
            reason=self.choice.reason,
            k_hat=None if self.weighted is None else self.weighted.k_hat,
            ess=sampling.ess,
            sampling=sampling,
            latent=latent,
            heavy_tails=self._instead(active, comparator),
        )

    def _sds(self, weighted: WeightedDraws, summary: Drawn) -> dict[str, Summary]:
        """Return the SD of a score on each arm, where each has its own."""
        if self.choice.likelihood != by_arm.NAME:
            return {}
        draws, level = weighted.draws, self.inputs.plan.ci_level
        times = by_arm.factors(self.inputs, draws, np.random.default_rng(0))
        return {
            arm: summary.summary(draws.sigma * factor, level)
            for arm, factor in zip(self.inputs.arms, times.T, strict=True)
        }

    def _instead(self, active: int, comparator: int) -> Summary | None:
        """Return the effect with heavy tails instead, where that was worked out."""
        if self.heavy_tails is None:
            return None
        drawn = _drawn(self.inputs, self.heavy_tails, heavy_tails.NAME, active, comparator)
        return drawn.summary(drawn.effect, self.inputs.plan.ci_level)


def answer(
    inputs: ModelInput,
    gaussian: Posterior,
    choice: Choice | None = None,
    *,
    before_sampling: BeforeSampling | None = None,
    progress: bool = False,
    n_draws: int = DRAWS,
) -> Answer | None:
    """Return the answer under another likelihood, or None where the Gaussian one will do.

    Parameters
    ----------
    inputs : ModelInput
        Scores and plan of one person.
    gaussian : Posterior
        The exact posterior of the default model.
    choice : Choice or None
        The likelihood, from `choose`; None to choose it here.
    before_sampling : callable or None
        Told why before minutes of sampling begin; None not to sample.
    progress : bool
        Show the sampler's progress on standard error.
    n_draws : int
        Draws that are weighted, at most.
    """
    choice = choice or choose(inputs, gaussian)
    if choice.likelihood == "gaussian":
        return None
    weighted = choice.weighted
    why = "answers to single items have to be sampled"
    if choice.likelihood == ORDINAL:
        if inputs.items is None:
            return Answer(
                inputs=inputs, choice=choice, why_not="no answers to single items were recorded"
            )
    else:
        weighted = weighted or reweight(
            inputs,
            gaussian,
            LIKELIHOODS[choice.likelihood],
            n_draws=n_draws,
            patient=before_sampling is not None,
        )
        if weighted is not None and weighted.reliable:
            return Answer(
                inputs=inputs,
                choice=choice,
                weighted=weighted,
                heavy_tails=_heavy_tails(inputs, gaussian, choice),
            )
        why = _why_unreliable(choice, weighted)
    if before_sampling is None:
        return Answer(inputs=inputs, choice=choice, weighted=weighted, why_not=why)
    from nof1.inference.sampled import likelihood_models

    before_sampling(sampling.BEFORE.format(why=capitalised(why), takes=sampling.TAKES))
    trace = likelihood_models.sample(inputs, choice.likelihood, progress=progress)
    return Answer(inputs=inputs, choice=choice, weighted=weighted, trace=trace)


def _why_unreliable(choice: Choice, weighted: WeightedDraws | None) -> str:
    """Return why draws of the normal posterior do not give the one under another likelihood."""
    asked = (
        f"{sentence(choice.reason)}, but the {choice.likelihood} likelihood cannot be computed"
        " exactly"
    )
    if weighted is None:
        return f"{asked} within a second, as the scores hardly scatter or are very many"
    return f"{asked} here (k-hat {weighted.k_hat:.2f}, {weighted.ess:.0f} effective draws)"


def _heavy_tails(inputs: ModelInput, gaussian: Posterior, choice: Choice) -> WeightedDraws | None:
    """Return the posterior with heavy tails where outliers meet another likelihood."""
    if (
        not choice.outliers
        or inputs.plan.likelihood != "auto"
        or choice.likelihood == heavy_tails.NAME
    ):
        return None
    weighted = reweight(inputs, gaussian, LIKELIHOODS[heavy_tails.NAME], n_draws=BESIDE)
    return weighted if weighted is not None and weighted.reliable else None


def _drawn(
    inputs: ModelInput, weighted: WeightedDraws, likelihood: str, active: int, comparator: int
) -> Drawn:
    """Return the reweighted draws of one contrast."""
    draws = weighted.draws
    arms = np.arange(1, draws.effects.shape[1] + 1)
    signs = (arms == active).astype(float) - (arms == comparator).astype(float)
    left = inputs.as_scheduled_weights(active, comparator) @ inputs.exposure(
        draws.half_life, draws.half_life_rise
    )
    return Drawn(
        effect=draws.effects @ signs,
        scheduled=np.einsum("sk,sk->s", left, draws.effects),
        half_life=draws.half_life,
        half_life_rise=draws.half_life_rise if inputs.plan.half_lives == "two" else None,
        phi=draws.phi,
        sigma=draws.sigma * (heavy_tails.SD_PER_SCALE if likelihood == heavy_tails.NAME else 1.0),
        sigma_period=draws.ratio * draws.sigma,
        trend=draws.trend if inputs.plan.trend == "linear" else None,
        weights=weighted.weights,
        slopes=draws.slopes,
    )
