"""The ways in: what is read, from which valid inputs, how these are spoiled, and how often."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from fuzzing import seeds
from fuzzing.mutations import (
    VALUES,
    WORDS,
    spoiled_archive,
    spoiled_bytes,
    spoiled_cells,
    spoiled_json,
    spoiled_text,
    spoiled_tree,
)
from nof1.words.caution import sentence
from support.chains import chained

if TYPE_CHECKING:
    from nof1.workflow.tables import TableOptions

#: Makes the reading of one spoiled input, in a scratch folder.
Make = Callable[[Random, Path], Callable[[], Any]]


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One way in.

    Attributes
    ----------
    name : str
        What is read.
    make : callable
        Spoils a valid input, writes it where it is needed, and returns what reads it.
    share : int
        Inputs of every thousand.
    """

    name: str
    make: Make
    share: int


def _file(scratch: Path, name: str, data: bytes) -> Path:
    path = scratch / name
    path.write_bytes(data)
    return path


def _table(path: Path, random: Random) -> Callable[[], Any]:
    """Read a table as `nof1 analyse` and `nof1 pool` do, with an option or two."""
    from nof1.protocol.tables import AnalysisPlan
    from nof1.workflow.tables import TableOptions

    options = TableOptions(scale=(0.0, 10.0), better="lower", mcid=1.0, allocation="none")
    if random.random() < 0.3:
        options = TableOptions()
    if random.random() < 0.2:
        options = TableOptions(
            scale=(0.0, 10.0), fill_down=True, daily_mean=True, gaps="before", date_order="dmy",
            decimal_comma=True, timezone="Europe/Berlin", period_days=4,
        )  # fmt: skip
    return lambda: options.read(path, AnalysisPlan())


def _text_table(random: Random, scratch: Path) -> Callable[[], Any]:
    text = random.choice(seeds.tables())
    separator = next(mark for mark in ";\t," if mark in text.split("\n")[0])
    if random.random() < 0.7:
        data = spoiled_cells(text, random, separator).encode("utf-8", "replace")
    else:
        data = spoiled_bytes(text.encode(), random)
    return _table(_file(scratch, "table.csv", data), random)


def _record_table(random: Random, scratch: Path) -> Callable[[], Any]:
    records = random.choice(seeds.records())
    if random.random() < 0.3:
        lines = [json.dumps(one) for one in spoiled_tree(records, random)]
        data = spoiled_text("\n".join(lines), random).encode()
    else:
        data = spoiled_json(records, random)
    return _table(_file(scratch, "table.json", data), random)


def _workbook(random: Random, scratch: Path) -> Callable[[], Any]:
    data = spoiled_archive(random.choice(seeds.workbooks()), random)
    return _table(_file(scratch, "table.xlsx", data), random)


def _opendocument(random: Random, scratch: Path) -> Callable[[], Any]:
    data = spoiled_archive(random.choice(seeds.opendocuments()), random)
    return _table(_file(scratch, "table.ods", data), random)


def _summaries(random: Random, scratch: Path) -> Callable[[], Any]:
    from nof1.workflow.tables import TableOptions

    text = random.choice(seeds.summaries())
    path = _file(scratch, "table.csv", spoiled_cells(text, random).encode("utf-8", "replace"))
    options = TableOptions(scale=(-10.0, 10.0), better="lower", active=("B",), comparator="A")
    return lambda: options.summarised(path, None)


def _import(random: Random, scratch: Path) -> Callable[[], Any]:
    from nof1.trial.importing.planning import plan_import
    from nof1.trial.tables.reading import read_table

    text = "date,irls,legs,taken,Loose stools\n" + "".join(
        f"2026-02-{day:02},{18 if day == 15 else ''},{day % 10},1,{'mild' if day == 9 else ''}\n"
        for day in range(9, 23)
    )
    path = _file(scratch, "diary.csv", spoiled_cells(text, random).encode("utf-8", "replace"))
    trial = _running(scratch)
    return lambda: plan_import(
        trial, read_table(path), today=date(2026, 6, 1), columns={}, correction=None
    )


