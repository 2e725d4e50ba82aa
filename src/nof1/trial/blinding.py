"""What became of the blind: when the order was drawn, who could know which arm from when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from nof1.design.sets import allocation_set
from nof1.design.telling import KnownPeriods, counts_at_draw, told_by
from nof1.protocol.protocol import Protocol
from nof1.trial.folder import Trial
from nof1.trial.log import Entry
from nof1.trial.observation_rules import UNSURE
from nof1.trial.records import guesses
from nof1.trial.verifying import arm_ids
from nof1.words.caution import Caution

#: How a moment lies to a day whose time zone nobody knows.
Timing = Literal["before", "around", "after"]
#: No clock is further from UTC.
_FARTHEST = timedelta(hours=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyOpening:
    """A period whose arm became known while the rest was sealed.

    Attributes
    ----------
    period : int
        Its number.
    by, reason : str
        As logged.
    when : date
        Day of the log entry, UTC.
    known : KnownPeriods
        What this opening told of other periods, beyond what earlier ones had told; nothing while
        the allocation is sealed.
    """

    period: int
    by: str
    reason: str
    when: date
    known: KnownPeriods


@dataclass(frozen=True, slots=True, kw_only=True)
class Guessed:
    """How often the person told the arm, without the periods that were known already.

    Attributes
    ----------
    right, wrong, unsure : int
        Guesses of one period each.
    expected : float
        How many of those right and wrong the draw itself makes right on average.
    """

    right: int
    wrong: int
    unsure: int
    expected: float

    @property
    def named(self) -> int:
        """Return how many guesses name an arm."""
        return self.right + self.wrong

    @property
    def beyond_chance(self) -> bool:
        """Return whether more are right than chance makes right on average."""
        return self.right > self.expected + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindRecord:
    """What the log and the calendar say of the blind.

    Attributes
    ----------
    drawn : datetime
        When the order was drawn, sealed and logged; UTC.
    first_day, first_dose, last_day : date
        First day of the trial, first day of period 1, and the last day planned.
    locked, unsealed : date or None
        Days of the log entries, UTC.
    lock_reason : str
        May be empty.
    openings : tuple of EarlyOpening
        In the order of time; the first of each period.
    guessed : Guessed or None
        None while the allocation is sealed, without a guess, and where the person was not masked.
    """

    drawn: datetime
    first_day: date
    first_dose: date
    last_day: date
    locked: date | None
    lock_reason: str
    unsealed: date | None
    openings: tuple[EarlyOpening, ...]
    guessed: Guessed | None

    @property
    def drawn_before_first_day(self) -> Timing:
        """Return how the draw lies to the first day of the trial."""
        return timing(self.drawn, self.first_day)

    @property
    def drawn_before_first_dose(self) -> Timing:
        """Return how the draw lies to the first day of period 1."""
        return timing(self.drawn, self.first_dose)

    @property
    def known_early(self) -> tuple[int, ...]:
        """Return the periods that were opened early, or could be told for certain from those."""
        return tuple(
            sorted(
                {n for opening in self.openings for n in (opening.period, *opening.known.certain)}
            )
        )

    @property
    def unsealed_early(self) -> bool:
        """Return whether the whole allocation was opened before the last day planned."""
        return self.unsealed is not None and self.unsealed < self.last_day


def timing(moment: datetime, day: date) -> Timing:
    """Return how a moment lies to a day that began somewhere on earth; ``around`` if it depends."""
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if moment < begins - _FARTHEST:
        return "before"
    return "after" if moment >= begins + timedelta(days=1) + _FARTHEST else "around"


def blind_record(trial: Trial) -> BlindRecord:
    """Return what became of the blind of a trial, from its log, calendar and protocol."""
    schedule, allocation = trial.schedule, trial.allocation
    arms = None if allocation is None else allocation.arms
    openings = early_openings(trial.protocol, trial.entries, arms)
    locks = [entry for entry in trial.entries if entry.kind == "lock"]
    unsealings = [entry for entry in trial.entries if entry.kind == "unseal"]
    return BlindRecord(
        drawn=trial.drawn,
        first_day=schedule.start,
        first_dose=schedule.periods[0].first_day,
        last_day=schedule.end,
        locked=_day(locks[0]) if locks else None,
        lock_reason=locks[0].body["reason"] if locks else "",
        unsealed=_day(unsealings[0]) if unsealings else None,
        openings=openings,
        guessed=None if arms is None else _guessed(trial, arms, openings),
    )


def early_openings(
    protocol: Protocol, entries: Iterable[Entry], arms: tuple[str, ...] | None
) -> tuple[EarlyOpening, ...]:
    """Return the periods opened early, each with what it told of the others.

    Parameters
    ----------
    protocol : Protocol
        Gives the set the order was drawn from.
    entries : iterable of Entry
        The log, in order.
    arms : tuple of str or None
        Arm id of every period; None while the allocation is sealed.
    """
    openings: list[EarlyOpening] = []
    known: dict[int, int] = {}
    told_before: set[int] = set()
    for entry in entries:
        if entry.kind != "unblinding" or entry.body["period"] in {
            opening.period for opening in openings
        }:
            continue
        period, known_periods = entry.body["period"], KnownPeriods()
        if arms is not None:
            known[period] = arm_ids(protocol).index(arms[period - 1])
            everything = told_by(allocation_set(protocol), known)
            known_periods = KnownPeriods(
                certain=tuple(n for n in everything.certain if n not in told_before),
                likelier=everything.likelier,
            )
            told_before.update(everything.certain)
        openings.append(
            EarlyOpening(
                period=period,
                by=entry.body["by"],
                reason=entry.body["reason"],
                when=_day(entry),
                known=known_periods,
            )
        )
    return tuple(openings)


def told_by_opening(protocol: Protocol, arms: Mapping[int, str]) -> KnownPeriods:
    """Return what the arm ids of opened periods, by number, tell of the others."""
    ids = arm_ids(protocol)
    known = {period: ids.index(arm) for period, arm in arms.items()}
    return told_by(allocation_set(protocol), known)


def _guessed(
    trial: Trial, arms: tuple[str, ...], openings: tuple[EarlyOpening, ...]
) -> Guessed | None:
    known = {n for opening in openings for n in (opening.period, *opening.known.certain)}
    counted = [guess for guess in guesses(trial) if guess.period not in known]
    if not counted or "person" not in trial.protocol.blinding.masked:
        return None
    named = [guess for guess in counted if guess.guess != UNSURE]
    right = sum(guess.guess == arms[guess.period - 1] for guess in named)
    drawn, ids = allocation_set(trial.protocol), arm_ids(trial.protocol)
    counts = counts_at_draw(drawn)
    expected = sum(counts[guess.period - 1][ids.index(guess.guess)] / drawn.size for guess in named)
    return Guessed(
        right=right,
        wrong=len(named) - right,
        unsure=len(counted) - len(named),
        expected=expected,
    )


def _day(entry: Entry) -> date:
    return date.fromisoformat(entry.time[:10])


# --- What the reader must know --------------------------------------------------------------------


def blinding_notes(record: BlindRecord) -> Iterator[Caution]:
    """Yield what the reader of a result must know of the blind."""
    if record.drawn_before_first_dose == "after":
        yield Caution.of(
            "drawn-late",
            drawn=record.drawn.date(),
            days=(record.drawn.date() - record.first_dose).days,
            first_dose=record.first_dose,
        )
    for opening in record.openings:
        yield opening_note(opening)
    if record.unsealed_early and record.unsealed is not None:
        yield Caution.of("opened-before-the-end", day=record.unsealed, last_day=record.last_day)
    if record.locked is not None and record.locked < record.last_day:
        yield Caution.of(
            "ended-early",
            day=record.locked,
            last_day=record.last_day,
            reason=record.lock_reason,
        )
    if record.guessed is not None and record.guessed.beyond_chance:
        yield guesses_note("guessed-beyond-chance", record.guessed)


def opening_note(opening: EarlyOpening) -> Caution:
    """Return when a period was opened, by whom and why, and what else that told."""
    return Caution.of(
        "opened-early",
        period=opening.period,
        when=opening.when,
        by=opening.by,
        reason=opening.reason,
        certain=opening.known.certain,
        likelier=opening.known.likelier,
    )


def told_note(known_periods: KnownPeriods) -> Caution:
    """Return what an opening told of other periods; its sentences follow one on the opening."""
    return Caution.of(
        "opening-tells", certain=known_periods.certain, likelier=known_periods.likelier
    )


def guesses_note(code: str, guessed: Guessed) -> Caution:
    """Return how many guesses were right, and how many chance makes right."""
    return Caution.of(
        code,
        right=guessed.right,
        named=guessed.named,
        unsure=guessed.unsure,
        expected=guessed.expected,
    )
