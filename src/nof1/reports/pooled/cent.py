"""The report of a pooled analysis: how the persons came together, and the items of CENT 2015."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from nof1.figures.flow import Step, flow_figure
from nof1.reports.layout.elements import Figure, Section, Table, Text
from nof1.reports.pooled.answer import WIDTH
from nof1.reports.pooled.conduct import (
    FACTS,
    guesses_said,
    periods_said,
    reasons,
    said_counts,
    scores_said,
)
from nof1.reports.pooled.report_input import PooledStory
from nof1.words.numbers import counted, listed, percent

GAP = "not reported"
#: Reasons shown one by one in the diagram, and letters in one of its lines.
_REASONS, _LETTERS = 5, 44

#: What every item asks for, in our words.
CENT_ITEMS = {
    "1a": "Title names a series of N-of-1 trials",
    "1b": "Structured summary",
    "2a.1": "Background",
    "2a.2": "Why trials of single persons",
    "2b": "Question and hypotheses",
    "3a": "Design, periods and their length, run-in and washout",
    "3b": "Changes after the start, with reasons",
    "4a": "Persons: diagnosis, criteria, other illness and treatment",
    "4b": "Where it took place",
    "4c": "Research or care; ethics approval",
    "5": "Treatment in every period",
    "6a.1": "Outcomes: what, how and when",
    "6a.2": "How well the instruments measure",
    "6b": "Changes of outcomes",
    "7a": "Why so many periods",
    "7b": "Interim looks and rules for stopping",
    "8a": "How the order was made, and why at random",
    "8b": "Limits on the order",
    "8c": "The whole order as intended",
    "9": "How the order was hidden",
    "10": "Who drew, enrolled and assigned",
    "11a": "Who was blind",
    "11b": "How alike the products were",
    "12a": "Analysis of each person",
    "12b": "Synthesis of the series, and differences between persons",
    "12c": "Carryover, period effects, correlation within a person",
    "13a.1": "Periods completed, order as it was, deviations",
    "13a.2": "Numbers of the series, with a diagram",
    "13b": "Losses and stops, with reasons",
    "14a": "Dates",
    "14b": "Stopped early, and why",
    "15": "Persons at the start",
    "16": "Periods analysed",
    "17a.1": "Results of every period",
    "17a.2": "Effects with their precision, of each person and of the series",
    "17b": "Absolute and relative effect of a yes-or-no outcome",
    "18": "Further analyses",
    "19": "Harms by treatment",
    "20": "Limits",
    "21": "For whom it holds",
    "22": "What it means",
    "23": "Registration",
    "24": "Where the protocol can be read",
    "25": "Funding",
}


# --- The diagram ---------------------------------------------------------------------------------


def flow_section(story: PooledStory) -> Section:
    """Return the way from what was received to what was pooled, as a diagram."""
    steps = flow_steps(story)
    says = ". ".join(
        "; ".join(step.lines) + (f"; {'; '.join(step.leaving)}" if step.leaving else "")
        for step in steps
    )
    figure = Figure(
        picture=flow_figure(steps, width=WIDTH, says=f"{says}."),
        caption="From what was received to what was pooled; at the right what was left out or is "
        "missing.",
    )
    return Section("flow", "How the persons came together", (figure,))


def flow_steps(story: PooledStory) -> tuple[Step, ...]:
    """Return the boxes of the diagram."""
    fit, conduct = story.fit, story.fit.conduct
    pooled = f"{counted(fit.n_persons, 'person')}"
    direct = () if story.n == fit.n_persons else (f"{story.n} had {story.active} and "
                                                  f"{story.comparator}",)  # fmt: skip
    unscored = conduct.periods - conduct.periods_scored
    alone = fit.n_persons - conduct.levels
    return (
        Step(
            lines=(f"Received: {counted(fit.n_persons + len(fit.excluded), 'person')}",),
            leaving=tuple(_left_out(story)),
        ),
        Step(lines=(f"Pooled: {pooled}", *direct)),
        Step(
            lines=(
                f"Periods: {conduct.periods:,} planned",
                f"{conduct.periods_scored:,} with scores",
            ),
            leaving=(
                f"Without scores: {counted(unscored, 'period')}",
                f"{counted(conduct.stopped_early, 'person')} had fewer than planned",
            )
            if unscored
            else (),
        ),
        Step(
            lines=(f"Scores: {conduct.scores:,} analysed",),
            leaving=(f"Missing: {conduct.scores_missing:,} scores",)
            if conduct.scores_missing
            else (),
        ),
        Step(
            lines=(
                f"Cycle differences: {conduct.levels:,} of {pooled}",
                "for the methods without a model of carryover",
            ),
            leaving=(f"Shared a likelihood alone: {counted(alone, 'person')}",) if alone else (),
        ),
    )


def _left_out(story: PooledStory) -> Iterator[str]:
    counts = reasons(story)
    if not counts:
        return
    yield f"Left out: {counted(len(story.fit.excluded), 'person')}"
    for why, n in counts[:_REASONS]:
        yield from textwrap.wrap(f"{n}: {why}", _LETTERS, subsequent_indent="    ")
    if len(counts) > _REASONS:
        yield f"and {counted(len(counts) - _REASONS, 'more reason')}"


# --- The items -----------------------------------------------------------------------------------


def cent_section(story: PooledStory) -> Section:
    """Return every item of CENT 2015 for a series, filled as far as the file tells."""
    items = {**_methods(story), **_results(story)}
    rows = tuple((item, asks, items.get(item) or GAP) for item, asks in CENT_ITEMS.items())
    filled = sum(said != GAP for _, _, said in rows)
    text = Text(
        f"{filled} of {len(rows)} items are answered here from the pooled file. The others are "
        "for whoever publishes the series: most stand in the protocol, none in shared results."
    )
    table = Table(
        caption="CENT 2015, for a series of N-of-1 trials",
        columns=("Item", "What it asks for", "What is reported"),
        rows=rows,
        widths=(1, 4, 7),
        note="Items in our own words; the wording that counts is that of the statement (BMJ 2015; "
        "350: h1738).",
    )
    return Section("cent", "Reporting items of CENT 2015", (text, table))


def _methods(story: PooledStory) -> dict[str, str]:
    """Return items 1 to 12."""
    fit, conduct = story.fit, story.fit.conduct
    protocols = said_counts(conduct.protocols, untold="tables made elsewhere")
    purpose = {
        "next": "Asked: what to expect for persons like these.",
        "these": "Asked: how these very persons fared.",
        None: "It was not said whether the question is about these persons or the next.",
    }[fit.purpose]
    blinded = set(conduct.modes) != {""}
    return {
        "1a": "Yes: the title of this report.",
        "1b": "In part: question, persons, answer and its precision stand first.",
        "2b": f"Effect of {story.compared} on {fit.outcome}. {purpose}",
        "3a": f"Randomised crossover in single persons. Cycles planned: "
        f"{said_counts(conduct.cycles)}. Days of a period: {said_counts(conduct.period_days)}; "
        "of the "
        f"run-in: {_or_gap(conduct.run_in_days)}; of washouts: {_or_gap(conduct.washout_days)}.",
        "4a": _about(story),
        "5": f"{listed([arm.arm for arm in conduct.arms])}; protocol: {protocols}. {_taken(story)}",
        "6a.1": f"{fit.outcome}, {fit.scale.low:g} to {fit.scale.high:g} {fit.unit}, {fit.better} "
        f"is better; each score looks back on {counted(fit.recall_days, 'day')}.",
        "8a": f"Order drawn at random, or not known to be: {_or_gap(conduct.allocation)}.",
        "11a": (
            f"Blinding: {said_counts(conduct.modes)}. Guesses: {guesses_said(story)}. "
            f"Opened early: {counted(conduct.opened_early, 'period')}."
            if blinded
            else ""
        ),
        "12a": f"The likelihood of each person's {story.measured}; everything else integrated out.",
        "12b": "Exact hierarchical posterior of average and SD between persons; frequentist "
        "methods beside it.",
        "12c": "Not modelled: differences as scheduled."
        if fit.bayes.estimand == "as-scheduled"
        else f"Carryover: {conduct.carryover}. Trend: {conduct.trend}. Period effects: "
        f"{conduct.period_effects}. Scores of a person are taken as correlated in time.",
    }  # fmt: skip


def _results(story: PooledStory) -> dict[str, str]:
    """Return items 13 to 25."""
    fit, conduct, amounts = story.fit, story.fit.conduct, story.amounts
    mean = fit.bayes.mean
    moderators = (
        listed([FACTS.get(moderator.name, moderator.name) for moderator in fit.moderators])
        if fit.moderators
        else "none"
    )
    stopped = counted(conduct.stopped_early, "person")
    return {
        "13a.1": f"Periods: {periods_said(story)}. Orders and deviations: {GAP}.",
        "13a.2": f"Received {fit.n_persons + len(fit.excluded):,}, left out "
        f"{len(fit.excluded):,}, pooled {fit.n_persons:,}; see the diagram.",
        "13b": f"{counted(len(fit.excluded), 'person')} left out, with reasons; {stopped} with "
        f"fewer periods than planned, reasons {GAP}.",
        "14b": f"{stopped} with fewer periods than planned; why: {GAP}.",
        "15": _about(story),
        "16": f"{conduct.periods_scored:,} periods of {counted(fit.n_persons, 'person')}. Scores: "
        f"{scores_said(story)}.",
        "17a.1": f"By person, in figure and table; single periods: {GAP}, since they are not "
        "shared.",
        "17a.2": f"Average {amounts.difference(mean.mean)}, {story.level} interval "
        f"{amounts.interval(mean.ci_low, mean.ci_high)}; every person in the file.",
        "17b": "Does not apply: the outcome is a score.",
        "18": f"{counted(len(fit.sensitivity), 'set')} of assumptions; facts that may bear on the "
        f"effect: {moderators}.",
        "19": _harms(story),
        "20": "See what this cannot say.",
        "21": "The forecast for the next person; see also what this cannot say.",
        "22": "See the answer.",
    }  # fmt: skip


def _or_gap(counts: Mapping[str, int]) -> str:
    return said_counts(counts) if counts else GAP


def _about(story: PooledStory) -> str:
    known = [
        f"{FACTS.get(name, name)} ({said_counts(counts)})"
        for name, counts in story.fit.conduct.about.items()
        if set(counts) != {""}
    ]
    return f"In part: {'; '.join(known)}." if known else ""


def _taken(story: PooledStory) -> str:
    taken = [
        f"{arm.arm} {percent(arm.taken)}" for arm in story.fit.conduct.arms if arm.taken is not None
    ]
    return f"Doses taken: {listed(taken)}." if taken else f"Doses taken: {GAP}."


def _harms(story: PooledStory) -> str:
    arms = [arm for arm in story.fit.conduct.arms if arm.persons_with_harms is not None]
    if not arms:
        return ""
    severe = [f"{arm.worst_severe} during {arm.arm}" for arm in arms]
    any_at_all = [f"{arm.persons_with_harms} during {arm.arm}" for arm in arms]
    return f"Persons with severe side effects: {listed(severe)}; with any: {listed(any_at_all)}."
