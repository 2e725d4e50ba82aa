"""From a trial folder, a file or a DataFrame to every engine's answers."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from nof1.errors import Fault, InputError
from nof1.inference.analysis import DEFAULT_ENGINES, ENGINES
from nof1.inference.analysis import analyse as by_all_engines
from nof1.protocol.tables import AnalysisPlan, Decision
from nof1.provenance import software
from nof1.trial.data import Series, TrialData
from nof1.words.caution import Caution
from nof1.workflow.analyses import Analysed, Analyses
from nof1.workflow.changes import PlanChanges
from nof1.workflow.progress import Progress, Tell, silent, unseen
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
from nof1.workflow.targets import refuse_missing

if TYPE_CHECKING:
    from nof1.trial.foreign.persons import PersonLeftOut
    from nof1.trial.tables.table import DataTable

#: Analyses from which on they take longer than a moment.
SEVERAL = 4


def analyse(
    data: Data,
    *,
    outcome: str | Sequence[str] | None = None,
    engines: str | Sequence[str] | None = None,
    carryover: str | None = None,
    half_lives: Literal["one", "two"] | None = None,
    trend: Literal["linear", "none"] | None = None,
    period_effects: Literal["random", "none"] | None = None,
    statistic: Literal["difference", "studentised"] | None = None,
    half_life: float | None = None,
    likelihood: str | None = None,
    sample: bool = False,
    drop_days: int | None = None,
    scale: tuple[float, float] | None = None,
    better: Literal["lower", "higher"] | None = None,
    mcid: float | None = None,
    recall: int | None = None,
    covariates: str | Sequence[str] | None = None,
    columns: Mapping[str, str] | None = None,
    active: Label | Sequence[Label] | None = None,
    comparator: Label | None = None,
    allocation: str | Path | None = None,
    period_days: int | Literal["runs"] | None = None,
    gaps: Literal["before", "after", "off"] | None = None,
    exclude: str | Sequence[str] | Mapping[str, str] | None = None,
    fill_down: bool = False,
    run_in: Label | Sequence[Label] | None = None,
    rename: Mapping[str, str] | None = None,
    missing: str | float | Sequence[str | float] | None = None,
    words: Mapping[str, float | str] | None = None,
    daily_mean: bool = False,
    score_day: Literal["own", "before"] | None = None,
    sheet: str | None = None,
    date_order: str | None = None,
    decimal_comma: bool | None = None,
    timezone: str | None = None,
    person: str | None = None,
    csv: str | Path | None = None,
    tell: Tell = silent,
    progress: Progress = unseen,
) -> Analyses:
    """Analyse an unsealed trial, or any long table of one or more persons.

    Parameters
    ----------
    data : str, Path or DataFrame
        A trial folder, or a table: in a file, or in memory, of any library.
    outcome : str or sequence of str, optional
        Only these outcomes; all by default.
    engines : str or sequence of str, optional
        Only these engines; all but ``nuts`` by default.
    carryover : {"estimate", "none", "fixed:DAYS"}, optional
        How carryover acts. This and the next six are of the plan of analysis: by default as the
        protocol promised, or as `AnalysisPlan` has it for a table.
    half_lives : {"one", "two"}, optional
        Whether the effect rises and falls alike.
    trend : {"linear", "none"}, optional
        Drift over the trial.
    period_effects : {"random", "none"}, optional
        Shifts of whole periods.
    statistic : {"difference", "studentised"}, optional
        Statistic of the randomisation test.
    likelihood : str, optional
        What scores are taken as besides normal.
    drop_days : int, optional
        Days left out at the start of every period.
    sample : bool
        Let PyMC answer where the exact engines cannot; takes minutes.
    half_life, scale, better, mcid, recall, covariates, columns, active, comparator, allocation,\
 period_days, gaps, exclude, fill_down, run_in, rename, missing, words, daily_mean, score_day,\
 sheet, date_order, decimal_comma, timezone, person : optional
        What a table does not say of itself; see `TableOptions`.
    csv : str or Path, optional
        A new file to write the table of `Analyses.to_frame` into.
    tell : callable
        Told a sentence now and then.
    progress : callable
        Hands the analyses on where there are several; see `Progress`.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    changes = PlanChanges(
        carryover=carryover,
        half_lives=half_lives,
        trend=trend,
        period_effects=period_effects,
        drop_days=drop_days,
        likelihood=likelihood,
        randomisation_statistic=statistic,
    )
    options = TableOptions(
        columns=texts("--columns", columns),
        active=each(active),
        comparator=label(comparator),
        scale=ends(scale),
        better=better,
        mcid=number(mcid),
        recall=recall,
        covariates=each(covariates),
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
    wanted = _known_engines(each(engines))
    target = None if csv is None else Path(csv)
    if target is not None:
        refuse_missing("--csv", target.absolute().parent)
    source = source_of(data)
    read = _read(source, options, changes)
    chosen = _chosen(read.people, each(outcome), tell)
    # Answers to items can only be sampled: who asks for them wants that.
    sampled = sample or likelihood == "ordinal"
    analyses = Analyses(
        each=tuple(_analysed(chosen, read, wanted, tell, progress, sampled=sampled)),
        left_out=read.left_out,
        source=str(source) if isinstance(source, Path) else source.name,
        software=software(),
    )
    if target is not None:
        from nof1.workflow.tidy import write_tables

        write_tables({target: analyses.to_table()})
        tell(f"Written: {target}.")
    return analyses


def say_sampling(tell: Tell, why: str) -> None:
    """Say why sampling begins, and keep the sampler's own chatter away."""
    tell(f"{why} The first time on a computer it is compiled, which takes longer.")
    logging.getLogger("pymc").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """Trials, how they are to be analysed, and names of arms in print where these are known."""

    people: Sequence[TrialData]
    plan: AnalysisPlan
    decision: Decision
    left_out: tuple[PersonLeftOut, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


def _read(source: Path | DataTable, options: TableOptions, changes: PlanChanges) -> _Read:
    if isinstance(source, Path) and source.is_dir():
        return _from_trial(source, options, changes)
    if isinstance(source, Path) and not source.exists():
        mend = "Give a trial folder or a table."
        raise InputError(Fault(str(source), "there is no such file or folder", mend))
    return _from_table(source, options, changes)


def _from_trial(folder: Path, options: TableOptions, changes: PlanChanges) -> _Read:
    """Return the trial's data, its promised plan (changed on request, and said) and decision."""
    from nof1.trial.folder import open_trial
    from nof1.trial.noting import noted_data

    what = "is for tables; a trial's protocol says it already"
    if faults := [Fault(name, what, "Leave it out.") for name in options.options()]:
        raise InputError(faults)
    trial = open_trial(folder)
    data = noted_data(trial)
    if changed := changes.non_defaults():
        said = Caution.of("not-as-promised", changes=tuple(changed.items()))
        data = replace(data, notes=(*data.notes, said))
    plan = changes.of(trial.protocol.analysis)
    labels = {arm.id: arm.label for arm in trial.protocol.arms}
    return _Read(people=[data], plan=plan, decision=trial.protocol.decision, labels=labels)


def _from_table(source: Path | DataTable, options: TableOptions, changes: PlanChanges) -> _Read:
    """Return the trials of a table, the default plan (changed on request) and decision."""
    read = options.read(source, changes.of(AnalysisPlan()))
    known = {person.person for person in read.left_out if person.asked}
    unknown = [
        Fault(f"--exclude {code}", "there is no such person", "Check the code.")
        for code in options.exclude
        if code not in known
    ]
    if unknown:
        raise InputError(unknown)
    return _Read(people=read.people, plan=read.plan, decision=Decision(), left_out=read.left_out)


def _known_engines(names: Sequence[str]) -> tuple[str, ...]:
    """Return the engines that are wanted, the default ones where none is named."""
    mend = f"Give one of {', '.join(ENGINES)}."
    if faults := [
        Fault("--engine", f"there is no engine {name!r}", mend)
        for name in names
        if name not in ENGINES
    ]:
        raise InputError(faults)
    return tuple(names) or DEFAULT_ENGINES


def _chosen(
    people: Sequence[TrialData], outcomes: Sequence[str], tell: Tell
) -> list[tuple[TrialData, Series]]:
    """Return every person's wanted outcomes, the primary first, if it has scores."""
    known = list(dict.fromkeys(s.outcome for data in people for s in data.masked.series))
    faults = [
        Fault("--outcome", f"there is no outcome {name!r}", f"Give one of {', '.join(known)}.")
        for name in outcomes
        if name not in known
    ]
    if faults:
        raise InputError(faults)
    scored = []
    for data in people:
        for series in data.masked.series:
            if outcomes and series.outcome not in outcomes:
                continue
            if np.isnan(series.score).all():
                tell(f"{data.masked.person}: no score of {series.outcome} was recorded; left out.")
            else:
                scored.append((data, series))
    if not scored:
        mend = "Record or import scores, before the lock."
        raise InputError(Fault("", "there is no score to analyse", mend))
    return scored


def _analysed(
    chosen: Sequence[tuple[TrialData, Series]],
    read: _Read,
    engines: Sequence[str],
    tell: Tell,
    progress: Progress,
    *,
    sampled: bool,
) -> Iterator[Analysed]:
    """Yield the analyses, by way of `progress` where there are many or one takes minutes."""
    if "nuts" in engines:
        say_sampling(tell, "Sampling with PyMC.")
    if read.plan.likelihood == "ordinal" and "quadrature" in engines:
        _refuse_without_items(chosen)
    shown = progress if len(chosen) >= SEVERAL or "nuts" in engines else unseen
    before_sampling = partial(say_sampling, tell) if sampled else None
    for data, series in shown(chosen, n=len(chosen), label="Analysing"):
        analysis = by_all_engines(
            data,
            series,
            read.plan,
            read.decision,
            engines=engines,
            before_sampling=before_sampling,
        )
        yield Analysed(
            analysis=analysis,
            data=data,
            series=series,
            plan=read.plan,
            decision=read.decision,
            labels=read.labels,
        )


def _refuse_without_items(chosen: Sequence[tuple[TrialData, Series]]) -> None:
    if all(series.items is None for _, series in chosen):
        raise InputError(
            Fault(
                "likelihood ordinal",
                "no answers to single items were recorded",
                "Record scores with --items, or choose another --likelihood.",
            )
        )
