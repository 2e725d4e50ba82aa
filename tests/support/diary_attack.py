"""An attack on shared likelihoods: what is left of a diary is worked out from most of it.

The attacker has the published likelihood, nof1's own code, the arms and the days of all periods,
and all scores but some. They look for the whole numbers that fit: from a prediction by the scores
they know, by least squares (Levenberg and Marquardt) over real numbers, then step by step over
whole ones, again and again from other starts until nothing is left to explain.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from nof1.inference.exact import quadrature
from nof1.inference.exact.effect_likelihood import EffectLikelihood, effect_likelihood
from nof1.model.model_input import ModelInput, model_input
from nof1.model.priors import point_priors
from nof1.model.simulation import Truth, simulate_scores
from nof1.protocol.tables import AnalysisPlan
from nof1.scales import NRS
from nof1.sharing import coarsening
from support.trials import regular_periods, trial

LOW, HIGH = 0.0, 10.0
PERIODS, PERIOD_DAYS = 4, 6
SCORES = PERIODS * PERIOD_DAYS
#: Distance at which a whole likelihood is taken to be that of the diary.
SAME = 1e-7
#: Effects at which whole likelihoods are compared, in SDs around the middle.
PLACES = np.linspace(-3.0, 3.0, 13)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an attack came to.

    Attributes
    ----------
    right, predicted : int
        Scores found, and scores that prediction alone gives.
    unknown : int
    rms, rms_predicted : float
        Root mean square errors, in points.
    seconds : float
        Of processor time.
    """

    right: int
    predicted: int
    unknown: int
    rms: float
    rms_predicted: float
    seconds: float

    @property
    def whole(self) -> bool:
        """Return whether every unknown score was found."""
        return self.right == self.unknown

    @property
    def whole_predicted(self) -> bool:
        """Return whether prediction alone gives every unknown score."""
        return self.predicted == self.unknown


