"""Operating characteristics at fixed truths: how often each method errs, and the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from nof1.calibration.answers import METHODS, Answers
from nof1.calibration.scenarios import Cell
from nof1.calibration.table import VERDICTS, CellResult
from nof1.calibration.truths import Alike, at_fixed_truth

FloatArray = NDArray[np.float64]

#: People of one sequence and one pattern of missing scores.
ALIKE = 25
#: Methods that estimate the steady-state effect; all others the difference as scheduled.
STEADY = ("quadrature", "wider")


def methods_of(cell: Cell) -> tuple[str, ...]:
    """Return the methods measured in a cell; the wider prior only where the default has it hard."""
    return tuple(method for method in METHODS if method != "wider" or cell.is_hard)


def measure(
    cell: Cell, trials: int, seed: int, methods: Iterable[str] | None = None
) -> tuple[CellResult, ...]:
    """Return what every method does in one cell.

    Parameters
    ----------
    cell : Cell
        The truth and the design.
    trials : int
        Simulated trials, at least; a whole number of groups of `ALIKE` is run.
    seed : int
        With the cell it fixes every random number.
    methods : iterable of str, or None
        Keys of `METHODS`; None for those of `methods_of`.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=cell.key))
    groups = [at_fixed_truth(cell, ALIKE, rng) for _ in range(-(-trials // ALIKE))]
    steady = np.concatenate([_steady(group) for group in groups])
    scheduled = np.concatenate([_scheduled(group) for group in groups])
    return tuple(
        tally(
            cell,
            method,
            [METHODS[method](group) for group in groups],
            steady if method in STEADY else scheduled,
        )
        for method in (methods_of(cell) if methods is None else methods)
    )


def _steady(group: Alike) -> FloatArray:
    return np.array([truth.effects[0] for truth in group.truths])


def _scheduled(group: Alike) -> FloatArray:
    """Return the difference as scheduled that each person's truth leaves in the scores."""
    inputs, truth = group.givens[0], group.truths[0]
    weights = inputs.as_scheduled_weights(1, 0)
    share = float(weights @ inputs.exposure(truth.half_life_days)[:, 0])
    return share * _steady(group)


def tally(cell: Cell, method: str, groups: Sequence[Answers], truth: FloatArray) -> CellResult:
    """Return one row of the table.

    Parameters
    ----------
    cell : Cell
        Where the trials were simulated.
    method : str
        Key of `METHODS`.
    groups : sequence of Answers
        Of all trials.
    truth : array, shape (m,)
        Of what the method estimates, trial by trial, in points.
    """
    estimate, low, high, level = (
        np.concatenate([getattr(group, name) for group in groups])
        for name in ("estimate", "low", "high", "level")
    )
    rejected = np.concatenate([group.rejected for group in groups])
    ran = np.isfinite(estimate)
    counts = Counter(verdict for group in groups for verdict in group.verdicts)
    error, width = (estimate - truth)[ran], (high - low)[ran]
    finite = width[np.isfinite(width)]
    return CellResult(
        cell=cell,
        method=method,
        trials=len(estimate),
        ran=int(ran.sum()),
        rejected=int(rejected[ran].sum()),
        covered=int(((low <= truth) & (truth <= high))[ran].sum()),
        level=_mean(level[ran]),
        bias=_mean(error),
        spread=float(error.std()) if len(error) else None,
        width=_mean(finite),
        verdicts=tuple(counts[code] for code in VERDICTS) if counts else (),
    )


def _mean(values: FloatArray) -> float | None:
    return float(values.mean()) if len(values) else None
