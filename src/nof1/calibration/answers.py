"""What each method says of simulated trials, as arrays over people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from nof1.calibration.truths import Alike
from nof1.inference.checks.drift import check_drift, with_wide_drift
from nof1.inference.checks.holding import by_design, by_drift, by_slowness
from nof1.inference.checks.slowness import with_slow_effect
from nof1.inference.exact import quadrature
from nof1.inference.exact.mixture import Mixture
from nof1.inference.exact.posterior import Posterior
from nof1.inference.fits import FrequentistFit, NotRun
from nof1.inference.frequentist import paired, reml
from nof1.inference.frequentist.t_interval import Estimates
from nof1.inference.randomisation import randomisation_test
from nof1.inference.result import Verdict, VerdictCode
from nof1.inference.summaries import Chances
from nof1.inference.verdict import chances_of, decide
from nof1.model.model_input import ModelInput
from nof1.protocol.tables import Decision

FloatArray = NDArray[np.float64]

#: The rule that ships.
DECISION = Decision()
#: Two-sided level below which a test rejects.
ALPHA = 0.05
#: Priors of `by_wider`, by their names in a protocol: of the effect's size, as a share of the
#: scale's range, and of its half-life.
WIDER = MappingProxyType({"effect_sd": 0.2, "half_life_median_days": 10.0})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One method's answers; NaN where it did not run.

    Attributes
    ----------
    estimate, low, high, level : array, shape (m,)
        Estimate and interval in points, and the level the interval claims.
    rejected : bool array, shape (m,)
        The method finds a difference: p at most 0.05, or no zero in the interval.
    verdicts : tuple of str
        Of a method that gives verdicts; else empty.
    """

    estimate: FloatArray
    low: FloatArray
    high: FloatArray
    level: FloatArray
    rejected: NDArray[np.bool_]
    verdicts: tuple[str, ...] = ()


def _from_fits(fits: Iterable[FrequentistFit | NotRun]) -> Answers:
    """Return the answers of a test engine."""
    rows = [
        [np.nan] * 5
        if isinstance(fit, NotRun)
        else [fit.estimate, fit.ci_low, fit.ci_high, fit.level, fit.p_value]
        for fit in fits
    ]
    estimate, low, high, level, p = np.array(rows, dtype=float).T
    # The tolerance is for p-values that are counts: 0.05 itself rejects.
    return Answers(estimate=estimate, low=low, high=high, level=level, rejected=p <= ALPHA + 1e-12)


def by_quadrature(people: Alike) -> Answers:
    """Return the exact posterior of the steady-state effect, and the verdict."""
    return _posteriors(people.givens)


def by_wider(people: Alike) -> Answers:
    """Return the exact posterior under wider priors of effect and half-life than the default."""
    plan = people.givens[0].plan
    priors = plan.priors.model_copy(update=WIDER)
    wider = plan.model_copy(update={"priors": priors})
    return _posteriors([replace(inputs, plan=wider) for inputs in people.givens])


def _posteriors(givens: Sequence[ModelInput]) -> Answers:
    effects = [solution.finest.effect(1, 0) for solution in quadrature.solve_many(givens)]
    levels = [inputs.plan.ci_level for inputs in givens]
    low, high = np.array([e.interval(level) for e, level in zip(effects, levels, strict=True)]).T
    return Answers(
        estimate=np.array([effect.mean for effect in effects]),
        low=low,
        high=high,
        level=np.array(levels),
        rejected=(low > 0) | (high < 0),
        verdicts=_verdicts(givens, effects),
    )


def _verdicts(givens: Sequence[ModelInput], effects: Sequence[Mixture]) -> tuple[str, ...]:
    """Return the verdicts as an analysis gives them, with what holds them back, of all at once.

    `inference.checks.holding.conclude` does it for one person. Here each check is asked only of
    those whose claim it could take back; scores are normal, so that none asks for another
    likelihood.
    """
    codes: list[VerdictCode] = [
        decide(_chances(inputs, effect), DECISION).code
        for inputs, effect in zip(givens, effects, strict=True)
    ]

    def hold(again: Callable[[ModelInput], ModelInput], held: _Held, of: Sequence[int]) -> None:
        """Take back what does not hold of some people under other assumptions."""
        solved = quadrature.solve_many([again(givens[i]) for i in of])
        for i, solution in zip(of, solved, strict=True):
            verdict = held(codes[i], givens[i], solution.finest)
            codes[i] = codes[i] if verdict is None else verdict.code

    trivial = [i for i, code in enumerate(codes) if code == "no-meaningful-difference"]
    hold(with_slow_effect, _if_slow, trivial)
    # What is no claim is none with room for a drift either.
    hold(with_wide_drift, _with_room, [i for i, code in enumerate(codes) if code != "cannot-tell"])
    return tuple(
        code if by_design(inputs, 1, 0) is None else "cannot-tell"
        for code, inputs in zip(codes, givens, strict=True)
    )


