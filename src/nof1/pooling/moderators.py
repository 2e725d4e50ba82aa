"""Does a coarse fact about a person bear on the effect? A regression with shrinkage.

    average effect of person i = m + sum_l g_l (z_il - share of level l),   g_l ~ N(0, c^2)

``z_il`` is 1 where the person has level ``l`` and 0 elsewhere; the reference level has no
coefficient. All is estimated at once with the SD between persons, never in subgroups apart.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from nof1.errors import Fault, InputError
from nof1.pooling.answers import Judging, summary
from nof1.pooling.design import LEVELS, Arms, grouped, level_of
from nof1.pooling.hierarchy import PopulationPrior
from nof1.pooling.members import Members
from nof1.pooling.pooled import Moderator, ModeratorLevel
from nof1.pooling.solving import Assumed, solve

FloatArray = NDArray[np.float64]

#: SD of the prior of a difference between levels, as a share of that of the average effect.
SHRINK = 0.5
#: With fewer persons whatever is found is exploratory.
FEW = 20


def moderator(
    name: str, given: Members, arms: Arms, assumed: Assumed, judging: Judging, *, planned: str
) -> Moderator:
    """Return how the effect differs between the levels of a coarse fact.

    Parameters
    ----------
    name : str
        One of `LEVELS`.
    given : Members
        All persons; those whose level is not known are left out.
    arms : Arms
        Of all; there must be two.
    assumed : Assumed
        Of the population, without the moderator.
    judging : Judging
        How an effect is judged.
    planned : str
        Where it was written down beforehand.

    Raises
    ------
    InputError
        With other than two arms, or fewer than two levels.
    """
    if len(arms.names) > 2:
        what = "a moderator can be looked at with two arms only"
        raise InputError(Fault("--moderator", what, "Pool the trials of two arms alone."))
    level = [level_of(one.about, name) for one in given.people]
    known = [index for index, one in enumerate(level) if one is not None]
    present = [one for one in LEVELS[name] if one in level]
    if len(present) < 2:
        what = f"{name} has {len(present)} level among the persons who shared it"
        raise InputError(Fault("--moderator", what, "Two are needed to compare."))
    reference, *others = present
    indicator = np.array([[level[index] == one for one in others] for index in known], dtype=float)
    centred = indicator - indicator.mean(axis=0)
    people = grouped(
        [given.people[index] for index in known],
        [given.likelihoods[index] for index in known],
        arms,
        centred,
    )
    spread = SHRINK * float(assumed.prior.sds[0])
    sds = np.concatenate([assumed.prior.sds, np.full(len(others), spread)])
    wider = PopulationPrior(sds=sds, between=assumed.prior.between)
    found = solve(people, replace(assumed, prior=wider)).posterior
    levels = []
    for place, one in enumerate(present):
        difference = np.zeros(1 + len(others))
        difference[place] = float(place > 0)
        at = np.concatenate([[1.0], -indicator.mean(axis=0)])
        at[place] += float(place > 0)
        levels.append(
            ModeratorLevel(
                level=one,
                n=level.count(one),
                effect=summary(found.average(at)),
                difference=judging.chances(found.average(difference)) if place else None,
            )
        )
    return Moderator(
        name=name,
        reference=reference,
        levels=tuple(levels),
        n=len(known),
        n_unknown=len(level) - len(known),
        prior_sd=spread,
        planned=planned,
        exploratory=not planned or len(known) < FEW,
    )
