"""The paired t-test on cycle differences: few assumptions, few degrees of freedom."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.inference.fits import NotRun, PairedFit
from nof1.inference.frequentist.t_interval import Estimates, many_by_t
from nof1.inference.period_means import cycle_differences
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedTests:
    """The tests of many score vectors of one design.

    Attributes
    ----------
    tests : Estimates
        Arrays of shape (...).
    differences : array, shape (..., cycles)
        In points.
    """

    tests: Estimates
    differences: FloatArray


def fit(inputs: ModelInput, active: int, comparator: int) -> PairedFit | NotRun:
    """Return the one-sample t-test on the differences of period means within cycles.

    Parameters
    ----------
    inputs : ModelInput
        Scores and design of one person.
    active, comparator : int
        Numbers of the arms compared.

    Returns
    -------
    PairedFit or NotRun
        Of the difference as scheduled, in points, with cycles minus one degrees of freedom; not
        run with fewer than two cycles or when all differences are equal.
    """
    fits = fit_many(inputs.score, inputs, active, comparator)
    if isinstance(fits, NotRun):
        return fits
    test = fits.tests.single()
    if np.isnan(test.se):
        why = "all cycle differences are equal, so they have no spread"
        return NotRun(engine=PairedFit.engine, why=why)
    return PairedFit(**asdict(test), differences=tuple(fits.differences.tolist()))


def fit_many(
    scores: FloatArray, inputs: ModelInput, active: int, comparator: int
) -> PairedTests | NotRun:
    """Return the tests of many score vectors of one design.

    Parameters
    ----------
    scores : array, shape (..., n)
        In points, on the days of `inputs`.
    inputs : ModelInput
        The design; its own scores are not used.
    active, comparator : int
        Numbers of the arms compared.

    Returns
    -------
    PairedTests or NotRun
        Standard error, p-value and interval are NaN where all differences are equal.
    """
    differences = cycle_differences(inputs, active, comparator, scores)
    n = differences.shape[-1]
    if n < 2:
        return NotRun(
            engine=PairedFit.engine,
            why=f"{n} {'cycle has' if n == 1 else 'cycles have'} scores on both arms; 2 are needed",
        )
    sd = differences.std(axis=-1, ddof=1)
    sd = np.where(sd > 1e-12 * inputs.span, sd, 0.0)
    estimate = differences.mean(axis=-1)
    df = np.full(np.shape(estimate), n - 1.0)
    tests = many_by_t(estimate, sd / n**0.5, df, inputs.plan.ci_level)
    return PairedTests(tests=tests, differences=differences)
