"""The report of a pooled analysis: every person, and the funnel of their own answers."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.figures.funnel import SINGLE, funnel_figure, funnel_marks
from nof1.figures.persons import NAMED, PersonsMarks, persons_figure, persons_marks
from nof1.pooling.result.pooled_fit import Person
from nof1.reports.layout.elements import Block, Figure, Section, Table, Text
from nof1.reports.pooled.answer import WIDTH
from nof1.reports.pooled.codes import key_table
from nof1.reports.pooled.report_input import PooledStory
from nof1.words.numbers import counted, percent

#: Of many persons, how many are listed at either end and in the middle.
LISTED = 10

#: With fewer persons a funnel shows little.
FEW = 20

#: Shares of persons, the best first, whose least effect is told when there are many.
_RANKS = (
    ("The best", 0.0),
    ("The best 5 % reach", 0.05),
    ("The best quarter reaches", 0.25),
    ("The better half reaches", 0.5),
    ("Three quarters reach", 0.75),
    ("95 % reach", 0.95),
    ("Everybody reaches", 1.0),
)


def persons_section(story: PooledStory) -> Section:
    """Return everybody's own and shrunken effect, as figure and table."""
    blocks: list[Block] = [
        Text(
            "Each person has two answers. One is by the own scores alone, where every effect that "
            "the scale allows was equally likely beforehand. The other also uses what all others "
            "tell: it is drawn towards the average, the more the less the own scores say. The "
            "second one is nearer to the truth in most persons, if they are alike enough to be "
            "pooled."
        ),
        _figure(story),
    ]
    if story.n > NAMED:
        blocks.append(_quantiles(story))
    places = _places(story)
    blocks.append(_table(story, places))
    shown = story.ranked if story.n <= NAMED else [story.ranked[place] for place in places]
    key = key_table([person.person for person in shown], story.whole)
    if key is not None:
        blocks.append(key)
    return Section("persons", "Person by person", tuple(blocks))


def _figure(story: PooledStory) -> Figure:
    marks = persons_marks(story.fit, story.ranked)
    amounts = story.amounts
    best, worst = story.ranked[0], story.ranked[-1]
    says = (
        f"{counted(story.n, 'person')}, the best first. Shrunken effects run from "
        f"{amounts.difference(best.shrunken)} to {amounts.difference(worst.shrunken)}; own scores "
        f"alone from {amounts.difference(min(story.ranked, key=_naive).naive)} to "
        f"{amounts.difference(max(story.ranked, key=_naive).naive)}."
    )
    return Figure(
        picture=persons_figure(marks, width=WIDTH, says=says),
        caption=" ".join(_caption(story, marks)),
    )


def _naive(person: Person) -> float:
    return person.naive


def _caption(story: PooledStory, marks: PersonsMarks) -> Iterator[str]:
    if story.n <= NAMED:
        yield (
            "Diamonds: own scores alone, with 1.96 standard errors either way. Circles: with all "
            f"others, with {story.level} intervals. At the foot the average of all persons like "
            "these, and the forecast for the next."
        )
    else:
        yield (
            f"{counted(story.n, 'person')} by their shrunken effects, which are the line; the "
            f"band holds their {story.level} intervals, and dots are own scores alone."
        )
    if marks.every > 1:
        yield f"One of {marks.every} persons is drawn."
    if marks.n_outside:
        verb = "lies" if marks.n_outside == 1 else "lie"
        yield f"{marks.n_outside} of the effects by own scores alone {verb} beyond the axis."
    if story.fit.mcid is not None:
        yield "Pale: differences smaller than the MCID."


