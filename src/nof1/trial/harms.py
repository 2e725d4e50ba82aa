"""Side effects that must be seen first: the severe ones, and the signs to stop at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from nof1.protocol.protocol import Protocol
from nof1.trial.current import standing
from nof1.trial.folder import Trial
from nof1.trial.observation_rules import WORST_SEVERITY
from nof1.words.caution import Caution


@dataclass(frozen=True, slots=True, kw_only=True)
class SevereEvent:
    """A side effect that comes first on every report.

    Attributes
    ----------
    event : str
        Its name.
    severity : int
        1 to 3.
    red_flag : bool
        Whether the protocol names it among the signs to stop at once.
    day : date
        Day under which it was recorded.
    period : int or None
        None for run-in and washout.
    """

    event: str
    severity: int
    red_flag: bool
    day: date
    period: int | None


def is_red_flag(protocol: Protocol, event: str) -> bool:
    """Return whether the protocol names an event among the signs to stop at once."""
    said = event.strip(" .").casefold()
    return any(said == sign.strip(" .").casefold() for sign in protocol.safety.red_flags)


def severe_events(trial: Trial) -> tuple[SevereEvent, ...]:
    """Return the side effects recorded as severe, and red flags of any severity; worst first."""
    events = []
    for observation in standing(trial.entries).values():
        if observation.kind != "event" or not observation.body["severity"]:
            continue
        event, severity = observation.body["event"], observation.body["severity"]
        red_flag = is_red_flag(trial.protocol, event)
        if severity < WORST_SEVERITY and not red_flag:
            continue
        day = date.fromisoformat(observation.body["date"])
        period = trial.schedule.period_on(day)
        events.append(
            SevereEvent(
                event=event,
                severity=severity,
                red_flag=red_flag,
                day=day,
                period=period.number if period else None,
            )
        )
    return tuple(sorted(events, key=lambda event: (-event.severity, not event.red_flag, event.day)))


def severe_notes(
    events: Sequence[SevereEvent], during: Callable[[int], str] | None = None
) -> Iterator[Caution]:
    """Yield each kind of severe event, the worst first.

    Parameters
    ----------
    events : sequence of SevereEvent
        The worst first.
    during : callable or None
        Name of a period's arm; None while it must not be said.
    """
    kinds = dict.fromkeys(
        (occurrence.event, occurrence.severity, occurrence.red_flag) for occurrence in events
    )
    for event, severity, red_flag in kinds:
        of_kind = [
            occurrence
            for occurrence in events
            if (occurrence.event, occurrence.severity) == (event, severity)
        ]
        yield Caution.of(
            "severe-side-effect",
            event=event,
            severity=severity,
            red_flag=red_flag,
            times=tuple(
                (occurrence.day, occurrence.period, _arm(occurrence, during))
                for occurrence in of_kind
            ),
        )


def _arm(event: SevereEvent, during: Callable[[int], str] | None) -> str | None:
    """Return the arm an event came during, where it may be said and is any."""
    return None if event.period is None or during is None else during(event.period)
