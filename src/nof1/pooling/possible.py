"""What no trial can give: numbers of a contribution that its own scale rules out.

A contribution is written by other people's programs, or by hand. A wrong number in one of them
must not turn the answer of all persons round, or end a pool without a word on who it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import sqrt

import numpy as np

from nof1.pooling.shared_likelihood import SharedLikelihood

#: A component's SD as a share of the range: scores are given in steps, and even an effect that no
#: score speaks of has a component no wider than this.
NARROWEST, WIDEST = 1e-5, 1e6
#: How far below its peak a likelihood may be everywhere on the scale, as a logarithm.
DEPTH = 50.0
#: Days of a half-life, and counts of days, periods or scores, that are beyond belief.
LONGEST = 1e5
#: Means of an exponential prior beyond which it has no density in floating point.
MEANS_AWAY = 700.0
#: What log weights, 0 at the likeliest, may come down to.
LOWEST = -1e6

_MEND = "ask its sender to share the trial again, or take it out of the file"


def impossible_likelihood(given: SharedLikelihood, span: float) -> Iterator[str]:
    """Yield what is impossible in a likelihood of effects, by a scale of this range.

    An effect can be no larger than the range. So the likelihood must be within `DEPTH` of its peak
    for some effect inside it, whatever single components of little weight say.
    """
    told = given.components
    variances, weights = told.variances, told.log_weights
    for variance in (float(variances.min()), float(variances.max())):
        if not NARROWEST * span <= sqrt(variance) <= WIDEST * span:
            yield (
                f"likelihood.covariances: no trial on a scale of {span:g} points tells an effect"
                f" to {sqrt(variance):.3g} points; {_MEND}"
            )
            return
    sizes = np.abs(told.means)
    farthest, lowest, highest = float(sizes.max()), float(weights.min()), float(weights.max())
    if farthest > WIDEST * span or lowest < LOWEST or highest > 0.0:
        yield (
            f"likelihood: effects of {farthest:g} points and log weights from {lowest:g} to"
            f" {highest:g} cannot be; {_MEND}"
        )
        return
    beyond = np.maximum(sizes - span, 0.0) ** 2 / variances
    if (weights - 0.5 * beyond.max(axis=1)).max() <= -DEPTH:
        named = ", ".join(f"{value:g}" for value in given.means[int(weights.argmax())])
        yield (
            f"likelihood.means: an effect of {named} is impossible on a scale of {span:g} points;"
            f" {_MEND}"
        )
    yield from _impossible_half_lives(given)


def _impossible_half_lives(given: SharedLikelihood) -> Iterator[str]:
    prior, half_lives = given.half_life_prior, given.components.half_lives
    if prior is None or half_lives is None:
        return
    longest = max(float(half_lives.max()), *prior.means_days)
    if longest > LONGEST:
        yield f"likelihood.half_lives: {longest:g} days is no half-life; {_MEND}"
    elif abs(sum(prior.shares) - 1.0) > 1e-3 or half_lives.max() > MEANS_AWAY * max(
        prior.means_days
    ):
        yield (
            "likelihood.half_life_prior: half-lives of the components cannot come from it, or its"
            f" shares do not sum to 1; {_MEND}"
        )


def impossible_differences(
    given: Mapping[str, Iterable[float]] | None, span: float
) -> Iterator[str]:
    """Yield cycle differences that are larger than a scale of this range."""
    for arm, values in (given or {}).items():
        largest = max(map(abs, values), default=0.0)
        if largest > span * (1.0 + 1e-9):
            yield (
                f"cycle_differences.{arm}: a difference of {largest:g} is impossible on a scale of"
                f" {span:g} points; {_MEND}"
            )
            return


def impossible_counts(given: Mapping[str, object]) -> Iterator[str]:
    """Yield counts of a design that are beyond belief."""
    for name, value in given.items():
        if isinstance(value, int) and value > LONGEST:
            yield f"design.{name}: {value} is beyond belief; {_MEND}"
