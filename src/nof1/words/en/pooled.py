"""English: what to know of a pooled answer."""

from __future__ import annotations

from collections.abc import Sequence

from nof1.words.numbers import counted, decimals, listed, percent, percents, signed, signed_interval

# --- How the trials went -------------------------------------------------------------------------


def severe_in_persons(*, persons: int, arm: str) -> str:
    return f"Severe side effects were recorded in {counted(persons, 'person')} during {arm}."


def periods_opened_early(*, opened: int, periods: int) -> str:
    return (
        f"{opened:,} of {periods:,} periods were opened before the end of their"
        " trials: the arm was known in these, and perhaps in others that they tell of."
    )


def open_trials(*, trials: int, of: int) -> str:
    return f"{trials} of {of} trials were open: part of their effect may be expectation."


def arms_guessed(
    *, right: int, decided: int, unsure: int, bang: Sequence[tuple[str, float]]
) -> str:
    by_arm = ", ".join(f"{arm} {index:+.2f}" for arm, index in bang)
    return (
        f"{right} of the {decided} guesses that named an arm were right"
        f" ({percent(right / decided)}; {unsure} more were unsure), more than by chance"
        f"{f'; Bang index {by_arm}' if by_arm else ''}. Blinding may have failed, or the effect"
        " itself gave the arm away: part of the effect may be expectation."
    )


# --- The question --------------------------------------------------------------------------------


def purpose_not_said() -> str:
    return (
        "It was not said whether the question is about these very persons or about persons"
        " like them (--purpose these or next); the two answers differ, and both are given."
    )


def no_mcid_to_pool() -> str:
    return "Without a smallest difference that matters (--mcid) no chance of it can be given."


def different_mcids(*, mcids: Sequence[float | None]) -> str:
    named = ", ".join("none" if mcid is None else f"{mcid:g}" for mcid in mcids)
    return (
        f"The contributions name different smallest differences that matter ({named});"
        " --mcid X says which holds here."
    )


# --- The persons ---------------------------------------------------------------------------------


def few_persons(*, persons: int) -> str:
    return (
        f"{persons} persons tell little of how much persons differ: that answer, and the forecast"
        " for the next person, hang on the prior."
    )


def unlike_periods(*, days: Sequence[int]) -> str:
    return (
        f"Periods last {', '.join(map(str, days))} days and carryover is not estimated: the"
        " effects may not be of one kind."
    )


def other_likelihood_in_persons(*, persons: int, of: int, likelihood: str) -> str:
    return (
        f"{persons} of {of} persons have scores that ask for the {likelihood} likelihood;"
        " pooled is the normal one, which draws effects towards none at the ends of a"
        " scale."
    )


def equal_likelihoods(*, groups: Sequence[Sequence[str]], more: int) -> str:
    named = "; ".join(listed(codes) for codes in groups)
    named += f"; and {more} more such groups" if more else ""
    return (
        f"Equal likelihoods: {named}. Few scores in whole numbers often give equal ones, so"
        " each counts as a person; if one person stands under two codes, leave one out with"
        " --exclude CODE=WHY."
    )


def moderator_unknown(
    *, moderator: str, unknown: int, of: int, named: Sequence[str], more: int, known: int
) -> str:
    shown = ", ".join(named) + (f" and {more} more" if more else "")
    return (
        f"{moderator} is not known of {unknown} of {of} persons"
        f" ({shown}): what is told by it rests on the other {known}."
    )


# --- Differences as scheduled --------------------------------------------------------------------


def some_without_differences(*, shared: int, of: int) -> str:
    return (
        f"{shared} of {of} persons shared cycle differences; the frequentist rows rest on"
        " these alone."
    )


def some_without_cycles(*, without: int, of: int) -> str:
    return (
        f"{without} of {of} persons who shared cycle differences have no cycle"
        " with scores on both arms; the frequentist rows go without them."
    )


def near_enough(*, lengths: str, low: float, high: float) -> str:
    return (
        f"Periods last {lengths} days: differences as scheduled are expected to hold"
        f" {percents(low, high)} of the effect at full exposure, near enough to be"
        " averaged."
    )


