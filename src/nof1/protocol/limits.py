"""The upper limit of supplemental magnesium: which doses are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nof1.protocol.doses import (
    CEILING_MG,
    CEILING_SOURCE,
    STRICTEST_LIMIT_MG,
    UPPER_LIMIT_MG,
    is_above,
    magnesium_text,
)
from nof1.protocol.dosing import dosing_of
from nof1.protocol.table import FrozenTable, Text
from nof1.protocol.tables import Arm, Regimen


class LimitOverride(FrozenTable):
    """A prescriber's named responsibility for a dose above the upper limit."""

    prescriber: Text
    date: Text
    reason: Text


def limit_faults(regimen: Regimen, data: Mapping[str, Any]) -> list[str]:
    """Return the doses above the upper limit that nobody may or does answer for.

    Parameters
    ----------
    regimen : Regimen
        Units and times.
    data : mapping
        The fields of the protocol that stand before it, as far as they are right.
    """
    if "jurisdiction" not in data:  # it is wrong itself, and so the limit is not known
        return []
    faults = []
    limit, where = limit_of(data["jurisdiction"])
    for i, arm in enumerate(data.get("arms", ())):
        daily = _daily_mg(regimen, arm)
        if is_above(daily, max(limit, CEILING_MG)):
            mend = f"nothing goes beyond {CEILING_MG:g} mg ({CEILING_SOURCE}): lower the dose"
        elif not is_above(daily, limit):
            continue
        elif data.get("purpose") == "self":
            mend = "a self-directed trial may not exceed it"
        elif data.get("limit_override") is None:
            mend = "lower it, or add limit_override with prescriber, date and reason"
        else:
            continue
        faults.append(
            f"arms.{i}.magnesium: {magnesium_text(daily)} a day is above the {limit:g} mg of"
            f" {where}; {mend}"
        )
    return faults


def limit_of(jurisdiction: str) -> tuple[float, str]:
    """Return the limit of a jurisdiction, the strictest where none is named, and its name."""
    if not jurisdiction:
        return STRICTEST_LIMIT_MG, "the strictest jurisdiction, as none is named"
    return UPPER_LIMIT_MG[jurisdiction], jurisdiction


def _daily_mg(regimen: Regimen, arm: Arm) -> float:
    return dosing_of(regimen, arm, mode="double-blind").daily_mg
