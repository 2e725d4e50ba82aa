"""``nof1 pool`` and ``nof1 merge``: the answer of many persons, at once or in parts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nof1.cli.app import app, note, say
from nof1.cli.notation import DateOrderOption, DecimalOption, SheetOption, TimezoneOption
from nof1.cli.options import Checked
from nof1.cli.pool_question import (
    ExcludeOption,
    JsonOption,
    ModeratorOption,
    PlannedOption,
    PooledMcidOption,
    PoolOptions,
    PopulationOption,
    PriorOutOption,
    PurposeOption,
    SchedulerOption,
    refuse_missing,
    workplace,
)
from nof1.cli.pool_sources import (
    FromTables,
    Reading,
    Sources,
    counted,
    found_in,
    read_tables,
    refuse_unread,
    sources,
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
    TableOptions,
    TrendOption,
    WordsOption,
)
from nof1.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nof1.pooling.exact.solving import MakePlace
    from nof1.pooling.persons.members import Found, Members
    from nof1.pooling.result.pooled_fit import PooledFit
    from nof1.pooling.shards import Shard

#: Persons from which on pooling takes longer than a moment.
LONG = 20


@app.command("pool")
def pool(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Contributions (.json, .jsonl, .parquet), or tables (.csv, .xlsx, .ods).",
        ),
    ],
    as_json: JsonOption = False,
    purpose: PurposeOption = None,
    population: PopulationOption = None,
    mcid: PooledMcidOption = None,
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
    nof1 pool series.csv --mcid 1 --moderator age --json
    nof1 pool differences.csv --scale 0:10
    nof1 pool clinics.jsonl --exclude "P07=took iron" --moderator iron --planned "SAP 2.3"
    """
    asked = PoolOptions(
        purpose=purpose, population=population, mcid=mcid, moderator=moderator, planned=planned,
        exclude=exclude, prior_out=prior_out,
    )  # fmt: skip
    reading = Reading(
        options=TableOptions(
            columns=columns, active=active, comparator=comparator, scale=scale, better=better,
            mcid=mcid, recall=recall, allocation=allocation, half_life=half_life,
            fill_down=fill_down, run_in=run_in, rename=rename, missing=missing,
            words=words, daily_mean=daily_mean, score_day=score_day, exclude=exclude, sheet=sheet,
            date_order=date_order, decimal_comma=decimal_comma, timezone=timezone,
            period_days=period_days, gaps=gaps,
        ),
        changes={
            "carryover": carryover,
            "trend": trend,
            "period_effects": period_effects,
            "drop_days": drop_days,
        },
        outcome=outcome,
        moderators=tuple(dict.fromkeys(moderator or ())),
    )  # fmt: skip
    checked = Checked()
    asked.check(checked)
    given = checked(lambda: sources(files))
    wanted = checked(lambda: _shard(shard, out, asked))
    if given is not None:
        checked(lambda: refuse_unread(given, reading))
    if given is None or checked.faults:
        raise InputError(checked.faults)
    if wanted is not None:
        _prepare(given, reading, *wanted, scheduler=scheduler, as_json=as_json)
        return
    tables = read_tables(given.tables, reading)
    with workplace(scheduler) as make_place:
        found = found_in(given, tables, reading, make_place)
        _answer(found, tables, asked, make_place, as_json)


