"""What the person reads on pages, labels, cards and phone, as far as no protocol brings it.

All in one place, so that a test can say that it is easy to read. What clinician and packer read is
in `office`.

Names in braces are filled in by the page that uses the sentence.
"""

from __future__ import annotations

LANGUAGE = "en"
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TO = "to"
PAGES = ("Page", "of")
PARTICIPANT = "Participant"
COMMITMENT = "Sealed as"
LOG_BEGINS = "Log begins"
KIT = "Kit"
ENVELOPE = "Envelope"
PERIOD = "Period"
SUPPLIES = {"double-blind": "kit", "concealed": "envelope", "open": "envelope"}

# --- The participant's booklet -------------------------------------------------------------------

BOOKLET = "Trial booklet"
OVERVIEW_TITLE = "Your trial at a glance"
OVERVIEW_QUESTION = "Your question:"
OVERVIEW_WHEN = "When"
OVERVIEW_COLUMNS = ("Part", "First day", "Last day")
OVERVIEW_DAY = "Every day"
RUN_IN = "Run-in"
BREAK = "Break"
NO_KIT_IN_RUN_IN = "There is no {supply} in the run-in. Just fill in the pages."
NO_KIT_IN_BREAK = "There is no {supply} in a break, and no page to fill in."
STEP_AT = "At {times}:"
STEP_PACKS = "That is {units}."
STEP_TICK = "Tick the box for that day. If you left it out, put a cross."
STEP_CIRCLE = "Circle the number that fits the day."
STEP_WRITE = "Write down the number that fits the day."
STEP_AMOUNT = "{name}: write how much that day."
STEP_YES_NO = "{name}: tick for yes, put a cross for no."
STEP_WEEK = "On a score day, fill in the score too. The page says when."
HOLDS_NO_MAGNESIUM = "Some periods may hold no magnesium. You are not told which."
HOLDS_DUMMIES = "Some periods may hold dummy {units}. You are not told which."
HOLDS_DIFFER = "Periods may differ in what they hold. You are not told how."
CARD_NO_MAGNESIUM = "In some periods you may take no magnesium. The card says."
CARDS_DIFFER = "What you do may differ from period to period. The card says."
SEALED = {
    "before": "The order was drawn by chance and sealed before day one, on {day}.",
    "around": "The order was drawn by chance and sealed on {day}.",
    "after": "The order was drawn by chance and sealed on {day}. That was after day one.",
}
SEAL_CODE = "In the end, the code {commitment} shows if it is still the same."

SAFETY_TITLE = "Stay safe"
RED_FLAGS_TITLE = "Stop and get help now"
RED_FLAGS_CALL = "Call {emergency} if one of these happens:"
RED_FLAGS_SHOW = (
    "Show them this page and the code of your {supply}. A sealed note says what it holds."
)
STOP_COLUMNS = ("When", "What to do")
CONTACT_TITLE = "Whom to call with a question:"
# Protocols speak of "the person named below".
NOBODY_TO_CALL = "Your own doctor or pharmacy. No one else is named for this trial."
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
RUN_IN_NOTE = "No {supply} yet. Just fill in the page."
OPEN_ENVELOPE = "Open it on {day}."
START_KIT = "Start this kit on {day}."
DAY = "Day"
COVARIATES_TITLE = "Also each day"
TAKE = "Take"  # how the action of a regimen begins that is taken
TOOK_IT = "Took it"
DID_IT = "Did it"
DID_CARD = "Did what the card said"
END_OF_SCALE = "{value} = {label}"
LOWEST, HIGHEST = "lowest", "highest"
RANGE, RANGE_WORDS = "{low} to {high} {unit}", "{low} to {high} {unit}: {ends}"
SCORE_ON = "on {day}"
ITEMS_HINT = "Use the question sheet you were given. Circle one number each."
ITEMS_HINT_SUPPLIED = "The questions are on the last pages. Circle one number each."
TOTAL = "Total ({range})"
EFFECTS_TITLE = "Side effects this week"
#: In the words of somebody who has them.
SEVERITIES = ("none", "mild", "medium", "bad")
EFFECTS_SCALE = "{n} {severity}"
NOTES = "What else went on (side effects, other pills, illness, trips):"

END_TITLE = "Period {period} is done"
END_GUESS = "Which do you think you had in this period?"
END_GUESS_HINT = "Tick one. A guess is fine."
CANNOT_SAY = "I cannot say"
END_SURE = "How sure are you?"
END_SURE_ENDS = ("0 = just a guess", "10 = fully sure")
END_WHY = "What made you think so?"
END_LEFT = "How much is left in kit {kit} ({units})?"
END_PUT_AWAY = "Put what is left of kit {kit} away. Take no more of it. Hand it in at the end."
RECEIPT = "Receipt, once these pages are typed in:"
END_NEXT = "Next: start kit {kit} on {day}."
END_BREAK = "Now take a break, {span}. You take nothing then."
END_LAST = "That was the last period. Hand in your pages. Thank you!"

QUESTIONS_TITLE = "The questions"

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
ICS_VISIT_MORE = "This is the first day of period {period}."
ICS_CALL = "Whom to call: {contacts}"
ICS_LAST = "Trial: last day"
ICS_LAST_MORE = "After today, hand in your pages. Thank you!"

# --- Kit labels and period cards ---------------------------------------------------------------

LABELS_TITLE = "Labels"
LABEL_USE = "Use from {first} to {last}."
LABEL_OPEN = "Open on {first}. Use to {last}."
LABEL_EVERY_DAY = "Every day: {taken}."
LABEL_EVERY_DAY_AT = "Every day at {times}."
LABEL_PACK = "{packs} for {time}"
LABEL_PACK_DAY = "Every day at {time}: 1 {pack} of {units}."
LABEL_CARD_DAY_AT = "Every day at {times}: do what the card says."
LABEL_CARD_DAY = "Every day: do what the card says."
LABEL_SUPPLY = ("Supply", "all periods")
LABEL_SUPPLY_DAY = "Only when the card of the period says so. Then every day: {taken}."
LABEL_NOTE = "For this trial only. Keep away from children."
LABEL_NOTE_ENVELOPE = "Do not open it before that day."
LABEL_QR = "Code to scan: {payload}"

CARDS_TITLE = "Period cards"
CARD_OUTSIDE = "Period {period}"
CARD_OPEN_ON = "Open on {day}. Not before."
CARD_INSIDE = "Period {period}: {span}"
