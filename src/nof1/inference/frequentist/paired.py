"""The paired t-test on cycle differences: few assumptions, few degrees of freedom."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nof1.inference.frequentist.t_interval import t_figures_many
from nof1.inference.period_means import cycle_differences
from nof1.inference.result import Fit, NotRun
from nof1.model.model_input import ModelInput

FloatArray = NDArray[np.float64]

ENGINE = "paired"


def fit(inputs: ModelInput, active: int, comparator: int) -> Fit | NotRun:
    """Return the one-sample t-test on the differences of period means within cycles.

    Parameters
    ----------
    inputs : ModelInput
        Scores and design of one person.
    active, comparator : int
        Numbers of the arms compared.

    Returns
    -------
    Fit or NotRun
        Of the difference as scheduled, in points, with cycles minus one degrees of freedom; not
        run with fewer than two cycles or when all differences are equal.
    """
    fits = fit_many(inputs.score, inputs, active, comparator)
    if isinstance(fits, NotRun):
        return fits
    differences = fits.pop("differences")
    if np.isnan(fits["se"]):
        return NotRun(engine=ENGINE, why="all cycle differences are equal, so they have no spread")
    return Fit(
        engine=ENGINE,
        estimand="as-scheduled",
        values={
            **{name: float(value) for name, value in fits.items()},
            "differences": differences.tolist(),
        },
    )


def fit_many(
    scores: FloatArray, inputs: ModelInput, active: int, comparator: int
) -> dict[str, FloatArray] | NotRun:
    """Return the tests of many score vectors of one design, all figures as arrays.

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
    dict of arrays of shape (...), or NotRun
        Named as in the contract, and ``differences``, shape (..., cycles); standard error, p-value
        and interval are NaN where all differences are equal.
    """
    differences = cycle_differences(inputs, active, comparator, scores)
    n = differences.shape[-1]
    if n < 2:
        return NotRun(
            engine=ENGINE,
            why=f"{n} {'cycle has' if n == 1 else 'cycles have'} scores on both arms; 2 are needed",
        )
    sd = differences.std(axis=-1, ddof=1)
    sd = np.where(sd > 1e-12 * inputs.span, sd, 0.0)
    estimate = differences.mean(axis=-1)
    df = np.full(np.shape(estimate), n - 1.0)
    figures = t_figures_many(estimate, sd / n**0.5, df, inputs.plan.ci_level)
    return {**figures, "differences": differences}
