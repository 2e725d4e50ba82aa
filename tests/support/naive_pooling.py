"""Second implementations of pooling, from dense matrices and general optimisers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from scipy import optimize, stats

from nof1.model.model_input import FloatArray, IntArray


def naive_weights(se: FloatArray, tau2: float) -> tuple[FloatArray, FloatArray]:
    """Projection P = V^-1 - V^-1 1 (1' V^-1 1)^-1 1' V^-1 and the generalised mean."""
    one = np.ones((len(se), 1))
    inverse = np.linalg.inv(np.diag(se**2 + tau2))
    total = one.T @ inverse @ one
    return inverse - inverse @ one @ one.T @ inverse / total, (inverse @ one / total)[:, 0]


def naive_q(y: FloatArray, se: FloatArray, tau2: float) -> float:
    return float(y @ naive_weights(se, tau2)[0] @ y)


def naive_tau2(y: FloatArray, se: FloatArray, method: str) -> float:
    df = len(y) - 1
    projection = naive_weights(se, 0.0)[0]
    if method == "dl":
        return max(0.0, float((y @ projection @ y - df) / np.trace(projection)))
    top = 100 * (np.ptp(y) ** 2 + (se**2).max())
    if method == "pm":
        return naive_where_q_is(df, y, se)

    def minus_likelihood(tau2: float) -> float:
        projection = naive_weights(se, tau2)[0]
        variance = np.diag(se**2 + tau2)
        total = (1 / (se**2 + tau2)).sum()
        return float(np.linalg.slogdet(variance)[1] + np.log(total) + y @ projection @ y)

    grid = np.concatenate([[0.0], np.geomspace(1e-12, 1, 600)]) * top
    best = int(np.argmin([minus_likelihood(tau2) for tau2 in grid]))
    bounds = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = optimize.minimize_scalar(
        minus_likelihood, bounds=bounds, method="bounded", options={"xatol": 1e-16 * top}
    )
    return 0.0 if minus_likelihood(0.0) <= found.fun else float(found.x)


def naive_where_q_is(target: float, y: FloatArray, se: FloatArray) -> float:
    if naive_q(y, se, 0.0) <= target:
        return 0.0
    top = 1e6 * (np.ptp(y) ** 2 + (se**2).max())
    root = optimize.brentq(lambda t: naive_q(y, se, t) - target, 0, top, xtol=1e-14, rtol=1e-14)
    return float(root)


def naive_knapp_hartung(y: FloatArray, se: FloatArray, tau2: float) -> tuple[float, float]:
    """Average and standard error."""
    n, (projection, share) = len(y), naive_weights(se, tau2)
    variance = 1 / (1 / (se**2 + tau2)).sum()
    return float(share @ y), float((variance * (y @ projection @ y) / (n - 1)) ** 0.5)


def naive_tau2_interval(y: FloatArray, se: FloatArray, level: float) -> tuple[float, ...]:
    df, tail = len(y) - 1, (1 - level) / 2
    return tuple(naive_where_q_is(stats.chi2(df).ppf(p), y, se) for p in (1 - tail, tail))


class NaiveMixedModel:
    """y = Z b + Z_i b_i + e with matrices of all scores; D (lower triangle) and sigma^2 vary."""

    def __init__(self, y: FloatArray, z: FloatArray, person: IntArray) -> None:
        self.y, self.z = np.asarray(y, float), np.asarray(z, float)
        self.same = np.equal.outer(person, person)
        self.n, self.p = self.z.shape
        both = np.column_stack([self.z, self.y])
        self.persons = [both[np.equal(person, one)] for one in np.unique(person)]
        self.parts = []
        for i, j in zip(*np.tril_indices(self.p), strict=True):
            unit = np.zeros((self.p, self.p))
            unit[i, j] = unit[j, i] = 1.0
            self.parts.append(self.same * (self.z @ unit @ self.z.T))
        self.parts.append(np.eye(self.n))

    def variance(self, between: FloatArray, sigma2: float) -> FloatArray:
        whole = self.same * (self.z @ between @ self.z.T) + sigma2 * np.eye(self.n)
        return np.asarray(whole)

    def criterion(self, between: FloatArray, sigma2: float) -> float:
        """Minus twice the restricted log likelihood, as lme4 prints it, person by person."""
        sums, value = np.zeros((self.p + 1, self.p + 1)), (self.n - self.p) * np.log(2 * np.pi)
        for columns in self.persons:
            z = columns[:, : self.p]
            v = z @ between @ z.T + sigma2 * np.eye(len(z))
            sums += columns.T @ np.linalg.solve(v, columns)
            value += np.linalg.slogdet(v)[1]
        xx, xy = sums[: self.p, : self.p], sums[: self.p, self.p]
        rest = sums[self.p, self.p] - xy @ np.linalg.solve(xx, xy)
        return float(value + np.linalg.slogdet(xx)[1] + rest)

    def coefficients(self, v: FloatArray) -> FloatArray:
        return np.linalg.solve(
            self.z.T @ np.linalg.solve(v, self.z), self.z.T @ np.linalg.solve(v, self.y)
        )

    def covariance(self, between: FloatArray, sigma2: float) -> FloatArray:
        total = np.zeros((self.p, self.p))
        for columns in self.persons:
            z = columns[:, : self.p]
            total += z.T @ np.linalg.solve(z @ between @ z.T + sigma2 * np.eye(len(z)), z)
        return np.linalg.inv(total)

    def unpacked(self, root: FloatArray) -> tuple[FloatArray, float]:
        factor = np.zeros((self.p, self.p))
        factor[np.tril_indices(self.p)] = root[:-1]
        return factor @ factor.T, root[-1] ** 2

    def best(self, start: Sequence[float] | FloatArray) -> tuple[float, FloatArray, float]:
        """Lowest criterion found by simplexes from a start (root of D, then sigma)."""
        found = np.asarray(start, float)
        for _ in range(2):
            end = optimize.minimize(
                lambda root: self.criterion(*self.unpacked(root)),
                found,
                method="Nelder-Mead",
                options={"xatol": 1e-9, "fatol": 1e-10, "maxiter": 4000},
            )
            found = end.x
        return end.fun, *self.unpacked(found)

    def kenward_roger(self, between: FloatArray, sigma2: float) -> tuple[FloatArray, list[float]]:
        """Adjusted covariance and degrees of freedom, written out from the paper."""
        v = self.variance(between, sigma2)
        inverse, x = np.linalg.inv(v), self.z
        phi, r = np.linalg.inv(x.T @ inverse @ x), range(len(self.parts))
        slopes = [-inverse @ part @ inverse for part in self.parts]
        P = [x.T @ slope @ x for slope in slopes]
        Q = {(i, j): (x.T @ slopes[i]) @ v @ (slopes[j] @ x) for i, j in product(r, r)}
        information = np.zeros((len(self.parts), len(self.parts)))
        for i, j in product(r, r):
            information[i, j] = 0.5 * (
                -(slopes[i] * self.parts[j]).sum()
                - np.trace(2 * phi @ Q[i, j] - phi @ P[i] @ phi @ P[j])
            )
        w = np.linalg.inv(information)
        adjusted = (
            phi
            + 2 * phi @ sum(w[i, j] * (Q[i, j] - P[i] @ phi @ P[j]) for i, j in product(r, r)) @ phi
        )
        return adjusted, [self._kr_df(one, phi, P, w) for one in np.eye(self.p)]

    def _kr_df(
        self, contrast: FloatArray, phi: FloatArray, P: list[FloatArray], w: FloatArray
    ) -> float:
        """Kenward and Roger's general recipe for F, here with one contrast."""
        ell, r = 1, range(len(P))
        theta = np.outer(contrast, contrast) / (contrast @ phi @ contrast)
        moved = [theta @ phi @ one @ phi for one in P]
        a1 = sum(w[i, j] * np.trace(moved[i]) * np.trace(moved[j]) for i, j in product(r, r))
        a2 = sum(w[i, j] * np.trace(moved[i] @ moved[j]) for i, j in product(r, r))
        b = (a1 + 6 * a2) / (2 * ell)
        g = ((ell + 1) * a1 - (ell + 4) * a2) / ((ell + 2) * a2)
        base = 3 * ell + 2 * (1 - g)
        c1, c2, c3 = g / base, (ell - g) / base, (ell + 2 - g) / base
        mean = 1 / (1 - a2 / ell)
        variance = 2 / ell * (1 + c1 * b) / ((1 - c2 * b) ** 2 * (1 - c3 * b))
        rho = variance / (2 * mean**2)
        return float(4 + (ell + 2) / (ell * rho - 1))

    def satterthwaite(self, root: FloatArray, step: float = 1e-3) -> FloatArray:
        """Degrees of freedom by numerical derivatives in (root of D, sigma), as lmerTest does."""
        k = len(root)
        steps = step * np.eye(k)

        def criterion(point: FloatArray) -> float:
            return self.criterion(*self.unpacked(point))

        def variances(point: FloatArray) -> FloatArray:
            return np.diag(self.covariance(*self.unpacked(point)))

        hessian = np.zeros((k, k))
        for i, j in product(range(k), range(k)):
            hessian[i, j] = sum(
                a * b * criterion(root + a * steps[i] + b * steps[j])
                for a, b in product((1, -1), (1, -1))
            ) / (4 * step**2)
        slope = np.array([variances(root + s) - variances(root - s) for s in steps]) / (2 * step)
        spread = np.einsum("rp,rs,sp->p", slope, 2 * np.linalg.pinv(hessian, rcond=1e-6), slope)
        return np.asarray(2 * variances(root) ** 2 / spread)
