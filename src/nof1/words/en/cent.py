"""English: how the persons of a pooled analysis came together, and the items of CENT 2015."""

from __future__ import annotations

from collections.abc import Sequence

from nof1.words.en.pooled_answer import is_better
from nof1.words.en.pooled_conduct import fewer_periods, left_out, setting
from nof1.words.numbers import counted, listed

#: What is said of an item that the pooled file does not answer.
GAP = "not reported"

#: What every item asks for, in our words.
ITEMS = {
    "1a": "Title names a series of N-of-1 trials",
    "1b": "Structured summary",
    "2a.1": "Background",
    "2a.2": "Why trials of single persons",
    "2b": "Question and hypotheses",
    "3a": "Design, periods and their length, run-in and washout",
    "3b": "Changes after the start, with reasons",
    "4a": "Persons: diagnosis, criteria, other illness and treatment",
    "4b": "Where it took place",
    "4c": "Research or care; ethics approval",
    "5": "Treatment in every period",
    "6a.1": "Outcomes: what, how and when",
    "6a.2": "How well the instruments measure",
    "6b": "Changes of outcomes",
    "7a": "Why so many periods",
    "7b": "Interim looks and rules for stopping",
    "8a": "How the order was made, and why at random",
    "8b": "Limits on the order",
    "8c": "The whole order as intended",
    "9": "How the order was hidden",
    "10": "Who drew, enrolled and assigned",
    "11a": "Who was blind",
    "11b": "How alike the products were",
    "12a": "Analysis of each person",
    "12b": "Synthesis of the series, and differences between persons",
    "12c": "Carryover, period effects, correlation within a person",
    "13a.1": "Periods completed, order as it was, deviations",
    "13a.2": "Numbers of the series, with a diagram",
    "13b": "Losses and stops, with reasons",
    "14a": "Dates",
    "14b": "Stopped early, and why",
    "15": "Persons at the start",
    "16": "Periods analysed",
    "17a.1": "Results of every period",
    "17a.2": "Effects with their precision, of each person and of the series",
    "17b": "Absolute and relative effect of a yes-or-no outcome",
    "18": "Further analyses",
    "19": "Harms by treatment",
    "20": "Limits",
    "21": "For whom it holds",
    "22": "What it means",
    "23": "Registration",
    "24": "Where the protocol can be read",
    "25": "Funding",
}


# --- The diagram ---------------------------------------------------------------------------------

FLOW = "How the persons came together"
FLOW_CAPTION = (
    "From what was received to what was pooled; at the right what was left out or is missing."
)
NO_CARRYOVER_MODEL = "for the methods without a model of carryover"


def received(n: int) -> str:
    return f"Received: {counted(n, 'person')}"


def excluded(n: int) -> str:
    return f"Left out: {counted(n, 'person')}"


def reason(n: int, why: str) -> str:
    return f"{n}: {why}"


def more_reasons(n: int) -> str:
    return f"and {counted(n, 'more reason')}"


def pooled(n: int) -> str:
    return f"Pooled: {counted(n, 'person')}"


def had_both(*, n: int, active: str, comparator: str) -> str:
    return f"{n} had {active} and {comparator}"


def periods_planned(n: int) -> str:
    return f"Periods: {n:,} planned"


def periods_scored(n: int) -> str:
    return f"{n:,} with scores"


def periods_unscored(n: int) -> str:
    return f"Without scores: {counted(n, 'period')}"


def stopped_early(n: int) -> str:
    return f"{counted(n, 'person')} had fewer than planned"


def scores_analysed(n: int) -> str:
    return f"Scores: {n:,} analysed"


def scores_missing(n: int) -> str:
    return f"Missing: {n:,} scores"


def cycle_differences(*, shared: int, persons: int) -> str:
    return f"Cycle differences: {shared:,} of {counted(persons, 'person')}"


def likelihood_alone(n: int) -> str:
    return f"Shared a likelihood alone: {counted(n, 'person')}"


# --- The items -----------------------------------------------------------------------------------

