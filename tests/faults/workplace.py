"""Trials in every state a command may find, made once; each fault gets a copy."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyrage

from faults.running import Outcome, run_here
from nof1.protocol.files import parse_protocol
from support.trial_folders import short_protocol_text

START = "2025-02-03"
_KEYS = pyrage.x25519.Identity.generate()
#: What somebody else keeps in a folder of nof1: it must never change.
THEIRS = "notes.txt"


@dataclass(frozen=True, slots=True)
class Command:
    """A writing command and what it may find.

    Attributes
    ----------
    name : str
        For the table.
    words : tuple of str
        As typed.
    state : str
        The state of the workplace before.
    again : str
        Part of what it says when it is run again after it was recorded; empty if it succeeds.
    """

    name: str
    words: tuple[str, ...]
    state: str
    again: str = ""

    @property
    def slow(self) -> bool:
        """Return whether the command, or making its state, needs an analysis."""
        return self.state in ("unsealed", "reported", "shared") or self.words[0] == "demo"


_BY = ("--by", "Dr Berg")
_OPEN = ("unseal", "trial", *_BY, "--identity", "key.txt", "--reason", "end")
_DESIGN = (
    "design", "protocol.toml", "--start", START, "--participant", "P01", "--packer",
    str(_KEYS.to_public()), "--yes", "--answers", "answers.toml", "--contact", "Dr Berg, 555 0100",
)  # fmt: skip
_DAY = ("--date", "2025-02-17")
_SHARED = ("one.json", "two.json")
_TAKEN = "something there already"
_THERE = "recorded already"

COMMANDS = (
    Command(
        "promise",
        ("promise", "protocol.toml", "--participant", "P01", "--out", "promise.json"),
        "empty",
        "it is kept",
    ),
    Command("design", (*_DESIGN, "--out", "new/trial"), "empty", _TAKEN),
    Command("design, folder there", (*_DESIGN, "--out", "here"), "empty", _TAKEN),
    Command("record a score", ("record", "trial", "legs", "4", *_DAY), "begun", _THERE),
    Command("record a dose", ("record", "trial", "dose", "yes", *_DAY), "begun", _THERE),
    Command(
        "record an event",
        ("record", "trial", "event", "Loose stools", "--severity", "2", *_DAY),
        "begun",
        _THERE,
    ),
    Command(
        "record a guess",
        ("record", "trial", "guess", "unsure", "--period", "1", "--certainty", "3"),
        "begun",
        _THERE,
    ),
    Command(
        "record an unblinding",
        ("record", "trial", "unblinding", "--period", "1", *_BY, "--reason", "fainted"),
        "begun",
    ),
    Command(
        "correct",
        ("record", "trial", "legs", "5", "--date", "2025-02-11", "--correct", "--reason", "slip"),
        "begun",
        _THERE,
    ),
    Command("import", ("import", "trial", "diary.csv"), "begun"),
    Command(
        "contact",
        ("contact", "trial", "--contact", "Dr Lee, 555 0199", *_BY, "--reason", "moved"),
        "begun",
    ),
    Command("repair", ("repair", "trial"), "damaged"),
    Command("lock", ("lock", "trial", *_BY), "begun"),
    Command(
        "unseal a period",
        ("unseal", "trial", "--period", "1", *_BY, "--reason", "fainted", "--identity", "key.txt"),
        "begun",
    ),
    Command("unseal", _OPEN, "locked"),
    Command("print", ("print", "trial"), "begun"),
    Command("print again", ("print", "trial", "--large"), "printed"),
    Command("pack", ("pack", "trial", "--out", "packed", "--identity", "key.txt"), "begun"),
    Command(
        "pack again",
        ("pack", "trial", "--out", "packed-before", "--identity", "key.txt", "--large"),
        "printed",
    ),
    Command("report", ("report", "trial"), "unsealed"),
    Command("report again", ("report", "trial", "--paper", "letter"), "reported"),
    Command("share", ("share", "trial", "--out", "one.json", "--ethics", "Waiver 1"), "unsealed"),
    Command("pool, a part", ("pool", *_SHARED, "--shard", "1/1", "--out", "part.jsonl"), "shared"),
    Command(
        "privacy",
        ("privacy", *_SHARED, "--k", "2", "--suppress", "--out", "safe.jsonl"),
        "shared",
    ),
    Command(
        "pool, the prior",
        ("pool", *_SHARED, "--purpose", "next", "--prior-out", "prior.toml"),
        "shared",
    ),
    Command(
        "merge, the prior",
        ("merge", "part-1.jsonl", "--purpose", "next", "--prior-out", "prior.toml"),
        "shared",
    ),
    Command(
        "pool, its tables",
        ("pool", *_SHARED, "--purpose", "next", "--csv", "persons.csv"),
        "shared",
    ),
    Command("analyse, its table", ("analyse", "trial", "--csv", "engines.csv"), "unsealed"),
    Command("report of a pool", ("report", "pooled.json"), "shared"),
    Command("demo", ("demo", "--out", "shown"), "empty", _TAKEN),
)


class Workplace:
    """Every state a command may find, made when it is first asked for.

    Parameters
    ----------
    place : Path
        Where the states are made.
    """

    def __init__(self, place: Path) -> None:
        self._place = place
        place.mkdir()

    def state(self, name: str) -> Path:
        """Return the folder of a state; it must not be changed."""
        folder = self._place / name
        if not folder.exists():
            before, make = _STATES[name]
            if before:
                shutil.copytree(self.state(before), folder)
            make(folder)
            for inside in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
                if inside.name != "here":
                    (inside / THEIRS).write_text("Do not touch.\n", encoding="utf-8")
        return folder


def _begin(folder: Path) -> None:
    _do(folder, *_DESIGN, "--out", "trial")
    _do(folder, "record", "trial", "legs", "4", "--date", "2025-02-11")
    _write_diary(folder / "diary.csv")


def _damage(folder: Path) -> None:
    for name in ("log.jsonl", "protocol.toml"):  # as an editor or a mail program does
        path = folder / "trial" / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def _print(folder: Path) -> None:
    _do(folder, "print", "trial")
    _do(folder, "pack", "trial", "--out", "packed-before", "--identity", "key.txt")


def _lock(folder: Path) -> None:
    _do(folder, "import", "trial", "diary.csv")
    _do(folder, "lock", "trial", *_BY)


def _unseal(folder: Path) -> None:
    _do(folder, *_OPEN)


def _report(folder: Path) -> None:
    _do(folder, "report", "trial")


def _share(folder: Path) -> None:
    other = folder.with_name("other")
    shutil.copytree(folder, other)
    _do(folder, "share", "trial", "--out", "one.json", "--ethics", "Waiver 1")
    _do(other, "share", "trial", "--out", "two.json", "--ethics", "Waiver 1")
    shutil.copy(other / "two.json", folder)
    shutil.rmtree(other)
    _do(folder, "pool", *_SHARED, "--shard", "1/1", "--out", "part-1.jsonl")
    pooled = _do(folder, "pool", *_SHARED, "--json")
    (folder / "pooled.json").write_text(pooled.out, encoding="utf-8")


def _make_empty(folder: Path) -> None:
    (folder / "here").mkdir(parents=True)
    text = short_protocol_text()
    (folder / "protocol.toml").write_text(text, encoding="utf-8")
    questions = parse_protocol(text, source="protocol.toml").eligibility
    lines = [f'{one.code} = "{"no" if one.concern == "yes" else "yes"}"\n' for one in questions]
    (folder / "answers.toml").write_text("".join(lines), encoding="utf-8")
    (folder / "key.txt").write_text(f"{_KEYS}\n", encoding="utf-8")


def _write_diary(path: Path) -> None:
    drawn = random.Random(20250203)
    rows = ["date,legs,irls,dose"]
    first = date.fromisoformat(START)
    for number in range(35):
        weekly = str(drawn.randint(10, 25)) if number % 7 == 6 else ""
        day = first + timedelta(days=number)
        dose = "" if number < 7 else "yes"
        score = 4 if number == 8 else drawn.randint(2, 8)
        rows.append(f"{day},{score},{weekly},{dose}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _do(folder: Path, *words: str) -> Outcome:
    done = run_here(words, folder)
    assert done.code == 0, (words, done)
    return done


#: Each state, the one it comes from, and how it is made from it.
_STATES = {
    "empty": ("", _make_empty),
    "begun": ("empty", _begin),
    "damaged": ("begun", _damage),
    "printed": ("begun", _print),
    "locked": ("begun", _lock),
    "unsealed": ("locked", _unseal),
    "reported": ("unsealed", _report),
    "shared": ("unsealed", _share),
}
