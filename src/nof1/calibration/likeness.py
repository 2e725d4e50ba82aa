"""Of all simulated situations, the one most like the trial at hand, and how like it is.

The distance is Euclidean after every quantity is divided by what counts as one step: see `STEPS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from types import MappingProxyType
from typing import Any

import numpy as np

from nof1.calibration.scenarios import PERIOD_DAYS, SCORINGS, Situation
from nof1.calibration.table import CellResult, shipped
from nof1.inference.fits import QuadratureFit
from nof1.inference.result import Analysis
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.trial.data import Series, TrialData
from nof1.words.caution import Caution, sentences

#: What counts as one step: of correlation, of period shifts in SDs of the noise, of log2(1 + days)
#: of half-life, of log2 of the number of cycles, of the share missing.
STEPS: Mapping[str, float] = MappingProxyType(
    {"phi": 0.3, "shift": 0.3, "half_life": 1.0, "cycles": 0.5, "missing": 0.3}
)
#: Steps from the nearest situation beyond which it is called unlike.
FAR = 1.0
#: Ratio beyond which period length, spacing of scores, and MCID over noise are called unlike.
UNLIKE = 1.6
#: How the quantities are called.


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """The error rates measured where trials were most like this one.

    Attributes
    ----------
    situation : Situation
        The nearest of those simulated.
    here : Situation
        The trial at hand: posterior means, cycles and share missing.
    distance : float
        In steps.
    trials : int
        Simulated trials, over all effects.
    coverage : float
        Share of them in which the 95 % interval of the steady-state effect held the truth.
    helps_meaningfully : mapping of int to float
        Share of trials so judged, by true effect in MCIDs.
    cautions : tuple of Caution
        In what this trial is unlike.
    """

    situation: Situation
    here: Situation
    distance: float
    trials: int
    coverage: float
    helps_meaningfully: Mapping[int, float]
    cautions: tuple[Caution, ...]


def likeness(
    analysis: Analysis,
    data: TrialData,
    series: Series,
    plan: AnalysisPlan,
    decision: Decision,
    rows: Sequence[CellResult] | None = None,
) -> Likeness | None:
    """Return the error rates most like an analysis; None when it has no exact posterior.

    Parameters
    ----------
    analysis : Analysis
        Finished.
    data, series, plan, decision
        What it was made from.
    rows : sequence of CellResult, or None
        The measured table; None for the one that ships.
    """
    fit = analysis.primary.fit("quadrature")
    if fit is None or not analysis.n_cycles:
        return None
    here = _situation(analysis, series, fit)
    exact = [
        row
        for row in (shipped() if rows is None else rows)
        if row.method == "quadrature" and not row.cell.situation.rounded
    ]
    comparable = {row.cell.situation for row in exact if row.cell.situation.scores == here.scores}
    nearest = min(sorted(comparable), key=lambda situation: _distance(situation, here))
    chosen = [row for row in exact if row.cell.situation == nearest]
    trials = sum(row.ran for row in chosen)
    return Likeness(
        situation=nearest,
        here=here,
        distance=_distance(nearest, here),
        trials=trials,
        coverage=sum(row.covered for row in chosen) / trials,
        helps_meaningfully={row.cell.effect: row.said("helps-meaningfully") for row in chosen},
        cautions=tuple(_cautions(here, nearest, analysis, data, series, fit, plan, decision)),
    )


def _situation(analysis: Analysis, series: Series, fit: QuadratureFit) -> Situation:
    """Return the trial at hand as a situation: posterior means for what is not known."""
    spacing = _spacing(series)
    return Situation(
        scores=min(SCORINGS, key=lambda name: abs(log2(spacing / SCORINGS[name].every_days))),
        cycles=analysis.n_cycles,
        phi=fit.phi.mean,
        shift=fit.sigma_period.mean / fit.sigma.mean,
        half_life=fit.half_life.mean,
        missing=analysis.n_missing / max(analysis.n_scores + analysis.n_missing, 1),
    )


def _spacing(series: Series) -> float:
    return float(np.median(np.diff(series.day))) if len(series.day) > 1 else 1.0


def _steps(situation: Situation, other: Situation) -> dict[str, float]:
    """Return how many steps two situations are apart in every quantity."""
    places = [
        {
            "phi": it.phi,
            "shift": it.shift,
            "half_life": log2(1.0 + it.half_life),
            "cycles": log2(it.cycles),
            "missing": it.missing,
        }
        for it in (situation, other)
    ]
    return {name: abs(places[0][name] - places[1][name]) / STEPS[name] for name in STEPS}


def _distance(situation: Situation, other: Situation) -> float:
    return float(sum(step**2 for step in _steps(situation, other).values()) ** 0.5)


def _cautions(
    here: Situation,
    nearest: Situation,
    analysis: Analysis,
    data: TrialData,
    series: Series,
    fit: QuadratureFit,
    plan: AnalysisPlan,
    decision: Decision,
) -> Iterator[Caution]:
    scoring = SCORINGS[nearest.scores]
    far = tuple(name for name, steps in _steps(here, nearest).items() if steps > FAR)
    if far:
        yield Caution.of("none-simulated-close", quantities=far)
    days = float(np.median([p.last_day - p.first_day + 1 for p in data.masked.periods]))
    if _unlike(days, PERIOD_DAYS):
        yield Caution.of("other-period-length", simulated=PERIOD_DAYS, here=days)
    if _unlike(_spacing(series), scoring.every_days):
        yield Caution.of("other-spacing", simulated=nearest.scores, here=_spacing(series))
    if len(data.arms) > 2:
        yield Caution.of("two-arms-simulated")
    if analysis.primary.answer is not fit:
        yield Caution.of("normal-simulated")
    if analysis.mcid is not None and _unlike(
        analysis.mcid / fit.sigma.mean, scoring.mcid / scoring.sigma
    ):
        yield Caution.of(
            "other-mcid",
            simulated=scoring.mcid / scoring.sigma,
            here=analysis.mcid / fit.sigma.mean,
        )
    # The verdict, whose error rates these are, does not rest on earlier persons.
    own = plan.model_copy(update={"population_prior": None})
    if (own, decision) != (AnalysisPlan(), Decision()):
        yield Caution.of("other-plan")


def _unlike(here: float, there: float) -> bool:
    return not 1.0 / UNLIKE <= here / there <= UNLIKE


def as_object(likeness: Likeness) -> dict[str, Any]:
    """Return what is quoted as JSON can carry it."""
    situation = likeness.situation
    return {
        "nearest": {
            "scores": situation.scores,
            "cycles": situation.cycles,
            "phi": situation.phi,
            "shift": situation.shift,
            "half_life": situation.half_life,
            "missing": situation.missing,
        },
        "distance": likeness.distance,
        "trials": likeness.trials,
        "coverage": likeness.coverage,
        "helps_meaningfully": {
            f"{effect} mcid": share for effect, share in sorted(likeness.helps_meaningfully.items())
        },
        "cautions": list(sentences(likeness.cautions)),
        "caution_codes": [caution.code for caution in likeness.cautions],
    }


def quote(
    analysis: Analysis, data: TrialData, series: Series, plan: AnalysisPlan, decision: Decision
) -> dict[str, Any] | None:
    """Return what an analysis quotes of the shipped table, for JSON; see `likeness`."""
    nearest = likeness(analysis, data, series, plan, decision)
    return None if nearest is None else as_object(nearest)
