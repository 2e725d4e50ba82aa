"""One period of a trial, by its number or by its supply."""

from __future__ import annotations

from nof1.errors import Fault, InputError
from nof1.trial.folder import Trial
from nof1.trial.observation_rules import period_of_kit
from nof1.words import pages


def chosen_period(trial: Trial, period: int | None, kit: str | None) -> int | None:
    """Return the period that is opened in an emergency, by its number or the code of its kit."""
    if kit is None:
        return period
    by_kit = period_of_kit(trial, kit)
    if period is not None and period != by_kit:
        raise InputError(
            Fault(
                "--kit", f"{kit} is the kit of period {by_kit}, not {period}", "Give one of both."
            )
        )
    return by_kit


def supply_of(trial: Trial, number: int) -> str:
    """Return the supply of a period as its label has it, for instance ``kit J7W4F9``."""
    supply = pages.SUPPLIES[trial.protocol.blinding.mode]
    return f"{supply} {trial.schedule.periods[number - 1].kit}"
