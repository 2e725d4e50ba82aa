"""English: what the report of a pooled analysis says of every person."""

from __future__ import annotations

from nof1.words.en.pooled_answer import is_better
from nof1.words.numbers import counted

PERSONS = "Person by person"
PERSONS_TEXT = (
    "Each person has two answers. One is by the own scores alone, where every effect that the "
    "scale allows was equally likely beforehand. The other also uses what all others tell: it is "
    "drawn towards the average, the more the less the own scores say. The second one is nearer to "
    "the truth in most persons, if they are alike enough to be pooled."
)
OWN, WITH_OTHERS = "Own scores alone", "With all others"


# --- The figure ----------------------------------------------------------------------------------

PALE = "Pale: differences smaller than the MCID."


def persons_say(*, n: int, best: str, worst: str, own_low: str, own_high: str) -> str:
    return (
        f"{counted(n, 'person')}, the best first. Shrunken effects run from {best} to {worst}; "
        f"own scores alone from {own_low} to {own_high}."
    )


def diamonds(level: str) -> str:
    return (
        "Diamonds: own scores alone, with 1.96 standard errors either way. Circles: with all "
        f"others, with {level} intervals. At the foot the average of all persons like these, and "
        "the forecast for the next."
    )


def line_and_band(*, n: int, level: str) -> str:
    return (
        f"{counted(n, 'person')} by their shrunken effects, which are the line; the band holds "
        f"their {level} intervals, and dots are own scores alone."
    )


def one_drawn_of(every: int) -> str:
    return f"One of {every} persons is drawn."


def beyond_axis(n: int) -> str:
    verb = "lies" if n == 1 else "lie"
    return f"{n} of the effects by own scores alone {verb} beyond the axis."


# --- The tables ----------------------------------------------------------------------------------

#: Shares of persons, the best first.
RANKS = (
    ("The best", 0.0),
    ("The best 5 % reach", 0.05),
    ("The best quarter reaches", 0.25),
    ("The better half reaches", 0.5),
    ("Three quarters reach", 0.75),
    ("95 % reach", 0.95),
    ("Everybody reaches", 1.0),
)
RANKS_NOTE = (
    "The columns are ordered each for itself. The right one spreads wider because it holds the "
    "noise of every trial."
)
EVERYBODY = "Everybody, the best first by the shrunken effect"
IN_THE_FILE = " The file this report was made of has everybody."
PERSONS_COLUMNS = ("Person", "Cycles", "Own scores alone (SE)", WITH_OTHERS, "Interval", "Better")


def ranks_caption(*, unit: str, better: str) -> str:
    return f"How far the persons get, in {unit}; {is_better(better)}"


def some_listed(n: int) -> str:
    return f"The {n} best, {n} in the middle and the {n} worst"


def persons_caption(*, whom: str, measured: str, unit: str, better: str) -> str:
    return f"{whom}; {measured} in {unit}, {is_better(better)}"


def persons_note(*, level: str, more: str) -> str:
    return (
        f"SE: standard error. Interval: {level}, and chances, of the effect with all others.{more}"
    )


def number(n: int) -> str:
    return f"no. {n}"


KEY_CAPTION = "Key: the whole codes of the persons shown"
KEY_COLUMNS = ("Short", "Code")
KEY_NOTE = "As they stand in the contributions."


# --- The funnel ----------------------------------------------------------------------------------

FUNNEL = "Precise and less precise persons"


def funnel_says(*, n: int, average: str, outside: int) -> str:
    return (
        f"{n} effects by own scores alone against their standard errors, around the population's "
        f"average of {average}. Outside the lines within which 95 % are expected: {outside}."
    )


def funnel_caption(*, many: bool) -> str:
    darker = " Darker hexagons: more persons." if many else ""
    return (
        "Effects by own scores alone, the most precise at the top. Dashed: where 95 % would lie "
        f"if persons did not differ. Full: the same with the SD between persons.{darker}"
    )


def funnel_of_few(n: int) -> str:
    return (
        "Each person's effect by the own scores alone, against its standard error. With "
        f"{n} persons such a figure shows little."
    )


def funnel_of_many(*, n: int, outside: int) -> str:
    verb = "lies" if outside == 1 else "lie"
    return (
        f"Each person's effect by the own scores alone, against its standard error. {outside:,} "
        f"of {counted(n, 'person')} {verb} outside the full lines; about {0.05 * n:,.0f} would by "
        "chance. Points missing on one side at the bottom would hint that trials with unwelcome "
        "results were not sent; a funnel can hint at it, and cannot show it."
    )
