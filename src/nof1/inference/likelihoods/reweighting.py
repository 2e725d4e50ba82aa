"""From draws of exact Gaussian posteriors to the posterior under another likelihood.

Where reweighting the Gaussian posterior does not do, the draws come from a mixture of Gaussian
posteriors instead, one for each of several imputations of what would make the likelihood Gaussian:
the latent values under rounding, the precisions of the scores under heavy tails. That is the poor
man's data augmentation of Wei and Tanner (1990, doi:10.1080/01621459.1990.10474930), a form of
Tanner and Wong's (1987, doi:10.1080/01621459.1987.10478458); the density of the mixture is
known, so that its draws are reweighted exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from nof1.inference.exact import quadrature
from nof1.inference.exact.posterior import Posterior
from nof1.inference.likelihoods import bounded, by_arm, heavy_tails
from nof1.inference.likelihoods.draws import Draws, draw, log_density, together
from nof1.inference.likelihoods.pareto import smoothed
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]

#: Draws of the answer, and of a round on the way to it; imputations, and rounds at most.
DRAWS, PILOT, IMPUTATIONS, ROUNDS = 4000, 500, 32, 4
#: Times the answer is drawn, at most.
ATTEMPTS = 3
#: Pairs of nodes that are gone through for an answer unless there is time: about half a second on
#: the way to it and as much for it. With fewer draws than `FEWEST` for them there is no answer.
MOST_WORK, FEWEST = 30_000_000, 1000
#: Largest k-hat at which weights are reliable (Vehtari et al., arXiv:1507.02646).
LARGEST_K_HAT = 0.7
#: Share of the draws that are effective, at least: for the figures to be used at all, and for no
#: further round to be tried. Imputations from a poor round make a mixture that is too narrow, and
#: from a `HOPELESS` one no answer that could be used.
USABLE, SETTLED, HOPELESS = 0.1, 0.5, 0.05
#: Share of the draws beyond which weights are so even that their tail does not matter.
EVEN = 0.95
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentLikelihood:
    """A likelihood that is Gaussian once something that was not observed is filled in.

    Attributes
    ----------
    name : str
        As in the plan of analysis.
    log_likelihood : callable
        Log probability or density of the scores at every draw.
    completed : callable
        The input with what was not observed filled in, once for each draw.
    work : callable
        What the log likelihood costs a draw, in units of `MOST_WORK`.
    """

    name: str
    log_likelihood: Callable[[ModelInput, Draws], FloatArray]
    completed: Callable[[ModelInput, Draws, np.random.Generator], list[ModelInput]]
    work: Callable[[ModelInput, Draws], int]


def _with_latent_scores(
    inputs: ModelInput, draws: Draws, rng: np.random.Generator
) -> list[ModelInput]:
    return [replace(inputs, score=latent) for latent in bounded.complete(inputs, draws, rng)]


def _with_precisions(
    inputs: ModelInput, draws: Draws, rng: np.random.Generator
) -> list[ModelInput]:
    drawn = heavy_tails.complete(inputs, draws, rng)
    return [replace(inputs, innovation_precision=precision) for precision in drawn]


def _with_sds(inputs: ModelInput, draws: Draws, rng: np.random.Generator) -> list[ModelInput]:
    drawn = by_arm.complete(inputs, draws, rng)
    return [replace(inputs, innovation_precision=precision) for precision in drawn]


LIKELIHOODS = {
    likelihood.name: likelihood
    for likelihood in (
        LatentLikelihood(
            name=bounded.NAME,
            log_likelihood=bounded.log_likelihood,
            completed=_with_latent_scores,
            work=bounded.work,
        ),
        LatentLikelihood(
            name=heavy_tails.NAME,
            log_likelihood=heavy_tails.log_likelihood,
            completed=_with_precisions,
            work=lambda inputs, _: inputs.n,
        ),
        LatentLikelihood(
            name=by_arm.NAME,
            log_likelihood=by_arm.log_likelihood,
            completed=_with_sds,
            work=lambda inputs, _: inputs.n + len(inputs.arms) * len(by_arm.NODES),
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedDraws:
    """Draws with weights that make them the posterior under another likelihood.

    Attributes
    ----------
    draws : Draws
        S of them.
    weights : array, shape (S,)
        Pareto-smoothed; sum to 1.
    k_hat : float
        Shape of the weights' tail; below `LARGEST_K_HAT` they are reliable.
    ess : float
        Effective number of draws, 1 / sum of squared weights.
    log_evidence : float
        Log marginal likelihood of the scores.
    by : {"reweighting", "imputation"}
        What was reweighted: the Gaussian posterior, or a mixture of them.
    """

    draws: Draws
    weights: FloatArray
    k_hat: float
    ess: float
    log_evidence: float
    by: Literal["reweighting", "imputation"]

    @property
    def reliable(self) -> bool:
        """Return whether figures may be read from the draws."""
        return self.has(USABLE)

    @property
    def settled(self) -> bool:
        """Return whether another round would hardly be better."""
        return self.has(SETTLED)

    @property
    def rank(self) -> tuple[bool, float]:
        """Return what is greater the better the draws are."""
        return self._tame, self.ess

    def has(self, share: float) -> bool:
        """Return whether the weights are reliable and this share of the draws effective."""
        return self._tame and self.ess >= share * len(self.draws)

    @property
    def _tame(self) -> bool:
        return self.k_hat < LARGEST_K_HAT or self.ess >= EVEN * len(self.draws)


def reweight(
    inputs: ModelInput,
    gaussian: Posterior,
    likelihood: LatentLikelihood,
    *,
    n_draws: int = DRAWS,
    patient: bool = False,
) -> WeightedDraws | None:
    """Return the posterior under a likelihood, by the first way that settles, or the best.

    Rounds of few draws find out from what to draw; the answer is drawn once, from that. Where the
    rounds find nothing that could be used, their draws are returned as they are, not `reliable`;
    None where the answer would take more than `MOST_WORK`, unless one is patient.

    Parameters
    ----------
    inputs : ModelInput
        Scores and design.
    gaussian : Posterior
        The exact posterior of the default model.
    likelihood : LatentLikelihood
        One of `LIKELIHOODS`.
    n_draws : int
        Draws of the answer, at most.
    patient : bool
        Take minutes if need be.
    """
    rng = np.random.default_rng(SEED)
    posteriors, pilot = [gaussian], PILOT
    if not patient:
        affordable = MOST_WORK // likelihood.work(inputs, draw(gaussian, PILOT, rng))
        if affordable < min(FEWEST, n_draws):
            return None
        n_draws, pilot = min(n_draws, affordable), min(PILOT, affordable // 4)
    best = weighted = _weighted(inputs, posteriors, likelihood, pilot, rng)
    for _ in range(ROUNDS):
        if weighted.settled:
            break
        filled = _filled(inputs, weighted, likelihood, rng)
        weighted = _weighted(inputs, filled, likelihood, pilot, rng)
        if weighted.rank > best.rank:
            best, posteriors = weighted, filled
    if not best.has(HOPELESS):
        return best
    settled = best.settled
    for _ in range(ATTEMPTS):
        if not settled:
            # Both what the best draws came from and what they lead to: no part is left uncovered.
            posteriors = [*posteriors, *_filled(inputs, best, likelihood, rng)]
        best = _weighted(inputs, posteriors, likelihood, n_draws, rng)
        if best.reliable:
            break
        settled = False
    return best


def _filled(
    inputs: ModelInput,
    weighted: WeightedDraws,
    likelihood: LatentLikelihood,
    rng: np.random.Generator,
) -> list[Posterior]:
    """Return a Gaussian posterior for each of several imputations of what was not observed."""
    chosen = rng.choice(len(weighted.draws), IMPUTATIONS, p=weighted.weights)
    completed = likelihood.completed(inputs, weighted.draws.at(chosen), rng)
    return [solution.finest for solution in quadrature.solve_many(completed)]


def _weighted(
    inputs: ModelInput,
    posteriors: Sequence[Posterior],
    likelihood: LatentLikelihood,
    n_draws: int,
    rng: np.random.Generator,
) -> WeightedDraws:
    """Return draws from an even mixture of Gaussian posteriors, weighted for the likelihood.

    The prior is common to all, so a weight is the likelihood over the mean of the Gaussian
    densities, each over its evidence.
    """
    each = -(-n_draws // len(posteriors))
    draws = together([draw(posterior, each, rng) for posterior in posteriors])
    evidence = np.array([posterior.log_evidence for posterior in posteriors])
    proposal = log_density([posterior.inputs for posterior in posteriors], draws)
    mixture = logsumexp(proposal - evidence[:, None], axis=0) - np.log(len(posteriors))
    log_weights = likelihood.log_likelihood(inputs, draws) - mixture
    weights, k_hat = smoothed(log_weights)
    return WeightedDraws(
        draws=draws,
        weights=weights,
        k_hat=k_hat,
        ess=float(1.0 / (weights**2).sum()),
        log_evidence=float(logsumexp(log_weights) - np.log(len(draws))),
        by="reweighting" if len(posteriors) == 1 else "imputation",
    )
