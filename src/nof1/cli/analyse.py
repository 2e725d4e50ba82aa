"""``nof1 analyse``: every engine side by side, on a trial folder or a table from elsewhere."""

from __future__ import annotations

import contextlib
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from nof1.cli.app import app, note, say
from nof1.cli.notation import DateOrderOption, DecimalOption, SheetOption, TimezoneOption
from nof1.cli.tables import (
    ActiveOption,
    AllocationOption,
    BetterOption,
    CarryoverOption,
    ColumnsOption,
    ComparatorOption,
    DailyMeanOption,
    DropDaysOption,
    ExcludeOption,
    FillDownOption,
    GapsOption,
    HalfLifeOption,
    McidOption,
    MissingOption,
    PeriodDaysOption,
    PeriodEffectsOption,
    RecallOption,
    RenameOption,
    RunInOption,
    ScaleOption,
    ScoreDayOption,
    TableOptions,
    TrendOption,
    WordsOption,
    changed_plan,
    excluded,
)
from nof1.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nof1.inference.result import Analysis
    from nof1.protocol.tables import AnalysisPlan, Decision
    from nof1.trial.data import Series, TrialData


class EngineName(StrEnum):
    """Names of the engines, as an enumeration because the option may be repeated."""

    randomisation = "randomisation"
    paired = "paired"
    reml = "reml"
    quadrature = "quadrature"
    nuts = "nuts"


@app.command("analyse")
def analyse(
    source: Annotated[
        Path,
        typer.Argument(metavar="TRIAL|FILE", help="Trial folder, or table (.csv, .xlsx, .ods)."),
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False,
    outcome: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only this outcome (repeatable); all by default."),
    ] = None,
    engine: Annotated[
        list[EngineName] | None,
        typer.Option(help="Only this engine (repeatable); all but nuts by default."),
    ] = None,
    carryover: CarryoverOption = None,
    half_lives: Annotated[
        Literal["one", "two"] | None,
        typer.Option(help="Whether the effect rises and falls alike; one by default."),
    ] = None,
    trend: TrendOption = None,
    period_effects: PeriodEffectsOption = None,
    statistic: Annotated[
        Literal["difference", "studentised"] | None,
        typer.Option(help="Statistic of the randomisation test."),
    ] = None,
    half_life: HalfLifeOption = None,
    likelihood: Annotated[
        Literal["auto", "gaussian", "bounded", "student-t", "by-arm", "ordinal"] | None,
        typer.Option(help="What scores are taken as besides normal; auto by default."),
    ] = None,
    sample: Annotated[
        bool,
        typer.Option(
            "--sample",
            help="Let PyMC answer where the exact engines cannot; takes minutes.",
        ),
    ] = False,
    drop_days: DropDaysOption = None,
    scale: ScaleOption = None,
    better: BetterOption = None,
    mcid: McidOption = None,
    recall: RecallOption = None,
    covariate: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN",
            help="Adjust for it; the treatment must not change it (tables; repeatable).",
        ),
    ] = None,
    columns: ColumnsOption = None,
    active: ActiveOption = None,
    comparator: ComparatorOption = None,
    allocation: AllocationOption = None,
    period_days: PeriodDaysOption = None,
    gaps: GapsOption = None,
    exclude: ExcludeOption = None,
    fill_down: FillDownOption = False,
    run_in: RunInOption = None,
    rename: RenameOption = None,
    missing: MissingOption = None,
    words: WordsOption = None,
    daily_mean: DailyMeanOption = False,
    score_day: ScoreDayOption = None,
    sheet: SheetOption = None,
    date_order: DateOrderOption = None,
    decimal_comma: DecimalOption = None,
    timezone: TimezoneOption = None,
) -> None:
    """Analyse an unsealed trial, or any long table of one or more persons.

    \b
    nof1 analyse my-trial
    nof1 analyse diary.csv --columns score=mood,treatment=condition --better higher --json
    """
    from nof1.calibration.likeness import quote
    from nof1.inference.analysis import DEFAULT_ENGINES
    from nof1.inference.json_result import analyses_object

    table = TableOptions(
        columns=columns,
        active=active,
        comparator=comparator,
        scale=scale,
        better=better,
        mcid=mcid,
        recall=recall,
        covariate=covariate,
        allocation=allocation,
        period_days=period_days,
        gaps=gaps,
        half_life=half_life,
        exclude=exclude,
        fill_down=fill_down,
        run_in=run_in,
        rename=rename,
        missing=missing,
        words=words,
        daily_mean=daily_mean,
        score_day=score_day,
        sheet=sheet,
        date_order=date_order,
        decimal_comma=decimal_comma,
        timezone=timezone,
    )
    changes = {
        "carryover": carryover,
        "half_lives": half_lives,
        "trend": trend,
        "period_effects": period_effects,
        "drop_days": drop_days,
        "likelihood": likelihood,
        "randomisation_statistic": statistic,
    }
    if source.is_dir():
        people, plan, decision = _from_trial(source, table.given(), changes)
    else:
        people, plan, decision = _from_table(source, table, changes)
    chosen = _chosen(people, outcome)
    analyses = _analyses(
        chosen,
        plan,
        decision,
        tuple(name.value for name in engine) if engine else DEFAULT_ENGINES,
        # Answers to items can only be sampled: who asks for them on the command line wants that.
        sample=sample or likelihood == "ordinal",
    )
    if as_json:
        quoted = [
            quote(analysis, data, series, plan, decision)
            for analysis, (data, series) in zip(analyses, chosen, strict=True)
        ]
        said = analyses_object(analyses, quoted)
        say(json.dumps(said, ensure_ascii=False, allow_nan=False))
        return
    _say(analyses)


