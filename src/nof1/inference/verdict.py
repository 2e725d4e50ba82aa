"""From a posterior to a verdict, by the rule the protocol fixed before randomisation."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Literal

from nof1.inference.result import Verdict
from nof1.inference.summaries import Chances, Summary
from nof1.protocol.tables import Decision
from nof1.scales import Better

#: Beyond this many further cycles the advice is that no such trial will tell.
MOST_FURTHER_CYCLES = 20


def chances_of(cdf: Callable[[float], float], better: Better, mcid: float | None) -> Chances:
    """Return the probabilities a decision is made from.

    Parameters
    ----------
    cdf : callable
        Posterior distribution function of the effect, active minus comparator, in points.
    better : {"lower", "higher"}
        Which direction is an improvement.
    mcid : float or None
        Smallest difference that matters, in points; without it the probabilities about size are
        None.

    Examples
    --------
    A posterior between -4 and 0, all points alike, where lower is better and 3 points matter:

    >>> def cdf(point):
    ...     return min(1.0, max(0.0, (point + 4) / 4))
    >>> chances = chances_of(cdf, "lower", 3.0)
    >>> chances.better, chances.meaningful, chances.trivial
    (1.0, 0.25, 0.75)
    """
    below_zero = cdf(0.0)
    good, bad = (
        (below_zero, 1.0 - below_zero) if better == "lower" else (1.0 - below_zero, below_zero)
    )
    if mcid is None:
        return Chances(
            better=good, meaningful=None, trivial=None, worse=bad, meaningfully_worse=None
        )
    low, high = cdf(-mcid), 1.0 - cdf(mcid)
    return Chances(
        better=good,
        meaningful=low if better == "lower" else high,
        trivial=max(0.0, 1.0 - low - high),
        worse=bad,
        meaningfully_worse=high if better == "lower" else low,
    )


def decide(chances: Chances, decision: Decision) -> Verdict:
    """Return the verdict that follows from the chances of an effect.

    A difference that is almost surely too small to matter is called so even when its direction
    is known, which is why that rung comes before *helps, perhaps too little to matter*.

    Examples
    --------
    >>> chances = Chances(
    ...     better=0.97, meaningful=0.4, trivial=0.6, worse=0.03, meaningfully_worse=0.0
    ... )
    >>> decide(chances, Decision()).code
    'helps-perhaps-too-little'
    """
    if chances.meaningful is not None and chances.meaningful >= decision.meaningful:
        return Verdict(code="helps-meaningfully")
    if chances.trivial is not None and chances.trivial >= decision.trivial:
        return Verdict(code="no-meaningful-difference")
    if chances.better >= decision.better:
        return Verdict(code="helps-perhaps-too-little")
    if chances.worse >= decision.worse:
        return Verdict(code="makes-worse")
    return Verdict(code="cannot-tell")


def direction(chances: Chances, decision: Decision) -> Literal["better", "worse"] | None:
    """Return in which direction there is a difference of any size, None where that is not sure."""
    if chances.better >= decision.better:
        return "better"
    return "worse" if chances.worse >= decision.worse else None


def strictest(decisions: Collection[Decision]) -> Decision:
    """Return the rule with the highest of several thresholds of each kind."""
    return Decision(
        meaningful=max(decision.meaningful for decision in decisions),
        trivial=max(decision.trivial for decision in decisions),
        better=max(decision.better for decision in decisions),
        worse=max(decision.worse for decision in decisions),
    )


def further_cycles(
    effect: Summary,
    decision: Decision,
    *,
    prior_sd: float,
    n_cycles: int,
    better: Better,
    mcid: float | None,
) -> int | None:
    """Return about how many more cycles would give a verdict, None when more than 20.

    The information of the scores so far is taken to grow in proportion to the cycles, and their
    estimate to stay where it is; the prior is multiplied in again at every length.

    Parameters
    ----------
    effect : Summary
        The posterior, in points.
    decision : Decision
        The protocol's rule.
    prior_sd : float
        SD of the prior of the effect, whose mean is 0, in points.
    n_cycles : int
        Cycles done.
    better, mcid
        As in `chances_of`.
    """
    from scipy.special import ndtr

    information = 1.0 / effect.sd**2 - 1.0 / prior_sd**2
    if information <= 0:
        return None
    estimate = effect.mean / effect.sd**2 / information
    for more in range(1, MOST_FURTHER_CYCLES + 1):
        grown = information * (n_cycles + more) / n_cycles
        sd = (grown + 1.0 / prior_sd**2) ** -0.5
        mean = estimate * grown * sd**2

        def cdf(point: float, mean: float = mean, sd: float = sd) -> float:
            return float(ndtr((point - mean) / sd))

        if decide(chances_of(cdf, better, mcid), decision).code != "cannot-tell":
            return more
    return None
