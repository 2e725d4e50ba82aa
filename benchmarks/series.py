"""Pooling in two stages against the one-stage model of all scores, sampled by PyMC.

    python benchmarks/series.py [PERSONS]

The one-stage model is that of the tests. Processor time counts, of all processes: wall time
depends on how many chains run at once.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from threads import one_thread

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from nof1.inference.exact import quadrature
from nof1.inference.exact.effect_likelihood import effect_likelihood
from nof1.model.model_input import ModelInput
from nof1.pooling.exact.population_grid import HyperPrior
from nof1.pooling.exact.population_shapes import POPULATIONS
from nof1.pooling.exact.solving import Assumed, Solved, everybody, solve
from nof1.pooling.exact.workplace import Here
from nof1.pooling.persons.coefficients import Grouped
from nof1.pooling.persons.likelihoods import gathered
from nof1.pooling.solved import BETWEEN_SCALE, MEAN_SD
from support.one_stage import one_stage_model, simulated_series

PERSONS, REPEATS, CHAINS, DRAWS = 40, 5, 4, 1000


@dataclass(frozen=True)
class Comparison:
    """Processor seconds, and how far apart the answers are in Monte Carlo standard errors."""

    persons: int
    population: float
    everybody: float
    sampling: float
    mean_apart: float
    between_apart: float


def two_stages(givens: list[ModelInput]) -> Solved:
    """Solve every person and pool their likelihoods, each with the protocol's own prior."""
    people = [effect_likelihood(one.finest) for one in quadrature.solve_many(givens)]
    group, span = gathered(people, np.eye(1)), givens[0].span
    assumed = Assumed(
        prior=HyperPrior(sds=np.array([MEAN_SD * span]), between=BETWEEN_SCALE * span),
        population=POPULATIONS["normal"],
        spreads=(),
        make_place=partial(Here, threads=1),
    )
    return solve(Grouped(groups=(group,), indices=(np.arange(len(people)),)), assumed)


def processor(work: Callable[[], object]) -> float:
    """Return the processor seconds that some work takes in this process and its children."""

    def now() -> float:
        usages = (
            resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        return sum(usage.ru_utime + usage.ru_stime for usage in usages)

    begin = now()
    work()
    return now() - begin


def measure(persons: int = PERSONS) -> Comparison:
    """Pool the daily scores of so many persons both ways."""
    import arviz_stats
    import pymc as pm

    series = simulated_series(persons, mean=-0.75, between=0.6, seed=11, scores="daily")
    solved = two_stages(series.givens)
    found: dict[str, object] = {}

    def sample() -> None:
        with one_stage_model(series.givens):
            found["trace"] = pm.sample(
                draws=DRAWS, tune=DRAWS, chains=CHAINS, cores=2, target_accept=0.95,
                random_seed=1, progressbar=False, nuts_sampler="pymc",
            )  # fmt: skip

    population = min(processor(lambda: two_stages(series.givens)) for _ in range(REPEATS))
    persons_too = min(
        processor(lambda: everybody(two_stages(series.givens), level=0.95, mcid=1.0))
        for _ in range(REPEATS)
    )
    sampling = processor(sample)
    drawn = found["trace"].posterior.dataset  # type: ignore[attr-defined]
    ess = arviz_stats.ess(drawn[["mean", "between"]])

    def apart(name: str, mean: float) -> float:
        draws = drawn[name].values
        return float(abs(draws.mean() - mean) / (draws.std() / float(ess[name]) ** 0.5))

    return Comparison(
        persons=persons,
        population=population,
        everybody=persons_too,
        sampling=sampling,
        mean_apart=apart("mean", solved.posterior.average(np.ones(1)).mean),
        between_apart=apart("between", solved.posterior.between.mean),
    )


def lines_of(found: Comparison) -> list[str]:
    """Return the figures as a table."""
    return [
        "| what | CPU s | one stage takes |",
        "|---|---|---|",
        f"| average and SD between persons, from the scores on | {found.population:.3f} |"
        f" {found.sampling / found.population:,.0f} times as long |",
        f"| the same and every person's shrunken effect | {found.everybody:.3f} |"
        f" {found.sampling / found.everybody:,.0f} times as long |",
        f"| one stage by PyMC, compilation included | {found.sampling:,.0f} | |",
        "",
        f"- The average differs by {found.mean_apart:.1f} Monte Carlo standard errors of the"
        f" sampler, the SD between persons by {found.between_apart:.1f}.",
    ]


if __name__ == "__main__":
    one_thread()
    print("\n".join(lines_of(measure(*map(int, sys.argv[1:2])))))
