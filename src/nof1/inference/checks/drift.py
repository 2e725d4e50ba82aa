"""Whether the drift of the scores fits its prior, and the answer with room for it.

A drift far beyond its prior does not show in the posterior of the drift, which the prior holds
back: what it cannot explain goes into period shifts and, where the arms allow it, into the
effect. So the drift is estimated again under a prior ten times as wide. Before any score, that
estimate is normal around 0 with the variances of prior and estimate together; how far out it lies
is the prior predictive check of Evans and Moshonov (2006, doi:10.1214/06-BA129).
"""

from __future__ import annotations

from dataclasses import replace

from nof1.inference.exact.posterior import Posterior
from nof1.inference.result import DriftCheck
from nof1.model.model_input import ModelInput
from nof1.model.priors import point_priors

#: SDs of the plan's prior in the SD of the wide one.
WIDE = 10.0


def with_wide_drift(inputs: ModelInput) -> ModelInput:
    """Return the same scores with a plan whose prior has room for any drift."""
    plan = inputs.plan
    priors = plan.priors.model_copy(update={"trend_sd": WIDE * plan.priors.trend_sd})
    return replace(inputs, plan=plan.model_copy(update={"trend": "linear", "priors": priors}))


def check_drift(inputs: ModelInput, wide: Posterior) -> DriftCheck:
    """Return how the drift fits the plan's prior.

    Parameters
    ----------
    inputs : ModelInput
        Scores and plan of one person.
    wide : Posterior
        Of `with_wide_drift`.
    """
    mixture = wide.stack.trends[wide.row]
    return DriftCheck(
        prior_sd=point_priors(inputs).trend_sd if inputs.plan.trend == "linear" else 0.0,
        wide_sd=point_priors(wide.inputs).trend_sd,
        mean=mixture.mean,
        sd=mixture.sd,
    )
