"""The report of a pooled analysis: every person, and the funnel of their own answers."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.figures.funnel import SINGLE, funnel_figure, funnel_marks
from nof1.figures.persons import NAMED, PersonsMarks, persons_figure, persons_marks
from nof1.reports.layout.elements import Element, Figure, Section, Table, Text
from nof1.reports.pooled.answer import WIDTH
from nof1.reports.pooled.codes import key_table
from nof1.reports.pooled.report_input import PooledReportInput
from nof1.words import pooled_answer as answer
from nof1.words import pooled_persons as wording
from nof1.words.numbers import percent

#: Of many persons, how many are listed at either end and in the middle.
LISTED = 10

#: With fewer persons a funnel shows little.
FEW = 20


def persons_section(story: PooledReportInput) -> Section:
    """Return everybody's own and shrunken effect, as figure and table."""
    elements: list[Element] = [
        Text(wording.PERSONS_TEXT),
        _figure(story),
    ]
    if story.n > NAMED:
        elements.append(_quantiles(story))
    places = _places(story)
    elements.append(_table(story, places))
    shown = story.ranked if story.n <= NAMED else [story.ranked[place] for place in places]
    key = key_table([person.person for person in shown], story.whole)
    if key is not None:
        elements.append(key)
    return Section("persons", wording.PERSONS, tuple(elements))


def _figure(story: PooledReportInput) -> Figure:
    marks = persons_marks(story.fit, story.ranked)
    amounts = story.amounts
    best, worst = story.ranked[0], story.ranked[-1]
    alone = [person.naive for person in story.ranked]
    says = wording.persons_say(
        n=story.n,
        best=amounts.difference(best.shrunken),
        worst=amounts.difference(worst.shrunken),
        own_low=amounts.difference(min(alone)),
        own_high=amounts.difference(max(alone)),
    )
    return Figure(
        picture=persons_figure(marks, width=WIDTH, says=says),
        caption=" ".join(_caption(story, marks)),
    )


def _caption(story: PooledReportInput, marks: PersonsMarks) -> Iterator[str]:
    if story.n <= NAMED:
        yield wording.diamonds(story.level)
    else:
        yield wording.line_and_band(n=story.n, level=story.level)
    if marks.every > 1:
        yield wording.one_drawn_of(marks.every)
    if marks.n_outside:
        yield wording.beyond_axis(marks.n_outside)
    if story.fit.mcid is not None:
        yield wording.PALE


def _quantiles(story: PooledReportInput) -> Table:
    amounts = story.amounts.finer
    sign = 1.0 if story.fit.better == "lower" else -1.0
    alone = sorted((person.naive for person in story.ranked), key=lambda effect: sign * effect)
    shrunken = [person.shrunken for person in story.ranked]
    rows = []
    for words, share in wording.RANKS:
        place = story.place(share)
        rows.append((words, amounts.cell(shrunken[place]), amounts.cell(alone[place])))
    return Table(
        caption=wording.ranks_caption(unit=story.fit.unit, better=story.fit.better),
        columns=("", wording.WITH_OTHERS, wording.OWN),
        rows=tuple(rows),
        widths=(4, 3, 3),
        note=wording.RANKS_NOTE,
    )


def _places(story: PooledReportInput) -> list[int]:
    """Return the places, from 0 on, of those who are listed."""
    places = list(range(story.n))
    if story.n <= NAMED:
        return places
    middle = (story.n - LISTED) // 2
    return [*places[:LISTED], *places[middle : middle + LISTED], *places[-LISTED:]]


def _table(story: PooledReportInput, places: list[int]) -> Table:
    whom, more = wording.EVERYBODY, ""
    if story.n > NAMED:
        whom, more = wording.some_listed(LISTED), wording.IN_THE_FILE
    sized, head = story.fit.mcid is not None, wording.PERSONS_COLUMNS
    return Table(
        caption=wording.persons_caption(
            whom=whom, measured=story.measured, unit=story.fit.unit, better=story.fit.better
        ),
        columns=(*head, answer.or_more(f"{story.fit.mcid:g}")) if sized else head,
        rows=tuple(_row(story, place) for place in places),
        widths=(4, 0, 5, 3, 5, 3, 3) if sized else (4, 0, 5, 3, 5, 3),
        note=wording.persons_note(level=story.level, more=more),
    )


def _row(story: PooledReportInput, place: int) -> tuple[str, ...]:
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


def funnel_section(story: PooledReportInput) -> Section:
    """Return own answers against their precision."""
    marks = funnel_marks(story.fit)
    says = wording.funnel_says(
        n=story.n, average=story.amounts.difference(marks.mean), outside=marks.n_outside
    )
    figure = Figure(
        picture=funnel_figure(marks, width=WIDTH, says=says),
        caption=wording.funnel_caption(many=story.n > SINGLE),
    )
    words = (
        wording.funnel_of_few(story.n)
        if story.n < FEW
        else wording.funnel_of_many(n=story.n, outside=marks.n_outside)
    )
    return Section("funnel", wording.FUNNEL, (Text(words), figure))
