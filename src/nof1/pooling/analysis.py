"""From the persons of a pool to the pooled answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nof1.errors import Fault, InputError
from nof1.model.priors import HalfLifePrior
from nof1.pooling.cautions import asked_for, of_the_answer, of_the_persons, of_the_trials
from nof1.pooling.conduct.blinding_index import blinding, told_apart
from nof1.pooling.conduct.counts import told
from nof1.pooling.exact.answers import (
    CI_LEVEL,
    Judging,
    between_curve,
    curve,
    half_lives,
    heterogeneity,
    mixture_told,
    noise,
    summary,
)
from nof1.pooling.exact.hierarchy import HyperPrior, TooRoughError
from nof1.pooling.exact.noise_spread import NoiseSpread, learnt_noise
from nof1.pooling.exact.population_posterior import PopulationPosterior
from nof1.pooling.exact.population_shapes import POPULATIONS
from nof1.pooling.exact.solving import (
    Assumed,
    Everybody,
    MakePlace,
    Solved,
    everybody,
    mean_effect,
    own_answers,
    solve,
)
from nof1.pooling.exact.workplace import Here
from nof1.pooling.frequentist.averaging import frequentist
from nof1.pooling.frequentist.comparable import differences_as_scheduled
from nof1.pooling.further.contrasts import contrasts
from nof1.pooling.further.moderators import moderator, without_it
from nof1.pooling.further.robust import moved, robust
from nof1.pooling.persons.coefficients import Arms, Grouped, arms_of, grouped
from nof1.pooling.persons.facts import Fact
from nof1.pooling.persons.half_life_spread import HalfLifeSpread, around
from nof1.pooling.persons.likelihoods import log_det
from nof1.pooling.persons.members import Member, Members
from nof1.pooling.result.conduct import PersonLeftOut
from nof1.pooling.result.pooled_fit import (
    SCHEMA,
    ArmPair,
    Bayes,
    Person,
    PooledFit,
    PooledSensitivity,
    Purpose,
    ScaleEnds,
    Scales,
)
from nof1.provenance import software

FloatArray = NDArray[np.float64]

#: SD of the prior of the average effect, and scale of that of the SD between persons, as shares
#: of the scale's range.
MEAN_SD, BETWEEN_SCALE = 0.15, 0.075
#: With more persons the other shape of the population is not tried: it takes long and the answer
#: to the average hardly hangs on it.
MANY = 2000
#: Spreads of half-lives under which the other shape is tried.
LIKELIEST = 12
#: Persons who are named when their likelihoods cannot be pooled.
NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a pool.

    Attributes
    ----------
    purpose : {"these", "next"} or None
        See `PooledFit`.
    population : {"normal", "student-t"}
        Shape of the scatter of effects.
    mcid : float or None
        Smallest difference that matters, in points; None for that of the contributions.
    moderators : tuple of str
        Facts that may bear on the effect: coarse ones, or columns of tables.
    facts : mapping of str to mapping of str to float or str
        What columns of tables say, by name and person.
    planned : str
        Where these were written down beforehand.
    active : tuple of str
        The active arms that are reported; empty for all. The others act all the same.
    half_lives : {"learnt", "protocol"}
        Whether the persons together tell how their half-lives are spread, or everyone's has the
        protocol's prior by itself.
    """

    purpose: Purpose | None = None
    population: str = "normal"
    mcid: float | None = None
    moderators: tuple[str, ...] = ()
    facts: Mapping[str, Mapping[str, Fact]] = field(default_factory=dict)
    planned: str = ""
    active: tuple[str, ...] = ()
    half_lives: Literal["learnt", "protocol"] = "learnt"
    noise: Literal["learnt", "protocol"] = "learnt"


