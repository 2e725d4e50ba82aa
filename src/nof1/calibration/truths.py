"""Simulated trials: people drawn from the priors, or many alike at a fixed truth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nof1.calibration.scenarios import PERIOD_DAYS, SCORINGS, TREND, Cell, Scoring
from nof1.design.allocation import AllocationSet
from nof1.design.cycled import PairsSet
from nof1.design.sets import VaryingSet
from nof1.model.model_input import ModelInput, model_input
from nof1.model.priors import PointPriors, point_priors
from nof1.model.simulation import Truth, simulate_many, simulate_scores
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import Scale
from nof1.trial.data import MaskedData, MaskedPeriod, Series, TrialData

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

#: The shipped defaults, which are what is proven.
PLAN = AnalysisPlan()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Trials of one sequence and one pattern of missing scores.

    Attributes
    ----------
    givens : tuple of ModelInput
        One for each person.
    allocation_set : AllocationSet
        What the sequence was drawn from.
    truths : tuple of Truth
        One for each person.
    """

    givens: tuple[ModelInput, ...]
    allocation_set: AllocationSet
    truths: tuple[Truth, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """A trial before anybody scored."""

    periods: tuple[MaskedPeriod, ...]
    arms: tuple[int, ...]
    allocation_set: AllocationSet
    day: NDArray[np.int64]
    scored: BoolArray
    scoring: Scoring

    def givens(self, scores: FloatArray, scale: Scale) -> tuple[ModelInput, ...]:
        """Return what the engines are given for each row of scores, shape (n, n_days)."""
        series = Series(
            outcome="score",
            title="Score",
            unit="points",
            scale=scale,
            recall_days=self.scoring.recall_days,
            mcid=self.scoring.mcid,
            day=self.day,
            score=np.where(self.scored, scores[0], np.nan),
        )
        masked = MaskedData(
            person="simulated",
            n_days=self.periods[-1].last_day,
            periods=self.periods,
            series=(series,),
            taken={},
        )
        data = TrialData(
            masked=masked, arms=("A", "B"), arm_of_period=self.arms,
            allocation_set=self.allocation_set,
        )  # fmt: skip
        first = model_input(data, series, PLAN)
        return (first, *(replace(first, score=row[self.scored].copy()) for row in scores[1:]))


def _trial(scoring: Scoring, cycles: int, missing: float, rng: np.random.Generator) -> _Trial:
    """Return a trial whose sequence is drawn as by default, with scores missing at random."""
    allocation_set = VaryingSet(PairsSet(2, cycles))
    periods = tuple(
        MaskedPeriod(
            number=i + 1,
            cycle=i // 2 + 1,
            first_day=i * PERIOD_DAYS + 1,
            last_day=(i + 1) * PERIOD_DAYS,
        )
        for i in range(2 * cycles)
    )
    day = np.arange(scoring.every_days, periods[-1].last_day + 1, scoring.every_days)
    return _Trial(
        periods=periods,
        arms=allocation_set.sequence(int(rng.integers(allocation_set.size))),
        allocation_set=allocation_set,
        day=day,
        scored=rng.random(len(day)) >= missing,
        scoring=scoring,
    )


def at_fixed_truth(cell: Cell, n_people: int, rng: np.random.Generator) -> Alike:
    """Return people of one sequence whose truth is that of a cell."""
    situation, scoring = cell.situation, SCORINGS[cell.situation.scores]
    trial = _trial(scoring, situation.cycles, situation.missing, rng)
    truth = Truth(
        level=(scoring.scale.low + scoring.scale.high) / 2,
        effects=(-cell.effect * scoring.mcid,),
        half_life_days=situation.half_life,
        sigma=scoring.sigma,
        phi=situation.phi,
        period_sd=situation.shift * scoring.sigma,
        trend=TREND * scoring.scale.span,
    )
    scores = simulate_many(
        trial.periods,
        trial.arms,
        trial.day,
        scoring.recall_days,
        truth,
        rng,
        n_people,
        scale=scoring.scale if situation.rounded else None,
    )
    scale = scoring.scale if situation.rounded else scoring.unrounded
    return Alike(
        givens=trial.givens(scores, scale),
        allocation_set=trial.allocation_set,
        truths=(truth,) * n_people,
    )


def from_priors(
    scores: str, cycles: int, missing: float, n_people: int, rng: np.random.Generator
) -> Alike:
    """Return people of one sequence, each with a truth drawn from the default priors."""
    scoring = SCORINGS[scores]
    trial = _trial(scoring, cycles, missing, rng)
    [blank] = trial.givens(np.zeros((1, len(trial.day))), scoring.unrounded)
    priors = point_priors(blank)
    truths = tuple(prior_truth(priors, rng) for _ in range(n_people))
    rows = np.array(
        [
            simulate_scores(trial.periods, trial.arms, trial.day, scoring.recall_days, truth, rng)
            for truth in truths
        ]
    )
    return Alike(
        givens=trial.givens(rows, scoring.unrounded),
        allocation_set=trial.allocation_set,
        truths=truths,
    )


def series_from_priors(
    scores: str,
    cycles: int,
    missing: float,
    effects: FloatArray,
    half_lives: FloatArray,
    rng: np.random.Generator,
) -> tuple[ModelInput, ...]:
    """Return a series of persons whose effects and half-lives are given, all else from the priors.

    Every fourth person shares a sequence and a pattern of missing scores.

    Parameters
    ----------
    scores : str
        Kind of scores.
    cycles : int
        Of every person.
    missing : float
        Share of scores missing at random.
    effects, half_lives : array, shape (n,)
        True steady-state effects in points, and half-lives in days.
    rng : numpy.random.Generator
        Source of all randomness.
    """
    scoring = SCORINGS[scores]
    people: list[ModelInput] = []
    for index, (effect, half_life) in enumerate(zip(effects, half_lives, strict=True)):
        if index % 4 == 0:
            trial = _trial(scoring, cycles, missing, rng)
            [blank] = trial.givens(np.zeros((1, len(trial.day))), scoring.unrounded)
            priors = point_priors(blank)
        truth = replace(
            prior_truth(priors, rng), effects=(float(effect),), half_life_days=float(half_life)
        )
        row = simulate_scores(trial.periods, trial.arms, trial.day, scoring.recall_days, truth, rng)
        people += trial.givens(row[None], scoring.unrounded)
    return tuple(people)


def prior_truth(priors: PointPriors, rng: np.random.Generator) -> Truth:
    """Return one draw from the priors of a model with two arms."""
    sigma = 0.0
    while sigma <= priors.noise_floor:
        sigma = priors.noise_scale * abs(float(rng.standard_t(3)))
    half_life = priors.half_life
    component = int(rng.choice(len(half_life.shares), p=half_life.shares))
    return Truth(
        level=priors.level_mean + priors.level_sd * float(rng.standard_normal()),
        effects=(priors.effect_sd * float(rng.standard_normal()),),
        half_life_days=float(rng.exponential(half_life.means_days[component])),
        sigma=sigma,
        phi=float(rng.beta(2, 2)),
        period_sd=sigma * priors.period_scale * abs(float(rng.standard_normal())),
        trend=priors.trend_sd * float(rng.standard_normal()),
    )
