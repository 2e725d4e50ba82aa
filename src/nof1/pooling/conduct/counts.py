"""How the trials of a pool went, counted over all persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from nof1.pooling.persons.coefficients import LEVELS, level_of
from nof1.pooling.persons.members import Member, Members
from nof1.pooling.result.conduct import ArmConduct, Conduct


def conduct_of(members: Members, arms: Sequence[str]) -> Conduct:
    """Return what the contributions tell of the trials themselves."""
    people = members.people
    designs = [member.design for member in people]
    blinding = [member.blinding for member in people if member.blinding]
    guesses = [record.guesses for record in blinding]
    return Conduct(
        protocols=_counted(member.protocol for member in people),
        cycles=_counted(_number(design.cycles) for design in designs),
        period_days=_counted(_number(design.period_days) for design in designs),
        periods=sum(design.periods for design in designs),
        periods_scored=sum(design.periods_scored for design in designs),
        scores=sum(design.scores for design in designs),
        scores_missing=sum(design.scores_missing for design in designs),
        stopped_early=sum(design.periods_scored < design.periods for design in designs),
        modes=_counted(member.blinding.mode if member.blinding else "" for member in people),
        guesses=(
            sum(record.right for record in guesses),
            sum(record.wrong for record in guesses),
            sum(record.unsure for record in guesses),
        ),
        opened_early=sum(record.opened_early for record in blinding),
        arms=tuple(_arm(arm, people) for arm in arms),
        about={
            name: _counted(level_of(member.about, name) or "" for member in people)
            for name in LEVELS
        },
        carryover=members.estimand.carryover,
        missed_doses=members.estimand.missed_doses,
        trend=members.estimand.trend,
        period_effects=members.estimand.period_effects,
        drop_days=members.estimand.drop_days,
        levels=sum(member.differences is not None for member in people),
        run_in_days=_counted(str(design.run_in_days) for design in designs),
        washout_days=_counted(str(design.washout_days) for design in designs),
        allocation=_counted(design.allocation for design in designs),
    )


def _number(n: int) -> str:
    """Return a number of cycles or days; empty where a table of summaries does not tell it."""
    return str(n) if n else ""


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _arm(arm: str, people: Sequence[Member]) -> ArmConduct:
    taken = [member.adherence.taken.get(arm) for member in people if member.adherence]
    shares = [share for share in taken if share is not None]
    harms = [member.harms[arm] for member in people if member.harms and arm in member.harms]
    return ArmConduct(
        arm=arm,
        n=sum(arm in member.arms for member in people),
        taken=sum(shares) / len(shares) if shares else None,
        persons_with_harms=sum(record.days > 0 for record in harms) if harms else None,
        worst_severe=sum(record.worst == 3 for record in harms) if harms else None,
    )
