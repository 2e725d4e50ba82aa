"""The paired t-test on cycle differences: few assumptions, few degrees of freedom."""

from __future__ import annotations

import numpy as np

from nof1.inference.period_means import cycle_differences
from nof1.inference.result import Fit, NotRun
from nof1.inference.student import t_figures
from nof1.model.model_input import ModelInput

ENGINE = "paired"


def fit(given: ModelInput, active: int, comparator: int) -> Fit | NotRun:
    """Return the one-sample t-test on the differences of period means within cycles.

    Parameters
    ----------
    given : ModelInput
        Scores and design of one person.
    active, comparator : int
        Numbers of the arms compared.

    Returns
    -------
    Fit or NotRun
        Of the difference as scheduled, in points, with cycles minus one degrees of freedom; not
        run with fewer than two cycles or when all differences are equal.
    """
    differences = cycle_differences(given, active, comparator)
    n = len(differences)
    if n < 2:
        return NotRun(
            engine=ENGINE,
            why=f"{n} {'cycle has' if n == 1 else 'cycles have'} scores on both arms; 2 are needed",
        )
    estimate, sd = float(differences.mean()), float(differences.std(ddof=1))
    if sd <= 1e-12 * given.span:
        return NotRun(engine=ENGINE, why="all cycle differences are equal, so they have no spread")
    return Fit(
        engine=ENGINE,
        estimand="as-scheduled",
        values={
            **t_figures(estimate, sd / n**0.5, n - 1, given.plan.ci_level),
            "differences": np.asarray(differences).tolist(),
        },
    )
