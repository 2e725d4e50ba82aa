"""Finished trials for the tests of figures and reports, simulated from a known truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np

from nof1.design.schedule import make_schedule
from nof1.design.sets import allocation_set
from nof1.inference.full_analysis import results
from nof1.inference.result import Verdict, VerdictCode
from nof1.inference.summaries import JudgedEffect
from nof1.model.simulation import Truth, simulate_scores
from nof1.protocol.covariates import Covariate
from nof1.protocol.files import bundled_protocol, parse_protocol, read_protocol
from nof1.protocol.protocol import Protocol
from nof1.reports.report_input import Opening, ReportInput
from nof1.trial.blinding import BlindRecord, Guessed
from nof1.trial.comparing import Comparison, Comparisons
from nof1.trial.data import DailyCovariate, MaskedData, Series, TrialData
from nof1.trial.harms import SevereEvent
from nof1.trial.records import Adherence, Guess, SideEffect, masked_periods
from nof1.trial.verifying import arm_ids
from support.fits import changed_fit, joined
from support.population_priors import PRIOR_TEXT
from support.protocol_texts import DEFAULT

START = date(2026, 1, 5)
VERDICTS: tuple[VerdictCode, ...] = (
    "helps-meaningfully",
    "helps-perhaps-too-little",
    "no-meaningful-difference",
    "makes-worse",
    "cannot-tell",
)
#: Truths that lead to each verdict with the default protocol, as shares of the scale's range.
_EFFECTS = {
    "helps-meaningfully": (-0.22, 0.03, 2),
    "helps-perhaps-too-little": (-0.09, 0.06, 2),
    "no-meaningful-difference": (0.0, 0.02, 7),
    "makes-worse": (0.16, 0.05, 2),
    "cannot-tell": (-0.05, 0.10, 4),
}


@cache
def story(
    verdict: VerdictCode = "helps-meaningfully",
    *,
    protocol: str = "magnesium-rls",
    missing: float = 0.06,
) -> ReportInput:
    """Return a finished trial whose verdict is the one asked for.

    The scores are simulated so that the analysis leads there by itself for the default protocol;
    for another the verdict of the primary contrast is set, so that every sentence can be seen.
    """
    promised = read_protocol(bundled_protocol(protocol))
    told = finished(promised, *_EFFECTS[verdict], missing=missing)
    return told if told.primary.primary.verdict.code == verdict else with_verdict(told, verdict)


@cache
def story_with_earlier_persons() -> ReportInput:
    """Return a finished trial whose protocol carries what earlier persons tell."""
    promised = parse_protocol(DEFAULT + PRIOR_TEXT, source="my.toml")
    return finished(promised, *_EFFECTS["cannot-tell"], missing=0.06)


def with_earlier_persons(
    told: ReportInput,
    *,
    place: int = 0,
    prior: tuple[float, float] | None = None,
    n_persons: int = 40,
    **figures: float | None,
) -> ReportInput:
    """Return the story with earlier persons in one of its contrasts, some figures as given.

    Mean and SD of `prior` are the person's own where they are not given.
    """
    first, *rest = told.analyses
    contrasts = list(first.contrasts)
    own = contrasts[place].fit("quadrature")
    assert own is not None
    earlier = JudgedEffect(effect=own.effect, chances=own.chances)
    if prior is not None:
        earlier = changed_fit(earlier, mean=prior[0], sd=prior[1])
    both = changed_fit(joined(own, earlier, n_persons), **figures)
    engines = {**contrasts[place].engines, "population": both}
    contrasts[place] = replace(contrasts[place], engines=engines)
    return replace(told, analyses=(replace(first, contrasts=tuple(contrasts)), *rest))


def with_verdict(
    told: ReportInput, code: VerdictCode, *, further_cycles: int | None = None
) -> ReportInput:
    """Return the story with another verdict of its primary contrast."""
    first, *rest = told.analyses
    primary, *others = first.contrasts
    changed = replace(primary, verdict=Verdict(code=code, further_cycles=further_cycles))
    return replace(told, analyses=(replace(first, contrasts=(changed, *others)), *rest))


def _recorded(declared: Covariate, n_days: int) -> DailyCovariate:
    """Return a covariate recorded on all days but the first, by chance between its ends."""
    low, high = declared.ends
    values = np.random.default_rng(7).integers(int(low), int(high) + 1, n_days + 1)
    return DailyCovariate(
        covariate=declared.id,
        title=declared.title,
        unit=declared.unit,
        value={day: float(values[day]) for day in range(2, n_days + 1)},
    )


def finished(
    protocol: Protocol, effect: float, noise: float, seed: int, *, missing: float
) -> ReportInput:
    """Return the story of a trial with scores simulated from shares of the scale's range."""
    rng = np.random.default_rng(seed)
    drawn_from = allocation_set(protocol)
    sequence = drawn_from.sequence(drawn_from.size // 3)
    ids = arm_ids(protocol)
    kits = tuple(f"K{i}QF" for i in range(2, 2 + protocol.n_periods))
    schedule = make_schedule(protocol, start=START, participant="P01", kits=kits)
    periods = masked_periods(schedule)
    series = []
    for outcome in protocol.outcomes_primary_first:
        scale = outcome.measure
        day = np.array([schedule.study_day(d) for d in schedule.scoring[outcome.id]])
        sign = 1.0 if scale.better == "lower" else -1.0
        truth = Truth(
            level=scale.low + 0.6 * scale.span,
            effects=tuple(
                sign * effect * scale.span * (1 + 0.4 * k) for k in range(len(protocol.actives))
            ),
            half_life_days=2.0,
            sigma=noise * scale.span,
            phi=0.3,
        )
        score = simulate_scores(
            periods, sequence, day, outcome.recall_days, truth, rng, scale=scale
        )
        score[rng.random(len(day)) < missing] = np.nan
        series.append(
            Series(
                outcome=outcome.id,
                title=outcome.title,
                unit=outcome.unit,
                scale=scale,
                recall_days=outcome.recall_days,
                mcid=outcome.mcid.value if outcome.mcid else None,
                day=day,
                score=score,
            )
        )
    data = TrialData(
        masked=MaskedData(
            person="P01",
            n_days=schedule.n_days,
            periods=periods,
            series=tuple(series),
            taken={},
            covariates=tuple(
                _recorded(declared, schedule.n_days) for declared in protocol.covariates
            ),
        ),
        arms=ids,
        arm_of_period=sequence,
        allocation_set=drawn_from,
    )
    found = results(data, protocol.analysis, protocol.decision)
    numbers = [period.number for period in periods]
    events = protocol.safety.side_effects
    return ReportInput(
        protocol=protocol,
        schedule=schedule,
        arms=tuple(ids[arm] for arm in sequence),
        data=data,
        analyses=found.analyses,
        descriptions=found.descriptions,
        sensitivity=found.sensitivity,
        diagnostics=found.diagnostics,
        carryover=found.carryover,
        adherence=tuple(
            Adherence(period=n, days=protocol.design.period_days, recorded=20, taken=0.95)
            for n in numbers
        ),
        side_effects=(
            SideEffect(period=None, event=events[0], days=1, weeks=1, worst=1),
            SideEffect(period=1, event=events[0], days=2, weeks=1, worst=1),
            SideEffect(period=2, event=events[0], days=5, weeks=2, worst=2),
            SideEffect(period=3, event=events[-1], days=1, weeks=1, worst=3),
        ),
        guesses=tuple(
            Guess(period=n, guess="unsure" if n == 2 else ids[n % len(ids)], certainty=n)
            for n in numbers[:-1]
        ),
        severe=(
            SevereEvent(
                event=events[-1],
                severity=3,
                red_flag=False,
                day=schedule.periods[2].first_day,
                period=3,
            ),
        ),
        effects_recorded=9,
        commitment="c0" * 32,
        compared=Comparisons(
            made=(
                Comparison(what="log", outcome="same", said="The log's entries follow."),
                Comparison(what="commitment", outcome="not-compared", said="No page was seen."),
            ),
            cannot_show=("Whether an entry was changed.",),
        ),
        blind=BlindRecord(
            drawn=datetime(2025, 12, 28, 9, 30, tzinfo=UTC),
            first_day=START,
            first_dose=schedule.periods[0].first_day,
            last_day=schedule.end,
            locked=schedule.end,
            lock_reason="",
            unsealed=schedule.end + timedelta(days=15),
            openings=(),
            guessed=Guessed(right=1, wrong=3, unsure=1, expected=2.0),
        ),
        unsealing=Opening(
            by="Dr Ada Berg", reason="end of the trial", when=schedule.end + timedelta(days=15)
        ),
        corrections=1,
        log_head="1e" * 32,
        protocol_digest=protocol.digest,
        versions=(("nof1", "0.1.0"), ("Python", "3.13.0")),
        contacts=("Dr Ada Berg, +41 44 555 01 02",),
    )
