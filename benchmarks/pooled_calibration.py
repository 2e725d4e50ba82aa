"""How often pooled answers hold what they promise: simulated series, from scores to the pool.

Run from the repository root: ``python benchmarks/pooled_calibration.py [SERIES [PROCESSES]]``.
It writes ``docs/pooled-calibration.md``.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nof1.calibration.running import in_order
from nof1.calibration.scenarios import SCORINGS
from nof1.calibration.truths import PLAN, series_from_priors
from nof1.inference.exact import quadrature
from nof1.inference.exact.effect_likelihood import effect_likelihood
from nof1.model.priors import LOG_2, HalfLifePrior
from nof1.pooling.exact.own_answer import own_answer
from nof1.pooling.exact.population_grid import HyperPrior
from nof1.pooling.exact.population_shapes import POPULATIONS
from nof1.pooling.exact.solving import Assumed, everybody, solve
from nof1.pooling.exact.workplace import Here
from nof1.pooling.persons.coefficients import Grouped
from nof1.pooling.persons.half_life_spread import AlikeHalfLives, HalfLifeSpread, around
from nof1.pooling.persons.likelihoods import gathered
from nof1.pooling.solved import BETWEEN_SCALE, MEAN_SD

PAGE = Path("docs/pooled-calibration.md")
SEED = 20_260_401
SCORES, CYCLES, MISSING = "weekly", 3, 0.1
SPAN = SCORINGS[SCORES].scale.span
MCID = SCORINGS[SCORES].mcid
PROTOCOL = HalfLifePrior(
    means_days=(
        PLAN.priors.half_life_median_days / LOG_2,
        PLAN.priors.no_carryover_mean_days,
    ),
    shares=(1.0 - PLAN.priors.no_carryover_share, PLAN.priors.no_carryover_share),
)
SIZES = (5, 10, 30, 100)
#: Series of 100 persons whose persons are looked at: one in so many.
ONE_IN = 5


class Cell(NamedTuple):
    """A truth: average and SD between persons in points (None: from the priors), half-lives."""

    n_persons: int
    mean: float | None
    between: float | None
    half_life: str


FROM_PRIORS = tuple(Cell(n, None, None, "learnt list") for n in SIZES)
FIXED = tuple(
    Cell(30, -MCID, between, half_life)
    for between in (0.0, 1.5, 3.0)
    for half_life in ("none", "7 days")
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one series: what was held, and squared errors of persons."""

    mean: bool
    between: bool
    following: bool
    persons: np.ndarray
    shrunken: np.ndarray
    naive: np.ndarray
    bias: float
    width: float


def half_lives(spread: HalfLifeSpread, n: int, rng: np.random.Generator) -> np.ndarray:
    """Return half-lives drawn from one spread, in days."""
    given = spread.half_life
    if isinstance(given, AlikeHalfLives):
        return given.median_days * np.exp(given.log_sd * rng.standard_normal(n))
    component = rng.choice(len(given.shares), size=n, p=np.array(given.shares))
    return rng.exponential(np.array(given.means_days)[component])


def truth(cell: Cell, rng: np.random.Generator) -> tuple[float, float, np.ndarray]:
    """Return average, SD between persons and half-lives of one series."""
    spreads = around(PROTOCOL)
    weights = np.exp([one.log_prior for one in spreads])
    spread = spreads[rng.choice(len(spreads), p=weights / weights.sum())]
    drawn = half_lives(spread, cell.n_persons, rng)
    fixed = {"none": 0.0, "7 days": 7.0}
    if cell.half_life in fixed:
        drawn = np.full(cell.n_persons, fixed[cell.half_life])
    mean = float(rng.normal(0.0, MEAN_SD * SPAN)) if cell.mean is None else cell.mean
    scale = BETWEEN_SCALE * SPAN
    between = abs(float(rng.normal(0.0, scale))) if cell.between is None else cell.between
    return mean, between, drawn


