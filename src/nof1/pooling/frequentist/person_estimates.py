"""Each person's difference and its standard error: what pooling in two stages starts from.

A person has too few cycles to tell their own scatter: with their own variances, pooling finds an
average difference where there is none up to four times out of five. So the variance within
persons is pooled over all of them.
(Senn 2024, doi:10.1186/s13063-024-07964-7.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.errors import Fault, ScoresError
from nof1.words.numbers import counted

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEstimates:
    """One estimate a person, its standard error taken as known.

    Attributes
    ----------
    persons : tuple of str, length n_persons
        Codes of the persons; at least two.
    estimate : array, shape (n_persons,)
        Active minus comparator, in points.
    se : array, shape (n_persons,)
        In points, above 0.
    df : float or None
        Degrees of freedom of the variance within persons that all of them rest on; None where the
        errors are taken as known.
    """

    persons: tuple[str, ...]
    estimate: FloatArray
    se: FloatArray
    df: float | None = None

    def __post_init__(self) -> None:
        faults = too_few(len(self.persons)) + [
            Fault(person, f"{estimate:g} with a standard error of {se:g} cannot be pooled", _MEND)
            for person, estimate, se in zip(self.persons, self.estimate, self.se, strict=True)
            if not (np.isfinite(estimate) and np.isfinite(se) and se > 0)
        ]
        if faults:
            raise ScoresError(faults)
        self.estimate.setflags(write=False)
        self.se.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinVariance:
    """Variance of a cycle difference within persons, pooled over them.

    Attributes
    ----------
    variance : float
        Of *one cycle difference*, in squared points: twice that of a period's mean.
    df : int
        Its degrees of freedom: all cycles less one for each person.
    """

    variance: float
    df: int


_MEND = "Leave this person out, or give finite numbers and a standard error above 0."


def within_variance(differences: Mapping[str, FloatArray]) -> WithinVariance:
    """Return the variance of a cycle difference within persons, pooled over them.

    ``s^2 = sum (k_i - 1) s_i^2 / sum (k_i - 1)`` for persons with ``k_i`` cycles and own
    variances ``s_i^2``. (Senn 2024, doi:10.1186/s13063-024-07964-7.)

    Parameters
    ----------
    differences : mapping of str to array, shape (k_i,)
        Cycle differences in points by person; one cycle is allowed, none is not.

    Raises
    ------
    ScoresError
        If a person has no cycle, nobody has two, or nobody's differences scatter.
    """
    refuse_without_cycles(differences)
    refuse_single_cycles(differences)
    df = sum(len(mine) - 1 for mine in differences.values())
    squares = sum(float(((mine - mine.mean()) ** 2).sum()) for mine in differences.values())
    largest = max(float(np.abs(mine).max()) for mine in differences.values())
    if squares <= (1e-12 * largest) ** 2:
        what = "every person's cycle differences are all equal, so nobody's scatter"
        raise ScoresError(Fault("", what, "Check the scores."))
    return WithinVariance(variance=squares / df, df=df)


def person_estimates(differences: Mapping[str, FloatArray]) -> PersonEstimates:
    """Return every person's mean cycle difference, with standard error ``s / sqrt(k_i)``.

    Parameters
    ----------
    differences : mapping of str to array, shape (k_i,)
        Cycle differences in points by person; at least two persons.

    Raises
    ------
    ScoresError
        As `within_variance` does, and with fewer than two persons.
    """
    if faults := too_few(len(differences)):
        raise ScoresError(faults)
    within = within_variance(differences)
    cycles = np.array([len(mine) for mine in differences.values()])
    return PersonEstimates(
        persons=tuple(differences),
        estimate=np.array([mine.mean() for mine in differences.values()]),
        se=np.sqrt(within.variance / cycles),
        df=float(within.df),
    )


def refuse_without_cycles(differences: Mapping[str, FloatArray]) -> None:
    """Refuse persons who have no cycle difference, all of them at once."""
    faults = [
        Fault(person, "there is no cycle with scores on both arms", "Leave this person out.")
        for person, mine in differences.items()
        if len(mine) == 0
    ]
    if faults:
        raise ScoresError(faults)


def refuse_single_cycles(differences: Mapping[str, FloatArray]) -> None:
    """Refuse persons of whom nobody has two cycles: scatter within persons is then unknown."""
    if differences and all(len(mine) < 2 for mine in differences.values()):
        what = "nobody has two cycles, so that scatter within persons cannot be told"
        raise ScoresError(Fault("", what, "The t-test on the persons' means needs none."))


def too_few(n_persons: int) -> list[Fault]:
    """Return what is wrong with so few persons; nothing from two on."""
    if n_persons >= 2:
        return []
    what = f"{counted(n_persons, 'person')} cannot be pooled"
    return [Fault("", what, "Give at least two.")]
