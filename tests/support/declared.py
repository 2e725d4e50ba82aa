"""Two covariates that no treatment can change, as a protocol declares them."""

from __future__ import annotations

from support.trial_folders import short_protocol_text

COVARIATES = """
[[covariates]]
id = "late-shift"
title = "Late shift"
kind = "yes-no"
exogenous = "The rota is made a year ahead."

[[covariates]]
id = "heat"
title = "Night heat"
kind = "number"
low = -20
high = 40
unit = "°C"
exogenous = "It is the weather."
"""


def declaring_text() -> str:
    """Return the short protocol with the covariates declared."""
    return short_protocol_text() + COVARIATES
