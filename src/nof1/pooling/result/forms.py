"""The forms that figures of a pooled answer have: chances, intervals, distributions, curves."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from nof1.inference.summaries import ROUNDING, Chance, Chances, Summary
from nof1.protocol.table import FrozenTable


def same_length[Whole: FrozenTable](whole: Whole, *names: str) -> Whole:
    """Return a part after seeing that its lists are of one length, and not empty."""
    lengths = {name: len(getattr(whole, name)) for name in names}
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        words = ", ".join(f"{n} {name}" for name, n in lengths.items())
        raise ValueError(f"{words}: as many of each are needed")
    return whole


#: What a summary has in JSON, besides more of its own.
_SUMMARISED = frozenset({"mean", "sd", "ci_low", "ci_high"})


def with_level(value: Any, level: Any) -> Any:
    """Return a JSON value in which every summary has the level that its file names once."""
    if isinstance(value, Mapping):
        whole = {name: with_level(item, level) for name, item in value.items()}
        return whole | {"level": level} if whole.keys() >= _SUMMARISED else whole
    if isinstance(value, list):
        return [with_level(item, level) for item in value]
    return value


class Heterogeneity(Summary):
    """The SD between persons of their true effects; its interval is the shortest."""

    interval: Literal["shortest"] = "shortest"


class JudgedSummary(Summary):
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

    @property
    def chances(self) -> Chances:
        """Return the chances, with those that follow from the others."""
        meaningful, worse = self.p_meaningful, self.p_meaningfully_worse
        return Chances(
            better=self.p_better,
            meaningful=meaningful,
            trivial=None
            if meaningful is None or worse is None
            else max(0.0, 1.0 - meaningful - worse),
            worse=1.0 - self.p_better,
            meaningfully_worse=worse,
        )


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
