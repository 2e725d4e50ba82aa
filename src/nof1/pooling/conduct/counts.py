"""How the trials of a pool went, counted over all persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from nof1.pooling.persons.coefficients import LEVELS, level_of
from nof1.pooling.persons.members import Member, Members
from nof1.pooling.result.conduct import ArmConduct, Conduct


def told(given: Members, arms: Sequence[str]) -> Conduct:
    """Return what the contributions tell of the trials themselves."""
    people = given.people
    designs = [one.design for one in people]
    blinding = [one.blinding for one in people if one.blinding]
    guesses = [one.guesses for one in blinding]
    return Conduct(
        protocols=_counted(one.protocol for one in people),
        cycles=_counted(_number(one.cycles) for one in designs),
        period_days=_counted(_number(one.period_days) for one in designs),
        periods=sum(one.periods for one in designs),
        periods_scored=sum(one.periods_scored for one in designs),
        scores=sum(one.scores for one in designs),
        scores_missing=sum(one.scores_missing for one in designs),
        stopped_early=sum(one.periods_scored < one.periods for one in designs),
        modes=_counted(one.blinding.mode if one.blinding else "" for one in people),
        guesses=(
            sum(one.right for one in guesses),
            sum(one.wrong for one in guesses),
            sum(one.unsure for one in guesses),
        ),
        opened_early=sum(one.opened_early for one in blinding),
        arms=tuple(_arm(arm, people) for arm in arms),
        about={
            name: _counted(level_of(one.about, name) or "" for one in people) for name in LEVELS
        },
        carryover=given.estimand.carryover,
        missed_doses=given.estimand.missed_doses,
        trend=given.estimand.trend,
        period_effects=given.estimand.period_effects,
        drop_days=given.estimand.drop_days,
        levels=sum(one.differences is not None for one in people),
        run_in_days=_counted(str(one.run_in_days) for one in designs),
        washout_days=_counted(str(one.washout_days) for one in designs),
        allocation=_counted(one.allocation for one in designs),
    )


def _number(n: int) -> str:
    """Return a number of cycles or days; empty where a table of summaries does not tell it."""
    return str(n) if n else ""


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _arm(arm: str, people: Sequence[Member]) -> ArmConduct:
    taken = [one.adherence.taken.get(arm) for one in people if one.adherence]
    shares = [share for share in taken if share is not None]
    harms = [one.harms[arm] for one in people if one.harms and arm in one.harms]
    return ArmConduct(
        arm=arm,
        n=sum(arm in one.arms for one in people),
        taken=sum(shares) / len(shares) if shares else None,
        persons_with_harms=sum(one.days > 0 for one in harms) if harms else None,
        worst_severe=sum(one.worst == 3 for one in harms) if harms else None,
    )