CENT = "Reporting items of CENT 2015"
CENT_CAPTION = "CENT 2015, for a series of N-of-1 trials"
CENT_COLUMNS = ("Item", "What it asks for", "What is reported")
CENT_NOTE = (
    "Items in our own words; the wording that counts is that of the statement (BMJ 2015; 350: "
    "h1738)."
)
TITLE = "Yes: the title of this report."
SUMMARY = "In part: question, persons, answer and its precision stand first."
PURPOSES = {
    "next": "Asked: what to expect for persons like these.",
    "these": "Asked: how these very persons fared.",
    "": "It was not said whether the question is about these persons or the next.",
}
SYNTHESIS = (
    "Exact hierarchical posterior of average and SD between persons; frequentist methods beside it."
)
NOT_MODELLED = "Not modelled: differences as scheduled."
SINGLE_PERIODS = (
    f"By person, in figure and table; single periods: {GAP}, since they are not shared."
)
A_SCORE = "Does not apply: the outcome is a score."
#: How the order came about, as contributions name it.
ORDERS = {"drawn": "drawn", "unknown": "unknown"}
NO_MODERATORS = "none"
SEE_LIMITS = "See what this cannot say."
FOR_WHOM = "The forecast for the next person; see also what this cannot say."
SEE_ANSWER = "See the answer."


def answered(*, n: int, of: int) -> str:
    return (
        f"{n} of {of} items are answered here from the pooled file. The others are for whoever "
        "publishes the series: most stand in the protocol, none in shared results."
    )


def effect_of(*, compared: str, outcome: str, purpose: str) -> str:
    return f"Effect of {compared} on {outcome}. {PURPOSES[purpose]}"


def design(*, cycles: str, period_days: str, run_in: str, washouts: str) -> str:
    return (
        f"Randomised crossover in single persons. Cycles planned: {cycles}. Days of a period: "
        f"{period_days}; of the run-in: {run_in or GAP}; of washouts: {washouts or GAP}."
    )


def treatments(*, arms: Sequence[str], protocols: str, taken: Sequence[tuple[str, str]]) -> str:
    doses = listed([f"{arm} {share}" for arm, share in taken]) if taken else GAP
    return f"{listed(arms)}; protocol: {protocols}. Doses taken: {doses}."


def outcome(*, title: str, low: float, high: float, unit: str, better: str, recall: int) -> str:
    return (
        f"{title}, {low:g} to {high:g} {unit}, {is_better(better)}; each score looks back on "
        f"{counted(recall, 'day')}."
    )


def order(how: str) -> str:
    return f"Order drawn at random, or not known to be: {how or GAP}."


def blinding(*, modes: str, guesses: str, opened: int) -> str:
    return f"Blinding: {modes}. Guesses: {guesses}. Opened early: {counted(opened, 'period')}."


def single_analysis(measured: str) -> str:
    return f"The likelihood of each person's {measured}; everything else integrated out."


def assumed(*, carryover: str, trend: str, period_effects: str) -> str:
    return (
        f"Carryover: {setting(carryover)}. Trend: {setting(trend)}. Period effects: "
        f"{setting(period_effects)}. Scores of a person are taken as correlated in time."
    )


def periods_completed(periods: str) -> str:
    return f"Periods: {periods}. Orders and deviations: {GAP}."


def numbers(*, received: int, excluded: int, pooled: int) -> str:
    return f"Received {received:,}, left out {excluded:,}, pooled {pooled:,}; see the diagram."


def losses(*, excluded: int, stopped: int) -> str:
    return f"{left_out(excluded)}, with reasons; {fewer_periods(stopped)}, reasons {GAP}."


def stops(n: int) -> str:
    return f"{fewer_periods(n)}; why: {GAP}."


def periods_analysed(*, periods: int, persons: int, scores: str) -> str:
    return f"{periods:,} periods of {counted(persons, 'person')}. Scores: {scores}."


def series_result(*, average: str, level: str, interval: str) -> str:
    return f"Average {average}, {level} interval {interval}; every person in the file."


def further(*, assumptions: int, moderators: Sequence[str]) -> str:
    facts = listed(moderators) if moderators else NO_MODERATORS
    return (
        f"{counted(assumptions, 'set')} of assumptions; facts that may bear on the effect: {facts}."
    )


def about(facts: Sequence[tuple[str, str]]) -> str:
    known = "; ".join(f"{fact} ({levels})" for fact, levels in facts)
    return f"In part: {known}." if known else ""


def harms(arms: Sequence[tuple[str, int, int | None]]) -> str:
    """Return who had side effects: of each arm how many persons, and how many had severe ones."""
    severe = [f"{worst} during {arm}" for arm, _, worst in arms]
    of_any = [f"{persons} during {arm}" for arm, persons, _ in arms]
    return f"Persons with severe side effects: {listed(severe)}; with any: {listed(of_any)}."