def say_analyses(folder: Path) -> None:
    """Print the promised analysis of an unsealed trial."""
    from nof1.inference.analysis import DEFAULT_ENGINES

    people, plan, decision = _from_trial(folder, [], {})
    _say(_analyses(_chosen(people, None), plan, decision, DEFAULT_ENGINES, sample=False))


def _say(analyses: list[Analysis]) -> None:
    from nof1.cli.analysis_lines import analysis_lines

    for number, analysis in enumerate(analyses):
        if number:
            say()
        for line in analysis_lines(analysis):
            say(line)


def _from_trial(
    folder: Path, tables_only: Sequence[str], changes: Mapping[str, object]
) -> tuple[list[TrialData], AnalysisPlan, Decision]:
    """Return the trial's data, its promised plan (changed on request, and said) and decision."""
    from dataclasses import replace

    from nof1.trial.folder import open_trial
    from nof1.trial.noting import noted_data

    if tables_only:
        raise InputError(
            [
                Fault(name, "is for tables; a trial's protocol says it already", "Leave it out.")
                for name in tables_only
            ]
        )
    trial = open_trial(folder)
    data = noted_data(trial)
    changed = {name: value for name, value in changes.items() if value is not None}
    if changed:
        shown = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in changed.items())
        said = f"This is not the promised analysis: {shown} was asked for on the command line."
        data = replace(data, notes=(*data.notes, said))
    plan = changed_plan(trial.protocol.analysis, changed)
    return [data], plan, trial.protocol.decision


def _from_table(
    source: Path, table: TableOptions, changes: Mapping[str, object]
) -> tuple[list[TrialData], AnalysisPlan, Decision]:
    """Return the trials of a table, the default plan (changed on request) and decision."""
    from nof1.protocol.tables import AnalysisPlan, Decision

    if not source.exists():
        raise InputError(
            Fault(str(source), "there is no such file or folder", "Give a trial folder or a table.")
        )
    read = table.read(source, changed_plan(AnalysisPlan(), changes))
    known = {one.person for one in read.left_out if one.asked}
    unknown = [
        Fault(f"--exclude {code}", "there is no such person", "Check the code.")
        for code in excluded(table.exclude)
        if code not in known
    ]
    if unknown:
        raise InputError(unknown)
    return read.people, read.plan, Decision()


def _analyses(
    chosen: list[tuple[TrialData, Series]],
    plan: AnalysisPlan,
    decision: Decision,
    engines: tuple[str, ...],
    *,
    sample: bool,
) -> list[Analysis]:
    """Return all analyses, with a progress bar on standard error when there are many."""
    from nof1.inference.analysis import analyse as by_all_engines

    if "nuts" in engines:
        say_sampling("Sampling with PyMC.")
    if plan.likelihood == "ordinal" and "quadrature" in engines:
        _refuse_without_items(chosen)

    def each(pairs: Iterable[tuple[TrialData, Series]]) -> list[Analysis]:
        # The sampler and its compiler may print; standard output is for the result alone.
        with contextlib.redirect_stdout(sys.stderr):
            return [
                by_all_engines(
                    data,
                    series,
                    plan,
                    decision,
                    engines=engines,
                    before_sampling=say_sampling if sample else None,
                )
                for data, series in pairs
            ]

    if len(chosen) < 4 and "nuts" not in engines:
        return each(chosen)
    with typer.progressbar(chosen, label="Analysing", file=sys.stderr) as pairs:
        return each(pairs)


def say_sampling(why: str) -> None:
    """Say on standard error why sampling begins, and keep the sampler's own chatter away."""
    import logging

    note(f"{why} The first time on a computer it is compiled, which takes longer.")
    logging.getLogger("pymc").setLevel(logging.WARNING)


def _refuse_without_items(chosen: list[tuple[TrialData, Series]]) -> None:
    if all(series.items is None for _, series in chosen):
        raise InputError(
            Fault(
                "likelihood ordinal",
                "no answers to single items were recorded",
                "Record scores with --items, or choose another --likelihood.",
            )
        )


def _chosen(people: list[TrialData], outcomes: list[str] | None) -> list[tuple[TrialData, Series]]:
    """Return every person's wanted outcomes, the primary first, if it has scores."""
    known = list(dict.fromkeys(s.outcome for data in people for s in data.masked.series))
    faults = [
        Fault("--outcome", f"there is no outcome {name!r}", f"Give one of {', '.join(known)}.")
        for name in outcomes or []
        if name not in known
    ]
    if faults:
        raise InputError(faults)
    every = [
        (data, series)
        for data in people
        for series in data.masked.series
        if not outcomes or series.outcome in outcomes
    ]
    scored = [(data, series) for data, series in every if (series.score == series.score).any()]
    for data, series in every:
        if not (series.score == series.score).any():
            note(f"{data.masked.person}: no score of {series.outcome} was recorded; left out.")
    if not scored:
        mend = "Record or import scores, before the lock."
        raise InputError(Fault("", "there is no score to analyse", mend))
    return scored
