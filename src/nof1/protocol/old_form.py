"""Protocols frozen before strength and units each time were typed: how they are still read.

They gave magnesium and units by the day and repeated the dose in free texts. A trial that began
with one is opened and printed as it was promised; a new trial needs the newer form.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from nof1.protocol.doses import COMPOUNDS, elemental_mg
from nof1.protocol.dosing import Dosing, Intake
from nof1.protocol.table import FrozenTable
from nof1.protocol.tables import Arm, Regimen

_NEW_KEYS = ("units_each_time", "pack", "spare_days")
_NOTHING = {"units_per_day": 0, "spare_units": 0}


class OldAmount(FrozenTable):
    """Magnesium of a day, of the element or of a salt."""

    amount: float = Field(ge=0)
    unit: Literal["mg", "mmol"]
    basis: Literal["elemental", "compound"]
    compound: str | None = None

    @model_validator(mode="after")
    def _compound_is_known(self) -> Self:
        if self.basis == "compound" and self.compound not in COMPOUNDS:
            raise ValueError(f"compound {self.compound!r} is not known")
        return self

    @property
    def elemental_mg(self) -> float:
        """Return milligrams of the element."""
        counted = self.compound if self.basis == "compound" else None
        return elemental_mg(self.amount, self.unit, counted)


class OldDoses(FrozenTable):
    """What a protocol of the older form says of units and magnesium.

    Attributes
    ----------
    units_per_day, spare_units : int
        Units a day, and units in each kit beyond the days of the period.
    magnesium : dict of str to OldAmount
        Magnesium a day, by the id of the arm.
    """

    units_per_day: int = Field(default=0, ge=0, le=50)
    spare_units: int = Field(default=0, ge=0, le=500)
    magnesium: dict[str, OldAmount] = Field(default_factory=dict)

    def dosing(self, regimen: Regimen, arm: Arm) -> Dosing:
        """Return what is taken on an arm; units of several times are not known apart."""
        counted = self.units_per_day if arm.contents else 0
        one_time = regimen.times if len(regimen.times) == 1 else ()
        amount = self.magnesium.get(arm.id)
        return Dosing(
            unit_name=regimen.unit_name,
            times=regimen.times,
            units_a_day=counted,
            spare_units=self.spare_units if counted else 0,
            intakes=tuple(Intake(time=time, units=counted) for time in one_time if counted),
            daily_mg=amount.elemental_mg if amount else 0.0,
        )

    def put_back(self, content: dict[str, Any]) -> None:
        """Give a protocol's content the form its digest was made of."""
        _without_new_keys(content)
        content["regimen"] |= {
            "units_per_day": self.units_per_day,
            "spare_units": self.spare_units,
        }
        for arm in content["arms"]:
            amount = self.magnesium.get(arm["id"])
            arm["magnesium"] = amount.model_dump(mode="json") if amount else None


def put_back_nothing(content: dict[str, Any]) -> None:
    """Give a protocol that counts no units the content it had before units were counted anew."""
    _without_new_keys(content)
    content["regimen"] |= _NOTHING


def _without_new_keys(content: dict[str, Any]) -> None:
    for key in _NEW_KEYS:
        del content["regimen"][key]


def is_old(data: dict[str, Any]) -> bool:
    """Return whether the tables of a protocol file say doses in the older form."""
    regimen, arms = data.get("regimen"), data.get("arms")
    if not isinstance(regimen, dict) or not isinstance(arms, list):
        return False  # no protocol of any form
    return not _NOTHING.keys().isdisjoint(regimen) or any(
        "amount" in table for table in _magnesium(arms).values()
    )


def split_old(data: dict[str, Any]) -> tuple[dict[str, Any], OldDoses]:
    """Return the tables without what they say of doses, and that.

    Raises
    ------
    pydantic.ValidationError
        If what they say of doses is not as the older form had it.
    """
    rest = deepcopy(data)
    said: dict[str, Any] = {"magnesium": _magnesium(rest["arms"])}
    said |= {key: rest["regimen"].pop(key) for key in _NOTHING if key in rest["regimen"]}
    for arm in rest["arms"]:
        if isinstance(arm, dict):
            arm.pop("magnesium", None)
    return rest, OldDoses.model_validate(said, strict=True)


def _magnesium(arms: list[Any]) -> dict[str, dict[str, Any]]:
    return {
        str(arm.get("id")): arm["magnesium"]
        for arm in arms
        if isinstance(arm, dict) and isinstance(arm.get("magnesium"), dict)
    }
