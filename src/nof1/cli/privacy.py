"""``nof1 privacy``: how well persons hide among each other; copies in which they hide better."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nof1.cli.app import app, say
from nof1.errors import Fault, InputError

if TYPE_CHECKING:
    from nof1.sharing.contribution import Contribution
    from nof1.sharing.privacy import Key, Privacy


@app.command("privacy")
def privacy(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILES", help="Contributions: JSON, JSON lines or Parquet."),
    ],
    k: Annotated[int, typer.Option("--k", metavar="N", help="Least number of persons alike.")] = 5,
    suppress: Annotated[
        bool, typer.Option("--suppress", help="Write copies without what singles persons out.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE.jsonl", help="Where to write them.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False,
) -> None:
    """Show who could be recognised in contributions, and by what.

    With --suppress, as few facts as can be are left out, until everybody is one of N alike.
    The likelihoods stay as they are.

    \b
    nof1 privacy clinic-a.jsonl p01.json
    nof1 privacy clinic-a.jsonl p01.json --k 11 --suppress --out safer.jsonl
    """
    from nof1.cli.privacy_lines import advice_lines, class_lines, privacy_lines
    from nof1.sharing.privacy import gather, with_keys
    from nof1.sharing.privacy import privacy as privacy_of
    from nof1.sharing.suppression import suppressed

    _refuse(k, suppress, out)
    crowd = gather(one for _, one in _read(files))
    if not crowd.keys:
        raise InputError(
            Fault(", ".join(map(str, files)), "there is nobody in it", "Give contributions.")
        )
    found = privacy_of(crowd, k=k)
    after: Privacy | None = None
    left_out = 0
    if out is not None:
        keys = suppressed(crowd.keys, k)
        _write(files, out, keys)
        after = with_keys(found, keys)
        left_out = sum(
            was != now
            for code, key in keys.items()
            for was, now in zip(crowd.keys[code], key, strict=True)
        )
    if as_json:
        written = None
        if after is not None:
            written = {"file": str(out), "left_out": left_out, **after.as_json()}
        say(json.dumps(found.as_json() | {"suppressed": written}, ensure_ascii=False))
        return
    for line in privacy_lines(found):
        say(line)
    say()
    if after is not None:
        say(f"Written: {out}. Facts left out: {left_out}. There:")
        for line in class_lines(after):
            say(line)
        say()
    say("What to do next")
    for line in advice_lines(after or found, suppressed=after is not None):
        say(line)


def _refuse(k: int, suppress: bool, out: Path | None) -> None:
    faults = []
    if k < 2:
        faults.append(Fault("--k", f"{k} hides nobody", "Give 2 or more; 5 is usual, 11 strict."))
    if suppress and out is None:
        faults.append(Fault("--suppress", "needs a place for the copies", "Add --out FILE.jsonl."))
    if out is not None and not suppress:
        faults.append(Fault("--out", "is for --suppress alone", "Add --suppress."))
    if out is not None and out.suffix.lower() not in (".jsonl", ".ndjson"):
        mend = f"Name it {out.stem or 'safer'}.jsonl."
        faults.append(Fault("--out", f"{out.name!r} does not end in .jsonl", mend))
    if faults:
        raise InputError(faults)


def _read(files: list[Path]) -> Iterator[tuple[str, Contribution]]:
    from nof1.sharing.files import read_contributions

    return read_contributions(files)


def _write(files: list[Path], out: Path, keys: dict[str, Key]) -> None:
    from nof1.files.new_file import write_new
    from nof1.sharing.privacy import without

    write_new(out, (without(one, keys[one.id]).text() for _, one in _read(files)))
