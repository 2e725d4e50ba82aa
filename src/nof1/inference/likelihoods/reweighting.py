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

from nof1.inference import quadrature
from nof1.inference.likelihoods import bounded, student_t
from nof1.inference.likelihoods.draws import Draws, draw, log_density, together
from nof1.inference.posterior import Posterior
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]

#: Draws of a round, imputations, and rounds of imputation at most.
DRAWS, IMPUTATIONS, ROUNDS = 4000, 32, 4
#: Largest k-hat at which weights are reliable (Vehtari et al., arXiv:1507.02646).
LARGEST_K_HAT = 0.7
#: Share of the draws that are effective, at least: for the figures to be used at all, and for no
#: further round to be tried. Imputations from a poor round make a mixture that is too narrow.
USABLE, SETTLED = 0.1, 0.5
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Likelihood:
    """A likelihood that is Gaussian once something that was not observed is filled in.

    Attributes
    ----------
    name : str
        As in the plan of analysis.
    log_likelihood : callable
        Log probability or density of the scores at every draw.
    completed : callable
        The input with what was not observed filled in, once for each draw.
    """

    name: str
    log_likelihood: Callable[[ModelInput, Draws], FloatArray]
    completed: Callable[[ModelInput, Draws, np.random.Generator], list[ModelInput]]


def _with_latent_scores(
    given: ModelInput, draws: Draws, rng: np.random.Generator
) -> list[ModelInput]:
    return [replace(given, score=latent) for latent in bounded.complete(given, draws, rng)]


def _with_precisions(given: ModelInput, draws: Draws, rng: np.random.Generator) -> list[ModelInput]:
    drawn = student_t.complete(given, draws, rng)
    return [replace(given, innovation_precision=precision) for precision in drawn]


LIKELIHOODS = {
    one.name: one
    for one in (
        Likelihood(
            name=bounded.NAME,
            log_likelihood=bounded.log_likelihood,
            completed=_with_latent_scores,
        ),
        Likelihood(
            name=student_t.NAME,
            log_likelihood=student_t.log_likelihood,
            completed=_with_precisions,
        ),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighted:
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
        return self._has(USABLE)

    @property
    def settled(self) -> bool:
        """Return whether another round would hardly be better."""
        return self._has(SETTLED)

    def _has(self, share: float) -> bool:
        return self.k_hat < LARGEST_K_HAT and self.ess >= share * len(self.draws)


def reweight(
    given: ModelInput, gaussian: Posterior, likelihood: Likelihood, *, n_draws: int = DRAWS
) -> Weighted:
    """Return the posterior under a likelihood, by the first way that settles, or the best.

    Parameters
    ----------
    given : ModelInput
        Scores and design.
    gaussian : Posterior
        The exact posterior of the default model.
    likelihood : Likelihood
        One of `LIKELIHOODS`.
    n_draws : int
        Draws of every round.
    """
    rng = np.random.default_rng(SEED)
    found = best = _weighted(given, [gaussian], likelihood, n_draws, rng)
    for _ in range(ROUNDS):
        if found.settled:
            return found
        chosen = rng.choice(len(found.draws), IMPUTATIONS, p=found.weights)
        completed = likelihood.completed(given, found.draws.at(chosen), rng)
        posteriors = [solution.finest for solution in quadrature.solve_many(completed)]
        found = _weighted(given, posteriors, likelihood, n_draws, rng)
        best = max(best, found, key=lambda one: (one.reliable, one.ess))
    return best


def _weighted(
    given: ModelInput,
    posteriors: Sequence[Posterior],
    likelihood: Likelihood,
    n_draws: int,
    rng: np.random.Generator,
) -> Weighted:
    """Return draws from an even mixture of Gaussian posteriors, weighted for the likelihood.

    The prior is common to all, so a weight is the likelihood over the mean of the Gaussian
    densities, each over its evidence.
    """
    each = -(-n_draws // len(posteriors))
    draws = together([draw(posterior, each, rng) for posterior in posteriors])
    evidence = np.array([posterior.log_evidence for posterior in posteriors])
    proposal = log_density([posterior.given for posterior in posteriors], draws)
    mixture = logsumexp(proposal - evidence[:, None], axis=0) - np.log(len(posteriors))
    log_weights = likelihood.log_likelihood(given, draws) - mixture
    weights, k_hat = smoothed(log_weights)
    return Weighted(
        draws=draws,
        weights=weights,
        k_hat=k_hat,
        ess=float(1.0 / (weights**2).sum()),
        log_evidence=float(logsumexp(log_weights) - np.log(len(draws))),
        by="reweighting" if len(posteriors) == 1 else "imputation",
    )


def smoothed(log_weights: FloatArray) -> tuple[FloatArray, float]:
    """Return Pareto-smoothed weights that sum to 1, and the k-hat of their tail."""
    from arviz_stats.base import array_stats

    if np.ptp(log_weights) < 1e-6:
        return np.full(len(log_weights), 1.0 / len(log_weights)), 0.0
    log_smoothed, k_hat = array_stats.psislw(-log_weights)
    weights = np.exp(log_smoothed - logsumexp(log_smoothed))
    return weights, float(k_hat)
