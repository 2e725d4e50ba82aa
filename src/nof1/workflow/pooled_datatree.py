"""The posterior of a pool as draws in an ArviZ DataTree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nof1.errors import Fault, InputError
from nof1.pooling.analysis import Question
from nof1.pooling.exact.joint_draws import draw_population
from nof1.pooling.persons.members import Members
from nof1.pooling.result.pooled_fit import PooledFit
from nof1.pooling.solved import solve_members
from nof1.workflow.datatree import SAMPLE, known, made_by, refuse_numbers

if TYPE_CHECKING:
    import xarray as xr


def pooled_tree(
    fit: PooledFit,
    members: Members | None,
    question: Question,
    draws: int,
    chains: int,
    seed: int,
) -> xr.DataTree:
    """Return independent joint draws of a population and everybody in it.

    Parameters
    ----------
    fit : PooledFit
        The pooled answer.
    members : Members or None
        Who was pooled; None where they were let go of.
    question : Question
        What was asked.
    draws, chains : int
        Draws of each chain, and chains.
    seed : int
        Same seed, same draws.

    Raises
    ------
    InputError
        If nobody is there any more to draw for, or the numbers will not do.
    """
    import xarray as xr

    refuse_numbers(draws, chains)
    if members is None:
        what = "the persons of this pool were let go of, and their effects cannot be drawn"
        raise InputError(Fault("", what, "Pool fewer persons, or their contributions again."))
    pooled = solve_members(
        members,
        active=question.active,
        population=question.population,
        learn_half_lives=question.half_lives == "learnt",
        learn_noise=question.noise == "learnt",
    )
    drawn = draw_population(
        pooled.solved, pooled.contrast, pooled.rows.effect, draws * chains,
        np.random.default_rng(seed),
    )  # fmt: skip
    by_person = {"these_persons": drawn.persons, "as_scheduled": drawn.as_scheduled}
    population = {
        "mean": drawn.mean,
        "heterogeneity": drawn.heterogeneity,
        "next_person": drawn.next_person,
        **{
            name: effects.mean(axis=1) for name, effects in by_person.items() if effects is not None
        },
    }
    variables = {
        name: (SAMPLE, values.reshape(chains, draws)) for name, values in population.items()
    }
    persons = (*SAMPLE, "person")
    codes = [person.person for person in fit.persons]
    posterior = xr.Dataset(
        {**variables, "shrunken": (persons, drawn.persons.reshape(chains, draws, -1))},
        coords={"chain": np.arange(chains), "draw": np.arange(draws), "person": codes},
        attrs={
            **made_by(seed),
            "sampling": "independent draws",
            **known({"mcid": fit.mcid}),
            "outcome": fit.outcome,
            "active": fit.contrast.active,
            "comparator": fit.contrast.comparator,
            "estimand": fit.bayes.estimand,
            "unit": fit.unit,
            "better": fit.better,
            "population": fit.bayes.population,
        },
    )
    observed = xr.Dataset(
        {
            "naive": ("person", np.array([person.naive for person in fit.persons])),
            "naive_se": ("person", np.array([person.naive_se for person in fit.persons])),
        },
        coords={"person": codes},
        attrs=made_by(seed),
    )
    return xr.DataTree.from_dict({"posterior": posterior, "observed_data": observed})
