"""English: what to know of the engines' answers."""

from __future__ import annotations

from collections.abc import Sequence

from nof1.words.caution import Caution, sentence
from nof1.words.en.sampling import TAKES
from nof1.words.numbers import capitalised, level_text, p_figure, p_value, percent

#: What each likelihood takes a score to be.
_TAKEN_AS = {
    "bounded": "rounded, and cut off at the ends of the scale",
    "student-t": "normal but for outliers (Student-t)",
    "by-arm": "normal with an SD for each arm",
    "ordinal": "the sum of graded answers to single items",
}

# --- The design and the plan ---------------------------------------------------------------------


def few_orders(*, least: float) -> str:
    return (
        f"The smallest p-value the randomisation test can give here is {p_figure(least)}: a"
        " 'significant' result was never possible."
    )


def no_period_effects() -> str:
    return (
        "Shifts of whole periods are left out of the model. When periods differ a little,"
        " its intervals miss the truth two to seven times too often."
    )


def no_mcid() -> str:
    return (
        "No smallest difference that matters (MCID) was given, so nothing can be said about"
        " size; say --mcid."
    )


def not_as_promised(*, changes: Sequence[tuple[str, object]]) -> str:
    shown = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in changes)
    return f"This is not the promised analysis: {shown} was asked for instead."


def drift_beyond_plan(
    *,
    mean: float,
    sd: float,
    prior_sd: float,
    effect: float,
    low: float,
    high: float,
) -> str:
    expected = (
        f"plan expects less than {2 * prior_sd:.2g} either way" if prior_sd else "plan has no trend"
    )
    return (
        f"The scores drift by about {mean:+.2g} over the trial (SD {sd:.2g}), where the {expected}:"
        " its prior and the scores contradict each other. With room for such a drift the effect at"
        f" full exposure is {effect:+.3g} ({low:+.3g} to {high:+.3g}): rely on that."
    )


# --- Likelihoods ---------------------------------------------------------------------------------


def normal_instead(*, sampler_could: bool) -> str:
    more = f" A sampler could tell more: --sample, which takes {TAKES}." if sampler_could else ""
    return (
        "The verdict rests on scores taken as plain normal numbers (quadrature), since the"
        f" likelihood engine did not run.{more}"
    )


def other_likelihood(*, likelihood: str, reason: Caution, effect: float, normal: float) -> str:
    return (
        f"The verdict rests on the likelihood engine, which takes scores as"
        f" {_TAKEN_AS[likelihood]}, because {sentence(reason)}. As plain normal numbers"
        f" (quadrature) they give {normal:+.3g} instead of {effect:+.3g}."
    )


def guessed_ends(*, low: float, high: float) -> str:
    return (
        f"The ends of the scale, {low:g} and {high:g}, were guessed, and scores"
        " were taken as cut off there: say --scale LOW:HIGH."
    )


def likelihood_mixes_badly() -> str:
    return "The sampler of the likelihood engine did not mix well: read it with caution."


def unequal_scatter(*, scatter: Caution, by_arm: bool) -> str:
    return f"Scores scatter unequally, by an SD of {sentence(scatter)}:" + (
        " likelihood and reml give each arm its own; quadrature takes them as equal, and where"
        " the arms were on for unequal times it is then too sure."
        if by_arm
        else " every engine here takes the SDs as equal, and where the arms were on for unequal"
        " times the answer may be too sure; --likelihood by-arm gives each arm its own."
    )


def crowded_ends(*, crowding: Caution, allowed: bool) -> str:
    return f"{capitalised(sentence(crowding))}, where they have no room to move: " + (
        "all engines but likelihood probably underestimate the difference."
        if allowed
        else "the difference is probably underestimated."
    )


def items_may_tell_more() -> str:
    return (
        "The answers to single items were recorded, and may tell more there than their sum:"
        " nof1 analyse --likelihood ordinal takes minutes."
    )


# --- Outliers ------------------------------------------------------------------------------------


