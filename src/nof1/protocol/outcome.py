"""The table of an outcome: what is asked, on which scale, how often, what difference matters."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from nof1.protocol.sizes import no_scale
from nof1.protocol.table import FrozenTable, Identifier, Text
from nof1.scales import IRLS, NRS, Better, Scale

ScoreDay = Literal["own", "before"]


class Mcid(FrozenTable):
    """The smallest difference between arms that matters to the person.

    Attributes
    ----------
    value : float
        In points of the outcome.
    source : str
        Where the value comes from.
    """

    value: float = Field(gt=0)
    source: Text


class Outcome(FrozenTable):
    """One score the trial asks for.

    Attributes
    ----------
    id : str
        Short name used in data and results.
    title : str
        Name in print.
    question : str
        What the person is asked, in the project's own words; must be empty for ``irls``.
    scale : {"irls", "nrs", "numeric"}
        IRLS-style items, a rating of 0 to 10, or any number between `low` and `high`.
    role : {"primary", "secondary"}
        Exactly one outcome is primary.
    every_days : int
        Days between scores, counted from the first day of each period; 1 is daily.
    recall_days : int
        Days a score looks back on, the last one included.
    score_day : {"own", "before"}
        Last day a score looks back on: the day it is given, or the day ``before``, as where a
        morning's score speaks of the night that began the evening before.
    low, high, step : float or None
        Ends and step of a ``numeric`` scale.
    better : {"lower", "higher"} or None
        Which direction is an improvement; must be given for ``numeric``.
    unit : str
        Name of a point.
    low_label, high_label : str
        Words at the two ends, for print.
    mcid : Mcid or None
        Must be given for the primary outcome.
    """

    id: Identifier
    title: Text
    question: str = ""
    scale: Literal["irls", "nrs", "numeric"]
    role: Literal["primary", "secondary"] = "secondary"
    every_days: int = Field(ge=1, le=28)
    recall_days: int = Field(ge=1, le=28)
    score_day: ScoreDay = "own"
    low: float | None = None
    high: float | None = None
    step: float | None = Field(default=None, ge=0)
    better: Better | None = None
    unit: Text = "points"
    low_label: str = ""
    high_label: str = ""
    mcid: Mcid | None = None

    @model_validator(mode="after")
    def _scale_is_complete(self) -> Self:
        faults = []
        if self.scale == "numeric":
            if self.low is None or self.high is None or self.better is None:
                faults.append("a numeric outcome needs low, high and better")
            elif (why := no_scale(self.low, self.high)) is not None:
                faults.append(why)
        elif (self.low, self.high, self.step) != (None, None, None):
            faults.append(
                f"low, high and step are fixed by the scale {self.scale!r}; leave them out"
            )
        if self.scale == "irls" and self.question:
            faults.append("IRLS wording is licensed and must not stand in a protocol; leave it out")
        if self.scale == "irls" and self.better == "higher":
            faults.append("a lower IRLS score is better; leave better out")
        if self.role == "primary" and self.mcid is None:
            faults.append("the primary outcome needs an mcid with its source")
        if faults:
            raise ValueError("\n".join(faults))
        return self

    @property
    def days_before(self) -> int:
        """Return how many days before it is given a score's last day lies: 0 or 1."""
        return 1 if self.score_day == "before" else 0

    @property
    def measure(self) -> Scale:
        """Return the scale the scores of this outcome are on."""
        if self.scale == "irls":
            return IRLS
        if self.scale == "nrs":
            base = NRS
            return (
                base
                if self.better in (None, base.better)
                else Scale(
                    name=base.name, low=base.low, high=base.high, step=base.step, better=self.better
                )
            )
        if self.low is None or self.high is None or self.better is None:
            raise AssertionError("validated at birth")
        return Scale(
            name="numeric", low=self.low, high=self.high, step=self.step or 0.0, better=self.better
        )
