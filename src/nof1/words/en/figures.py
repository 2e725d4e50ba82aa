"""English: what stands in the figures, and how engines and estimands are called in print."""

from __future__ import annotations

ENGINES: dict[str, str] = {
    "randomisation": "Randomisation test",
    "paired": "Paired t on cycles",
    "reml": "REML, AR(1)",
    "quadrature": "Exact posterior",
    "likelihood": "Under another likelihood",
    "nuts": "Sampled posterior (NUTS)",
}
ESTIMANDS: dict[str, str] = {
    "steady-state": "Steady-state effect",
    "as-scheduled": "Difference as scheduled",
}
#: The same where there is little room.
ESTIMATES: dict[str, str] = {"steady-state": "steady state", "as-scheduled": "as scheduled"}
#: By the direction of improvement.
IS_BETTER: dict[str, str] = {"lower": "lower is better", "higher": "higher is better"}

# --- Scores --------------------------------------------------------------------------------------

STUDY_DAY, SCORE, PERIOD = "Study day", "Score", "Period"
MEAN_OF_PERIOD, AVERAGE = "mean of the period", "average"
OUTSIDE_PERIODS, NOT_ANALYSED = "outside the periods", "small: not analysed"


def numbered_period(*, number: int) -> str:
    return f"Period {number}"


# --- Effects -------------------------------------------------------------------------------------

OWN_SCORES, EARLIER_PERSONS, BOTH_TOGETHER = "Own scores", "Earlier persons", "Both together"


def within_mcid(*, mcid: float) -> str:
    return f"within the MCID of {mcid:g}"


def effect_axis(*, unit: str, lower_is_better: bool) -> str:
    left, right = ("better", "worse") if lower_is_better else ("worse", "better")
    return f"« lower: {left}        difference in {unit}        higher: {right} »"


# --- Many persons --------------------------------------------------------------------------------

OWN_ALONE, SHRUNKEN = "own scores alone", "shrunken: with all others"
SHRUNKEN_INTERVAL = "interval of the shrunken effect"
POPULATION = ("Average", "Next person")
#: From the first person to the last, where they have no names.
RANKS = ("best", "a quarter", "half", "three quarters", "worst")
BEST_FIRST = "persons, the best first"
NEXT_PERSON, PERSONS_DIFFER = "The next person", "How much persons differ"
NOW, BEFOREHAND = "now", "beforehand"
POPULATION_AVERAGE = "average of the population"
BY_CHANCE, BY_BOTH = "95 % if persons did not differ", "95 % with the SD between persons"
PERSONS = "persons"


def spread_axis(*, unit: str) -> str:
    return f"SD between persons in {unit}"


def error_axis(*, unit: str) -> str:
    return f"standard error in {unit}"


# --- Measured error rates ------------------------------------------------------------------------

METHODS: dict[str, str] = {
    "quadrature": "Exact posterior",
    "randomisation": "Randomisation test",
    "paired": "Paired t on cycles",
    "reml": "REML, AR(1), periods",
    "ar1": "AR(1), no periods",
    "days": "t on all scores",
}
PARAMETERS: dict[str, str] = {
    "effect": "steady-state effect",
    "half_life": "half-life",
    "phi": "phi",
    "sigma": "noise SD",
    "sigma_period": "period SD",
}
COVERAGE = "coverage of the 95 % interval, %"
COVERAGE_SAYS = "Coverage of the 95 % interval over all cells, by method and size of period shifts."
TYPE_ONE = "differences found without any effect, %"
TYPE_ONE_SAYS = "Type I error over all cells, by method and size of period shifts."
PIT_SAYS = (
    "Histograms of the posterior probability below the truth, one for each parameter, "
    "with the band of three standard errors around a flat one."
)


def shifts(*, size: float) -> str:
    return f"shifts {size:g} SD" if size else "no shifts"