def pool(given: Members, question: Question, make_place: MakePlace = Here) -> PooledFit:
    """Return the pooled answer.

    Parameters
    ----------
    given : Members
        Persons that can be pooled.
    question : Question
        What is asked.
    make_place : callable
        Where the work is done.

    Raises
    ------
    InputError
        With fewer than two persons, arms that nobody connects, or a moderator that cannot be
        looked at.
    """
    if len(given.people) < 2:
        raise InputError(Fault("", "one person cannot be pooled", "Give at least two."))
    arms = arms_of(given.people, question.active)
    span = given.outcome.high - given.outcome.low
    prior = HyperPrior(
        sds=np.full(len(arms.names) - 1, MEAN_SD * span), between=BETWEEN_SCALE * span
    )
    mcid = question.mcid if question.mcid is not None else given.outcome.mcid
    judging = Judging(better=given.outcome.better, mcid=mcid)
    # Of very many persons what is not asked for again is let go of at once.
    alone, spread = given if len(given.people) <= MANY else None, None
    if question.noise == "learnt":
        given, spread = _noise_learnt(given, span)
    people = grouped(given.people, given.likelihoods, arms)
    beforehand = usual_half_life_prior(given)
    if alone is None and not question.moderators:
        given = replace(given, likelihoods=())
    learnt = question.half_lives == "learnt" and beforehand is not None
    assumed = Assumed(
        prior=prior,
        population=POPULATIONS[question.population],
        spreads=around(beforehand) if learnt and beforehand is not None else (),
        make_place=make_place,
    )
    try:
        solved = solve(people, assumed)
    except TooRoughError as error:
        raise _sharpest(given, people, error) from error
    contrast = arms.combination(arms.active, arms.comparator)
    persons = everybody(solved, level=CI_LEVEL, mcid=mcid or 0.0)
    rows = _rows(given.people, arms)
    scheduled = differences_as_scheduled(given, rows.effect, rows.active, beforehand)
    bayes = _bayes(solved, persons, rows, contrast, judging).model_copy(
        update={
            "half_lives": half_lives(solved.posterior, beforehand if learnt else None),
            "noise": noise(spread),
            "estimand": given.estimand.effect,
        }
    )
    sensitivity = _sensitivity(solved.posterior, contrast, judging)
    if alone is not None:
        likeliest = solved.posterior.likeliest(LIKELIEST)
        others = [(people, *one) for one in _other_assumptions(assumed, likeliest)]
        if spread is not None:
            protocols = grouped(alone.people, alone.likelihoods, arms)
            fewer = replace(assumed, spreads=likeliest)
            others.append((protocols, "noise by the protocol's prior alone", fewer))
        sensitivity += [
            judging.row(label, solve(who, other).posterior, contrast)
            for who, label, other in others
        ]
        fewer = replace(assumed, spreads=likeliest)
        beside = robust(given, arms, rows.effect, solved, fewer, (bayes, sensitivity))
        bayes = bayes.model_copy(update={"robust": beside})
    moderators = tuple(
        moderator(
            name, given, arms, assumed, judging, planned=question.planned, facts=question.facts
        )
        for name in question.moderators
    )
    how_it_went = told(given, arms.names)
    guessed = blinding(given.people, arms.names)
    averages = frequentist(scheduled, level=CI_LEVEL)
    return PooledFit(
        schema=SCHEMA,
        outcome=given.outcome.id,
        contrast=ArmPair(active=arms.active, comparator=arms.comparator),
        unit=given.outcome.unit,
        better=given.outcome.better,
        mcid=mcid,
        scale=ScaleEnds(low=given.outcome.low, high=given.outcome.high),
        recall_days=given.outcome.recall_days,
        n_persons=len(given.people),
        purpose=question.purpose,
        bayes=bayes,
        sensitivity=tuple(sensitivity),
        contrasts=tuple(contrasts(solved, persons, given.people, arms, judging)),
        moderators=moderators,
        frequentist=averages,
        persons=tuple(_persons(given.people, solved, persons, rows, span, judging)),
        told=how_it_went,
        blinding=guessed,
        excluded=tuple(PersonLeftOut(person=one.person, why=one.why) for one in given.excluded),
        warnings=(
            *of_the_trials(how_it_went),
            *given.warnings,
            *asked_for(question.purpose, mcid),
            *of_the_persons(given),
            *without_it(moderators, len(given.people)),
            *told_apart(how_it_went.guesses, len(arms.names), guessed),
            *scheduled.notes,
            *moved(bayes, span),
            *of_the_answer(bayes, averages, scheduled.least_share, span),
        ),
        software=software(),
    )


def _noise_learnt(given: Members, span: float) -> tuple[Members, NoiseSpread | None]:
    """Return the persons under what the others tell of their noise, and that of a further one."""
    found = learnt_noise(given.likelihoods, span=span, effect_sd=MEAN_SD * span)
    return replace(given, likelihoods=found.likelihoods), found.next_person


def _sharpest(given: Members, people: Grouped, error: TooRoughError) -> InputError:
    """Return the error that names the persons whose likelihoods are the narrowest."""
    widths = np.empty(len(given.people))
    for group, indices in zip(people.groups, people.indices, strict=True):
        for row, index in enumerate(indices.tolist()):
            one = group.part(row, row + 1)
            heights = one.log_weights - 0.5 * log_det(one.variances.astype(float))
            widths[index] = float(one.variances[heights.argmax(), 0, 0]) ** 0.5
    order = np.argsort(widths, kind="stable")[:NAMED].tolist()
    named = ", ".join(f"{given.people[index].person} (SD {widths[index]:.2g})" for index in order)
    what = f"{error}: somebody is far too sure, or too far from the others; the surest are {named}"
    return InputError(Fault("", what, "Leave out who cannot be right: --exclude CODE=WHY."))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
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


