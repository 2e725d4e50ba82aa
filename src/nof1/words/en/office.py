"""What clinician and packer read on their pages, and the head of every report.

No protocol brings any of it. Names in braces are filled in by the page that uses the sentence.
"""

from __future__ import annotations

# --- Every report --------------------------------------------------------------------------------

#: Head of what stands above every verdict.
FIRST = "Side effects to look at first"
CONTENTS = "Contents"
NO_DEVICE = "Not a medical device: it informs a decision and does not make one."

# --- The clinician's pages -----------------------------------------------------------------------

CLINICIAN = "Clinician's pages"
FACTS = (
    "Protocol", "Purpose", "Question", "For questions", "Emergency", "Commitment", "Log begins"
)  # fmt: skip
PURPOSES = {"care": "care of this person", "research": "research", "self": "self-directed"}
SCHEDULE = "Schedule"
SCHEDULE_COLUMNS = ("Period", "Cycle", "Days", "Visit", "{supply}", "Receipt")
VISIT_NOTE = "Visit: the first day of each period, when a new {supply} is opened."
RECEIPT_NOTE = (
    "Receipt: write down, by hand, what the last command said that recorded scores of the period. "
    "It and the commitment are what a third person compares."
)
OUTCOMES = "Scores"
OUTCOME_COLUMNS = ("Score", "Scale", "When", "Looks back", "Least difference that matters")
SCALE = "{scale}; {is_better}"
YES_OR_NO = "yes or no"
EVERY_DAY, EVERY_N_DAYS = "every day", "every {n} days"
ONE_DAY, N_DAYS = "1 day", "{n} days"
DAY_BEFORE, N_DAYS_BEFORE = "the day before", "{n} days before"
PRIMARY = "{title} (primary)"
ADJUSTED = "{title} (adjusted for)"
NOT_SET = "not set"
ESTIMAND = "What the trial estimates"
ESTIMAND_PARTS = ("Population:", "Conditions:", "Variable:", "Summary:")
DECISION = "Decision rule, fixed before the draw"
DECISION_TEXT = (
    "Helps meaningfully: at least {meaningful} probability of a benefit of {mcid} or more. "
    "No meaningful difference: at least {trivial} that it is smaller either way. Helps, perhaps "
    "too little to matter: at least {better} of any benefit. Makes worse: at least {worse} of any "
    "harm. Otherwise: we cannot tell."
)
BLIND = "The blind"
BLIND_MODES = {
    "double-blind": "Double-blind: kits are filled by {packer}.",
    "concealed": "Concealed: the person opens one envelope a period, and knows the arm from then "
    "on.",
    "open": "Open: nothing is hidden from the person.",
}
#: Whoever can be masked, and how each is called.
WHO = {
    "person": "the person",
    "clinician": "the clinician",
    "assessor": "the assessor",
    "analyst": "the analyst",
}
#: The same in a list.
ROLES = {
    "person": "person",
    "clinician": "clinician",
    "assessor": "assessor",
    "analyst": "analyst",
}
MASKED, NOT_MASKED, NOBODY = "Masked: {masked}.", "Not masked: {others}.", "nobody"
PERIODS, OTHER_PERIODS, ALL_OTHERS = "Periods", "the other periods", "all the others"
HIDDEN_AHEAD = "Later periods stay hidden."
LAST_OF_CYCLE = "the last period of each cycle"
TOLD_AHEAD = "Whoever knows the periods before can tell {which}; the others stay hidden."
BREAK_BLIND = (
    "To break it in an emergency: open only the emergency note of the {supply} in use. {tells} "
    "Write down who opened it, when and why, and record it in the trial's log. The notes are kept "
    "by: {packer}."
)
NO_BLIND_TO_BREAK = (
    "To see in an emergency what a period holds, open its emergency note, and record it in the "
    "trial's log. The notes are kept by: {packer}."
)
TELLS_NOTHING = "Every other period stays sealed."
TELLS_ALL = "So few orders are possible that this tells every other period as well."
TELLS_MATE = "That also tells the other period of its cycle; all others stay sealed."
TELLS_MATE_AND_HINTS = (
    "That also tells the other period of its cycle, and makes all others easier to guess."
)
TELLS_SOME = "That can also tell other periods, or make them easier to guess: each note says which."
HINTS_MATES = "That makes the other periods of its cycle easier to guess; all others stay sealed."
HINTS = "That makes other periods easier to guess."
DRAWN = {
    "before": "before the first dose",
    "around": "within a day of the first dose, on {day}",
    "after": "after the first dose was due, on {day}",
}
SEAL_CLINICIAN = (
    "The sequence was drawn at random, sealed and logged under the commitment {commitment} on "
    "{when} at {clock} UTC, {place}. The unsealing checks the allocation against it."
)
TAKEN = "What is taken"
TAKEN_NOTHING = "nothing is handed out"
RULES = "Rules"
RULE_RED_FLAGS = "Stop and call {emergency}:"
RULE_MISSED = "Missed dose:"
RULE_SPACING = "Keep apart, in every period:"

