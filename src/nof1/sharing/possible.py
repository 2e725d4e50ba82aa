"""What no trial can give: numbers of a contribution that its own scale rules out.

A contribution is written by other people's programs, or by hand. A wrong number in one of them
must not turn the answer of all persons round, or end a pool without a word on who it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from nof1.sharing.shared_likelihood import SharedComponents, SharedLikelihood

FloatArray = NDArray[np.float64]

#: A component's SD as a share of the range: scores are given in steps, and even an effect that no
#: score speaks of has a component no wider than this.
NARROWEST, WIDEST = 1e-5, 1e6
#: Scores are given to no more than a thousandth of their range: rounding alone then scatters them
#: by this share of the range, as one step does evenly from end to end.
FINEST = 1e-3 / sqrt(12.0)
#: Fewer scores than the first leave room for any noise: together they tell an effect to no better
#: than the second, a share of the range.
FEW, FEW_TELL = 6, 0.02
#: SD of a normal distribution over its median distance from the median.
NORMAL = 1.4826
#: SDs of the noise that was added to log SDs before a coarse likelihood left, that are allowed for.
ADDED = 5.0
#: How far below its peak a likelihood may be everywhere on the scale, as a logarithm.
DEPTH = 50.0
#: Days of a half-life, and counts of days, periods or scores, that are beyond belief.
LONGEST = 1e5
#: Means of an exponential prior beyond which it has no density in floating point.
MEANS_AWAY = 700.0
#: SD of a log noise SD beyond which nothing at all is told of the noise; its prior has about 1.
VAGUEST = 10.0
#: What log weights, 0 at the likeliest, may come down to.
LOWEST = -1e6

_MEND = "ask its sender to share the trial again, or take it out of the file"


def impossible_likelihood(
    likelihood: SharedLikelihood, span: float, scores: int | None
) -> Iterator[str]:
    """Yield what is impossible in a likelihood of effects, by a scale of this range.

    An effect can be no larger than the range. So the likelihood must be within `DEPTH` of its peak
    for some effect inside it, whatever single components of little weight say. And it can be no
    surer than its number of scores allows.

    Parameters
    ----------
    likelihood : SharedLikelihood
        As contributed.
    span : float
        Range of the scale, in points.
    scores : int or None
        Scores it rests on; None where nobody counted them, as in tables of summaries.
    """
    components = likelihood.components
    variances, weights = components.variances, components.log_weights
    for variance in (float(variances.min()), float(variances.max())):
        if not NARROWEST * span <= sqrt(variance) <= WIDEST * span:
            yield (
                f"likelihood.covariances: no trial on a scale of {span:g} points tells an effect"
                f" to {sqrt(variance):.3g} points; {_MEND}"
            )
            return
    sizes = np.abs(components.means)
    farthest, lowest, highest = float(sizes.max()), float(weights.min()), float(weights.max())
    if farthest > WIDEST * span or lowest < LOWEST or highest > 0.0:
        yield (
            f"likelihood: effects of {farthest:g} points and log weights from {lowest:g} to"
            f" {highest:g} cannot be; {_MEND}"
        )
        return
    beyond = np.maximum(sizes - span, 0.0) ** 2 / variances
    if (weights - 0.5 * beyond.max(axis=1)).max() <= -DEPTH:
        named = ", ".join(f"{value:g}" for value in likelihood.means[int(weights.argmax())])
        yield (
            f"likelihood.means: an effect of {named} is impossible on a scale of {span:g} points;"
            f" {_MEND}"
        )
    yield from _impossible_half_lives(likelihood)
    yield from _impossible_noise(likelihood, span)
    if scores is not None:
        yield from _too_sure(likelihood, span, scores)


def _too_sure(likelihood: SharedLikelihood, span: float, scores: int) -> Iterator[str]:
    """Yield why so many scores cannot tell an effect as surely as a likelihood claims.

    The difference of two means of N scores in all, whose noise has the SD s, has a standard error
    of 2 s / sqrt(N) at best; rounding alone makes s `FINEST` of the range.
    """
    if scores < 2:
        yield f"design.scores: {scores} scores tell no effect; {_MEND}"
        return
    components = likelihood.components
    slack = 1.0 if likelihood.added_noise is None else exp(-ADDED * likelihood.added_noise.log_sds)
    share = FEW_TELL if scores < FEW else 2.0 * FINEST / sqrt(scores)
    least, claimed = share * span * slack, _width(components)
    if claimed < least:
        yield (
            f"likelihood.covariances: {scores} scores on a scale of {span:g} points tell no effect"
            f" to {claimed:.2g} points, nor to less than {least:.2g}; {_MEND}"
        )


def _width(components: SharedComponents) -> float:
    """Return how wide the middle of a likelihood is, as an SD, in the effect it tells best.

    Of a mixture the median variance and the median distance of means from their median, by weight,
    so that wide components of little weight hide nothing.
    """
    heights = components.log_weights + 0.5 * np.linalg.slogdet(components.covariances)[1]
    weights = np.exp(heights - heights.max())
    widths = []
    for effect in range(components.means.shape[1]):
        mean = components.means[:, effect]
        away = np.abs(mean - _median(mean, weights))
        variance = _median(components.variances[:, effect], weights)
        widths.append(sqrt(variance + (NORMAL * _median(away, weights)) ** 2))
    return min(widths)


def _median(values: FloatArray, weights: FloatArray) -> float:
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, 0.5 * reached[-1])])


def _impossible_half_lives(likelihood: SharedLikelihood) -> Iterator[str]:
    prior, half_lives = likelihood.half_life_prior, likelihood.components.half_lives
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


def _impossible_noise(likelihood: SharedLikelihood, span: float) -> Iterator[str]:
    """Yield what no scores can tell of their noise, or of a difference between periods."""
    if (noise := likelihood.noise) is not None:
        likeliest = exp(noise.log_sds[int(likelihood.components.log_weights.argmax())])
        least, most = exp(min(noise.log_sds)), exp(max(noise.log_sds))
        checks = ((likeliest, likeliest > span), (least, least < NARROWEST * span))
        beyond = [sd for sd, is_beyond in (*checks, (most, most > WIDEST * span)) if is_beyond]
        if beyond:
            yield (
                f"likelihood.noise: no scores on a scale of {span:g} points scatter with an SD of"
                f" {beyond[0]:.3g}; {_MEND}"
            )
        if max(noise.spreads) > VAGUEST:
            yield f"likelihood.noise: a spread of {max(noise.spreads):g} tells nothing; {_MEND}"
    if likelihood.scheduled is not None:
        share = max((abs(share) for row in likelihood.scheduled for share in row), default=0.0)
        if share > 1.0 + 1e-3:
            yield (
                f"likelihood.scheduled: no difference between periods holds {share:g} times an"
                f" effect; {_MEND}"
            )


def impossible_differences(
    differences: Mapping[str, Iterable[float]] | None, span: float
) -> Iterator[str]:
    """Yield cycle differences that are larger than a scale of this range."""
    for arm, values in (differences or {}).items():
        largest = max(map(abs, values), default=0.0)
        if largest > span * (1.0 + 1e-9):
            yield (
                f"cycle_differences.{arm}: a difference of {largest:g} is impossible on a scale of"
                f" {span:g} points; {_MEND}"
            )
            return


def impossible_counts(counts: Mapping[str, object]) -> Iterator[str]:
    """Yield counts of a design that are beyond belief."""
    for name, value in counts.items():
        if isinstance(value, int) and value > LONGEST:
            yield f"design.{name}: {value} is beyond belief; {_MEND}"