def one_series(number: int, cell: Cell) -> Outcome:
    """Return what becomes of one simulated series."""
    rng = np.random.default_rng([SEED, cell.n_persons, number])
    mean, between, drawn = truth(cell, rng)
    effects = rng.normal(mean, between, cell.n_persons)
    givens = series_from_priors(SCORES, CYCLES, MISSING, effects, drawn, rng)
    people = [effect_likelihood(one.finest) for one in quadrature.solve_many(givens)]
    group = gathered(people, np.eye(1))
    assumed = Assumed(
        prior=HyperPrior(sds=np.array([MEAN_SD * SPAN]), between=BETWEEN_SCALE * SPAN),
        population=POPULATIONS["normal"],
        spreads=around(PROTOCOL),
        make_place=partial(Here, threads=1),
    )
    solved = solve(Grouped(groups=(group,), indices=(np.arange(len(people)),)), assumed)
    average = solved.posterior.average(np.ones(1))
    low, high = average.interval(0.95)
    following = solved.posterior.next_person(np.ones(1)).interval(0.95)
    apart = solved.posterior.between.shortest_interval(0.95)
    further = float(rng.normal(mean, between))
    own, persons, held = own_answer(group, SPAN)[0][:, 0], np.zeros(0), np.zeros(0)
    if cell.n_persons < SIZES[-1] or number % ONE_IN == 0:
        found = everybody(solved, level=0.95, mcid=MCID).groups[0]
        persons = found.mean[:, 0] - effects
        held = (found.low[:, 0] <= effects) & (effects <= found.high[:, 0])
    else:
        own = own[:0]
    return Outcome(
        mean=low <= mean <= high,
        between=apart[0] <= between <= apart[1],
        following=following[0] <= further <= following[1],
        persons=held,
        shrunken=persons**2,
        naive=(own - effects[: len(own)]) ** 2,
        bias=average.mean - mean,
        width=high - low,
    )


def row(cell: Cell, outcomes: list[Outcome]) -> str:
    """Return a cell's line of the table."""
    n = len(outcomes)

    def share(name: str) -> str:
        return f"{100 * np.mean([getattr(one, name) for one in outcomes]):.1f}"

    held = np.concatenate([one.persons for one in outcomes])
    errors = [
        np.sqrt(np.concatenate([getattr(one, name) for one in outcomes]).mean())
        for name in ("shrunken", "naive")
    ]
    cells = (
        cell.n_persons,
        "prior" if cell.mean is None else f"{cell.mean:g}",
        "prior" if cell.between is None else f"{cell.between:g}",
        cell.half_life,
        n,
        share("mean"),
        share("between"),
        share("following"),
        f"{np.mean([one.bias for one in outcomes]):+.2f}",
        f"{np.mean([one.width for one in outcomes]):.1f}",
        f"{100 * held.mean():.1f}",
        f"{errors[0]:.2f}",
        f"{errors[1]:.2f}",
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def measured(cells: tuple[Cell, ...], series: int, processes: int) -> Iterator[str]:
    """Yield the line of every cell."""
    for cell in cells:
        start = time.time()
        work = partial(one_series, cell=cell)
        line = row(cell, list(in_order(work, range(series), processes)))
        print(f"{line} {time.time() - start:.0f} s", file=sys.stderr, flush=True)
        yield line


COLUMNS = (
    "persons", "average", "SD between", "half-lives", "series", "average held", "SD held",
    "next held", "bias", "width", "persons held", "RMSE shrunken", "RMSE own",
)  # fmt: skip
HEAD = """# How often pooled answers hold what they promise

Written by `make calibrate-pooled`. Every series is simulated from scores on: persons with {cycles}
cycles of 28 days, weekly scores on a scale of 40 points, one in ten missing, level, trend, noise,
correlation and period shifts from the default priors; every person is solved by quadrature, and
the series pooled by its likelihoods, half-lives learnt, the noise by everybody's own prior (the
row *noise by the protocol's prior alone* of a pool). Coverage is in percent of the series (95
promised); the interval of the SD between persons is the shortest one, *next* is the true effect of
a further person, *bias* and *width* are of the average, *persons* the coverage of shrunken
personal effects, RMSE in points of the shrunken effects and of the persons' own answers.

"""
TAIL = """
Truths from the priors must be held as promised but for chance (standard error {error:.1f} points
in {series} series). The lower rows are single truths, {fixed} series each, where priors may pull
either way: persons who do not differ at all are held more often than promised, since the prior
lets them differ.
"""


def main() -> None:
    """Measure and write the page."""
    series = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else os.cpu_count() or 1
    fixed = max(series // 20, 2)
    lines = [*measured(FROM_PRIORS, series, processes), *measured(FIXED, fixed, processes)]
    error = 100 * (0.95 * 0.05 / series) ** 0.5
    head = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}\n"
    text = HEAD.format(cycles=CYCLES) + head + "\n".join(lines) + "\n"
    PAGE.write_text(text + TAIL.format(error=error, series=series, fixed=fixed), encoding="utf-8")


if __name__ == "__main__":
    main()
