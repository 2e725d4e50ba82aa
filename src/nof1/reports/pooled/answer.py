"""The report of a pooled analysis: the answer, the next person, how much persons differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nof1.figures.forecast import forecast_figure, forecast_marks
from nof1.figures.icons import IconMarks, keyed_icon_figure
from nof1.pooling.result.verdicts import PooledVerdict
from nof1.reports.layout.elements import Block, Bullets, Figure, Section, Table, Text
from nof1.reports.person.page import rung
from nof1.reports.pooled.report_input import PooledStory
from nof1.reports.pooled.rule import rule_sentences
from nof1.words import verdicts
from nof1.words.amounts import Amounts
from nof1.words.numbers import capitalised, counted, percent, say_of_hundred, split_of_hundred

#: Width of every figure in inches: that of the text on A4.
WIDTH = 7.1

_MEANT = {
    "steady-state": "Steady-state effect: the difference at full exposure, once carryover is over.",
    "as-scheduled": "Difference as scheduled: between periods as they were, carryover and all.",
}


# --- The verdict ---------------------------------------------------------------------------------


def next_sentence(story: PooledStory, verdict: PooledVerdict) -> str:
    """Return what to expect for the next person, in a sentence."""
    judged = verdict.next_person
    chance = {
        "helps-meaningfully": judged.p_meaningful or 0.0,
        "no-meaningful-difference": judged.p_trivial or 0.0,
        "makes-worse": judged.p_worse,
    }.get(judged.code, judged.p_better)
    word = rung(chance)
    return _filled(
        story,
        verdicts.POOLED_NEXT[judged.code],
        will="may" if word == "may" else f"will {word}",
        are="may be" if word == "may" else f"are {word}",
    )


def these_sentence(story: PooledStory, verdict: PooledVerdict) -> str:
    """Return how these very persons fared on average, in a sentence; empty when nobody had both."""
    judged = verdict.these_persons
    if judged is None:
        return ""
    template = verdicts.POOLED_THESE[judged.code]
    if judged.code == "no-meaningful-difference" and judged.direction is not None:
        template = verdicts.POOLED_LITTLE
    return _filled(
        story, template, persons=counted(story.n, "person"), better=judged.direction or ""
    )


def _filled(story: PooledStory, template: str, **words: str) -> str:
    if story.fit.mcid is None:
        template = template.replace(verdicts.POOLED_UNSIZED, "")
    return template.format(active=story.active, comparator=story.comparator, **words)


def verdict_sentences(story: PooledStory) -> str:
    """Return the answer to what was asked; to both questions when nobody said which."""
    verdict = story.fit.verdict
    if verdict is None:
        return verdicts.NO_VERDICT
    these, following = these_sentence(story, verdict), next_sentence(story, verdict)
    if story.fit.purpose == "next":
        return following
    if story.fit.purpose is None:
        return f"{these} {following}"
    return these if _all_alike(verdict) else f"{these} Single persons may differ from the average."


def _all_alike(verdict: PooledVerdict) -> bool:
    """Return whether the verdict on the average holds for the next person as well."""
    these = verdict.these_persons
    return these is not None and these.code == verdict.next_person.code


# --- The answer ----------------------------------------------------------------------------------


def answer_section(story: PooledStory) -> Section:
    """Return both answers, the one that was asked for first, with what stands behind them."""
    verdict = story.fit.verdict
    rule = verdicts.NO_VERDICT if verdict is None else _rule(story, verdict)
    blocks = (_answer_table(story), Bullets(tuple(_in_words(story))), Text(rule))
    return Section("answer", "The answer", blocks)


def _answer_table(story: PooledStory) -> Table:
    bayes, amounts = story.fit.bayes, story.amounts
    rows = {
        "next": ("The next person like these", bayes.next_person),
        "these": (f"Average in these {counted(story.n, 'person')}", bayes.these_persons),
        "average": ("Average of all persons like these", bayes.mean),
    }
    order = ["next", "these"] if story.fit.purpose == "next" else ["these", "next"]
    table = [
        (
            rows[key][0] + (" (what was asked)" if key == story.fit.purpose else ""),
            amounts.difference(rows[key][1].mean),
            capitalised(amounts.interval(rows[key][1].ci_low, rows[key][1].ci_high)),
        )
        for key in (*order, "average")
    ]
    spread = bayes.heterogeneity
    table.append(
        (
            "How much persons differ (SD between persons)",
            f"{amounts.finer.number(spread.mean)} {story.fit.unit}",
            f"From {amounts.finer.number(spread.ci_low)} to {amounts.finer.number(spread.ci_high)}",
        )
    )
    return Table(
        caption=f"{capitalised(story.compared)}, {story.fit.outcome}: {story.measured}, with "
        f"{story.level} intervals",
        columns=("Of whom", "Estimate", "Interval"),
        rows=tuple(table),
        widths=(6, 4, 6),
        note=f"{_MEANT[story.fit.bayes.estimand]} The interval of the next person is a forecast of "
        "that person's own true effect.",
    )


def _in_words(story: PooledStory) -> Iterator[str]:
    """Yield both answers in words, the one that was asked for first."""
    bayes, amounts, verdict = story.fit.bayes, story.amounts, story.fit.verdict
    if verdict is not None:
        asked, other = these_sentence(story, verdict), next_sentence(story, verdict)
        if story.fit.purpose == "next":
            asked, other = other, asked
        mark = "" if story.fit.purpose is None else "What was asked: "
        yield mark + asked
        yield ("" if story.fit.purpose is None else "The other question: ") + other
    chances = f"Chance that the next person does better: {percent(bayes.next_person.p_better)}"
    if bayes.next_person.p_meaningful is not None:
        chances += f"; better by {story.size} or more: {percent(bayes.next_person.p_meaningful)}"
    yield f"{chances}."
    yield (
        f"Over all persons like these, the average {story.measured} is "
        f"{amounts.difference(bayes.mean.mean)}; the truth likely lies "
        f"{amounts.interval(bayes.mean.ci_low, bayes.mean.ci_high)}."
    )
    yield spread_sentence(story)


def spread_sentence(story: PooledStory) -> str:
    """Return how much persons differ, in words."""
    heterogeneity, amounts = story.fit.bayes.heterogeneity, story.amounts.finer
    said = (
        f"Persons differ with an SD of {amounts.number(heterogeneity.mean)} {story.fit.unit} "
        f"({story.level} interval {amounts.number(heterogeneity.ci_low)} to "
        f"{amounts.number(heterogeneity.ci_high)}). "
    )
    if story.fit.bayes.population == "normal":
        said += "About two in three lie within one SD of the average. "
    if amounts.is_nothing(heterogeneity.ci_low):
        return said + "It may be that they hardly differ at all."
    return said + "One average does not fit everybody."


def _rule(story: PooledStory, verdict: PooledVerdict) -> str:
    if story.fit.mcid is None:
        sizes = "Nobody named a smallest difference that matters, so size is not judged."
    else:
        sizes = f"Enough to matter means {story.size} or more (the MCID)."
    rule = rule_sentences(verdict, sized=story.fit.mcid is not None)
    return f"How this is judged. {sizes} {rule} Anything else is called: we cannot tell."


# --- The next person -----------------------------------------------------------------------------


def next_section(story: PooledStory) -> Section:
    """Return what to expect for the next person: icons, forecast, SD between persons."""
    blocks: list[Block] = [Text(_of_hundred(story)), _icons(story), _forecast(story)]
    return Section("next", "What to expect for the next person", tuple(blocks))


@dataclass(frozen=True, slots=True)
class _Kind:
    """Some of 100 next persons: how they would do, and how many they are."""

    words: str
    count: int

    @property
    def said(self) -> str:
        """Return the count in words, never none and never all."""
        return {0: "fewer than 1", 100: "more than 99"}.get(self.count, str(self.count))


def _kinds(story: PooledStory) -> tuple[_Kind, _Kind, _Kind]:
    """Return better by enough, better by less and worse; without an MCID the first is empty."""
    chances = story.fit.bayes.next_person
    meaningful = chances.p_meaningful or 0.0
    little, worse = max(0.0, chances.p_better - meaningful), 1.0 - chances.p_better
    enough, less = f"better by {story.size} or more", "better, but by less than that"
    if chances.p_meaningful is None:
        meaningful, little, enough, less = chances.p_better, 0.0, "better", ""
    counts = split_of_hundred((meaningful, little, worse))
    return _Kind(enough, counts[0]), _Kind(less, counts[1]), _Kind("worse", counts[2])


def _of_hundred(story: PooledStory) -> str:
    said = "; ".join(f"{kind.said} would do {kind.words}" for kind in _kinds(story) if kind.words)
    harm = story.fit.bayes.next_person.p_meaningfully_worse
    worse = "" if harm is None else f" Worse by {story.size} or more: {say_of_hundred(harm)}."
    return (
        f"Think of 100 more persons like these, with {story.active} against {story.comparator}: "
        f"{said}.{worse} This is about their true effects, before they have scores of "
        "their own; a trial of their own tells each of them more."
    )


def _icons(story: PooledStory) -> Figure:
    kinds = _kinds(story)
    key = [f"{kind.said} of 100: {kind.words}" if kind.words else "" for kind in kinds]
    says = f"100 icons for 100 more persons. {'; '.join(line for line in key if line)}."
    picture = keyed_icon_figure(
        IconMarks(counts=(kinds[0].count, kinds[1].count, kinds[2].count)),
        (key[0], key[1], key[2]),
        width=WIDTH,
        says=says,
    )
    return Figure(
        picture=picture, caption=f"Each icon is one of 100 more persons: {story.compared}."
    )


def _forecast(story: PooledStory) -> Figure:
    bayes, amounts = story.fit.bayes, story.amounts
    says = (
        f"Left, the forecast for the next person: around "
        f"{amounts.difference(bayes.next_person.mean)}, "
        f"{amounts.interval(bayes.next_person.ci_low, bayes.next_person.ci_high)}. Right, the SD "
        f"between persons: around {amounts.finer.number(bayes.heterogeneity.mean)} "
        f"{story.fit.unit}, {amounts.finer.number(bayes.heterogeneity.ci_low)} to "
        f"{amounts.finer.number(bayes.heterogeneity.ci_high)}."
    )
    dark = "dark where it is better by enough to matter" if story.fit.mcid else "in points"
    return Figure(
        picture=forecast_figure(forecast_marks(story.fit), width=WIDTH, says=says),
        caption=f"Left: how likely each true effect of the next person is, {dark}. Right: the SD "
        "between persons as the prior had it beforehand, and as it is now. Bars: "
        f"{story.level} intervals, the right one the shortest.",
    )


# --- Heterogeneity -------------------------------------------------------------------------------


def heterogeneity_section(story: PooledStory) -> Section:
    """Return how much persons differ, and what must not be mistaken for it."""
    bayes, amounts = story.fit.bayes, story.amounts.finer
    spread = bayes.heterogeneity
    rows: list[tuple[str, str, str]] = [
        (
            "SD between persons of their true effects",
            f"{amounts.number(spread.mean)} {story.fit.unit}",
            f"{amounts.number(spread.ci_low)} to {amounts.number(spread.ci_high)}",
        ),
        (
            "SD of the effects by own scores alone (not heterogeneity)",
            f"{amounts.number(story.naive_sd)} {story.fit.unit}",
            "",
        ),
    ]
    for words, chance in zip(*_shares(story), strict=True):
        rows.append((words, percent(chance), ""))
    table = Table(
        caption=f"How much the {story.measured} of {story.compared} differs between persons",
        columns=("", "Estimate", f"{story.level} interval"),
        rows=tuple(rows),
        widths=(7, 3, 3),
        note="Shares are those of all persons like these, with every uncertainty in them.",
    )
    return Section("heterogeneity", "How much persons differ", (Text(_not_noise(story)), table))


def _shares(story: PooledStory) -> tuple[list[str], list[float]]:
    chances = story.fit.bayes.next_person
    words, shares = ["Share of persons who do better at all"], [chances.p_better]
    if chances.p_meaningful is not None and chances.p_meaningfully_worse is not None:
        words += [
            f"Share who do better by {story.size} or more",
            f"Share who do worse by {story.size} or more",
        ]
        shares += [chances.p_meaningful, chances.p_meaningfully_worse]
    return words, shares


def _not_noise(story: PooledStory) -> str:
    amounts: Amounts = story.amounts.finer
    return (
        f"The effects by each person's own scores alone scatter with an SD of "
        f"{amounts.number(story.naive_sd)} {story.fit.unit}. That is not how much persons "
        "differ: it holds the noise of every trial as well. With that noise taken out, persons "
        f"differ with an SD of {amounts.number(story.fit.bayes.heterogeneity.mean)} "
        f"{story.fit.unit}. Do not count persons whose own scores look good: noise alone makes "
        "some of them."
    )
