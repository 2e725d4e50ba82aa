"""What no trial can give: numbers of a contribution that its own scale rules out.

A contribution is written by other people's programs, or by hand. A wrong number in one of them
must not turn the answer of all persons round, or end a pool without a word on who it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import sqrt

from nof1.model.priors import HalfLifePrior
from nof1.pooling.shared_likelihood import SharedLikelihood

#: A component's SD as a share of the range: scores are given in steps, and even an effect that no
#: score speaks of has a component no wider than this.
NARROWEST, WIDEST = 1e-5, 1e6
#: How far below its peak a likelihood may be everywhere on the scale, as a logarithm.
DEPTH = 50.0
#: Days of a half-life, and counts of days, periods or scores, that are beyond belief.
LONGEST = 1e5
#: What log weights, 0 at the likeliest, may come down to.
LOWEST = -1e6

_MEND = "ask its sender to share the trial again, or take it out of the file"


def impossible_likelihood(given: SharedLikelihood, span: float) -> Iterator[str]:
    """Yield what is impossible in a likelihood of effects, by a scale of this range.

    An effect can be no larger than the range. So the likelihood must be within `DEPTH` of its peak
    for some effect inside it, whatever single components of little weight say.
    """
    k = len(given.means[0])
    diagonal = [place * (place + 3) // 2 for place in range(k)]
    reached = False
    for mean, covariance, weight in zip(
        given.means, given.covariances, given.log_weights, strict=True
    ):
        for value, cell in zip(mean, diagonal, strict=True):
            sd = sqrt(covariance[cell])
            if not NARROWEST * span <= sd <= WIDEST * span:
                yield (
                    f"likelihood.covariances: no trial on a scale of {span:g} points tells an"
                    f" effect to {sd:.3g} points; {_MEND}"
                )
                return
            if not abs(value) <= WIDEST * span or not LOWEST <= weight <= 0.0:
                yield (
                    f"likelihood.means: a component of mean {value:g} and log weight {weight:g}"
                    f" cannot be; {_MEND}"
                )
                return
        if not reached:
            beyond = max(
                max(abs(value) - span, 0.0) / sqrt(covariance[cell])
                for value, cell in zip(mean, diagonal, strict=True)
            )
            reached = weight - 0.5 * beyond**2 > -DEPTH
    if not reached:
        first = given.means[given.log_weights.index(max(given.log_weights))]
        told = ", ".join(f"{value:g}" for value in first)
        yield (
            f"likelihood.means: an effect of {told} is impossible on a scale of {span:g} points;"
            f" {_MEND}"
        )
    days = [*(given.half_lives or ()), *_prior_days(given)]
    if days and max(days) > LONGEST:
        yield f"likelihood.half_lives: {max(days):g} days is no half-life; {_MEND}"
    prior = given.half_life_prior
    if prior is not None and given.half_lives:
        mixture = HalfLifePrior(means_days=prior.means_days, shares=prior.shares)
        if abs(sum(prior.shares) - 1.0) > 1e-3 or not mixture.density(given.half_lives).min() > 0.0:
            yield (
                "likelihood.half_life_prior: half-lives of the components cannot come from it, or"
                f" its shares do not sum to 1; {_MEND}"
            )


def _prior_days(given: SharedLikelihood) -> Iterable[float]:
    return () if given.half_life_prior is None else given.half_life_prior.means_days


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
