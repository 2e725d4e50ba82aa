"""Differences on an outcome's scale in words, with their direction."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal
from typing import Protocol as Interface

from nof1.words.language import Room
from nof1.words.numbers import with_unit

_WORDS = Room("numbers")


class OnScale(Interface):
    """What is measured on a scale: an outcome's analysis."""

    @property
    def low(self) -> float:
        """Return the low end of the scale."""

    @property
    def high(self) -> float:
        """Return the high end of the scale."""

    @property
    def unit(self) -> str:
        """Return the name of a point."""

    @property
    def better(self) -> Literal["lower", "higher"]:
        """Return which direction is an improvement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How the amounts of one outcome are said.

    Attributes
    ----------
    unit : str
        Name of a point.
    better : {"lower", "higher"}
        Which direction is an improvement.
    digits : int
        Decimals that make sense on this scale.
    """

    unit: str
    better: Literal["lower", "higher"]
    digits: int

    @classmethod
    def of(cls, measured: OnScale) -> Amounts:
        """Return how the amounts of an analysis are said."""
        span = measured.high - measured.low
        return cls.on_scale(span, unit=measured.unit, better=measured.better)

    @classmethod
    def on_scale(cls, span: float, *, unit: str, better: Literal["lower", "higher"]) -> Amounts:
        """Return how amounts on a scale of this range are said: about a 400th of it."""
        return cls(unit=unit, better=better, digits=max(0, 2 - math.floor(math.log10(span))))

    @property
    def finer(self) -> Amounts:
        """Return the same with one decimal more, for tables where engines are compared."""
        return Amounts(unit=self.unit, better=self.better, digits=self.digits + 1)

    def number(self, value: float) -> str:
        """Return a size without its sign, rounded."""
        return f"{abs(value):.{self.digits}f}"

    def size(self, value: float) -> str:
        """Return a threshold as it was given, like ``3 points``."""
        return with_unit(value, self.unit)

    def is_nothing(self, value: float) -> bool:
        """Return whether a difference rounds to none."""
        return float(self.number(value)) == 0

    @property
    def least(self) -> str:
        """Return the smallest size that is told from none."""
        return f"{10.0**-self.digits:.{self.digits}f}"

    def direction(self, value: float) -> str:
        """Return ``lower`` or ``higher``."""
        return str(_WORDS.LOWER if value < 0 else _WORDS.HIGHER)

    def judged(self, value: float) -> str:
        """Return ``lower (better)`` and the like."""
        improves = (value < 0) == (self.better == "lower")
        return f"{self.direction(value)} ({_WORDS.BETTER if improves else _WORDS.WORSE})"

    def difference(self, value: float) -> str:
        """Return a difference like ``4.2 points lower (better)``."""
        if self.is_nothing(value):
            return str(_WORDS.NO_DIFFERENCE)
        return f"{self.number(value)} {self.unit} {self.judged(value)}"

    def cell(self, value: float) -> str:
        """Return a difference like ``4.2 lower``, for a table that names unit and direction."""
        if self.is_nothing(value):
            return self.number(0.0)
        return f"{self.number(value)} {self.direction(value)}"

    def interval_cell(self, low: float, high: float) -> str:
        """Return an interval like ``7.1 lower to 1.2 higher``, for a table."""
        if math.isinf(low) and math.isinf(high):
            return str(_WORDS.NO_LIMITS)
        if math.isinf(low):
            return str(_WORDS.UP_TO.format(end=self.cell(high)))
        if math.isinf(high):
            return str(_WORDS.OR_MORE.format(end=self.cell(low)))
        first = self.number(low) if self._one_sided(low, high) else self.cell(low)
        return f"{first} {_WORDS.TO} {self.cell(high)}"

    def interval(self, low: float, high: float, *, nothing: str | None = None) -> str:
        """Return an interval in words, like ``from 7.1 lower (better) to 1.2 higher (worse)``.

        An end that rounds to none is called `nothing`, where that is given.
        """
        if math.isinf(low) or math.isinf(high):
            return self.interval_cell(low, high)
        ends = [
            (_WORDS.NO_DIFFERENCE if nothing is None else nothing)
            if self.is_nothing(end)
            else f"{self.number(end)} {self.judged(end)}"
            for end in (low, high)
        ]
        if self._one_sided(low, high):
            ends[0] = self.number(low)
        return str(_WORDS.FROM_TO.format(low=ends[0], high=ends[1]))

    def _one_sided(self, low: float, high: float) -> bool:
        """Return whether both ends lie in one direction, so that it need be said but once."""
        return low * high > 0 and not self.is_nothing(low) and not self.is_nothing(high)
