"""From the persons of a pool to the pooled answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nof1.inference.exact.mixture import Mixture
from nof1.pooling.cautions import asked_for, of_the_answer, of_the_persons, of_the_trials
from nof1.pooling.conduct.blinding_index import blinding, told_apart
from nof1.pooling.conduct.counts import conduct_of
from nof1.pooling.exact.answers import (
    CI_LEVEL,
    between_curve,
    curve,
    half_lives,
    heterogeneity,
    judged,
    mixture_told,
    noise,
    summary,
    under_assumptions,
)
from nof1.pooling.exact.population_grid import HyperPrior
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
from nof1.pooling.judging import Judging, rule_of
from nof1.pooling.persons.coefficients import arms_of, grouped
from nof1.pooling.persons.facts import Fact
from nof1.pooling.persons.half_life_spread import HalfLifeSpread
from nof1.pooling.persons.members import Member, Members
from nof1.pooling.result.conduct import PersonExcluded
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
from nof1.pooling.result.verdicts import PooledVerdict
from nof1.pooling.solved import (
    DirectRows,
    assumed_of,
    direct_rows,
    noise_learnt,
    refuse_one,
    solved_or_named,
    usual_half_life_prior,
)
from nof1.protocol.tables import Decision
from nof1.provenance import software
from nof1.words.caution import said

FloatArray = NDArray[np.float64]

#: With more persons the other shape of the population is not tried: it takes long and the answer
#: to the average hardly hangs on it.
MANY = 2000
#: Spreads of half-lives under which the other shape is tried.
LIKELIEST = 12


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
    decision : Decision or None
        The rule from chances to a verdict; None for that of the persons' protocols.
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
    decision: Decision | None = None
    half_lives: Literal["learnt", "protocol"] = "learnt"
    noise: Literal["learnt", "protocol"] = "learnt"


def pool(members: Members, question: Question, make_place: MakePlace = Here) -> PooledFit:
    """Return the pooled answer.

    Parameters
    ----------
    members : Members
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
    refuse_one(members)
    arms = arms_of(members.people, question.active)
    span = members.outcome.high - members.outcome.low
    mcid = question.mcid if question.mcid is not None else members.outcome.mcid
    rule, rule_from = rule_of(question.decision, members.decisions)
    judging = Judging(better=members.outcome.better, mcid=mcid, rule=rule)
    # Of very many persons what is not asked for again is let go of at once.
    alone, spread = members if len(members.people) <= MANY else None, None
    if question.noise == "learnt":
        members, spread = noise_learnt(members, span)
    people = grouped(members.people, members.likelihoods, arms)
    beforehand = usual_half_life_prior(members)
    if alone is None and not question.moderators:
        members = replace(members, likelihoods=())
    learnt = question.half_lives == "learnt"
    assumed = assumed_of(
        arms,
        span,
        question.population,
        half_lives=beforehand if learnt else None,
        make_place=make_place,
    )
    solved = solved_or_named(members, people, assumed)
    contrast = arms.combination(arms.active, arms.comparator)
    persons = everybody(solved, level=CI_LEVEL, mcid=mcid or 0.0)
    rows = direct_rows(members.people, arms)
    scheduled = differences_as_scheduled(members, rows.effect, rows.active, beforehand)
    these, following = _these(solved, persons, rows), solved.posterior.next_person(contrast)
    bayes = _bayes(solved, persons, rows, contrast, (these, following), judging).model_copy(
        update={
            "half_lives": half_lives(solved.posterior, beforehand if learnt else None),
            "noise": noise(spread),
            "estimand": members.estimand.effect,
        }
    )
    sensitivity = _sensitivity(solved.posterior, contrast, judging)
    if alone is not None:
        likeliest = solved.posterior.likeliest(LIKELIEST)
        others = [(people, *assumption) for assumption in _other_assumptions(assumed, likeliest)]
        if spread is not None:
            protocols = grouped(alone.people, alone.likelihoods, arms)
            fewer = replace(assumed, spreads=likeliest)
            others.append((protocols, "noise by the protocol's prior alone", fewer))
        sensitivity += [
            under_assumptions(label, solve(who, other).posterior, contrast, judging)
            for who, label, other in others
        ]
        fewer = replace(assumed, spreads=likeliest)
        beside = robust(members, arms, rows.effect, solved, fewer, (bayes, sensitivity))
        bayes = bayes.model_copy(update={"robust": beside})
    moderators = tuple(
        moderator(
            name, members, arms, assumed, judging, planned=question.planned, facts=question.facts
        )
        for name in question.moderators
    )
    how_it_went = conduct_of(members, arms.names)
    guessed = blinding(members.people, arms.names)
    averages = frequentist(scheduled, level=CI_LEVEL)
    known = said(
        (
            *of_the_trials(how_it_went),
            *members.warnings,
            *asked_for(question.purpose, mcid),
            *of_the_persons(members),
            *without_it(moderators, len(members.people)),
            *told_apart(how_it_went.guesses, len(arms.names), guessed),
            *scheduled.notes,
            *moved(bayes, span),
            *of_the_answer(bayes, averages, scheduled.least_share, span),
        )
    )
    return PooledFit(
        schema=SCHEMA,
        outcome=members.outcome.id,
        contrast=ArmPair(active=arms.active, comparator=arms.comparator),
        unit=members.outcome.unit,
        better=members.outcome.better,
        mcid=mcid,
        scale=ScaleEnds(low=members.outcome.low, high=members.outcome.high),
        recall_days=members.outcome.recall_days,
        n_persons=len(members.people),
        purpose=question.purpose,
        verdict=PooledVerdict(
            these_persons=judging.verdict(these),
            next_person=judging.verdict(following),
            rule=rule,
            rule_from=rule_from,
        ),
        bayes=bayes,
        sensitivity=tuple(sensitivity),
        contrasts=tuple(contrasts(solved, persons, members.people, arms, judging)),
        moderators=moderators,
        frequentist=averages,
        persons=tuple(_persons(members.people, solved, persons, rows, span, judging)),
        conduct=how_it_went,
        blinding=guessed,
        excluded=tuple(
            PersonExcluded(person=excluded.person, why=excluded.why)
            for excluded in members.excluded
        ),
        warnings=tuple(caution.text for caution in known),
        warning_codes=tuple(caution.code for caution in known),
        software=software(),
    )


