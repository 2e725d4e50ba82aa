"""Second implementations of the engines, written from the definitions and slow on purpose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np
from scipy import integrate, optimize, stats

from nof1.model.model_input import FloatArray, ModelInput

#: Numbers in a row: a list, a tuple or an array.
Row = Sequence[float] | FloatArray


def naive_exposure(
    dose: Iterable[float], half_life: float, rise: float | None = None
) -> FloatArray:
    level, days = 0.0, []
    for today in dose:
        acting = half_life if rise is None or today == 0 else rise
        keep = 0.0 if acting == 0 else 2.0 ** (-1.0 / acting)
        level = keep * level + (1 - keep) * today
        days.append(level)
    return np.array(days)


def naive_ar1(lag: FloatArray, phi: float) -> FloatArray:
    time = np.cumsum(lag)
    correlation: FloatArray = phi ** np.abs(time[:, None] - time[None, :])
    return correlation


def naive_coefficients(
    given: ModelInput,
    half_life: float,
    phi: float,
    ratio: float,
    sigma: float,
    rise: float | None = None,
) -> tuple[float, FloatArray, FloatArray]:
    """Log marginal likelihood, and mean and covariance of all coefficients, by dense matrices.

    The coefficients are level, trend, effects and covariates.
    """
    span, priors = given.high - given.low, given.plan.priors
    window = np.zeros((given.n, len(given.dose)))
    for row, last in enumerate(given.day):
        window[row, last - given.recall_days : last] = 1 / given.recall_days
    effects = np.column_stack([window @ naive_exposure(d, half_life, rise) for d in given.dose.T])
    x = np.hstack([np.ones((given.n, 1)), given.trend[:, None], effects, given.covariates])
    prior = span**2 * np.array(
        [priors.level_sd**2, priors.trend_sd**2]
        + [priors.effect_sd**2] * effects.shape[1]
        + [priors.covariate_sd**2] * given.covariates.shape[1]
    )
    noise = sigma**2 * (
        naive_ar1(given.lag, phi) + ratio**2 * given.period_share @ given.period_share.T
    )
    y = given.score - (given.low + given.high) / 2
    total = noise + x @ np.diag(prior) @ x.T
    quadratic = y @ np.linalg.solve(total, y)
    log_likelihood = -0.5 * (given.n * np.log(2 * np.pi) + np.linalg.slogdet(total)[1] + quadratic)
    precision = np.diag(1 / prior) + x.T @ np.linalg.solve(noise, x)
    covariance = np.linalg.inv(precision)
    mean = covariance @ x.T @ np.linalg.solve(noise, y)
    return float(log_likelihood), mean, covariance


def naive_node(
    given: ModelInput, half_life: float, phi: float, ratio: float, sigma: float
) -> tuple[float, FloatArray, FloatArray]:
    """Log marginal likelihood, and mean and covariance of the effects, by dense matrices."""
    found = naive_coefficients(given, half_life, phi, ratio, sigma)
    effects = slice(2, 2 + given.dose.shape[1])
    return found[0], found[1][effects], found[2][effects, effects]


def naive_log_prior(
    given: ModelInput, half_life: float, phi: float, ratio: float, sigma: float
) -> float:
    """Log prior density of the four parameters, each on its own scale, up to a constant."""
    span, priors = given.high - given.low, given.plan.priors
    rate = np.log(2) / priors.half_life_median_days
    share, mean = priors.no_carryover_share, priors.no_carryover_mean_days
    h = (1 - share) * rate * np.exp(-rate * half_life) + share / mean * np.exp(-half_life / mean)
    return float(
        np.log(h)
        + np.log(6 * phi * (1 - phi))
        - 0.5 * (ratio / priors.period_scale) ** 2
        - 2 * np.log1p((sigma / (priors.noise_scale * span)) ** 2 / 3)
    )


def naive_sign_flip(differences: Row, effect: float = 0.0) -> float:
    """Two-sided p-value over all sign patterns, by the definition."""
    d = np.asarray(differences) - effect
    signs = np.array(list(product([1, -1], repeat=len(d))))
    return float(np.mean(np.abs(signs @ d) >= abs(d.sum()) - 1e-9 * max(1, np.abs(d).max())))


def naive_difference(
    values: Row,
    sequence: Row,
    cycles: Sequence[int] | None,
    active: int,
    comparator: int,
) -> float:
    """Mean difference within cycles, of all periods when `cycles` is None; periods without scores
    stay with their place and count nowhere."""
    values, sequence = np.array(values), np.array(sequence)
    groups = [np.ones(len(values), dtype=bool)]
    if cycles is not None:
        groups = [np.array(cycles) == cycle for cycle in sorted(set(cycles))]
    parts = []
    for group in groups:
        on, off = (
            values[group & (sequence == arm) & np.isfinite(values)] for arm in (active, comparator)
        )
        if len(on) and len(off):
            parts.append(on.mean() - off.mean())
    return float(np.mean(parts)) if parts else np.nan


def naive_welch(values: Row, sequence: Row, active: int, comparator: int) -> float:
    """Welch's t on the period means, by SciPy; NaN with fewer than two on an arm."""
    values, sequence = np.array(values), np.array(sequence)
    on, off = (values[(sequence == arm) & np.isfinite(values)] for arm in (active, comparator))
    if min(len(on), len(off)) < 2:
        return np.nan
    return float(stats.ttest_ind(on, off, equal_var=False).statistic)


