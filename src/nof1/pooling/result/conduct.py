"""How the trials of a pool went, as other programs read it: counts, doses, guesses of the arm."""

from __future__ import annotations

from pydantic import Field

from nof1.inference.summaries import Level
from nof1.protocol.table import FrozenTable


class PersonExcluded(FrozenTable):
    """A person left out, and why."""

    person: str
    why: str


class ArmConduct(FrozenTable):
    """What was told of one arm over all persons: doses taken, side effects."""

    arm: str
    n: int
    taken: float | None
    persons_with_harms: int | None
    worst_severe: int | None


class ArmGuesses(FrozenTable):
    """How often persons told one arm at the end of its periods."""

    right: int = Field(ge=0)
    wrong: int = Field(ge=0)
    unsure: int = Field(ge=0)


class BlindingIndex(FrozenTable):
    """An index of blinding over `n` guesses, with a normal interval."""

    n: int = Field(ge=1)
    estimate: float
    se: float = Field(ge=0)
    ci_low: float
    ci_high: float
    ci_level: Level


class BlindingSummary(FrozenTable):
    """Guesses of the arm, and what they tell of the blind.

    Attributes
    ----------
    guesses : mapping of str to ArmGuesses
        By true arm, the comparator first.
    n_persons : int
        Who told them by arm.
    bang : mapping of str to BlindingIndex
        By arm: -1 all wrong, 0 as by chance, 1 all right; arms without a guess are not there.
    james : BlindingIndex or None
        Over all: 0 all right, 0.5 as by chance, 1 all unsure; None with several active arms.
    method : str
        How both were found.
    """

    guesses: dict[str, ArmGuesses]
    n_persons: int = Field(ge=0)
    bang: dict[str, BlindingIndex]
    james: BlindingIndex | None
    method: str


class Conduct(FrozenTable):
    """How the trials went, over all persons, as far as contributed.

    Attributes
    ----------
    protocols : mapping of str to int
        Persons by protocol; the empty name stands for tables.
    cycles, period_days : mapping of str to int
        Persons by planned cycles and by days of a period.
    periods, periods_scored, scores, scores_missing : int
        Sums.
    stopped_early : int
        Persons with fewer periods scored than planned.
    modes : mapping of str to int
        Persons by blinding mode; the empty name where not told.
    guesses : tuple of int
        Right, wrong, unsure, over all periods.
    opened_early : int
        Periods opened in an emergency.
    arms : tuple of ArmConduct
        The comparator first.
    about : mapping of str to mapping of str to int
        Persons by level of each coarse fact; the empty name where not told.
    carryover, missed_doses, trend, period_effects : str
        Of the estimand, as in the plans.
    drop_days : int
    levels : int
        Persons who shared cycle differences.
    run_in_days, washout_days, allocation : mapping of str to int
        Persons by days of run-in, by days of washout, and by how the order was drawn.
    """

    protocols: dict[str, int]
    cycles: dict[str, int]
    period_days: dict[str, int]
    periods: int
    periods_scored: int
    scores: int
    scores_missing: int
    stopped_early: int
    modes: dict[str, int]
    guesses: tuple[int, int, int]
    opened_early: int
    arms: tuple[ArmConduct, ...]
    about: dict[str, dict[str, int]]
    carryover: str
    missed_doses: str
    trend: str
    period_effects: str
    drop_days: int
    levels: int
    run_in_days: dict[str, int] = Field(default_factory=dict)
    washout_days: dict[str, int] = Field(default_factory=dict)
    allocation: dict[str, int] = Field(default_factory=dict)
