"""What the packer alone prints: packing sheet, kit labels, emergency notes, period cards.

These pages say which arm is which. Nothing here is written into the trial folder.
"""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

from nof1.design.allocation import Allocation
from nof1.design.schedule import Period
from nof1.protocol.parts import Arm
from nof1.protocol.protocol import Protocol
from nof1.reports.pages import office_words, words
from nof1.reports.pages.source import (
    PrintedTrial,
    contact_lines,
    day_text,
    frame,
    full_day_text,
    span_text,
)


def packing_data(trial: PrintedTrial, allocation: Allocation) -> dict[str, Any]:
    """Return the packing sheet: every kit, what goes into it and how much, and the sums."""
    protocol, regimen = trial.protocol, trial.protocol.regimen
    rows, totals, kits = [], Counter[str](), Counter[str]()
    for period, arm in _periods_with_arms(trial, allocation):
        contents, count = _contents(protocol, arm), units_in_kit(protocol, arm)
        totals[contents] += count
        kits[contents] += 1
        days = span_text(period.first_day, period.last_day)
        rows.append(
            [period.kit, f"{period.number}: {days}", contents, _count_text(protocol, count)]
        )
    return {
        **frame(trial, office_words.PACKER),
        "title": office_words.PACKING_TITLE,
        "warning": office_words.PACKING_WARNING,
        "columns": office_words.PACKING_COLUMNS,
        "rows": rows,
        "per_kit": office_words.PACKING_SUM.format(
            per_day=regimen.units_per_day,
            days=protocol.design.period_days,
            spare=regimen.spare_units,
        )
        if any(totals.values())
        else None,
        "totals_title": office_words.PACKING_TOTALS,
        "total_columns": office_words.PACKING_TOTAL_COLUMNS,
        "totals": [
            [contents, str(kits[contents]), _count_text(protocol, count)]
            for contents, count in sorted(totals.items())
        ],
        "steps_title": office_words.PACKING_STEPS_TITLE,
        "steps": office_words.PACKING_STEPS[
            "double-blind" if protocol.blinding.mode == "double-blind" else "concealed"
        ],
    }


def units_in_kit(protocol: Protocol, arm: Arm) -> int:
    """Return how many units go into a kit of an arm: every day's, and the spare ones."""
    if not arm.contents or not protocol.regimen.units_per_day:
        return 0
    return (
        protocol.regimen.units_per_day * protocol.design.period_days + protocol.regimen.spare_units
    )


def labels_data(trial: PrintedTrial) -> dict[str, Any]:
    """Return one label per kit, with a code to scan; no arm."""
    blinded = trial.protocol.blinding.mode == "double-blind"
    return {
        **frame(trial, office_words.PACKER),
        "title": words.LABELS_TITLE,
        "labels": [
            {
                "participant": f"{words.PARTICIPANT} {trial.schedule.participant}",
                "kit": [words.KIT if blinded else words.ENVELOPE, period.kit],
                "use": (words.LABEL_USE if blinded else words.LABEL_OPEN).format(
                    first=day_text(period.first_day), last=full_day_text(period.last_day)
                ),
                "action": trial.protocol.regimen.action if blinded else "",
                "note": words.LABEL_NOTE if blinded else words.LABEL_NOTE_ENVELOPE,
                "contacts": contact_lines(trial),
                "qr": qr_svg(qr_payload(trial, period)),
                "qr_alt": words.LABEL_QR.format(payload=qr_payload(trial, period)),
            }
            for period in trial.schedule.periods
        ],
    }


def qr_payload(trial: PrintedTrial, period: Period) -> str:
    """Return what the code on a label says: ``nof1 PARTICIPANT KIT COMMITMENT``, no arm."""
    return f"nof1 {trial.schedule.participant} {period.kit} {trial.commitment[:12]}"


def qr_svg(payload: str) -> str:
    """Return a QR code of error level M as an SVG picture."""
    import segno

    picture = io.BytesIO()
    segno.make(payload, error="m", micro=False).save(
        picture, kind="svg", border=2, xmldecl=False, svgns=True
    )
    return picture.getvalue().decode()


def emergency_data(trial: PrintedTrial, allocation: Allocation) -> dict[str, Any]:
    """Return one emergency note per period: its kit outside, its arm inside the fold."""
    blinded = trial.protocol.blinding.mode == "double-blind"
    supply = words.KIT if blinded else words.ENVELOPE
    return _folded(
        trial,
        office_words.EMERGENCY_TITLE,
        [
            {
                "outside": {
                    "title": office_words.EMERGENCY_OUTSIDE,
                    "kit": [supply, period.kit],
                    "lines": [
                        f"{words.PARTICIPANT} {trial.schedule.participant}",
                        office_words.EMERGENCY_WHO,
                    ],
                    "contacts": contact_lines(trial),
                },
                "inside": {
                    "title": office_words.EMERGENCY_INSIDE.format(
                        supply=supply,
                        kit=period.kit,
                        span=span_text(period.first_day, period.last_day),
                    ),
                    "text": arm.label,
                    "more": arm.contents or arm.card,
                    "fill_in": office_words.EMERGENCY_LINES,
                },
            }
            for period, arm in _periods_with_arms(trial, allocation)
        ],
    )


def cards_data(trial: PrintedTrial, allocation: Allocation) -> dict[str, Any]:
    """Return one card per period: kit code and day outside, what to do inside the fold."""
    return _folded(
        trial,
        words.CARDS_TITLE,
        [
            {
                "outside": {
                    "title": words.CARD_OUTSIDE.format(period=period.number),
                    "kit": [words.ENVELOPE, period.kit],
                    "lines": [
                        words.CARD_OPEN_ON.format(day=full_day_text(period.first_day)),
                        f"{words.PARTICIPANT} {trial.schedule.participant}",
                    ],
                    "contacts": contact_lines(trial),
                },
                "inside": {
                    "title": words.CARD_INSIDE.format(
                        period=period.number, span=span_text(period.first_day, period.last_day)
                    ),
                    "text": arm.card or arm.label,
                    "more": "",
                    "fill_in": [],
                },
            }
            for period, arm in _periods_with_arms(trial, allocation)
        ],
    )


def _folded(trial: PrintedTrial, title: str, notes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **frame(trial, office_words.PACKER),
        "title": title,
        "folds": [office_words.FOLD_UP, office_words.FOLD_BACK],
        "notes": notes,
    }


def _periods_with_arms(trial: PrintedTrial, allocation: Allocation) -> list[tuple[Period, Arm]]:
    """Return each period with its arm; by kit code, as that is what is in print."""
    arms = {arm.id: arm for arm in trial.protocol.arms}
    by_kit = dict(zip(allocation.kits, allocation.arms, strict=True))
    return [(period, arms[by_kit[period.kit]]) for period in trial.schedule.periods]


def _contents(protocol: Protocol, arm: Arm) -> str:
    """Return what goes into a kit: units, a card, or both."""
    if protocol.blinding.mode == "double-blind":
        return arm.contents or arm.label
    sentence = office_words.PACKING_WITH_CARD if arm.contents else office_words.PACKING_CARD
    return sentence.format(contents=arm.contents, label=arm.label)


def _count_text(protocol: Protocol, count: int) -> str:
    return (
        office_words.PACKING_COUNT.format(count=count, unit=protocol.regimen.unit_name)
        if count
        else ""
    )
