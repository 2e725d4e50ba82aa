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

CLINICIAN = "Clinician's page"
CLINICIAN_TITLE = "Personal trial: what you need to know"
CLINICIAN_CALENDAR = "Calendar of visits and scores"

# --- The packer's pages --------------------------------------------------------------------------

PACKER = "For the packer alone"
PACKING_TITLE = "Packing sheet"
PACKING_WARNING = (
    "This sheet breaks the blind. Keep it locked away from the person, the clinic and the analyst "
    "until the trial is unsealed."
)
