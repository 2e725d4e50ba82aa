"""The table a pooled analysis writes for the next person's protocol, as tests append it."""

from __future__ import annotations

from nof1.protocol.population_prior import PopulationPrior

PRIOR_TEXT = """
[analysis.population_prior]
outcome = "irls"
active = "magnesium"
comparator = "placebo"
unit = "points"
means = [-3.1, -2.9]
sds = [2.2, 4]
weights = [0.8, 0.2]
n_persons = 40
source = "nof1 0.1.0: 40 persons pooled, magnesium-rls, sha256 1234abcd"
"""


def prior_of(
    means: tuple[float, ...], sds: tuple[float, ...], weights: tuple[float, ...]
) -> PopulationPrior:
    """Return a prior of the outcome that `trials` calls score."""
    return PopulationPrior(
        outcome="score",
        active="magnesium",
        comparator="placebo",
        unit="points",
        means=means,
        sds=sds,
        weights=weights,
        n_persons=40,
        source="forty persons",
    )


def normal_prior(mean: float, sd: float) -> PopulationPrior:
    """Return a prior of one normal distribution."""
    return prior_of((mean,), (sd,), (1.0,))
