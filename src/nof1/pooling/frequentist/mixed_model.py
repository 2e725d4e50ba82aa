"""Pooling in one stage: every person has coefficients of their own around the average ones.

    y_i = Z_i (b + b_i) + e_i,   b_i ~ N(0, D),   e_i ~ N(0, sigma^2)

``Z_i`` holds 1 and the arm for scores (``y ~ x + (x | person)`` in lme4), 1 alone for cycle
differences (``d ~ 1 + (1 | person)``). Since average and own coefficients belong to the same
regressors, a person enters by ``Z_i' Z_i``, by the own least-squares coefficients and by the
squares around them: the work does not grow with the number of scores.

``D = sigma^2 L L'`` with a triangular ``L``; the restricted likelihood, maximal in ``b`` and
``sigma``, is maximised over ``L`` (Bates et al. 2015, doi:10.18637/jss.v067.i01). MixedLM of
statsmodels fits the same model, to about 1e-4 of a standard error, but has no degrees of freedom
for so few persons; it is a check in the tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log, pi
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from nof1.errors import Fault, ScoresError
from nof1.inference.frequentist.t_interval import by_t
from nof1.inference.summaries import Estimate
from nof1.pooling.frequentist.person_estimates import refuse_single_cycles, refuse_without_cycles
from nof1.pooling.frequentist.person_sums import PersonSums, person_sums
from nof1.pooling.frequentist.small_samples import small_samples

FloatArray = NDArray[np.float64]
DegreesOfFreedom = Literal["kenward-roger", "satterthwaite"]

#: A diagonal element of L below this counts as 0, as in lme4.
BOUNDARY = 1e-4
#: Shares of the spread of the persons' own coefficients from which the search begins; the best
#: end is taken.
STARTS = (0.1, 1.0)
#: Scatter within persons below this share of all scatter is too little to be told from none.
LEAST_WITHIN = 1e-4
#: Scatter that comes from writing numbers with 16 digits, as a share of their squares.
ROUNDING = 1e-14


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedModel:
    """Average coefficients of many persons and how much they differ.

    Attributes
    ----------
    n_scores, n_persons : int
        Scores, or cycle differences, and the persons they belong to.
    coefficients : array, shape (p,)
        Averages over persons, in points.
    covariance, covariance_adjusted : array, shape (p, p)
        Of the averages: at the fitted variances, and with Kenward and Roger's allowance for those
        not being known.
    df_satterthwaite, df_kenward_roger : array, shape (p,)
        Degrees of freedom of each average.
    between : array, shape (p, p)
        Covariance between persons of their true coefficients, in squared points.
    sigma : float
        SD within persons of a score, or of a cycle difference, in points.
    criterion : float
        Minus twice the restricted log likelihood, without the term of ``X'X``, as in lme4.
    boundary : bool
        Whether `between` lies on the edge of what a covariance can be.
    """

    n_scores: int
    n_persons: int
    coefficients: FloatArray
    covariance: FloatArray
    covariance_adjusted: FloatArray
    df_satterthwaite: FloatArray
    df_kenward_roger: FloatArray
    between: FloatArray
    sigma: float
    criterion: float
    boundary: bool

    def average(
        self, term: int, method: DegreesOfFreedom = "kenward-roger", level: float = 0.95
    ) -> Estimate:
        """Return an average with test and interval; the last `term` is the difference."""
        satterthwaite = method == "satterthwaite"
        covariance = self.covariance if satterthwaite else self.covariance_adjusted
        df = self.df_satterthwaite if satterthwaite else self.df_kenward_roger
        se = float(covariance[term, term] ** 0.5)
        return by_t(float(self.coefficients[term]), se, float(df[term]), level)


def score_model(score: FloatArray, active: FloatArray, person: NDArray[np.generic]) -> MixedModel:
    """Return the fit of ``score ~ active + (active | person)``.

    The coefficients are the level on the comparator and the difference. Scores of a person count
    as independent given the person's own coefficients; what that misses within persons goes into
    `between`, which is then too large.

    Parameters
    ----------
    score : array, shape (n,)
        In points.
    active : array, shape (n,)
        1 on the active arm, 0 on the comparator.
    person : array, shape (n,)
        Codes of the persons.

    Raises
    ------
    ScoresError
        As `random_coefficients` does.
    """
    return random_coefficients(score, np.column_stack([np.ones(len(score)), active]), person)


def difference_model(differences: Mapping[str, FloatArray]) -> MixedModel:
    """Return the fit of ``difference ~ 1 + (1 | person)``, for any numbers of cycles.

    Parameters
    ----------
    differences : mapping of str to array, shape (k_i,)
        Cycle differences in points by person.

    Raises
    ------
    ScoresError
        As `random_coefficients` does, if a person has no cycle, and if nobody has two.
    """
    refuse_without_cycles(differences)
    refuse_single_cycles(differences)
    d = np.concatenate([np.zeros(0), *differences.values()])
    person = np.repeat(np.arange(len(differences)), [len(mine) for mine in differences.values()])
    return random_coefficients(d, np.ones((len(d), 1)), person)


def random_coefficients(y: FloatArray, z: FloatArray, person: NDArray[np.generic]) -> MixedModel:
    """Return the restricted maximum likelihood fit of persons' own coefficients around averages.

    Parameters
    ----------
    y : array, shape (n,)
        Scores or cycle differences in points.
    z : array, shape (n, p)
        Regressors, average and own coefficients alike.
    person : array, shape (n,)
        Whom a row belongs to.

    Raises
    ------
    ScoresError
        If fewer than ``p + 1`` persons can tell all coefficients, or nobody's scores scatter
        around their own coefficients.
    """
    sums = person_sums(y, z, person)
    p = z.shape[1]
    whole = int((sums.rank == p).sum())
    if whole <= p:
        what = f"too few persons have scores on both arms: {whole}"
        raise ScoresError(Fault("", what, f"At least {p + 1} are needed."))
    scatter = float(((y - y.mean()) ** 2).sum()) + ROUNDING * float((y**2).sum())
    if sums.squares <= LEAST_WITHIN**2 * scatter:
        what = "the scores of no person scatter around their own averages"
        raise ScoresError(Fault("", what, "Check the scores; each person needs several."))
    factor = _best_factor(sums)
    profile = _profile(sums, factor)
    variance = profile.squares / (sums.n - p)
    allowed = small_samples(sums, profile.coefficients, factor, variance)
    return MixedModel(
        n_scores=sums.n,
        n_persons=len(sums.own),
        coefficients=profile.coefficients,
        covariance=variance * profile.inverse,
        covariance_adjusted=allowed.covariance,
        df_satterthwaite=allowed.df_satterthwaite,
        df_kenward_roger=allowed.df_kenward_roger,
        between=variance * factor @ factor.T,
        sigma=variance**0.5,
        criterion=profile.criterion,
        boundary=bool((np.diag(factor) == 0).any()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Profile:
    """The restricted likelihood at a factor L, maximal in the coefficients and sigma."""

    criterion: float
    gradient: FloatArray
    coefficients: FloatArray
    inverse: FloatArray
    squares: float


def _profile(sums: PersonSums, factor: FloatArray) -> _Profile:
    """Return criterion, its derivative in L, and what maximises the likelihood given L."""
    df = sums.n - sums.own.shape[1]
    precision, determinants = sums.precision(factor)
    total = precision.sum(axis=0)
    inverse = np.linalg.inv(total)
    coefficients = inverse @ np.einsum("nij,nj->i", precision, sums.own)
    rest = sums.own - coefficients
    pull = np.einsum("nij,nj->ni", precision, rest)
    squares = sums.squares + float((rest * pull).sum())
    determinants += float(np.linalg.slogdet(total)[1])
    slope = total - np.einsum("nij,jk,nkl->il", precision, inverse, precision)
    slope -= df / squares * pull.T @ pull
    return _Profile(
        criterion=determinants + df * (1 + log(2 * pi * squares / df)),
        gradient=2 * slope @ factor,
        coefficients=coefficients,
        inverse=inverse,
        squares=squares,
    )


def _best_factor(sums: PersonSums) -> FloatArray:
    """Return the L with the highest restricted likelihood."""
    p = sums.own.shape[1]
    lower = np.tril_indices(p)

    def unpacked(values: FloatArray) -> FloatArray:
        factor = np.zeros((p, p))
        factor[lower] = values
        return factor

    def criterion(values: FloatArray) -> tuple[float, FloatArray]:
        profile = _profile(sums, unpacked(values))
        return profile.criterion, profile.gradient[lower]

    variance = sums.squares / sums.outside
    whole = sums.rank == p
    spread = np.cov(sums.own[whole].T).reshape(p, p) / variance + sums.inverse[whole].mean(axis=0)
    widest = np.linalg.cholesky(spread)[lower]
    # Signs of the columns do not matter, so that no bound is needed.
    ends = [
        minimize(criterion, start * widest, jac=True, method="BFGS", options={"gtol": 1e-8})
        for start in STARTS
    ]
    factor = unpacked(min(ends, key=lambda end: float(end.fun)).x)
    factor = factor * np.where(np.diag(factor) < 0, -1.0, 1.0)
    edge = np.diag(np.diag(factor) < BOUNDARY)
    return np.where(edge, 0.0, factor)
