"""English: what the report of a pooled analysis is called, and what it says of its answer."""

from __future__ import annotations

from collections.abc import Sequence

from nof1.words.en.numbers import BETTER, FEWER_THAN_ONE, HIGHER, LOWER, MORE_THAN_99, TO, WORSE
from nof1.words.numbers import capitalised, counted

NAME = "Pooled analysis"
#: Which direction is an improvement, and how persons did, by what the file calls them.
DIRECTIONS = {"lower": LOWER, "higher": HIGHER}
DID = {"better": BETTER, "worse": WORSE}
#: What is estimated.
MEASURED = {"steady-state": "steady-state effect", "as-scheduled": "difference as scheduled"}
MEANT = {
    "steady-state": "Steady-state effect: the difference at full exposure, once carryover is over.",
    "as-scheduled": "Difference as scheduled: between periods as they were, carryover and all.",
}
ESTIMATE, INTERVAL = "Estimate", "Interval"


def is_better(better: str) -> str:
    return f"{DIRECTIONS[better]} is better"


def against(*, active: str, comparator: str) -> str:
    return f"{active} against {comparator}"


def or_more(size: str) -> str:
    return f"By {size} or more"


def ends(low: str, high: str) -> str:
    return f"{low} {TO} {high}"


# --- The head of the report ----------------------------------------------------------------------


def persons(n: int) -> str:
    return counted(n, "person")


def title(compared: str) -> str:
    return f"{capitalised(compared)}: a series of N-of-1 trials"


def question(*, outcome: str, low: float, high: float, unit: str, better: str, size: str) -> str:
    matters = f"; the smallest difference that matters is {size}" if size else ""
    return f"Outcome: {outcome}, {low:g} to {high:g} {unit}, {is_better(better)}{matters}."


# --- The verdict ---------------------------------------------------------------------------------

#: The rungs of the person's ladder, before "do better".
WILL = {"very likely": "will very likely", "probably": "will probably", "may": "may"}
MAY_DIFFER = "Single persons may differ from the average."


# --- The answer ----------------------------------------------------------------------------------

ANSWER = "The answer"
ANSWER_COLUMNS = ("Of whom", ESTIMATE, INTERVAL)
NEXT_LIKE_THESE = "The next person like these"
AVERAGE_OF_ALL = "Average of all persons like these"
HOW_MUCH = "How much persons differ (SD between persons)"
NO_SIZES = "Nobody named a smallest difference that matters, so size is not judged."


def average_in_these(n: int) -> str:
    return f"Average in these {persons(n)}"


def was_asked(row: str) -> str:
    return f"{row} (what was asked)"


def answer_caption(*, compared: str, outcome: str, measured: str, level: str) -> str:
    return f"{capitalised(compared)}, {outcome}: {measured}, with {level} intervals"


def answer_note(estimand: str) -> str:
    return (
        f"{MEANT[estimand]} The interval of the next person is a forecast of that person's own "
        "true effect."
    )


def from_to(low: str, high: str) -> str:
    return f"From {low} to {high}"


def asked(sentence: str) -> str:
    return f"What was asked: {sentence}"


def other_question(sentence: str) -> str:
    return f"The other question: {sentence}"


def next_chances(*, better: str, size: str, meaningful: str | None) -> str:
    more = "" if meaningful is None else f"; better by {size} or more: {meaningful}"
    return f"Chance that the next person does better: {better}{more}."


def average_over_all(*, measured: str, average: str, interval: str) -> str:
    return (
        f"Over all persons like these, the average {measured} is {average}; the truth likely lies "
        f"{interval}."
    )


def spread(
    *, sd: str, unit: str, level: str, low: str, high: str, normal: bool, hardly: bool
) -> str:
    share = "About two in three lie within one SD of the average. " if normal else ""
    meant = (
        "It may be that they hardly differ at all."
        if hardly
        else "One average does not fit everybody."
    )
    return (
        f"Persons differ with an SD of {sd} {unit} ({level} interval {low} to {high}). "
        f"{share}{meant}"
    )


def enough_means(size: str) -> str:
    return f"Enough to matter means {size} or more (the MCID)."


def how_judged(*, sizes: str, rule: str) -> str:
    return f"How this is judged. {sizes} {rule} Anything else is called: we cannot tell."


# --- The next person -----------------------------------------------------------------------------

NEXT = "What to expect for the next person"
#: How the next person would do, if not by how much.
WOULD_DO = (BETTER, WORSE)
BETTER_BY_LESS = "better, but by less than that"
#: A count of 100 that is never said to be none or all.
NEVER_NONE_OR_ALL = {0: FEWER_THAN_ONE, 100: MORE_THAN_99}


def better_by(size: str) -> str:
    return f"better by {size} or more"


def would_do(*, count: str, kind: str) -> str:
    return f"{count} would do {kind}"


def of_hundred(
    *, active: str, comparator: str, kinds: Sequence[str], size: str, harmed: str | None
) -> str:
    worse = "" if harmed is None else f" Worse by {size} or more: {harmed}."
    return (
        f"Think of 100 more persons like these, with {active} against {comparator}: "
        f"{'; '.join(kinds)}.{worse} This is about their true effects, before they have scores of "
        "their own; a trial of their own tells each of them more."
    )


def icon_key(*, count: str, kind: str) -> str:
    return f"{count} of 100: {kind}"


def icons_say(kinds: Sequence[str]) -> str:
    return f"100 icons for 100 more persons. {'; '.join(kinds)}."


def icons_caption(compared: str) -> str:
    return f"Each icon is one of 100 more persons: {compared}."


def forecast_says(
    *, average: str, interval: str, sd: str, unit: str, sd_low: str, sd_high: str
) -> str:
    return (
        f"Left, the forecast for the next person: around {average}, {interval}. Right, the SD "
        f"between persons: around {sd} {unit}, {sd_low} to {sd_high}."
    )


def forecast_caption(*, sized: bool, level: str) -> str:
    dark = "dark where it is better by enough to matter" if sized else "in points"
    return (
        f"Left: how likely each true effect of the next person is, {dark}. Right: the SD between "
        f"persons as the prior had it beforehand, and as it is now. Bars: {level} intervals, the "
        "right one the shortest."
    )


# --- How much persons differ ---------------------------------------------------------------------

HETEROGENEITY = "How much persons differ"
SD_OF_TRUE = "SD between persons of their true effects"
SD_OF_OWN = "SD of the effects by own scores alone (not heterogeneity)"
SHARES_NOTE = "Shares are those of all persons like these, with every uncertainty in them."
SHARE_BETTER = "Share of persons who do better at all"


def interval_of(level: str) -> str:
    return f"{level} interval"


def heterogeneity_caption(*, measured: str, compared: str) -> str:
    return f"How much the {measured} of {compared} differs between persons"


def share_better_by(size: str) -> str:
    return f"Share who do better by {size} or more"


def share_worse_by(size: str) -> str:
    return f"Share who do worse by {size} or more"


def not_noise(*, own_sd: str, unit: str, sd: str) -> str:
    return (
        f"The effects by each person's own scores alone scatter with an SD of {own_sd} {unit}. "
        "That is not how much persons differ: it holds the noise of every trial as well. With "
        f"that noise taken out, persons differ with an SD of {sd} {unit}. Do not count persons "
        "whose own scores look good: noise alone makes some of them."
    )
