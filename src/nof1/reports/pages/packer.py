"""What the packer alone prints: packing sheet, kit labels, emergency notes, period cards.

These pages say which arm is which. Nothing here is written into the trial folder.
"""

from __future__ import annotations

import io
from typing import Any

from nof1.design.allocation import Allocation
from nof1.design.schedule import Period
from nof1.design.sets import allocation_set
from nof1.design.telling import told_by_one
from nof1.protocol.above_limit import override_lines
from nof1.protocol.dosing import Dosing, Intake
from nof1.protocol.protocol import Protocol
from nof1.protocol.tables import Arm
from nof1.reports.pages.blinding import note_tells, packer_warning
from nof1.reports.pages.source import (
    PrintedTrial,
    contact_lines,
    day_text,
    frame,
    full_day_text,
    span_text,
    with_supply,
)
from nof1.words import office as office_words
from nof1.words import pages as words
from nof1.words.numbers import clock_text, counted, plural


def packing_data(trial: PrintedTrial, allocation: Allocation) -> dict[str, Any]:
    """Return the packing sheet: every kit, what goes into it and how much, and the sums."""
    protocol = trial.protocol
    blinded = protocol.blinding.mode == "double-blind"
    packed = [arm for arm in protocol.arms if units_in_kit(protocol, arm)]
    rows = [
        [period.kit, f"{period.number}: {span_text(period.first_day, period.last_day)}", *cells]
        for period, arm in _periods_with_arms(trial, allocation)
        for cells in _kit_rows(protocol, arm)
    ]
    if not blinded:
        rows += [_supply_row(trial, arm) for arm in packed]
    return {
        **frame(trial, office_words.PACKER),
        "title": office_words.PACKING_TITLE,
        "warning": packer_warning(protocol),
        "limit": list(override_lines(protocol)),
        "columns": with_supply(office_words.PACKING_COLUMNS, protocol),
        "rows": rows,
        "sums": list(dict.fromkeys(_sum_text(protocol, arm) for arm in packed)),
        "totals_title": office_words.PACKING_TOTALS,
        "total_columns": office_words.PACKING_TOTAL_COLUMNS
        if blinded
        else office_words.PACKING_SUPPLY_COLUMNS,
        "totals": [_total_row(protocol, arm) for arm in packed],
        "steps_title": office_words.PACKING_STEPS_TITLE,
        "steps": _steps(blinded=blinded, counted=bool(packed)),
    }


def _steps(*, blinded: bool, counted: bool) -> list[str]:
    """Return the packer's steps in order; the spare set is put away before kits are handed out."""
    *steps, hand_out = office_words.PACKING_STEPS["double-blind" if blinded else "concealed"]
    if not counted:
        return [*steps, hand_out]
    if not blinded:
        return [*steps, *office_words.PACKING_SPARE_SUPPLY]
    put_away, *later = office_words.PACKING_SPARE
    return [*steps, put_away, hand_out, *later]


def units_in_kit(protocol: Protocol, arm: Arm) -> int:
    """Return how many units go into a kit of an arm: every day's, and the spare ones."""
    if not arm.contents:
        return 0
    dosing = protocol.dosing(arm)
    return dosing.units_a_day * protocol.design.period_days + dosing.spare_units


def _kit_rows(protocol: Protocol, arm: Arm) -> list[list[str]]:
    """Return contents and count of a kit; a row for each time whose units are packed apart."""
    if protocol.blinding.mode != "double-blind":
        return [[office_words.PACKING_CARD.format(label=arm.label), ""]]
    dosing, contents = protocol.dosing(arm), arm.contents or arm.label
    count = units_in_kit(protocol, arm)
    if not dosing.pack or not count:
        return [[contents, counted(count, dosing.unit_name) if count else ""]]
    packs = count // dosing.units_a_day
    return [
        [_pack_text(protocol, arm, intake), counted(packs, dosing.pack)]
        for intake in dosing.intakes
        if intake.units
    ]


