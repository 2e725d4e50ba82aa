"""Tables made elsewhere: what the order was drawn from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from nof1.design.allocation import AllocationSet
from nof1.design.cycled import PairsSet
from nof1.design.daily import DailySet, countable
from nof1.design.phases import PhasesSet
from nof1.design.sets import CompleteSet, ExplicitSet
from nof1.errors import Fault, ScoresError
from nof1.protocol.reading import read_bytes
from nof1.trial.foreign.periods import PersonPeriods
from nof1.trial.tables.reading import MOST_BYTES
from nof1.trial.tables.texts import decoded
from nof1.words.caution import Caution


@dataclass(frozen=True)
class ChangePoints:
    """The order of the phases was fixed, each at least so many days with rows long."""

    least: int


@dataclass(frozen=True)
class Daily:
    """Every row was given an arm of its own, at most so many rows in a row the same one."""

    most: int


#: How the order of a table was drawn: a scheme, the list of all sequences it could have had,
#: or None when the table has to tell.
Drawn = Literal["none", "pairs", "complete"] | ChangePoints | Daily | ExplicitSet | None


def read_drawn(allocation: str | Path | None, arms: tuple[str, ...]) -> Drawn:
    """Return how the order was drawn, as the user says.

    Parameters
    ----------
    allocation : str, Path or None
        ``none``, ``pairs``, ``complete``, ``phases:N``, ``daily:K``, or a file with one sequence
        of arms in each line, parted by blanks or commas.
    arms : tuple of str
        The comparator first.

    Raises
    ------
    ScoresError
        With every line of the file that is no sequence of these arms.
    """
    match allocation:
        case None | "none" | "pairs" | "complete":
            return allocation
        case str() if allocation.startswith("phases:"):
            least = _number(
                allocation,
                "the length of a phase",
                "Write the fewest scores that the draw left in a phase, for instance phases:4.",
            )
            return ChangePoints(least)
        case str() if allocation.startswith("daily:"):
            most = _number(
                allocation,
                "a number of days",
                "Write the most days in a row on one treatment that the draw allowed, for "
                "instance daily:2.",
            )
            return Daily(most)
        case _:
            return _read_sequences(Path(allocation), arms)


def _number(text: str, what: str, mend: str) -> int:
    """Return the number, 1 at least, behind the colon of a scheme."""
    number = text.partition(":")[2]
    if not number.isdecimal() or int(number) < 1:
        raise ScoresError(Fault(f"--allocation {text}", f"{number!r} is not {what}", mend))
    return int(number)


def _read_sequences(path: Path, arms: tuple[str, ...]) -> ExplicitSet:
    """Return the sequences in a file."""
    try:
        exists = path.is_file()
    except (OSError, ValueError):  # too long a name, or one that no file can have
        exists = False
    if not exists:
        raise ScoresError(
            Fault(
                f"--allocation {path}",
                "there is no such file",
                "Give pairs, complete, phases:N, daily:K, none or the path of a list of sequences.",
            )
        )
    number_of = {arm.casefold(): number for number, arm in enumerate(arms)}
    faults: list[Fault] = []
    line_of: dict[tuple[int, ...], int] = {}
    sequences, _ = decoded(path.name, read_bytes(path, error=ScoresError, most=MOST_BYTES))
    for line, text in enumerate(sequences.splitlines(), start=1):
        labels = [label for label in re.split(r"[\s,;]+", text.casefold()) if label]
        if not labels:
            continue
        where = f"{path.name}:{line}"
        strange = sorted({label for label in labels if label not in number_of})
        if strange:
            mend = f"Write the arms {', '.join(arms)}, parted by blanks."
            faults.append(Fault(where, f"{', '.join(strange)} is no arm", mend))
            continue
        sequence = tuple(number_of[label] for label in labels)
        first = line_of.setdefault(sequence, line)
        if first != line:
            mend = "List every sequence once."
            faults.append(Fault(where, f"the sequence of line {first} again", mend))
        length = len(next(iter(line_of)))
        if len(sequence) != length:
            what = f"{len(sequence)} periods, but {length} in the first sequence"
            faults.append(Fault(where, what, "Give all sequences the same length."))
    if not line_of and not faults:
        faults.append(Fault(path.name, "the file lists no sequence", "Write one in each line."))
    if faults:
        raise ScoresError(faults)
    return ExplicitSet(tuple(line_of))


def periods_told(drawn: Drawn, *, whole: bool) -> Literal["pairs", "phases", "daily"] | None:
    """Return how an order was drawn, as far as it tells where periods lie.

    Parameters
    ----------
    drawn : Drawn
    whole : bool
        Whether the person was on all arms: otherwise cycles are no longer as drawn.
    """
    match drawn:
        case "pairs":
            return "pairs" if whole else None
        case ChangePoints():
            return "phases"
        case Daily():
            return "daily"
        case _:
            return None


def allocation_set(
    drawn: Drawn,
    layout: PersonPeriods,
    arms: tuple[str, ...],
    *,
    days: Sequence[int],
    chosen: bool,
    where: str,
) -> tuple[AllocationSet | None, Caution] | Fault:
    """Return what one person's sequence was drawn from, and how that is known.

    Parameters
    ----------
    drawn : Drawn
        As the user says.
    layout : PersonPeriods
        The person's periods.
    arms : tuple of str
        The comparator first.
    days : sequence of int
        Days of the person's rows.
    chosen : bool
        Whether the table itself has periods and cycles.
    where : str
        Table and person, for messages.

    Returns
    -------
    (AllocationSet or None, Caution), or Fault when the sequence cannot have been drawn so
    """
    odd = [cycle for cycle in layout.cycles if not len(cycle) == len(set(cycle)) == len(arms)]
    counts = Counter(layout.arm_of_period)
    pairs = None if odd else PairsSet(len(arms), len(layout.cycles))
    match drawn:
        case "none":
            return None, Caution.of("no-test-as-asked")
        case None if chosen and pairs:
            return pairs, Caution.of("taken-as-pairs")
        case None:
            return None, Caution.of("draw-not-told")
        case "pairs" if pairs:
            return pairs, pairs.describe()
        case "pairs":
            what = f"a cycle holds {_named(odd[0], arms)}, not every arm once"
            return Fault(where, what, _mend(complete=len(set(counts.values())) == 1))
        case "complete" if len(set(counts.values())) == 1:
            complete = CompleteSet(len(arms), counts[0])
            return complete, complete.describe()
        case "complete":
            shown = ", ".join(f"{arm} {counts[number]}" for number, arm in enumerate(arms))
            what = f"the arms have not equally many periods ({shown})"
            return Fault(where, what, _mend(complete=False))
        case ChangePoints():
            return _phases(drawn.least, layout, arms, days=days, where=where)
        case Daily():
            return _by_day(drawn.most, layout, arms, where=where)
        case _ if layout.arm_of_period in drawn:
            return drawn, drawn.describe()
        case _:
            what = f"the sequence {_named(layout.arm_of_period, arms)} is not in the list"
            return Fault(where, what, "Add it to the list, or use --allocation none.")


def _phases(
    least: int, layout: PersonPeriods, arms: tuple[str, ...], *, days: Sequence[int], where: str
) -> tuple[AllocationSet, Caution] | Fault:
    """Return what the change points between the periods were drawn from."""
    if len(arms) != 2:
        what = f"phases alternate between two arms, not {len(arms)}"
        return Fault(where, what, "List the sequences in a file, or use --allocation none.")
    if any(arm == following for arm, following in pairwise(layout.arm_of_period)):
        return Fault(
            where,
            f"the phases {_named(layout.arm_of_period, arms)} do not alternate",
            "Give phases of one arm in a row the same period, or use --allocation none.",
        )
    occasions = [
        [day for day in sorted(set(days)) if period.first_day <= day <= period.last_day]
        for period in layout.periods
    ]
    short = next((n for n, own in enumerate(occasions, start=1) if len(own) < least), None)
    if short is not None:
        what = f"phase {short} has {len(occasions[short - 1])} days with rows, fewer than {least}"
        return Fault(where, what, "Give the least length that the draw really allowed.")
    every = tuple(day for own in occasions for day in own)
    drawn_from = PhasesSet(phases=layout.arm_of_period, days=every, least=least)
    return drawn_from, drawn_from.describe()


def _by_day(
    most: int, layout: PersonPeriods, arms: tuple[str, ...], *, where: str
) -> tuple[AllocationSet, Caution] | Fault:
    """Return what the arms of single days were drawn from."""
    stretches: list[int] = []
    run, longest, at = 0, 0, 1
    for number, (period, arm) in enumerate(zip(layout.periods, layout.arm_of_period, strict=True)):
        before = layout.periods[number - 1] if number else None
        follows = before is not None and before.last_day + 1 == period.first_day
        if follows:
            stretches[-1] += 1
        else:
            stretches.append(1)
        run = run + 1 if follows and layout.arm_of_period[number - 1] == arm else 1
        if run > longest:
            longest, at = run, number
    if longest > most:
        named = arms[layout.arm_of_period[at]]
        what = f"{longest} rows in a row are on {named}, up to day {layout.periods[at].last_day}"
        mend = f"Use --allocation daily:{longest} if the draw allowed it, else none."
        return Fault(where, what, mend)
    counts = tuple(layout.arm_of_period.count(arm) for arm in range(len(arms)))
    if not countable(counts, most):
        what = f"the orders of {sum(counts)} days on {len(arms)} arms are too many to count"
        return Fault(where, what, "Use --allocation none.")
    drawn_from = DailySet(counts, tuple(stretches), most)
    return drawn_from, drawn_from.describe()


def _mend(*, complete: bool) -> str:
    """Return what helps where a sequence does not fit how it was drawn."""
    others = "complete, none" if complete else "none"
    return (
        "Write a period that never took place as a row with its treatment and an empty score; or "
        f"use --allocation {others} or a file."
    )


def _named(sequence: Sequence[int], arms: tuple[str, ...]) -> str:
    return " ".join(arms[arm] for arm in sequence)
