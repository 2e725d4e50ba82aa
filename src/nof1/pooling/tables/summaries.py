"""Persons of whom a table holds summaries alone: cycle differences, or estimates with errors.

Such numbers are differences as scheduled: no carryover can be modelled, as days are not known.
The variance within persons is pooled over them (Senn 2024, doi:10.1186/s13063-024-07964-7), since
a person has too few cycles to tell their own. What is not known of it is common to all persons and
does not average out: everybody's likelihood is normal, wider by the quantile of Student's t over
that of the normal, so that intervals of single persons and of averages are as wide as t's. Own
standard errors are unknown each for itself: such a likelihood is Student's t.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, roots_genlaguerre, stdtrit

from nof1.errors import Fault, ScoresError
from nof1.inference.exact.effect_likelihood import rounded
from nof1.pooling.frequentist.person_estimates import WithinVariance
from nof1.provenance import software
from nof1.sharing.contribution import (
    SCHEMA,
    Contribution,
    SharedDesign,
    SharedEstimand,
    SharedOutcome,
    SharedSummary,
)
from nof1.sharing.from_scores import FIGURES, code_of
from nof1.words.caution import Caution

FloatArray = NDArray[np.float64]

#: With so many cycles each, everybody's own standard error is good enough.
MANY_CYCLES = 10
#: Degrees of freedom from which on Student's t counts as normal.
NORMAL_DF = 200.0
#: Upper end of an interval of 95 %, at which a normal likelihood is as wide as Student's t.
UPPER = 0.975
#: Normal components that stand for Student's t, and the weight below which one is dropped.
COMPONENTS, LIGHT = 24, 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSummary:
    """What a table holds of one person.

    Attributes
    ----------
    person : str
        As in the table.
    estimate : float
        Active minus comparator as scheduled, in points.
    se : float or None
        Its standard error; None where it follows from the cycle differences of all.
    cycles : int or None
        Cycles it rests on; None where the table does not say.
    differences : tuple of float or None
        Cycle by cycle, where the table has them.
    scores : int
        That the differences were worked out from; 0 where they stood in the table.
    """

    person: str
    estimate: float
    se: float | None
    cycles: int | None
    differences: tuple[float, ...] | None
    scores: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonErrors:
    """Standard errors of all persons, and how well they are known.

    Attributes
    ----------
    se : array, shape (n_persons,)
        In points.
    df : array, shape (n_persons,)
        Degrees of freedom; infinite where an error is taken as known.
    common : bool
        Whether all rest on one variance.
    note : Caution
        How they came about.
    """

    se: FloatArray
    df: FloatArray
    common: bool
    note: Caution


def spread(people: Sequence[PersonSummary]) -> PersonErrors:
    """Return everybody's standard error.

    Raises
    ------
    ScoresError
        If nobody's scatter can be told at all.
    """
    if all(person.se is not None for person in people):
        return _as_given(people)
    cycles = np.array([len(person.differences or (person.estimate,)) for person in people])
    within = _within(people)
    if within is not None:
        return PersonErrors(
            se=np.sqrt(within.variance / cycles),
            df=np.full(len(people), float(within.df)),
            common=True,
            note=Caution.of("errors-pooled"),
        )
    own = np.array([person.estimate for person in people])
    if len(own) < 2 or np.ptp(own) <= 1e-12 * np.abs(own).max():
        what = "nobody's differences scatter, within persons or between them"
        raise ScoresError(Fault("differences", what, "Check them; give standard errors."))
    return PersonErrors(
        se=np.sqrt(own.var(ddof=1) / cycles),
        df=np.full(len(own), len(own) - 1.0),
        common=True,
        note=Caution.of("errors-not-told"),
    )


def _within(people: Sequence[PersonSummary]) -> WithinVariance | None:
    """Return the variance of a cycle difference within persons, or None where it is not told."""
    known = [np.array(person.differences) for person in people if person.differences]
    df = sum(len(mine) - 1 for mine in known)
    squares = sum(float(((mine - mine.mean()) ** 2).sum()) for mine in known)
    largest = max((float(np.abs(mine).max()) for mine in known), default=0.0)
    if df == 0 or squares <= (1e-12 * largest) ** 2:
        return None
    return WithinVariance(variance=squares / df, df=df)


def _as_given(people: Sequence[PersonSummary]) -> PersonErrors:
    """Return the standard errors of the table, pooled where few cycles stand behind them."""
    se = np.array([person.se for person in people], dtype=float)
    if any(person.cycles is None for person in people):
        return PersonErrors(
            se=se,
            df=np.full(len(se), inf),
            common=False,
            note=Caution.of("errors-taken-as-known"),
        )
    n = np.array([person.cycles for person in people], dtype=float)
    if n.min() >= MANY_CYCLES or n.max() < 2:
        return PersonErrors(
            se=se,
            df=n - 1.0 if n.min() >= MANY_CYCLES else np.full(len(se), inf),
            common=False,
            note=Caution.of("errors-as-given"),
        )
    df = float((n - 1.0).sum())
    variance = float(((n - 1.0) * n * se**2).sum()) / df
    return PersonErrors(
        se=np.sqrt(variance / n),
        df=np.full(len(se), df),
        common=True,
        note=Caution.of("errors-of-few-cycles"),
    )


def contributions_of(
    people: Sequence[PersonSummary], arms: tuple[str, str], outcome: SharedOutcome
) -> tuple[list[Contribution], Caution]:
    """Return a contribution of every person, and how their standard errors came about.

    Parameters
    ----------
    people : sequence of PersonSummary
        At least one, all on one scale.
    arms : tuple of str
        The comparator first.
    outcome : SharedOutcome
        Of all of them.

    Raises
    ------
    ScoresError
        As `spread` does.
    """
    errors = spread(people)
    return [
        _contribution(person, float(se), float(df), arms, outcome, common=errors.common)
        for person, se, df in zip(people, errors.se, errors.df, strict=True)
    ], errors.note


def _contribution(
    person: PersonSummary,
    se: float,
    df: float,
    arms: tuple[str, str],
    outcome: SharedOutcome,
    *,
    common: bool,
) -> Contribution:
    differences = person.differences
    wider = float(stdtrit(df, UPPER) / ndtri(UPPER)) if common else 1.0
    n = len(differences) if differences is not None else person.cycles or 0
    return Contribution.model_validate(
        {
            "schema": SCHEMA,
            "id": code_of(person.person),
            "level": "likelihood" if differences is None else "cycles",
            "arms": arms,
            "outcome": outcome,
            "estimand": SharedEstimand(
                effect="as-scheduled",
                carryover="none",
                half_lives="one",
                trend="none",
                period_effects="none",
                missed_doses="treatment-policy",
                drop_days=0,
            ),
            "likelihood": likelihood(person.estimate, wider * se, inf if common else df),
            "design": SharedDesign(
                cycles=n,
                cycles_scored=n,
                periods=2 * n,
                periods_scored=2 * n,
                period_days=0,
                run_in_days=0,
                washout_days=0,
                allocation="unknown",
                scores=person.scores,
                scores_missing=0,
            ),
            "cycle_differences": None
            if differences is None
            else {arms[1]: [float(f"{each:.{FIGURES}g}") for each in differences]},
            "summary": None
            if differences is not None
            else SharedSummary(estimate=person.estimate, se=se, df=None if df == inf else df),
            "software": software(),
        }
    )


def likelihood(estimate: float, se: float, df: float) -> dict[str, Any]:
    """Return the likelihood of an effect as a file has it: Student's t as normal components.

    ``t`` is a normal whose precision has a gamma distribution; it is summed by Gauss and
    Laguerre's rule, at the nodes of the generalised polynomials.
    """
    if df >= NORMAL_DF:
        scale, share = np.ones(1), np.ones(1)
    else:
        node, weight = roots_genlaguerre(COMPONENTS, df / 2.0 - 1.0)
        kept = weight > LIGHT * weight.sum()
        scale, share = df / (2.0 * node[kept]), weight[kept]
    variance = se**2 * scale
    log_weight = np.log(share) - 0.5 * np.log(scale)
    return {
        "means": [[estimate]] * len(scale),
        "covariances": rounded(variance)[:, None].tolist(),
        "log_weights": np.round(log_weight - log_weight.max(), 4).tolist(),
    }
