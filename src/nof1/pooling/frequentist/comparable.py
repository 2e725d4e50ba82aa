"""Which shared cycle differences can be averaged, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nof1.model.priors import HalfLifePrior
from nof1.pooling.frequentist.as_scheduled import shares
from nof1.pooling.frequentist.person_estimates import PersonEstimates
from nof1.pooling.persons.members import Members
from nof1.words.caution import Caution
from nof1.words.numbers import percents

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """Cycle differences that are averaged.

    Attributes
    ----------
    differences : mapping of str to array, shape (k_i,)
        In points, by person.
    estimates : PersonEstimates or None
        In their stead, where nobody has single differences.
    why_none : str
        Why they cannot be averaged; empty when they can.
    notes : tuple of Caution
        What should be known of them.
    least_share : float
        Share of the effect at full exposure that they hold on average where half-lives are as
        long as can be expected beforehand; 1 where that is not known.
    """

    differences: Mapping[str, FloatArray]
    estimates: PersonEstimates | None = None
    why_none: str = ""
    notes: tuple[Caution, ...] = ()
    least_share: float = 1.0


def differences_as_scheduled(
    members: Members, effect: Mapping[int, int], active: str, prior: HalfLifePrior | None
) -> Scheduled:
    """Return the cycle differences that were shared, or why they cannot be averaged.

    Parameters
    ----------
    members : Members
        All persons.
    effect : mapping of int to int
        Numbers of those who tell of the main contrast directly.
    active : str
        Its active arm.
    prior : HalfLifePrior or None
        Of the half-life, where it is estimated.
    """
    if summaries := _summaries(members, effect):
        return summaries
    differences, designs = {}, []
    shared = 0
    for index in effect:
        member = members.people[index]
        mine = None if member.differences is None else member.differences.get(active)
        shared += mine is not None
        if mine is not None and len(mine):
            differences[member.person] = mine
            designs.append(member.design)
    n = len(effect)
    if len(differences) < 2:
        if shared < 2:
            return Scheduled(
                differences={}, why_none=f"{shared} of {n} persons shared cycle differences"
            )
        why = f"{len(differences)} of {n} persons have a cycle with scores on both arms"
        return Scheduled(differences={}, why_none=why)
    notes = []
    if shared < n:
        notes.append(Caution.of("some-without-differences", shared=shared, of=n))
    if len(differences) < shared:
        notes.append(
            Caution.of("some-without-cycles", without=shared - len(differences), of=shared)
        )
    held = shares(designs, members.estimand, prior)
    lengths = _days(sorted({design.period_days for design in designs}))
    hold = f"hold {percents(held.low, held.high)} of the effect at full exposure"
    if not held.agree:
        why = (
            f"periods last {lengths} days: differences as scheduled are expected to {hold}, so"
            " that they are different estimands"
        )
        return Scheduled(differences={}, why_none=why, least_share=held.least)
    if len({design.period_days for design in designs}) > 1 and members.estimand.carryover != "none":
        notes.append(Caution.of("near-enough", lengths=lengths, low=held.low, high=held.high))
    return Scheduled(differences=differences, notes=tuple(notes), least_share=held.least)


def _summaries(members: Members, effect: Mapping[int, int]) -> Scheduled | None:
    """Return the estimates of persons of whom nothing else is known, or None of any others."""
    summaries = [
        (member.person, member.summary)
        for member in (members.people[index] for index in effect)
        if member.summary is not None
    ]
    if len(summaries) < max(2, len(effect)):
        return None
    dfs = {summary.df for _, summary in summaries}
    return Scheduled(
        differences={},
        estimates=PersonEstimates(
            persons=tuple(person for person, _ in summaries),
            estimate=np.array([summary.estimate for _, summary in summaries]),
            se=np.array([summary.se for _, summary in summaries]),
            df=dfs.pop() if len(dfs) == 1 else None,
        ),
    )


def _days(lengths: list[int]) -> str:
    return ", ".join(map(str, lengths)) if len(lengths) <= 3 else f"{lengths[0]} to {lengths[-1]}"
