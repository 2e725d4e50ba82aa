"""Pooled analyses for the tests of their figures and report: one as pooled, others made of it.

``pooled_fit.json`` is what pooling gave for 40 invented persons, three of whom were left out.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from nof1.inference.summaries import Chances
from nof1.inference.verdict import chances_of, decide, direction
from nof1.pooling.result.averages import NoAverage
from nof1.pooling.result.pooled_fit import PairContrast, Person, PooledFit
from nof1.pooling.result.verdicts import JudgedVerdict, PooledVerdict, RuleFrom
from nof1.protocol.tables import Decision
from nof1.reports.pooled.report_input import PooledReportInput, pooled_report_input

#: As a protocol has it that leaves the rule out.
PROMISED = Decision()
FILE = Path(__file__).with_name("pooled_fit.json")


@cache
def fit() -> PooledFit:
    """Return the pooled analysis of 37 of 40 persons, asked about the next one."""
    return with_verdict(earlier())


def earlier() -> PooledFit:
    """Return the same as an earlier version wrote it, without a verdict."""
    return PooledFit.model_validate_json(FILE.read_text(encoding="utf-8"))


def with_verdict(
    given: PooledFit, rule: Decision = PROMISED, rule_from: RuleFrom = "protocols"
) -> PooledFit:
    """Return the analysis with the verdicts of a rule, an average taken as normal."""
    these = given.bayes.these_persons
    cdf = NormalDist(these.mean, these.sd).cdf
    verdict = PooledVerdict(
        these_persons=_judged(chances_of(cdf, given.better, given.mcid), rule),
        next_person=_judged(given.bayes.next_person.chances, rule),
        rule=rule,
        rule_from=rule_from,
    )
    return changed(given, verdict=verdict)


def _judged(chances: Chances, rule: Decision) -> JudgedVerdict:
    return JudgedVerdict(
        code=decide(chances, rule).code,
        direction=direction(chances, rule),
        p_better=chances.better,
        p_meaningful=chances.meaningful,
        p_trivial=chances.trivial,
        p_worse=chances.worse,
        p_meaningfully_worse=chances.meaningfully_worse,
    )


def changed(given: PooledFit, **fields: Any) -> PooledFit:
    """Return the analysis with other fields."""
    return given.model_copy(update=fields)


def with_next(given: PooledFit, **fields: Any) -> PooledFit:
    """Return the analysis with another forecast for the next person."""
    following = given.bayes.next_person.model_copy(update=fields)
    bayes = given.bayes.model_copy(update={"next_person": following})
    return with_verdict(changed(given, bayes=bayes))


def of_size(n: int) -> PooledFit:
    """Return an analysis of `n` persons: those of the file, again and again with noise."""
    rng = np.random.default_rng(n)
    given = fit()
    persons = []
    for place in range(n):
        one = given.persons[place % len(given.persons)]
        own, shift = rng.normal(0.0, 0.7), rng.normal(0.0, 0.3)
        moved = {
            "person": f"p{place:05d}",
            "naive": one.naive + own,
            "naive_se": one.naive_se * rng.uniform(0.7, 1.4),
            "shrunken": one.shrunken + shift,
            "ci_low": one.ci_low + shift,
            "ci_high": one.ci_high + shift,
        }
        persons.append(one.model_copy(update=moved))
    told = given.conduct.model_copy(update={"levels": n})
    return changed(given, persons=tuple(persons), n_persons=n, conduct=told, excluded=())


def mirrored() -> PooledFit:
    """Return the same analysis of an outcome where higher is better."""
    given = fit()

    def flipped(one: Any) -> Any:
        ends = {"ci_low": -one.ci_high, "ci_high": -one.ci_low}
        if isinstance(one, Person):
            return one.model_copy(update={"naive": -one.naive, "shrunken": -one.shrunken, **ends})
        return one.model_copy(update={"mean": -one.mean, **ends})

    found = given.bayes
    curve = found.next_person_curve
    other_side = curve.model_copy(
        update={
            "points": tuple(-point for point in reversed(curve.points)),
            "density": tuple(reversed(curve.density)),
        }
    )
    bayes = found.model_copy(
        update={
            "mean": flipped(found.mean),
            "next_person": flipped(found.next_person),
            "these_persons": flipped(found.these_persons),
            "next_person_curve": other_side,
        }
    )
    persons = tuple(map(flipped, given.persons))
    return changed(given, better="higher", bayes=bayes, persons=persons)


def unsized() -> PooledFit:
    """Return the same analysis without a smallest difference that matters."""
    given = changed(fit(), mcid=None)
    return changed(
        with_next(given, p_meaningful=None, p_meaningfully_worse=None),
        persons=tuple(one.model_copy(update={"p_meaningful": None}) for one in given.persons),
        sensitivity=tuple(
            row.model_copy(
                update={"next_person": row.next_person.model_copy(update={"p_meaningful": None})}
            )
            for row in given.sensitivity
        ),
    )


def three_arms() -> PooledFit:
    """Return an analysis with a third arm that some persons had."""
    given = fit()
    pairs = (
        ("magnesium", "placebo", 37),
        ("stretching", "placebo", 9),
        ("stretching", "magnesium", 0),
    )
    return changed(
        given,
        n_persons=46,
        contrasts=tuple(
            PairContrast(
                active=active,
                comparator=comparator,
                n_direct=n,
                mean=given.bayes.mean,
                next_person=given.bayes.next_person,
            )
            for active, comparator, n in pairs
        ),
    )


def nothing_told() -> PooledFit:
    """Return an analysis of tables whose owners shared likelihoods alone, and nothing else."""
    given = fit()
    told = given.conduct.model_copy(
        update={
            "protocols": {"": 37},
            "modes": {"": 37},
            "guesses": (0, 0, 0),
            "opened_early": 0,
            "stopped_early": 0,
            "periods_scored": given.conduct.periods,
            "arms": tuple(
                one.model_copy(
                    update={"taken": None, "persons_with_harms": None, "worst_severe": None}
                )
                for one in given.conduct.arms
            ),
            "about": {name: {"": 37} for name in given.conduct.about},
            "levels": 0,
        }
    )
    why = NoAverage(not_run="0 of 37 persons shared cycle differences")
    rows = dict.fromkeys(type(given.frequentist).model_fields, why)
    return changed(
        given,
        conduct=told,
        frequentist=given.frequentist.model_copy(update=rows),
        excluded=(),
        moderators=(),
        warnings=(),
        purpose=None,
    )


def of_days_unknown() -> PooledFit:
    """Return an analysis of summaries whose days nobody knows: differences as scheduled."""
    given = fit()
    return changed(given, bayes=given.bayes.model_copy(update={"estimand": "as-scheduled"}))


def story(given: PooledFit | None = None) -> PooledReportInput:
    """Return an analysis as the report tells it."""
    return pooled_report_input(fit() if given is None else given)
