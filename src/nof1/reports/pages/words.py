"""Every word of the printed pages that a protocol does not bring, in one place to be tested.

Names in braces are filled in by the page that uses the sentence.
"""

from __future__ import annotations

LANGUAGE = "en"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TO, AND = "to", "and"
PAGES = ("Page", "of")
PARTICIPANT = "Participant"
COMMITMENT = "Sealed as"
KIT = "Kit"
ENVELOPE = "Envelope"
PERIOD = "Period"

# --- The participant's booklet -------------------------------------------------------------------

BOOKLET = "Trial booklet"
OVERVIEW_TITLE = "Your trial at a glance"
OVERVIEW_QUESTION = "Your question:"
OVERVIEW_WHEN = "When"
OVERVIEW_COLUMNS = ("Part", "First day", "Last day")
OVERVIEW_DAY = "Every day"
RUN_IN = "Run-in"
BREAK = "Break"
NO_KIT = "No kit in the run-in or in a break. In the run-in, just fill in the pages."
STEP_AT = "At {times}:"
STEP_TICK = "Tick the box for that day. If you left it out, put a cross."
STEP_NIGHT = "Give the day its number."
STEP_WEEK = "On a score day, fill in the score too. The page says when."
SEAL = (
    "The order was drawn by chance and sealed before day one. In the end, the code {commitment} "
    "proves that no one changed it."
)

SAFETY_TITLE = "Stay safe"
RED_FLAGS_TITLE = "Stop and get help now"
RED_FLAGS_CALL = "Call {emergency} if one of these happens:"
RED_FLAGS_SHOW = "Show them this page and your kit code. A sealed note says what each kit holds."
STOP_COLUMNS = ("When", "What to do")
CONTACT_TITLE = "Whom to call with a question:"
MISSED_TITLE = "If you miss a dose:"
SPACING_TITLE = "Keep these apart, in every period"
SPACING_COLUMNS = ("Medicine", "How to take it")
KEEP_TITLE = "Keep all else the same"

BOX_TITLE = "If something goes wrong"
BOX_RED_FLAGS = "Stop and call {emergency} now:"
BOX_STOP = "Less bad:"
BOX_CONTACT = "Whom to call:"
BOX_MISSED = "Missed a dose:"
BOX_SPACING = "Keep apart:"

WEEK = "Period {period}, week {week} of {of}"
RUN_IN_WEEK = "Run-in, week {week} of {of}"
RUN_IN_NOTE = "No kit yet. Just fill in the page."
OPEN_ENVELOPE = "Open this envelope on {day}."
START_KIT = "Start this kit on {day}."
DAY = "Day"
TOOK_IT = "Took it"
DID_IT = "Did it"
DID_CARD = "Did what the card said"
END_OF_SCALE = "{value} = {label}"
RANGE = "{0}, {1}"
SCORE_ON = "on {day}"
ITEMS_HINT = "Use the question sheet you were given. Circle one number each."
ITEMS_HINT_SUPPLIED = "The questions are on the last pages. Circle one number each."
TOTAL = "Total (0 to {high})"
EFFECTS_TITLE = "Side effects this week"
EFFECTS_SCALE = "0 none, 1 mild, 2 medium, 3 bad"
NOTES = "Any other side effect, other medicine, illness, travel:"

END_TITLE = "Period {period} is done"
END_GUESS = "Which do you think you had in this period?"
END_GUESS_HINT = "Tick one. A guess is fine."
CANNOT_SAY = "I cannot say"
END_SURE = "How sure are you?"
END_SURE_ENDS = ("0 = just a guess", "10 = fully sure")
END_WHY = "What made you think so?"
END_LEFT = "Count what is left in kit {kit}. Number of {unit}s:"
END_NEXT = "Next: start kit {kit} on {day}."
END_BREAK = "Now take a break, {span}. You take nothing then."
END_LAST = "That was the last period. Hand in your pages. Thank you!"

QUESTIONS_TITLE = "The questions"

# --- The clinician's pages -----------------------------------------------------------------------