CALENDAR_TITLE = "Calendar of visits and score days"
MONTHS_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAY_LETTERS = ("M", "T", "W", "T", "F", "S", "S")
CALENDAR_VISIT = "Visit: a new {supply}"
CALENDAR_SCORE = "Score day: {titles}"
CALENDAR_PERIOD = "Periods, in turn light and dark"
CALENDAR_OUTSIDE = "Run-in or break"
CALENDAR_DAILY = "Every day of the run-in and of every period: {titles}."

# --- The packer's pages --------------------------------------------------------------------------

PACKER = "For the packer alone"
PACKING_TITLE = "Packing sheet"
PACKING_WARNING = (
    "This sheet breaks the blind. Keep it locked away from {who} until the trial is unsealed."
)
PACKING_OPEN = "This sheet says what every period holds. Nobody is masked in this trial."
PACKING_COLUMNS = ("{supply}", "Period", "Contents", "Count", "Filled by", "Checked by")
PACKING_CARD = "Card: {label}"
PACKING_WITH_CARD = "{contents}. Card: {label}"
PACKING_SUPPLY = "Supply"
PACKING_ALL_PERIODS = "all: {span}"
PACKING_SUM = (
    "In each kit: {per_day} a day for {days} days, and {spare} to spare for what gets lost or "
    "spoilt."
)
PACKING_SUM_PACKS = (
    "In each kit: a {pack} for every time of {days} days, and of {more} days to spare for what "
    "gets lost or spoilt. The {packs} of each time have a label of their own."
)
PACKING_SUM_SUPPLY = (
    "In the supply: {per_day} a day for {days} days of each of {periods} periods, and {spare} to "
    "spare for each. It holds what all periods need, so that nothing tells which period needs it."
)
PACKING_PACK = "{pack} for {time}: {units}"
PACKING_HOLDING = "{active} of {strength} magnesium"
PACKING_WITHOUT = "{count} without magnesium"
PACKING_TOTALS = "In all"
PACKING_TOTAL_COLUMNS = ("Contents", "Magnesium", "Kits", "In kits", "Spare set", "In all")
PACKING_SUPPLY_COLUMNS = ("Contents", "Magnesium", "Supplies", "In supply", "Spare set", "In all")
PACKING_STEPS_TITLE = "Steps"
PACKING_STEPS = {
    "double-blind": (
        "Fill one kit after the other. Stick its label on before you take the next.",
        "Have a second person check each kit against this sheet, and sign.",
        "Fold each emergency note, put it in an envelope that hides what is in it, write the kit "
        "code on it, and seal it.",
        "Hand out the kits. Keep the emergency notes where they can be reached at any hour.",
    ),
    "concealed": (
        "Fold each card, put it in an envelope that hides what is in it, stick its label on, "
        "and seal it.",
        "Do the same with the emergency notes. Write the kit code on each.",
        "Hand out the envelopes, and the supply where there is one. Keep the emergency notes "
        "where they can be reached at any hour.",
    ),
}
PACKING_SPARE = (
    "Fill one spare set of each contents as well: as much as one kit of it holds. Write the "
    "contents on it, no kit code. Lock it away with this sheet, apart from the kits, and hand it "
    "to nobody.",
    "If a kit is lost or spoilt, fill a new one from the spare set of the same contents, stick a "
    "new label with the same kit code on it, and note it on this sheet. Tell nobody what it holds: "
    "so the other kits stay blinded.",
)
PACKING_SPARE_SUPPLY = (
    "Fill the supply and stick its label on. Fill one spare set of each contents as well: as much "
    "as one period needs. Write the contents on it, and lock it away with this sheet.",
    "Hand out the envelopes and the supply. Keep the emergency notes where they can be reached at "
    "any hour.",
    "If the supply is lost or spoilt, hand out the spare set with a new label, and note it on this "
    "sheet.",
)
EMERGENCY_TAKEN = "Taken: {taken}."
EMERGENCY_TITLE = "Emergency notes"
EMERGENCY_OUTSIDE = "Open only in an emergency"
NOTE_NO_BLIND = "Nobody is masked in this trial: this note says what the period holds."
NOTE_ENDS_ALONE = "Opening this note ends the blind for this period alone."
NOTE_ENDS = "Opening this note ends the blind for this period."
NOTE_ENDS_MORE = (
    "Opening this note ends the blind for this period and for {others}, which can be told from it."
)
NOTE_HINTS = "It makes {others} easier to guess."
EMERGENCY_WHO = "{ends} Inside, write down who opened it, when and why."
EMERGENCY_INSIDE = "{supply} {kit}, {span}"
EMERGENCY_LINES = ("Opened by", "Day and time", "Reason")
FOLD_UP = "Fold 1: bring the bottom part up over the middle part."
FOLD_BACK = "Fold 2: fold the top part to the back. Then seal."
