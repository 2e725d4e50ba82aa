"""Speed of the exact posterior against PyMC's sampler, and over several processes, in one run.

    python benchmarks/posterior.py

The people are simulated: 6 periods of 28 daily scores, a tenth of them missing, no two alike.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
from threads import one_thread

from nof1.calibration.scenarios import Cell, Situation
from nof1.calibration.truths import at_fixed_truth
from nof1.inference.exact import quadrature
from nof1.model.model_input import ModelInput

PEOPLE, REPEATS = 256, 7


@dataclass(frozen=True)
class Speed:
    """Seconds per person of the full summaries of exact posteriors, and of PyMC's sampling.

    Attributes
    ----------
    alone, together : float
        Per person, solved one by one and all together, on one core.
    two : float
        Per person, all together in two processes on two cores.
    sampling, sampling_processor : float
        Wall and processor seconds of 4 x 1000 draws after as many for tuning, on two cores.
    apart : float
        Largest difference of means in Monte Carlo standard errors.
    """

    alone: float
    together: float
    two: float
    sampling: float
    sampling_processor: float
    apart: float

    @property
    def persons_per_second(self) -> float:
        """Return the throughput of one core."""
        return 1.0 / self.together


def people(n: int) -> list[ModelInput]:
    """Return n simulated persons."""
    cell = Cell(Situation("daily", 3, phi=0.4, shift=0.3, half_life=3.0, missing=0.1), effect=1)
    found: list[ModelInput] = []
    for group in range(n // 16):
        rng = np.random.default_rng(group)
        found += at_fixed_truth(cell, 16, rng).givens
    return found


def summaries(given: Sequence[ModelInput]) -> int:
    """Solve and summarise people together; their number comes back."""
    return len([quadrature.summarise(one, 1, 0) for one in quadrature.solve_many(given)])


def shortest(work, repeats: int = REPEATS) -> float:
    """Return the least wall seconds of several runs: what other programs took is left out."""
    found = []
    for _ in range(repeats):
        begin = time.perf_counter()
        work()
        found.append(time.perf_counter() - begin)
    return min(found)


def measure() -> Speed:
    """Return all speeds; one thread a process."""
    given = people(PEOPLE)
    summaries(given[:32])
    one = given[0]
    alone = shortest(lambda: [summaries([each]) for each in given[:16]]) / 16
    together = shortest(lambda: summaries(given)) / len(given)
    halves = [given[0::2], given[1::2]]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(summaries, [half[:32] for half in halves]))
        two = shortest(lambda: list(pool.map(summaries, halves))) / len(given)
    sampling, processor, apart = sampled(one)
    return Speed(alone, together, two, sampling, processor, apart)


def sampled(given: ModelInput) -> tuple[float, float, float]:
    """Return PyMC's wall and processor seconds of sampling alone, and how far the means are apart.

    Once before, so that nothing is compiled in the measured run.
    """
    from nof1.inference.sampled import nuts

    logging.getLogger("pymc").setLevel(logging.ERROR)
    model = nuts.model(given)
    nuts.sample(model, seed=1, draws=100, progress=False)
    before = os.times()
    trace = nuts.sample(model, seed=2, draws=nuts.DRAWS, progress=False)
    after = os.times()
    processor = sum(
        getattr(after, name) - getattr(before, name)
        for name in ("children_user", "children_system")
    )
    drawn = nuts.drawn(given, trace, 1, 0)
    exact = quadrature.solve(given).finest.effect(1, 0)
    error = exact.sd / float(nuts.diagnostics(trace)["ess"]) ** 0.5
    apart = abs(float(drawn.effect.mean()) - exact.mean) / error
    return float(trace.posterior.attrs["sampling_time"]), processor, apart


if __name__ == "__main__":
    one_thread()
    print(measure())
