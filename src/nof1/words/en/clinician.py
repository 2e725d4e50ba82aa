"""English: the clinician's report, its answer and what that rests on."""

from __future__ import annotations

from nof1.words.numbers import capitalised, counted, freedom, p_figure, p_value, percent, with_unit

NAME = "Clinician's report"
NOT_RUN = "not run"
NOT_ASKED = "not asked"


def participant(*, code: str) -> str:
    return f"Participant {code}"


def against(*, active: str, comparator: str) -> str:
    return f"{active} against {comparator}"


def scale(*, title: str, low: float, high: float, unit: str, is_better: str) -> str:
    return f"{title} ({low:g} to {high:g} {unit}; {is_better})"


def in_unit(*, arms: str, unit: str, is_better: str) -> str:
    return f"{arms}, in {unit}; {is_better}"


# --- The verdict ---------------------------------------------------------------------------------


def reason(*, said: str) -> str:
    return f" The reason: {said}."


def verdict(*, active: str, comparator: str, title: str) -> str:
    return f"{active}, against {comparator}: {title}."


def cannot_tell(*, active: str, comparator: str) -> str:
    return f"We cannot tell whether {active} is better or worse than {comparator}."


def cannot_tell_yet(*, active: str, comparator: str, further_cycles: int | None) -> str:
    more = (
        "more cycles like these would most likely not settle it"
        if further_cycles is None
        else f"about {counted(further_cycles, 'more cycle')} like these may settle it"
    )
    return f"We cannot tell whether {active} is better or worse than {comparator}; {more}."


# --- The answer ----------------------------------------------------------------------------------

ANSWER = "The answer"
ANSWER_COLUMNS = ("What is estimated", "Estimate", "Interval", "By")
STEADY = "{estimand}: at full exposure"
SCHEDULED = "{estimand}: between periods, carryover and all"
WITH_ROOM = "{estimand}, with room for the drift of the scores"


def answer_caption(*, arms: str, scale: str) -> str:
    return f"{arms}, {scale}"


def with_level(*, level: str, interval: str) -> str:
    return f"{level}: {interval}"


def wide_drift(*, wide_sd: float) -> str:
    return f"The same, the drift's prior with SD {wide_sd:.2g}"


def by_test(*, engine: str, p: float) -> str:
    return f"{engine}, {p_value(p)}"


def chances(
    *,
    size: str,
    better: float,
    meaningful: float | None,
    trivial: float | None,
    meaningfully_worse: float | None,
) -> str:
    parts = (
        ("probability that it is better at all", better),
        (f"better by {size} (the MCID) or more", meaningful),
        (f"within {size} either way", trivial),
        (f"worse by {size} or more", meaningfully_worse),
    )
    return "; ".join(f"{what}: {percent(chance)}" for what, chance in parts if chance is not None)


def chances_are(*, chances: str) -> str:
    return (
        f"{capitalised(chances)}. These are of the steady-state effect, and depend on the priors."
    )


def chances_with_room(*, chances: str) -> str:
    return f" With room for the drift of the scores: {chances}."


PAIRS_CAPTION = "Every pair of arms, steady state"
PAIRS_COLUMNS = ("Arms", "Estimate", "Interval", "Better", "Verdict")
PAIRS_NOTE = "The first pair is the primary one. The others are not adjusted for their number."

NO_SCORES = "no scores"


def period_mean(*, period: int, arm: str, mean: str) -> str:
    return f"period {period} ({arm}) {mean}"


def scores_say(*, means: str) -> str:
    return f"Scores over time with the mean of every period: {means}."


def posterior_says(*, difference: str, interval: str) -> str:
    return f" Below, the posterior of the steady-state effect, around {difference}, {interval}."


SCORES_CAPTION = "Scores by study day, with period means. Dashed lines: switches."


def posterior_caption(*, level: str) -> str:
    return (
        " Below: posterior of the steady-state effect; dark where it is better by the MCID or "
        f"more. Bars: {level} intervals."
    )


# --- Engines -------------------------------------------------------------------------------------