def diary(seed: int, *, noise: float = 1.4) -> ModelInput:
    """Return an invented diary of 24 scores: four periods of six days, in whole numbers."""
    rng = np.random.default_rng(seed)
    periods, day = regular_periods(PERIODS, PERIOD_DAYS), np.arange(1, SCORES + 1)
    arms = tuple(int(arm) for _ in range(PERIODS // 2) for arm in rng.permutation(2))
    truth = Truth(
        level=rng.uniform(4, 7),
        effects=(rng.normal(-1.5, 0.7),),
        half_life_days=2,
        sigma=noise,
        phi=0.3,
        period_sd=0.3,
    )
    score = simulate_scores(periods, arms, day, 1, truth, rng, scale=NRS)
    one = trial(periods, arms, day, score, scale=NRS, allocation_set=None)
    return model_input(one, one.masked.series[0], AnalysisPlan())


def hidden(seed: int, n: int) -> np.ndarray:
    """Return which scores the attacker does not know."""
    return np.sort(np.random.default_rng([seed, n]).choice(SCORES, n, replace=False))


def likelihoods(given: ModelInput, scores: np.ndarray) -> list[EffectLikelihood]:
    """Return the whole likelihoods of several diaries of one design."""
    people = [replace(given, score=np.asarray(one, dtype=float)) for one in scores]
    return [effect_likelihood(one.finest) for one in quadrature.solve_many(people)]


def published(given: ModelInput, key: str | None) -> EffectLikelihood:
    """Return what leaves: the whole likelihood, or with a key the coarse one."""
    (whole,) = likelihoods(given, given.score[None])
    if key is None:
        return whole
    return coarsening.coarse(
        whole, effect_sd=point_priors(given).effect_sd, key=key, salt="an outcome"
    )


def attack(
    given: ModelInput,
    unknown: np.ndarray,
    *,
    key: str | None,
    shares: int = 1,
    seconds: float = 60.0,
    starts: int = 500,
    seed: int = 0,
) -> Found:
    """Return how many of the unknown scores are found.

    Parameters
    ----------
    given : ModelInput
        The diary.
    unknown : int array
        Places of the scores that the attacker does not know.
    key : str or None
        Secret of the coarse level; None to attack the whole likelihood.
    shares : int
        How many coarse likelihoods with noise of their own the attacker has.
    seconds, starts : float, int
        Processor time and searches, at most; a whole likelihood tells when the diary is found.
    seed : int
        Of the starts.
    """
    start = time.process_time()
    mean, covariance = prediction(given, unknown)
    if key is None:
        residuals = _of_whole(published(given, None))
        weight = 1e-6  # the prediction only keeps the search in place
    else:
        files = [published(given, f"{key} {number}") for number in range(shares)]
        residuals = _of_coarse(files, point_priors(given).effect_sd)
        weight = 1.0
    search = _Search(given, unknown, mean, weight * np.linalg.inv(covariance), residuals)
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(covariance)
    best, least = np.clip(np.rint(mean), LOW, HIGH), np.inf
    for _ in range(starts):
        if least <= SAME or time.process_time() - start > seconds:
            break
        drawn = mean + rng.standard_normal((64, len(mean))) @ root.T
        guess = search.whole_numbers(search.least_squares(drawn), start + seconds)
        cost = search.costs(guess[None])[0]
        if cost < least:
            best, least = guess, cost
    truth, simple = given.score[unknown], np.clip(np.rint(mean), LOW, HIGH)
    return Found(
        right=int((best == truth).sum()),
        predicted=int((simple == truth).sum()),
        unknown=len(unknown),
        rms=float(np.sqrt(np.mean((best - truth) ** 2))),
        rms_predicted=float(np.sqrt(np.mean((simple - truth) ** 2))),
        seconds=time.process_time() - start,
    )


def prediction(given: ModelInput, unknown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and covariance of unknown scores given the others: alike by arm, period, day."""
    known = np.setdiff1d(np.arange(given.n), unknown)
    scores = given.score[known]
    variance = np.var(scores) if len(scores) > 2 else 4.0
    centre = scores.mean() if len(scores) else (LOW + HIGH) / 2
    apart = np.abs(given.day[:, None] - given.day)
    same_arm = given.arm[:, None] == given.arm
    same_period = given.period[:, None] == given.period
    whole = variance * (0.3 * same_arm + 0.2 * same_period + 0.5 * 0.4**apart)
    whole += (0.3 * variance + 0.05 + 1 / 12) * np.eye(given.n)
    gain = np.linalg.solve(whole[np.ix_(known, known)], whole[np.ix_(known, unknown)]).T
    mean = centre + gain @ (scores - centre)
    return mean, whole[np.ix_(unknown, unknown)] - gain @ whole[np.ix_(known, unknown)]


Residuals = Callable[[EffectLikelihood], np.ndarray]


def _of_whole(target: EffectLikelihood) -> Residuals:
    """Return how far a likelihood is from a whole one, at effects and half-lives."""
    middle = float(np.median(target.means))
    sd = float(np.sqrt(np.median(target.covariances)))

    def curves(one: EffectLikelihood) -> np.ndarray:
        assert one.half_lives is not None
        away = middle + sd * PLACES[:, None] - one.means[:, 0].astype(float)
        terms = np.exp(one.log_weights - 0.5 * away**2 / one.covariances[:, 0, 0])
        bins = np.minimum(np.log1p(one.half_lives.astype(float) / 0.4) / 0.4, 12).astype(int)
        summed = np.stack([terms[:, bins == place].sum(axis=1) for place in range(13)])
        return np.asarray((summed / summed.sum()) ** 0.25).ravel()

    wanted = curves(target)
    return lambda one: curves(one) - wanted


def _of_coarse(targets: list[EffectLikelihood], effect_sd: float) -> Residuals:
    """Return how far a whole likelihood is from coarse ones, in SDs of their noise.

    The noise is undone as far as it can be: the coefficients are read off, and averaged.
    """
    assert targets[0].half_lives is not None
    nodes = targets[0].half_lives.astype(float)
    axis = np.log1p(nodes / coarsening.LONG)
    place = 2.0 * (axis - axis[0]) / (axis[-1] - axis[0]) - 1.0
    basis = np.polynomial.legendre.legvander(place, coarsening.DEGREE)
    wider = np.sqrt(1.0 + coarsening.MEAN_NOISE**2 * (basis**2).sum(axis=1))
    log_sds, scores = [], []
    for target in targets:
        sds = np.sqrt(target.covariances[:, 0, 0].astype(float)) / wider
        log_sds.append(np.linalg.lstsq(basis, np.log(sds), rcond=None)[0])
        scores.append(np.linalg.lstsq(basis, target.means[:, 0] / sds, rcond=None)[0])
    more = np.sqrt(len(targets))

    def residuals(one: EffectLikelihood) -> np.ndarray:
        groups = coarsening._groups(one, effect_sd)
        _, at_groups = coarsening._bases(nodes, groups)
        weights = np.sqrt([group.weight + coarsening.EVEN_WEIGHT for group in groups])
        own = np.array([0.5 * np.log(group.covariance[0, 0]) for group in groups])
        means = np.array([group.mean[0] for group in groups])
        found = [(coarsening._fitted(at_groups, weights, own) - np.mean(log_sds, axis=0))
                 / coarsening.LOG_SD_NOISE]  # fmt: skip
        score = np.mean(
            [coarsening._fitted(at_groups, weights, means / np.exp(at_groups @ one)) - told
             for one, told in zip(log_sds, scores, strict=True)],
            axis=0,
        )  # fmt: skip
        return np.asarray(more * np.concatenate([*found, score / coarsening.MEAN_NOISE]))

    return residuals


class _Search:
    """A search for the scores that fit best, and are as the others let expect."""

    def __init__(
        self,
        given: ModelInput,
        unknown: np.ndarray,
        mean: np.ndarray,
        precision: np.ndarray,
        residuals: Residuals,
    ) -> None:
        self.given, self.unknown = given, unknown
        self.mean, self.root = mean, np.linalg.cholesky(precision).T
        self.residuals = residuals
        self.known: dict[tuple[float, ...], float] = {}

    def at(self, guesses: np.ndarray) -> np.ndarray:
        """Return all residuals of guesses, those from the prediction last."""
        scores = np.tile(self.given.score, (len(guesses), 1))
        scores[:, self.unknown] = guesses
        fit = np.array([self.residuals(one) for one in likelihoods(self.given, scores)])
        return np.hstack([fit, (guesses - self.mean) @ self.root.T])

    def costs(self, guesses: np.ndarray) -> np.ndarray:
        """Return the misfit of whole numbers; without the prediction where that is no part."""
        rows = [tuple(one) for one in np.clip(np.rint(guesses), LOW, HIGH)]
        new = [one for one in dict.fromkeys(rows) if one not in self.known]
        if new:
            found = self.at(np.array(new))
            if self.root[0, 0] < 0.01:
                found = found[:, : -len(self.mean)]
            self.known |= zip(new, (found**2).sum(axis=1).tolist(), strict=True)
        return np.array([self.known[one] for one in rows])

    def least_squares(self, starts: np.ndarray) -> np.ndarray:
        """Return real numbers that fit well, from the best of some starts."""
        here: np.ndarray = np.clip(starts[np.argmin(self.costs(starts))], LOW, HIGH)
        found = self.at(here[None])[0]
        for _ in range(25):
            step = 0.02
            slope = (self.at(here + step * np.eye(len(here))) - found).T / step
            square = slope.T @ slope
            damped = [
                square + much * np.diag(np.diag(square)) + 1e-9 * np.eye(len(here))
                for much in (1e-6, 1e-4, 1e-2, 1.0)
            ]
            moved = [here - np.linalg.solve(one, slope.T @ found) for one in damped]
            tried = np.clip(moved, LOW, HIGH)
            there = self.at(tried)
            best = np.argmin((there**2).sum(axis=1))
            self.costs(tried)
            if (there[best] ** 2).sum() >= 0.999 * (found**2).sum():
                break
            here, found = tried[best], there[best]
        return here

    def whole_numbers(self, guess: np.ndarray, until: float) -> np.ndarray:
        """Return whole numbers that no change of one or two of them by 1 makes fit better."""
        one = np.eye(len(guess))
        pairs = [(i, j) for i in range(len(guess)) for j in range(i)]
        steps = np.array(
            [sign * each for each in one for sign in (1, -1)]
            + [a * one[i] + b * one[j] for i, j in pairs for a in (1, -1) for b in (1, -1)]
        )
        here = np.clip(np.rint(guess), LOW, HIGH)
        cost = self.costs(here[None])[0]
        while cost > SAME and time.process_time() < until:
            tried = np.clip(here + steps, LOW, HIGH)
            costs = self.costs(tried)
            best = np.argmin(costs)
            if costs[best] >= cost:
                break
            here, cost = tried[best], costs[best]
        return here