def _direct(solved: Solved, rows: DirectRows) -> list[tuple[int, int, int]]:
    """Return the groups of persons who tell of the main contrast directly, and its places."""
    return [
        (number, rows.effect[int(indices[0])] + 1, 0)
        for number, indices in enumerate(solved.people.indices)
        if int(indices[0]) in rows.effect
    ]


def _these(solved: Solved, persons: Everybody, rows: DirectRows) -> Mixture:
    """Return the average effect in exactly these persons."""
    these = mean_effect(persons, _direct(solved, rows))
    if these is None:
        raise ValueError("nobody tells of the contrast that most persons tell of")
    return these


def _bayes(
    solved: Solved,
    persons: Everybody,
    rows: DirectRows,
    contrast: FloatArray,
    of_whom: tuple[Mixture, Mixture],
    judging: Judging,
) -> Bayes:
    """Return the posterior's figures, without what was learnt of half-lives and noise."""
    posterior, (these, following) = solved.posterior, of_whom
    scheduled = mean_effect(persons, _direct(solved, rows), as_scheduled=True)
    return Bayes(
        mean=summary(posterior.average(contrast)),
        heterogeneity=heterogeneity(posterior.between),
        next_person=judged(following, judging),
        these_persons=summary(these),
        as_scheduled=None if scheduled is None else summary(scheduled),
        ci_level=CI_LEVEL,
        population=posterior.population.name,
        prior=Scales(mean_sd=float(posterior.prior.sds[0]), between_scale=posterior.prior.between),
        error=posterior.error,
        half_lives=None,
        next_person_mixture=mixture_told(following),
        heterogeneity_curve=between_curve(posterior.between),
        next_person_curve=curve(following),
    )


def _sensitivity(
    posterior: PopulationPosterior, contrast: FloatArray, judging: Judging
) -> list[PooledSensitivity]:
    """Return the answer under priors half and twice as wide."""
    sds, between = posterior.prior.sds, posterior.prior.between
    priors = {
        "as planned": posterior.prior,
        "persons differ half as much beforehand": HyperPrior(sds=sds, between=between / 2),
        "persons differ twice as much beforehand": HyperPrior(sds=sds, between=2 * between),
        "average effect half as wide beforehand": HyperPrior(sds=sds / 2, between=between),
        "average effect twice as wide beforehand": HyperPrior(sds=2 * sds, between=between),
    }
    return [
        under_assumptions(label, posterior.under(prior), contrast, judging)
        for label, prior in priors.items()
    ]


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


def _persons(
    people: Sequence[Member],
    solved: Solved,
    everybody: Everybody,
    rows: DirectRows,
    span: float,
    judging: Judging,
) -> list[Person]:
    """Return the persons who tell of the main contrast, in the order of their codes."""
    persons: dict[int, Person] = {}
    every = set(Person.model_fields)
    lower = judging.better == "lower"
    for indices, mine, (own, own_sd) in zip(
        solved.people.indices, everybody.groups, own_answers(solved, span), strict=True
    ):
        effect = rows.effect.get(int(indices[0]))
        if effect is None:
            continue
        better = mine.below_zero if lower else 1.0 - mine.below_zero
        meaningful = mine.below if lower else mine.above
        columns = (own, own_sd, mine.mean, mine.sd, mine.low, mine.high, better, meaningful)
        figures = np.stack([column[:, effect] for column in columns], axis=1).tolist()
        for index, row in zip(indices.tolist(), figures, strict=True):
            # Made of numbers of ours: no need to validate a hundred thousand of them.
            persons[index] = Person.model_construct(
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
    return [persons[index] for index in sorted(persons)]
