"""The person's page: what became of the blind, and side effects, the worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from nof1.reports.pages.source import full_day_text
from nof1.reports.report_input import ReportInput
from nof1.trial.records import SideEffect
from nof1.words import pages
from nof1.words import person as wording
from nof1.words.numbers import capitalised, listed

#: Side effects and severe events listed; the others are counted.
_MOST_EFFECTS, _MOST_FIRST = 4, 3


# --- The blind -----------------------------------------------------------------------------------


def person_blinding(story: ReportInput) -> Iterator[str]:
    """Yield how the order was drawn, and who knew what from when, in plain words."""
    blind = story.blind
    if blind.drawn_before_first_dose == "after":
        yield wording.DRAWN_LATE.format(day=full_day_text(blind.drawn.date()))
    else:
        yield wording.DRAWN
    yield from _who_knew(story)
    for opening in blind.openings:
        yield wording.OPENED.format(n=opening.period, day=full_day_text(opening.when))
        if certain := opening.known.certain:
            template = wording.OPENED_TELLS_ONE if len(certain) == 1 else wording.OPENED_TELLS
            yield template.format(n=listed([str(period) for period in certain]))
        if opening.known.likelier:
            yield wording.OPENED_HINTS
    guessed = blind.guessed
    if guessed is not None and guessed.beyond_chance and "person" in story.protocol.blinding.masked:
        yield wording.GUESSED.format(
            right=guessed.right, n=guessed.named, expected=f"{guessed.expected:.2g}"
        )
    if blind.locked is not None and blind.locked < blind.last_day:
        yield wording.ENDED_EARLY.format(day=full_day_text(blind.locked))


def _who_knew(story: ReportInput) -> Iterator[str]:
    blinding = story.protocol.blinding
    until = wording.THE_END
    if story.blind.unsealed_early:
        until = wording.EARLY_END.format(day=full_day_text(story.unsealing.when))
    clinic, alone = "clinician" in blinding.masked, story.protocol.purpose == "self"
    if blinding.mode == "double-blind":
        both = wording.BLIND_BOTH if clinic else wording.BLIND_PERSON
        yield (wording.BLIND_ALONE if alone else both).format(until=until)
        return
    yield wording.CARD if blinding.mode == "concealed" else wording.OPEN
    if not alone:
        yield wording.CLINIC_BLIND.format(until=until) if clinic else wording.CLINIC_KNEW


# --- Side effects --------------------------------------------------------------------------------


def first_of_all(story: ReportInput) -> dict[str, Any]:
    """Return what must be seen before the answer: bad side effects and signs to stop."""
    lines = []
    for event in story.severe[:_MOST_FIRST]:
        template = wording.FIRST_OUTSIDE if event.period is None else wording.FIRST_LINE
        line = template.format(
            event=event.event,
            worst=pages.SEVERITIES[event.severity],
            day=full_day_text(event.day),
            arm="" if event.period is None else story.arm_in(event.period).plain,
        )
        lines.append(wording.FIRST_FLAG.format(line=line) if event.red_flag else line)
    if len(story.severe) > _MOST_FIRST:
        lines.append(wording.FIRST_MORE.format(n=len(story.severe) - _MOST_FIRST))
    return {"title": wording.FIRST_TITLE, "lines": lines, "do": wording.FIRST_DO}


def person_effects(story: ReportInput) -> dict[str, Any]:
    """Return how often each side effect was written down during every arm, the worst first."""
    by_event: dict[str, dict[str, list[SideEffect]]] = {}
    for effect in story.side_effects:
        if effect.period is not None and effect.days:
            by_arm = by_event.setdefault(effect.event, {arm: [] for arm in story.data.arms})
            by_arm[story.arms[effect.period - 1]].append(effect)

    def order(event: str) -> tuple[int, int, str]:
        every = [side_effect for effects in by_event[event].values() for side_effect in effects]
        return (
            -max(side_effect.worst for side_effect in every),
            -sum(side_effect.weeks for side_effect in every),
            event,
        )

    events = sorted(by_event, key=order)
    most = _MOST_EFFECTS - 1 if story.severe else _MOST_EFFECTS  # the others stand above
    more = len(events) - most
    return {
        "title": wording.EFFECTS_TITLE,
        "columns": [
            wording.EFFECTS_DURING,
            *(capitalised(story.arm(arm).plain) for arm in story.data.arms),
        ],
        "rows": [
            [event, *(_often(story, effects) for effects in by_event[event].values())]
            for event in events[:most]
        ],
        "none": None if events else _none_said(story),
        "more": (
            None
            if more < 1
            else (wording.EFFECTS_MORE_ONE if more == 1 else wording.EFFECTS_MORE.format(n=more))
        ),
    }


def _none_said(story: ReportInput) -> str:
    if any(effect.days for effect in story.side_effects):
        return wording.EFFECTS_OUTSIDE
    return wording.EFFECTS_NONE if story.effects_recorded else wording.EFFECTS_UNKNOWN


def _often(story: ReportInput, effects: Sequence[SideEffect]) -> str:
    """Return in how many weeks, as the booklet asks; where periods are shorter, how many times."""
    if not effects:
        return wording.EFFECTS_NEVER
    if story.protocol.design.period_days >= 7:
        n = sum(side_effect.weeks for side_effect in effects)
        often = wording.EFFECTS_WEEK if n == 1 else wording.EFFECTS_WEEKS.format(n=n)
    else:
        n = sum(side_effect.days for side_effect in effects)
        often = wording.EFFECTS_TIME if n == 1 else wording.EFFECTS_TIMES.format(n=n)
    worst = pages.SEVERITIES[max(side_effect.worst for side_effect in effects)]
    return wording.EFFECTS_OFTEN.format(often=often, worst=worst)
