"""Whether a claim stands: what must hold beside the probabilities before a verdict is given.

The model always has an answer. These are the cases in which it is the model's, and not the
scores': a design in which a drift and an effect look the same, a drift beyond its prior, and an
effect so slow that no difference would show.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from nof1.inference.checks.slowness import longest_half_life
from nof1.inference.checks.variants import Again
from nof1.inference.fits import PosteriorFit
from nof1.inference.period_means import cycle_differences
from nof1.inference.result import DriftCheck, Verdict, VerdictCode
from nof1.inference.summaries import Chances
from nof1.inference.verdict import decide, further_cycles
from nof1.model.model_input import ModelInput
from nof1.protocol.tables import Decision
from nof1.words.caution import Caution


def conclude(
    again: Again,
    fit: PosteriorFit,
    drift: DriftCheck,
    active: int,
    comparator: int,
    decision: Decision,
    *,
    unanswered: bool = False,
) -> Verdict:
    """Return the verdict on two arms: what the rule says, where design and assumptions bear it.

    Parameters
    ----------
    again : Again
        Scores and plan, and the answers under other assumptions.
    fit : PosteriorFit
        The posterior the verdict rests on.
    drift : DriftCheck
        Of this contrast.
    active, comparator : int
        Numbers of the arms compared.
    decision : Decision
        The protocol's rule.
    unanswered : bool
        The scores ask for another likelihood than `fit` has, which did not run.
    """
    inputs = again.inputs
    code = decide(fit.chances, decision).code
    room = drift.answer
    held = (
        by_design(inputs, active, comparator)
        or by_likelihood(code, unanswered=unanswered)
        or by_drift(code, drift, None if room is None else room.chances, decision)
        or by_slowness(code, inputs, lambda: again.slow.fit(active, comparator).chances, decision)
    )
    if held is not None:
        return held
    n_cycles = len(cycle_differences(inputs, active, comparator))
    if code != "cannot-tell" or not n_cycles:
        return Verdict(code=code)
    more = further_cycles(
        fit.effect if room is None else room.effect,
        decision,
        prior_sd=inputs.plan.priors.effect_sd * inputs.span * (2**0.5 if comparator else 1.0),
        n_cycles=n_cycles,
        better=inputs.better,
        mcid=inputs.mcid,
    )
    return Verdict(code=code, further_cycles=more)


def by_design(inputs: ModelInput, active: int, comparator: int) -> Verdict | None:
    """Return why no scores of this design could bear a verdict on two arms, None when they could.

    With one switch, or with one stretch of time on an arm, nothing was repeated: the model tells
    the arms from time by its priors alone.
    """
    order = _order(inputs, active, comparator)
    baseline, other = inputs.arms[comparator], inputs.arms[active]
    times = {arm: _stretches(order, arm) for arm in (comparator, active)}
    unspoken = inputs.unspoken(active, comparator)
    if unspoken is not None:
        return Verdict(code="cannot-tell", because="one-arm", reason=unspoken)
    if sum(times.values()) == 2:
        return Verdict(
            code="cannot-tell",
            because="one-switch",
            reason=Caution.of("one-switch", comparator=baseline, active=other),
        )
    once = [inputs.arms[arm] for arm, n in times.items() if n == 1]
    if once and len(cycle_differences(inputs, active, comparator)) < 2:
        return Verdict(
            code="cannot-tell",
            because="one-cycle",
            reason=Caution.of("one-cycle", arm=once[0]),
        )
    return None


def _order(inputs: ModelInput, active: int, comparator: int) -> list[int]:
    """Return which of two arms the periods with scores were on, in order of time."""
    scored = np.flatnonzero((inputs.period_share > 0).any(axis=0)).tolist()
    arms = [inputs.arm_of_period[period] for period in scored]
    return [arm for arm in arms if arm in (active, comparator)]


def _stretches(order: list[int], arm: int) -> int:
    """Return in how many stretches of neighbouring periods an arm was on."""
    return sum(now == arm != before for before, now in pairwise([-1, *order]))


def by_likelihood(code: VerdictCode, *, unanswered: bool) -> Verdict | None:
    """Return why *no meaningful difference* is not said where the scores ask for more.

    At an end of the scale, or beside outliers, scores taken as plain normal numbers can hide a
    difference, but seldom make one.
    """
    if not unanswered or code != "no-meaningful-difference":
        return None
    return Verdict(
        code="cannot-tell",
        because="not-computed",
        reason=Caution.of("not-computed"),
    )


def by_drift(
    code: VerdictCode, drift: DriftCheck, room: Chances | None, decision: Decision
) -> Verdict | None:
    """Return what is left of a claim where the answer with room for the drift is another.

    None where the drift fits its prior, or both answers give one verdict.

    Parameters
    ----------
    code : str
        The claim.
    drift : DriftCheck
        How the drift fits its prior.
    room : Chances or None
        Of the effect, with room for the drift; None where it fits its prior.
    decision : Decision
        The protocol's rule.
    """
    if room is None:
        return None
    other = decide(room, decision).code
    if code == other:
        return None
    return Verdict(
        code=both(code, other),
        because="drift",
        reason=Caution.of("drift-decides", mean=drift.mean, other=other),
    )


def by_slowness(
    code: VerdictCode,
    inputs: ModelInput,
    slow: Callable[[], Chances],
    decision: Decision,
) -> Verdict | None:
    """Return why *no meaningful difference* is not said: it would not hold of a slow effect.

    None where it would hold, where the half-life is known, and of any other claim.

    Parameters
    ----------
    code : str
        The claim.
    inputs : ModelInput
        Scores and plan of one person.
    slow : callable
        Gives the chances of the effect at the longest plausible half-life.
    decision : Decision
        The protocol's rule.
    """
    days = longest_half_life(inputs)
    if code != "no-meaningful-difference" or days is None or _is_trivial(slow(), decision):
        return None
    return Verdict(
        code="cannot-tell",
        because="slow-effect",
        reason=Caution.of("slow-effect", days=days),
    )


def _is_trivial(chances: Chances, decision: Decision) -> bool:
    return chances.trivial is not None and chances.trivial >= decision.trivial


def both(code: VerdictCode, other: VerdictCode) -> VerdictCode:
    """Return what two verdicts agree on: the weaker of two claims of help, or nothing."""
    if code == other:
        return code
    if {code, other} == {"helps-meaningfully", "helps-perhaps-too-little"}:
        return "helps-perhaps-too-little"
    return "cannot-tell"
