"""What the reports say of seal and blind: every sentence follows from log and design."""

from __future__ import annotations

from nof1.protocol.protocol import Protocol
from nof1.reports.pages.blinding import periods_said
from nof1.reports.pages.source import full_day_text
from nof1.trial.blinding import BlindRecord, guesses_note
from nof1.words import course as words
from nof1.words.caution import sentence


def drawn_when(record: BlindRecord) -> str:
    """Return when the order was drawn and sealed, and how that lies to the first dose.

    A moment in UTC and the day of a person whose time zone nobody knows are compared only where
    every time zone agrees.
    """
    day = record.drawn.date()
    match record.drawn_before_first_dose:
        case "before":
            place = words.drawn_before(
                days=(record.first_dose - day).days,
                in_run_in=record.drawn_before_first_day == "after",
            )
        case "around":
            place = words.drawn_around(first_dose=full_day_text(record.first_dose))
        case "after":
            place = words.drawn_after(days=(day - record.first_dose).days)
    return words.drawn(day=full_day_text(day), clock=f"{record.drawn:%H:%M}", place=place)


def blind_kept(record: BlindRecord, protocol: Protocol) -> str:
    """Return until when the blind was kept, as far as the log tells; empty without a blind."""
    if not protocol.blinding.masked or record.unsealed is None:
        return ""
    until = words.until_unsealing(day=full_day_text(record.unsealed))
    if record.unsealed_early:
        until = words.before_planned_end(until=until, last_day=full_day_text(record.last_day))
    known = record.known_early
    if not known and protocol.blinding.mode != "double-blind":
        return words.no_opening_for_masked(until=until)
    if not known:
        return words.nothing_opened(until=until)
    said = words.known_early(
        periods=protocol.n_periods, known=len(known), which=periods_said(known)
    )
    if len(known) < protocol.n_periods:
        said += words.others_closed(until=until)
    return said


def guesses_said(record: BlindRecord, protocol: Protocol) -> str:
    """Return what the guesses tell of the blind; empty where the person was not masked."""
    if "person" not in protocol.blinding.masked:
        return ""
    if record.guessed is None:
        return words.NO_GUESS
    return sentence(guesses_note("guesses", record.guessed))
