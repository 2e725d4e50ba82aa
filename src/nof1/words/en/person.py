"""Every word of the person's result that the protocol does not bring, in one place to be tested.

Names in braces are filled in by the page. A chance on the boundary of two rungs of the ladder
takes the more cautious word.
"""

from __future__ import annotations

LANGUAGE = "en"
RESULT = "Your result"
PARTICIPANT = "Participant"
PAGES = ("Page", "of")

# --- The ladder ----------------------------------------------------------------------------------

#: Chance above which a word is used; the last holds for all others.
LADDER = ((0.95, "very likely"), (0.80, "probably"), (0.0, "may"))
#: The same rungs before "the same" and before "big enough".
ARE = {"very likely": "are very likely", "probably": "are probably", "may": "may be"}
IS = {"very likely": "is very likely", "probably": "is probably", "may": "may be"}

# --- What was found ------------------------------------------------------------------------------

HEADLINES: dict[str, str] = {
    "helps-meaningfully": "You {likely} do better with {active} than with {comparator}.",
    "helps-perhaps-too-little": "You {likely} do better with {active} than with {comparator}.",
    "no-meaningful-difference": "For you, {active} and {comparator} {are} about the same.",
    "makes-worse": "You {likely} do worse with {active} than with {comparator}.",
    "cannot-tell": "We cannot tell.",
}
EXPLANATIONS: dict[str, str] = {
    "helps-meaningfully": "The change {size_is} big enough to matter.",
    "helps-perhaps-too-little": "But the change may be too small to matter.",
    "no-meaningful-difference": "If one is better, it is by too little to matter.",
    "makes-worse": "Talk with your clinician about this.",
    "cannot-tell": (
        "Your scores do not show for sure if {active} or {comparator} is better for you. "
        "That is a true result. It is no one's fault."
    ),
}
MORE_ROUND = "About 1 more round like these may be enough to tell. A round takes {weeks}."
MORE_ROUNDS = "About {n} more rounds like these may be enough to tell. Each takes {weeks}."
NO_MORE_ROUNDS = "More rounds like these would most likely not be enough."

#: Why the scores cannot tell, where it is not for want of rounds alone.
BECAUSE: dict[str, str] = {
    "one-arm": "There are no scores for one of the two.",
    "one-switch": (
        "Your scores show only one change of what you had. Scores also change with time, and a "
        "single change does not tell the two apart. It takes more rounds."
    ),
    "one-cycle": "One of the two was tried only once, so it may have been chance. Try more rounds.",
    "drift": "Your scores rose or fell a lot over the whole time. That hides what helped.",
    "slow-effect": (
        "If {active} works slowly, a change that matters can be missed in the time you had."
    ),
}
WEEK, WEEKS, DAYS = "1 week", "{n} weeks", "{n} days"

#: One line for every further pair of arms.
FURTHER_TITLE = "The others"
FURTHER: dict[str, str] = HEADLINES | {
    "cannot-tell": "We cannot tell if you do better with {active} or with {comparator}.",
}

# --- What was compared ---------------------------------------------------------------------------

COMPARED = "You had {arms}."
COMPARED_PART = "{arm} in {n} periods"
COMPARED_PART_ONE = "{arm} in 1 period"
COMPARED_PART_NONE = "{arm} in no period"
COMPARED_SILENT = "For {n} of these periods, nothing was written down."
COMPARED_EACH = "You had {arms}, each in {n} periods."
LENGTH = "A period took {weeks}."
DRAWN = "The order was drawn by chance."
DRAWN_LATE = "The order was drawn by chance on {day}. By then, the first period had begun."

# --- What became of the blind --------------------------------------------------------------------

BLIND_BOTH = "You and your clinic were not told which was which until {until}."
BLIND_ALONE = "You were not told which was which until {until}."
BLIND_PERSON = "You were not told which was which until {until}. Your clinic may have known."
CARD = "A card told you what to do. You knew what you had."
OPEN = "You knew what you had."
CLINIC_BLIND = "Your clinic was not told until {until}."
CLINIC_KNEW = "Your clinic may have known too."
THE_END, EARLY_END = "the end", "{day}, before the planned end"
OPENED = "But period {n} was opened early, on {day}."
OPENED_TELLS_ONE = "From that, one could tell what period {n} held."
OPENED_TELLS = "From that, one could tell what periods {n} held."
OPENED_HINTS = "The others were then less hard to guess."
GUESSED = (
    "You guessed {right} of {n} periods right. By chance it would be about {expected}. So you may "
    "have known what you had."
)
ENDED_EARLY = "The trial ended early, on {day}."

