"""The studentised randomisation test of period means: Welch's t for every sequence.

With the effect d subtracted, a sequence a has the difference A - u c and the squared standard
error v0 - 2 u v1 + u^2 v2, where u is d minus the observed difference; the observed sequence has
the difference -u and a standard error that does not change. Sequence a is at least as extreme
where a polynomial of the fourth degree in u is not negative: between its first and second root
and, if there are four, between the third and the fourth. The p-value and the interval follow from
these stretches exactly, as they do from the plain difference.
(Janssen 1997, doi:10.1016/S0167-7152(97)00043-6, for why the studentised statistic keeps its size
when the arms' variances differ.)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nof1.inference.randomisation.inversion import TIE, Extremes

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def welch_extremes(
    sequences: IntArray, means: FloatArray, observed: IntArray, active: int, comparator: int
) -> Extremes | None:
    """Return for which effects the sequences are at least as extreme by Welch's t.

    Parameters
    ----------
    sequences : int array, shape (n, n_periods)
        The observed one among them.
    means : array, shape (n_periods,)
        Mean score of every period; NaN where there is none.
    observed : int array, shape (n_periods,)
        The observed sequence.
    active, comparator : int
        Numbers of the arms.

    Returns
    -------
    Extremes, or None when an observed arm has fewer than two period means or they do not scatter
    """
    scored = np.isfinite(means)
    treated = (observed == active).astype(float)
    on, off = scored & (observed == active), scored & (observed == comparator)
    if min(on.sum(), off.sum()) < 2:
        return None
    estimate = float(means[on].mean() - means[off].mean())
    level = float(means[off].mean())
    rest = np.where(scored, means - estimate * treated - level, 0.0)
    groups = [(sequences == arm) & scored for arm in (active, comparator)]
    seen = [(observed[None] == arm) & scored for arm in (active, comparator)]
    variance = float(_coefficients(seen, rest, treated)[2][0])
    if variance <= (TIE * np.abs(means[scored]).max(initial=0.0)) ** 2:
        return None
    difference, share, v0, v1, v2 = _coefficients(groups, rest, treated)
    # Where the groups are those observed or their mirror, t changes at most its sign.
    always = ~np.isfinite(v0) | (np.abs(share) >= 1.0 - TIE)
    squared = (difference + estimate * share) ** 2 * variance
    against = estimate**2 * (v0 + 2 * estimate * v1 + estimate**2 * v2)
    at_zero = always | (squared >= against - 2 * TIE * (squared + np.abs(against)))
    begin, end = _stretches(
        *(part[~always] for part in (difference, share, v0, v1, v2)), variance=variance
    )
    return Extremes(
        begin=begin + estimate,
        end=end + estimate,
        always=int(always.sum()),
        at_zero=int(at_zero.sum()),
        n=len(sequences),
    )


def _coefficients(
    groups: list[BoolArray], rest: FloatArray, treated: FloatArray
) -> tuple[FloatArray, ...]:
    """Return A, c, v0, v1 and v2 of every sequence; NaN where a group has fewer than two."""
    columns = np.column_stack([rest, treated, rest**2, rest * treated, treated])
    means, parts = [], []
    for group in groups:
        n = group.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            y, x, yy, xy, xx = (group @ columns / n[:, None]).T
            # Mean squares around the mean, over n - 1: the squared standard error of the mean.
            less = np.where(n > 1, 1.0 / (n - 1.0), np.nan)
        means.append((y, x))
        parts.append(((yy - y**2) * less, (xy - x * y) * less, (xx - x**2) * less))
    (on_y, on_x), (off_y, off_x) = means
    v0, v1, v2 = (a + b for a, b in zip(*parts, strict=True))
    return on_y - off_y, on_x - off_x, v0, v1, v2


def _stretches(
    difference: FloatArray,
    share: FloatArray,
    v0: FloatArray,
    v1: FloatArray,
    v2: FloatArray,
    *,
    variance: float,
) -> tuple[FloatArray, FloatArray]:
    """Return where the polynomials are not negative, relative to the observed difference."""
    scale = variance**0.5
    lead = v2 * variance
    # Coefficients of the monic polynomial in u / scale, the constant first.
    low = np.column_stack(
        [
            -(difference**2) * variance,
            2 * difference * share * variance * scale,
            (v0 - share**2 * variance) * variance,
            -2 * v1 * variance * scale,
        ]
    ) / (lead[:, None] * variance)
    companion = np.zeros((len(low), 4, 4))
    companion[:, [1, 2, 3], [0, 1, 2]] = 1.0
    companion[:, :, 3] = -low
    roots = np.linalg.eigvals(companion)
    real = np.where(np.abs(roots.imag) <= 1e-7 * (1.0 + np.abs(roots)), roots.real, np.nan)
    ends = scale * np.sort(real, axis=1).reshape(-1, 2)
    ends = ends[np.isfinite(ends).all(axis=1)]
    return ends[:, 0], ends[:, 1]