def _numbers(random: Random, _: Path) -> Callable[[], Any]:
    from nof1.trial.numbers import column_numbers
    from nof1.trial.tables.table import DataTable, listed

    form = random.choice(("{}", "{},5", "{}.25", "1.{:03}", "{:,}", "{}%", "{} 000", "-{}"))
    cells: list[Any] = [form.format(random.randrange(1000)) for _ in range(6)]
    for _ in range(random.choice((0, 1, 1, 2))):
        odd = random.choice((*VALUES[:16], *WORDS))
        cells[random.randrange(6)] = (
            spoiled_text(str(odd), random) if random.random() < 0.3 else odd
        )
    rows = tuple((row, (cell,)) for row, cell in enumerate(cells, start=2))
    table = DataTable(name="t.csv", header=("score",), rows=rows, separator=random.choice(",;"))
    return lambda: _raised(column_numbers(table, 0).values.values(), lambda f: listed(f, "t.csv"))


def _dates(random: Random, _: Path) -> Callable[[], Any]:
    from nof1.trial.dates import column_dates
    from nof1.trial.tables.table import DataTable, Notation, listed

    forms = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%y", "%d %b %Y", "%Y-%m-%dT%H:%M:%SZ", "%m/%d/%Y %H:%M")
    form = random.choice(forms)
    days = [date.fromordinal(random.randrange(730_000, 760_000)) for _ in range(5)]
    cells: list[Any] = [day.strftime(form) for day in days]
    for _ in range(random.choice((0, 1, 1, 2))):
        odd = random.choice((*WORDS, *VALUES[:16], days[0], 46055, 2.5e9))
        text = spoiled_text(cells[0], random) if isinstance(cells[0], str) else odd
        cells[random.randrange(5)] = random.choice((odd, text))
    order = random.choice((None, None, "dmy", "mdy", "ymd"))
    rows = tuple((row, (cell,)) for row, cell in enumerate(cells, start=2))
    table = DataTable(
        name="t.csv", header=("date",), rows=rows, separator=",",
        notation=Notation(date_order=order),
    )  # fmt: skip
    return lambda: _raised(column_dates(table, 0).faults, lambda f: listed(f, "t.csv"))


def _raised(found: Any, listed: Callable[[Any], Any]) -> Any:
    """Raise the faults among what was found, as the readers of whole tables do."""
    from nof1.errors import Fault, ScoresError

    faults = [one for one in found if isinstance(one, Fault)]
    if faults:
        raise ScoresError(listed(faults))
    return found


def _checked(options: TableOptions) -> TableOptions:
    """Return options of a table in which nothing is wrong."""
    from nof1.errors import Checked

    checked = Checked()
    options.check(checked)
    checked.stop()
    return options


def _options(random: Random, _: Path) -> Callable[[], Any]:
    from nof1.cli import tables
    from nof1.cli.notation import named_columns
    from nof1.pooling.shards import Shard
    from nof1.trial.foreign.allocation import read_drawn
    from nof1.trial.numbers import read_number
    from nof1.workflow.clock import day_of
    from nof1.workflow.notation import how_written
    from nof1.workflow.record import _number, item_answers
    from nof1.workflow.tables import TableOptions, drawn_from

    parsers: tuple[tuple[str, Callable[[str], Any]], ...] = (
        ("0:10", lambda text: _checked(TableOptions(scale=tables.ends(text)))),
        ("score=mood,date=day", lambda text: named_columns([text])),
        ("7", lambda text: _checked(TableOptions(period_days=tables.length(text)))),
        ("bad=1,good=2", lambda text: _checked(TableOptions(words=tables.scored([text])))),
        ("P07=took iron", lambda text: tables.excluded([text])),
        ("pairs", lambda text: read_drawn(drawn_from(text), ("A", "B"))),
        ("phases:3", lambda text: read_drawn(drawn_from(text), ("A", "B"))),
        ("daily:7", lambda text: read_drawn(drawn_from(text), ("A", "B"))),
        ("dmy", lambda text: how_written(None, text, None, None)),
        ("Europe/Berlin", lambda text: how_written(None, None, None, text)),
        ("2/7", Shard.parsed),
        ("2026-02-08", lambda text: day_of("--date", text)),
        ("3,-,2", item_answers),
        ("4.5", lambda text: _number("irls", text)),
        ("4.5", read_number),
        ("2.5", lambda text: _checked(TableOptions(mcid=float(read_number(text) or 0)))),
    )
    text, parse = random.choice(parsers)
    chance = random.random()
    if chance < 0.3:
        text = random.choice(WORDS)
    elif chance < 0.9:
        text = spoiled_text(text, random)
    return lambda: parse(text)


