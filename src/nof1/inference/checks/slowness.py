"""Whether *no meaningful difference* would hold if the effect came and went slowly.

Where the half-life is long, periods end before the effect has come: little of a large effect shows,
and no effect and a slow one leave the same scores. One trial hardly tells its half-life, so the
averaged answer rests on what the prior finds likely. That will do for a difference that was seen;
it will not do for one that was not.
"""

from __future__ import annotations

from dataclasses import replace

from nof1.model.model_input import ModelInput
from nof1.model.priors import point_priors

#: Prior probability of a half-life no longer than the longest plausible one.
PLAUSIBLE = 0.95


def longest_half_life(inputs: ModelInput) -> float | None:
    """Return the half-life in days that the prior exceeds with 5 %; None where the plan fixes it.

    That is nearly four of its medians: about a period, where the median is taken as a quarter of
    one. A plan that expects a quicker effect is judged by that.
    """
    if inputs.plan.fixed_half_life_days is not None:
        return None
    return point_priors(inputs).half_life.interval(2.0 * PLAUSIBLE - 1.0)[1]


def with_slow_effect(inputs: ModelInput) -> ModelInput:
    """Return the same scores with the half-life fixed at the longest plausible one."""
    days = longest_half_life(inputs)
    if days is None:
        return inputs
    slow = {"carryover": f"fixed:{days:.4f}", "half_lives": "one"}
    return replace(inputs, plan=inputs.plan.model_copy(update=slow))
