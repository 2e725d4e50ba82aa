"""Many persons together: the average, how much persons differ, each one, the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from nof1.errors import Checked, InputError
from nof1.files.new_file import write_new
from nof1.pooling.analysis import MANY
from nof1.pooling.analysis import pool as pooled
from nof1.pooling.cautions import beyond_the_scale
from nof1.pooling.exact.solving import MakePlace
from nof1.pooling.persons.members import Members, PlacedContribution, members
from nof1.pooling.prior import prior_text
from nof1.provenance import software
from nof1.trial.tables.table import DataTable
from nof1.words.caution import said
from nof1.workflow.analyses import Analysed, Analyses
from nof1.workflow.changes import PlanChanges
from nof1.workflow.persons import (
    FromTables,
    PoolSources,
    Reading,
    found_in,
    read_tables,
    refuse_unread,
    sources,
)
from nof1.workflow.pool_result import PoolResult
from nof1.workflow.progress import Progress, Tell, silent, unseen
from nof1.workflow.question import PoolOptions, Purpose, Shape, nobody_to_ask, workplace
from nof1.workflow.sources import (
    Data,
    Label,
    each,
    ends,
    label,
    number,
    pairs,
    reasons,
    source_of,
    texts,
)
from nof1.workflow.tables import TableOptions
from nof1.workflow.tidy import write_tables

#: Persons from which on pooling takes longer than a moment.
LONG = 20


def pool(
    data: Data,
    *,
    purpose: Purpose | None = None,
    population: Shape | None = None,
    mcid: float | None = None,
    decision: Mapping[str, float | str] | None = None,
    moderators: str | Sequence[str] | None = None,
    planned: str = "",
    exclude: str | Sequence[str] | Mapping[str, str] | None = None,
    prior_out: str | Path | None = None,
    csv: str | Path | None = None,
    scheduler: str | None = None,
    outcome: str | None = None,
    columns: Mapping[str, str] | None = None,
    active: Label | Sequence[Label] | None = None,
    comparator: Label | None = None,
    scale: tuple[float, float] | None = None,
    better: Literal["lower", "higher"] | None = None,
    recall: int | None = None,
    allocation: str | Path | None = None,
    period_days: int | Literal["runs"] | None = None,
    gaps: Literal["before", "after", "off"] | None = None,
    half_life: float | None = None,
    sheet: str | None = None,
    date_order: str | None = None,
    decimal_comma: bool | None = None,
    timezone: str | None = None,
    carryover: str | None = None,
    trend: Literal["linear", "none"] | None = None,
    period_effects: Literal["random", "none"] | None = None,
    drop_days: int | None = None,
    fill_down: bool = False,
    run_in: Label | Sequence[Label] | None = None,
    rename: Mapping[str, str] | None = None,
    missing: str | float | Sequence[str | float] | None = None,
    words: Mapping[str, float | str] | None = None,
    daily_mean: bool = False,
    score_day: Literal["own", "before"] | None = None,
    person: str | None = None,
    ask_purpose: Callable[[], Purpose | None] = nobody_to_ask,
    tell: Tell = silent,
    progress: Progress = unseen,
) -> PoolResult:
    """Pool the trials of many persons.

    Parameters
    ----------
    data : str, Path or DataFrame, or a list of these
        Files with contributions, and tables in files or in memory: of scores by day, of cycle
        differences, of estimates with standard errors, or of scores by period.
    purpose : {"these", "next"}, optional
        Whether the question is about exactly these persons, or about persons like them.
    population : {"normal", "student-t"}, optional
        How effects scatter over persons; normal by default.
    mcid : float, optional
        Smallest difference that matters, in points; that of the contributions by default.
    decision : mapping of str to float, optional
        Least chances for a verdict: ``meaningful``, ``trivial``, ``better``, ``worse``; those of
        the persons' protocols by default.
    moderators : str or sequence of str, optional
        Facts that may bear on the effect: as shared, or columns of the tables.
    planned : str
        Where the moderators were written down beforehand.
    exclude : mapping of str to str, optional
        Persons to be left out, and why; the reason is needed.
    prior_out : str or Path, optional
        Where to write the prior for the next person.
    csv : str or Path, optional
        A new file to write the table of persons into; that of averages goes beside it, under the
        name with ``-averages`` at its end.
    scheduler : str, optional
        Address of a Dask cluster to work on.
    outcome : str, optional
        The outcome, where there are several.
    carryover, trend, period_effects, drop_days : optional
        Of the plan of analysis of tables; see `analyse`.
    columns, active, comparator, scale, better, recall, allocation, period_days, gaps, half_life,\
 sheet, date_order, decimal_comma, timezone, fill_down, run_in, rename, missing, words,\
 daily_mean, score_day, person : optional
        What tables do not say of themselves; see `TableOptions`.
    ask_purpose : callable
        Asked for the purpose where it was not said, after tables were read.
    tell : callable
        Told a sentence now and then.
    progress : callable
        Hands persons of tables on where there are many; see `Progress`.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    asked = PoolOptions(
        purpose=purpose,
        population=population,
        mcid=number(mcid),
        decision=decision or {},
        moderators=each(moderators),
        planned=planned,
        exclude=reasons(exclude),
        prior_out=None if prior_out is None else Path(prior_out),
        csv=None if csv is None else Path(csv),
    )
    options = TableOptions(
        columns=texts("--columns", columns),
        active=each(active),
        comparator=label(comparator),
        scale=ends(scale),
        better=better,
        mcid=number(mcid),
        recall=recall,
        allocation=allocation,
        period_days=period_days,
        gaps=gaps,
        half_life=number(half_life),
        exclude=reasons(exclude),
        fill_down=fill_down,
        run_in=each(run_in),
        rename=texts("--rename", rename),
        missing=each(missing),
        words=pairs("--words", words),
        daily_mean=daily_mean,
        score_day=score_day,
        sheet=sheet,
        date_order=date_order,
        decimal_comma=decimal_comma,
        timezone=timezone,
        person=label(person),
    )
    changes = PlanChanges(
        carryover=carryover, trend=trend, period_effects=period_effects, drop_days=drop_days
    )
    return pool_sources(
        list(data) if isinstance(data, list | tuple) else [data],
        asked,
        Reading(options=options, changes=changes, outcome=outcome, moderators=asked.moderators),
        scheduler=scheduler,
        ask_purpose=ask_purpose,
        tell=tell,
        progress=progress,
    )


