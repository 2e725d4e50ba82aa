"""The forms that figures of a pooled answer have: chances, intervals, distributions, curves."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal, Self

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
    """Return a part after seeing that the ends of an interval are in order."""
    ends = getattr(whole, low), getattr(whole, high)
    if ends[0] > ends[1]:
        raise ValueError(f"{low} {ends[0]:g} lies above {high} {ends[1]:g}")
    return whole


def same_length[Whole: FrozenTable](whole: Whole, *names: str) -> Whole:
    """Return a part after seeing that its lists are of one length, and not empty."""
    lengths = {name: len(getattr(whole, name)) for name in names}
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        words = ", ".join(f"{n} {name}" for name, n in lengths.items())
        raise ValueError(f"{words}: as many of each are needed")
    return whole


class Summary(FrozenTable):
    """A posterior in points: mean, SD and central interval."""

    mean: float
    sd: float = Field(ge=0)
    ci_low: float
    ci_high: float

    @model_validator(mode="after")
    def _ends_are_in_order(self) -> Self:
        return in_order(self, "ci_low", "ci_high")


class Heterogeneity(Summary):
    """The SD between persons of their true effects; its interval is the shortest."""

    interval: Literal["shortest"] = "shortest"


class Chances(Summary):
    """A distribution of true effects, with chances that are None without an MCID."""

    p_better: Chance
    p_meaningful: Chance | None
    p_meaningfully_worse: Chance | None

    @model_validator(mode="after")
    def _chances_fit_together(self) -> Self:
        better, worse = self.p_meaningful or 0.0, self.p_meaningfully_worse or 0.0
        if better > self.p_better + ROUNDING or self.p_better + worse > 1.0 + ROUNDING:
            raise ValueError("better, better by the MCID and worse by it do not fit together")
        return self


class Curve(FrozenTable):
    """A density at points, for figures."""

    points: tuple[float, ...]
    density: tuple[Annotated[float, Field(ge=0)], ...]

    @model_validator(mode="after")
    def _points_have_densities(self) -> Self:
        if any(later <= earlier for earlier, later in pairwise(self.points)):
            raise ValueError("the points must increase")
        return same_length(self, "points", "density")


class MixtureFigures(FrozenTable):
    """A mixture of normal distributions, in points; the weights sum to 1."""

    means: tuple[float, ...]
    sds: tuple[Annotated[float, Field(ge=0)], ...]
    weights: tuple[Chance, ...]

    @model_validator(mode="after")
    def _components_are_whole(self) -> Self:
        return same_length(self, "means", "sds", "weights")
