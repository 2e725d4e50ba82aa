"""What became of a trial, read from its files alone: nothing of nof1 is asked.

For tests: the log as JSON lines, the protocol as TOML, the calendar as CSV, and every order listed
by trying all words.
"""

from __future__ import annotations

import csv
import json
import tomllib
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import batched, product
from pathlib import Path
from typing import Any


class Conduct:
    """The facts of one trial folder."""

    def __init__(self, folder: Path) -> None:
        self.log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
        self.protocol = tomllib.loads((folder / "protocol.toml").read_text(encoding="utf-8"))
        with (folder / "schedule.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        self.periods = [
            (date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"]))
            for row in rows
            if row["period"] != "run-in"
        ]
        self.start = date.fromisoformat(rows[0]["first_day"])
        self.first_dose, self.end = self.periods[0][0], self.periods[-1][1]
        self.mode = self.protocol["blinding"]["mode"]
        self.masked = self.protocol["blinding"]["masked"]
        self.arms = self.protocol["arms"]
        self.labels = {arm["id"]: arm["label"] for arm in self.arms}
        self.plain = {arm["id"]: arm["plain"] for arm in self.arms}

    def bodies(self, kind: str) -> list[dict[str, Any]]:
        return [line["body"] for line in self.log if line["kind"] == kind]

    def time_of(self, kind: str) -> datetime:
        return next(datetime.fromisoformat(one["time"]) for one in self.log if one["kind"] == kind)

    @property
    def drawn(self) -> datetime:
        return self.time_of("design")

    def drawn_place(self, day: date) -> str:
        """Return before or after where every time zone agrees, and around where not."""
        earliest = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=14)
        latest = earliest + timedelta(days=1, hours=28)
        return "before" if self.drawn < earliest else "after" if self.drawn >= latest else "around"

    @property
    def locked(self) -> date:
        return self.time_of("lock").date()

    @property
    def unsealed(self) -> date:
        return self.time_of("unseal").date()

    @property
    def sequence(self) -> list[str]:
        return list(self.bodies("unseal")[0]["arms"])

    @cached_property
    def orders(self) -> list[tuple[str, ...]]:
        """Return every order that could have been drawn, by trying all words."""
        design, ids = self.protocol["design"], [arm["id"] for arm in self.arms]
        cycles, rule = design["cycles"], design["allocation"]

        def possible(word: tuple[str, ...]) -> bool:
            parts = list(batched(word, len(ids)))
            alike = len(set(parts)) == 1 and len(set(parts[0])) == len(ids)
            if cycles > 1 and self.protocol["analysis"]["carryover"] != "none" and alike:
                return False
            if rule == "complete":
                return all(word.count(arm) == cycles for arm in ids)
            whole = all(len(set(part)) == len(ids) for part in parts)
            if rule == "latin":  # of three arms every order is a row of a Williams square
                assert (len(ids), cycles) == (3, 2)
                return whole and len(set(parts)) == len(parts)
            return whole

        return [word for word in product(ids, repeat=len(ids) * cycles) if possible(word)]

    def told(self, known: dict[int, str]) -> tuple[list[int], list[int]]:
        """Return which other periods are certain, and which are likelier by 2 in 100 or more."""
        agree = [word for word in self.orders if all(word[n - 1] == a for n, a in known.items())]
        certain, likelier = [], []
        for number in range(1, len(self.periods) + 1):
            before = [word[number - 1] for word in self.orders]
            now = [word[number - 1] for word in agree]
            if number in known:
                continue
            if len(set(now)) == 1 < len(set(before)):
                certain.append(number)
            elif any(
                abs(now.count(arm) / len(now) - before.count(arm) / len(before)) >= 0.02
                for arm in self.labels
            ):
                likelier.append(number)
        return certain, likelier

    @property
    def openings(self) -> list[dict[str, Any]]:
        """Return each early opening with what it told that was not told before."""
        found: list[dict[str, Any]] = []
        known: dict[int, str] = {}
        settled: set[int] = set()
        for line in self.log:
            if line["kind"] == "unblinding":
                period = line["body"]["period"]
                known[period] = self.sequence[period - 1]
                certain, likelier = self.told(known)
                new = [n for n in certain if n not in settled]
                settled.update(certain)
                day = date.fromisoformat(line["time"][:10])
                found.append(line["body"] | {"day": day, "certain": new, "likelier": likelier})
        return found

    @property
    def known_early(self) -> list[int]:
        return sorted({n for one in self.openings for n in (one["period"], *one["certain"])})

    @property
    def guesses(self) -> tuple[int, int, int]:
        """Return right, wrong and unsure guesses of periods that were not known early."""
        open_to_guess = [
            one for one in self.bodies("guess") if one["period"] not in self.known_early
        ]
        unsure = [one for one in open_to_guess if one["guess"] == "unsure"]
        right = [one for one in open_to_guess if one["guess"] == self.sequence[one["period"] - 1]]
        return len(right), len(open_to_guess) - len(right) - len(unsure), len(unsure)

    @property
    def severe(self) -> list[dict[str, Any]]:
        """Return the events of severity 3 and the red flags, the worst first."""
        flags = {flag.strip(" .").casefold() for flag in self.protocol["safety"]["red_flags"]}
        found = [
            one | {"flag": one["event"].casefold() in flags}
            for one in self.bodies("event")
            if one["severity"] == 3 or (one["severity"] and one["event"].casefold() in flags)
        ]
        return sorted(found, key=lambda one: -one["severity"])

    def period_of(self, day: str) -> int | None:
        on = date.fromisoformat(day)
        spans = enumerate(self.periods, start=1)
        return next((n for n, (first, last) in spans if first <= on <= last), None)

    @property
    def begun(self) -> list[int]:
        """Return the periods that began before the day of the lock."""
        return [n for n, (first, _) in enumerate(self.periods, start=1) if first < self.locked]

    @property
    def told_of(self) -> set[int]:
        """Return those of which a score or a dose is on record."""
        entries = [*self.bodies("score"), *self.bodies("dose")]
        recorded = {self.period_of(one["date"]) for one in entries}
        return {period for period in self.begun if period in recorded}

    def weeks(self, event: str, arm: str) -> int:
        """Return in how many weeks of periods on an arm a side effect was recorded."""
        weeks = set()
        for one in self.bodies("event"):
            period = self.period_of(one["date"])
            if period is None or not one["severity"]:
                continue
            if one["event"] == event and self.sequence[period - 1] == arm:
                since = date.fromisoformat(one["date"]) - self.periods[period - 1][0]
                weeks.add((period, since.days // 7))
        return len(weeks)