CLINICIAN = "Clinician's pages"
FACTS = ("Protocol", "Purpose", "Question", "For questions", "Emergency")
PURPOSES = {"care": "care of this person", "research": "research", "self": "self-directed"}
SCHEDULE = "Schedule"
SCHEDULE_COLUMNS = ("Period", "Cycle", "Days", "Visit", "Kit")
VISIT_NOTE = "Visit: the first day of each period, when a new {supply} is opened."
SUPPLIES = {"double-blind": "kit", "concealed": "envelope", "open": "envelope"}
OUTCOMES = "Scores"
OUTCOME_COLUMNS = ("Score", "When", "Looks back", "Least difference that matters")
EVERY_DAY, EVERY_N_DAYS = "every day", "every {n} days"
ONE_DAY, N_DAYS = "1 day", "{n} days"
PRIMARY = "{title} (primary)"
NOT_SET = "not set"
ESTIMAND = "What the trial estimates"
ESTIMAND_PARTS = ("Population:", "Conditions:", "Variable:", "Summary:")
DECISION = "Decision rule, fixed before the draw"
DECISION_TEXT = (
    "Helps meaningfully: at least {meaningful} probability of a benefit of {mcid} {unit} or more. "
    "No meaningful difference: at least {trivial} that it is smaller either way. Helps, perhaps "
    "too little to matter: at least {better} of any benefit. Makes worse: at least {worse} of any "
    "harm. Otherwise: we cannot tell."
)
BLIND = "The blind"
BLIND_MODES = {
    "double-blind": "Double-blind. Masked: {masked}.",
    "concealed": "Concealed: the person opens one envelope a period; later periods stay hidden. "
    "Masked: {masked}.",
    "open": "Open: nothing is hidden from the person. Masked: {masked}.",
}
NOBODY = "nobody"
BREAK_BLIND = (
    "To break it in an emergency: open only the emergency envelope of the {supply} in use. Every "
    "other period stays sealed. Write down who opened it, when and why, and record it in the "
    "trial's log. The envelopes are kept by: {packer}."
)
SEAL_CLINICIAN = (
    "The sequence was drawn at random and sealed under the commitment {commitment}, which is in "
    "the log from the first day on. The unsealing checks the allocation against it."
)
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

# --- The calendar file ---------------------------------------------------------------------------

ICS_NAME = "Personal trial"
ICS_DOSE = "Trial: today's dose, kit {kit}"
ICS_CARD = "Trial: do what the card says, envelope {kit}"
ICS_DIARY = "Trial: fill in today's page"
ICS_DOSE_MORE = "Then tick the box and fill in today's page."
ICS_SCORE = "Trial: score day"
ICS_SCORE_MORE = "Fill in the score on this week's page."
ICS_VISIT = "Trial: start kit {kit}"
ICS_OPEN = "Trial: open envelope {kit}"
ICS_VISIT_MORE = "Period {period} begins today."
ICS_LAST = "Trial: last day"
ICS_LAST_MORE = "After today, hand in your pages. Thank you!"

# --- The packer's pages --------------------------------------------------------------------------

PACKER = "For the packer alone"
PACKING_TITLE = "Packing sheet"
PACKING_WARNING = (
    "This sheet breaks the blind. Keep it locked away from the person, the clinic and the analyst "
    "until the trial is unsealed."
)
PACKING_COLUMNS = ("Kit", "Period", "Contents", "Count", "Filled by", "Checked by")
PACKING_CARD = "Card: {label}"
PACKING_WITH_CARD = "{contents}. Card: {label}"
PACKING_COUNT = "{count} {unit}s"
PACKING_SUM = "{per_day} a day for {days} days, and {spare} to spare, in each kit."
PACKING_TOTALS = "In all"
PACKING_TOTAL_COLUMNS = ("Contents", "Kits", "Count")
PACKING_STEPS_TITLE = "Steps"
PACKING_STEPS = {
    "double-blind": (
        "Fill one kit after the other. Stick its label on before you take the next.",
        "Have a second person check each kit against this sheet, and sign.",
        "Fold each emergency note, put it in an envelope that hides what is in it, write the kit "
        "code on it, and seal it.",
        "Hand out the kits. Keep the envelopes where they can be reached at any hour.",
    ),
    "concealed": (
        "Fold each card, put it in an envelope that hides what is in it, stick its label on, "
        "and seal it.",
        "Where there is something to fill, pack it so that no kit differs from the next in look, "
        "size or weight.",
        "Do the same with the emergency notes. Write the kit code on each.",
        "Hand out the envelopes. Keep the emergency notes where they can be reached at any hour.",
    ),
}
LABELS_TITLE = "Kit labels"
LABEL_USE = "Use from {first} to {last}."
LABEL_OPEN = "Open on {first}. Use to {last}."
LABEL_NOTE = "For this trial only. Keep away from children."
LABEL_NOTE_ENVELOPE = "Do not open it before that day."
LABEL_QR = "Code to scan: {payload}"

EMERGENCY_TITLE = "Emergency notes"
EMERGENCY_OUTSIDE = "Open only in an emergency"
EMERGENCY_WHO = (
    "Opening this note ends the blind for this period alone. Inside, write down who opened it, "
    "when and why."
)
EMERGENCY_INSIDE = "{supply} {kit}, {span}"
EMERGENCY_LINES = ("Opened by", "Day and time", "Reason")
CARDS_TITLE = "Period cards"
CARD_OUTSIDE = "Period {period}"
CARD_OPEN_ON = "Open on {day}. Not before."
CARD_INSIDE = "Period {period}: {span}"
FOLD_UP = "Fold 1: bring the bottom part up over the middle part."
FOLD_BACK = "Fold 2: fold the top part to the back. Then seal."
