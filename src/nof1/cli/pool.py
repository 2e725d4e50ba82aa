"""``nof1 pool`` and ``nof1 merge``: the answer of many persons, at once or in parts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nof1.cli.app import app, bar, note, say_result
from nof1.cli.notation import DateOrderOption, DecimalOption, SheetOption, TimezoneOption
from nof1.cli.options import CsvOption, JsonOption
from nof1.cli.pool_question import (
    DecisionOption,
    ExcludeOption,
    ModeratorOption,
    PlannedOption,
    PooledMcidOption,
    PopulationOption,
    PriorOutOption,
    PurposeOption,
    SchedulerOption,
    ask_purpose,
    thresholds,
)
from nof1.cli.tables import (
    ActiveOption,
    AllocationOption,
    BetterOption,
    CarryoverOption,
    ColumnsOption,
    ComparatorOption,
    DailyMeanOption,
    DropDaysOption,
    FillDownOption,
    GapsOption,
    HalfLifeOption,
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
    excluded,
    read_texts,
)


@app.command("pool")
def pool(
    data: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Contributions (.json, .jsonl, .parquet), or tables (.csv, .xlsx, .ods).",
        ),
    ],
    as_json: JsonOption = False,
    csv: CsvOption = None,
    purpose: PurposeOption = None,
    population: PopulationOption = None,
    mcid: PooledMcidOption = None,
    decision: DecisionOption = None,
    moderator: ModeratorOption = None,
    planned: PlannedOption = "",
    exclude: ExcludeOption = None,
    prior_out: PriorOutOption = None,
    scheduler: SchedulerOption = None,
    shard: Annotated[
        str | None,
        typer.Option(metavar="i/n", help="Prepare one of n parts of the persons; needs --out."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="PART.jsonl", help="The part that --shard makes.")
    ] = None,
    outcome: Annotated[
        str | None, typer.Option(metavar="ID", help="The outcome, where files hold several.")
    ] = None,
    columns: ColumnsOption = None,
    active: ActiveOption = None,
    comparator: ComparatorOption = None,
    scale: ScaleOption = None,
    better: BetterOption = None,
    recall: RecallOption = None,
    allocation: AllocationOption = None,
    period_days: PeriodDaysOption = None,
    gaps: GapsOption = None,
    half_life: HalfLifeOption = None,
    sheet: SheetOption = None,
    date_order: DateOrderOption = None,
    decimal_comma: DecimalOption = None,
    timezone: TimezoneOption = None,
    carryover: CarryoverOption = None,
    trend: TrendOption = None,
    period_effects: PeriodEffectsOption = None,
    drop_days: DropDaysOption = None,
    fill_down: FillDownOption = False,
    run_in: RunInOption = None,
    rename: RenameOption = None,
    missing: MissingOption = None,
    words: WordsOption = None,
    daily_mean: DailyMeanOption = False,
    score_day: ScoreDayOption = None,
) -> None:
    """Pool the trials of many persons: the average, how much persons differ, each one, the next.

    Contributions, as `nof1 share` makes them, hold no diary. Tables are solved person by person
    first; with --shard i/n in n processes, whose parts `nof1 merge` pools. Tables of cycle
    differences, of estimates with standard errors, or of scores by period pool as scheduled.

    \b
    nof1 pool shared/*.json --purpose next --prior-out prior.toml
    nof1 pool series.csv --mcid 1 --moderator age --decision better=0.95 --json
    nof1 pool differences.csv --scale 0:10 --csv persons.csv
    nof1 pool clinics.jsonl --exclude "P07=took iron" --moderator iron --planned "SAP 2.3"
    """
    from nof1.workflow.changes import PlanChanges
    from nof1.workflow.persons import Reading
    from nof1.workflow.pool import pool_sources
    from nof1.workflow.question import PoolOptions
    from nof1.workflow.shards import prepare_part
    from nof1.workflow.tables import TableOptions

    texts = read_texts(
        columns=columns,
        scale=scale,
        exclude=exclude,
        rename=rename,
        missing=missing,
        words=words,
        period_days=period_days,
    )
    asked = PoolOptions(
        purpose=purpose,
        population=population,
        mcid=mcid,
        decision=thresholds(decision),
        moderators=tuple(moderator or ()),
        planned=planned,
        exclude=texts["exclude"],
        prior_out=prior_out,
        csv=csv,
    )
    options = TableOptions(
        **texts,
        active=tuple(active or ()),
        comparator=comparator,
        better=better,
        mcid=mcid,
        recall=recall,
        allocation=allocation,
        gaps=gaps,
        half_life=half_life,
        fill_down=fill_down,
        run_in=tuple(run_in or ()),
        daily_mean=daily_mean,
        score_day=score_day,
        sheet=sheet,
        date_order=date_order,
        decimal_comma=decimal_comma,
        timezone=timezone,
    )
    changes = PlanChanges(
        carryover=carryover, trend=trend, period_effects=period_effects, drop_days=drop_days
    )
    reading = Reading(
        options=options, changes=changes, outcome=outcome, moderators=asked.moderators
    )
    if shard is None and out is None:
        answer = pool_sources(
            data, asked, reading, scheduler=scheduler, ask_purpose=ask_purpose, tell=note,
            progress=bar,
        )  # fmt: skip
        say_result(answer, as_json=as_json)
        return
    part = prepare_part(
        data, asked, reading, shard=shard, out=out, scheduler=scheduler, tell=note, progress=bar
    )
    say_result(part, as_json=as_json)


@app.command("merge")
def merge(
    parts: Annotated[
        list[Path],
        typer.Argument(metavar="PART...", help="All parts that `nof1 pool --shard` made."),
    ],
    as_json: JsonOption = False,
    csv: CsvOption = None,
    purpose: PurposeOption = None,
    population: PopulationOption = None,
    mcid: PooledMcidOption = None,
    decision: DecisionOption = None,
    moderator: ModeratorOption = None,
    planned: PlannedOption = "",
    exclude: ExcludeOption = None,
    prior_out: PriorOutOption = None,
    scheduler: SchedulerOption = None,
) -> None:
    """Pool the parts that `nof1 pool --shard i/n` made: the same answer as in one process.

    \b
    nof1 pool series.csv --shard 1/2 --out part-1.jsonl
    nof1 pool series.csv --shard 2/2 --out part-2.jsonl
    nof1 merge part-1.jsonl part-2.jsonl --purpose next
    """
    from nof1.workflow.shards import merge as merge_parts

    contributions = merge_parts(
        parts,
        purpose=purpose,
        population=population,
        mcid=mcid,
        decision=thresholds(decision),
        moderators=moderator,
        planned=planned,
        exclude=excluded(exclude),
        prior_out=prior_out,
        csv=csv,
        scheduler=scheduler,
        ask_purpose=ask_purpose,
        tell=note,
    )
    say_result(contributions, as_json=as_json)