# --- How sure, how big ---------------------------------------------------------------------------

SURE_TITLE = "How sure are we?"
SURE_PICTURE = "Think of 100 people with scores just like yours."
SURE_BETTER = "do better with {active}"
SURE_NOT = "do worse or the same"
SURE_COUNT = "{n} of 100"
SURE_MEANINGFUL = "For {n} of the 100, it is better by enough to matter."
SURE_SAYS = (
    "100 icons. Of 100 people with scores just like yours, {n} do better with {active} and {m} "
    "do worse or the same."
)
BIG_TITLE = "How big is the change?"
BIG_GUESS = "Our best guess with {active}: {difference}."
BIG_RANGE = "It could be {interval}."
NOTHING = "no change"
WITHIN = "less than {least} either way"
BIG_SCALE = "The scale goes from {low} to {high} {unit}."
BIG_LEAST = "The least change that matters is {mcid}."
BIG_OTHERS = "If we add what {n} other people found, our best guess is {difference}."
BIG_OTHERS_ONE = "If we add what 1 other person found, our best guess is {difference}."
BIG_LIKELIHOOD = {
    "bounded": "We took into account that scores cannot go past the ends of the scale.",
    "student-t": "A few odd scores count for less here than the rest.",
    "by-arm": "We took into account that your scores went up and down more at times.",
    "ordinal": "We used your answer to each question, not just the sum.",
}

# --- Scores, side effects, limits, next step -----------------------------------------------------

SCORES_TITLE = {
    "lower": "Your scores (lower is better)",
    "higher": "Your scores (higher is better)",
}
SCORES_SAYS = "Your scores by period. {arms}."
SCORES_ARM = "With {arm}, your mean scores were {means}"
SCORES_NONE = "With {arm}, there are no scores"
EFFECTS_TITLE = "Side effects"
EFFECTS_DURING = "Side effects during"
EFFECTS_WEEK, EFFECTS_WEEKS = "1 week", "{n} weeks"
EFFECTS_TIME, EFFECTS_TIMES = "1 time", "{n} times"
EFFECTS_OFTEN, EFFECTS_NEVER = "{often}, {worst}", "none written down"
EFFECTS_NONE = "You wrote down that you had none."
EFFECTS_OUTSIDE = "None were written down in the periods."
EFFECTS_UNKNOWN = "None were written down. That does not show that there were none."
FIRST_TITLE = "Look at this first"
FIRST_LINE = "{event}: {worst}, {day}, during {arm}."
FIRST_OUTSIDE = "{event}: {worst}, {day}, not in a period."
FIRST_FLAG = "{line} The booklet calls it a sign to get help."
FIRST_MORE = "And {n} more."
FIRST_DO = "Talk with your clinician about this."
EFFECTS_MORE_ONE = "And 1 more. Ask your clinician."
EFFECTS_MORE = "And {n} more. Ask your clinician."
LIMITS_TITLE = "What this cannot tell you"
LIMIT_DOSE = "If other doses or forms would help"
LIMIT_HOW = "If more of it, or less, would help"
LIMIT_IRON = "If your iron is low: ask for a test"
LIMIT_DOSES = "If you kept to the plan: no dose was written down"
LIMIT_KNEW = "What came from just knowing what you had"
LIMIT_OTHERS = "If it would help someone else"
NEXT_TITLE = "What next?"
NEXT = "Show this page to your clinician. Choose the next step as a team."
NEXT_KEEP = "Till then, take your usual medicines as you do now."
CONTACT = "Ask {contact}."
CONTACT_SEVERAL = "Whom to ask:"
CONTACT_NOBODY = "Ask your own doctor or pharmacy."
FOOT = "{software}. Not a medical device."
