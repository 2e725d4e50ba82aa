"""Speed of the frequentist engines against what one would write without them, in one run.

    python benchmarks/frequentist.py

Either side is timed in turn, so that both meet the same load; ratios carry over to other computers.
"""

from __future__ import annotations

import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nof1.inference.frequentist.gls import gls
from nof1.inference.randomisation.sign_flips import Flips

REPEATS = 7
PERIODS, DAYS = (0, 1, 1, 0, 0, 1), 28


@dataclass(frozen=True)
class Comparison:
    """One comparison: seconds of either side for the same work, and how far the answers differ.

    Attributes
    ----------
    name : str
        What was compared.
    ours, theirs : float
        Median seconds.
    ratio : float
        Median of the ratios of neighbouring timings.
    agreement : float
        Largest difference of the answers, in the unit named.
    unit : str
        Of the agreement.
    """

    name: str
    ours: float
    theirs: float
    ratio: float
    agreement: float
    unit: str


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Return the mean seconds of one call."""
    begin = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - begin) / times


def brute_force(differences: np.ndarray, tolerance: float, chunk: int = 2**16) -> int:
    """Count sign patterns by NumPy: a matrix of signs times the differences, in chunks.

    Chunks of 2^16 patterns: all 2^20 at once take 160 MB and longer.
    """
    cycles = len(differences)
    reach = abs(differences.sum()) - tolerance
    count = 0
    for begin in range(0, 2**cycles, chunk):
        patterns = np.arange(begin, min(begin + chunk, 2**cycles))
        signs = 1 - 2 * ((patterns[:, None] >> np.arange(cycles)) & 1)
        count += int((np.abs(signs @ differences) >= reach).sum())
    return count


def sign_flips(cycles: int = 20, chunk: int = 2**16) -> Comparison:
    """Compare the exact sign-flip p-value with brute force over all patterns, a chunk at a time."""
    differences = np.random.default_rng(1).normal(0.4, 1.0, cycles)
    flips = Flips(differences=differences, copies=1, left_out=(), tolerance=1e-9)
    ours, theirs = [], []
    for _ in range(REPEATS):
        ours.append(seconds(flips.extreme, 100))
        theirs.append(seconds(lambda: brute_force(differences, flips.tolerance, chunk)))
    apart = abs(flips.extreme() - brute_force(differences, flips.tolerance))
    return _compared(
        f"exact sign-flip p-value, {cycles} cycles, against all 2^{cycles} patterns in NumPy, "
        + ("all at once" if chunk >= 2**cycles else f"{chunk:,} at a time"),
        (ours, theirs),
        apart,
        "patterns",
    )


def most_cycles(cycles: int = 40) -> tuple[float, float]:
    """Return the seconds of the exact p-value, and of the 95 % interval, of 40 cycles."""
    differences = np.random.default_rng(2).normal(0.4, 1.0, cycles)
    flips = Flips(differences=differences, copies=1, left_out=(), tolerance=1e-9)
    return seconds(flips.extreme), seconds(lambda: flips.interval(int(0.05 * flips.size)))


def autoregression(trials: int = 10_000, repeats: int = REPEATS) -> Comparison:
    """Compare AR(1) regression of many simulated trials with a loop of statsmodels' SARIMAX.

    Level, arm and trend, noise AR(1), full maximum likelihood on both sides: 6 periods of 28 daily
    scores. A few of the trials are fitted by SARIMAX, and its time for one is set against ours.
    """
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    arm = np.repeat(PERIODS, DAYS).astype(float)
    n = len(arm)
    x = np.column_stack([np.ones(n), arm, np.arange(n) / n - 0.5])
    scores = 5.0 - arm + _autoregressive(np.random.default_rng(3), trials, n, phi=0.4)
    lag = np.ones(n)
    ours, theirs, apart = [], [], 0.0
    with warnings.catch_warnings():
        # Its optimiser may warn of slow convergence; its answer is compared below.
        warnings.simplefilter("ignore")
        for one in range(repeats):
            ours.append(seconds(lambda: gls(scores, x, lag, restricted=False)) / trials)
            model = SARIMAX(scores[one], exog=x, order=(1, 0, 0))
            theirs.append(seconds(lambda model=model: model.fit(disp=False)))
            found = gls(scores[one], x, lag, restricted=False)
            difference = model.fit(disp=False).params[1] - found.coefficients[1]
            apart = max(apart, float(abs(difference) / found.covariance[1, 1] ** 0.5))
    return _compared(
        f"AR(1) regression of {trials:,} trials of {n} daily scores, per trial, against SARIMAX",
        (ours, theirs),
        apart,
        "SE of the effect",
    )


def _autoregressive(rng: np.random.Generator, m: int, n: int, phi: float) -> np.ndarray:
    noise = rng.standard_normal((m, n))
    for i in range(1, n):
        noise[:, i] = phi * noise[:, i - 1] + (1.0 - phi**2) ** 0.5 * noise[:, i]
    return noise


def _compared(
    name: str, timings: tuple[list[float], list[float]], agreement: float, unit: str
) -> Comparison:
    ours, theirs = timings
    return Comparison(
        name=name,
        ours=statistics.median(ours),
        theirs=statistics.median(theirs),
        ratio=statistics.median(b / a for a, b in zip(ours, theirs, strict=True)),
        agreement=float(agreement),
        unit=unit,
    )


def main() -> None:
    """Measure and print."""
    for one in (sign_flips(20), sign_flips(24), autoregression()):
        print(one.name)
        print(f"  ours {one.ours:.3g} s, theirs {one.theirs:.3g} s: {one.ratio:,.0f} times")
        print(f"  answers differ by at most {one.agreement:.2g} {one.unit}")
    p_value, interval = most_cycles()
    print(f"40 cycles: p-value {p_value:.2g} s, interval {interval:.2g} s")


if __name__ == "__main__":
    main()