def _pack_text(protocol: Protocol, arm: Arm, intake: Intake) -> str:
    """Return what is in the pack of one time: ``Sachet for 20:00 (8 pm): 4 capsules, ...``.

    Where the arms differ in their contents, the strength alone does not tell which is meant.
    """
    dosing = protocol.dosing(arm)
    text = office_words.PACKING_PACK.format(
        pack=dosing.pack.capitalize(),
        time=clock_text(intake.time),
        units=counted(intake.units, dosing.unit_name),
    )
    text = ", ".join([text, *_holding(dosing, intake.active, intake.units)])
    alike = len({other.contents for other in protocol.arms}) == 1
    return text if alike else f"{text}. {arm.contents}"


def _holding(dosing: Dosing, active: int, units: int) -> list[str]:
    """Return how many of some units hold magnesium and how many do not, where that is known."""
    if dosing.strength is None:
        return []
    parts = []
    if active:
        parts.append(
            office_words.PACKING_HOLDING.format(active=active, strength=dosing.strength.said)
        )
    if units > active:
        parts.append(office_words.PACKING_WITHOUT.format(count=units - active))
    return parts


def _supply_row(trial: PrintedTrial, arm: Arm) -> list[str]:
    """Return the row of what all periods of an arm need, where the person knows the arm."""
    protocol, periods = trial.protocol, trial.schedule.periods
    span = span_text(periods[0].first_day, periods[-1].last_day)
    count = units_in_kit(protocol, arm) * protocol.design.cycles
    return [
        office_words.PACKING_SUPPLY,
        office_words.PACKING_ALL_PERIODS.format(span=span),
        arm.contents,
        counted(count, protocol.dosing(arm).unit_name),
    ]


def _sum_text(protocol: Protocol, arm: Arm) -> str:
    """Return how the number of units in a kit or supply of an arm comes about."""
    dosing, design = protocol.dosing(arm), protocol.design
    if protocol.blinding.mode != "double-blind":
        sentence = office_words.PACKING_SUM_SUPPLY
    else:
        sentence = office_words.PACKING_SUM_PACKS if dosing.pack else office_words.PACKING_SUM
    return sentence.format(
        per_day=counted(dosing.units_a_day, dosing.unit_name),
        days=design.period_days,
        periods=design.cycles,
        spare=dosing.spare_units,
        more=dosing.spare_units // dosing.units_a_day,
        pack=dosing.pack,
        packs=plural(dosing.pack),
    )


def _total_row(protocol: Protocol, arm: Arm) -> list[str]:
    """Return what is needed of one contents: in the kits, in the spare set, and in all."""
    dosing, cycles = protocol.dosing(arm), protocol.design.cycles
    blinded = protocol.blinding.mode == "double-blind"
    kit = units_in_kit(protocol, arm)
    twice = sum(other.contents == arm.contents for other in protocol.arms) > 1
    contents = f"{arm.label}: {arm.contents}" if twice else arm.contents
    in_all = kit * (cycles + 1)
    days = in_all // dosing.units_a_day
    active = sum(intake.active for intake in dosing.intakes)
    parts = _holding(dosing, active * days, in_all) if 0 < active < dosing.units_a_day else []
    return [
        contents,
        dosing.magnesium_line,
        str(cycles if blinded else 1),
        counted(kit * cycles, dosing.unit_name),
        counted(kit, dosing.unit_name),
        ", ".join([counted(in_all, dosing.unit_name), *parts]),
    ]


def labels_data(trial: PrintedTrial) -> dict[str, Any]:
    """Return the labels of every kit, with a code to scan and when and how often; no arm.

    Where the person knows the arm, what all periods need has a label too, which names it.
    """
    labels = [label for period in trial.schedule.periods for label in _kit_labels(trial, period)]
    if trial.protocol.blinding.mode != "double-blind":
        labels += [
            _supply_label(trial, arm)
            for arm in trial.protocol.arms
            if units_in_kit(trial.protocol, arm)
        ]
    return {
        **frame(trial, office_words.PACKER),
        "title": words.LABELS_TITLE,
        "labels": labels,
    }