def _quantiles(story: PooledStory) -> Table:
    amounts = story.amounts.finer
    sign = 1.0 if story.fit.better == "lower" else -1.0
    alone = sorted((person.naive for person in story.ranked), key=lambda effect: sign * effect)
    shrunken = [person.shrunken for person in story.ranked]
    rows = []
    for words, share in _RANKS:
        place = story.place(share)
        rows.append((words, amounts.cell(shrunken[place]), amounts.cell(alone[place])))
    return Table(
        caption=f"How far the persons get, in {story.fit.unit}; {story.fit.better} is better",
        columns=("", "With all others", "Own scores alone"),
        rows=tuple(rows),
        widths=(4, 3, 3),
        note="The columns are ordered each for itself. The right one spreads wider because it "
        "holds the noise of every trial.",
    )


def _places(story: PooledStory) -> list[int]:
    """Return the places, from 0 on, of those who are listed."""
    places = list(range(story.n))
    if story.n <= NAMED:
        return places
    middle = (story.n - LISTED) // 2
    return [*places[:LISTED], *places[middle : middle + LISTED], *places[-LISTED:]]


def _table(story: PooledStory, places: list[int]) -> Table:
    caption, note = "Everybody, the best first by the shrunken effect", ""
    if story.n > NAMED:
        caption = f"The {LISTED} best, {LISTED} in the middle and the {LISTED} worst"
        note = " The file this report was made of has everybody."
    sized = story.fit.mcid is not None
    head = ("Person", "Cycles", "Own scores alone (SE)", "With all others", "Interval", "Better")
    return Table(
        caption=f"{caption}; {story.measured} in {story.fit.unit}, {story.fit.better} is better",
        columns=(*head, f"By {story.fit.mcid:g} or more") if sized else head,
        rows=tuple(_row(story, place) for place in places),
        widths=(4, 0, 5, 3, 5, 3, 3) if sized else (4, 0, 5, 3, 5, 3),
        note=f"SE: standard error. Interval: {story.level}, and chances, of the effect with all "
        f"others.{note}",
    )


def _row(story: PooledStory, place: int) -> tuple[str, ...]:
    person, amounts = story.ranked[place], story.amounts.finer
    cells = (
        person.person if story.n <= NAMED else f"{place + 1:,}. {person.person}",
        str(person.cycles),
        f"{amounts.cell(person.naive)} ({amounts.number(person.naive_se)})",
        amounts.cell(person.shrunken),
        amounts.interval_cell(person.ci_low, person.ci_high),
        percent(person.p_better),
    )
    return cells if person.p_meaningful is None else (*cells, percent(person.p_meaningful))


# --- The funnel ----------------------------------------------------------------------------------


def funnel_section(story: PooledStory) -> Section:
    """Return own answers against their precision."""
    marks = funnel_marks(story.fit)
    amounts = story.amounts
    says = (
        f"{story.n} effects by own scores alone against their standard errors, around the "
        f"population's average of {amounts.difference(marks.mean)}. Outside the lines within "
        f"which 95 % are expected: {marks.n_outside}."
    )
    many = " Darker hexagons: more persons." if story.n > SINGLE else ""
    figure = Figure(
        picture=funnel_figure(marks, width=WIDTH, says=says),
        caption="Effects by own scores alone, the most precise at the top. Dashed: where 95 % "
        "would lie if persons did not differ. Full: the same with the SD between persons." + many,
    )
    return Section(
        "funnel",
        "Precise and less precise persons",
        (Text(_funnel_words(story, marks.n_outside)), figure),
    )


def _funnel_words(story: PooledStory, n_outside: int) -> str:
    if story.n < FEW:
        return (
            f"Each person's effect by the own scores alone, against its standard error. With "
            f"{story.n} persons such a figure shows little."
        )
    verb = "lies" if n_outside == 1 else "lie"
    return (
        f"Each person's effect by the own scores alone, against its standard error. {n_outside:,} "
        f"of {counted(story.n, 'person')} {verb} outside the full lines; about "
        f"{0.05 * story.n:,.0f} would by chance. Points missing on one side at the bottom "
        "would hint that trials with unwelcome results were not sent; a funnel can hint at it, "
        "and cannot show it."
    )
