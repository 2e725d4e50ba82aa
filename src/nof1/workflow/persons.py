"""What is pooled: contributions in files, and persons of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from nof1.errors import Checked, Fault, InputError
from nof1.pooling.exact.workplace import Workplace
from nof1.pooling.persons.facts import Fact
from nof1.pooling.persons.members import Excluded, Found
from nof1.pooling.shards import Shard, read_header
from nof1.pooling.tables.table_persons import from_people
from nof1.protocol.tables import AnalysisPlan
from nof1.sharing.files import is_contributions, read_contributions
from nof1.sharing.from_scores import PersonData, code_of, comparator_level, why_not
from nof1.trial.foreign.persons import note_on_left_out
from nof1.trial.tables import DataTable
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
    """

    shared: tuple[Path, ...]
    tables: tuple[Path | DataTable, ...]


@dataclass(frozen=True, kw_only=True)
class FromTables:
    """What was read from tables.

    Attributes
    ----------
    people : list of (str, PersonData)
        Where each person stands, and the outcome that is pooled.
    notes : list of str
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
    notes: list[str] = field(default_factory=list)
    left_out: list[Excluded] = field(default_factory=list)
    summarised: list[Found] = field(default_factory=list)
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
        return {**self.options.plain(), **self.changes.given(), "outcome": self.outcome}


def sources(given: Sequence[Path | DataTable]) -> PoolSources:
    """Return what is read, by kind.

    Raises
    ------
    InputError
        With every file that is missing, given twice, a folder, or one of several parts.
    """
    files = [one for one in given if isinstance(one, Path)]
    checked = Checked()
    for path in dict.fromkeys(files):
        checked(partial(_refuse, path, files))
    checked.stop()
    return PoolSources(
        shared=tuple(path for path in files if is_contributions(path)),
        tables=tuple(
            one for one in given if isinstance(one, DataTable) or not is_contributions(one)
        ),
    )


def _refuse(path: Path, files: Sequence[Path]) -> None:
    where = str(path)
    if not path.exists():
        raise InputError(Fault(where, "there is no such file", "Check the name."))
    if (path / "protocol.toml").exists():
        mend = f"Make its contribution first: nof1 share {path} --out {path.name}.json."
        raise InputError(Fault(where, "is a trial folder", mend))
    if path.is_dir():
        raise InputError(Fault(where, "is a folder", f"Give the files in it: {path}/*.json."))
    if files.count(path) > 1:
        raise InputError(Fault(where, "is given twice", "Give every file once."))
    header = read_header(path) if is_contributions(path) else None
    if header is not None and header.of > 1:
        what = f"is part {header.shard} of {header.of} of a pool"
        raise InputError(Fault(where, what, "Give all parts to `nof1 merge`."))


def refuse_unread(given: PoolSources, reading: Reading) -> None:
    """Refuse options for tables where there is none."""
    if given.tables:
        return
    changes = [option_of(name) for name, value in reading.changes.given().items() if value]
    unfit = [
        Fault(name, "is for tables, and none is given", "Leave it out.")
        for name in (*reading.options.options(), *changes)
        if name not in ("--mcid", "--exclude")
    ]
    if unfit:
        raise InputError(unfit)


def read_tables(tables: Sequence[Path | DataTable], reading: Reading, tell: Tell) -> FromTables:
    """Return the persons of tables, what was assumed, and who is left out.

    Raises
    ------
    InputError
        With all that is wrong with all tables.
    """
    checked = Checked()
    found = FromTables()
    for table in tables:
        checked(partial(_read, table, reading, found, tell))
    checked.stop()
    return replace(
        found,
        notes=list(dict.fromkeys(found.notes)),
        active=list(dict.fromkeys(found.active)),
    )


def _read(table: Path | DataTable, reading: Reading, found: FromTables, tell: Tell) -> None:
    """Add the persons of a table, of whichever kind it is."""
    moderators = tuple(dict.fromkeys(reading.moderators))
    for name, values in reading.options.facts(table, moderators).items():
        found.facts.setdefault(name, {}).update(values)
    where = str(table) if isinstance(table, Path) else table.name
    summarised = reading.options.summarised(table, reading.outcome)
    if summarised is not None:
        found.summarised.extend((where, one) for one in summarised.contributions)
        found.notes.extend(summarised.notes)
        found.left_out.extend(summarised.left_out)
        return
    read = reading.options.read(table, reading.changes.of(AnalysisPlan()))
    _add(where, read, reading.outcome, found, tell)


def _add(where: str, read: TableRead, wanted: str | None, found: FromTables, tell: Tell) -> None:
    """Add the persons of a table of scores by day."""
    known = list(dict.fromkeys(one.outcome for data in read.people for one in data.masked.series))
    outcome = wanted or known[0]
    if outcome not in known:
        mend = f"Give one of {', '.join(known)}."
        raise InputError(Fault("--outcome", f"there is no outcome {outcome!r} in {where}", mend))
    found.left_out.extend(
        Excluded(person=code_of(one.person), why=one.why or "on request") for one in read.left_out
    )
    doubts = dict.fromkeys(
        one.scale_doubt
        for data in read.people
        for one in data.masked.series
        if one.outcome == outcome and one.scale_doubt
    )
    for doubt in doubts:
        tell(f"{where}: {doubt}")
    found.notes.extend(doubts)
    named = note_on_left_out(read.left_out)  # told by the list of those left out
    for data in read.people:
        found.notes.extend(line for line in data.notes if line not in named)
        found.active.extend(data.arms[number] for number in data.reported)
        series = [one for one in data.masked.series if one.outcome == outcome]
        one = PersonData(data=data, series=series[0], plan=read.plan) if series else None
        why = f"no score of {outcome}" if one is None else why_not(one)
        if one is None or why:
            code = code_of(data.masked.person)
            found.left_out.append(Excluded(person=code, why=why))
        else:
            found.people.append((where, one))
            if (level := comparator_level(one)) is not None:
                found.levels[code_of(data.masked.person)] = level


def found_in(
    given: PoolSources,
    tables: FromTables,
    reading: Reading,
    make_place: Callable[[Sequence[Any]], Workplace],
    shard: Shard | None = None,
    *,
    tell: Tell,
    progress: Progress,
) -> Iterator[Found]:
    """Yield where each contribution was found, and what: of files, then of persons of tables."""
    outcomes = set()
    for where, one in counted(read_contributions(given.shared), tell):
        outcomes.add(one.outcome.id)
        if reading.outcome in (None, one.outcome.id) and (shard is None or shard.holds(one.id)):
            yield where, one
    if given.shared and reading.outcome not in (None, *outcomes):
        mend = f"Give one of {', '.join(sorted(outcomes))}."
        what = f"no contribution has the outcome {reading.outcome!r}"
        raise InputError(Fault("--outcome", what, mend))

    def held(code: str) -> bool:
        return shard is None or shard.holds(code)

    yield from (pair for pair in tables.summarised if held(pair[1].id))
    mine = [pair for pair in tables.people if held(code_of(pair[1].data.masked.person))]
    solved = from_people([one for _, one in mine], make_place)
    shown = progress if len(mine) >= MANY else unseen
    for (where, _), one in zip(mine, shown(solved, n=len(mine), label="Solving"), strict=True):
        yield where, one


def counted(found: Iterable[Found], tell: Tell) -> Iterator[Found]:
    """Yield contributions, and say now and then how many were read."""
    for number, one in enumerate(found, start=1):
        yield one
        if number % READ == 0:
            tell(f"{number:,} contributions read ...")
