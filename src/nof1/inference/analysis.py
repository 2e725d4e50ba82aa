"""Every engine side by side on one outcome of one person, and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from nof1.errors import Fault, ScoresError
from nof1.inference.answering import Answer, BeforeSampling, answer
from nof1.inference.cautions import cautions, on_mornings, on_neighbours, on_scatter
from nof1.inference.checks.holding import conclude
from nof1.inference.checks.mornings import evidence_of_the_day_before
from nof1.inference.checks.neighbours import compare_neighbours
from nof1.inference.checks.variants import Again
from nof1.inference.exact import earlier_persons, quadrature
from nof1.inference.fits import Fit, LikelihoodFit, NotRun
from nof1.inference.frequentist import paired, reml
from nof1.inference.likelihoods.choosing import Choice, choose
from nof1.inference.period_means import cycle_differences, period_means
from nof1.inference.randomisation import randomisation_test
from nof1.inference.result import (
    Analysis,
    ArmSummary,
    Contrast,
    PlainDifference,
    Verdict,
    answering,
)
from nof1.inference.score_account import account
from nof1.model.model_input import ModelInput, model_input
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.trial.data import Series, TrialData
from nof1.words.caution import sentence

FloatArray = NDArray[np.float64]

#: In the order in which they are shown.
ENGINES = ("randomisation", "paired", "reml", "quadrature", "nuts")
#: All but the one that takes minutes on a slow computer.
DEFAULT_ENGINES = ENGINES[:-1]


def analyse(
    data: TrialData,
    series: Series,
    plan: AnalysisPlan,
    decision: Decision,
    *,
    engines: Sequence[str] = DEFAULT_ENGINES,
    before_sampling: BeforeSampling | None = None,
    progress: bool = False,
) -> Analysis:
    """Return the answers of all engines for every contrast of one outcome.

    Parameters
    ----------
    data : TrialData
        One person's trial, with arms.
    series : Series
        The outcome.
    plan, decision
        As promised in the protocol, or chosen for a table from elsewhere.
    engines : sequence of str
        Names from `ENGINES`; ``quadrature`` brings ``likelihood`` where the scores or the plan
        ask for another than the Gaussian, and ``population`` where the plan has the prior that
        earlier persons left.
    before_sampling : callable or None
        Told why before that likelihood is sampled, which takes minutes; None not to sample it.
    progress : bool
        Show the sampler's progress on standard error.

    Raises
    ------
    ScoresError
        If there is no score to analyse.
    """
    inputs = model_input(data, series, plan)
    if inputs.n == 0:
        raise ScoresError(
            Fault(
                f"{data.masked.person}, {series.outcome}",
                "no score lies in a period that is analysed",
                "Without one there is nothing to analyse; let fewer days be dropped if that is "
                "what leaves them out.",
            )
        )
    wanted = [engine for engine in ENGINES if engine in engines]
    exact = None
    if "quadrature" in wanted:
        solution = quadrature.solve(inputs)
        choice = choose(inputs, solution.finest)
        other = answer(
            inputs, solution.finest, choice, before_sampling=before_sampling, progress=progress
        )
        exact = _Exact(outcome=series.outcome, solution=solution, choice=choice, other=other)
    pairs = contrasts_of(data)
    rests_on = "gaussian" if exact is None else exact.likelihood
    again = Again(inputs=inputs, likelihood=rests_on)
    contrasts = tuple(
        _contrast(
            inputs, data, active, comparator, decision, wanted, exact, again, progress=progress
        )
        for active, comparator in pairs
    )
    active, comparator = pairs[0]
    accounted = account(data, series, plan)
    outliers = () if exact is None else exact.choice.outliers
    scatter = None if exact is None else exact.choice.scatter
    neighbours = compare_neighbours(inputs, active, comparator)
    delayed = None if exact is None else evidence_of_the_day_before(inputs)
    return Analysis(
        person=data.masked.person,
        outcome=series.outcome,
        title=series.title,
        unit=series.unit,
        better=series.scale.better,
        mcid=series.mcid,
        low=series.scale.low,
        high=series.scale.high,
        n_scores=inputs.n,
        n_missing=inputs.n_missing,
        n_periods=int(np.isfinite(period_means(inputs)).sum()),
        n_cycles=len(cycle_differences(inputs, active, comparator)),
        arm_summaries=tuple(_describe(inputs, arm) for arm in range(len(inputs.arms))),
        descriptive=_plain_difference(inputs, active, comparator),
        contrasts=contrasts,
        account=accounted,
        outliers=outliers,
        scatter=scatter,
        neighbours=neighbours,
        cautions=(
            *([series.scale_doubt] if series.scale_doubt else []),
            *cautions(inputs, data, accounted, contrasts[0], outliers),
            *on_scatter(scatter, contrasts[0]),
            *on_neighbours(neighbours),
            *on_mornings(delayed),
        ),
        scale_doubt=series.scale_doubt,
    )


def contrasts_of(data: TrialData) -> list[tuple[int, int]]:
    """Return (active, comparator) of every contrast reported: against the comparator first."""
    actives = sorted(data.reported) or list(range(1, len(data.arms)))
    against_comparator = [(arm, 0) for arm in actives]
    return against_comparator + [(b, a) for a, b in combinations(actives, 2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exact:
    """The exact posterior of one outcome, and that under another likelihood, if any."""

    outcome: str
    solution: quadrature.Solution
    choice: Choice
    other: Answer | None

    @property
    def likelihood(self) -> str:
        """Return the likelihood the verdict rests on."""
        if self.other is None or self.other.why_not:
            return "gaussian"
        return self.other.choice.likelihood

    def fits(self, active: int, comparator: int) -> dict[str, Fit | NotRun]:
        """Return one contrast of each, and what earlier persons add to it."""
        engines: dict[str, Fit | NotRun] = {
            "quadrature": quadrature.drawable(self.solution, active, comparator)
        }
        if self.other is not None:
            engines["likelihood"] = self.other.fit(active, comparator)
        inputs = self.solution.finest.inputs
        prior, arms = inputs.plan.population_prior, inputs.arms
        if prior is not None and prior.speaks_of(self.outcome, arms[active], arms[comparator]):
            engines["population"] = earlier_persons.fit(
                self.solution.finest, prior, active, comparator
            )
        return engines


def _contrast(
    inputs: ModelInput,
    data: TrialData,
    active: int,
    comparator: int,
    decision: Decision,
    engines: Sequence[str],
    exact: _Exact | None,
    again: Again,
    *,
    progress: bool,
) -> Contrast:
    def by_nuts() -> Fit | NotRun:
        from nof1.inference.sampled import nuts

        return nuts.fit(inputs, active, comparator, progress=progress)

    unspoken = inputs.unspoken(active, comparator)
    # Where scores scatter unequally for the answer, they do so for REML.
    likelihood = inputs.plan.likelihood if exact is None else exact.likelihood
    plan = inputs.plan.model_copy(update={"likelihood": likelihood})
    as_answered = replace(inputs, plan=plan)
    run: dict[str, Callable[[], Fit | NotRun]] = {
        "randomisation": lambda: randomisation_test.fit(
            inputs, active, comparator, data.allocation_set
        ),
        "paired": lambda: paired.fit(inputs, active, comparator),
        "reml": lambda: reml.fit(as_answered, active, comparator),
        "nuts": by_nuts,
    }
    results: dict[str, Fit | NotRun] = {}
    for engine in engines:
        if unspoken is not None:
            results[engine] = NotRun(engine=engine, why=sentence(unspoken))
        elif engine == "quadrature" and exact is not None:
            results |= exact.fits(active, comparator)
        else:
            results[engine] = run[engine]()
    fit = answering(results)
    drift = None if fit is None else again.drift(active, comparator)
    return Contrast(
        active=inputs.arms[active],
        comparator=inputs.arms[comparator],
        engines=results,
        verdict=(
            Verdict(code="cannot-tell")
            if fit is None or drift is None
            else conclude(
                again,
                fit,
                drift,
                active,
                comparator,
                decision,
                unanswered=isinstance(results.get(LikelihoodFit.engine), NotRun),
            )
        ),
        drift=drift,
    )


def _describe(inputs: ModelInput, arm: int) -> ArmSummary:
    scores = inputs.score[inputs.arm == arm]
    return ArmSummary(
        arm=inputs.arms[arm],
        n=len(scores),
        mean=float(scores.mean()) if len(scores) else None,
        sd=float(scores.std(ddof=1)) if len(scores) > 1 else None,
    )


def _plain_difference(inputs: ModelInput, active: int, comparator: int) -> PlainDifference:
    """Return the difference of plain means and Welch's t, which no verdict is made from."""
    on, off = (inputs.score[inputs.arm == arm] for arm in (active, comparator))
    if min(len(on), len(off)) < 2:
        return PlainDifference()
    difference = float(on.mean() - off.mean())
    parts = [float(scores.var(ddof=1)) / len(scores) for scores in (on, off)]
    if not sum(parts):
        return PlainDifference(difference=difference)
    t = difference / sum(parts) ** 0.5
    df = sum(parts) ** 2 / sum(
        part**2 / (len(scores) - 1) for part, scores in zip(parts, (on, off), strict=True)
    )
    return PlainDifference(
        difference=difference, welch_t=t, welch_df=df, welch_p=float(2 * stdtr(df, -abs(t)))
    )
