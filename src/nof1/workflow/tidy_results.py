"""Which columns the tidy tables of an analysis and of a pool have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from nof1.errors import Fault, InputError
from nof1.inference.fits import (
    BayesianFit,
    Fit,
    FrequentistFit,
    LikelihoodFit,
    NotRun,
    NutsFit,
    PairedFit,
    PosteriorFit,
    QuadratureFit,
    RandomisationFit,
    RemlFit,
    Sampling,
)
from nof1.inference.result import Analysis, Contrast
from nof1.inference.summaries import Chances, Summary
from nof1.pooling.result.averages import Average, NoAverage, OneStage, Pooled
from nof1.pooling.result.forms import JudgedSummary
from nof1.pooling.result.pooled_fit import Person, PooledFit
from nof1.workflow.tidy import Column, Kind, TidyTable, Value, table_of

PooledTable = Literal["persons", "averages"]
POOLED_TABLES: tuple[PooledTable, ...] = ("persons", "averages")


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRow:
    """What one engine says of one contrast."""

    analysis: Analysis
    contrast: Contrast
    engine: str
    result: Fit | NotRun


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One person of a pool."""

    fit: PooledFit
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class AverageRow:
    """One average of a pool, or something else that it foretells."""

    fit: PooledFit
    name: str
    estimand: str
    average: Summary | Average | NoAverage


def _column[Row](kind: Kind, name: str, value: Callable[[Row], Value]) -> Column[Row]:
    return Column(name=name, kind=kind, value=value)


# --- One person's engines ------------------------------------------------------------------------


def _from[One: Fit | NotRun](
    engine: type[One], value: Callable[[One], Value]
) -> Callable[[EngineRow], Value]:
    """Return how a figure is read that only one kind of result has."""
    return lambda row: value(row.result) if isinstance(row.result, engine) else None


def _of_fit(value: Callable[[Fit], Value]) -> Callable[[EngineRow], Value]:
    """Return how a figure is read that every engine has that ran."""
    return lambda row: None if isinstance(row.result, NotRun) else value(row.result)


def _of_chances(value: Callable[[Chances], Value]) -> Callable[[EngineRow], Value]:
    return _from(BayesianFit, lambda fit: value(fit.chances))


def _error(row: EngineRow) -> Value:
    """Return the SD of a posterior, or a standard error."""
    match row.result:
        case BayesianFit():
            return row.result.effect.sd
        case PairedFit() | RemlFit():
            return row.result.se
        case _:
            return None


def _df(row: EngineRow) -> Value:
    return row.result.df if isinstance(row.result, PairedFit | RemlFit) else None


def _log_evidence(row: EngineRow) -> Value:
    fits = QuadratureFit | LikelihoodFit
    return row.result.log_evidence if isinstance(row.result, fits) else None


def _sampling(row: EngineRow) -> Sampling | None:
    return row.result.sampling if isinstance(row.result, NutsFit | LikelihoodFit) else None


def _ess(row: EngineRow) -> Value:
    if (sampling := _sampling(row)) is not None:
        return sampling.ess
    return row.result.ess if isinstance(row.result, LikelihoodFit) else None


def _rhat(row: EngineRow) -> Value:
    sampling = _sampling(row)
    return None if sampling is None else sampling.rhat


def _interval(
    name: str,
    summary: Callable[[PosteriorFit], Summary | None],
    estimate: Callable[[RemlFit], Value] = lambda _: None,
) -> Iterator[Column[EngineRow]]:
    """Yield the columns of a quantity: its posterior mean, or its estimate, and the interval."""

    def figure(value: Callable[[Summary], Value], row: EngineRow) -> Value:
        interval = summary(row.result) if isinstance(row.result, PosteriorFit) else None
        return None if interval is None else value(interval)

    def middle(row: EngineRow) -> Value:
        if isinstance(row.result, RemlFit):
            return estimate(row.result)
        return figure(lambda interval: interval.mean, row)

    yield _column("number", name, middle)
    yield _column(
        "number", f"{name}_low", lambda row: figure(lambda interval: interval.ci_low, row)
    )
    yield _column(
        "number", f"{name}_high", lambda row: figure(lambda interval: interval.ci_high, row)
    )


