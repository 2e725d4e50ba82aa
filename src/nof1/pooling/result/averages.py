"""Frequentist averages of differences as scheduled, as other programs read them."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from nof1.inference.summaries import Chance, Level, in_order
from nof1.protocol.table import FrozenTable


class NoAverage(FrozenTable):
    """Why there is no such row."""

    not_run: str


class Average(FrozenTable):
    """A frequentist average of differences as scheduled."""

    method: str
    estimand: Literal["as-scheduled"] = "as-scheduled"
    n_persons: int
    estimate: float
    se: float = Field(ge=0)
    df: float = Field(gt=0)
    p_value: Chance
    ci_low: float
    ci_high: float
    ci_level: Level

    @model_validator(mode="after")
    def _ends_are_in_order(self) -> Self:
        return in_order(self, "ci_low", "ci_high")


class Pooled(Average):
    """An average with the variance between persons and a prediction for a further person."""

    tau2: float = Field(ge=0)
    tau2_low: float
    tau2_high: float
    prediction_low: float
    prediction_high: float
    i2: float
    q: float
    q_p: float


class OneStage(Average):
    """The mixed model of cycle differences."""

    tau2: float = Field(ge=0)


class Frequentist(FrozenTable):
    """Averages of cycle differences, side by side."""

    summary_t: Average | NoAverage
    reml: Pooled | NoAverage
    pm: Pooled | NoAverage
    dl: Pooled | NoAverage
    kenward_roger: OneStage | NoAverage
    satterthwaite: OneStage | NoAverage
    these_persons: Average | NoAverage