@app.command("merge")
def merge(
    parts: Annotated[
        list[Path],
        typer.Argument(metavar="PART...", help="All parts that `nof1 pool --shard` made."),
    ],
    as_json: JsonOption = False,
    purpose: PurposeOption = None,
    population: PopulationOption = None,
    mcid: PooledMcidOption = None,
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
    from nof1.pooling.persons.members import Excluded
    from nof1.pooling.shards import complete, whole
    from nof1.sharing.files import read_contributions

    asked = PoolOptions(
        purpose=purpose, population=population, mcid=mcid, moderator=moderator, planned=planned,
        exclude=exclude, prior_out=prior_out,
    )  # fmt: skip
    checked = Checked()
    asked.check(checked)
    headers = checked(lambda: whole(parts))
    if headers is None or checked.faults:
        raise InputError(checked.faults)
    notes = list(dict.fromkeys(line for header in headers for line in header.notes))
    left_out = {code: why for header in headers for code, why in header.left_out.items()}
    gone = [Excluded(person=code, why=why) for code, why in left_out.items()]
    active = list(dict.fromkeys(arm for header in headers for arm in header.active))
    tables = FromTables(notes=notes, left_out=gone, active=active)
    found = counted(complete(parts, headers, read_contributions(parts)))
    with workplace(scheduler) as make_place:
        _answer(found, tables, asked, make_place, as_json)


def _answer(
    found: Iterable[Found],
    tables: FromTables,
    asked: PoolOptions,
    make_place: MakePlace,
    as_json: bool,
) -> None:
    """Pool, write what is to be written, and say the answer."""
    from nof1.files.new_file import write_new
    from nof1.pooling.analysis import pool as pooled
    from nof1.pooling.cautions import beyond_the_scale
    from nof1.pooling.persons.members import members
    from nof1.pooling.prior import prior_text

    question = replace(asked.question(tables.facts), active=tuple(tables.active))

    def together() -> Members:
        leave_out, already = asked.left_out(), tables.left_out
        given = members(found, leave_out=leave_out, already=already, mcid=question.mcid)
        if len(given.people) >= LONG:
            note(f"Pooling {len(given.people):,} persons ...")
        return given

    # Handed over and not kept, so that memory is free again for what comes later.
    fit = pooled(together(), question, make_place)
    beyond = beyond_the_scale(fit, tables.levels)
    fit = fit.model_copy(update={"warnings": (*fit.warnings, *beyond, *tables.notes)})
    if asked.prior_out is not None:
        write_new(asked.prior_out, prior_text(fit).splitlines())
        note(f"Written: {asked.prior_out}. For the next trial: cat {asked.prior_out} >> my.toml")
    _say(fit, as_json)


def _say(fit: PooledFit, as_json: bool) -> None:
    if as_json:
        say(fit.model_dump_json(by_alias=True))
        return
    from nof1.cli.pool_lines import pool_lines

    for line in pool_lines(fit):
        say(line)


def _shard(text: str | None, out: Path | None, asked: PoolOptions) -> tuple[Shard, Path] | None:
    """Return the shard that is wanted and its file, or None for the whole answer."""
    from nof1.pooling.shards import Shard

    if text is None and out is None:
        return None
    if text is None or out is None:
        missing = "--shard" if text is None else "--out"
        raise InputError(Fault(missing, "a part needs both --shard and --out", "Add it."))
    checked = Checked()
    shard = checked(lambda: Shard.parsed(text))
    checked(lambda: refuse_missing("--out", out.absolute().parent))
    if out.suffix.lower() not in (".jsonl", ".ndjson"):
        mend = f"Name it {out.stem}.jsonl."
        checked.faults.append(Fault("--out", f"{out.name!r} does not end in .jsonl", mend))
    checked.faults += [
        Fault(name, "asks for the answer, which a part is not", "Give it to `nof1 merge`.")
        for name in asked.given()
        if name != "--mcid"
    ]
    checked.stop()
    return None if shard is None else (shard, out)


def _prepare(
    given: Sources,
    reading: Reading,
    shard: Shard,
    out: Path,
    *,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Write the part of one shard."""
    from nof1.pooling.shards import SCHEMA, PartHeader, inputs_digest, write_part

    files = (*given.shared, *given.tables)
    tables = read_tables(given.tables, reading)
    header = PartHeader(
        schema=SCHEMA,
        shard=shard.number,
        of=shard.of,
        inputs=inputs_digest(files, reading.told()),
        files=tuple(sorted(path.name for path in files)),
        notes=tuple(tables.notes),
        active=tuple(tables.active),
        left_out={one.person: one.why for one in tables.left_out},
    )
    with workplace(scheduler) as make_place:
        found = found_in(given, tables, reading, make_place, shard)
        header = write_part(out, found, header)
    if as_json:
        say(header.model_dump_json(by_alias=True))
        return
    say(f"Part {shard.number} of {shard.of}: {header.persons} persons in {out}.")
    say(f"When all {shard.of} are there: nof1 merge PART...")