_Held = Callable[[VerdictCode, ModelInput, Posterior], Verdict | None]


def _if_slow(code: VerdictCode, inputs: ModelInput, slow: Posterior) -> Verdict | None:
    return by_slowness(code, inputs, lambda: _chances(inputs, slow.effect(1, 0)), DECISION)


def _with_room(code: VerdictCode, inputs: ModelInput, wide: Posterior) -> Verdict | None:
    drift = check_drift(inputs, wide)
    room = _chances(inputs, wide.effect(1, 0)) if drift.conflict else None
    return by_drift(code, drift, room, DECISION)


def _chances(inputs: ModelInput, effect: Mixture) -> Chances:
    return chances_of(effect.cdf, inputs.better, inputs.mcid)


def by_randomisation(people: Alike) -> Answers:
    """Return the randomisation test over the set the sequence was drawn from."""
    return _from_fits(
        randomisation_test.fit(inputs, 1, 0, people.allocation_set) for inputs in people.givens
    )


def by_paired(people: Alike) -> Answers:
    """Return the paired t-test on cycle differences."""
    fit = paired.fit_many(_scores(people), people.givens[0], 1, 0)
    return _nothing(people) if isinstance(fit, NotRun) else _from_batch(fit.tests)


def by_reml(people: Alike) -> Answers:
    """Return AR(1) with period effects by REML."""
    return _by_reml(people, people.givens[0])


def by_ar1(people: Alike) -> Answers:
    """Return what others do: AR(1) without period effects, by REML and at its most careful.

    Satterthwaite's degrees of freedom are kinder to it than the usual n - p.
    """
    plan = people.givens[0].plan.model_copy(update={"period_effects": "none"})
    return _by_reml(people, replace(people.givens[0], plan=plan))


def _by_reml(people: Alike, design: ModelInput) -> Answers:
    if reml.why_not(design, reml.regressors(design, 0.0)) is not None:
        return _nothing(people)
    return _from_batch(reml.fit_many(_scores(people), design, 1, 0).tests)


def _scores(people: Alike) -> FloatArray:
    return np.array([inputs.score for inputs in people.givens])


def _nothing(people: Alike) -> Answers:
    """Return the answers of a method that these scores do not allow."""
    nan = np.full(len(people.givens), np.nan)
    return Answers(estimate=nan, low=nan, high=nan, level=nan, rejected=np.isfinite(nan))


def _from_batch(tests: Estimates) -> Answers:
    """Return the answers of a test engine to all people at once."""
    return Answers(
        estimate=tests.estimate,
        low=tests.ci_low,
        high=tests.ci_high,
        level=tests.level,
        rejected=tests.p_value <= ALPHA,
    )


def by_days(people: Alike) -> Answers:
    """Return what others do: Student's t on all scores, as if they were independent."""
    inputs = people.givens[0]
    scores = _scores(people)
    on, off = scores[:, inputs.arm == 1], scores[:, inputs.arm == 0]
    n_on, n_off = on.shape[1], off.shape[1]
    df = n_on + n_off - 2
    pooled = ((n_on - 1) * on.var(axis=1, ddof=1) + (n_off - 1) * off.var(axis=1, ddof=1)) / df
    se = np.sqrt(pooled * (1 / n_on + 1 / n_off))
    estimate = on.mean(axis=1) - off.mean(axis=1)
    reach = stdtrit(df, (1 + inputs.plan.ci_level) / 2) * se
    return Answers(
        estimate=estimate,
        low=estimate - reach,
        high=estimate + reach,
        level=np.full(len(se), inputs.plan.ci_level),
        rejected=2 * stdtr(df, -np.abs(estimate) / se) <= ALPHA,
    )


#: Every method by its name in the table: ours, what others use, and ours with another prior.
METHODS: Mapping[str, Callable[[Alike], Answers]] = MappingProxyType(
    {
        "quadrature": by_quadrature,
        "randomisation": by_randomisation,
        "paired": by_paired,
        "reml": by_reml,
        "ar1": by_ar1,
        "days": by_days,
        "wider": by_wider,
    }
)
