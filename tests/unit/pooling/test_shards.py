"""Parts of a pool: who falls where, and whether all are there."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from nof1.errors import InputError
from nof1.pooling.shards import (
    SCHEMA,
    UNCODED,
    PartHeader,
    Shard,
    complete,
    inputs_digest,
    read_header,
    whole,
    write_part,
)
from nof1.sharing.files import read_contributions
from support.shared_persons import contributed


def person(code):
    mean = float(int.from_bytes(code.encode()) % 997) / 100
    likelihood = {"means": [[mean]], "covariances": [[0.5]], "log_weights": [0.0]}
    return contributed(code, likelihood=likelihood)


PEOPLE = [person(f"p{number}") for number in range(20)]


def header(number, of, **changes):
    plain = {"schema": SCHEMA, "shard": number, "of": of, "inputs": 64 * "a", "files": ["a.csv"]}
    return PartHeader.model_validate(plain | changes)


def made(folder, of, **changes):
    """Write all parts of the persons and return their files."""
    paths = []
    for number in range(1, of + 1):
        shard, path = Shard(number, of), folder / f"part-{number}.jsonl"
        mine = [("x", one) for one in PEOPLE if shard.holds(one.id)]
        write_part(path, mine, header(number, of, **changes))
        paths.append(path)
    return paths


def faults(run):
    with pytest.raises(InputError) as raised:
        run()
    return [str(fault) for fault in raised.value.faults]


@pytest.mark.parametrize("of", [1, 2, 7])
def test_everybody_falls_to_one_shard(of):
    codes = [f"person {number}" for number in range(700)]
    shards = [Shard(number, of) for number in range(1, of + 1)]
    count = Counter(
        number for code in codes for number, one in enumerate(shards) if one.holds(code)
    )
    assert sum(count.values()) == 700
    assert min(count.values()) > 0.7 * 700 / of


def test_the_same_person_falls_to_the_same_shard_for_ever():
    held = [next(n for n in range(1, 8) if Shard(n, 7).holds(code)) for code in ("d01", "P7", "x")]
    assert held == [2, 6, 3]


@pytest.mark.parametrize("text", ["", "1", "0/3", "4/3", "1/0", "-1/3", "1/3/4", "a/b", "１/３"])
def test_what_is_no_shard(text):
    assert faults(lambda: Shard.parsed(text)) == [
        f"--shard: {text!r} is not i/n. Write, for instance, 2/7."
    ]


def test_a_shard_as_written():
    assert Shard.parsed("2/7") == Shard(2, 7)


def test_the_digest_of_the_inputs_hangs_on_names_bytes_and_reading(tmp_path):
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_text("1")
    other.write_text("2")
    digest = inputs_digest([one, other], {"mcid": 1.0})
    assert inputs_digest([other, one], {"mcid": 1.0}) == digest
    assert inputs_digest([one, other], {"mcid": 2.0}) != digest
    assert inputs_digest([one], {"mcid": 1.0}) != digest
    other.write_text("3")
    assert inputs_digest([one, other], {"mcid": 1.0}) != digest


@pytest.mark.parametrize("of", [1, 2, 7])
def test_parts_hold_everybody_once(tmp_path, of):
    paths = made(tmp_path, of)
    headers = whole(paths)
    found = list(complete(paths, headers, read_contributions(paths)))
    assert sorted(one.id for _, one in found) == sorted(one.id for one in PEOPLE)
    assert sum(one.persons for one in headers) == 20
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in paths)


def test_a_part_may_be_empty_and_made_again(tmp_path):
    path = tmp_path / "part.jsonl"
    for _ in range(2):
        assert write_part(path, [], header(1, 2)).persons == 0
    assert read_header(path) == header(1, 2)
    assert list(read_contributions([path])) == []


def test_nothing_is_written_when_a_person_stands_twice(tmp_path):
    twice = [("x", PEOPLE[0]), ("y", PEOPLE[0])]
    found = faults(lambda: write_part(tmp_path / "part.jsonl", twice, header(1, 1)))
    assert found[0].startswith("y: the person p0 stands in x already")
    assert list(tmp_path.iterdir()) == []


def test_parts_that_are_missing_or_there_twice(tmp_path):
    first, second, *rest = made(tmp_path, 7)
    copy = tmp_path / "copy.jsonl"
    copy.write_bytes(rest[0].read_bytes())
    assert faults(lambda: whole([first, rest[0], copy, rest[2], rest[3], rest[4]])) == [
        f"{copy}: is part 3 of 7 once more: {rest[0]} is it already. Give every part once.",
        "the pool: parts 2, 4 of 7 missing. Make them with `nof1 pool ... --shard i/n --out FILE`,"
        " or give their files.",
    ]
    assert faults(lambda: whole([second, *rest])) == [
        "the pool: part 1 of 7 missing. Make it with `nof1 pool ... --shard i/n --out FILE`,"
        " or give its file."
    ]


def test_parts_of_another_pool(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    mine = made(tmp_path / "a", 2)
    theirs = made(tmp_path / "b", 2, inputs=64 * "b")
    three = made(tmp_path / "c", 3)
    other = tmp_path / "other.jsonl"
    other.write_text(PEOPLE[0].text())
    damaged = tmp_path / "damaged.jsonl"
    damaged.write_text('{"schema":"nof1.part/1","sha')
    found = faults(lambda: whole([mine[0], theirs[1], three[1], other, damaged]))
    assert found == [
        f"{theirs[1]}: comes from other files, options or another version than {mine[0]}."
        " Make all parts alike, from the same files.",
        f"{three[1]}: is one of 3 parts, but {mine[0]} one of 2."
        " Make all parts alike, from the same files.",
        f"{other}: is not a part of a pool. Give files made by `nof1 pool --shard i/n --out FILE`.",
        f"{damaged}:line 1: the header of the part is damaged. Make the part again.",
        "the pool: part 2 of 2 missing. Make it with `nof1 pool ... --shard i/n --out FILE`,"
        " or give its file.",
    ]


def test_a_part_that_was_cut_short(tmp_path):
    paths = made(tmp_path, 2)
    lines = paths[1].read_text().splitlines(keepends=True)
    paths[1].write_text("".join(lines[:-1]))
    headers = whole(paths)
    found = faults(lambda: list(complete(paths, headers, read_contributions(paths))))
    n = headers[1].persons
    assert found == [
        f"{paths[1]}: holds {n - 1} persons, but was made with {n}."
        " Copy it again, or make it again."
    ]


def test_a_part_whose_notes_have_no_codes_is_of_an_earlier_version() -> None:
    text = header(1, 2, notes=("Lower is better.", "A guess."), note_codes=("a", "b"))
    fields = text.model_dump(mode="json", by_alias=True)
    del fields["note_codes"]
    old = PartHeader.model_validate_json(json.dumps(fields))
    assert old.notes == text.notes
    assert old.note_codes == (UNCODED, UNCODED)
    with pytest.raises(ValueError, match="there is one for every note"):
        PartHeader.model_validate_json(json.dumps(fields | {"note_codes": ["a"]}))