def _kit_labels(trial: PrintedTrial, period: Period) -> list[dict[str, Any]]:
    """Return the label of a kit; one for each time whose units are packed apart."""
    regimen = trial.protocol.regimen
    blinded = trial.protocol.blinding.mode == "double-blind"
    payload = qr_payload(trial, period)
    label = {
        "participant": f"{words.PARTICIPANT} {trial.schedule.participant}",
        "kit": [words.KIT if blinded else words.ENVELOPE, period.kit],
        "part": "",
        "use": (words.LABEL_USE if blinded else words.LABEL_OPEN).format(
            first=day_text(period.first_day), last=full_day_text(period.last_day)
        ),
        "action": regimen.action if blinded else "",
        "note": words.LABEL_NOTE if blinded else words.LABEL_NOTE_ENVELOPE,
        "contacts": contact_lines(trial),
        "qr": qr_svg(payload),
        "qr_alt": words.LABEL_QR.format(payload=payload),
    }
    # The arms of a blinded trial are taken alike.
    dosing = trial.protocol.dosing(trial.protocol.comparator)
    if not blinded:
        # What is not counted has its hours on the card, not a time of its own.
        known = any(trial.protocol.dosing(arm).units_a_day for arm in trial.protocol.arms)
        when = words.LABEL_CARD_DAY_AT if known else words.LABEL_CARD_DAY
        return [label | {"when": when.format(times=dosing.times_text)}]
    if not dosing.pack or not dosing.units_a_day:
        return [label | {"when": _every_day(dosing)}]
    return [
        label
        | {
            "part": words.LABEL_PACK.format(
                packs=plural(dosing.pack).capitalize(), time=clock_text(intake.time)
            ),
            "when": words.LABEL_PACK_DAY.format(
                time=clock_text(intake.time),
                pack=dosing.pack,
                units=counted(intake.units, dosing.unit_name),
            ),
        }
        for intake in dosing.intakes
        if intake.units
    ]


def _every_day(dosing: Dosing) -> str:
    """Return when and how often a kit is used, and how much each time."""
    if not dosing.units_a_day:
        return words.LABEL_EVERY_DAY_AT.format(times=dosing.times_text)
    return words.LABEL_EVERY_DAY.format(taken=dosing.intake_text)


def _supply_label(trial: PrintedTrial, arm: Arm) -> dict[str, Any]:
    """Return the label of what all periods of an arm need: which periods they are, it hides."""
    periods, dosing = trial.schedule.periods, trial.protocol.dosing(arm)
    return {
        "participant": f"{words.PARTICIPANT} {trial.schedule.participant}",
        "kit": words.LABEL_SUPPLY,
        "part": arm.contents,
        "use": words.LABEL_USE.format(
            first=full_day_text(periods[0].first_day), last=full_day_text(periods[-1].last_day)
        ),
        "when": words.LABEL_SUPPLY_DAY.format(taken=dosing.intake_text),
        "action": "",
        "note": words.LABEL_NOTE,
        "contacts": contact_lines(trial),
        "qr": "",
        "qr_alt": "",
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
    known_by_period = told_by_one(allocation_set(trial.protocol))
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
                        office_words.EMERGENCY_WHO.format(
                            ends=note_tells(trial.protocol, known_by_period[period.number])
                        ),
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
                    "taken": _taken_text(trial.protocol, arm),
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
                    "taken": "",
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


def _taken_text(protocol: Protocol, arm: Arm) -> str:
    """Return what is taken on an arm and the magnesium in it; empty where nothing is counted."""
    taken = protocol.taken(arm)
    return office_words.EMERGENCY_TAKEN.format(taken=taken) if taken else ""