def _rows(people: Sequence[Member], arms: Arms) -> _Rows:
    return _Rows(
        effect={
            index: one.arms.index(arms.active) - 1
            for index, one in enumerate(people)
            if one.arms[0] == arms.comparator and arms.active in one.arms
        },
        active=arms.active,
    )


def _bayes(
    solved: Solved,
    persons: Everybody,
    rows: _Rows,
    contrast: FloatArray,
    judging: Judging,
) -> Bayes:
    """Return the posterior's figures, without what was learnt of half-lives and noise."""
    found = solved.posterior
    following = found.next_person(contrast)
    groups = [
        (number, rows.effect[int(indices[0])] + 1, 0)
        for number, indices in enumerate(solved.people.indices)
        if int(indices[0]) in rows.effect
    ]
    these = mean_effect(persons, groups)
    scheduled = mean_effect(persons, groups, as_scheduled=True)
    if these is None:
        raise ValueError("nobody tells of the contrast that most persons tell of")
    return Bayes(
        mean=summary(found.average(contrast)),
        heterogeneity=heterogeneity(found.between),
        next_person=judging.chances(following),
        these_persons=summary(these),
        as_scheduled=None if scheduled is None else summary(scheduled),
        ci_level=CI_LEVEL,
        population=found.population.name,
        prior=Scales(mean_sd=float(found.prior.sds[0]), between_scale=found.prior.between),
        error=found.error,
        half_lives=None,
        next_person_mixture=mixture_told(following),
        heterogeneity_curve=between_curve(found.between),
        next_person_curve=curve(following),
    )


def _sensitivity(
    found: PopulationPosterior, contrast: FloatArray, judging: Judging
) -> list[PooledSensitivity]:
    """Return the answer under priors half and twice as wide."""
    sds, between = found.prior.sds, found.prior.between
    priors = {
        "as planned": found.prior,
        "persons differ half as much beforehand": HyperPrior(sds=sds, between=between / 2),
        "persons differ twice as much beforehand": HyperPrior(sds=sds, between=2 * between),
        "average effect half as wide beforehand": HyperPrior(sds=sds / 2, between=between),
        "average effect twice as wide beforehand": HyperPrior(sds=2 * sds, between=between),
    }
    return [judging.row(label, found.under(prior), contrast) for label, prior in priors.items()]


def _other_assumptions(
    assumed: Assumed, likeliest: tuple[HalfLifeSpread, ...]
) -> Iterator[tuple[str, Assumed]]:
    """Yield what else might be assumed of the population."""
    for name, population in POPULATIONS.items():
        if name != assumed.population.name:
            other = replace(assumed, population=population, spreads=likeliest)
            yield f"effects scatter as {name}", other
    if likeliest:
        yield "half-lives by the protocol's prior alone", replace(assumed, spreads=())


def usual_half_life_prior(given: Members) -> HalfLifePrior | None:
    """Return the prior of the half-life that most persons have; None where somebody has none."""
    priors = Counter(one.half_life_prior for one in given.likelihoods)
    return None if None in priors else priors.most_common(1)[0][0]


def _persons(
    people: Sequence[Member],
    solved: Solved,
    found: Everybody,
    rows: _Rows,
    span: float,
    judging: Judging,
) -> list[Person]:
    """Return the persons who tell of the main contrast, in the order of their codes."""
    told: dict[int, Person] = {}
    every = set(Person.model_fields)
    lower = judging.better == "lower"
    for indices, mine, (own, own_sd) in zip(
        solved.people.indices, found.groups, own_answers(solved, span), strict=True
    ):
        effect = rows.effect.get(int(indices[0]))
        if effect is None:
            continue
        better = mine.below_zero if lower else 1.0 - mine.below_zero
        meaningful = mine.below if lower else mine.above
        columns = (own, own_sd, mine.mean, mine.sd, mine.low, mine.high, better, meaningful)
        figures = np.stack([one[:, effect] for one in columns], axis=1).tolist()
        for index, row in zip(indices.tolist(), figures, strict=True):
            # Made of numbers of ours: no need to validate a hundred thousand of them.
            told[index] = Person.model_construct(
                every,
                person=people[index].person,
                naive=row[0],
                naive_se=row[1],
                shrunken=row[2],
                sd=row[3],
                ci_low=row[4],
                ci_high=row[5],
                p_better=row[6],
                p_meaningful=None if judging.mcid is None else row[7],
                cycles=people[index].design.cycles_scored,
            )
    return [told[index] for index in sorted(told)]