def _protocol(random: Random, _: Path) -> Callable[[], Any]:
    from nof1.design.schedule import make_schedule
    from nof1.design.sets import allocation_set
    from nof1.protocol.files import parse_protocol

    text = random.choice(seeds.protocols())
    if random.random() < 0.75:
        lines = text.splitlines()
        at = random.choice([n for n, line in enumerate(lines) if line and line[0] != "#"])
        name, equals, _value = lines[at].partition("=")
        if equals and random.random() < 0.6:
            value = random.choice(VALUES)
            shown = random.choice((json.dumps(value, ensure_ascii=False), str(value), "1e400"))
            lines[at] = f"{name}= {shown}"
        else:
            lines[at] = spoiled_text(lines[at], random)
        text = "\n".join(lines) + "\n"
    else:
        text = spoiled_bytes(text.encode(), random).decode("utf-8", "replace")

    def read() -> None:
        protocol = parse_protocol(text, source="protocol.toml")
        sequences = allocation_set(protocol)
        sentence(sequences.describe())
        kits = tuple(f"K{n}" for n in range(protocol.n_periods))
        make_schedule(protocol, start=seeds.START, participant="P01", kits=kits)

    return read


def _answers(random: Random, scratch: Path) -> Callable[[], Any]:
    from nof1.protocol.eligibility import read_answers, screen

    questions = seeds.questions()
    text = "".join(f'{one.code} = "no"\n' for one in questions)
    data = spoiled_text(text, random).encode() if random.random() < 0.5 else b""
    path = _file(scratch, "answers.toml", data or spoiled_bytes(text.encode(), random))
    return lambda: screen(questions, read_answers(path))


_TRIALS: dict[Path, Any] = {}


def _trial(scratch: Path) -> Any:
    """Return a trial with every kind of entry in its log, made once for a scratch folder."""
    from support.shared_persons import unsealed_trial

    if scratch not in _TRIALS:
        noted = [
            ("dose", {"date": "2026-02-10", "taken": 1}),
            ("dose", {"date": "2026-02-11", "taken": 0.5}),
            ("event", {"date": "2026-02-10", "event": "Loose stools", "severity": 2}),
            ("guess", {"period": 1, "guess": "unsure", "certainty": None}),
            ("guess", {"period": 2, "guess": "magnesium", "certainty": 7}),
            ("unblinding", {"period": 2, "by": "Dr Ono", "reason": "fainted"}),
        ]
        _TRIALS[scratch] = unsealed_trial(scratch / "trial", noted=noted)
    return _TRIALS[scratch]


def _running(scratch: Path) -> Any:
    """Return a trial into which tables can be imported, made once for a scratch folder."""
    from support.trial_folders import make_trial

    place = scratch / "running"
    if place not in _TRIALS:
        _TRIALS[place] = make_trial(place)
    return _TRIALS[place]


def _all_of(folder: Path) -> Callable[[], Any]:
    """Open a trial and work out all that is told of one before it is analysed."""
    from nof1.sharing.from_trial import prepare  # noqa: F401  loaded before time is taken
    from nof1.trial import records
    from nof1.trial.checking import check
    from nof1.trial.folder import open_trial

    def read() -> None:
        trial = open_trial(folder)
        json.dumps(check(trial, today=date(2026, 6, 1)).as_json())
        records.masked_data(trial)
        if trial.allocation is not None:
            records.trial_data(trial)

    return read


