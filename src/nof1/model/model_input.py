"""From scores with arms to the arrays every engine takes: no dates, no names beyond the arms'."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.model.covariates import Adjustment, adjustments
from nof1.model.exposure import exposure, window_means
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import Better
from nof1.trial.data import MaskedPeriod, Series, TrialData
from nof1.words.caution import Caution

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Number of a period, cycle or arm for a score whose recall window reaches over more than one.
STRADDLES = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInput:
    """What an engine is given.

    Attributes
    ----------
    score : float array, shape (n,)
        Points, observed scores only, in order of time.
    day : int array, shape (n,)
        Study day of each score, the last of its recall window.
    lag : float array, shape (n,)
        Days since the score before, in units of the usual spacing; 0 for the first.
    trend : float array, shape (n,)
        Mean day of the window, centred, as a share of the whole trial: -0.5 to 0.5.
    period_share : float array, shape (n, n_periods)
        Share of each window that lies in each period.
    period, cycle, arm : int array, shape (n,)
        Index from 0 of the period and cycle, number of the arm; `STRADDLES` when the window
        reaches over a switch, a washout or the run-in.
    dose : float array, shape (n_days, n_arms - 1)
        Share of the dose of each arm but the comparator, on every study day.
    covariates : float array, shape (n, q)
        Covariates adjusted for, centred within the person and divided by their SD.
    adjustments : tuple of Adjustment, length q
        Which they are, and their SDs.
    recall_days : int
        Length of the recall window.
    arms : tuple of str
        Ids, the comparator first.
    arm_of_period : tuple of int
        Number in `arms`, period by period.
    cycle_of_period : tuple of int
        Cycle of each period, from 0.
    low, high, step : float
        The scale; `step` is never 0.
    scale_known : bool
        False when its ends were guessed from the scores, so that no score is cut off there.
    better : {"lower", "higher"}
        Which direction is an improvement.
    mcid : float or None
        Smallest difference that matters, in points.
    plan : AnalysisPlan
        Carryover, trend, period effects, priors, level.
    n_missing : int
        Planned scores of the analysed days that are missing.
    innovation_precision : float array, shape (n,)
        What the precision of each score given the score before is multiplied by; ones, unless
        heavy tails are written as a mixture of normal distributions.
    items : int array, shape (n, n_items), or None
        Answers to the items of each score, `NOT_ANSWERED` where one is missing; None when the
        outcome has no items or none were recorded.
    item_high : int
        Highest answer to an item, the lowest being 0; 0 for an outcome without items.
    """

    score: FloatArray
    day: IntArray
    lag: FloatArray
    trend: FloatArray
    period_share: FloatArray
    period: IntArray
    cycle: IntArray
    arm: IntArray
    dose: FloatArray
    covariates: FloatArray
    adjustments: tuple[Adjustment, ...]
    recall_days: int
    arms: tuple[str, ...]
    arm_of_period: tuple[int, ...]
    cycle_of_period: tuple[int, ...]
    low: float
    high: float
    step: float
    better: Better
    mcid: float | None
    plan: AnalysisPlan
    n_missing: int
    innovation_precision: FloatArray
    items: IntArray | None = None
    item_high: int = 0
    scale_known: bool = True

    def __post_init__(self) -> None:
        for array in (
            self.score,
            self.day,
            self.lag,
            self.trend,
            self.period_share,
            self.dose,
            self.covariates,
        ):
            array.setflags(write=False)
        if not np.all(np.isfinite(self.score)):
            raise ValueError("scores must be finite")

    @property
    def n(self) -> int:
        """Return the number of scores."""
        return len(self.score)

    @property
    def all_alike(self) -> bool:
        """Return whether the scores are all alike, so that they tell nothing of their scatter."""
        return bool(np.ptp(self.score) < self.step)

    @property
    def span(self) -> float:
        """Return the range of the scale, in points."""
        return self.high - self.low

    @property
    def n_periods(self) -> int:
        """Return the number of periods of the trial."""
        return len(self.arm_of_period)

    def unspoken(self, *arms: int, whole: bool = False) -> Caution | None:
        """Return why no score speaks of some of these arms, None when scores speak of all.

        Parameters
        ----------
        arms : int
            Their numbers.
        whole : bool
            Ask for scores that look back on one period and nothing else.
        """
        touched = self.period_share > (1 - 1e-9 if whole else 0.0)
        on = np.array(self.arm_of_period)
        for arm in arms:
            if not touched[:, on == arm].any():
                return Caution.of("one-arm", arm=self.arms[arm], alone=whole)
        return None

    @property
    def mainly_on(self) -> IntArray:
        """Return the arm each score speaks of, the one with the greatest share of its window."""
        on = np.array(self.arm_of_period)[:, None] == np.arange(len(self.arms))
        return np.asarray((self.period_share @ on).argmax(axis=1))

    def exposure(
        self, half_life_days: FloatArray | float, rise_days: FloatArray | float | None = None
    ) -> FloatArray:
        """Return each score's exposure, averaged over its window.

        Parameters
        ----------
        half_life_days : float or array, shape (n_half_lives,)
            Half-life in days; of fall alone when that of rise is given.
        rise_days : float or array of the same shape, or None
            Half-life of rise, one for each of fall; None when it is the same.

        Returns
        -------
        array, shape (n_half_lives, n, n_arms - 1), without the first axis for one half-life
        """
        daily = exposure(self.dose, half_life_days, rise_days)
        return window_means(daily, self.day, self.recall_days)

    def as_scheduled_weights(self, active: int, comparator: int) -> FloatArray:
        """Return the weights of the scores in the mean difference as scheduled.

        The difference is that of the period means within every cycle that has scores on both
        arms, averaged over those cycles; when no cycle has, that of the period means of the whole
        trial. Scores that straddle a switch have weight 0.

        Returns
        -------
        array, shape (n,)
            Sums to 1 over the active arm's scores and to -1 over the comparator's; all zero when
            one of them has no score.
        """
        counts = np.bincount(self.period[self.period >= 0], minlength=self.n_periods).tolist()
        by_cycle: dict[int, list[int]] = {}
        for period, cycle in enumerate(self.cycle_of_period):
            by_cycle.setdefault(cycle, []).append(period)
        compared = (active, comparator)
        parts = [self._difference(periods, counts, *compared) for periods in by_cycle.values()]
        both = [part for part in parts if part] or [
            self._difference(range(self.n_periods), counts, *compared)
        ]
        weights = np.zeros(self.n_periods + 1)
        for part in both:
            for period, weight in part.items():
                weights[period] = weight / len(both)
        # The last one is for scores that straddle a switch, whose period is -1.
        return np.asarray(weights[self.period])

    def _difference(
        self, periods: Iterable[int], counts: Sequence[int], active: int, comparator: int
    ) -> dict[int, float]:
        """Return the weight of each score of a period in the difference of period means.

        Empty when either arm has no score in these periods.
        """
        scored = [period for period in periods if counts[period]]
        on, off = (
            [period for period in scored if self.arm_of_period[period] == arm]
            for arm in (active, comparator)
        )
        if not on or not off:
            return {}
        signs = {**dict.fromkeys(on, 1.0 / len(on)), **dict.fromkeys(off, -1.0 / len(off))}
        return {period: sign / counts[period] for period, sign in signs.items()}


def model_input(data: TrialData, series: Series, plan: AnalysisPlan) -> ModelInput:
    """Return what the engines are given for one outcome of one person.

    Scores of the run-in, of washouts, and scores whose recall window reaches into the first
    `plan.drop_days` days of a period are left out.

    Parameters
    ----------
    data : TrialData
        One person's trial, with arms.
    series : Series
        One of its outcomes.
    plan : AnalysisPlan
        The promised analysis.
    """
    masked = data.masked
    fate = fates(data, series, plan)
    period_of_day = fate.period_of_day
    first = np.maximum(series.day - series.recall_days + 1, 1)
    used = fate.wanted & np.isfinite(series.score)
    day = series.day[used]

    in_period = period_of_day[1:, None] == np.arange(len(masked.periods))
    share = window_means(in_period.astype(float), day, series.recall_days)
    period = np.where(share.max(axis=1) > 1 - 1e-9, share.argmax(axis=1), STRADDLES)
    arm_of_period = np.array(data.arm_of_period)
    cycle_of_period = np.array([p.cycle - 1 for p in masked.periods])
    begin, end = masked.periods[0].first_day, masked.periods[-1].last_day
    middle = day - (day - first[used]) / 2
    spacing = float(np.median(np.diff(series.day))) if len(series.day) > 1 else 1.0
    covariates, adjusted = adjustments(masked.covariates, day, series.recall_days)
    lag = np.concatenate([[0.0], np.diff(day) / spacing])[: len(day)]
    return ModelInput(
        score=series.score[used].copy(),
        day=day,
        lag=lag,
        trend=(middle - (begin + end) / 2) / (end - begin + 1),
        period_share=share,
        period=period,
        cycle=np.where(period == STRADDLES, STRADDLES, cycle_of_period[period]),
        arm=np.where(period == STRADDLES, STRADDLES, arm_of_period[period]),
        dose=_doses(data, period_of_day, plan),
        covariates=covariates,
        adjustments=adjusted,
        recall_days=series.recall_days,
        arms=data.arms,
        arm_of_period=data.arm_of_period,
        cycle_of_period=tuple(cycle_of_period.tolist()),
        low=series.scale.low,
        high=series.scale.high,
        step=series.scale.step or series.scale.span * 1e-3,
        better=series.scale.better,
        mcid=series.mcid,
        plan=plan,
        n_missing=int((fate.wanted & ~np.isfinite(series.score)).sum()),
        innovation_precision=np.ones(len(day)),
        items=None if series.items is None else series.items[used],
        item_high=series.scale.item_high,
        scale_known=series.scale_known,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """What becomes of every expected score of an outcome, given or missing.

    Attributes
    ----------
    period_of_day : int array, shape (n_days + 1,)
        Index of the period of every study day; `STRADDLES` in none. Day 0 is there for counting.
    dropped : bool array, shape (n,)
        Its day is one of the first of a period, which the plan leaves out.
    touches : bool array, shape (n,)
        Its recall window reaches into such days.
    wanted : bool array, shape (n,)
        It is analysed if there is a score.
    """

    period_of_day: IntArray
    dropped: NDArray[np.bool_]
    touches: NDArray[np.bool_]
    wanted: NDArray[np.bool_]


def fates(data: TrialData, series: Series, plan: AnalysisPlan) -> Fates:
    """Return what becomes of every expected score; see `model_input`."""
    n_days = max(data.masked.n_days, int(series.day.max(initial=1)))
    period_of_day, dropped = _calendar(data.masked.periods, n_days, plan.drop_days)
    first = np.maximum(series.day - series.recall_days + 1, 1)
    dropped_before = np.cumsum(dropped)
    touches = dropped_before[series.day] - dropped_before[first - 1] > 0
    return Fates(
        period_of_day=period_of_day,
        dropped=dropped[series.day],
        touches=touches,
        wanted=(period_of_day[series.day] != STRADDLES) & ~touches,
    )


def _calendar(
    periods: Sequence[MaskedPeriod], n_days: int, drop_days: int
) -> tuple[IntArray, NDArray[np.bool_]]:
    """Return, for days 0 to `n_days`, the index of the period and whether the day is dropped."""
    period_of_day = np.full(n_days + 1, STRADDLES)
    dropped = np.zeros(n_days + 1, dtype=bool)
    for index, period in enumerate(periods):
        period_of_day[period.first_day : period.last_day + 1] = index
        dropped[period.first_day : period.first_day + drop_days] = True
    return period_of_day, dropped


def _doses(data: TrialData, period_of_day: IntArray, plan: AnalysisPlan) -> FloatArray:
    """Return the dose of every arm but the comparator on every study day, shape (n_days, k).

    The dose is of the arm that was really taken, where that was another than assigned, and under
    ``as-taken`` as much as was taken.
    """
    arm_of_day = np.where(
        period_of_day[1:] == STRADDLES, 0, np.array(data.arm_of_period)[period_of_day[1:]]
    )
    for day, arm in data.arm_taken.items():
        arm_of_day[day - 1] = arm
    dose: FloatArray = (arm_of_day[:, None] == np.arange(1, len(data.arms))).astype(np.float64)
    if plan.missed_doses == "as-taken":
        for day, share in data.masked.taken.items():
            dose[day - 1] *= share
    return dose
