"""What the printed pages say of seal and blind: it follows from protocol, log and order set."""

from __future__ import annotations

from collections.abc import Sequence

from nof1.design.sets import allocation_set
from nof1.design.telling import KnownPeriods, always_told_ahead, told_by_one
from nof1.protocol.protocol import Protocol
from nof1.protocol.tables import Blinding
from nof1.reports.pages.source import PrintedTrial, full_day_text, short_commitment
from nof1.trial.blinding import timing
from nof1.words import office as office_words
from nof1.words import pages as words
from nof1.words.numbers import listed, plural

#: Periods named one by one; more are "the other periods".
_MOST_NAMED = 4


def masked_said(blinding: Blinding) -> str:
    """Return ``person, clinician and analyst``, or ``nobody``."""
    return listed([office_words.ROLES[who] for who in blinding.masked]) or office_words.NOBODY


def planned_blind(protocol: Protocol) -> str:
    """Return how the blind is kept, as planned, and who is masked and who is not."""
    blinding = protocol.blinding
    mode = office_words.BLIND_MODES[blinding.mode].format(packer=blinding.packer)
    said = [mode, _told_ahead(protocol)] if blinding.mode == "concealed" else [mode]
    said.append(office_words.MASKED.format(masked=masked_said(blinding)))
    others = [who for who in office_words.WHO if who not in blinding.masked]
    if blinding.mode != "double-blind":
        others.remove("person")
    if others:
        said.append(
            office_words.NOT_MASKED.format(
                others=listed([office_words.ROLES[who] for who in others])
            )
        )
    return " ".join([*said, blinding.similarity]).strip()


def _told_ahead(protocol: Protocol) -> str:
    """Return which envelopes those before give away, whatever the order is."""
    ahead, n_arms = always_told_ahead(allocation_set(protocol)), len(protocol.arms)
    if not ahead:
        return office_words.HIDDEN_AHEAD
    lasts = tuple(range(n_arms, protocol.n_periods + 1, n_arms))
    by_cycle = ahead == lasts and protocol.design.cycles > 1
    which = office_words.LAST_OF_CYCLE if by_cycle else periods_said(ahead)
    return office_words.TOLD_AHEAD.format(which=which)


def periods_said(numbers: Sequence[int]) -> str:
    """Return ``period 4`` or ``periods 4, 5 and 6``."""
    said = listed([str(number) for number in numbers])
    return f"{words.PERIOD if len(numbers) == 1 else office_words.PERIODS} {said}".lower()


def opening_tells(protocol: Protocol) -> str:
    """Return what opening one period tells of the others, whichever period it is."""
    known_by_period = told_by_one(allocation_set(protocol))
    n_arms = len(protocol.arms)
    others = {
        period: tuple(n for n in known_by_period if n != period) for period in known_by_period
    }
    mates = {
        period: tuple(n for n in others[period] if (n - 1) // n_arms == (period - 1) // n_arms)
        for period in known_by_period
    }
    certain = {period: known_periods.certain for period, known_periods in known_by_period.items()}
    hints = {period: known_periods.likelier for period, known_periods in known_by_period.items()}
    if not any((*certain.values(), *hints.values())):
        return office_words.TELLS_NOTHING
    if certain == others:
        return office_words.TELLS_ALL
    if certain == mates:
        return office_words.TELLS_MATE_AND_HINTS if any(hints.values()) else office_words.TELLS_MATE
    if any(certain.values()):
        return office_words.TELLS_SOME
    return office_words.HINTS_MATES if hints == mates else office_words.HINTS


def breaking_said(protocol: Protocol) -> str:
    """Return how to learn in an emergency what a period holds, and what else that tells."""
    blinding = protocol.blinding
    sentence = office_words.BREAK_BLIND if blinding.masked else office_words.NO_BLIND_TO_BREAK
    return sentence.format(
        supply=words.SUPPLIES[blinding.mode],
        packer=blinding.packer,
        tells=opening_tells(protocol),
    )


def note_tells(protocol: Protocol, known_periods: KnownPeriods) -> str:
    """Return what opening one period's emergency note ends."""
    if not protocol.blinding.masked:
        return office_words.NOTE_NO_BLIND
    sentence = office_words.NOTE_ENDS_ALONE
    if known_periods.certain:
        sentence = office_words.NOTE_ENDS_MORE.format(others=_named(known_periods.certain))
    elif known_periods.likelier:
        sentence = office_words.NOTE_ENDS
    if known_periods.likelier:
        likelier = (
            office_words.ALL_OTHERS if known_periods.certain else _named(known_periods.likelier)
        )
        sentence += " " + office_words.NOTE_HINTS.format(others=likelier)
    return sentence


def _named(numbers: Sequence[int]) -> str:
    return periods_said(numbers) if len(numbers) <= _MOST_NAMED else office_words.OTHER_PERIODS


def seal_said(trial: PrintedTrial) -> str:
    """Return when the order was drawn and sealed, for the clinician."""
    first_dose = trial.schedule.periods[0].first_day
    return office_words.SEAL_CLINICIAN.format(
        when=full_day_text(trial.drawn.date()),
        clock=f"{trial.drawn:%H:%M}",
        place=office_words.DRAWN[timing(trial.drawn, first_dose)].format(
            day=full_day_text(first_dose)
        ),
        commitment=short_commitment(trial),
    )


def seal_in_booklet(trial: PrintedTrial) -> str:
    """Return the same for the person."""
    sentence = words.SEALED[timing(trial.drawn, trial.schedule.start)]
    sealed = sentence.format(day=full_day_text(trial.drawn.date()))
    return f"{sealed} {words.SEAL_CODE.format(commitment=short_commitment(trial))}"


def packer_warning(protocol: Protocol) -> str:
    """Return whom the packing sheet must be kept from."""
    blinding = protocol.blinding
    kept_from = list(blinding.masked)
    if blinding.mode == "concealed":
        kept_from.insert(0, "person")
    if not kept_from:
        return office_words.PACKING_OPEN
    return office_words.PACKING_WARNING.format(
        who=listed([office_words.WHO[role] for role in kept_from])
    )


def what_periods_hold(protocol: Protocol) -> str:
    """Return what the periods may hold, for page one: what is lacking in some, and no arm."""
    blinded = protocol.blinding.mode == "double-blind"
    with_magnesium = [protocol.dosing(arm).daily_mg > 0 for arm in protocol.arms]
    if any(with_magnesium) and not all(with_magnesium):
        return words.HOLDS_NO_MAGNESIUM if blinded else words.CARD_NO_MAGNESIUM
    if not blinded:
        return words.CARDS_DIFFER
    if any(arm.form == "placebo" for arm in protocol.arms):
        return words.HOLDS_DUMMIES.format(units=plural(protocol.regimen.unit_name))
    return words.HOLDS_DIFFER
