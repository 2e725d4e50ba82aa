"""The average where effects scatter with heavy tails, and without whom it moves the most.

Under a normal population one person far out draws the average along and makes everybody differ
more. With Student's t such a person counts for less; and without the person it is seen how much the
answer hangs on one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from nof1.pooling.exact.answers import summary
from nof1.pooling.exact.solving import Assumed, Solved, own_answers, solve
from nof1.pooling.persons.coefficients import Arms, grouped
from nof1.pooling.persons.members import Members
from nof1.pooling.result.pooled_fit import Bayes, PooledSensitivity, Robust, Without
from nof1.words.caution import Caution

FloatArray = NDArray[np.float64]

#: The population of heavy tails, and how its row of the sensitivity table is called.
HEAVY = "student-t"
HEAVY_ROW = f"effects scatter as {HEAVY}"
#: Persons that must be left when one is taken out.
LEAST = 2
#: Shifts of the average, in its SDs, that are said: without one person, and with heavy tails.
MOVES, DIFFERS = 1.0, 0.5


def robust(
    members: Members,
    arms: Arms,
    effect: Mapping[int, int],
    solved: Solved,
    assumed: Assumed,
    answers: tuple[Bayes, Sequence[PooledSensitivity]],
) -> Robust | None:
    """Return the average under a population with heavy tails, and without one person.

    Parameters
    ----------
    members : Members
        All persons, with their likelihoods.
    arms : Arms
        Of all of them.
    effect : mapping of int to int
        Number of the effect by the number of every person who tells of the main contrast.
    solved : Solved
        Their posterior.
    assumed : Assumed
        Under what they are solved again without one.
    answers : (Bayes, sequence of PooledSensitivity)
        The answer, and under other assumptions.

    Returns
    -------
    Robust or None
        None where the population of heavy tails was not tried.
    """
    bayes, rows = answers
    heavy = bayes if bayes.population == HEAVY else _heavy(rows)
    if heavy is None:
        return None
    span = members.outcome.high - members.outcome.low
    index = _farthest(solved, effect, bayes, span)
    without = None
    if index is not None and len(members.people) - 1 >= LEAST:
        people = tuple(member for at, member in enumerate(members.people) if at != index)
        likelihoods = [person for at, person in enumerate(members.likelihoods) if at != index]
        less = solve(grouped(people, likelihoods, arms), assumed)
        contrast = arms.combination(arms.active, arms.comparator)
        without = Without(
            person=members.people[index].person, mean=summary(less.posterior.average(contrast))
        )
    return Robust(
        population="student-t", mean=heavy.mean, heterogeneity=heavy.heterogeneity, without=without
    )


def _heavy(rows: Sequence[PooledSensitivity]) -> PooledSensitivity | None:
    return next((row for row in rows if row.label == HEAVY_ROW), None)


def _farthest(solved: Solved, effect: Mapping[int, int], bayes: Bayes, span: float) -> int | None:
    """Return the number of the person without whom the average moves the most.

    By the persons' own answers, each with the precision that it has in a normal population.
    """
    places, values, precisions = [], [], []
    for indices, (own, sd) in zip(solved.people.indices, own_answers(solved, span), strict=True):
        number = effect.get(int(indices[0]))
        if number is not None:
            places.extend(indices.tolist())
            values.extend(own[:, number].tolist())
            precisions.extend((1.0 / (sd[:, number] ** 2 + bayes.heterogeneity.mean**2)).tolist())
    value, weight = np.array(values), np.array(precisions)
    if len(places) <= LEAST or not np.isfinite(weight).all():
        return None
    centre = float(weight @ value / weight.sum())
    shift = weight * (value - centre) / (weight.sum() - weight)
    return int(places[int(np.abs(shift).argmax())])


def moved(bayes: Bayes, span: float) -> Iterator[Caution]:
    """Yield that one person moves the average, or heavy tails do."""
    robust = bayes.robust
    if robust is None:
        return
    mean, sd = bayes.mean.mean, bayes.mean.sd
    without = robust.without
    if without is not None and abs(without.mean.mean - mean) > MOVES * sd:
        yield Caution.of(
            "one-moves-the-average",
            person=without.person,
            without=without.mean.mean,
            low=without.mean.ci_low,
            high=without.mean.ci_high,
            mean=mean,
            span=span,
        )
    if bayes.population != robust.population and abs(robust.mean.mean - mean) > DIFFERS * sd:
        yield Caution.of("tails-move-the-average", heavy=robust.mean.mean, mean=mean, span=span)