def naive_randomisation(
    means: Row,
    sequences: Iterable[Sequence[int]],
    observed: Row,
    *,
    cycles: Sequence[int] | None = None,
    active: int = 1,
    comparator: int = 0,
    effect: float = 0.0,
    welch: bool = False,
) -> float:
    """Two-sided p-value over a list of sequences, computing the statistic anew for each.

    Sequences that move another arm do not count; a statistic that cannot be computed is extreme.
    """
    observed = np.array(observed)
    adjusted = np.array(means, dtype=float) - effect * (observed == active)
    others = ~np.isin(observed, (active, comparator))
    kept = [s for s in sequences if (np.array(s)[others] == observed[others]).all()]

    def statistic(sequence: Row) -> float:
        if welch:
            return naive_welch(adjusted, sequence, active, comparator)
        return naive_difference(adjusted, sequence, cycles, active, comparator)

    seen = abs(statistic(observed))
    found = [abs(statistic(s)) for s in kept]
    return float(np.mean([not one < seen - 1e-9 * max(1, seen) for one in found]))


def naive_phases(
    scores: Row,
    observed_lengths: Sequence[int],
    least: int,
    *,
    pooled: bool = False,
    effect: float = 0.0,
) -> tuple[float, int]:
    """Two-sided p-value of phases A B A B ..., by moving every change point by hand."""
    n, k = len(scores), len(observed_lengths)
    starts = np.cumsum([0, *observed_lengths])
    treated = np.concatenate([[i % 2] * length for i, length in enumerate(observed_lengths)])
    adjusted = np.array(scores, dtype=float) - effect * treated

    def statistic(bounds: Iterable[int]) -> float:
        parts = [adjusted[a:b] for a, b in pairwise(bounds)]
        if pooled:
            on, off = (np.concatenate(parts[arm::2]) for arm in (1, 0))
            on, off = on[np.isfinite(on)], off[np.isfinite(off)]
            return float(on.mean() - off.mean()) if len(on) and len(off) else np.nan
        means = [
            part[np.isfinite(part)].mean() if np.isfinite(part).any() else np.nan for part in parts
        ]
        return float(np.mean(means[1::2]) - np.mean(means[0::2]))

    seen = abs(statistic(starts))
    found = [
        abs(statistic((0, *changes, n)))
        for changes in combinations(range(1, n), k - 1)
        if min(np.diff((0, *changes, n))) >= least
    ]
    return float(np.mean([not one < seen - 1e-9 for one in found])), len(found)


