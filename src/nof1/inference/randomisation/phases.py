"""The randomisation test of phases whose change points were drawn, on single scores.

A score stays with its measurement occasion, a missing one too; the phases move over them. Two
statistics are in use, which differ when phases are unequal in length: the mean of the phase means
of one arm minus that of the other, and the mean of all scores of one arm minus that of the other.
(Onghena 1992, Behavioral Assessment 14:153.)
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from nof1.design.phases import PhasesSet
from nof1.inference.randomisation.inversion import TIE, Extremes, linear
from nof1.inference.randomisation.reallocation import LISTED, SAMPLED, SEED
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseTest:
    """The test of phases by either statistic.

    Attributes
    ----------
    estimate, pooled_estimate : float
        Observed difference of the means of phase means, and of the means of all scores, in points.
    extremes, pooled : Extremes
        The same two statistics over the allocation set.
    exact : bool
        Whether every choice of change points was looked at.
    """

    estimate: float
    pooled_estimate: float
    extremes: Extremes
    pooled: Extremes
    exact: bool


def phase_extremes(inputs: ModelInput, active: int, drawn_from: PhasesSet) -> PhaseTest | str:
    """Return the test, or why there is none.

    Parameters
    ----------
    inputs : ModelInput
        Scores of two arms, on days of `drawn_from`.
    active : int
        The arm compared with the other one.
    drawn_from : PhasesSet
        What the change points were drawn from.
    """
    days = np.array(drawn_from.days)
    dose = inputs.dose[days - 1]
    arms = np.where(dose.any(axis=1), dose.argmax(axis=1) + 1, 0)
    if tuple(arms.tolist()) not in drawn_from:
        return "the change points are none that the draw could have given"
    score = np.zeros(len(days))
    scored = np.zeros(len(days))
    place = np.searchsorted(days, inputs.day)
    score[place], scored[place] = inputs.score, 1.0
    bounds, exact = _bounds(drawn_from)
    changes = np.flatnonzero(np.diff(arms)) + 1
    observed = np.array([[0, *changes, len(days)]])
    if not exact:
        bounds = np.vstack([observed, bounds])
    on = np.array(drawn_from.phases) == active
    treated = scored * (arms == active)
    tests: list[tuple[float, Extremes]] = []
    for statistic in (_mean_of_means, _pooled_mean):
        estimate = float(statistic(observed, score, scored, on)[0])
        if not np.isfinite(estimate):
            return "a phase has no scores"
        extremes = linear(
            statistic(bounds, score, scored, on),
            statistic(bounds, treated, scored, on),
            estimate,
            TIE * inputs.span,
        )
        tests.append((estimate, extremes))
    return PhaseTest(
        estimate=tests[0][0],
        pooled_estimate=tests[1][0],
        extremes=tests[0][1],
        pooled=tests[1][1],
        exact=exact,
    )


def _bounds(drawn_from: PhasesSet) -> tuple[IntArray, bool]:
    """Return the first occasion of every phase and the end, shape (n, k + 1), all or a sample."""
    n_phases = len(drawn_from.phases)
    n_marks = n_phases - 1
    places = drawn_from.spare + n_marks
    exact = drawn_from.size <= LISTED
    if exact:
        marks = np.array(list(combinations(range(places), n_marks)), dtype=np.int64)
    else:
        uniform = np.random.default_rng(SEED).random((SAMPLED, places))
        marks = np.sort(uniform.argpartition(n_marks, axis=1)[:, :n_marks], axis=1)
    # Before mark j lie j earlier marks, and j + 1 phases of the least length.
    starts = marks - np.arange(n_marks) + drawn_from.least * np.arange(1, n_phases)
    first = np.zeros((len(marks), 1), dtype=np.int64)
    return np.hstack([first, starts, first + len(drawn_from.days)]), exact


def _phase_sums(bounds: IntArray, values: FloatArray) -> FloatArray:
    """Return the sum of the values in every phase, shape (n, k)."""
    return np.diff(np.concatenate([[0.0], np.cumsum(values)])[bounds], axis=1)


def _mean_of_means(
    bounds: IntArray, values: FloatArray, scored: FloatArray, on: NDArray[np.bool_]
) -> FloatArray:
    """Return the mean of the phase means of one arm minus that of the other."""
    with np.errstate(invalid="ignore", divide="ignore"):
        means = _phase_sums(bounds, values) / _phase_sums(bounds, scored)
    return np.asarray(means[:, on].mean(axis=1) - means[:, ~on].mean(axis=1))


def _pooled_mean(
    bounds: IntArray, values: FloatArray, scored: FloatArray, on: NDArray[np.bool_]
) -> FloatArray:
    """Return the mean of all scores of one arm minus that of the other."""
    sums, counts = _phase_sums(bounds, values), _phase_sums(bounds, scored)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(
            sums[:, on].sum(axis=1) / counts[:, on].sum(axis=1)
            - sums[:, ~on].sum(axis=1) / counts[:, ~on].sum(axis=1)
        )
