"""``python -m fuzzing``: try a range of inputs, show what must not be, and write the page."""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, TextIO

from fuzzing.running import code_digest, reader_of, run, totals, tried

_BEGIN, _END = "<!-- fuzz: begin -->", "<!-- fuzz: end -->"


def _table(done: list[dict[str, Any]], first: int, n: int) -> str:
    rows = [
        "| what is read | inputs | read | refused with where, what and mend | anything else |",
        "|---|---|---|---|---|",
    ]
    sums = [0, 0, 0]
    for name, counts in totals(done).items():
        found = [counts["value"], counts["refusal"], counts["finding"]]
        sums = [one + more for one, more in zip(sums, found, strict=True)]
        rows.append(f"| {name} | {sum(found):,} | {found[0]:,} | {found[1]:,} | {found[2]} |")
    rows.append(f"| **all** | {sum(sums):,} | {sums[0]:,} | {sums[1]:,} | {sums[2]} |")
    text = "\n".join(rows)
    return (
        f"{_BEGIN}\nInputs {first:,} to {first + n - 1:,} of the code with the digest"
        f" `{code_digest()}`; `make fuzz FIRST={first} N={n}` tries them again.\n\n{text}\n{_END}"
    )


def main() -> int:
    """Return 1 where anything was found that must not be."""
    parser = argparse.ArgumentParser(prog="fuzzing")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path(".fuzz"))
    parser.add_argument("--page", type=Path, help="page whose table is written anew")
    parser.add_argument("--only", type=int, help="try one input, and let it raise")
    given = parser.parse_args()
    if given.only is not None:
        return _only(given.only)
    given.folder.mkdir(parents=True, exist_ok=True)
    began, done = time.monotonic(), []
    for done in run(given.first, given.n, given.folder / "chunks.jsonl", workers=given.workers):
        inputs = sum(one["last"] - one["first"] for one in done)
        found = sum(len(one["findings"]) for one in done)
        shown = f"{inputs:,} of {given.n:,} inputs, {found} findings"
        _tell(f"{shown}, {time.monotonic() - began:,.0f} s", sys.stderr)
    _tell(_table(done, given.first, given.n))
    findings = [finding for one in done for finding in one["findings"]]
    for one in findings[:200]:
        _tell(f"{one['number']} {one['reader']}: {one['why']}")
    if given.page is not None:
        text = given.page.read_text(encoding="utf-8")
        new = re.sub(
            f"{_BEGIN}.*?{_END}",
            lambda _: _table(done, given.first, given.n),
            text,
            flags=re.DOTALL,
        )
        given.page.write_text(new, encoding="utf-8")
    return 1 if findings else 0


def _tell(text: str, where: TextIO = sys.stdout) -> None:
    where.write(text + "\n")
    where.flush()


def _only(number: int) -> int:
    from random import Random

    scratch = Path(tempfile.mkdtemp(prefix="nof1-fuzz-"))
    _tell(f"{reader_of(number).name}, {scratch}: {tried(number, scratch)}")
    _tell(repr(reader_of(number).make(Random(f"nof1 {number}"), scratch)()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
