"""``nof1 analyse``: every engine side by side, on a trial folder or a table from elsewhere."""

from __future__ import annotations

import contextlib
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from nof1.cli.app import app, bar, note, say_result
from nof1.cli.notation import DateOrderOption, DecimalOption, SheetOption, TimezoneOption
from nof1.cli.options import CsvOption, JsonOption, SampleOption
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
    TrendOption,
    WordsOption,
    read_texts,
)


class EngineName(StrEnum):
    """Names of the engines, as an enumeration because the option may be repeated."""

    randomisation = "randomisation"
    paired = "paired"
    reml = "reml"
    quadrature = "quadrature"
    nuts = "nuts"


@app.command("analyse")
def analyse(
    data: Annotated[
        Path,
        typer.Argument(metavar="TRIAL|FILE", help="Trial folder, or table (.csv, .xlsx, .ods)."),
    ],
    as_json: JsonOption = False,
    csv: CsvOption = None,
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
    sample: SampleOption = False,
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
    nof1 analyse series.csv --comparator placebo --csv engines.csv
    """
    from nof1.workflow.analyse import analyse as analyse_data

    texts = read_texts(
        columns=columns,
        scale=scale,
        exclude=exclude,
        rename=rename,
        missing=missing,
        words=words,
        period_days=period_days,
    )
    # The sampler and its compiler may print; standard output is for the result alone.
    with contextlib.redirect_stdout(sys.stderr):
        analysed = analyse_data(
            data,
            **texts,
            outcome=outcome,
            engines=engine,
            carryover=carryover,
            half_lives=half_lives,
            trend=trend,
            period_effects=period_effects,
            statistic=statistic,
            half_life=half_life,
            likelihood=likelihood,
            sample=sample,
            drop_days=drop_days,
            better=better,
            mcid=mcid,
            recall=recall,
            covariates=covariate,
            active=active,
            comparator=comparator,
            allocation=allocation,
            gaps=gaps,
            fill_down=fill_down,
            run_in=run_in,
            daily_mean=daily_mean,
            score_day=score_day,
            sheet=sheet,
            date_order=date_order,
            decimal_comma=decimal_comma,
            timezone=timezone,
            csv=csv,
            tell=note,
            progress=bar,
        )
    say_result(analysed, as_json=as_json)
