"""An effect in a few figures: a distribution, an estimate with its test, chances that it helps.

The answers of one person and of many persons are made of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from nof1.protocol.table import FrozenTable

#: What chances may be off for numerical reasons.
ROUNDING = 1e-6


def _without_rounding(value: Any) -> Any:
    """Return a chance that rounding took beyond 0 or 1 as that end; anything else as it is."""
    if isinstance(value, float) and -ROUNDING <= value <= 1.0 + ROUNDING:
        return min(max(value, 0.0), 1.0)
    return value


Chance = Annotated[float, Field(ge=0, le=1), BeforeValidator(_without_rounding)]
Level = Annotated[float, Field(gt=0, lt=1)]


def in_order[Whole: FrozenTable](whole: Whole, low: str, high: str) -> Whole:
    """Return a table after seeing that the ends of an interval are in order."""
    ends = getattr(whole, low), getattr(whole, high)
    if ends[0] > ends[1]:
        raise ValueError(f"{low} {ends[0]:g} lies above {high} {ends[1]:g}")
    return whole


class Summary(FrozenTable):
    """A distribution: mean, SD and an interval.

    Attributes
    ----------
    mean, sd : float
        In the unit of what is summarised: points, days, or none.
    ci_low, ci_high : float
        Ends of the interval, central where nothing else is said.
    level : float
        Probability that it holds. JSON names the level once, beside all the intervals that have
        it, and not in each.
    """

    mean: float
    sd: float = Field(ge=0)
    ci_low: float
    ci_high: float
    level: Level = Field(exclude=True)

    @model_validator(mode="after")
    def _ends_are_in_order(self) -> Self:
        return in_order(self, "ci_low", "ci_high")

    def over(self, divisor: float) -> Summary:
        """Return the distribution of the same quantity over a positive number."""
        return Summary(
            mean=self.mean / divisor,
            sd=self.sd / divisor,
            ci_low=self.ci_low / divisor,
            ci_high=self.ci_high / divisor,
            level=self.level,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """An estimate, active minus comparator, with test and interval by Student's t.

    Attributes
    ----------
    estimate, se : float
        In points.
    df : float
        Degrees of freedom; need not be whole, and infinite where the normal distribution was used.
    p_value : float
        Two-sided.
    ci_low, ci_high, level : float
        Interval in points, and its level.
    """

    estimate: float
    se: float
    df: float
    p_value: float
    ci_low: float
    ci_high: float
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """Probabilities from which a verdict follows; those about size are None without an MCID.

    Attributes
    ----------
    better, worse : float
        Of any difference in that direction; they sum to 1.
    meaningful, trivial, meaningfully_worse : float or None
        Better by the MCID or more, within it either way, worse by it or more; they sum to 1.
    """

    better: float
    meaningful: float | None
    trivial: float | None
    worse: float
    meaningfully_worse: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedEffect:
    """An effect in points, active minus comparator, and the chances that it helps."""

    effect: Summary
    chances: Chances
