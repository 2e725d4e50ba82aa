"""Every pair of arms of a network: its average, its persons, and the next one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nof1.pooling.exact.answers import curve, judged, summary
from nof1.pooling.exact.solving import Everybody, Solved, mean_effect
from nof1.pooling.judging import Judging
from nof1.pooling.persons.coefficients import Arms
from nof1.pooling.persons.members import Member
from nof1.pooling.result.pooled_fit import PairContrast
from nof1.pooling.result.verdicts import PairVerdict


def contrasts(
    solved: Solved, persons: Everybody, people: Sequence[Member], arms: Arms, judging: Judging
) -> Iterator[PairContrast]:
    """Yield every pair of the arms reported, where these are more than two.

    Parameters
    ----------
    solved : Solved
        Population and persons.
    persons : Everybody
        Their shrunken effects.
    people : sequence of Member
        Who they are.
    arms : Arms
        The network.
    judging : Judging
        How an effect is judged.
    """
    if len(arms.reported) == 2:
        return
    posterior = solved.posterior
    for place, comparator in enumerate(arms.reported):
        for active in arms.reported[place + 1 :]:
            weights = arms.combination(active, comparator)
            following = posterior.next_person(weights)
            these = mean_effect(persons, with_both(solved, people, active, comparator))
            yield PairContrast(
                active=active,
                comparator=comparator,
                n_direct=sum({active, comparator} <= set(member.arms) for member in people),
                mean=summary(posterior.average(weights)),
                next_person=judged(following, judging),
                these_persons=None if these is None else summary(these),
                next_person_curve=curve(following),
                verdict=PairVerdict(
                    these_persons=None if these is None else judging.verdict(these),
                    next_person=judging.verdict(following),
                ),
            )


def with_both(
    solved: Solved, people: Sequence[Member], active: str, comparator: str
) -> list[tuple[int, int, int]]:
    """Return the groups of persons who had both arms, with the places of these among theirs."""
    groups = []
    for number, indices in enumerate(solved.people.indices):
        mine = people[int(indices[0])].arms
        if active in mine and comparator in mine:
            groups.append((number, mine.index(active), mine.index(comparator)))
    return groups
