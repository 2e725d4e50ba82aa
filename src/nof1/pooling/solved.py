"""The population of a pool and its persons, solved under what is assumed of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nof1.errors import Fault, InputError
from nof1.model.priors import HalfLifePrior
from nof1.pooling.exact.hierarchy import TooRoughError
from nof1.pooling.exact.noise_spread import NoiseSpread, learnt_noise
from nof1.pooling.exact.population_grid import HyperPrior
from nof1.pooling.exact.population_shapes import POPULATIONS
from nof1.pooling.exact.solving import Assumed, MakePlace, Solved, solve
from nof1.pooling.exact.workplace import Here
from nof1.pooling.persons.coefficients import Arms, Grouped, arms_of, grouped
from nof1.pooling.persons.half_life_spread import around
from nof1.pooling.persons.members import Member, Members
from nof1.pooling.small_matrices import log_det

FloatArray = NDArray[np.float64]

#: SD of the prior of the average effect, and scale of that of the SD between persons, as shares
#: of the scale's range.
MEAN_SD, BETWEEN_SCALE = 0.15, 0.075
#: Persons who are named when their likelihoods cannot be pooled.
NAMED = 3


@dataclass(frozen=True, kw_only=True)
class SolvedMembers:
    """The population of a pool and its persons, solved.

    Attributes
    ----------
    solved : Solved
        Population and persons.
    contrast : array, shape (p,)
        The coefficients' weights in the main contrast.
    rows : DirectRows
        Who tells of it directly.
    """

    solved: Solved
    contrast: FloatArray
    rows: DirectRows


def solve_members(
    members: Members,
    *,
    active: Sequence[str],
    population: str,
    learn_half_lives: bool,
    learn_noise: bool,
    make_place: MakePlace = Here,
) -> SolvedMembers:
    """Return what a pooled answer rests on.

    Parameters
    ----------
    members : Members
        Persons that can be pooled.
    active : sequence of str
        The active arms that are reported; empty for all.
    population : {"normal", "student-t"}
        Shape of the scatter of effects.
    learn_half_lives, learn_noise : bool
        Whether the persons together tell how their half-lives, and their noise, are spread.
    make_place : callable
        Where the work is done.

    Raises
    ------
    InputError
        With fewer than two persons, or arms that nobody connects.
    """
    refuse_one(members)
    arms = arms_of(members.people, active)
    span = members.outcome.high - members.outcome.low
    if learn_noise:
        members, _ = noise_learnt(members, span)
    people = grouped(members.people, members.likelihoods, arms)
    assumed = assumed_of(
        arms,
        span,
        population,
        half_lives=usual_half_life_prior(members) if learn_half_lives else None,
        make_place=make_place,
    )
    return SolvedMembers(
        solved=solved_or_named(members, people, assumed),
        contrast=arms.combination(arms.active, arms.comparator),
        rows=direct_rows(members.people, arms),
    )


def refuse_one(members: Members) -> None:
    """Refuse fewer than two persons.

    Raises
    ------
    InputError
        If there are no more.
    """
    if len(members.people) < 2:
        raise InputError(Fault("", "one person cannot be pooled", "Give at least two."))


def assumed_of(
    arms: Arms,
    span: float,
    population: str,
    *,
    half_lives: HalfLifePrior | None,
    make_place: MakePlace,
) -> Assumed:
    """Return what is assumed of a population.

    Parameters
    ----------
    arms : Arms
        Of all persons.
    span : float
        Range of the scale, in points.
    population : str
        Shape of the scatter.
    half_lives : HalfLifePrior or None
        The prior around which their spread is learnt; None for everybody's own.
    make_place : callable
        Where the work is done.
    """
    return Assumed(
        prior=HyperPrior(
            sds=np.full(len(arms.names) - 1, MEAN_SD * span), between=BETWEEN_SCALE * span
        ),
        population=POPULATIONS[population],
        spreads=() if half_lives is None else around(half_lives),
        make_place=make_place,
    )


def noise_learnt(members: Members, span: float) -> tuple[Members, NoiseSpread | None]:
    """Return the persons under what the others tell of their noise, and that of a further one."""
    learnt = learnt_noise(members.likelihoods, span=span, effect_sd=MEAN_SD * span)
    return replace(members, likelihoods=learnt.likelihoods), learnt.next_person


def solved_or_named(members: Members, people: Grouped, assumed: Assumed) -> Solved:
    """Return the posterior of a population.

    Raises
    ------
    InputError
        Where it cannot be had, with the persons who are the surest.
    """
    try:
        return solve(people, assumed)
    except TooRoughError as error:
        raise _sharpest(members, people, error) from error


def _sharpest(members: Members, people: Grouped, error: TooRoughError) -> InputError:
    """Return the error that names the persons whose likelihoods are the narrowest."""
    widths = np.empty(len(members.people))
    for group, indices in zip(people.groups, people.indices, strict=True):
        for row, index in enumerate(indices.tolist()):
            person = group.part(row, row + 1)
            heights = person.log_weights - 0.5 * log_det(person.variances.astype(float))
            widths[index] = float(person.variances[heights.argmax(), 0, 0]) ** 0.5
    order = np.argsort(widths, kind="stable")[:NAMED].tolist()
    named = ", ".join(f"{members.people[index].person} (SD {widths[index]:.2g})" for index in order)
    what = f"{error}: somebody is far too sure, or too far from the others; the surest are {named}"
    return InputError(Fault("", what, "Leave out who cannot be right: --exclude CODE=WHY."))


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectRows:
    """Who tells of the main contrast directly.

    Attributes
    ----------
    effect : mapping of int to int
        Number of the effect, by the number of the person.
    active : str
        The active arm.
    """

    effect: Mapping[int, int]
    active: str


def direct_rows(people: Sequence[Member], arms: Arms) -> DirectRows:
    """Return who tells of the main contrast directly."""
    return DirectRows(
        effect={
            index: member.arms.index(arms.active) - 1
            for index, member in enumerate(people)
            if member.arms[0] == arms.comparator and arms.active in member.arms
        },
        active=arms.active,
    )


def usual_half_life_prior(members: Members) -> HalfLifePrior | None:
    """Return the prior of the half-life that most persons have; None where somebody has none."""
    priors = Counter(person.half_life_prior for person in members.likelihoods)
    return None if None in priors else priors.most_common(1)[0][0]
