"""What is taken on an arm: units each time, times a day, and the magnesium they hold.

Strength of a unit, units each time and times of the day stand once in a protocol; every amount in
print is worked out here from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nof1.protocol.doses import MagnesiumStrength, magnesium_text, mg_text
from nof1.protocol.tables import Arm, Regimen
from nof1.words.numbers import clock_text, counted, listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What is taken at one time of the day.

    Attributes
    ----------
    time : str
        HH:MM.
    units : int
        Units taken.
    active : int
        How many of them hold magnesium.
    """

    time: str
    units: int
    active: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dosing:
    """What is taken on one arm in a day, and what a kit holds beyond the days of a period.

    Attributes
    ----------
    unit_name : str
        What a unit is called.
    pack : str
        What the units of one time are packed in; empty when all lie together.
    times : tuple of str
        Times of the day, HH:MM.
    units_a_day : int
        Units taken in a day; 0 when nothing is taken or counted.
    spare_units : int
        Units in each kit beyond the days of the period.
    intakes : tuple of Intake
        One for each time; empty when nothing is counted, and in a protocol of the older form
        that does not say how the units of a day lie over several times.
    strength : MagnesiumStrength or None
        Magnesium in a unit that holds any; None where there is none, and in a protocol of the
        older form, which does not say it.
    daily_mg : float
        Milligrams of magnesium in a day, as the element.
    """

    unit_name: str
    pack: str = ""
    times: tuple[str, ...]
    units_a_day: int = 0
    spare_units: int = 0
    intakes: tuple[Intake, ...] = field(default=())
    strength: MagnesiumStrength | None = None
    daily_mg: float = 0.0

    @property
    def same_each_time(self) -> int | None:
        """Return the units of every time, or None where they differ or are not known."""
        counts = {intake.units for intake in self.intakes}
        return counts.pop() if len(counts) == 1 else None

    @property
    def units_text(self) -> str:
        """Return ``3 capsules``, or with the times where the numbers differ."""
        same = self.same_each_time
        if same is not None:
            return counted(same, self.unit_name)
        return listed(
            [
                f"{counted(intake.units, self.unit_name)} at {clock_text(intake.time)}"
                for intake in self.intakes
                if intake.units
            ]
        )

    @property
    def times_text(self) -> str:
        """Return ``12:00 (noon) and 20:00 (8 pm)``."""
        return listed([clock_text(time) for time in self.times])

    @property
    def intake_text(self) -> str:
        """Return what is taken when: ``3 capsules at 20:00 (8 pm)``; empty when not counted."""
        if not self.units_a_day:
            return ""
        if not self.intakes:
            units = counted(self.units_a_day, self.unit_name)
            return f"{units} a day, at {self.times_text}"
        same = self.same_each_time
        if same is None:
            return self.units_text
        each = " each" if len(self.times) > 1 else ""
        return f"{counted(same, self.unit_name)}{each} at {self.times_text}"

    def mg_at(self, intake: Intake) -> float:
        """Return milligrams of magnesium taken at one time, as the element."""
        return intake.active * self.strength.elemental_mg if self.strength else 0.0

    @property
    def doses_text(self) -> str:
        """Return the magnesium of every time, ``150 mg at 12:00 (noon) and 150 mg at ...``."""
        return listed(
            [
                f"{mg_text(self.mg_at(intake))} at {clock_text(intake.time)}"
                for intake in self.intakes
                if intake.active
            ]
        )

    @property
    def magnesium_line(self) -> str:
        """Return how the magnesium of a day comes about; ``none`` where there is none."""
        if not self.daily_mg:
            return "no magnesium"
        a_day = f"{magnesium_text(self.daily_mg)} a day"
        if self.strength is None or not self.intakes:
            return a_day
        strength = self.strength.said
        if self.strength.salt_said:
            strength = f"{strength} (as {self.strength.salt_said})"
        active = sum(intake.active for intake in self.intakes)
        return f"{a_day}: {counted(active, self.unit_name)} of {strength}"


def dosing_of(regimen: Regimen, arm: Arm, *, mode: str) -> Dosing:
    """Return what is taken on an arm.

    Where the arms need not look alike, an arm that brings nothing to take takes nothing.

    Parameters
    ----------
    regimen : Regimen
        Times and units.
    arm : Arm
        What the units hold.
    mode : {"double-blind", "concealed", "open"}
        How the trial is blinded.
    """
    taken = mode == "double-blind" or bool(arm.contents) or arm.magnesium is not None
    units = each_time(regimen.units_each_time, len(regimen.times)) if taken else ()
    if not sum(units):
        return Dosing(unit_name=regimen.unit_name, times=regimen.times)
    strength = arm.magnesium
    active = (0,) * len(units)
    if strength is not None:
        active = each_time(strength.units_each_time, len(units)) or units
    return Dosing(
        unit_name=regimen.unit_name,
        pack=regimen.pack,
        times=regimen.times,
        units_a_day=sum(units),
        spare_units=sum(units) * regimen.spare_days,
        intakes=tuple(
            Intake(time=time, units=count, active=holding)
            for time, count, holding in zip(regimen.times, units, active, strict=True)
        ),
        strength=strength,
        daily_mg=sum(active) * strength.elemental_mg if strength else 0.0,
    )


def each_time(numbers: Sequence[int], n_times: int) -> tuple[int, ...]:
    """Return a number for each time: one that is given alone counts for all."""
    return tuple(numbers) * n_times if len(numbers) == 1 else tuple(numbers)


def count_faults(regimen: Regimen, arms: Sequence[Arm]) -> list[str]:
    """Return where units and times do not fit each other."""
    times, units = len(regimen.times), regimen.units_each_time
    if len(units) > 1 and len(units) != times:
        return [
            f"regimen.units_each_time: {len(units)} numbers, but {times} in times; give one"
            " number, or one for each of the times"
        ]
    faults = []
    for i, arm in enumerate(arms):
        if arm.magnesium is None:
            continue
        holding = arm.magnesium.units_each_time
        where = f"arms.{i}.magnesium.units_each_time"
        if not sum(units):
            faults.append(
                f"arms.{i}.magnesium: a strength is given, but regimen.units_each_time counts"
                " no units; write there how many are taken at each time"
            )
        elif len(holding) > 1 and len(holding) != times:
            faults.append(
                f"{where}: {len(holding)} numbers, but {times} in times; give one number, or"
                " one for each of the times"
            )
        elif holding and any(
            held > of
            for held, of in zip(each_time(holding, times), each_time(units, times), strict=True)
        ):
            faults.append(
                f"{where}: more than the units that are taken; write at most"
                " regimen.units_each_time"
            )
    return faults
