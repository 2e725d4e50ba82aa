"""English: a pooled answer as lines for a terminal."""

from __future__ import annotations

from nof1.words.en.numbers import TO
from nof1.words.en.pooled_answer import is_better
from nof1.words.numbers import counted

STEADY = "Steady state: the effect at full exposure"
SCHEDULED = "Difference as scheduled, carryover and all"
#: How the frequentist rows are called.
METHODS = {
    "summary_t": "summary t",
    "reml": "REML",
    "pm": "Paule-Mandel",
    "dl": "DerSimonian-Laird",
    "kenward_roger": "Kenward-Roger",
    "satterthwaite": "Satterthwaite",
    "these_persons": "these persons",
}


def head(
    *, persons: int, outcome: str, pair: str, low: float, high: float, unit: str, better: str,
    mcid: float | None,
) -> str:  # fmt: skip
    matters = "" if mcid is None else f", smallest that matters {mcid:g}"
    return (
        f"{counted(persons, 'person')}: {outcome}, {pair} ({low:g} to {high:g} {unit},"
        f" {is_better(better)}{matters})"
    )


def minus(*, active: str, comparator: str) -> str:
    return f"{active} minus {comparator}"


def interval_of(level: str) -> str:
    return f"{level} interval"


def ends(low: str, high: str) -> str:
    return f"{low} {TO} {high}"


# --- The answer ----------------------------------------------------------------------------------

THESE, THOSE_WITH_BOTH = "exactly these persons", "the persons who had both"


def of_pair(*, active: str, comparator: str) -> str:
    return f" of {active} against {comparator}"


def these_answer(*, whom: str, pair: str, mean: str, unit: str, level: str, interval: str) -> str:
    return f"In {whom} the average effect{pair} is {mean} {unit} ({level} interval {interval})."


def next_answer(
    *, pair: str, low: str, high: str, unit: str, level: str, active: str, better: str, sizes: str
) -> str:
    return (
        f"In a further person like them the effect{pair} will lie between {low} and {high} {unit}"
        f" with {level} probability: {active} is better at all with {better}{sizes}."
    )


def of_size(*, mcid: float, better: str, worse: str) -> str:
    return f", better by {mcid:g} or more with {better}, worse by {mcid:g} or more with {worse}"


# --- The exact posterior -------------------------------------------------------------------------

AVERAGE_IN_THESE, AVERAGE_IN_ALL = "average in these persons", "average in persons like them"
NEXT_PERSON, DIFFER, SHORTEST = "next person", "persons differ by (SD)", "shortest"
HEAVY_TAILS = "heavy tails (Student's t)"
ROBUST = "Average in persons like them where single persons bear less on it"
ASSUMED = "Under other assumptions: average in persons like them, and how persons differ"


def in_unit(what: str, unit: str) -> str:
    return f"{what}, {unit}"


def exact(error: float) -> str:
    return f"(exact hierarchical posterior, numerical error {error:.1g} SD)"


def half_lives(*, without: str, median: float, without_before: str, median_before: float) -> str:
    return (
        f"Half-lives as all persons together tell them: {without} of persons with practically no"
        f" carryover, else a median of {median:.2g} days (beforehand {without_before},"
        f" {median_before:.2g} days)."
    )


def noise(*, sd: float, unit: str, low: float, high: float) -> str:
    return (
        f"Noise of scores as all persons together tell it: an SD of {sd:.2g} {unit}, in a further"
        f" person between {low:.2g} and {high:.2g}."
    )


def without(code: str) -> str:
    return f"without {code}, who moves it most"


def spread(sd: str) -> str:
    return f"SD {sd}"


# --- Other methods and pairs ---------------------------------------------------------------------

NEXT_BY_PAIR = "The next person's effect, pair by pair"


def frequentist(unit: str) -> str:
    return f"As scheduled: mean of cycle differences, carryover and all, {unit} (frequentist)"


def evidence(*, p: str, df: str) -> str:
    return f"{p}, df {df}"


def persons_differ(sd: str) -> str:
    return f", persons differ by {sd}"


def did_not_run(names: str, why: str) -> str:
    return f"Did not run: {names}: {why}."


def all_pairs(*, scheduled: bool) -> str:
    how = "as scheduled" if scheduled else "at full exposure"
    return f"All pairs of arms: average in persons like them, {how}"


def compared_directly(n: int) -> str:
    return f"{counted(n, 'person')} compared them directly"


def better_at_all(active: str, chance: str) -> str:
    return f"{active} is better at all with {chance}"


# --- Facts about persons, guesses ----------------------------------------------------------------


def moderator(*, fact: str, planned: str | None, exploratory: bool, unknown: int) -> str:
    kind = f"planned in {planned}" if planned else "not planned beforehand"
    extra = ", exploratory" if exploratory else ""
    untold = f"; not known of {counted(unknown, 'person')}" if unknown else ""
    return f"Effect by {fact} ({kind}{extra}{untold})"


def against(*, reference: str | None, difference: str, interval: str) -> str:
    return f"against {reference} {difference} ({interval})"


def slope(*, fact: str, change: str, interval: str) -> str:
    return f"for one unit of {fact} {change} ({interval})"


def spread_left(*, sd: str, interval: str) -> str:
    return f"persons alike in it differ by (SD) {sd} ({interval})"


BOTH_ARMS, BANG, JAMES = "both arms", "Bang", "James"


def guesses(n: int) -> str:
    return f"Guesses of the arm by {counted(n, 'person')}: right, wrong, unsure"


# --- Persons -------------------------------------------------------------------------------------

EACH = "Each person: mean by the own scores alone, then in the light of all others with interval"
CUT = "Codes are cut to what tells them apart; --json has them whole"
LEFT_OUT = "Left out"


def more_persons(n: int) -> str:
    return f"and {counted(n, 'more person')}; --json has them all"


def own_answer(mean: str, se: str) -> str:
    return f"{mean} (SE {se})"


def chances(*, better: str, mcid: float | None, meaningful: str) -> str:
    size = f", by {mcid:g} or more {meaningful}" if meaningful else ""
    return f"better {better}{size}"
