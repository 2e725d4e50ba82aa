"""What each kind of engine gives back: one frozen class a kind, or why there is no answer.

A frequentist engine gives an estimate with a test and an interval, a Bayesian one a distribution of
the effect with chances. Both have ``estimate``, ``ci_low``, ``ci_high`` and ``level``, in points,
active minus comparator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from nof1.inference.summaries import Chances, Estimate, JudgedEffect, Summary
from nof1.words.caution import Caution

FloatArray = NDArray[np.float64]
Estimand = Literal["steady-state", "as-scheduled"]

#: p-value below which a test says something; one that cannot go below it is warned of.
NOTABLE_P = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRun:
    """An engine that could not answer.

    Attributes
    ----------
    engine : str
        Its name.
    why : str
        Why, in one sentence.
    sampler_could : bool
        Sampling would give its answer, in minutes.
    """

    engine: str
    why: str
    sampler_could: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CovariateChange[Figures: Estimate | Summary]:
    """What goes with one unit more of a covariate, all else equal.

    Attributes
    ----------
    title, unit : str
        Of the covariate.
    change : Estimate or Summary
        Of the score in points, by REML or as a posterior.
    """

    title: str
    unit: str
    change: Figures

    @property
    def estimate(self) -> float:
        """Return the estimate, or the posterior mean."""
        return self.change.estimate if isinstance(self.change, Estimate) else self.change.mean


# --- Frequentist engines -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequentistFit:
    """An estimate with its test and interval.

    Attributes
    ----------
    engine : str
        Name of the engine.
    estimand : {"steady-state", "as-scheduled"}
        What the figures speak of.
    estimate : float
        In points.
    p_value : float
        Two-sided.
    ci_low, ci_high, level : float
        Interval in points, and the level it has.
    """

    engine: ClassVar[str]
    estimand: Estimand = "as-scheduled"
    estimate: float
    p_value: float
    ci_low: float
    ci_high: float
    level: float

    @property
    def scheduled(self) -> Summary | None:
        """Return None: an estimate as scheduled is the answer itself here."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledMeans:
    """The test of phases by the mean of all scores of an arm, beside that of phase means."""

    estimate: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomisationFit(FrequentistFit):
    """The randomisation test.

    Attributes
    ----------
    min_p_value : float
        The least that this test can give.
    statistic : str
        ``difference``, ``studentised`` or ``mean-of-phase-means``.
    allocations : int
        Sequences that could have been drawn.
    exact : bool
        Whether all of them were looked at.
    monte_carlo_se : float
        Standard error of the p-value where a sample was; 0 where all were.
    pooled_means : PooledMeans or None
        The other statistic, of phases alone.
    """

    engine: ClassVar[str] = "randomisation"
    min_p_value: float
    statistic: str
    allocations: int
    exact: bool
    monte_carlo_se: float
    pooled_means: PooledMeans | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedFit(FrequentistFit):
    """The paired t-test.

    Attributes
    ----------
    se, df : float
        Standard error in points, and degrees of freedom.
    differences : tuple of float
        Cycle by cycle, in points.
    """

    engine: ClassVar[str] = "paired"
    se: float
    df: float
    differences: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemlFit(FrequentistFit):
    """AR(1) with period effects by REML.

    Attributes
    ----------
    se, df : float
        Standard error in points, and Satterthwaite's degrees of freedom.
    phi : float
        Correlation of neighbouring scores at the usual spacing.
    sigma, sigma_period : float
        SD of a score and of period shifts, in points.
    covariates : mapping of str to CovariateChange
        Those adjusted for, by id.
    sigma_by_arm : mapping of str to float
        SD of a score on each arm, where each has its own; else empty.
    """

    engine: ClassVar[str] = "reml"
    se: float
    df: float
    phi: float
    sigma: float
    sigma_period: float
    covariates: Mapping[str, CovariateChange[Estimate]] = field(default_factory=dict)
    sigma_by_arm: Mapping[str, float] = field(default_factory=dict)