#: A row for every engine and contrast.
ENGINE_COLUMNS: tuple[Column[EngineRow], ...] = (
    _column("text", "person", lambda row: row.analysis.person),
    _column("text", "outcome", lambda row: row.analysis.outcome),
    _column("text", "active", lambda row: row.contrast.active),
    _column("text", "comparator", lambda row: row.contrast.comparator),
    _column("text", "unit", lambda row: row.analysis.unit),
    _column("text", "better", lambda row: row.analysis.better),
    _column("number", "mcid", lambda row: row.analysis.mcid),
    _column("whole", "n_scores", lambda row: row.analysis.n_scores),
    _column("whole", "n_missing", lambda row: row.analysis.n_missing),
    _column("whole", "n_periods", lambda row: row.analysis.n_periods),
    _column("whole", "n_cycles", lambda row: row.analysis.n_cycles),
    _column("text", "engine", lambda row: row.engine),
    _column("text", "estimand", _of_fit(lambda fit: fit.estimand)),
    _column("number", "estimate", _of_fit(lambda fit: fit.estimate)),
    _column("number", "se", _error),
    _column("number", "ci_low", _of_fit(lambda fit: fit.ci_low)),
    _column("number", "ci_high", _of_fit(lambda fit: fit.ci_high)),
    _column("number", "ci_level", _of_fit(lambda fit: fit.level)),
    _column("number", "df", _df),
    _column("number", "p_value", _from(FrequentistFit, lambda fit: fit.p_value)),
    _column("number", "min_p_value", _from(RandomisationFit, lambda fit: fit.min_p_value)),
    _column("number", "p_better", _of_chances(lambda chances: chances.better)),
    _column("number", "p_meaningful", _of_chances(lambda chances: chances.meaningful)),
    _column("number", "p_trivial", _of_chances(lambda chances: chances.trivial)),
    _column("number", "p_worse", _of_chances(lambda chances: chances.worse)),
    _column("number", "p_meaningfully_worse", _of_chances(lambda all_: all_.meaningfully_worse)),
    *_interval("as_scheduled", lambda fit: fit.as_scheduled),
    *_interval("half_life", lambda fit: fit.half_life),
    *_interval("half_life_rise", lambda fit: fit.half_life_rise),
    *_interval("phi", lambda fit: fit.phi, lambda fit: fit.phi),
    *_interval("sigma", lambda fit: fit.sigma, lambda fit: fit.sigma),
    *_interval("sigma_period", lambda fit: fit.sigma_period, lambda fit: fit.sigma_period),
    *_interval("trend", lambda fit: fit.trend),
    _column("number", "error", _from(QuadratureFit, lambda fit: fit.error)),
    _column("number", "log_evidence", _log_evidence),
    _column("number", "k_hat", _from(LikelihoodFit, lambda fit: fit.k_hat)),
    _column("number", "ess", _ess),
    _column("number", "rhat", _rhat),
    _column("text", "likelihood", _from(LikelihoodFit, lambda fit: fit.likelihood)),
    _column(
        "text", "verdict", lambda row: row.contrast.verdict.code if row.contrast.answer else None
    ),
    _column("text", "verdict_because", lambda row: row.contrast.verdict.because),
    _column("text", "not_run", _from(NotRun, lambda result: result.why)),
)


def analyses_table(analyses: Sequence[Analysis]) -> TidyTable:
    """Return a row for every engine and contrast of every analysis."""
    rows = (
        EngineRow(analysis=analysis, contrast=contrast, engine=engine, result=result)
        for analysis in analyses
        for contrast in analysis.contrasts
        for engine, result in contrast.engines.items()
    )
    return table_of(ENGINE_COLUMNS, rows)


# --- Many persons --------------------------------------------------------------------------------


def _asked[Row: PersonRow | AverageRow](_: type[Row]) -> Iterator[Column[Row]]:
    """Yield the columns of what a pool is about."""
    yield _column("text", "outcome", lambda row: row.fit.outcome)
    yield _column("text", "active", lambda row: row.fit.contrast.active)
    yield _column("text", "comparator", lambda row: row.fit.contrast.comparator)
    yield _column("text", "unit", lambda row: row.fit.unit)
    yield _column("text", "better", lambda row: row.fit.better)
    yield _column("number", "mcid", lambda row: row.fit.mcid)


def _of_average[One: Summary | Average | NoAverage](
    kind: type[One], value: Callable[[One], Value]
) -> Callable[[AverageRow], Value]:
    """Return how a figure is read that only one kind of average has."""
    return lambda row: value(row.average) if isinstance(row.average, kind) else None


def _either(
    summary: Callable[[Summary], float], average: Callable[[Average], float]
) -> Callable[[AverageRow], Value]:
    """Return how a figure is read that a posterior and an estimate have."""

    def value(row: AverageRow) -> Value:
        match row.average:
            case Summary():
                return summary(row.average)
            case Average():
                return average(row.average)
            case _:
                return None

    return value


def _average_level(row: AverageRow) -> Value:
    return row.average.ci_level if isinstance(row.average, Average) else row.fit.bayes.ci_level


def _average_persons(row: AverageRow) -> Value:
    return row.average.n_persons if isinstance(row.average, Average) else row.fit.n_persons


