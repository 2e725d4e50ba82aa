"""Which likelihood the scores ask for, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.posterior import Posterior
from nof1.inference.likelihoods.by_arm import scatter_by_arm
from nof1.inference.likelihoods.draws import Draws, draw, innovations
from nof1.inference.likelihoods.reweighting import LIKELIHOODS, WeightedDraws, reweight
from nof1.inference.result import LOG_BAYES_FACTOR, Outlier, Scatter
from nof1.model.model_input import ModelInput
from nof1.protocol.tables import Likelihood
from nof1.words.caution import Caution

FloatArray = NDArray[np.float64]

#: Share of the range from an end within which a score is crowded, and share of the scores that
#: must be before the scores are taken to be cut off there.
END_OF_SCALE, SCORES_AT_END = 0.075, 0.10
#: Least distance of a score from what the score before foretells, in robust SDs, at which heavy
#: tails are tried.
OUTLIER = 4.0
#: Draws the residuals are averaged over, and SD of a normal distribution over its median deviation
#: and over the deviation that one in twenty exceeds.
SCREENED, SD_PER_MAD, SD_PER_TWENTIETH = 200, 1.4826, 0.5102


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A likelihood, why it was taken, and its posterior where choosing computed it already.

    Attributes
    ----------
    likelihood : str
        As in the plan of analysis.
    reason : Caution
        Why, as it is said after "because".
    weighted : WeightedDraws or None
        Draws of its posterior, where they are there already.
    outliers : tuple of Outlier
        In order of time, whatever the likelihood makes of them.
    scatter : Scatter or None
        How much scores scatter by arm; None where they do not.
    """

    likelihood: Likelihood
    reason: Caution
    weighted: WeightedDraws | None = None
    outliers: tuple[Outlier, ...] = ()
    scatter: Scatter | None = None


def choose(inputs: ModelInput, gaussian: Posterior) -> Choice:
    """Return the plan's likelihood, or under ``auto`` the one the scores ask for.

    Scores that are all alike tell nothing of their likelihood, and those that take two values only
    are answers of yes or no: ``gaussian`` stays. Otherwise it is ``bounded`` when more than 10 % of
    the scores lie within 7.5 % of the range from an end of a scale that is known; otherwise
    ``student-t`` when a score lies 4 robust SDs or more from what the score before foretells, or
    ``by-arm`` when scores scatter more on one arm than on another, whichever explains the scores
    better, with a log Bayes factor above 3; otherwise ``gaussian``.

    Parameters
    ----------
    inputs : ModelInput
        Scores and plan of one person.
    gaussian : Posterior
        The exact posterior of the default model.
    """
    if np.ptp(inputs.score) < inputs.step:
        asked = inputs.plan.likelihood
        if asked != "auto":
            return Choice(likelihood=asked, reason=Caution.of("asked-for"))
        return Choice(likelihood="gaussian", reason=Caution.of("scores-alike"))
    crowded = share_at_ends(inputs)
    at_end = crowded > SCORES_AT_END
    draws = draw(gaussian, SCREENED, np.random.default_rng(0))
    scatter = scatter_by_arm(inputs, draws)
    far = outliers(
        inputs, draws, crowded=at_end or counts(inputs) is not None, by_arm=scatter.unequal
    )

    def chosen(likelihood: Likelihood, reason: Caution) -> Choice:
        return Choice(likelihood=likelihood, reason=reason, outliers=far, scatter=scatter)

    if inputs.plan.likelihood != "auto":
        return chosen(inputs.plan.likelihood, Caution.of("asked-for"))
    if two_values(inputs) is not None:
        plain = chosen("gaussian", Caution.of("two-values-only"))
        # How much answers of yes and no scatter follows from how many there are of each.
        return replace(plain, scatter=None)
    if at_end:
        return chosen("bounded", crowding(inputs))
    return _explained(inputs, gaussian, chosen("gaussian", Caution.of("no-other-likelihood")))


def _explained(inputs: ModelInput, gaussian: Posterior, plain: Choice) -> Choice:
    """Return the likelihood that explains outliers or unequal scatter, or else the plain choice.

    Heavy tails come first: where they are tried, scores lie far from the others of their own arm.
    """
    tails, least = _with_heavy_tails(inputs, gaussian, plain), LOG_BAYES_FACTOR
    if tails is not None and tails[0] > LOG_BAYES_FACTOR:
        plain, least = tails[1], tails[0] + LOG_BAYES_FACTOR
    sds = _with_sds(inputs, gaussian, plain)
    return sds[1] if sds is not None and sds[0] > least else plain


