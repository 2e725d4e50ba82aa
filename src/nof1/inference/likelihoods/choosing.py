"""Which likelihood the scores ask for, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.inference.likelihoods.draws import draw, innovations
from nof1.inference.likelihoods.reweighting import LIKELIHOODS, Weighted, reweight
from nof1.inference.posterior import Posterior
from nof1.inference.result import Outlier
from nof1.model.model_input import ModelInput
from nof1.protocol.parts import Likelihood

FloatArray = NDArray[np.float64]

#: Share of the range from an end within which a score is crowded, and share of the scores that
#: must be before the scores are taken to be cut off there.
END_OF_SCALE, SCORES_AT_END = 0.075, 0.10
#: Least distance of a score from what the score before foretells, in robust SDs, at which heavy
#: tails are tried; and log Bayes factor in their favour beyond which they are taken.
OUTLIER, LOG_BAYES_FACTOR = 4.0, 3.0
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
    reason : str
        Why, as it is said after "because".
    weighted : Weighted or None
        Draws of its posterior, where they are there already.
    outliers : tuple of Outlier
        In order of time, whatever the likelihood makes of them.
    """

    likelihood: Likelihood
    reason: str
    weighted: Weighted | None = None
    outliers: tuple[Outlier, ...] = ()


def choose(given: ModelInput, gaussian: Posterior) -> Choice:
    """Return the plan's likelihood, or under ``auto`` the one the scores ask for.

    Scores that are all alike tell nothing of their likelihood, and those that take two values only
    are answers of yes or no: ``gaussian`` stays. Otherwise it is ``bounded`` when more than 10 % of
    the scores lie within 7.5 % of the range from an end of a scale that is known; otherwise
    ``student-t`` when a score lies 4 robust SDs or more from what the score before foretells and
    the log Bayes factor for heavy tails is above 3; otherwise ``gaussian``.

    Parameters
    ----------
    given : ModelInput
        Scores and plan of one person.
    gaussian : Posterior
        The exact posterior of the default model.
    """
    if np.ptp(given.score) < given.step:
        asked = given.plan.likelihood
        if asked != "auto":
            return Choice(likelihood=asked, reason="it was asked for")
        return Choice(likelihood="gaussian", reason="the scores are all alike")
    crowded = share_at_ends(given)
    at_end = crowded > SCORES_AT_END
    far = outliers(given, gaussian, crowded=at_end or counts(given) is not None)
    if given.plan.likelihood != "auto":
        return Choice(likelihood=given.plan.likelihood, reason="it was asked for", outliers=far)
    if two_values(given) is not None:
        return Choice(likelihood="gaussian", reason="the scores take two values only")
    if at_end:
        return Choice(
            likelihood="bounded",
            reason=f"{100 * crowded:.0f} % of the scores lie at an end of the scale",
            outliers=far,
        )
    if far:
        weighted = reweight(given, gaussian, LIKELIHOODS["student-t"])
        gain = 0.0 if weighted is None else weighted.log_evidence - gaussian.log_evidence
        if gain > LOG_BAYES_FACTOR:
            worst = max(far, key=lambda one: one.sds)
            return Choice(
                likelihood="student-t",
                reason=(
                    f"the score of day {worst.day} lies {worst.sds:.1f} SD from what the one before"
                    f" it foretells, and heavy tails explain the scores better"
                    f" (log Bayes factor {gain:.1f})"
                ),
                weighted=weighted,
                outliers=far,
            )
    return Choice(likelihood="gaussian", reason="no score asks for another", outliers=far)


def share_at_ends(given: ModelInput) -> float:
    """Return the share of the scores that lie at an end of the scale or next to it.

    None does at an end that was guessed from the scores.
    """
    if not given.scale_known:
        return 0.0
    edge = END_OF_SCALE * given.span
    return float(np.mean((given.score <= given.low + edge) | (given.score >= given.high - edge)))


def two_values(given: ModelInput) -> tuple[float, float] | None:
    """Return the only two values that scores can take, None where they can take others.

    On a scale that is known they are its ends; otherwise two are all that ever came.
    """
    values = np.unique(given.score)
    if len(values) != 2 or (given.scale_known and np.ptp(values) < given.span):
        return None
    return float(values[0]), float(values[1])


def counts(given: ModelInput) -> float | None:
    """Return the share of zeros where scores look like counts, None where they do not.

    Whole numbers from 0 up, one in ten or more of them 0, on a scale that nobody gave.
    """
    whole = bool((given.score == np.round(given.score)).all() and given.score.min() == 0)
    zeros = float(np.mean(given.score == 0))
    looks = whole and zeros >= SCORES_AT_END and len(np.unique(given.score)) > 2
    return zeros if looks and not given.scale_known else None


def outliers(given: ModelInput, gaussian: Posterior, *, crowded: bool) -> tuple[Outlier, ...]:
    """Return the scores that lie 4 robust SDs or more from what the score before foretells.

    Parameters
    ----------
    given : ModelInput
        Scores and plan of one person.
    gaussian : Posterior
        The exact posterior of the default model.
    crowded : bool
        Many scores lie at an end of the scale, where they hardly scatter: the SD is then that of
        the scores that do.
    """
    draws = draw(gaussian, SCREENED, np.random.default_rng(0))
    away = given.score - draws.expected
    points = np.abs((innovations(away, draws) * draws.sigma[:, None]).mean(axis=0))
    spread = max(SD_PER_MAD * float(np.median(points)), given.step / 12**0.5)
    if crowded:
        spread = max(spread, SD_PER_TWENTIETH * float(np.quantile(points, 0.95)))
    far = points >= OUTLIER * spread
    # What follows an outlier is foretold wrongly by it, and is none for that.
    itself = np.abs(away.mean(axis=0)) >= OUTLIER * spread
    far[1:] &= ~far[:-1] | itself[1:]
    return tuple(
        Outlier(day=int(given.day[i]), score=float(given.score[i]), sds=float(points[i] / spread))
        for i in np.flatnonzero(far)
    )