def _tau2(row: AverageRow) -> Value:
    return row.average.tau2 if isinstance(row.average, Pooled | OneStage) else None


#: A row for every person of a pool.
PERSON_COLUMNS: tuple[Column[PersonRow], ...] = (
    _column("text", "person", lambda row: row.person.person),
    *_asked(PersonRow),
    _column("text", "estimand", lambda row: row.fit.bayes.estimand),
    _column("number", "naive", lambda row: row.person.naive),
    _column("number", "naive_se", lambda row: row.person.naive_se),
    _column("number", "shrunken", lambda row: row.person.shrunken),
    _column("number", "sd", lambda row: row.person.sd),
    _column("number", "ci_low", lambda row: row.person.ci_low),
    _column("number", "ci_high", lambda row: row.person.ci_high),
    _column("number", "p_better", lambda row: row.person.p_better),
    _column("number", "p_meaningful", lambda row: row.person.p_meaningful),
    _column("number", "ci_level", lambda row: row.fit.bayes.ci_level),
    _column("whole", "cycles", lambda row: row.person.cycles),
)

#: A row for every average of a pool, and for what it foretells.
AVERAGE_COLUMNS: tuple[Column[AverageRow], ...] = (
    *_asked(AverageRow),
    _column("text", "average", lambda row: row.name),
    _column("text", "estimand", lambda row: row.estimand),
    _column("whole", "n_persons", _average_persons),
    _column(
        "number",
        "estimate",
        _either(lambda summary: summary.mean, lambda average: average.estimate),
    ),
    _column("number", "se", _either(lambda summary: summary.sd, lambda average: average.se)),
    _column(
        "number", "ci_low", _either(lambda summary: summary.ci_low, lambda average: average.ci_low)
    ),
    _column(
        "number",
        "ci_high",
        _either(lambda summary: summary.ci_high, lambda average: average.ci_high),
    ),
    _column("number", "ci_level", _average_level),
    _column("number", "df", _of_average(Average, lambda average: average.df)),
    _column("number", "p_value", _of_average(Average, lambda average: average.p_value)),
    _column("number", "p_better", _of_average(JudgedSummary, lambda judged: judged.p_better)),
    _column(
        "number", "p_meaningful", _of_average(JudgedSummary, lambda judged: judged.p_meaningful)
    ),
    _column(
        "number",
        "p_meaningfully_worse",
        _of_average(JudgedSummary, lambda judged: judged.p_meaningfully_worse),
    ),
    _column("number", "tau2", _tau2),
    _column("number", "tau2_low", _of_average(Pooled, lambda pooled: pooled.tau2_low)),
    _column("number", "tau2_high", _of_average(Pooled, lambda pooled: pooled.tau2_high)),
    _column("number", "prediction_low", _of_average(Pooled, lambda pooled: pooled.prediction_low)),
    _column(
        "number", "prediction_high", _of_average(Pooled, lambda pooled: pooled.prediction_high)
    ),
    _column("number", "i2", _of_average(Pooled, lambda pooled: pooled.i2)),
    _column("number", "q", _of_average(Pooled, lambda pooled: pooled.q)),
    _column("number", "q_p", _of_average(Pooled, lambda pooled: pooled.q_p)),
    _column("text", "method", _of_average(Average, lambda average: average.method)),
    _column("text", "not_run", _of_average(NoAverage, lambda average: average.not_run)),
)


def pooled_table(fit: PooledFit, which: PooledTable) -> TidyTable:
    """Return a row for every person of a pool, or for every average.

    Raises
    ------
    InputError
        If there is no such table.
    """
    if which not in POOLED_TABLES:
        mend = f"Ask for {' or '.join(map(repr, POOLED_TABLES))}."
        raise InputError(Fault("table", f"there is no table {which!r}", mend))
    if which == "persons":
        persons = (PersonRow(fit=fit, person=person) for person in fit.persons)
        return table_of(PERSON_COLUMNS, persons)
    return table_of(AVERAGE_COLUMNS, _average_rows(fit))


def _average_rows(fit: PooledFit) -> Iterator[AverageRow]:
    """Yield the averages: those of the posterior, then the frequentist ones."""
    bayes = fit.bayes
    for name, estimand, summary in (
        ("mean", bayes.estimand, bayes.mean),
        ("these_persons", bayes.estimand, bayes.these_persons),
        ("as_scheduled", "as-scheduled", bayes.as_scheduled),
        ("next_person", bayes.estimand, bayes.next_person),
        ("heterogeneity", bayes.estimand, bayes.heterogeneity),
    ):
        if summary is not None:
            yield AverageRow(fit=fit, name=f"bayes_{name}", estimand=estimand, average=summary)
    for name, average in fit.frequentist:
        yield AverageRow(fit=fit, name=name, estimand="as-scheduled", average=average)
