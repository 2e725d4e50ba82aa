"""Parts of a pool: preparing one in a process of its own, and pooling all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nof1.errors import Checked, Fault, InputError
from nof1.pooling.persons.members import Excluded
from nof1.pooling.shards import (
    SCHEMA,
    PartHeader,
    Shard,
    complete,
    inputs_digest,
    whole,
    write_part,
)
from nof1.sharing.files import read_contributions
from nof1.words.caution import Said
from nof1.workflow.persons import FromTables, Reading, counted, found_in, read_tables
from nof1.workflow.pool import answer, read_what
from nof1.workflow.pool_result import PoolResult
from nof1.workflow.progress import Progress, Tell, silent, unseen
from nof1.workflow.question import (
    PoolOptions,
    Purpose,
    Shape,
    nobody_to_ask,
    workplace,
)
from nof1.workflow.sources import each, reasons
from nof1.workflow.targets import refuse_missing


@dataclass(frozen=True, slots=True, kw_only=True)
class PartResult:
    """One of several parts of a pool, written.

    Attributes
    ----------
    header : PartHeader
        Which part of how many, and what it was made from.
    file : Path
        Where it is.
    """

    header: PartHeader
    file: Path

    def lines(self) -> Iterator[str]:
        """Yield the lines that a terminal shows."""
        of = self.header.of
        yield f"Part {self.header.shard} of {of}: {self.header.persons} persons in {self.file}."
        yield f"When all {of} are there: nof1 merge PART..."

    def to_dict(self) -> dict[str, Any]:
        """Return the object of ``nof1 pool --shard i/n --json``."""
        return self.header.model_dump(mode="json", by_alias=True)

    def to_json(self) -> str:
        """Return the text of ``nof1 pool --shard i/n --json``."""
        return self.header.model_dump_json(by_alias=True)


def prepare_part(
    files: Sequence[Path],
    asked: PoolOptions,
    reading: Reading,
    *,
    shard: str | None,
    out: Path | None,
    scheduler: str | None = None,
    tell: Tell = silent,
    progress: Progress = unseen,
) -> PartResult:
    """Prepare the persons of one shard in a file, for `merge`.

    Parameters
    ----------
    files : sequence of Path
        As for `pool`; the same ones for every part.
    asked : PoolOptions
        What was asked: nothing of it, since a part is no answer.
    reading : Reading
        How tables are read.
    shard : str or None
        Which part of how many, ``i/n``.
    out : Path or None
        The file to be written.
    scheduler, tell, progress
        As for `pool`.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    checked = Checked()
    inputs = read_what(files, asked, reading, checked)
    wanted = checked(lambda: _wanted(shard, out, asked))
    if inputs is None or wanted is None or checked.faults:
        raise InputError(checked.faults)
    mine, target = wanted
    tables = read_tables(inputs, reading, tell)
    header = PartHeader(
        schema=SCHEMA,
        shard=mine.number,
        of=mine.of,
        inputs=inputs_digest(files, reading.plain()),
        files=tuple(sorted(path.name for path in files)),
        notes=tuple(note.text for note in tables.notes),
        note_codes=tuple(note.code for note in tables.notes),
        active=tuple(tables.active),
        left_out={person.person: person.why for person in tables.left_out},
    )
    with workplace(scheduler) as make_place:
        contributions = found_in(
            inputs, tables, reading, make_place, mine, tell=tell, progress=progress
        )
        return PartResult(header=write_part(target, contributions, header), file=target)


def merge(
    parts: Sequence[str | Path],
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
    ask_purpose: Callable[[], Purpose | None] = nobody_to_ask,
    tell: Tell = silent,
) -> PoolResult:
    """Pool the parts that `prepare_part` made: the same answer as in one process.

    Parameters
    ----------
    parts : sequence of str or Path
        All of them.
    purpose, population, mcid, decision, moderators, planned, exclude, prior_out, csv, scheduler,\
 ask_purpose, tell
        As for `pool`.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    asked = PoolOptions(
        purpose=purpose,
        population=population,
        mcid=mcid,
        decision=decision or {},
        moderators=each(moderators),
        planned=planned,
        exclude=reasons(exclude),
        prior_out=None if prior_out is None else Path(prior_out),
        csv=None if csv is None else Path(csv),
    )
    paths = [Path(part) for part in parts]
    checked = Checked()
    asked.check(checked)
    headers = checked(lambda: whole(paths))
    if headers is None or checked.faults:
        raise InputError(checked.faults)
    left_out = {code: why for header in headers for code, why in header.left_out.items()}
    tables = FromTables(
        notes=list(
            dict.fromkeys(
                Said(code=code, text=text)
                for header in headers
                for code, text in zip(header.note_codes, header.notes, strict=True)
            )
        ),
        left_out=[Excluded(person=code, why=why) for code, why in left_out.items()],
        active=list(dict.fromkeys(arm for header in headers for arm in header.active)),
    )
    contributions = counted(complete(paths, headers, read_contributions(paths)), tell)
    with workplace(scheduler) as make_place:
        return answer(contributions, tables, asked, make_place, ask_purpose, tell)


def _wanted(shard: str | None, out: Path | None, asked: PoolOptions) -> tuple[Shard, Path]:
    """Return the shard that is wanted and its file."""
    if shard is None or out is None:
        missing = "--shard" if shard is None else "--out"
        raise InputError(Fault(missing, "a part needs both --shard and --out", "Add it."))
    checked = Checked()
    wanted = checked(lambda: Shard.parsed(shard))
    checked(lambda: refuse_missing("--out", out.absolute().parent))
    if out.suffix.lower() not in (".jsonl", ".ndjson"):
        mend = f"Name it {out.stem}.jsonl."
        checked.faults.append(Fault("--out", f"{out.name!r} does not end in .jsonl", mend))
    checked.faults += [
        Fault(name, "asks for the answer, which a part is not", "Give it to `nof1 merge`.")
        for name in asked.non_defaults()
        if name != "--mcid"
    ]
    if wanted is None or checked.faults:
        raise InputError(checked.faults)
    return wanted, out