# --- The answer ----------------------------------------------------------------------------------


def against_the_prior(*, own: float, sd: float, chance: float, mean: float, span: float) -> str:
    digits = decimals(span)
    return (
        f"The average that the persons tell by themselves ({signed(own, digits)}) is further from"
        f" none than the prior lets expect (SD {sd:.{digits}f}; chance {chance:.1g}): the"
        f" prior draws it to {signed(mean, digits)}. Check direction, scale and scores, and"
        " see the answer with an average effect twice as wide beforehand."
    )


def averages_apart(
    *,
    mean: float,
    other: str,
    estimate: float,
    se: float,
    explained: tuple[float, float],
    span: float,
) -> str:
    digits, (low, high) = decimals(span), explained
    carried = signed(low, digits) if low == high else signed_interval(low, high, digits)
    name = {"reml": "REML", "summary_t": "the t-test"}[other]
    return (
        f"The exact posterior has an average of {signed(mean, digits)} at full exposure,"
        f" {name} one of {signed(estimate, digits)} as scheduled (SE {se:.{digits}f});"
        f" carryover explains {carried}. Look for scores at an end of the scale, drift and"
        " single persons before relying on either."
    )


def one_moves_the_average(
    *, person: str, without: float, low: float, high: float, mean: float, span: float
) -> str:
    digits = decimals(span)
    return (
        f"One person moves the average: without {person} it is {signed(without, digits)}"
        f" ({signed_interval(low, high, digits)}), with all"
        f" {signed(mean, digits)}. Check this person's scale, direction and scores; who cannot be"
        f" right is left out with --exclude {person}=WHY."
    )


def tails_move_the_average(*, heavy: float, mean: float, span: float) -> str:
    digits = decimals(span)
    return (
        "Where effects may scatter with heavy tails, the average is"
        f" {signed(heavy, digits)} instead of {signed(mean, digits)}: single persons are far"
        " from the others."
    )


def beyond_the_scale(
    *, arm: str, persons: int, level: float, effect: float, ends: tuple[float, float]
) -> str:
    low, high = ends
    digits = decimals(high - low)
    return (
        f"On {arm} the scores of {persons} persons average"
        f" {level:.{digits}f}: an average effect of {signed(effect, digits)} would take them to"
        f" {level + effect:.{digits}f}, beyond the scale from {low:g} to {high:g}. No treatment"
        " does that: look for scores at an end of the scale, long carryover and single persons."
    )


# --- Tables of summaries -------------------------------------------------------------------------

#: What a table of each kind holds.
_HELD = {
    "differences": "cycle differences",
    "estimates": "estimates of persons",
    "scores": "scores",
}


def table_holds(*, kind: str) -> str:
    return _HELD[kind]


def no_days_told(*, file: str, kind: str) -> str:
    return (
        f"{file} holds {_HELD[kind]} without days: pooled is the difference as scheduled,"
        " carryover and all, since no carryover can be modelled. A table of scores by day or date"
        " gives the effect at full exposure."
    )


def arms_not_named(*, active: str, comparator: str) -> str:
    return (
        f"Differences were taken as {active} minus {comparator}; --active NAME and --comparator"
        " NAME give the arms their names."
    )


def errors_pooled() -> str:
    return "The variance of a cycle difference within persons is pooled over all of them."


def errors_not_told() -> str:
    return (
        "Nobody has two cycles and no standard error is given, so that scatter within persons"
        " cannot be told from differences between them: all of it was taken as within. The"
        " average holds; how much persons differ and the forecast for the next person do not."
    )


def errors_taken_as_known() -> str:
    return (
        "The standard errors are taken as known: a column n with the cycles each rests on"
        " would let them be pooled."
    )


def errors_as_given() -> str:
    return "Everybody has their own standard error, as given."


def errors_of_few_cycles() -> str:
    return (
        "The standard errors rest on few cycles each, so that the variance within persons is"
        " pooled over all of them: se^2 n, weighted by n - 1."
    )
