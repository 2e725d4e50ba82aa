"""A million inputs in chunks, which can be stopped and gone on with."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import resource
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from fuzzing.judging import judged
from fuzzing.readers import READERS, Reader

#: Inputs done between two notes of how far it is.
CHUNK = 1000
#: Address space of a process: what asks for more ends in a MemoryError, which is a finding.
MOST_BYTES = 6_000_000_000
_SOURCES = Path(__file__).parents[2]
_ENDS = list(accumulate(one.share for one in READERS))


def reader_of(number: int) -> Reader:
    """Return the reader that an input of this number is for."""
    place = (number * 617) % CHUNK  # 617 and 1000 have no divisor in common
    return next(one for one, end in zip(READERS, _ENDS, strict=True) if place < end)


def tried(number: int, scratch: Path) -> dict[str, Any]:
    """Return what came of the input of this number."""
    reader = reader_of(number)
    read = reader.make(Random(f"nof1 {number}"), scratch)
    found = judged(read)
    return {"number": number, "reader": reader.name, "outcome": found.outcome, "why": found.why}


def code_digest() -> str:
    """Return a digest of the code that is tried and of what tries it."""
    found = hashlib.sha256()
    paths = [*_SOURCES.glob("src/**/*.py"), *_SOURCES.glob("tests/fuzzing/*.py")]
    for path in sorted(paths):
        found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _chunk(first: int, last: int) -> dict[str, Any]:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    memory = Path("/dev/shm")
    scratch = Path(tempfile.mkdtemp(prefix="nof1-fuzz-", dir=memory if memory.is_dir() else None))
    counts: Counter[str] = Counter()
    findings = []
    try:
        for number in range(first, last):
            one = tried(number, scratch)
            counts[f"{one['reader']}|{one['outcome']}"] += 1
            if one["outcome"] == "finding":
                findings.append(one)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return {"first": first, "last": last, "counts": dict(counts), "findings": findings}


def _run(given: tuple[int, int]) -> dict[str, Any]:
    return _chunk(*given)


def run(first: int, n: int, state: Path, *, workers: int) -> Iterator[list[dict[str, Any]]]:
    """Try the inputs of a range; yield the chunks done so far after each.

    Parameters
    ----------
    first, n : int
        The range.
    state : Path
        File with a line for each chunk done; chunks of the same code in it are not done again.
    workers : int
        Processes.
    """
    code = code_digest()
    wanted = [(low, min(low + CHUNK, first + n)) for low in range(first, first + n, CHUNK)]
    done = [one for one in _read(state) if one["code"] == code]
    done = [one for one in done if (one["first"], one["last"]) in wanted]
    there = {(one["first"], one["last"]) for one in done}
    left = [one for one in wanted if one not in there]
    yield done
    with multiprocessing.get_context("spawn").Pool(workers, maxtasksperchild=100) as pool:
        for found in pool.imap_unordered(_run, left):
            done.append({**found, "code": code})
            with state.open("a", encoding="utf-8") as file:
                file.write(json.dumps(done[-1]) + "\n")
            yield done


def _read(state: Path) -> list[dict[str, Any]]:
    if not state.exists():
        return []
    return [json.loads(line) for line in state.read_text(encoding="utf-8").splitlines()]


def totals(done: Sequence[dict[str, Any]]) -> dict[str, Counter[str]]:
    """Return how many inputs of each reader gave what."""
    found: dict[str, Counter[str]] = {one.name: Counter() for one in READERS}
    for chunk in done:
        for key, n in chunk["counts"].items():
            reader, outcome = key.split("|")
            found[reader][outcome] += n
    return found