def outliers(*, outliers: Sequence[tuple[int, float, float]], more: int, counting: Caution) -> str:
    shown = [f"day {day} ({score:g}, {sds:.1f} SD)" for day, score, sds in outliers]
    if more:
        shown.append(f"{more} more")
    alone = len(outliers) + more == 1
    return (
        f"The score{'' if alone else 's'} of {', '.join(shown)} lie{'s' if alone else ''} far from"
        " what the scores before foretell: compare with what was written down."
        f" {'It counts' if alone else 'They count'} {sentence(counting)}."
    )


def counted_for_less() -> str:
    return "for less, by heavy tails"


def counted_in_full(*, heavy: tuple[float, float, float] | None, tried: bool) -> str:
    if heavy is not None:
        effect, low, high = heavy
        return (
            "in full; with heavy tails (--likelihood student-t) the effect at full exposure is"
            f" {effect:+.3g} ({low:+.3g} to {high:+.3g})"
        )
    if tried:
        return "in full, since heavy tails do not explain the scores better"
    return "in full; --likelihood student-t lets such scores count for less"


# --- Neighbours and nights -----------------------------------------------------------------------


def against_each_other(
    *, correlation: float, expected: float, p: float, too_wide: float | None
) -> str:
    said = (
        f"Neighbouring scores move against each other (correlation {correlation:+.2f},"
        f" where independent scores give {expected:+.2f} on average; {p_value(p)}). The models know"
        " no negative correlation: phi is taken as 0 or more"
    )
    if too_wide is None:
        return f"{said}."
    direction, times = ("wide", too_wide) if too_wide >= 1 else ("narrow", 1 / too_wide)
    return (
        f"{said}, and in a schedule like this the intervals are then about {times:.1f} times"
        f" too {direction}."
    )


def day_before(*, log_bayes_factor: float) -> str:
    return (
        "The scores agree better with the treatment of the day before their own (log Bayes"
        f" factor {log_bayes_factor:.1f}), as a morning's scores do that speak of the night"
        " before. If these do, the first day after every switch counts for the wrong arm here:"
        " use --score-day before for a table, score_day in a protocol."
    )


# --- Earlier persons -----------------------------------------------------------------------------


def earlier_persons_plain() -> str:
    return (
        "What earlier persons add (population) is joined to the scores taken as plain normal"
        " numbers, not to the likelihood the verdict rests on."
    )


def unlike_earlier_persons(*, own: float, earlier: float, sd: float) -> str:
    return (
        f"The own answer, {own:+.3g}, lies far from what earlier persons tell,"
        f" {earlier:+.3g} with SD {sd:.2g}. This person may be unlike them:"
        " do not take both together for a better answer."
    )


# --- Carryover -----------------------------------------------------------------------------------


def no_carryover() -> str:
    return (
        "Carryover is left out of the model. If there is any, the difference is not that at"
        " full exposure, but what is left of it as scheduled."
    )


def short_periods(*, days: float, half_life: float, share: float) -> str:
    return (
        f"Periods of about {days:.0f} days are short for a half-life of {half_life:g} days:"
        f" the plain difference would show about {percent(share)} of the full effect."
    )


def unknown_half_life(*, held: float, low: float, high: float) -> str:
    return (
        f"The scores say little about the half-life ({level_text(held)} of its"
        f" probability lies between {low:.1f} and {high:.0f} days): how much"
        " carries over is mostly an assumption of the protocol."
    )


def assumed_half_life(*, median: float) -> str:
    return (
        f"No protocol says how long the effect lasts: its half-life is estimated from a prior with"
        f" a median of {median:g} days, at most a quarter of a period; --half-life DAYS sets it."
    )


# --- The engines themselves ----------------------------------------------------------------------


def numerical_error(*, error: float) -> str:
    return (
        f"The numerical error of the exact posterior, {error:.2g}, is not"
        " negligible here: read its figures with one digit less."
    )


def nuts_mixes_badly() -> str:
    return "The sampler of the nuts engine did not mix well: trust quadrature instead."


def nuts_divergent(*, steps: int) -> str:
    return f"The nuts engine had {steps} divergent steps."


def outside_the_posterior(*, engine: str, estimate: float, low: float, high: float) -> str:
    return (
        f"The {engine} estimate of {estimate:.3g} lies outside the Bayesian interval"
        f" for the same quantity, {low:.3g} to {high:.3g}: the model may not fit."
    )