ENGINES = "Every engine side by side"
ENGINES_COLUMNS = ("Engine", "Estimates", "Estimate", "Interval", "Level", "Evidence")
ENGINES_FIGURE = "Every engine, by what it estimates."
ASSUMPTIONS: dict[str, str] = {
    "randomisation": (
        "assumes only that the order was drawn from the stated set; its interval adds that the "
        "effect is the same in every cycle. Its level is the one the number of orders allows."
    ),
    "paired": (
        "takes the differences between period means within cycles as independent and normal; "
        "few assumptions, few degrees of freedom."
    ),
    "reml": (
        "takes scores as normal, with AR(1) noise by calendar gaps and random period shifts; a "
        "sensitivity analysis, whose error rate is not guaranteed in short trials."
    ),
    "quadrature": (
        "is the protocol's model with its priors (carryover, trend, AR(1) noise, period shifts), "
        "integrated without random numbers."
    ),
    "likelihood": (
        "is the same model with the same priors, but takes scores as the notes on this analysis "
        "say; its draws are weighted exactly, with a fixed seed."
    ),
    "nuts": "is the same model, sampled: an independent check of the computation.",
}


def assumption(*, engine: str, assumption: str, decides: bool) -> str:
    return f"{engine} {assumption}{' The verdict rests on it.' if decides else ''}"


def plain_difference(*, difference: str) -> str:
    return (
        f"Plain difference of all scores: {difference}. It takes scores as independent, which "
        "they are not; it is a description, not a test."
    )


def because(*, why: str) -> str:
    return f"{capitalised(why)}."


def interval_says(*, label: str, estimand: str, difference: str, interval: str) -> str:
    return f"{label}, {estimand.lower()}: {difference}, {interval}"


BAND = " Band: differences smaller than the MCID."


def randomisation_evidence(
    *, p: float, least: float, orders: int, error: float | None, statistic: str | None
) -> str:
    return (
        f"{p_value(p)} (least possible {p_figure(least)}); {orders:,} orders"
        + ("" if error is None else f", sampled (Monte Carlo error {error:.1g})")
        + ("" if statistic is None else f"; {statistic}")
    )


def freedom_evidence(*, p: float, df: float) -> str:
    return f"{p_value(p)}; {freedom(df)} degrees of freedom"


def better_evidence(*, better: float) -> str:
    return f"better {percent(better, digits=1)}"


def sampling_evidence(*, better: float, rhat: float, ess: float, divergences: int) -> str:
    return (
        f"better {percent(better, digits=1)}; R-hat {rhat:.3f}, effective draws {ess:.0f}, "
        f"{counted(divergences, 'divergence')}"
    )


def likelihood_evidence(*, better: float, likelihood: str, by: str) -> str:
    return f"better {percent(better, digits=1)}; {likelihood}, by {by}"


def numerical_evidence(*, better: float, error: float) -> str:
    return f"better {percent(better, digits=1)}; numerical error {error:.1g}"


# --- Other outcomes, other assumptions -----------------------------------------------------------

SECONDARY = "Secondary outcomes"
SECONDARY_COLUMNS = ("Outcome", "Scores", "Steady state", "As scheduled", "Better", "By the MCID")
SECONDARY_NOTE = (
    "Posterior; estimate and interval. Not adjusted for the number of outcomes: the verdict rests "
    "on the primary outcome alone."
)
NO_MCID = "no MCID"

SENSITIVITY = "Under other assumptions"
SENSITIVITY_NONE = "No score speaks of both arms, whatever is assumed."
SENSITIVITY_COLUMNS = ("Assumption", "Estimate", "Interval", "Better")
SENSITIVITY_FIGURE = "One assumption varied at a time."


def sensitivity_caption(*, unit: str) -> str:
    return f"Steady-state effect in {unit}, exact posterior of normal scores"


def better_by(*, mcid: float | None) -> str:
    return "Better" if mcid is None else f"Better by {mcid:g} or more"


POPULATION = "This person and earlier ones"
POPULATION_COLUMNS = ("From", "Estimate", "Interval", "Better")
POPULATION_FIGURE = "Own scores, earlier persons, and both together."


def population_says(*, persons: int, source: str) -> str:
    return (
        f"Before the draw the protocol was given what {counted(persons, 'earlier person')} tell "
        f"({source}). Both together is the better estimate if this person is like them. The "
        "verdict rests on the own scores under the default prior, because its error rates were "
        "measured so."
    )


def population_caption(*, arms: str, unit: str) -> str:
    return f"{arms}, steady-state effect in {unit}"


def population_rows(*, persons: int) -> tuple[str, str, str]:
    return "Own scores, default prior", counted(persons, "earlier person"), "Both together"


