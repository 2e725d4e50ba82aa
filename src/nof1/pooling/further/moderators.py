"""Does a fact about a person bear on the effect? A regression with shrinkage.

    average effect of person i = m + sum_l g_l (z_il - mean of z_l),   g_l ~ N(0, c^2)

``z_il`` is 1 where the person has level ``l`` and 0 elsewhere; the reference level has no
coefficient. A continuous covariate has one, for two of its SDs, which is what an indicator of
halves has between its levels (Gelman 2008, doi:10.1002/sim.3107). All is estimated at once with
the SD between persons that is left, never in subgroups apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from nof1.errors import Fault, InputError
from nof1.pooling.exact.answers import heterogeneity, judged, summary
from nof1.pooling.exact.population_grid import HyperPrior
from nof1.pooling.exact.solving import Assumed, solve
from nof1.pooling.judging import Judging
from nof1.pooling.persons.coefficients import Arms, grouped
from nof1.pooling.persons.facts import Fact, regressors
from nof1.pooling.persons.members import Members
from nof1.pooling.result.pooled_fit import Moderator, ModeratorLevel
from nof1.words.caution import Caution

#: SD of the prior of a difference between levels, as a share of that of the average effect.
SHRINK = 0.5
#: With fewer persons whatever is found is exploratory.
FEW = 20
#: Persons without a fact who are named one by one.
NAMED = 10


def moderator(
    name: str,
    members: Members,
    arms: Arms,
    assumed: Assumed,
    judging: Judging,
    *,
    planned: str,
    facts: Mapping[str, Mapping[str, Fact]],
) -> Moderator:
    """Return how the effect differs with a fact about the persons.

    Parameters
    ----------
    name : str
        A coarse fact, or a column of the tables.
    members : Members
        All persons; those of whom it is not known are left out.
    arms : Arms
        Of all; there must be two.
    assumed : Assumed
        Of the population, without the moderator.
    judging : Judging
        How an effect is judged.
    planned : str
        Where it was written down beforehand.
    facts : mapping of str to mapping of str to float or str
        What columns of tables say, by name and person.

    Raises
    ------
    InputError
        With other than two arms, or where `regressors` finds nothing to compare.
    """
    if len(arms.names) > 2:
        what = "a moderator can be looked at with two arms only"
        raise InputError(Fault("--moderator", what, "Pool the trials of two arms alone."))
    regressor = regressors(name, members.people, facts)
    people = grouped(
        [members.people[index] for index in regressor.known],
        [members.likelihoods[index] for index in regressor.known],
        arms,
        regressor.columns,
    )
    q = regressor.columns.shape[1]
    spread = SHRINK * float(assumed.prior.sds[0])
    sds = np.concatenate([assumed.prior.sds, np.full(q, spread)])
    wider = HyperPrior(sds=sds, between=assumed.prior.between)
    posterior = solve(people, replace(assumed, prior=wider)).posterior
    (_, _, reference), *_ = regressor.rows
    levels = tuple(
        ModeratorLevel(
            level=label,
            n=n,
            effect=summary(posterior.average(np.array([1.0, *at]))),
            difference=judged(
                posterior.average(np.array([0.0, *np.subtract(at, reference)])), judging
            )
            if place
            else None,
        )
        for place, (label, n, at) in enumerate(regressor.rows)
    )
    return Moderator(
        name=name,
        reference=regressor.rows[0][0],
        levels=levels,
        n=len(regressor.known),
        n_unknown=len(regressor.unknown),
        unknown=tuple(members.people[index].person for index in regressor.unknown),
        kind="levels" if regressor.per_unit is None else "continuous",
        per_unit=None
        if regressor.per_unit is None
        else summary(posterior.average(np.array([0.0, regressor.per_unit]))),
        heterogeneity_left=heterogeneity(posterior.between),
        prior_sd=spread,
        planned=planned,
        exploratory=not planned or len(regressor.known) < FEW,
    )


def without_it(moderators: Sequence[Moderator], n: int) -> Iterator[Caution]:
    """Yield of whom a moderator is not known, among n persons."""
    for moderator in moderators:
        if not moderator.n_unknown:
            continue
        yield Caution.of(
            "moderator-unknown",
            moderator=moderator.name,
            unknown=moderator.n_unknown,
            of=n,
            named=tuple(moderator.unknown[:NAMED]),
            more=max(moderator.n_unknown - NAMED, 0),
            known=moderator.n,
        )
