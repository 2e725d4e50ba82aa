"""Texts of a protocol that name the dose: filled in from the numbers that are typed once.

In any text of a protocol file ``{dose}`` stands for the magnesium of a day, ``{strength}`` for that
of one unit, ``{dose_by_time}`` for that of each time, ``{units}`` for the units of each time and
``{times}`` for the clock times. In the table of an arm they speak of that arm; elsewhere
``{low.dose}`` speaks of the arm ``low``, and ``{dose}`` of all arms if they agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from nof1.errors import Fault
from nof1.protocol.doses import MagnesiumStrength, mg_text
from nof1.protocol.dosing import Dosing, count_faults, dosing_of
from nof1.protocol.tables import Arm, Regimen
from nof1.words.numbers import listed

_PLACE = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"(?:([a-z][a-z0-9-]*)\.)?([a-z_]+)")
_COUNTED = ("units_each_time", "unit_name", "pack", "times", "spare_days")

#: Path of a text in the tables of a file: keys and positions.
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doses:
    """What is taken on each arm of a file, as far as the texts need it.

    Attributes
    ----------
    arms : mapping of str to Dosing
        By the id of the arm, in the order of the file.
    ids : tuple of str
        The id of each ``[[arms]]`` of the file.
    """

    arms: Mapping[str, Dosing]
    ids: tuple[str, ...]

    @property
    def with_magnesium(self) -> dict[str, Dosing]:
        """Return the arms that hold magnesium."""
        return {arm: dosing for arm, dosing in self.arms.items() if dosing.daily_mg}

    def of(self, path: Path) -> str | None:
        """Return the arm in whose table a text stands; None elsewhere."""
        return self.ids[int(path[1])] if path[0] == "arms" else None


def doses_in(data: Mapping[str, Any]) -> Doses | None:
    """Return the doses the tables of a file give; None where their numbers are not right."""
    try:
        regimen = Regimen.model_validate(
            {"action": "-"}
            | {key: data["regimen"][key] for key in _COUNTED if key in data["regimen"]}
        )
        arms = [_arm(table) for table in data["arms"]]
        mode = data["blinding"]["mode"]
    except (ValidationError, KeyError, TypeError, AttributeError):
        return None  # the check of the tables names what is wrong
    ids = tuple(arm.id for arm in arms)
    if len(arms) < 2 or count_faults(regimen, arms) or len(set(ids)) < len(ids):
        return None
    return Doses(arms={arm.id: dosing_of(regimen, arm, mode=mode) for arm in arms}, ids=ids)


def _arm(table: Mapping[str, Any]) -> Arm:
    """Return the arm with what its dose depends on; its texts do not matter here."""
    return Arm(
        id=table["id"],
        role="active",
        label="-",
        plain="-",
        contents=str(table.get("contents", "")),
        magnesium=MagnesiumStrength.model_validate(table["magnesium"])
        if "magnesium" in table
        else None,
    )


def filled(data: dict[str, Any], doses: Doses) -> tuple[dict[str, Any], list[tuple[Path, Fault]]]:
    """Return the tables of a file with every placeholder filled in, and what cannot be filled."""
    faults: list[tuple[Path, Fault]] = []

    def fill(path: Path, text: str) -> str:
        try:
            return _PLACE.sub(lambda match: _value(match[1], doses, doses.of(path)), text)
        except _Unfilled as wrong:
            faults.append((path, wrong.fault))
            return text

    return _mapped(data, (), fill), faults


class _Unfilled(Exception):  # noqa: N818
    """A placeholder that no number fills."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.fault = Fault("", what, mend)


def _value(name: str, doses: Doses, own: str | None) -> str:
    """Return the text a placeholder stands for."""
    said = _NAME.fullmatch(name)
    if said is None or said[2] not in _VALUES:
        known = listed([f"{{{key}}}" for key in _VALUES])
        raise _Unfilled(f"{{{name}}} stands for nothing", f"Write one of {known}.")
    arm, key = said[1] or own, said[2]
    if arm is not None and arm not in doses.arms:
        raise _Unfilled(
            f"{{{name}}}: there is no arm {arm}", f"Write one of {', '.join(doses.arms)}."
        )
    of_magnesium = key not in ("units", "times")
    asked = doses.with_magnesium if of_magnesium else doses.arms
    if arm is not None:
        asked = {arm: doses.arms[arm]}
    values = {_VALUES[key](dosing) for dosing in asked.values()} - {""}
    if not values:
        needed = "magnesium = { strength = ... }" if of_magnesium else "units_each_time"
        raise _Unfilled(f"no number gives {{{name}}}", f"Type {needed}, or leave it out.")
    if len(values) > 1:
        example = next(iter(asked))
        raise _Unfilled(
            f"{{{name}}} is not the same in every arm: {listed(sorted(values))}",
            f"Name the arm, as in {{{example}.{key}}}.",
        )
    return values.pop()


def _strength(dosing: Dosing) -> str:
    return dosing.strength.said if dosing.strength else ""


_VALUES: dict[str, Callable[[Dosing], str]] = {
    "dose": lambda dosing: mg_text(dosing.daily_mg) if dosing.daily_mg else "",
    "strength": _strength,
    "dose_by_time": lambda dosing: dosing.doses_text,
    "units": lambda dosing: dosing.units_text if dosing.units_a_day else "",
    "times": lambda dosing: dosing.times_text,
}


def _mapped(value: Any, path: Path, change: Callable[[Path, str], str]) -> Any:
    """Return nested tables with every text changed."""
    if isinstance(value, str):
        return change(path, value)
    if isinstance(value, dict):
        return {key: _mapped(part, (*path, key), change) for key, part in value.items()}
    if isinstance(value, list):
        return [_mapped(part, (*path, i), change) for i, part in enumerate(value)]
    return value


def texts_of(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every text in nested tables, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from texts_of(part, (*path, key))
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from texts_of(part, (*path, i))