def _copied(trial: Any, scratch: Path) -> Path:
    folder = scratch / "spoiled"
    folder.mkdir(exist_ok=True)
    for name in ("protocol.toml", "schedule.csv", "allocation.age", "log.jsonl"):
        shutil.copyfile(trial.folder / name, folder / name)
    return folder


def _log(random: Random, scratch: Path) -> Callable[[], Any]:
    folder = _copied(_trial(scratch), scratch)
    log = folder / "log.jsonl"
    data = log.read_bytes()
    lines = [json.loads(line) for line in data.splitlines()]
    if random.random() < 0.1:
        log.write_bytes(spoiled_bytes(data, random))
    else:
        keep = sorted(random.sample(range(3, len(lines)), 12))
        lines = [*lines[:3], *(lines[at] for at in keep)]
        at = random.randrange(len(lines))
        body = random.random() < 0.8
        part = spoiled_tree(lines[at]["body"] if body else lines[at], random)
        lines[at] = {**lines[at], "body": part} if body else part
        if random.random() < 0.2:
            lines.insert(random.randrange(len(lines)), random.choice(lines))
        _write_chain(log, lines)
    return _all_of(folder)


def _write_chain(log: Path, lines: list[Any]) -> None:
    """Write a chain of lines, or what can be written of lines that no JSON text can hold."""
    try:
        log.write_bytes(chained(lines))
    except (ValueError, TypeError, RecursionError):
        log.write_bytes(b"".join(json.dumps(line).encode() + b"\n" for line in lines))


def _schedule(random: Random, scratch: Path) -> Callable[[], Any]:
    from nof1.provenance import sha256_hex

    folder = _copied(_trial(scratch), scratch)
    text = (folder / "schedule.csv").read_text(encoding="utf-8")
    if random.random() < 0.8:
        data = spoiled_cells(text, random).encode("utf-8", "replace")
    else:
        data = spoiled_bytes(text.encode(), random)
    (folder / "schedule.csv").write_bytes(data)
    log = folder / "log.jsonl"
    lines = [json.loads(line) for line in log.read_bytes().splitlines()[:6]]
    lines[1]["body"]["schedule_digest"] = sha256_hex(data)
    log.write_bytes(chained(lines))
    return _all_of(folder)


def _sealed(random: Random, _: Path) -> Callable[[], Any]:
    import pyrage

    from nof1.design.allocation import Allocation, Bound
    from nof1.design.sealing import Identity, open_seal, sealed_text

    secret = pyrage.x25519.Identity.generate()
    digest = "ab" * 32
    allocation = Allocation(
        arms=("a", "b"), kits=("K7QF", "M3WD"), seed=b"\1" * 32, salt=b"\2" * 32,
        bound=Bound(protocol_file=digest, schedule_file=digest),
    )  # fmt: skip
    text = spoiled_json(json.loads(sealed_text(allocation)), random)
    sealed = bytes(pyrage.encrypt(text, [secret.to_public()]))
    if random.random() < 0.3:
        sealed = spoiled_bytes(sealed, random)
    return lambda: open_seal(sealed, Identity(str(secret)))


def _keys(random: Random, scratch: Path) -> Callable[[], Any]:
    from nof1.design.passphrase import Passphrase
    from nof1.design.sealing import Identity, Recipient

    identity = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
    recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
    way = random.randrange(4)
    data = (identity, "correct horse battery", recipient, "correct horse battery")[way].encode()
    if random.random() < 0.9:
        data = spoiled_bytes(data, random)
    path = _file(scratch, "key.txt", data)
    text = data.decode("utf-8", "surrogateescape")
    return (
        lambda: Identity.read(path),
        lambda: Passphrase.read(path),
        lambda: Recipient(text),
        lambda: Passphrase(text),
    )[way]


