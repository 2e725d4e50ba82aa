"""What an analysis is: contrasts with their verdicts, and what was looked at beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, overload

import numpy as np

from nof1.inference.fits import (
    CovariateChange,
    Fit,
    LikelihoodFit,
    NotRun,
    NutsFit,
    PairedFit,
    PopulationFit,
    PosteriorFit,
    QuadratureFit,
    RandomisationFit,
    RemlFit,
)
from nof1.inference.score_account import Account
from nof1.inference.summaries import Estimate, Summary
from nof1.words.caution import Caution, sentences

VerdictCode = Literal[
    "helps-meaningfully",
    "helps-perhaps-too-little",
    "no-meaningful-difference",
    "makes-worse",
    "cannot-tell",
]

#: SDs from 0 beyond which a drift is far: of two in a hundred drifts drawn from the prior.
FAR = 2.33
#: Why a claim that the probabilities would bear was not made.
Because = Literal["one-arm", "one-switch", "one-cycle", "drift", "slow-effect", "not-computed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The protocol's rule applied to the primary Bayesian answer.

    Attributes
    ----------
    code : str
        One of the five verdicts.
    further_cycles : int or None
        For ``cannot-tell``: about how many more cycles like these would give a verdict; None when
        more than 20 would be needed, or the verdict is another.
    because : str or None
        What kept a claim from being made, or made it a weaker one; None where nothing did.
    reason : Caution or None
        The same, for a clause to the reader.
    """

    code: VerdictCode
    further_cycles: int | None = None
    because: Because | None = None
    reason: Caution | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftCheck:
    """The drift against its prior, and one contrast under a prior that makes room for it.

    Attributes
    ----------
    prior_sd, wide_sd : float
        SD of the plan's prior of the drift over the whole trial and of the wide one, in points;
        the first is 0 where the plan has no trend.
    mean, sd : float
        Of the drift under the wide prior, in points.
    answer : PosteriorFit or None
        The contrast under the wide prior; None where the drift fits the plan's.
    """

    prior_sd: float
    wide_sd: float
    mean: float
    sd: float
    answer: PosteriorFit | None = None

    @property
    def distance(self) -> float:
        """Return how far the drift lies from what its prior foretells, in SDs of that."""
        return self.mean / float(np.hypot(self.prior_sd, self.sd))

    @property
    def conflict(self) -> bool:
        """Return whether drift and prior contradict each other."""
        return abs(self.distance) > FAR


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmSummary:
    """Scores on one arm, described and not judged."""

    arm: str
    n: int
    mean: float | None
    sd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainDifference:
    """The difference of plain means and Welch's t on scores, which no verdict is made from.

    Attributes
    ----------
    difference : float or None
        In points; None where an arm has fewer than two scores.
    welch_t, welch_df, welch_p : float or None
        None where no score differs from another of its arm.
    """

    difference: float | None = None
    welch_t: float | None = None
    welch_df: float | None = None
    welch_p: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One active arm against the comparator (or another active arm), by every engine.

    Attributes
    ----------
    active, comparator : str
        Arm ids.
    engines : mapping of str to Fit or NotRun
        In the order in which they are shown.
    verdict : Verdict
        From `answer`.
    drift : DriftCheck or None
        Whether the drift fits its prior, and if not, the contrast with room for it; None without
        a posterior.
    """

    active: str
    comparator: str
    engines: Mapping[str, Fit | NotRun]
    verdict: Verdict
    drift: DriftCheck | None = None

    @overload
    def fit(self, engine: Literal["randomisation"]) -> RandomisationFit | None: ...
    @overload
    def fit(self, engine: Literal["paired"]) -> PairedFit | None: ...
    @overload
    def fit(self, engine: Literal["reml"]) -> RemlFit | None: ...
    @overload
    def fit(self, engine: Literal["quadrature"]) -> QuadratureFit | None: ...
    @overload
    def fit(self, engine: Literal["likelihood"]) -> LikelihoodFit | None: ...
    @overload
    def fit(self, engine: Literal["nuts"]) -> NutsFit | None: ...
    @overload
    def fit(self, engine: Literal["population"]) -> PopulationFit | None: ...
    @overload
    def fit(self, engine: str) -> Fit | None: ...
    def fit(self, engine: str) -> Fit | None:
        """Return the fit of an engine, or None if it did not run or was not asked for."""
        fit = self.engines.get(engine)
        return None if isinstance(fit, NotRun) else fit

    @property
    def alone(self) -> Mapping[str, Fit | NotRun]:
        """Return the engines that rest on this person's scores and no earlier person's."""
        return {name: fit for name, fit in self.engines.items() if name != "population"}

    @property
    def covariates(
        self,
    ) -> Mapping[str, tuple[CovariateChange[Estimate] | CovariateChange[Summary], ...]]:
        """Return what goes with the covariates adjusted for, by engine; nothing without any."""
        return {
            name: tuple(fit.covariates.values())
            for name, fit in self.engines.items()
            if isinstance(fit, PosteriorFit | RemlFit) and fit.covariates
        }

    @property
    def answer(self) -> PosteriorFit | None:
        """Return the posterior the verdict rests on, or None without one."""
        return answering(self.engines)


def answering(engines: Mapping[str, Fit | NotRun]) -> PosteriorFit | None:
    """Return the posterior a verdict rests on, or None without one.

    Under another likelihood where there is one, else the exact one, else the sampled one; never
    one that earlier persons have a share in, since error rates were measured without them.
    """
    order = ("likelihood", "quadrature", "nuts")
    fits = (engines.get(name) for name in order)
    return next((fit for fit in fits if isinstance(fit, PosteriorFit)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """A score far from what the scores before it foretell.

    Attributes
    ----------
    day : int
        Study day.
    score : float
        Points.
    sds : float
        Distance from what was foretold, in robust SDs.
    """

    day: int
    score: float
    sds: float


#: Log Bayes factor beyond which the scores ask for another likelihood than the Gaussian.
LOG_BAYES_FACTOR = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """How much scores scatter around their expectation, arm by arm.

    Attributes
    ----------
    sds : mapping of str to float
        SD by arm, in points; of arms with scores.
    log_bayes_factor : float
        In favour of an SD for each arm against one for all.
    """

    sds: Mapping[str, float]
    log_bayes_factor: float

    @property
    def unequal(self) -> bool:
        """Return whether an SD for each arm explains the scores better."""
        return self.log_bayes_factor > LOG_BAYES_FACTOR


#: p-value below which neighbouring scores are said to move against each other.
AGAINST = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """How neighbouring residuals go together.

    Attributes
    ----------
    correlation, expected : float
        Found, and what independent scores would give on average.
    p_negative : float
        p-value against independent scores, for a negative correlation.
    too_wide : float or None
        Times by which an interval is too wide (below 1, too narrow) that takes such a correlation
        as none; None where no score speaks of an arm alone.
    """

    correlation: float
    expected: float
    p_negative: float
    too_wide: float | None

    @property
    def against(self) -> bool:
        """Return whether neighbouring scores move against each other."""
        return self.p_negative < AGAINST


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """One outcome of one person, by every engine.

    Attributes
    ----------
    person, outcome, title, unit, better : str
        As in the data.
    mcid : float or None
        In points.
    low, high : float
        Ends of the scale.
    n_scores, n_missing, n_periods, n_cycles : int
        Scores used, planned scores missing, periods and cycles with scores.
    arm_summaries : tuple of ArmSummary
        The comparator first.
    descriptive : PlainDifference
        Of the arms of the primary contrast; no valid test.
    contrasts : tuple of Contrast
        The primary contrast first.
    account : Account
        Every row and every expected day, by what became of it.
    outliers : tuple of Outlier
        Scores far from what the scores before them foretell; looked for by the exact posterior.
    scatter : Scatter or None
        How much scores scatter by arm; None where that was not looked at.
    neighbours : Neighbours or None
        How neighbouring scores go together; None where there are too few.
    cautions : tuple of Caution
        What the reader must know.
    scale_doubt : Caution or None
        The first of them, when it says that an end of the scale rests on one score alone.
    """

    person: str
    outcome: str
    title: str
    unit: str
    better: Literal["lower", "higher"]
    mcid: float | None
    low: float
    high: float
    n_scores: int
    n_missing: int
    n_periods: int
    n_cycles: int
    arm_summaries: tuple[ArmSummary, ...]
    descriptive: PlainDifference
    contrasts: tuple[Contrast, ...]
    account: Account
    outliers: tuple[Outlier, ...] = ()
    scatter: Scatter | None = None
    neighbours: Neighbours | None = None
    cautions: tuple[Caution, ...] = ()
    scale_doubt: Caution | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what the reader must know, in sentences."""
        return sentences(self.cautions)

    @property
    def primary(self) -> Contrast:
        """Return the contrast the verdict speaks of."""
        return self.contrasts[0]