def pool_sources(
    data: Sequence[Data],
    asked: PoolOptions,
    reading: Reading,
    *,
    scheduler: str | None = None,
    ask_purpose: Callable[[], Purpose | None] = nobody_to_ask,
    tell: Tell = silent,
    progress: Progress = unseen,
) -> PoolResult:
    """Pool what is asked, as `pool` does.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    checked = Checked()
    inputs = read_what(data, asked, reading, checked)
    if inputs is None or checked.faults:
        raise InputError(checked.faults)
    tables = read_tables(inputs, reading, tell)
    with workplace(scheduler) as make_place:
        contributions = found_in(inputs, tables, reading, make_place, tell=tell, progress=progress)
        return answer(contributions, tables, asked, make_place, ask_purpose, tell)


def read_what(
    data: Sequence[Data], asked: PoolOptions, reading: Reading, checked: Checked
) -> PoolSources | None:
    """Return what is read, and note what is wrong with it and with all that is asked."""
    asked.check(checked)
    reading.options.check(checked)
    inputs = checked(lambda: sources([_source(source) for source in data]))
    if inputs is not None:
        checked(lambda: refuse_unread(inputs, reading))
    return inputs


def _source(data: Data) -> Path | DataTable | Analyses:
    """Return finished analyses as they are, and anything else as `source_of` does."""
    if isinstance(data, Analysed):
        return Analyses(each=(data,), left_out=(), source=data.person, software=software())
    return data if isinstance(data, Analyses) else source_of(data)


def answer(
    contributions: Iterable[PlacedContribution],
    tables: FromTables,
    asked: PoolOptions,
    make_place: MakePlace,
    ask_purpose: Callable[[], Purpose | None],
    tell: Tell,
) -> PoolResult:
    """Return the pooled answer, after writing what is to be written."""
    question = asked.question(tables.facts, tables.active, ask_purpose)

    kept: list[Members] = []

    def together() -> Members:
        gathered = members(
            contributions, leave_out=asked.exclude, already=tables.left_out, mcid=question.mcid
        )
        if len(gathered.people) >= LONG:
            tell(f"Pooling {len(gathered.people):,} persons ...")
        if len(gathered.people) <= MANY:
            kept.append(gathered)
        return gathered

    # Of very many persons nothing is kept, so that memory is free again for what comes later.
    fit = pooled(together(), question, make_place)
    fit = fit.with_warnings((*said(beyond_the_scale(fit, tables.levels)), *tables.notes))
    if (target := asked.prior_out) is not None:
        write_new(target, prior_text(fit).splitlines())
        tell(f"Written: {target}. For the next trial: cat {target} >> my.toml")
    result = PoolResult(
        fit=fit,
        question=question,
        members=kept[0] if kept else None,
        written=asked.prior_out,
    )
    if asked.csv is not None:
        averages = asked.csv.with_stem(f"{asked.csv.stem}-averages")
        tables_by_file = {
            asked.csv: result.to_table("persons"),
            averages: result.to_table("averages"),
        }
        write_tables(tables_by_file)
        for file in tables_by_file:
            tell(f"Written: {file}.")
    return result