def population_note(*, level: float) -> str:
    return (
        f"{percent(level)} intervals. That of the earlier persons is for the effect in one more "
        "person like them."
    )


# --- Carryover -----------------------------------------------------------------------------------

CARRYOVER = "Carryover"
SHARES_CAPTION = "Share of the steady-state effect that this sequence shows as scheduled"
HALF_LIFE, SHARE = "Half-life", "Share"
HALF_LIFE_UNKNOWN = "No engine that estimates carryover was run."
NARROWED = (
    "The scores narrowed what was assumed, but with so few switches the half-life remains "
    "uncertain."
)
NOT_NARROWED = (
    "The half-life is barely identified: the scores hardly changed what was assumed, so how much "
    "carries over is mostly the protocol's assumption."
)
ONE_HALF_LIFE = "Half-life of the effect, on and off"
TWO_HALF_LIVES = "Half-life of the fall of the effect, and of its rise"
HALF_LIFE_COLUMNS = ("", "Mean", "Central interval")
ASSUMED, AFTER, RISE = "Assumed in the protocol", "After the scores", "Its rise, after the scores"


def days(*, days: float) -> str:
    return f"{days:g} days"


def mean_days(*, mean: float) -> str:
    return f"{mean:.1f} days"


def interval_days(*, low: float, high: float) -> str:
    return f"{low:.2g} to {high:.2g} days"


def fixed_half_life(*, days: float) -> str:
    if days == 0:
        return (
            "The protocol leaves carryover out of the model. If there is any, the difference is "
            "not that at full exposure, but what is left of it as scheduled."
        )
    return f"The protocol fixes the half-life at {days:g} days. The scores could not change it."


# --- How often it errs ---------------------------------------------------------------------------

CALIBRATION = "How often this method errs"
HOW_OFTEN: dict[str, str] = {"weekly": "weekly", "daily": "daily"}


def measured_rates(
    *,
    trials: int,
    trial: str,
    coverage: float,
    verdict: str,
    none: float,
    mcid: float,
    twice: float,
    mcid_in_sd: float,
) -> str:
    at_none, at_mcid, at_twice = (percent(rate, digits=1) for rate in (none, mcid, twice))
    return (
        f"In {trials:,} simulated trials most like this one ({trial}) the 95 % "
        f"interval for the steady-state effect held the truth in {percent(coverage)}. "
        f"“{verdict.capitalize()}” was said in {at_none} of those without any effect, in {at_mcid} "
        f"of those with an effect of the MCID, and in {at_twice} of those with one of twice the "
        f"MCID, the MCID being {mcid_in_sd:.2g} SD of a score."
    )


def simulated_trial(
    *,
    scores: str,
    missing: float,
    cycles: int,
    period_days: int,
    phi: float,
    shift: float,
    half_life: float,
) -> str:
    lacking = f"{percent(missing)} missing" if missing else "none missing"
    return (
        f"{scores} scores, {lacking}; {counted(cycles, 'cycle')} of {period_days}-day "
        f"periods; correlation {phi:g}, period shifts {shift:g} SD, half-life "
        f"{with_unit(half_life, 'days')}"
    )


def posterior_means(*, phi: float, shift: float, half_life: float) -> str:
    return (
        f"Here the posterior means were: correlation {phi:.2f}, period shifts {shift:.2f} SD, "
        f"half-life {with_unit(round(half_life, 1), 'days')}."
    )


# --- Does the model fit? -------------------------------------------------------------------------

WARNINGS, NO_WARNING = "Read before you rely on it", "The analysis gave no warning."
DIAGNOSTICS, TOO_FEW = "Does the model fit?", "There were too few scores to check the residuals."


def correlation_left(*, lag_one: float, p: float, notable: bool) -> str:
    return (
        f"Correlation left between neighbouring residuals: {lag_one:.2f} (Ljung-Box {p_value(p)}). "
        + (
            "The noise is not fully described: intervals may be too narrow."
            if notable
            else "None to speak of."
        )
    )


def normal_residuals(*, p: float, notable: bool) -> str:
    return f"Normal residuals: Jarque-Bera {p_value(p)}. " + (
        "They depart from normal; compare the randomisation test, which does not need it."
        if notable
        else "No sign against it."
    )


def largest_residual(*, size: float, day: int, notable: bool) -> str:
    return f"Largest residual: {size:.1f} standard deviations, on day {day}." + (
        " Look at that day." if notable else ""
    )
