"""What became of every row that was read and of every day a score was expected on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from nof1.model.model_input import STRADDLES, fates
from nof1.protocol.tables import AnalysisPlan
from nof1.trial.data import Series, TrialData

#: The two kinds that the analysis is made of: scores used, and scores it lacks.
ANALYSED, NO_SCORE = "analysed", "without a score"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Rows and days of one fate.

    Attributes
    ----------
    what : str
        What became of them, as it is printed after a number.
    by_arm : mapping of str to int
        How many, by the id of the arm they were on; every arm is there.
    on_no_arm : int
        How many were on none.
    """

    what: str
    by_arm: Mapping[str, int]
    on_no_arm: int

    @property
    def n(self) -> int:
        """Return how many in all."""
        return sum(self.by_arm.values()) + self.on_no_arm


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Every row and every expected day of one outcome, each counted once.

    Attributes
    ----------
    counted : tuple of Counted
        What was analysed first; only fates that befell something, and the first two always.
    """

    counted: tuple[Counted, ...]

    @property
    def total(self) -> int:
        """Return how many rows and expected days there are."""
        return sum(count.n for count in self.counted)

    def of(self, what: str) -> Counted:
        """Return the count of a fate that is always there, `ANALYSED` or `NO_SCORE`."""
        return next(count for count in self.counted if count.what == what)

    def share_missing(self, arm: str) -> float:
        """Return the share of an arm's days to be analysed that have no score; 0 without days."""
        missing, used = (self.of(what).by_arm[arm] for what in (NO_SCORE, ANALYSED))
        return missing / max(missing + used, 1)

    def chance(self, arm: str, other: str) -> float:
        """Return Fisher's exact p-value of so unequal shares of missing scores on two arms."""
        (a, b), (c, d) = (
            (self.of(NO_SCORE).by_arm[side], self.of(ANALYSED).by_arm[side])
            for side in (arm, other)
        )
        ways = [
            comb(a + b, k) * comb(c + d, a + c - k)
            for k in range(max(0, a - d), min(a + b, a + c) + 1)
        ]
        seen = comb(a + b, a) * comb(c + d, c)
        return sum(way for way in ways if way <= seen) / sum(ways)


def account(data: TrialData, series: Series, plan: AnalysisPlan) -> Account:
    """Return what became of every row and expected day.

    Parameters
    ----------
    data : TrialData
        One person's trial, with arms.
    series : Series
        The outcome.
    plan : AnalysisPlan
        Says which days are left out.
    """
    fate = fates(data, series, plan)
    period = fate.period_of_day[series.day]
    on_arm = np.where(
        period == STRADDLES, STRADDLES, np.array(data.arm_of_period, dtype=np.int64)[period]
    )
    counted = [
        _counted(what, on_arm[where], data.arms) for what, where in _kinds(data, series, plan)
    ]
    for why in dict.fromkeys(group.why for group in data.left_out):
        rows = [group for group in data.left_out if group.why == why]
        counted.append(
            Counted(
                what=why,
                by_arm={arm: sum(row.n for row in rows if row.arm == arm) for arm in data.arms},
                on_no_arm=sum(row.n for row in rows if row.arm not in data.arms),
            )
        )
    always = (ANALYSED, NO_SCORE)
    return Account(counted=tuple(row for row in counted if row.n or row.what in always))


def _kinds(
    data: TrialData, series: Series, plan: AnalysisPlan
) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield every fate of an expected score, and whose it is; each is somebody's once."""
    fate = fates(data, series, plan)
    scored = np.isfinite(series.score)
    outside = fate.period_of_day[series.day] == STRADDLES
    before = outside & (series.day < data.masked.periods[0].first_day)
    after = outside & (series.day > data.masked.periods[-1].last_day)
    dropped = ~outside & fate.dropped
    days = "day" if plan.drop_days == 1 else f"{plan.drop_days} days"
    yield ANALYSED, fate.wanted & scored
    yield NO_SCORE, fate.wanted & ~scored
    yield "before the first period (run-in)", before & scored
    yield "between periods (washout, or on no arm)", outside & ~before & ~after & scored
    yield "after the last period", after & scored
    yield f"on the first {days} of a period, left out", dropped & scored
    yield "looking back on days left out", ~outside & ~dropped & fate.touches & scored
    yield "without a score, on days that are not analysed", ~fate.wanted & ~scored


def _counted(what: str, on_arm: NDArray[np.int64], arms: tuple[str, ...]) -> Counted:
    return Counted(
        what=what,
        by_arm={arm: int((on_arm == number).sum()) for number, arm in enumerate(arms)},
        on_no_arm=int((on_arm == STRADDLES).sum()),
    )
