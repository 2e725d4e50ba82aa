"""What is pooled: contributions in files, and persons of tables."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from nof1.errors import Checked, Fault, InputError
from nof1.pooling.exact.workplace import Workplace
from nof1.pooling.persons.facts import Fact
from nof1.pooling.persons.members import Excluded, PlacedContribution
from nof1.pooling.shards import Shard, read_header
from nof1.pooling.tables.table_persons import from_people
from nof1.protocol.tables import AnalysisPlan
from nof1.sharing.files import is_contributions, read_contributions
from nof1.sharing.from_scores import PersonData, code_of, comparator_level, plain_names, why_not
from nof1.trial.foreign.persons import note_on_left_out
from nof1.trial.tables.table import DataTable
from nof1.words.caution import Said, said, sentence
from nof1.workflow.analyses import Analyses
from nof1.workflow.changes import PlanChanges, option_of
from nof1.workflow.progress import Progress, Tell, unseen
from nof1.workflow.tables import TableOptions, TableRead

#: Persons of tables from which on solving them takes long enough for a progress bar.
MANY = 100
#: Contributions between two notes on how many were read.
READ = 20_000


@dataclass(frozen=True, kw_only=True)
class PoolSources:
    """What is read, by kind.

    Attributes
    ----------
    shared : tuple of Path
        Files with contributions.
    tables : tuple of Path or DataTable
        With scores.
    analysed : tuple of Analyses
        Persons whose trials were analysed already.
    """

    shared: tuple[Path, ...]
    tables: tuple[Path | DataTable, ...]
    analysed: tuple[Analyses, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FromTables:
    """What was read from tables.

    Attributes
    ----------
    people : list of (str, PersonData)
        Where each person stands, and the outcome that is pooled.
    notes : list of Said
        What was assumed.
    left_out : list of Excluded
        Persons of the tables who are not pooled.
    summarised : list of (str, Contribution)
        Where each person of a table of summaries stands, and what they give.
    facts : dict of str to dict of str to float or str
        What columns that were asked for say, by name and person.
    levels : dict of str to float
        Mean score on the comparator, by person.
    active : list of str
        The active arms that are reported, where --active chose some.
    """

    people: list[tuple[str, PersonData]] = field(default_factory=list)
    notes: list[Said] = field(default_factory=list)
    left_out: list[Excluded] = field(default_factory=list)
    summarised: list[PlacedContribution] = field(default_factory=list)
    facts: dict[str, dict[str, Fact]] = field(default_factory=dict)
    levels: dict[str, float] = field(default_factory=dict)
    active: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How tables are read, and of which outcome.

    Attributes
    ----------
    options : TableOptions
        What tables do not say of themselves.
    changes : PlanChanges
        To the plan of analysis.
    outcome : str or None
        The only outcome wanted; None for a table's first.
    moderators : tuple of str
        Facts about persons that are wanted.
    """

    options: TableOptions
    changes: PlanChanges
    outcome: str | None
    moderators: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return all of it as JSON can carry it."""
        return {**self.options.plain(), **self.changes.non_defaults(), "outcome": self.outcome}


def sources(data: Sequence[Path | DataTable | Analyses]) -> PoolSources:
    """Return what is read, by kind.

    Raises
    ------
    InputError
        With every file that is missing, given twice, a folder, or one of several parts.
    """
    files = [source for source in data if isinstance(source, Path)]
    checked = Checked()
    for path in dict.fromkeys(files):
        checked(partial(_refuse, path, files))
    checked.stop()
    return PoolSources(
        shared=tuple(path for path in files if is_contributions(path)),
        tables=tuple(
            source
            for source in data
            if isinstance(source, DataTable)
            or (isinstance(source, Path) and not is_contributions(source))
        ),
        analysed=tuple(source for source in data if isinstance(source, Analyses)),
    )


def _refuse(path: Path, files: Sequence[Path]) -> None:
    where = str(path)
    if not path.exists():
        raise InputError(Fault(where, "there is no such file", "Check the name."))
    if (path / "protocol.toml").exists():
        share = shlex.join(("nof1", "share", str(path), "--out", f"{path.name}.json"))
        mend = f"Make its contribution first: `{share}`."
        raise InputError(Fault(where, "is a trial folder", mend))
    if path.is_dir():
        raise InputError(Fault(where, "is a folder", f"Give the files in it: {path}/*.json."))
    if files.count(path) > 1:
        raise InputError(Fault(where, "is given twice", "Give every file once."))
    header = read_header(path) if is_contributions(path) else None
    if header is not None and header.of > 1:
        what = f"is part {header.shard} of {header.of} of a pool"
        raise InputError(Fault(where, what, "Give all parts to `nof1 merge`."))


def refuse_unread(sources: PoolSources, reading: Reading) -> None:
    """Refuse options for tables where there is none."""
    if sources.tables:
        return
    changes = [option_of(name) for name, value in reading.changes.non_defaults().items() if value]
    unfit = [
        Fault(name, "is for tables, and none is given", "Leave it out.")
        for name in (*reading.options.options(), *changes)
        if name not in ("--mcid", "--exclude")
    ]
    if unfit:
        raise InputError(unfit)


def read_tables(inputs: PoolSources, reading: Reading, tell: Tell) -> FromTables:
    """Return the persons of tables, read or analysed already, what was assumed, who is left out.

    Raises
    ------
    InputError
        With all that is wrong with all tables.
    """
    checked = Checked()
    from_tables = FromTables()
    for table in inputs.tables:
        checked(partial(_read, table, reading, from_tables, tell))
    for analyses in inputs.analysed:
        checked(partial(_add_analysed, analyses, reading.outcome, from_tables, tell))
    checked.stop()
    return replace(
        from_tables,
        notes=list(dict.fromkeys(from_tables.notes)),
        active=list(dict.fromkeys(from_tables.active)),
    )


def _read(table: Path | DataTable, reading: Reading, from_tables: FromTables, tell: Tell) -> None:
    """Add the persons of a table, of whichever kind it is."""
    moderators = tuple(dict.fromkeys(reading.moderators))
    for name, values in reading.options.facts(table, moderators).items():
        from_tables.facts.setdefault(name, {}).update(values)
    where = str(table) if isinstance(table, Path) else table.name
    summarised = reading.options.summarised(table, reading.outcome)
    if summarised is not None:
        from_tables.summarised.extend(
            (where, contribution) for contribution in summarised.contributions
        )
        from_tables.notes.extend(said(summarised.notes))
        from_tables.left_out.extend(summarised.left_out)
        return
    read = reading.options.read(table, reading.changes.of(AnalysisPlan()))
    _add(where, read, reading.outcome, from_tables, tell)


def _add_analysed(
    analyses: Analyses, outcome: str | None, from_tables: FromTables, tell: Tell
) -> None:
    """Add the persons of finished analyses, by the first outcome unless another is wanted."""
    first = analyses.each[0]
    read = TableRead(
        people=list({id(person.data): person.data for person in analyses}.values()),
        plan=first.plan,
        left_out=analyses.left_out,
    )
    _add(analyses.source, read, outcome or first.outcome, from_tables, tell)


def _add(
    where: str, read: TableRead, wanted: str | None, from_tables: FromTables, tell: Tell
) -> None:
    """Add the persons of a table of scores by day."""
    known = list(
        dict.fromkeys(
            known_series.outcome for data in read.people for known_series in data.masked.series
        )
    )
    outcome = wanted or known[0]
    if outcome not in known:
        mend = f"Give one of {', '.join(known)}."
        raise InputError(Fault("--outcome", f"there is no outcome {outcome!r} in {where}", mend))
    from_tables.left_out.extend(
        Excluded(person=code_of(person.person), why=person.why or "on request")
        for person in read.left_out
    )
    doubts = dict.fromkeys(
        candidate.scale_doubt
        for data in read.people
        for candidate in data.masked.series
        if candidate.outcome == outcome and candidate.scale_doubt
    )
    for doubt in doubts:
        tell(f"{where}: {sentence(doubt)}")
    from_tables.notes.extend(said(doubts))
    named = note_on_left_out(read.left_out)  # told by the list of those left out
    (outcome_id,) = plain_names([outcome], where).values()
    arm_ids = plain_names(
        list(dict.fromkeys(arm for data in read.people for arm in data.arms)), where
    )
    for person in read.people:
        data = replace(person, arms=tuple(arm_ids[arm] for arm in person.arms))
        from_tables.notes.extend(said(note for note in data.notes if note not in named))
        from_tables.active.extend(data.arms[number] for number in data.reported)
        series = [candidate for candidate in data.masked.series if candidate.outcome == outcome]
        person_data = (
            PersonData(data=data, series=replace(series[0], outcome=outcome_id), plan=read.plan)
            if series
            else None
        )
        why = f"no score of {outcome}" if person_data is None else why_not(person_data)
        if person_data is None or why:
            code = code_of(data.masked.person)
            from_tables.left_out.append(Excluded(person=code, why=why))
        else:
            from_tables.people.append((where, person_data))
            if (level := comparator_level(person_data)) is not None:
                from_tables.levels[code_of(data.masked.person)] = level


def found_in(
    sources: PoolSources,
    tables: FromTables,
    reading: Reading,
    make_place: Callable[[Sequence[Any]], Workplace],
    shard: Shard | None = None,
    *,
    tell: Tell,
    progress: Progress,
) -> Iterator[PlacedContribution]:
    """Yield where each contribution was found, and what: of files, then of persons of tables."""
    outcomes = set()
    for where, contribution in counted(read_contributions(sources.shared), tell):
        outcomes.add(contribution.outcome.id)
        if reading.outcome in (None, contribution.outcome.id) and (
            shard is None or shard.holds(contribution.id)
        ):
            yield where, contribution
    if sources.shared and reading.outcome not in (None, *outcomes):
        mend = f"Give one of {', '.join(sorted(outcomes))}."
        what = f"no contribution has the outcome {reading.outcome!r}"
        raise InputError(Fault("--outcome", what, mend))

    def held(code: str) -> bool:
        return shard is None or shard.holds(code)

    yield from (pair for pair in tables.summarised if held(pair[1].id))
    mine = [pair for pair in tables.people if held(code_of(pair[1].data.masked.person))]
    solved = from_people([person for _, person in mine], make_place)
    shown = progress if len(mine) >= MANY else unseen
    for (where, _), contribution in zip(
        mine, shown(solved, n=len(mine), label="Solving"), strict=True
    ):
        yield where, contribution


def counted(
    contributions: Iterable[PlacedContribution], tell: Tell
) -> Iterator[PlacedContribution]:
    """Yield contributions, and say now and then how many were read."""
    for number, contribution in enumerate(contributions, start=1):
        yield contribution
        if number % READ == 0:
            tell(f"{number:,} contributions read ...")
