"""Tables made elsewhere: what the labels of treatments mean, and which rows lack one."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import combinations, islice
from math import isnan

from nof1.errors import Fault
from nof1.trial.foreign.arms import is_arm
from nof1.trial.foreign.columns import ColumnRoles
from nof1.trial.foreign.rows import FaultList, ScoreRow
from nof1.trial.foreign.writing import BLANK, UnanalysedRows, Writing
from nof1.words.caution import Caution

#: What rows that are on no arm are called after reading.
_RUN_IN = "run-in"

#: Names of a run-in where two other treatments follow.
_BASELINE = re.compile(
    r"(base[- ]?line|base|pre|pre[- ]?test|screening)( (week|period|phase|days?))?( \d+)?"
)

#: Short words that are no abbreviation of a longer one.
_WORDS = {"on", "off", "no", "yes"}

#: Treatments that are compared with each other: a column with more of them is none of treatments.
_MOST_LABELS = 30

#: What follows a name where another treatment is added to it.
_ADDED = re.compile(r"\s*(?:[+&/,]|(?:and|plus|with|without)\b)")

#: A phase: a letter for the treatment, a digit for which time it is.
_PHASE = re.compile(r"(?P<word>[A-Za-z])[ _-]?\d")

#: Share of two longer names that must agree for one to be a slip of the other.
_ALIKE = 0.88


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Rows whose treatments mean what they say.

    Attributes
    ----------
    rows : list of ScoreRow
        In the order of the table.
    labels : list of str
        Treatment of every row that has one, also of those that could not be read.
    notes : list of Caution
        What was worked out.
    """

    rows: list[ScoreRow]
    labels: list[str]
    notes: list[Caution]


def settle_labels(
    rows: Sequence[ScoreRow],
    written: Sequence[str],
    *,
    columns: ColumnRoles,
    writing: Writing,
    named: Iterable[str],
    faults: FaultList,
    account: UnanalysedRows,
) -> Labelled:
    """Return the rows with the treatments they are on.

    Parameters
    ----------
    rows : sequence of ScoreRow
        As read.
    written : sequence of str
        Every treatment in the table, as written.
    columns, writing
        Which column is which, and how the table is written.
    named : iterable of str
        Arms that the user names: none of them is a run-in.
    faults, account
        Where scores without a treatment are reported, and rows left out are counted.
    """
    names: dict[str, str] = {}
    for label in written:
        names.setdefault(label.casefold(), label)
    faults.faults += [
        Fault(
            option, "no row has this treatment", f"The treatments are {', '.join(names.values())}."
        )
        for option, label in (
            *((f"--rename {label}", label) for label in writing.rename),
            *((f"--run-in {label}", label) for label in writing.run_in if label != BLANK),
        )
        if label.casefold() not in names
    ]
    for old, new in writing.rename.items():
        names[old.casefold()] = names.get(new.casefold(), new)
    for label in writing.run_in:
        names[label.casefold()] = _RUN_IN
    settled = [
        replace(
            row,
            treatment=names[row.treatment.casefold()] if row.treatment else "",
            taken=names.get(row.taken.casefold(), row.taken),
        )
        for row in rows
    ]
    notes: list[Caution] = []
    base = _baseline(settled, {name.casefold() for name in named})
    if base:
        notes.append(Caution.of("baseline-as-run-in", label=base))
        names = {key: _RUN_IN if label == base else label for key, label in names.items()}
        settled = [replace(r, treatment=names.get(r.treatment.casefold(), "")) for r in settled]
    settled, filled = _from_beside(settled)
    notes += filled
    if BLANK in map(str.casefold, writing.run_in):
        blank = sum(not row.treatment for row in settled)
        notes.append(Caution.of("blank-on-no-arm", rows=blank))
    settled = _without_treatment(settled, columns, writing, faults, account)
    return Labelled(
        rows=settled, labels=[names[label.casefold()] for label in written], notes=notes
    )


def _baseline(rows: Sequence[ScoreRow], named: set[str]) -> str:
    """Return the label of a baseline that comes first for everybody, before two or more arms."""
    arms = {row.treatment.casefold(): row.treatment for row in rows if is_arm(row.treatment)}
    candidates = [key for key in arms if _BASELINE.fullmatch(key) and key not in named]
    if len(candidates) != 1 or len(arms) < 3:
        return ""
    (base,) = candidates
    first: dict[str, int] = {}
    for row in rows:
        if is_arm(row.treatment) and row.treatment.casefold() != base:
            first[row.person] = min(row.day, first.get(row.person, row.day))
    later = any(
        row.treatment.casefold() == base and row.day > first.get(row.person, row.day)
        for row in rows
    )
    return "" if later else arms[base]


def _from_beside(rows: list[ScoreRow]) -> tuple[list[ScoreRow], list[Caution]]:
    """Return rows without a treatment with that of their period, or of their day, and a note."""
    notes = []
    places: tuple[tuple[str, Callable[[ScoreRow], Hashable]], ...] = (
        ("period", lambda row: None if row.period is None else (row.cycle, row.period)),
        ("day", lambda row: row.day),
    )
    for what, place in places:
        known: dict[Hashable, set[str]] = {}
        for row in rows:
            if row.treatment and place(row) is not None:
                known.setdefault((row.person, place(row)), set()).add(row.treatment)
        beside = [
            known.get((row.person, place(row)), set()) if not row.treatment else set()
            for row in rows
        ]
        filled = [row.number for row, own in zip(rows, beside, strict=True) if len(own) == 1]
        rows = [
            replace(row, treatment=next(iter(own))) if len(own) == 1 else row
            for row, own in zip(rows, beside, strict=True)
        ]
        if filled:
            notes.append(
                Caution.of(
                    "treatment-from-beside",
                    rows=tuple(filled[:5]),
                    more=len(filled) > 5,
                    n=len(filled),
                    what=what,
                )
            )
    return rows, notes