def naive_paired(
    means: Iterable[float], arms: Iterable[int], cycles: Sequence[int]
) -> tuple[float, float, float]:
    """Mean, standard error and t of the differences within complete cycles, from their sums."""
    d = []
    for cycle in sorted(set(cycles)):
        pair = {a: m for m, a, c in zip(means, arms, cycles, strict=True) if c == cycle}
        if all(np.isfinite(pair.get(arm, np.nan)) for arm in (0, 1)):
            d.append(pair[1] - pair[0])
    n, total, squares = len(d), sum(d), sum(x * x for x in d)
    se = ((squares - total * total / n) / (n - 1) / n) ** 0.5
    return total / n, se, total / n / se


def naive_reml(
    y: FloatArray, x: FloatArray, lag: FloatArray, periods: FloatArray, *, restricted: bool = True
) -> dict[str, Any]:
    """Dense restricted (or full) maximum likelihood by a generic optimiser.

    Returns phi, ratio, coefficients, their covariance, log likelihood, and Satterthwaite's degrees
    of freedom from the numerical information on (phi, ratio, log variance).
    """
    n, p = x.shape
    time = np.cumsum(lag) - lag[0]
    gaps = np.abs(time[:, None] - time)

    def solve(phi: float, ratio: float) -> tuple[FloatArray, FloatArray, float, float]:
        v = phi**gaps + ratio**2 * periods @ periods.T
        inverse = np.linalg.inv(v)
        xx = x.T @ inverse @ x
        beta = np.linalg.solve(xx, x.T @ inverse @ y)
        rest = y - x @ beta
        determinants = np.linalg.slogdet(v)[1] + restricted * np.linalg.slogdet(xx)[1]
        return beta, np.linalg.inv(xx), float(rest @ inverse @ rest), float(determinants)

    df = n - p if restricted else n

    def log_likelihood(theta: FloatArray) -> float:
        _, _, ssr, determinants = solve(theta[0], theta[1])
        rest = df * (np.log(2 * np.pi) + theta[2]) + ssr / np.exp(theta[2])
        return float(-0.5 * (rest + determinants))

    def minus_profile(theta: FloatArray) -> float:
        _, _, ssr, determinants = solve(*theta)
        return float(0.5 * (df * (np.log(2 * np.pi * ssr / df) + 1) + determinants))

    best = min(
        (
            optimize.minimize(
                minus_profile,
                start,
                method="Nelder-Mead",
                bounds=((0.0, 0.995), (0.0, 20.0)),
                options={"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000},
            )
            for start in ((0.2, 0.1), (0.2, 1.0), (0.7, 0.1), (0.7, 1.0))
        ),
        key=lambda found: found.fun,
    )
    phi, ratio = best.x
    beta, inverse, ssr, _ = solve(phi, ratio)
    theta = np.array([phi, ratio, np.log(ssr / df)])

    def variances(at: FloatArray) -> FloatArray:
        return np.asarray(np.exp(at[2]) * np.diag(solve(at[0], at[1])[1]))

    free = [i for i, inside in enumerate((1e-3 < phi < 0.99, ratio > 0.02, True)) if inside]
    step = 1e-3 * np.eye(3)
    gradient = np.array(
        [(variances(theta + step[i]) - variances(theta - step[i])) / 2e-3 for i in free]
    )
    information = -np.array(
        [
            [
                sum(
                    a * b * log_likelihood(theta + a * step[i] + b * step[j])
                    for a in (1, -1)
                    for b in (1, -1)
                )
                / 4e-6
                for j in free
            ]
            for i in free
        ]
    )
    spread = np.einsum("ap,ab,bp->p", gradient, np.linalg.inv(information), gradient)
    return {
        "phi": phi,
        "ratio": ratio,
        "coefficients": beta,
        "covariance": ssr / df * inverse,
        "log_likelihood": -best.fun,
        "df": np.clip(2 * variances(theta) ** 2 / spread, 1, n - p),
    }


def naive_half_life_prior_mean(given: ModelInput) -> float:
    """Mean of the prior of the half-life by numerical integration."""

    def density(h: float) -> float:
        return float(np.exp(naive_log_prior(given, h, 0.5, 0.1, 1.0)))

    total = integrate.quad(density, 0, 500, limit=500)[0]
    return float(integrate.quad(lambda h: h * density(h), 0, 500, limit=500)[0] / total)
