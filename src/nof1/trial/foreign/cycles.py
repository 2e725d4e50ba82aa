"""Tables made elsewhere: cycles, and periods of them that never took place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched

from nof1.trial.foreign.rows import FaultList
from nof1.trial.foreign.stretches import PersonContext, Stretch
from nof1.words.caution import Caution


@dataclass(frozen=True, slots=True)
class Place:
    """A period in the order of a trial.

    Attributes
    ----------
    slot : int
        Place in the order, from 0.
    arm : int
        As assigned.
    cycle : int
        From 1.
    stretch : Stretch or None
        Its days with a row; None when it has none.
    """

    slot: int
    arm: int
    cycle: int
    stretch: Stretch | None


def into_cycles(
    stretches: Sequence[Stretch], asked: PersonContext, faults: FaultList
) -> tuple[list[Place], list[Caution]]:
    """Return every period with its cycle, those without a row included, and what was worked out.

    Cycles are the table's own, or as many periods in a row as there are arms, from the first
    period on, when all of these have every arm once. A cycle that lacks the row of one period
    tells which arm that was.
    """
    n_arms = len(asked.arms)
    own = [_own_cycle(stretch, asked, faults) for stretch in stretches]
    _check_cycles(stretches, asked, faults)
    by_slot = {stretch.slot: stretch for stretch in stretches}
    places = _filled(by_slot, n_arms, complete_last=asked.drawn == "pairs")
    numbered = asked.columns.cycle is not None
    if places is not None and (not numbered or _agree(places)):
        return places, _notes(places, n_arms, numbered=numbered)
    if numbered:
        number_of = {cycle: number for number, cycle in enumerate(dict.fromkeys(own), start=1)}
        cycles = [number_of[cycle] for cycle in own]
        notes: list[Caution] = []
    else:
        cycles = [1] * len(stretches)
        notes = [Caution.of("no-cycles")]
    return [
        Place(stretch.slot, stretch.arm, cycle, stretch)
        for stretch, cycle in zip(stretches, cycles, strict=True)
    ], notes


def complete(arms: Sequence[int | None], n_arms: int) -> bool:
    """Return whether an order falls into cycles with every arm once; the last may be cut off.

    Parameters
    ----------
    arms : sequence of int or None
        None for a period without a row.
    n_arms : int
    """
    return all(
        len(own := [arm for arm in group if arm is not None]) == len(set(own))
        and n_arms - len(own) <= 1
        for group in batched(arms, n_arms)
    )


def _filled(by_slot: dict[int, Stretch], n_arms: int, *, complete_last: bool) -> list[Place] | None:
    """Return the periods by cycle, None when they do not fall into cycles."""
    places: list[Place] = []
    cycle = 0
    for slots in batched(range(max(by_slot) + 1), n_arms):
        there = {slot: by_slot[slot].arm for slot in slots if slot in by_slot}
        if len(set(there.values())) < len(there):
            return None
        lacking = set(range(n_arms)) - set(there.values())
        if there:
            cycle += 1
        if len(slots) < n_arms and complete_last:
            slots = tuple(range(slots[0], slots[0] + n_arms))
        absent = [slot for slot in slots if slot not in there]
        arms = dict(there)
        if there and len(lacking) == len(absent) == 1:
            arms[absent[0]] = lacking.pop()
        places += [Place(slot, arm, cycle, by_slot.get(slot)) for slot, arm in sorted(arms.items())]
    return places


def _agree(places: Sequence[Place]) -> bool:
    """Return whether cycles by place in the order are those of the table."""
    pairs = {(place.cycle, place.stretch.cycle) for place in places if place.stretch is not None}
    return len(pairs) == len({ours for ours, _ in pairs}) == len({own for _, own in pairs})


def _notes(places: Sequence[Place], n_arms: int, *, numbered: bool) -> list[Caution]:
    """Return how many cycles were worked out, and which periods are left over."""
    if numbered:
        return []
    numbers: dict[int, list[int]] = {}
    for number, place in enumerate(places, start=1):
        numbers.setdefault(place.cycle, []).append(number)
    over = tuple(number for own in numbers.values() if len(own) < n_arms for number in own)
    whole = sum(len(own) == n_arms for own in numbers.values())
    return [Caution.of("cycles-found", cycles=whole, over=over)]


def _own_cycle(stretch: Stretch, asked: PersonContext, faults: FaultList) -> int | None:
    """Return the table's cycle of a period; a table with cycles has one for each."""
    if asked.columns.cycle is not None and stretch.cycle is None:
        faults.add(
            stretch.number,
            asked.columns.cycle,
            f"{asked.arms[stretch.arm]} is given, but no cycle",
            "Write the number of the cycle.",
        )
    return stretch.cycle


def _check_cycles(stretches: Sequence[Stretch], asked: PersonContext, faults: FaultList) -> None:
    """Add a fault for a period in two cycles, and for a cycle in two pieces."""
    column = asked.columns.cycle
    if column is None:
        return
    seen: set[int] = set()
    before: Stretch | None = None
    for stretch in stretches:
        if stretch.cycle is None:
            continue
        if before is not None and stretch.cycle != before.cycle:
            if stretch.period is not None and (before.period, before.arm) == (
                stretch.period,
                stretch.arm,
            ):
                faults.add(
                    stretch.number,
                    column,
                    f"period {stretch.period} lies in cycle {before.cycle} and in cycle "
                    f"{stretch.cycle}",
                    "Give it one cycle, or the second part a number of its own.",
                )
            elif stretch.cycle in seen:
                faults.add(
                    stretch.number,
                    column,
                    f"cycle {stretch.cycle} goes on, but cycle {before.cycle} lies between",
                    "Give every cycle a number of its own.",
                )
        seen.add(stretch.cycle)
        before = stretch
