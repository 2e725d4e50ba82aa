"""The truths and designs at which error rates are measured."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

from nof1.scales import Scale

#: Days of every period.
PERIOD_DAYS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """A kind of score and how it is taken.

    Attributes
    ----------
    scale : Scale
        As the person gives it.
    sigma : float
        SD of the noise, in points.
    mcid : float
        Smallest difference that matters, in points.
    every_days, recall_days : int
        Days between scores, and days a score looks back on.
    """

    scale: Scale
    sigma: float
    mcid: float
    every_days: int
    recall_days: int

    @property
    def unrounded(self) -> Scale:
        """Return the same scale for scores that are not rounded."""
        return Scale(
            name="numeric", low=self.scale.low, high=self.scale.high, step=1e-3, better="lower"
        )


SCORINGS = MappingProxyType(
    {
        "weekly": Scoring(
            scale=Scale(name="numeric", low=0, high=40, step=1, better="lower"),
            sigma=4.0,
            mcid=3.0,
            every_days=7,
            recall_days=7,
        ),
        "daily": Scoring(
            scale=Scale(name="numeric", low=0, high=10, step=1, better="lower"),
            sigma=1.5,
            mcid=1.0,
            every_days=1,
            recall_days=1,
        ),
    }
)

#: Change over the whole trial in every cell, as a share of the range.
TREND = 0.03

CYCLES = (2, 3, 4, 6, 8)
PHI = (0.0, 0.3, 0.6, 0.8)
SHIFT = (0.0, 0.3, 0.6)
HALF_LIFE = (0.0, 3.0, 7.0, 14.0)
EFFECT = (0, 1, 2)
MISSING = (0.0, 0.3)


@dataclass(frozen=True, slots=True, order=True)
class Situation:
    """What a trial is like, whatever the effect.

    Attributes
    ----------
    scores : {"weekly", "daily"}
        Key of `SCORINGS`.
    cycles : int
        Pairs of periods.
    phi : float
        Correlation of neighbouring scores.
    shift : float
        SD of period shifts, in SDs of the noise.
    half_life : float
        Of the effect, in days.
    missing : float
        Share of scores missing, completely at random.
    rounded : bool
        Scores are rounded to whole points and clipped to the scale.
    """

    scores: str
    cycles: int
    phi: float
    shift: float
    half_life: float
    missing: float = 0.0
    rounded: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A situation and a true steady-state effect: `effect` MCIDs better than the comparator."""

    situation: Situation
    effect: int

    @property
    def is_hard(self) -> bool:
        """Return whether the interval is likely to miss, or the verdict to be false.

        That is where the effect comes at once or slowly, periods shift, and there is no effect or
        a large one; of 3 and 6 cycles with every score as it was drawn.
        """
        situation = self.situation
        return (
            situation.cycles in (3, 6)
            and not situation.missing
            and not situation.rounded
            and situation.half_life in (0.0, 14.0)
            and situation.shift > 0
            and self.effect in (0, 2)
        )

    @property
    def key(self) -> tuple[int, ...]:
        """Return whole numbers that name the cell: the place of its random numbers."""
        situation = self.situation
        return (
            list(SCORINGS).index(situation.scores),
            situation.cycles,
            *(
                round(100 * value)
                for value in (
                    situation.phi,
                    situation.shift,
                    situation.half_life,
                    situation.missing,
                )
            ),
            int(situation.rounded),
            self.effect,
        )


def full_grid() -> tuple[Cell, ...]:
    """Return every cell of the proof.

    Correlation, shift, half-life and effect are crossed in full for 3 and 6 cycles. The other
    numbers of cycles, missing scores, and rounded and clipped scores are swept over fewer truths.
    """
    return tuple(
        sorted(Cell(situation, effect) for situation in _situations() for effect in EFFECT)
    )


def _situations() -> Iterator[Situation]:
    for scores in SCORINGS:
        for levels in product((3, 6), PHI, SHIFT, HALF_LIFE):
            yield Situation(scores, *levels)
        for levels in product((2, 4, 8), (0.3, 0.6), SHIFT, (0.0, 7.0)):
            yield Situation(scores, *levels)
        for levels in product((3, 6), (0.3, 0.6), (0.3, 0.6), (0.0, 7.0)):
            yield Situation(scores, *levels, missing=0.3)
        for levels in product((3, 6), (0.3,), (0.3,), (0.0, 7.0)):
            yield Situation(scores, *levels, rounded=True)


def quick_grid() -> tuple[Cell, ...]:
    """Return a few cells of `full_grid`, far apart."""
    situations = (
        Situation("weekly", 3, 0.3, 0.0, 0.0),
        Situation("weekly", 6, 0.6, 0.6, 7.0),
        Situation("daily", 3, 0.6, 0.3, 7.0),
        Situation("daily", 6, 0.0, 0.6, 0.0),
    )
    return tuple(Cell(situation, effect) for situation in situations for effect in (0, 2))
