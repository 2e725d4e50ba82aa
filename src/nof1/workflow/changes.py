"""The plan of analysis with what was asked for beside it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ValidationError

from nof1.errors import Fault, InputError
from nof1.protocol.faults import protocol_faults
from nof1.protocol.tables import AnalysisPlan

#: How options are called whose names differ from those of a plan's parts, or of keywords.
_OPTIONS = {
    "randomisation_statistic": "--statistic",
    "covariates": "--covariate",
    "engines": "--engine",
    "moderators": "--moderator",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChanges:
    """What is to be changed in a plan of analysis; None leaves a part as it is.

    Attributes
    ----------
    carryover, half_lives, trend, period_effects, drop_days, likelihood, randomisation_statistic
        See `AnalysisPlan`.
    """

    carryover: str | None = None
    half_lives: str | None = None
    trend: str | None = None
    period_effects: str | None = None
    drop_days: int | None = None
    likelihood: str | None = None
    randomisation_statistic: str | None = None

    def non_defaults(self) -> dict[str, Any]:
        """Return what is changed, by name."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def of(self, plan: AnalysisPlan) -> AnalysisPlan:
        """Return a plan with the changes.

        Raises
        ------
        InputError
            With every change that will not do.
        """
        try:
            return AnalysisPlan.model_validate(plan.model_dump() | self.non_defaults())
        except ValidationError as error:
            raise InputError(
                [
                    Fault(option_of(str(detail["loc"][0])), fault.what, fault.mend)
                    for detail in error.errors()
                    for fault in protocol_faults("", [detail])
                ]
            ) from error


def option_of(name: str) -> str:
    """Return the option that says a part of a plan, or a keyword of a call."""
    return _OPTIONS.get(name, f"--{name.replace('_', '-')}")
