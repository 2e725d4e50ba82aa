"""Numbers in words: differences with their direction, probabilities, p-values, intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nof1.inference.result import Analysis
from nof1.scales import Better

#: Keeps a number and its sign on one line.
_STUCK = "\N{NO-BREAK SPACE}"


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
    better: Better
    digits: int

    @classmethod
    def of(cls, analysis: Analysis) -> Amounts:
        """Return how the amounts of an analysis are said."""
        span = analysis.high - analysis.low
        return cls.on_scale(span, unit=analysis.unit, better=analysis.better)

    @classmethod
    def on_scale(cls, span: float, *, unit: str, better: Better) -> Amounts:
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
        return "lower" if value < 0 else "higher"

    def judged(self, value: float) -> str:
        """Return ``lower (better)`` and the like."""
        direction = self.direction(value)
        return f"{direction} ({'better' if direction == self.better else 'worse'})"

    def difference(self, value: float) -> str:
        """Return a difference like ``4.2 points lower (better)``."""
        if self.is_nothing(value):
            return "no difference"
        return f"{self.number(value)} {self.unit} {self.judged(value)}"

    def cell(self, value: float) -> str:
        """Return a difference like ``4.2 lower``, for a table that names unit and direction."""
        if self.is_nothing(value):
            return self.number(0.0)
        return f"{self.number(value)} {self.direction(value)}"

    def interval_cell(self, low: float, high: float) -> str:
        """Return an interval like ``7.1 lower to 1.2 higher``, for a table."""
        if math.isinf(low) and math.isinf(high):
            return "no limits"
        if math.isinf(low):
            return f"up to {self.cell(high)}"
        if math.isinf(high):
            return f"{self.cell(low)} or more"
        if low < 0 and high < 0 and not self.is_nothing(high):
            return f"{self.number(low)} to {self.cell(high)}"
        if low > 0 and high > 0 and not self.is_nothing(low):
            return f"{self.number(low)} to {self.cell(high)}"
        return f"{self.cell(low)} to {self.cell(high)}"

    def interval(self, low: float, high: float) -> str:
        """Return an interval in words, like ``from 7.1 lower (better) to 1.2 higher (worse)``."""
        if math.isinf(low) or math.isinf(high):
            return self.interval_cell(low, high)
        ends = [
            "no difference" if self.is_nothing(end) else f"{self.number(end)} {self.judged(end)}"
            for end in (low, high)
        ]
        if low * high > 0 and not self.is_nothing(low) and not self.is_nothing(high):
            ends[0] = self.number(low)
        return f"from {ends[0]} to {ends[1]}"


def with_unit(value: float, unit: str) -> str:
    """Return a number as it was given with its unit: ``3 points``, ``1 point``."""
    return f"{value:g} {unit.removesuffix('s') if value == 1 else unit}"


def percent(share: float, *, digits: int = 0) -> str:
    """Return a probability or share in percent, never rounded to 0 or 100 when it is neither."""
    least = 10.0**-digits
    value = 100.0 * share
    said = f"{value:.{digits}f}"
    if 0.0 < value < least / 2:
        said = f"below {least:.{digits}f}"
    if 100.0 - least / 2 < value < 100.0:
        said = f"above {100.0 - least:.{digits}f}"
    return f"{said} %".replace(" ", _STUCK)


def p_value(p: float) -> str:
    """Return a p-value with two figures, or a bound."""
    said = "p < 0.001" if p < 0.001 else f"p = {p:.{3 if p < 0.1 else 2}f}"
    return said.replace(" ", _STUCK)


def of_hundred(probability: float) -> int:
    """Return how many of 100 icons stand for a probability: never none and never all."""
    return min(99, max(1, round(100 * probability)))


def split_of_hundred(probabilities: Sequence[float]) -> tuple[int, ...]:
    """Return how many of 100 icons stand for each of several probabilities that sum to 1.

    Rounded down, with what is left given to the largest remainders.
    """
    counts = [math.floor(100 * one) for one in probabilities]
    remainders = [100 * one - count for one, count in zip(probabilities, counts, strict=True)]
    largest = sorted(range(len(counts)), key=lambda place: -remainders[place])
    for place in largest[: 100 - sum(counts)]:
        counts[place] += 1
    return tuple(counts)


def say_of_hundred(probability: float) -> str:
    """Return ``86``, or ``fewer than 1`` and ``more than 99`` where rounding would mislead."""
    if 100 * probability < 0.5:
        return "fewer than 1"
    if 100 * probability > 99.5:
        return "more than 99"
    return str(of_hundred(probability))


def counted(n: int, name: str) -> str:
    """Return ``1 day``, ``2 days``, ``1,000 days``."""
    return f"{n:,} {name}{'' if n == 1 else 's'}"


def joined(parts: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def capitalised(text: str) -> str:
    """Return the text with a capital first letter, the others as they are."""
    return text[:1].upper() + text[1:]
