"""English: the clinician's report, how the trial went and what was promised for it."""

from __future__ import annotations

from nof1.words.numbers import counted, listed, percent

# --- What was done -------------------------------------------------------------------------------

DONE = "What was done"
ROLES: dict[str, str] = {"active": "Active", "comparator": "Comparator"}
DOSE, DESIGN, ORDER = "Dose", "Design", "Order"
BLIND_PLANNED, BLIND_KEPT = "Blinding, as planned", "Blinding, as kept"
SEALED, UNSEALED, OPENED_EARLY = "Sealed", "Unsealed", "Opened early"
CORRECTIONS = "Corrections"
NOT_BLIND = " High risk of placebo effects."


def design(
    *, cycles: int, periods: int, period_days: int, run_in_days: int, washout_days: int, span: str
) -> str:
    parts = [
        counted(cycles, "cycle"),
        f"{periods} periods of {counted(period_days, 'day')}",
        f"run-in {counted(run_in_days, 'day')}",
        f"washout {counted(washout_days, 'day')}",
    ]
    return f"{', '.join(parts)}; {span}."


def order(*, described: str, orders: int) -> str:
    return f"{described} {orders:,} orders were possible, each equally likely."


def sealed(*, commitment: str, drawn: str) -> str:
    return (
        f"Commitment {commitment}..., logged on {drawn}; the unsealed allocation was verified "
        "against it."
    )


def unsealed(*, day: str, by: str, reason: str) -> str:
    return f"{day} by {by}; reason: {reason}."


def corrected(*, corrections: int) -> str:
    return (
        f"{counted(corrections, 'recorded value')} corrected later; the log keeps old and new "
        "value with the reason."
    )


# --- Seal and blind ------------------------------------------------------------------------------


def drawn(*, day: str, clock: str, place: str) -> str:
    return f"{day} at {clock} UTC, {place}"


def drawn_before(*, days: int, in_run_in: bool) -> str:
    place = f"{counted(days, 'day')} before the first dose"
    return f"{place}, after the run-in had begun" if in_run_in else place


def drawn_around(*, first_dose: str) -> str:
    return f"within a day of the first dose ({first_dose})"


def drawn_after(*, days: int) -> str:
    return f"{counted(days, 'day')} after the first dose was due"


def until_unsealing(*, day: str) -> str:
    return f"until the unsealing on {day}"


def before_planned_end(*, until: str, last_day: str) -> str:
    return f"{until}, before the planned end ({last_day})"


def no_opening_for_masked(*, until: str) -> str:
    return f"The log shows no opening for those who are masked {until}."


def nothing_opened(*, until: str) -> str:
    return f"The log shows that nothing was opened {until}."


def known_early(*, periods: int, known: int, which: str) -> str:
    return f"Of {counted(periods, 'period')} {known} could be known early: {which}."


def others_closed(*, until: str) -> str:
    return f" The log shows no opening of the others {until}."


NO_GUESS = "No guess of the arm is on record that could tell whether the blind held for the person."

# --- Period by period ----------------------------------------------------------------------------

DOSES_TAKEN, DONE_AS_PLANNED = "Doses taken", "Done as planned"
KIT, ENVELOPE = "Kit", "Envelope"
NONE, NOT_RECORDED, UNSURE = "none", "not recorded", "unsure"


def periods_caption(*, scale: str) -> str:
    return f"Period by period: {scale}"


def period_columns(*, supply: str, doses: str) -> tuple[str, ...]:
    return (
        "Period", "Cycle", "Days", supply, "Arm", "Scores used, missing", "Mean (SD)", doses,
        "Guess (sure, 0-10)",
    )  # fmt: skip


def doses_taken(*, share: float, days: int) -> str:
    return f"{percent(share)}, {counted(days, 'day')}"


def doses_note(*, doses: str, recorded: bool) -> str:
    if recorded:
        return f"{doses}: mean share, and days recorded."
    return f"{doses}: nothing is on record."


def few_periods_note(*, least: int) -> str:
    return (
        f" With fewer than {least} periods an index of blinding says nothing, so the guesses stand "
        "as they are."
    )


# --- Scores and doses ----------------------------------------------------------------------------

ON_NO_ARM, ALL = "On no arm", "All"
ACCOUNT_NOTE = "Scores given and scores expected, each counted once."


def account_caption(*, title: str) -> str:
    return f"What became of every score: {title}"


EVENTS_CAPTION = "Intercurrent events and their strategy"
EVENTS_COLUMNS = ("Event", "Strategy", "Handling promised")
EVENTS_NOTE = (
    "As promised. The log has no entry by which scores would be left out for one of these events: "
    "none was."
)
STRATEGIES: dict[str, str] = {
    "treatment-policy": "treatment policy",
    "hypothetical": "hypothetical",
    "composite": "composite",
    "while-on-treatment": "while on treatment",
    "principal-stratum": "principal stratum",
}


def untaken_note(*, periods: list[int]) -> str:
    return (
        f" Yet no dose was taken at the end of {listed([f'period {n}' for n in periods])}: what "
        "became of the scores there stands under the warnings."
    )


# --- Side effects, covariates --------------------------------------------------------------------