def _contribution(random: Random, scratch: Path) -> Callable[[], Any]:
    from nof1.pooling.persons.members import members
    from nof1.sharing.files import read_contributions

    given = [json.dumps(one).encode() for one in seeds.contributions()]
    given[random.randrange(3)] = spoiled_json(random.choice(seeds.contributions()), random)
    name = "many.jsonl" if random.random() < 0.8 else "one.json"
    data = b"\n".join(given) if name == "many.jsonl" else random.choice(given)
    path = _file(scratch, name, data)
    return lambda: members(read_contributions([path]), leave_out={})


def _parquet(random: Random, scratch: Path) -> Callable[[], Any]:
    import duckdb

    from nof1.sharing.files import read_contributions

    lines = [spoiled_json(random.choice(seeds.contributions()), random) for _ in range(2)]
    source, path = _file(scratch, "many.jsonl", b"\n".join(lines)), scratch / "many.parquet"
    path.unlink(missing_ok=True)
    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(
                f"COPY (SELECT * FROM read_json_auto('{source}', ignore_errors=true)) TO '{path}'"
            )
    except duckdb.Error:
        path.write_bytes(b"PAR1" + lines[0] + b"PAR1")
    if random.random() < 0.2:
        path.write_bytes(spoiled_bytes(path.read_bytes(), random))
    return lambda: list(read_contributions([path]))


def _pooled(random: Random, scratch: Path) -> Callable[[], Any]:
    from nof1.reports.pooled.report_input import pooled_report_input, read_pooled

    path = _file(scratch, "pooled.json", spoiled_json(seeds.pooled(), random))
    return lambda: pooled_report_input(read_pooled(path))


def _part(random: Random, scratch: Path) -> Callable[[], Any]:
    from nof1.pooling.shards import whole

    header = {
        "schema": "nof1.part/1", "shard": 1, "of": 1, "inputs": "ab" * 32, "files": ["a.csv"],
        "notes": [], "active": [], "left_out": {}, "persons": 1,
    }  # fmt: skip
    path = _file(scratch, "part.jsonl", spoiled_json(header, random) + b"\n")
    return lambda: whole([path])


def _orders(random: Random, scratch: Path) -> Callable[[], Any]:
    from nof1.trial.foreign.allocation import read_drawn

    text = "A,B,B,A\nB,A,A,B\nA,B,A,B\nB,A,B,A\n"
    path = _file(scratch, "orders.csv", spoiled_cells(text, random).encode("utf-8", "replace"))
    return lambda: read_drawn(path, ("A", "B"))


READERS: tuple[Reader, ...] = (
    Reader(name="numbers in a column", make=_numbers, share=211),
    Reader(name="dates in a column", make=_dates, share=211),
    Reader(name="options", make=_options, share=215),
    Reader(name="tables: text", make=_text_table, share=35),
    Reader(name="tables: JSON records", make=_record_table, share=15),
    Reader(name="tables: Excel", make=_workbook, share=5),
    Reader(name="tables: OpenDocument", make=_opendocument, share=6),
    Reader(name="tables of summaries", make=_summaries, share=15),
    Reader(name="tables to import", make=_import, share=20),
    Reader(name="files of orders", make=_orders, share=30),
    Reader(name="protocols", make=_protocol, share=20),
    Reader(name="answers to questions", make=_answers, share=40),
    Reader(name="logs, chained anew", make=_log, share=20),
    Reader(name="calendars", make=_schedule, share=8),
    Reader(name="seals", make=_sealed, share=40),
    Reader(name="keys", make=_keys, share=40),
    Reader(name="contributions", make=_contribution, share=30),
    Reader(name="contributions: Parquet", make=_parquet, share=1),
    Reader(name="pooled analyses", make=_pooled, share=8),
    Reader(name="parts of a pool", make=_part, share=30),
)
assert sum(one.share for one in READERS) == 1000
