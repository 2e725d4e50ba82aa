"""Parts of a pool: the persons of one shard, prepared by a process of its own.

A person falls to a shard by a digest of the code alone, so that every process knows which persons
are its own without asking the others. A part is JSON lines: a header, then contributions.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from nof1.errors import Fault, InputError
from nof1.files.new_file import write_new
from nof1.pooling.persons.members import PlacedContribution, check
from nof1.protocol.table import FrozenTable
from nof1.provenance import canonical_json, sha256_hex, software
from nof1.receipts import Receipt, keep
from nof1.sharing.files import unreadable
from nof1.sharing.forms import Digest
from nof1.words.numbers import plural

SCHEMA: Literal["nof1.part/1"] = "nof1.part/1"
#: Parts of a pool, and missing ones that are named one by one.
MOST, SHOWN = 999_999, 10


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several shares of all persons.

    Attributes
    ----------
    number, of : int
        Which of how many, from 1.
    """

    number: int
    of: int

    @classmethod
    def parsed(cls, text: str) -> Shard:
        """Return the shard written as ``i/n``.

        Raises
        ------
        InputError
            If it is none.
        """
        match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text, re.ASCII)
        if match and 1 <= int(match[1]) <= int(match[2]):
            return cls(int(match[1]), int(match[2]))
        raise InputError(Fault("--shard", f"{text!r} is not i/n", "Write, for instance, 2/7."))

    def holds(self, code: str) -> bool:
        """Return whether a person falls to this shard, by the code alone."""
        return int(sha256_hex(code)[:15], 16) % self.of == self.number - 1


#: The code of a note in a part that an earlier version made, which kept its sentence alone.
UNCODED = "of-an-earlier-version"


class PartHeader(FrozenTable):
    """The first line of a part.

    Attributes
    ----------
    schema_name : str
        ``nof1.part/1``; the key in the file is ``schema``.
    shard, of : int
        Which of how many, from 1.
    inputs : str
        Digest of names and bytes of all files read, of how tables were read, and of the version.
    files : tuple of str
        Names of the files.
    persons : int
        Contributions that follow.
    notes, note_codes : tuple of str
        What was assumed while tables were read, and the code of each.
    left_out : mapping of str to str
        Persons of tables who are not pooled, whatever their shard, and why.
    active : tuple of str
        The active arms that are reported, where --active chose some.
    """

    schema_name: Literal["nof1.part/1"] = Field(alias="schema")
    shard: int = Field(ge=1, le=MOST)
    of: int = Field(ge=1, le=MOST)
    inputs: Digest
    files: tuple[str, ...]
    persons: int = Field(default=0, ge=0)
    notes: tuple[str, ...] = ()
    note_codes: tuple[str, ...] = ()
    left_out: dict[str, str] = Field(default_factory=dict)
    active: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _of_an_earlier_version(cls, data: Any) -> Any:
        """Give a code to notes that were written before they had any."""
        if not isinstance(data, dict) or "note_codes" in data:
            return data
        notes = data.get("notes", ())
        return data | {"note_codes": [UNCODED] * len(notes)} if isinstance(notes, list) else data

    @model_validator(mode="after")
    def _every_note_has_a_code(self) -> Self:
        if len(self.notes) != len(self.note_codes):
            raise ValueError("note_codes: there is one for every note")
        return self


def inputs_digest(files: Sequence[Path], reading: Mapping[str, Any]) -> str:
    """Return the digest of what parts are made from; parts of one pool have the same.

    Parameters
    ----------
    files : sequence of Path
        All files read, in any order.
    reading : mapping
        How tables are read: options, as given.

    Raises
    ------
    InputError
        If a file cannot be read.
    """
    named = sorted((path.name, _file_digest(path)) for path in files)
    return sha256_hex(
        canonical_json({"files": named, "reading": dict(reading), "software": software()})
    )


def _file_digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(path, error) from error


def read_header(path: Path) -> PartHeader | None:
    """Return the header of a part, or None of any other file.

    Raises
    ------
    InputError
        If the file cannot be read, or its header is damaged.
    """
    try:
        with path.open("rb") as file:
            first = file.readline(1_000_000)
    except OSError as error:
        raise unreadable(path, error) from error
    if SCHEMA.encode() not in first[:40]:
        return None
    try:
        return PartHeader.model_validate_json(first)
    except ValidationError as error:
        what = "the header of the part is damaged"
        raise InputError(Fault(f"{path}:line 1", what, "Make the part again.")) from error


