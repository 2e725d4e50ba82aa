"""Covariates: what else bears on the scores of a day, and cannot be changed by the treatment."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from nof1.protocol.sizes import no_scale
from nof1.protocol.table import FrozenTable, Identifier, Text

#: What the columns of tables and the words of commands mean already.
RESERVED = (
    "date", "day", "outcome", "value", "score", "dose", "taken", "event", "guess", "unblinding",
    "covariate", "treatment", "arm", "condition", "allocation", "period", "cycle",
)  # fmt: skip


class Covariate(FrozenTable):
    """Something recorded every day that the analysis adjusts for.

    What the treatment can change (sleep, the coffee drunk after a bad night) lies on the way from
    the treatment to the scores: adjusting for it takes part of the effect away. So nothing is
    adjusted for unless its reason stands here.

    Attributes
    ----------
    id : str
        Short name used in data and results.
    title : str
        Name in print.
    kind : {"number", "yes-no"}
        A number from `low` to `high`, or yes or no.
    low, high : float or None
        Least and greatest value of a number.
    unit : str
        What a number counts, for instance "cups".
    exogenous : str
        Why the treatment cannot change it.
    """

    id: Identifier
    title: Text
    kind: Literal["number", "yes-no"]
    low: float | None = None
    high: float | None = None
    unit: str = ""
    exogenous: Text

    @model_validator(mode="after")
    def _kind_is_complete(self) -> Self:
        faults = []
        if self.kind == "number":
            if self.low is None or self.high is None:
                faults.append("a number needs low and high")
            elif (why := no_scale(self.low, self.high)) is not None:
                faults.append(why)
        elif (self.low, self.high, self.unit) != (None, None, ""):
            faults.append("yes or no has no low, high or unit; leave them out")
        if self.id in RESERVED:
            faults.append(f"{self.id!r} means something else in tables and commands; rename it")
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @property
    def ends(self) -> tuple[float, float]:
        """Return the least and greatest value that may be recorded; yes is 1, no is 0."""
        if self.low is None or self.high is None:
            return 0.0, 1.0
        return self.low, self.high

    def fault_of(self, value: float) -> tuple[str, str] | None:
        """Return what is wrong with a recorded value, and its mend, or None."""
        low, high = self.ends
        if self.kind == "yes-no":
            return None if value in (0, 1) else (f"{value:g} is neither", "Write yes or no.")
        if low <= value <= high:
            return None
        return f"{value:g} is off {low:g} to {high:g}", f"Give a number from {low:g} to {high:g}."
