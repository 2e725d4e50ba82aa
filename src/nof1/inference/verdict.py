"""From a posterior to a verdict, by the rule the protocol fixed before randomisation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nof1.inference.result import Verdict
from nof1.protocol.tables import Decision
from nof1.scales import Better

#: Beyond this many further cycles the advice is that no such trial will tell.
MOST_FURTHER_CYCLES = 20


def probabilities(
    cdf: Callable[[float], float], better: Better, mcid: float | None
) -> dict[str, float | None]:
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

    Returns
    -------
    dict
        ``p_better`` and ``p_worse``: any difference in that direction (they sum to 1);
        ``p_meaningful``, ``p_trivial``, ``p_meaningfully_worse``: better by the MCID or more,
        within it, worse by it or more (they sum to 1).
    """
    below_zero = cdf(0.0)
    chances: dict[str, float | None] = {
        "p_better": below_zero if better == "lower" else 1.0 - below_zero,
        "p_meaningful": None,
        "p_worse": 1.0 - below_zero if better == "lower" else below_zero,
        "p_trivial": None,
        "p_meaningfully_worse": None,
    }
    if mcid is not None:
        low, high = cdf(-mcid), 1.0 - cdf(mcid)
        chances["p_meaningful"], chances["p_meaningfully_worse"] = (
            (low, high) if better == "lower" else (high, low)
        )
        chances["p_trivial"] = max(0.0, 1.0 - low - high)
    return chances


def decide(values: Mapping[str, Any], decision: Decision) -> Verdict:
    """Return the verdict that follows from the probabilities of `probabilities`.

    A difference that is almost surely too small to matter is called so even when its direction
    is known, which is why that rung comes before *helps, perhaps too little to matter*.
    """
    meaningful, trivial = values["p_meaningful"], values["p_trivial"]
    if meaningful is not None and meaningful >= decision.meaningful:
        return Verdict(code="helps-meaningfully")
    if trivial is not None and trivial >= decision.trivial:
        return Verdict(code="no-meaningful-difference")
    if values["p_better"] >= decision.better:
        return Verdict(code="helps-perhaps-too-little")
    if values["p_worse"] >= decision.worse:
        return Verdict(code="makes-worse")
    return Verdict(code="cannot-tell")


def further_cycles(
    values: Mapping[str, Any],
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
    values : mapping
        With ``mean`` and ``sd`` of the posterior, in points.
    decision : Decision
        The protocol's rule.
    prior_sd : float
        SD of the prior of the effect, whose mean is 0, in points.
    n_cycles : int
        Cycles done.
    better, mcid
        As in `probabilities`.
    """
    from scipy.special import ndtr

    information = 1.0 / values["sd"] ** 2 - 1.0 / prior_sd**2
    if information <= 0:
        return None
    estimate = values["mean"] / values["sd"] ** 2 / information
    for more in range(1, MOST_FURTHER_CYCLES + 1):
        grown = information * (n_cycles + more) / n_cycles
        sd = (grown + 1.0 / prior_sd**2) ** -0.5
        mean = estimate * grown * sd**2

        def cdf(point: float, mean: float = mean, sd: float = sd) -> float:
            return float(ndtr((point - mean) / sd))

        if decide(probabilities(cdf, better, mcid), decision).code != "cannot-tell":
            return more
    return None
