"""Doses above the upper limit that somebody answers for: how they are said and logged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from nof1.errors import Fault, InputError
from nof1.protocol.amounts_said import unchecked_line
from nof1.protocol.doses import is_above, magnesium_text, mg_text
from nof1.protocol.limits import limit_of
from nof1.protocol.protocol import Protocol


def refuse_undated_override(protocol: Protocol, today: date) -> None:
    """Raise InputError unless somebody answered for a dose above the limit on a day that was."""
    override = protocol.limit_override
    if override is None:
        return
    where, mend = "limit_override.date", f"Write the day on which {override.prescriber} agreed"
    try:
        dated = date.fromisoformat(override.date)
    except ValueError:
        what = f"{override.date!r} is no date"
        raise InputError(Fault(where, what, f"{mend}, for instance {today}.")) from None
    if dated > today:
        raise InputError(Fault(where, f"{dated} is in the future; today is {today}", f"{mend}."))


def override_lines(protocol: Protocol) -> Iterator[str]:
    """Yield a sentence for every dose above the limit, with who answers for it and why."""
    override = protocol.limit_override
    if override is None:
        return
    limit, where = limit_of(protocol.jurisdiction)
    for arm in protocol.arms:
        daily = protocol.dosing(arm).daily_mg
        if is_above(daily, limit):
            yield (
                f"Above the limit: {arm.label}, {magnesium_text(daily)} a day; the limit in "
                f"{where} is {mg_text(limit)}. {override.prescriber} answers for it "
                f"({override.date}): {override.reason.rstrip('.')}."
            )


def dose_lines(protocol: Protocol) -> Iterator[str]:
    """Yield what must be known of the doses before a draw: above the limit, or not checked."""
    above = list(override_lines(protocol))
    yield from above
    if protocol.limit_override is not None and not above:
        limit, where = limit_of(protocol.jurisdiction)
        yield (
            f"limit_override is not needed: no dose is above the limit in {where}, "
            f"{mg_text(limit)} a day."
        )
    if not protocol.is_of_magnesium:
        unchecked = unchecked_line(protocol.model_dump(mode="json"))
        if unchecked is not None:
            yield unchecked


def override_entry(protocol: Protocol) -> dict[str, Any] | None:
    """Return what the log promises of doses above the limit; None where there are none."""
    override = protocol.limit_override
    limit, _ = limit_of(protocol.jurisdiction)
    daily = {arm.id: protocol.dosing(arm).daily_mg for arm in protocol.arms}
    above = {arm: round(mg, 2) for arm, mg in daily.items() if is_above(mg, limit)}
    if override is None or not above:
        return None
    return {
        "limit_mg": limit,
        "jurisdiction": protocol.jurisdiction,
        "daily_mg": above,
        **override.model_dump(),
    }
