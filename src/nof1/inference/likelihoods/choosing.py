"""Which likelihood the scores ask for, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.inference.likelihoods.draws import draw, innovations
from nof1.inference.likelihoods.reweighting import LIKELIHOODS, Weighted, reweight
from nof1.inference.posterior import Posterior
from nof1.model.model_input import ModelInput
from nof1.protocol.parts import Likelihood

FloatArray = NDArray[np.float64]

#: Share of the range from an end within which a score is crowded, and share of the scores that
#: must be before the scores are taken to be cut off there.
END_OF_SCALE, SCORES_AT_END = 0.075, 0.10
#: Least distance of a score from what the score before foretells, in robust SDs, at which heavy
#: tails are tried; and log Bayes factor in their favour beyond which they are taken.
OUTLIER, LOG_BAYES_FACTOR = 4.0, 3.0
#: Draws the residuals are averaged over, and SD of a normal distribution over its median deviation.
SCREENED, SD_PER_MAD = 200, 1.4826


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A likelihood, why it was taken, and its posterior where choosing computed it already."""

    likelihood: Likelihood
    reason: str
    weighted: Weighted | None = None


def choose(given: ModelInput, gaussian: Posterior) -> Choice:
    """Return the plan's likelihood, or under ``auto`` the one the scores ask for.

    Scores that are all alike tell nothing of their likelihood, and ``gaussian`` stays. Otherwise
    it is ``bounded`` when more than 10 % of the scores lie within 7.5 % of the range from an
    end of the scale; otherwise ``student-t`` when a score lies 4 robust SDs or more from what the
    score before foretells and the log Bayes factor for heavy tails is above 3; otherwise
    ``gaussian``.

    Parameters
    ----------
    given : ModelInput
        Scores and plan of one person.
    gaussian : Posterior
        The exact posterior of the default model.
    """
    if given.plan.likelihood != "auto":
        return Choice(likelihood=given.plan.likelihood, reason="it was asked for")
    if np.ptp(given.score) < given.step:
        return Choice(likelihood="gaussian", reason="the scores are all alike")
    crowded = share_at_ends(given)
    if crowded > SCORES_AT_END:
        return Choice(
            likelihood="bounded",
            reason=f"{100 * crowded:.0f} % of the scores lie at an end of the scale",
        )
    far, day = farthest(given, gaussian)
    if far >= OUTLIER:
        weighted = reweight(given, gaussian, LIKELIHOODS["student-t"])
        gain = weighted.log_evidence - gaussian.log_evidence
        if gain > LOG_BAYES_FACTOR:
            return Choice(
                likelihood="student-t",
                reason=(
                    f"the score of day {day} lies {far:.1f} SD from what the one before it "
                    f"foretells, and heavy tails explain the scores better"
                    f" (log Bayes factor {gain:.1f})"
                ),
                weighted=weighted,
            )
    return Choice(likelihood="gaussian", reason="no score asks for another")


def share_at_ends(given: ModelInput) -> float:
    """Return the share of the scores that lie at an end of the scale or next to it."""
    edge = END_OF_SCALE * given.span
    return float(np.mean((given.score <= given.low + edge) | (given.score >= given.high - edge)))


def farthest(given: ModelInput, gaussian: Posterior) -> tuple[float, int]:
    """Return the largest innovation in robust SDs, and its study day."""
    draws = draw(gaussian, SCREENED, np.random.default_rng(0))
    free = innovations(given.score - draws.expected, draws)
    points = (free * draws.sigma[:, None]).mean(axis=0)
    spread = max(SD_PER_MAD * float(np.median(np.abs(points))), given.step / 12**0.5)
    worst = int(np.abs(points).argmax())
    return float(abs(points[worst]) / spread), int(given.day[worst])