def write_part(
    target: Path, contributions: Iterable[PlacedContribution], header: PartHeader
) -> PartHeader:
    """Check contributions and write them as a part: the whole file, or none.

    Parameters
    ----------
    target : Path
        The file.
    contributions : iterable of (str, Contribution)
        Those of the shard.
    header : PartHeader
        Its number of persons is put right.

    Returns
    -------
    PartHeader
        As written.

    Raises
    ------
    InputError
        With all that keeps the persons from being pooled, or if the file cannot be written.
    """
    with TemporaryFile("w+", encoding="utf-8") as body:
        n = check(_copied(contributions, body))
        whole = header.model_copy(update={"persons": n})
        body.seek(0)
        lines = chain([whole.model_dump_json(by_alias=True)], (line[:-1] for line in body))
        write_new(target, lines)
        keep(Receipt(target, "the part was written", "", "it is whole"))
    return whole


def _copied(
    contributions: Iterable[PlacedContribution], body: IO[str]
) -> Iterator[PlacedContribution]:
    for where, contribution in contributions:
        body.write(contribution.text() + "\n")
        yield where, contribution


def whole(paths: Sequence[Path]) -> list[PartHeader]:
    """Return the headers of parts that make up one pool, in the order of the files.

    Raises
    ------
    InputError
        With every file that is no part or comes from other inputs, and every part that is missing
        or there twice.
    """
    faults: list[Fault] = []
    headers: list[PartHeader] = []
    places: dict[int, list[Path]] = defaultdict(list)
    for path in paths:
        try:
            header = read_header(path)
        except InputError as error:
            faults += error.faults
            continue
        if header is None:
            mend = "Give files made by `nof1 pool --shard i/n --out FILE`."
            faults.append(Fault(str(path), "is not a part of a pool", mend))
            continue
        headers.append(header)
        if (header.inputs, header.of) != (headers[0].inputs, headers[0].of):
            what = f"comes from other files, options or another version than {paths[0]}"
            if header.of != headers[0].of:
                what = f"is one of {header.of} parts, but {paths[0]} one of {headers[0].of}"
            faults.append(Fault(str(path), what, "Make all parts alike, from the same files."))
            continue
        places[header.shard].append(path)
    faults += _twice_or_missing(places, headers[0].of if headers else 0)
    if faults:
        raise InputError(faults)
    return headers


def _twice_or_missing(places: Mapping[int, Sequence[Path]], n: int) -> Iterator[Fault]:
    for number in sorted(places):
        first, *more = places[number]
        for path in more:
            what = f"is part {number} of {n} once more: {first} is it already"
            yield Fault(str(path), what, "Give every part once.")
    missing = [number for number in range(1, n + 1) if number not in places]
    if missing:
        mend = "Make it with `nof1 pool ... --shard i/n --out FILE`, or give its file."
        if len(missing) > 1:
            mend = mend.replace("it with", "them with").replace("its file", "their files")
        named = "part" if len(missing) == 1 else plural("part")
        shown = ", ".join(map(str, missing[:SHOWN]))
        rest = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
        yield Fault("the pool", f"{named} {shown}{rest} of {n} missing", mend)


def complete(
    paths: Sequence[Path],
    headers: Sequence[PartHeader],
    contributions: Iterable[PlacedContribution],
) -> Iterator[PlacedContribution]:
    """Yield the contributions of parts, and see that each has as many as its header says.

    Raises
    ------
    InputError
        At the end, with every part that was cut short or added to.
    """
    count = dict.fromkeys(map(str, paths), 0)
    for where, contribution in contributions:
        count[where.rpartition(":")[0]] += 1
        yield where, contribution
    faults = [
        Fault(
            str(path),
            f"holds {count[str(path)]} persons, but was made with {header.persons}",
            "Copy it again, or make it again.",
        )
        for path, header in zip(paths, headers, strict=True)
        if count[str(path)] != header.persons
    ]
    if faults:
        raise InputError(faults)
