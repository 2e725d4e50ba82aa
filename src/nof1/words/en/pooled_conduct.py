"""English: what the report of a pooled analysis says of trials, persons left out and limits."""

from __future__ import annotations

from nof1.words.numbers import counted

#: How the coarse facts are called in print.
FACTS = {"magnesium": "magnesium status", "iron": "iron status", "sex": "sex", "age": "age"}
NOT_TOLD = "not told"


def values(value: str, unit: str) -> str:
    return f"{value} {unit}" if unit else value


def value_of_persons(value: str, n: int) -> str:
    return f"{value}: {counted(n, 'person')}"


# --- Warnings ------------------------------------------------------------------------------------

WARNINGS = "Read before you rely on it"
NO_WARNING = "The analysis gave no warning."

# --- How the trials went -------------------------------------------------------------------------

TRIALS = "How the trials went"
TABLES = "tables made elsewhere"
CYCLES, DAYS = "cycles", "days"
PROTOCOLS, CYCLES_PLANNED, PERIOD_LENGTH = "Protocols", "Cycles planned", "Length of a period"
PERIODS, SCORES, BLINDING, GUESSES = "Periods", "Scores", "Blinding", "Guesses of the arm"
OPENED, CARRYOVER, HALF_LIVES = "Opened early", "Carryover", "Half-lives"
SCATTER_OF_SCORES, OTHER_ASSUMPTIONS = "Scatter of scores", "Other assumptions"
MODES = {
    "double-blind": "double-blind",
    "concealed": "concealed (the person knew the arm once the period had begun)",
    "open": "open",
    "": NOT_TOLD,
}
#: The same in a word.
BLINDED = {"double-blind": "double-blind", "concealed": "concealed", "open": "open", "": NOT_TOLD}
#: What was assumed, as the plan of analysis names it.
CARRYOVERS = {
    "estimate": "estimated for each person, with its uncertainty",
    "none": "taken to be none",
}
SETTINGS = {
    "linear": "linear",
    "random": "random",
    "none": "none",
    "treatment-policy": "treatment policy",
    "as-taken": "as taken",
    "estimate": "estimate",
}
NOT_MODELLED = "Not modelled, as days are not known: it is part of the difference"


def setting(code: str) -> str:
    return SETTINGS.get(code, code)


def opened_early(n: int) -> str:
    return f"{counted(n, 'period')}, before the end of a trial"


def half_lives(*, without: str, without_before: str, median: float, median_before: float) -> str:
    return (
        f"Learnt from all persons together. Practically no carryover: {without} of persons "
        f"({without_before} beforehand); median of the others {median:.2g} days "
        f"({median_before:.2g} beforehand)"
    )


def noise(*, sd: float, unit: str, low: float, high: float) -> str:
    return (
        f"Learnt from all persons together: an SD of {sd:.2g} {unit}, in a further person between "
        f"{low:.2g} and {high:.2g}"
    )


def other_assumptions(*, trend: str, period_effects: str, missed_doses: str, dropped: int) -> str:
    days = f"first {counted(dropped, 'day')}" if dropped else "no day"
    return (
        f"Trend {setting(trend)}; period effects {setting(period_effects)}; missed doses by "
        f"{setting(missed_doses)}; {days} of a period left out"
    )


def fewer_periods(n: int) -> str:
    return f"{counted(n, 'person')} with fewer periods than planned"


def periods(*, scored: int, planned: int, stopped: int) -> str:
    early = fewer_periods(stopped) if stopped else "nobody stopped early"
    return f"{scored:,} of {planned:,} planned have scores; {early}"


def scores(*, analysed: int, missing: int, share: str) -> str:
    return f"{analysed:,} analysed, {missing:,} missing ({share})"


def guesses(*, right: int, wrong: int, unsure: int) -> str:
    return f"{right:,} right, {wrong:,} wrong, {unsure:,} unsure"


ARMS_CAPTION = "Doses and side effects by arm"
ARMS_COLUMNS = ("Arm", "Persons", "Doses taken", "Persons with side effects", "Of these severe")
ARMS_NOTE = (
    "Doses taken: mean share over those who told. Side effects as recorded, not judged for cause."
)
GUESS_COLUMNS = ("True arm", "Right", "Wrong", "Unsure", "Bang index")


def guess_caption(n: int) -> str:
    return f"Guesses of the arm, by {counted(n, 'person')}"


def index(*, estimate: float, low: float, high: float) -> str:
    return f"{estimate:.2f} ({low:.2f} to {high:.2f})"


def guess_note(*, james: str, method: str) -> str:
    both = (
        f" James index over both arms {james}: 0 all right, 0.5 as by chance, 1 all unsure."
        if james
        else ""
    )
    return f"Bang index: -1 all wrong, 0 as by chance, 1 all right.{both} {method}."


ABOUT_CAPTION = "Coarse facts about the persons, as far as they were shared"
ABOUT_COLUMNS = ("Fact", "Persons")

# --- Who was left out ----------------------------------------------------------------------------

EXCLUDED = "Who was left out"
NOBODY_EXCLUDED = "Nobody was left out."
PERSON, PERSONS, WHY = "Person", "Persons", "Why"
EXCLUDED_NOTE = (
    "Reasons as given by who pooled. Leaving out after seeing results can make up an answer: the "
    "reasons should have been written down beforehand."
)


def left_out(n: int) -> str:
    return f"{counted(n, 'person')} left out"


# --- Limits --------------------------------------------------------------------------------------

LIMITS = "What this cannot say"
LIMIT_UNLIKE = (
    "Whether persons unlike these would fare the same: these wanted a trial of their own and "
    "agreed to share it."
)
LIMIT_NEXT = (
    "What the next person's own effect is: the forecast says how likely each effect is. Only a "
    "trial of that person's own tells it."
)
LIMIT_KNOWN = (
    "How much of the effect comes from knowing the arm, where the person knew it or nobody told."
)
LIMITS_ALWAYS = (
    "Whether trials with unwelcome results were kept back.",
    "Other doses and forms, and whatever else was not compared.",
    "Rare or late side effects, and how long an effect lasts beyond such periods.",
    "Why persons differ: facts about persons were not drawn at random.",
)

# --- Where it comes from -------------------------------------------------------------------------

PROVENANCE = "Where it comes from"
POOLED_BY, WRITTEN_BY, PRIORS, SCATTER = "Pooled by", "Written by", "Priors", "Scatter"
RESTS_ON, NUMERICAL_ERROR, AGAIN = "Rests on", "Numerical error", "Again"
SHAPES = {"normal": "normal distribution", "student-t": "Student's t distribution"}
AGAIN_TEXT = (
    "The same file and the same version give this report byte for byte. It has no date, because "
    "the file has none."
)


def priors(*, average_sd: float, between: float, unit: str) -> str:
    return (
        f"average effect normal around 0 with an SD of {average_sd:g} {unit}; SD between persons "
        f"half-normal with a scale of {between:g} {unit}"
    )


def scatter(population: str) -> str:
    return f"true effects of persons follow a {SHAPES[population]}"


def rests_on(measured: str) -> str:
    return (
        f"each person's likelihood of the {measured}, everything else integrated out; no score of "
        "a diary was needed"
    )


def numerical_error(error: float) -> str:
    return (
        f"means and SDs moved by {error:.1g} of an SD between the two finest grids; no random "
        "numbers were used"
    )
