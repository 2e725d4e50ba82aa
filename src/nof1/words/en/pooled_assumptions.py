"""English: what the report of a pooled analysis says of other assumptions, arms and methods."""

from __future__ import annotations

from collections.abc import Sequence

from nof1.words.numbers import capitalised, counted, listed

AVERAGE, NEXT_PERSON, NEXT_BETTER = "Average", "Next person", "Next better"
SD_BETWEEN, METHOD, PERSONS = "SD between persons", "Method", "Persons"
BAND = " Band: differences smaller than the MCID."


def row_says(*, row: str, group: str, estimate: str, interval: str) -> str:
    return f"{row}, {group.lower()}: {estimate}, {interval}"


def with_interval(estimate: str, interval: str) -> str:
    return f"{estimate} ({interval})"


def in_unit(*, what: str, measured: str, unit: str) -> str:
    return f"{what}, {measured} in {unit}"


# --- Other assumptions ---------------------------------------------------------------------------

SENSITIVITY = "Would other assumptions change it?"
OF_POPULATION, OF_NEXT = "Average of the population", "The next person"
SENSITIVITY_COLUMNS = ("Assumption", AVERAGE, SD_BETWEEN, NEXT_BETTER)
SENSITIVITY_CAPTION = (
    "The average and the next person under each assumption; as planned stands first."
)


def sensitivity_note(level: str) -> str:
    return (
        f"{level} intervals. Half and twice as wide: the prior of the average, or of the SD "
        "between persons. Student's t leaves room for a few persons who are very different."
    )


# --- Several arms --------------------------------------------------------------------------------

PAIRS = "Every pair of arms"
PAIRS_COLUMNS = ("Arms", "Persons with both", AVERAGE, NEXT_PERSON, NEXT_BETTER)
BY_WAY_OF_OTHERS = "none: by way of others"


def pairs_note(level: str) -> str:
    return (
        f"{level} intervals. Every pair rests on all persons, also on those who had only one of "
        "its arms. Not adjusted for the number of pairs."
    )


# --- Facts about persons -------------------------------------------------------------------------

MODERATORS = "For whom is it different?"
MODERATORS_TEXT = (
    "Does the effect hang on a fact about the person? All levels are estimated at once with the "
    "SD between persons, never in subgroups apart. Differences are drawn towards none by their "
    "prior, the more the fewer the persons. The facts were not drawn at random: what goes "
    "together need not be cause and effect."
)
LEVEL, VALUE, AVERAGE_EFFECT, LEVEL_BETTER = "Level", "Value", "Average effect", "Better"
REFERENCE = "reference"
STILL_EXPLORATORY = "With so few persons it is exploratory all the same."


def moderator_caption(fact: str, *, exploratory: bool) -> str:
    return capitalised(fact) + (", exploratory" if exploratory else ", planned beforehand")


def against_level(reference: str | None) -> str:
    return f"Against {reference}"


def without_fact(n: int) -> str:
    if not n:
        return "Nobody was left out for want of this fact."
    verb = "was" if n == 1 else "were"
    return f"{counted(n, 'person')} without this fact {verb} left out here."


def moderator_unit(*, measured: str, unit: str, level: str, prior_sd: float) -> str:
    return (
        f"{capitalised(measured)}s in {unit}; {level} intervals. The prior of a difference has an "
        f"SD of {prior_sd:g} {unit}."
    )


def planned(where: str | None) -> str:
    if where:
        return f"Planned beforehand: {where}."
    return "Not planned beforehand: take it as a question for further trials."


def slope(*, fact: str, change: str, interval: str) -> str:
    return (
        f"For one unit of {fact} the effect changes by {change} ({interval}); persons counted at a "
        "value are those nearest to it."
    )


def spread_left(*, sd: str, low: str, high: str) -> str:
    return f"SD between persons that is left: {sd} ({low} to {high})."


# --- Other methods -------------------------------------------------------------------------------

FREQUENTIST = "Other methods side by side"
#: How the rows are called in print.
METHODS = {
    "summary_t": "t-test on persons' means",
    "reml": "REML in two stages",
    "pm": "Paule and Mandel",
    "dl": "DerSimonian and Laird",
    "kenward_roger": "Mixed model, Kenward-Roger",
    "satterthwaite": "Mixed model, Satterthwaite",
    "these_persons": "These very persons",
}
EXACT = "Exact posterior"
#: What each average estimates.
GROUPS = {"as-scheduled": "Average, as scheduled", "steady-state": "Average, steady state"}
FREQUENTIST_CAPTION = "Averages by what they estimate; the next person's range stands in the table."
NO_PRIOR = (
    "These methods need no prior. They average the same differences as scheduled as the exact "
    "posterior does, which also draws them towards none by its prior."
)
NOT_RUN, NOT_GIVEN, EVIDENCE = "not run", "not given", "Evidence"
FREQUENTIST_NOTE = "Estimand of every row: the difference between period means as scheduled."
TAU_COLUMNS = (METHOD, SD_BETWEEN, "Its interval", NEXT_PERSON, "I squared")
TAU_NOTE = (
    "Next person: prediction interval of the difference as scheduled. I squared is the share of "
    "the scatter that is not noise; it says nothing of the size of the differences."
)


def no_model_of_carryover(days: Sequence[str]) -> str:
    return (
        "These methods need no prior and no model of carryover. They average the differences "
        "between period means as scheduled, carryover and all, not the steady-state effect above. "
        f"In periods of {listed(days)} days part of the effect is still rising after a switch and "
        "part of the last arm's is still there, so that a difference as scheduled is usually the "
        "smaller of the two. The numbers should differ; they answer different questions."
    )


def evidence(*, p: str, df: str) -> str:
    return f"{p}; {df} degrees of freedom"


def frequentist_caption(*, compared: str, unit: str) -> str:
    return f"{capitalised(compared)}: average difference as scheduled, in {unit}"


def tau_caption(unit: str) -> str:
    return f"How much differences as scheduled differ between persons, in {unit}"
