"""Scores as they travel to the model. Masked data have no arm field at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nof1.design.allocation import AllocationSet
from nof1.read_only import ReadOnly
from nof1.scales import Scale
from nof1.words.caution import Caution

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

#: Answer to an item that was not given.
NOT_ANSWERED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The scores of one outcome, planned days without a score included.

    Attributes
    ----------
    outcome : str
        Id of the outcome.
    title, unit : str
        Name in print, and name of a point.
    scale : Scale
        Ends, step and better direction.
    recall_days : int
        Days a score looks back on, the scoring day included.
    mcid : float or None
        Smallest difference that matters, in points; positive.
    day : int array, shape (n,)
        Last study day the score speaks of, strictly increasing; 0 is the day before the trial.
    score : float array, shape (n,)
        Points; NaN where a planned score is missing.
    scale_known : bool
        False when the ends of the scale were guessed from the scores: such ends are no places
        where scores can crowd.
    scale_doubt : Caution or None
        What to know first of all of guessed ends, a sentence; empty when there is nothing.
    items : int array, shape (n, n_items), or None
        Answers to the items, `NOT_ANSWERED` where there is none; None without a single answer.
    """

    outcome: str
    title: str
    unit: str
    scale: Scale
    recall_days: int
    mcid: float | None
    day: IntArray
    score: FloatArray
    scale_known: bool = True
    scale_doubt: Caution | None = None
    items: IntArray | None = None

    def __post_init__(self) -> None:
        self.day.setflags(write=False)
        self.score.setflags(write=False)
        if self.items is not None:
            self.items.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyCovariate:
    """What was recorded of a covariate that the analysis adjusts for.

    Attributes
    ----------
    covariate : str
        Id of the covariate.
    title, unit : str
        Name in print, and what it counts; no unit for yes (1) or no (0).
    value : mapping of int to float
        By study day, where recorded.
    """

    covariate: str
    title: str
    unit: str
    value: Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedPeriod:
    """A period as the masked analyst knows it; days are study days, both ends included."""

    number: int
    cycle: int
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedData:
    """Everything recorded in one trial, without arms.

    Attributes
    ----------
    person : str
        Code of the person.
    n_days : int
        Study days from the first of the run-in to the last of the trial.
    periods : tuple of MaskedPeriod
        In order of time.
    series : tuple of Series
        The primary outcome first.
    taken : mapping of int to float
        Share of the day's dose taken, by study day, where recorded: 0 to 1.
    covariates : tuple of DailyCovariate
        Those declared beforehand, in the order of the protocol.
    """

    person: str
    n_days: int
    periods: tuple[MaskedPeriod, ...]
    series: tuple[Series, ...]
    taken: Mapping[int, float]
    covariates: tuple[DailyCovariate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsLeftOut:
    """Rows that were read but cannot be analysed, counted by why.

    Attributes
    ----------
    why : str
        As it is printed after a number of rows, for instance ``without a treatment``.
    arm : str or None
        Id of the arm they were on; None when they were on none.
    n : int
        How many.
    """

    why: str
    arm: str | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialData:
    """`MaskedData` with the arms: made by unsealing, or from a table from elsewhere.

    Attributes
    ----------
    masked : MaskedData
        Everything recorded.
    arms : tuple of str
        Ids of all arms the person was on, the comparator first: each acts, reported or not.
    arm_of_period : tuple of int, length n_periods
        Number in `arms` of each period's arm.
    allocation_set : AllocationSet or None
        What the sequence was drawn from; None when it was not drawn at random, or nobody knows.
    notes : tuple of Caution
        What was worked out or assumed while reading, a sentence each.
    reported : tuple of int
        Numbers in `arms` of the active arms whose contrasts are reported; empty for all.
    arm_taken : mapping of int to int
        By study day, the number of the arm that was really taken, where it was another than the
        period's: periods are as assigned, exposure is as taken.
    left_out : tuple of RowsLeftOut
        Rows that belong to no series, by why and by arm.
    """

    masked: MaskedData
    arms: tuple[str, ...]
    arm_of_period: tuple[int, ...]
    allocation_set: AllocationSet | None
    notes: tuple[Caution, ...] = ()
    reported: tuple[int, ...] = ()
    arm_taken: Mapping[int, int] = field(default_factory=ReadOnly)
    left_out: tuple[RowsLeftOut, ...] = ()