def _without_treatment(
    rows: Sequence[ScoreRow],
    columns: ColumnRoles,
    writing: Writing,
    faults: FaultList,
    account: UnanalysedRows,
) -> list[ScoreRow]:
    """Return the rows that are on something; a score without a treatment is a fault."""
    if BLANK in map(str.casefold, writing.run_in):
        return [replace(row, treatment=row.treatment or _RUN_IN) for row in rows]
    blank = [row for row in rows if not row.treatment]
    scored = [row for row in blank if not all(isnan(points) for _, points in row.scores)]
    kept = {row.number for row in scored}
    for row in blank:
        if row.number not in kept:
            account.add(row.person, "with neither treatment nor score")
    if scored:
        what = "this row has a score, but no treatment"
        if len(blank) > 1:
            what = f"{len(blank)} rows have no treatment, {len(scored)} of them with a score"
        faults.add(
            scored[0].number,
            columns.treatment,
            what,
            f"{_how_to_tell(writing)}; if the days are a run-in or washout, write run-in or "
            f"washout there, or add --run-in {BLANK}.",
        )
    return [row for row in rows if row.treatment or row.number in kept]


def _how_to_tell(writing: Writing) -> str:
    """Return how a treatment is told that is not in its row."""
    if writing.fill_down:
        return (
            "No row above it has one to fill it with: write it; if the rows run backwards in time, "
            "sort them first"
        )
    return "Write it; if it is written only where it changes, add --fill-down"


def look_alikes(labels: Iterable[str], named: Iterable[str]) -> list[Fault]:
    """Return a fault when treatments look like several spellings of one.

    Parameters
    ----------
    labels : iterable of str
        The treatments, each once.
    named : iterable of str
        Arms that the user names: they are what they are.
    """
    labels = list(islice(labels, _MOST_LABELS))
    known = {name.casefold() for name in named}
    same: dict[str, str] = {}
    for text, other in combinations(labels, 2):
        if {text.casefold(), other.casefold()} <= known or not _alike(text, other):
            continue
        if other not in same:
            same[other] = same.get(text, text)
    if not same:
        return _phases(labels, known)
    shown = ", ".join(f"{label} looks like {first}" for label, first in same.items())
    options = " ".join(f'--rename "{label}={first}"' for label, first in same.items())
    mend = f"If so, add {options}; if not, name the arms with --comparator and --active."
    return [Fault("treatment", shown, mend)]


def _phases(labels: Sequence[str], known: Set[str]) -> list[Fault]:
    """Return a fault when treatments look like the phases of two or more: A1, B1, A2, B2."""
    parts = [_PHASE.fullmatch(label) for label in labels]
    words = [part["word"] for part in parts if part is not None]
    if len(words) < len(labels) or not 1 < len(set(words)) < len(words):
        return []
    if {label.casefold() for label in labels} <= known:
        return []
    options = " ".join(
        f"--rename {label}={word}" for label, word in zip(labels, words, strict=True)
    )
    shown = ", ".join(labels)
    return [
        Fault(
            "treatment",
            f"{shown} look like phases of {len(set(words))} treatments",
            f"If so, add {options}; if not, name the arms with --comparator and --active.",
        )
    ]


def _alike(label: str, other: str) -> bool:
    """Return whether two treatments may be one: an abbreviation, an addition or a slip."""
    short, long = sorted((_letters(label), _letters(other)), key=len)
    if short == long:
        return True
    if not short or short in _WORDS or short[0] != long[0]:
        return False
    if len(short) >= 3 and long.startswith(short):
        return not (_other_number(short, long) or _added(label, other) or _added(other, label))
    if len(short) <= 4 < len(long):
        return short.isalpha() and (len(short) > 1 or short > "f") and _within(short, long)
    if re.sub(r"\D", "", label) != re.sub(r"\D", "", other) or short[:-1] == long[:-1]:
        return False
    if len(short) >= 5 and sorted(short) == sorted(long):
        return True
    return len(short) >= 6 and SequenceMatcher(None, short, long).ratio() >= _ALIKE


def _other_number(short: str, long: str) -> bool:
    """Return whether a name goes on with a digit of its number: 100 and 1000 are two."""
    return short[-1].isdigit() and long[len(short)].isdigit()


def _added(label: str, other: str) -> bool:
    """Return whether one name is another with a further treatment: drug, drug + diet."""
    short, long = label.casefold(), other.casefold()
    return long.startswith(short) and _ADDED.match(long[len(short) :]) is not None


def _letters(label: str) -> str:
    return re.sub(r"[\W_]+", "", label.casefold())


def _within(short: str, long: str) -> bool:
    """Return whether the letters of one word occur in another in the same order."""
    rest = iter(long)
    return all(letter in rest for letter in short)
