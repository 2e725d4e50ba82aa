"""The prior that a pooled analysis of earlier persons wrote for the next one."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from nof1.protocol.table import FrozenTable, Identifier, Text

#: How far from 1 the sum of the weights may be, as they are rounded in a file.
ROUNDING = 1e-6

Spread = Annotated[float, Field(gt=1e-6, lt=1e6)]
Share = Annotated[float, Field(gt=0)]


class PopulationPrior(FrozenTable):
    """The steady-state effect in the next person, as a mixture of normal distributions.

    Attributes
    ----------
    outcome : str
        Id of the primary outcome.
    active, comparator : str
        Ids of the arms; the effect is active minus comparator.
    unit : str
        Unit of the outcome.
    means, sds, weights : tuple of float
        Of each component; means and SDs in points, and weights that sum to 1.
    n_persons : int
        How many earlier persons it comes from.
    source : str
        What wrote it, from what.
    """

    outcome: Identifier
    active: Identifier
    comparator: Identifier
    unit: Text
    means: tuple[float, ...] = Field(min_length=1, max_length=64)
    sds: tuple[Spread, ...] = Field(min_length=1, max_length=64)
    weights: tuple[Share, ...] = Field(min_length=1, max_length=64)
    n_persons: int = Field(ge=1)
    source: Text

    @model_validator(mode="after")
    def _components_are_complete(self) -> Self:
        n = len(self.means), len(self.sds), len(self.weights)
        if len(set(n)) > 1:
            raise ValueError(
                f"means, sds and weights have {n[0]}, {n[1]} and {n[2]} entries; give every"
                " component one of each"
            )
        if abs(sum(self.weights) - 1.0) > ROUNDING:
            raise ValueError(f"the weights sum to {sum(self.weights):.7g}; make them sum to 1")
        return self

    def speaks_of(self, outcome: str, active: str, comparator: str) -> bool:
        """Return whether it is the prior of this contrast of this outcome."""
        return (outcome, active, comparator) == (self.outcome, self.active, self.comparator)