HARMS = "Side effects"
HARMS_CAPTION = "As recorded; not judged for cause"
HARMS_COLUMNS = ("Side effect", "During", "Recorded", "Worst", "By period")
OUTSIDE = "outside the periods"
ASKED_WEEKLY = "The booklet asks once a week: counted are the weeks with an entry."
ASKED_AT_ONCE = "Counted are the entries."
NOTHING_RECORDED = (
    "Nothing is on record on side effects, neither that there were any nor that there were none."
)


def often(*, n: int, weekly: bool) -> str:
    return counted(n, "week") if weekly else counted(n, "time")


def harm(*, period: int | None, often: str, worst: str) -> str:
    return (f"period {period}: " if period else "") + f"{often}, {worst}"


def no_harms(*, records: int) -> str:
    return f"None: {counted(records, 'record')} on side effects, each saying that there was none."


COVARIATES = "What the scores were adjusted for"
COVARIATES_COLUMNS = ("Covariate", "Change", "Interval", "By")
COVARIATES_NOTE = (
    "Declared before the draw as nothing the treatment can change. Not randomised: what goes "
    "together need not be cause and effect."
)


def covariates_caption(*, unit: str) -> str:
    return f"Change in {unit} for one unit more, or for yes, all else equal"


# --- What was promised ---------------------------------------------------------------------------

PROMISE = "What was promised before the draw"
PROMISE_SAYS = "The estimand stands in the attributes of ICH E9(R1)."
PROMISE_FACTS = (
    "Decision rule", "Population", "Treatment conditions", "Variable", "Summary",
    "Plan of analysis",
)  # fmt: skip
EARLIER_PERSONS = "Earlier persons"


def plan(
    *,
    carryover: str,
    half_lives: str,
    trend: str,
    period_effects: str,
    drop_days: int,
    missed_doses: str,
    likelihood: str,
    level: float,
) -> str:
    return (
        f"carryover {carryover}; half-lives {half_lives}; trend {trend}; period effects "
        f"{period_effects}; first {counted(drop_days, 'day')} of a period left out; missed doses "
        f"by {missed_doses.replace('-', ' ')}; likelihood {likelihood}; intervals at "
        f"{percent(level)}."
    )


def earlier_persons(*, persons: int, source: str) -> str:
    return (
        f"{counted(persons, 'person')}; {source}. Shown beside the person's own answer; the "
        "verdict does not rest on them."
    )


def adjusted_for(*, title: str) -> str:
    return f"Adjusted for: {title}"


def exogenous(*, why: str) -> str:
    return f"The treatment cannot change it: {why}"


THE_MCID = "the MCID"


def rule(*, size: str, meaningful: str, trivial: str, better: str, worse: str) -> str:
    return (
        f"Helps meaningfully: probability of a benefit of {size} or more at least {meaningful}. "
        f"Otherwise no meaningful difference: within {size} either way at least {trivial}. "
        f"Otherwise helps, perhaps too little to matter: any benefit at least {better}. Otherwise "
        f"makes worse: any harm at least {worse}. Otherwise: we cannot tell."
    )


def rule_source(*, mcid: float, source: str) -> str:
    return f" Source of the {mcid:g}: {source}"


# --- What could not be told ----------------------------------------------------------------------

LIMITS = "What could not be told"
OF_THIS_PERSON = "The result speaks of this person, over periods like these; not of other people."
OTHER_DOSES = "Other doses, forms and times of day were not compared."
OTHER_WAYS = "More, less or other ways of doing it were not compared."
HOW_LONG = "How long an effect lasts after a switch: the half-life is barely identified."
KNEW = (
    "How much of a difference comes from knowing the arm: the person knew it, so any benefit is "
    "that of the treatment and of knowing about it."
)
BLIND_UNKNOWN = "Whether the blind held: no guess that could tell is on record."
DOSES_UNKNOWN = "Whether doses were taken as planned: none is on record."
IRON = "Whether low iron plays a part: the trial does not test it."
RARE = "Rare or late side effects: one trial of one person is too short for them."


def never_below(*, p: float) -> str:
    return f"Whether p is below {p}: with so few possible orders no result could have reached it."


# --- Checks and provenance -----------------------------------------------------------------------

CHECKED = "What was checked"
OUTCOMES: dict[str, str] = {
    "different": "Did not agree",
    "same": "Agreed",
    "not-compared": "Not compared",
}
CANNOT_SHOW = "Cannot be shown"

PROVENANCE = "Where it comes from"
SOFTWARE, PROTOCOL, COMMITMENT = "Software", "Protocol", "Commitment"
LOG_HEAD, CONTACT, AGAIN = "Head of the log", "Contact", "Again"
NOBODY = "nobody was named"


def protocol(*, name: str, version: str, digest: str) -> str:
    return f"{name} {version}, SHA-256 {digest}"


def numbered_contact(*, number: int) -> str:
    return f"Contact {number}"


def again(*, drawn_from: bool) -> str:
    but = " except in posteriors that are drawn from, whose seed is fixed." if drawn_from else "."
    return (
        "The same trial folder and the same versions give this report byte for byte; no seed is "
        f"needed, since no engine above uses random numbers{but}"
    )
