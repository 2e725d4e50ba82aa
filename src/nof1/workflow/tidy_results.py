"""Which columns the tidy tables of an analysis and of a pool have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from nof1.errors import Fault, InputError
from nof1.inference.json_result import engine_object
from nof1.inference.result import Analysis
from nof1.pooling.result.pooled_fit import PooledFit
from nof1.workflow.tidy import Column, Kind, TidyTable, table_of

PooledTable = Literal["persons", "averages"]
POOLED_TABLES: tuple[PooledTable, ...] = ("persons", "averages")


def _columns(kind: Kind, names: str, *, within: str = "") -> list[Column]:
    """Return columns of one kind under their own names."""
    return [Column(name=name, kind=kind, paths=(within + name,)) for name in names.split()]


def _interval(name: str) -> list[Column]:
    """Return the columns of a quantity: its posterior mean, or its estimate, and the interval."""
    return [
        Column(name=name, kind="number", paths=(f"by.{name}.mean", f"by.{name}")),
        Column(name=f"{name}_low", kind="number", paths=(f"by.{name}.ci_low",)),
        Column(name=f"{name}_high", kind="number", paths=(f"by.{name}.ci_high",)),
    ]


_PAIR = "active comparator"
_ESTIMATE = Column(name="estimate", kind="number", paths=("by.mean", "by.estimate"))
_ERROR = Column(name="se", kind="number", paths=("by.sd", "by.se"))

#: A row for every engine and contrast; `by` is the engine's object in the contract.
ENGINE_COLUMNS: tuple[Column, ...] = (
    *_columns("text", f"person outcome {_PAIR} unit better"),
    *_columns("number", "mcid"),
    *_columns("whole", "n_scores n_missing n_periods n_cycles"),
    *_columns("text", "engine"),
    *_columns("text", "estimand", within="by."),
    _ESTIMATE,
    _ERROR,
    *_columns(
        "number",
        "ci_low ci_high ci_level df p_value min_p_value"
        " p_better p_meaningful p_trivial p_worse p_meaningfully_worse",
        within="by.",
    ),
    *_interval("as_scheduled"),
    *_interval("half_life"),
    *_interval("half_life_rise"),
    *_interval("phi"),
    *_interval("sigma"),
    *_interval("sigma_period"),
    *_interval("trend"),
    *_columns("number", "error log_evidence k_hat ess rhat", within="by."),
    *_columns("text", "likelihood", within="by."),
    *_columns("text", "verdict verdict_because"),
    *_columns("text", "not_run", within="by."),
)

#: A row for every person of a pool.
PERSON_COLUMNS: tuple[Column, ...] = (
    *_columns("text", "person", within="by."),
    *_columns("text", f"outcome {_PAIR} unit better"),
    *_columns("number", "mcid"),
    *_columns("text", "estimand"),
    *_columns(
        "number", "naive naive_se shrunken sd ci_low ci_high p_better p_meaningful", within="by."
    ),
    *_columns("number", "ci_level"),
    *_columns("whole", "cycles", within="by."),
)

#: A row for every average of a pool, and for what it foretells.
AVERAGE_COLUMNS: tuple[Column, ...] = (
    *_columns("text", f"outcome {_PAIR} unit better"),
    *_columns("number", "mcid"),
    *_columns("text", "average estimand"),
    Column(name="n_persons", kind="whole", paths=("by.n_persons", "n_persons")),
    _ESTIMATE,
    _ERROR,
    *_columns("number", "ci_low ci_high", within="by."),
    Column(name="ci_level", kind="number", paths=("by.ci_level", "ci_level")),
    *_columns(
        "number",
        "df p_value p_better p_meaningful p_meaningfully_worse"
        " tau2 tau2_low tau2_high prediction_low prediction_high i2 q q_p",
        within="by.",
    ),
    *_columns("text", "method not_run", within="by."),
)


def analyses_table(analyses: Sequence[Analysis]) -> TidyTable:
    """Return a row for every engine and contrast of every analysis."""
    return table_of(
        ENGINE_COLUMNS, [row for analysis in analyses for row in _engine_rows(analysis)]
    )


def _engine_rows(analysis: Analysis) -> Iterator[dict[str, Any]]:
    about = {
        "person": analysis.person,
        "outcome": analysis.outcome,
        "unit": analysis.unit,
        "better": analysis.better,
        "mcid": analysis.mcid,
        "n_scores": analysis.n_scores,
        "n_missing": analysis.n_missing,
        "n_periods": analysis.n_periods,
        "n_cycles": analysis.n_cycles,
    }
    for contrast in analysis.contrasts:
        answered = contrast.answer is not None
        for name, result in contrast.engines.items():
            yield {
                **about,
                "active": contrast.active,
                "comparator": contrast.comparator,
                "engine": name,
                "by": engine_object(result),
                "verdict": contrast.verdict.code if answered else None,
                "verdict_because": contrast.verdict.because,
            }


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
    about = {
        "outcome": fit.outcome,
        "active": fit.contrast.active,
        "comparator": fit.contrast.comparator,
        "unit": fit.unit,
        "better": fit.better,
        "mcid": fit.mcid,
        "n_persons": fit.n_persons,
        "ci_level": fit.bayes.ci_level,
    }
    if which == "persons":
        people = [
            {**about, "estimand": fit.bayes.estimand, "by": person.model_dump()}
            for person in fit.persons
        ]
        return table_of(PERSON_COLUMNS, people)
    return table_of(AVERAGE_COLUMNS, [{**about, **row} for row in _average_rows(fit)])


def _average_rows(fit: PooledFit) -> Iterator[dict[str, Any]]:
    """Yield the averages: those of the posterior, then the frequentist ones."""
    bayes = fit.bayes
    summaries = {
        "mean": (bayes.estimand, bayes.mean),
        "these_persons": (bayes.estimand, bayes.these_persons),
        "as_scheduled": ("as-scheduled", bayes.as_scheduled),
        "next_person": (bayes.estimand, bayes.next_person),
        "heterogeneity": (bayes.estimand, bayes.heterogeneity),
    }
    for name, (estimand, summary) in summaries.items():
        if summary is not None:
            yield {
                "average": f"bayes_{name}",
                "estimand": estimand,
                "by": summary.model_dump(),
            }
    for name in type(fit.frequentist).model_fields:
        yield {
            "average": name,
            "estimand": "as-scheduled",
            "by": getattr(fit.frequentist, name).model_dump(),
        }