# --- Bayesian engines ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BayesianFit:
    """A posterior of the steady-state effect.

    Attributes
    ----------
    engine : str
        Name of the engine.
    effect : Summary
        In points.
    chances : Chances
        Of that effect.
    density : pair of float arrays, or None
        Points and posterior density of the effect, for figures.
    """

    engine: ClassVar[str]
    estimand: ClassVar[Estimand] = "steady-state"
    effect: Summary
    chances: Chances
    density: tuple[FloatArray, FloatArray] | None = field(default=None, compare=False)

    @property
    def estimate(self) -> float:
        """Return the posterior mean of the effect."""
        return self.effect.mean

    @property
    def ci_low(self) -> float:
        """Return the lower end of the interval."""
        return self.effect.ci_low

    @property
    def ci_high(self) -> float:
        """Return the upper end of the interval."""
        return self.effect.ci_high

    @property
    def level(self) -> float:
        """Return the probability that every interval of this answer holds."""
        return self.effect.level

    @property
    def scheduled(self) -> Summary | None:
        """Return the difference as scheduled, None where it is not part of the answer."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PosteriorFit(BayesianFit):
    """A posterior of the whole model of one person's scores.

    Attributes
    ----------
    as_scheduled : Summary or None
        The difference as scheduled in points; None where no score speaks of it.
    why_not_scheduled : str
        Why not, in one sentence; empty where it is there.
    half_life, half_life_rise : Summary, Summary or None
        In days; of the fall alone where the rise has one of its own, which is None otherwise.
    phi : Summary
        Correlation of neighbouring scores at the usual spacing.
    sigma, sigma_period : Summary
        SD of a score and of period shifts, in points.
    trend : Summary or None
        Change over the whole trial in points; None without a trend in the plan.
    covariates : mapping of str to CovariateChange
        Those adjusted for, by id.
    """

    as_scheduled: Summary | None
    why_not_scheduled: str = ""
    half_life: Summary
    half_life_rise: Summary | None = None
    phi: Summary
    sigma: Summary
    sigma_period: Summary
    trend: Summary | None = None
    covariates: Mapping[str, CovariateChange[Summary]] = field(default_factory=dict)

    @property
    def scheduled(self) -> Summary | None:
        """Return the difference as scheduled, None where no score speaks of it."""
        return self.as_scheduled


@dataclass(frozen=True, slots=True, kw_only=True)
class QuadratureFit(PosteriorFit):
    """The exact posterior.

    Attributes
    ----------
    log_evidence : float
        Log marginal likelihood of the scores.
    error : float
        How far mean and interval ends have moved between the two finest grids, at most, in points.
    """

    engine: ClassVar[str] = "quadrature"
    log_evidence: float
    error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How well a sampler did.

    Attributes
    ----------
    rhat : float
        The largest.
    ess : float
        The least number of effective draws.
    divergences, draws : int
        Divergent steps, and draws of all chains.
    sampler : str
        Which.
    """

    rhat: float
    ess: float
    divergences: int
    draws: int
    sampler: str

    @property
    def mixed(self) -> bool:
        """Return whether the chains mixed well enough to be relied on."""
        return self.rhat <= 1.01 and self.ess >= 400


@dataclass(frozen=True, slots=True, kw_only=True)
class NutsFit(PosteriorFit):
    """The sampled posterior, with how well it was sampled and the seed."""

    engine: ClassVar[str] = "nuts"
    sampling: Sampling
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodFit(PosteriorFit):
    """The posterior under another likelihood than the Gaussian.

    Attributes
    ----------
    likelihood : str
        ``bounded``, ``student-t``, ``by-arm`` or ``ordinal``.
    by : {"reweighting", "imputation", "nuts"}
        How it was computed.
    reason : Caution
        Why this likelihood, for a clause.
    k_hat : float or None
        Pareto diagnostic of the weights; None where nothing was weighted.
    ess : float
        Effective draws.
    log_evidence : float or None
        Log marginal likelihood of the scores; None where it was sampled.
    sampling : Sampling or None
        How the sampler did; None where draws were weighted.
    sigma_by_arm : mapping of str to Summary
        SD of a score on each arm in points, where each has its own; else empty.
    latent : Summary or None
        The effect on the latent scale of graded answers.
    heavy_tails : Summary or None
        The effect with heavy tails instead, where that was worked out beside.
    """

    engine: ClassVar[str] = "likelihood"
    likelihood: str
    by: Literal["reweighting", "imputation", "nuts"]
    reason: Caution
    k_hat: float | None
    ess: float
    log_evidence: float | None = None
    sampling: Sampling | None = None
    sigma_by_arm: Mapping[str, Summary] = field(default_factory=dict)
    latent: Summary | None = None
    heavy_tails: Summary | None = None


#: SDs of the difference between own answer and prior beyond which the person may be unlike others.
UNLIKE_SDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierPersons(JudgedEffect):
    """What earlier persons tell of the effect in one more person like them."""

    n_persons: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationFit(BayesianFit):
    """What earlier persons and this one tell together.

    Attributes
    ----------
    prior : EarlierPersons
        What earlier persons tell.
    own : JudgedEffect
        What this person's scores tell under the default prior.
    """

    engine: ClassVar[str] = "population"
    prior: EarlierPersons
    own: JudgedEffect

    @property
    def unlike(self) -> bool:
        """Return whether the own answer lies far from what earlier persons tell."""
        own, prior = self.own.effect, self.prior.effect
        spread = float(np.hypot(own.sd, prior.sd))
        return bool(abs(own.mean - prior.mean) > UNLIKE_SDS * spread)


#: The finished result of one engine for one contrast.
Fit = FrequentistFit | BayesianFit