def _with_heavy_tails(
    inputs: ModelInput, gaussian: Posterior, plain: Choice
) -> tuple[float, Choice] | None:
    """Return the log Bayes factor for heavy tails, and the choice of them."""
    weighted = reweight(inputs, gaussian, LIKELIHOODS["student-t"]) if plain.outliers else None
    if weighted is None:
        return None
    gain = weighted.log_evidence - gaussian.log_evidence
    worst = max(plain.outliers, key=lambda outlier: outlier.sds)
    reason = Caution.of("outlier-explained", day=worst.day, sds=worst.sds, gain=gain)
    return gain, replace(plain, likelihood="student-t", reason=reason, weighted=weighted)


def _with_sds(
    inputs: ModelInput, gaussian: Posterior, plain: Choice
) -> tuple[float, Choice] | None:
    """Return the log Bayes factor for an SD for each arm, and the choice of that."""
    scatter = plain.scatter
    if scatter is None or not scatter.unequal:
        return None
    weighted = reweight(inputs, gaussian, LIKELIHOODS["by-arm"])
    if weighted is None:
        return None
    gain = weighted.log_evidence - gaussian.log_evidence
    reason = Caution.of("scatter-explained", scatter=scatter_note(scatter), gain=gain)
    scatter = replace(scatter, log_bayes_factor=gain)
    return gain, replace(
        plain, likelihood="by-arm", reason=reason, weighted=weighted, scatter=scatter
    )


def scatter_note(scatter: Scatter) -> Caution:
    """Return how much scores scatter, arm by arm."""
    return Caution.of("scatter-by-arm", sds=tuple(scatter.sds.items()))


def share_at_ends(inputs: ModelInput) -> float:
    """Return the share of the scores that lie at an end of the scale or next to it.

    None does at an end that was guessed from the scores.
    """
    if not inputs.scale_known:
        return 0.0
    edge = END_OF_SCALE * inputs.span
    return float(
        np.mean((inputs.score <= inputs.low + edge) | (inputs.score >= inputs.high - edge))
    )


def crowding(inputs: ModelInput) -> Caution:
    """Return which share of the scores lies at an end of the scale, or next to it if any does."""
    share = share_at_ends(inputs)
    near = share > np.mean((inputs.score <= inputs.low) | (inputs.score >= inputs.high))
    return Caution.of("at-the-ends", share=share, near=bool(near))


def two_values(inputs: ModelInput) -> tuple[float, float] | None:
    """Return the only two values that scores can take, None where they can take others.

    On a scale that is known they are its ends; otherwise two are all that ever came.
    """
    values = np.unique(inputs.score)
    if len(values) != 2 or (inputs.scale_known and np.ptp(values) < inputs.span):
        return None
    return float(values[0]), float(values[1])


def counts(inputs: ModelInput) -> float | None:
    """Return the share of zeros where scores look like counts, None where they do not.

    Whole numbers from 0 up, one in ten or more of them 0, on a scale that nobody gave.
    """
    whole = bool((inputs.score == np.round(inputs.score)).all() and inputs.score.min() == 0)
    zeros = float(np.mean(inputs.score == 0))
    looks = whole and zeros >= SCORES_AT_END and len(np.unique(inputs.score)) > 2
    return zeros if looks and not inputs.scale_known else None


def outliers(
    inputs: ModelInput, draws: Draws, *, crowded: bool, by_arm: bool = False
) -> tuple[Outlier, ...]:
    """Return the scores that lie 4 robust SDs or more from what the score before foretells.

    Parameters
    ----------
    inputs : ModelInput
        Scores and plan of one person.
    draws : Draws
        From the exact posterior of the default model.
    crowded : bool
        Many scores lie at an end of the scale, where they hardly scatter: the SD is then that of
        the scores that do.
    by_arm : bool
        Scores scatter unequally: the SD is then that of the scores of the same arm.
    """
    away = inputs.score - draws.expected
    points = np.abs((innovations(away, draws) * draws.sigma[:, None]).mean(axis=0))
    arms = inputs.mainly_on if by_arm else np.zeros(inputs.n, dtype=np.int64)
    spread = np.empty(inputs.n)
    for arm in np.unique(arms):
        spread[arms == arm] = _robust_sd(points[arms == arm], inputs.step, crowded=crowded)
    far = points >= OUTLIER * spread
    # What follows an outlier is foretold wrongly by it, and is none for that.
    itself = np.abs(away.mean(axis=0)) >= OUTLIER * spread
    far[1:] &= ~far[:-1] | itself[1:]
    return tuple(
        Outlier(
            day=int(inputs.day[i]), score=float(inputs.score[i]), sds=float(points[i] / spread[i])
        )
        for i in np.flatnonzero(far)
    )


def _robust_sd(points: FloatArray, step: float, *, crowded: bool) -> float:
    """Return the SD that distances have but for the largest of them."""
    spread = max(SD_PER_MAD * float(np.median(points)), step / 12**0.5)
    if crowded:
        spread = max(spread, SD_PER_TWENTIETH * float(np.quantile(points, 0.95)))
    return spread
