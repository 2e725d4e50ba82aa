"""What the reports say of seal and blind: every sentence follows from log and design."""

from __future__ import annotations

from nof1.protocol.protocol import Protocol
from nof1.reports.pages.blinding import periods_said
from nof1.reports.pages.source import full_day_text
from nof1.trial.blinding import BlindRecord, guesses_note
from nof1.words.caution import sentence
from nof1.words.numbers import counted


def drawn_when(record: BlindRecord) -> str:
    """Return when the order was drawn and sealed, and how that lies to the first dose.

    A moment in UTC and the day of a person whose time zone nobody knows are compared only where
    every time zone agrees.
    """
    moment = f"{full_day_text(record.drawn.date())} at {record.drawn:%H:%M} UTC"
    match record.drawn_before_first_dose:
        case "before":
            days = (record.first_dose - record.drawn.date()).days
            place = f"{counted(days, 'day')} before the first dose"
            if record.drawn_before_first_day == "after":
                place += ", after the run-in had begun"
        case "around":
            place = f"within a day of the first dose ({full_day_text(record.first_dose)})"
        case "after":
            days = (record.drawn.date() - record.first_dose).days
            place = f"{counted(days, 'day')} after the first dose was due"
    return f"{moment}, {place}"


def blind_kept(record: BlindRecord, protocol: Protocol) -> str:
    """Return until when the blind was kept, as far as the log tells; empty without a blind."""
    if not protocol.blinding.masked or record.unsealed is None:
        return ""
    until = f"until the unsealing on {full_day_text(record.unsealed)}"
    if record.unsealed_early:
        until += f", before the planned end ({full_day_text(record.last_day)})"
    known = record.known_early
    if not known and protocol.blinding.mode != "double-blind":
        return f"The log shows no opening for those who are masked {until}."
    if not known:
        return f"The log shows that nothing was opened {until}."
    said = f"Of {counted(protocol.n_periods, 'period')} {len(known)} could be known early: "
    said += f"{periods_said(known)}."
    if len(known) < protocol.n_periods:
        said += f" The log shows no opening of the others {until}."
    return said


def guesses_said(record: BlindRecord, protocol: Protocol) -> str:
    """Return what the guesses tell of the blind; empty where the person was not masked."""
    if "person" not in protocol.blinding.masked:
        return ""
    if record.guessed is None:
        return (
            "No guess of the arm is on record that could tell whether the blind held for the "
            "person."
        )
    return sentence(guesses_note("guesses", record.guessed))
