"""The report of a pooled analysis: the answer, the next person, how much persons differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nof1.figures.forecast import forecast_figure, forecast_marks
from nof1.figures.icons import IconMarks, keyed_icon_figure
from nof1.pooling.result.verdicts import PooledVerdict
from nof1.reports.layout.elements import Bullets, Element, Figure, Section, Table, Text
from nof1.reports.person.page import rung
from nof1.reports.pooled.report_input import PooledReportInput
from nof1.reports.pooled.rule import rule_sentences
from nof1.words import person, verdicts
from nof1.words import pooled_answer as wording
from nof1.words.numbers import capitalised, percent, say_of_hundred, split_of_hundred

#: Width of every figure in inches: that of the text on A4.
WIDTH = 7.1

# --- The verdict ---------------------------------------------------------------------------------


def next_sentence(story: PooledReportInput, verdict: PooledVerdict) -> str:
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
        will=wording.WILL[word],
        are=person.ARE[word],
    )


def these_sentence(story: PooledReportInput, verdict: PooledVerdict) -> str:
    """Return how these very persons fared on average, in a sentence; empty when nobody had both."""
    judged = verdict.these_persons
    if judged is None:
        return ""
    template = verdicts.POOLED_THESE[judged.code]
    if judged.code == "no-meaningful-difference" and judged.direction is not None:
        template = verdicts.POOLED_LITTLE
    better = "" if judged.direction is None else wording.DID[judged.direction]
    return _filled(story, template, persons=wording.persons(story.n), better=better)


def _filled(story: PooledReportInput, template: str, **words: str) -> str:
    if story.fit.mcid is None:
        template = template.replace(verdicts.POOLED_UNSIZED, "")
    return template.format(active=story.active, comparator=story.comparator, **words)


def verdict_sentences(story: PooledReportInput) -> str:
    """Return the answer to what was asked; to both questions when nobody said which."""
    verdict = story.fit.verdict
    if verdict is None:
        return verdicts.NO_VERDICT
    these, following = these_sentence(story, verdict), next_sentence(story, verdict)
    if story.fit.purpose == "next":
        return following
    if story.fit.purpose is None:
        return f"{these} {following}"
    return these if _all_alike(verdict) else f"{these} {wording.MAY_DIFFER}"


def _all_alike(verdict: PooledVerdict) -> bool:
    """Return whether the verdict on the average holds for the next person as well."""
    these = verdict.these_persons
    return these is not None and these.code == verdict.next_person.code


# --- The answer ----------------------------------------------------------------------------------


def answer_section(story: PooledReportInput) -> Section:
    """Return both answers, the one that was asked for first, with what stands behind them."""
    verdict = story.fit.verdict
    rule = verdicts.NO_VERDICT if verdict is None else _rule(story, verdict)
    elements = (_answer_table(story), Bullets(tuple(_in_words(story))), Text(rule))
    return Section("answer", wording.ANSWER, elements)


def _answer_table(story: PooledReportInput) -> Table:
    bayes, amounts = story.fit.bayes, story.amounts
    rows = {
        "next": (wording.NEXT_LIKE_THESE, bayes.next_person),
        "these": (wording.average_in_these(story.n), bayes.these_persons),
        "average": (wording.AVERAGE_OF_ALL, bayes.mean),
    }
    order = ["next", "these"] if story.fit.purpose == "next" else ["these", "next"]
    table = [
        (
            wording.was_asked(rows[key][0]) if key == story.fit.purpose else rows[key][0],
            amounts.difference(rows[key][1].mean),
            capitalised(amounts.interval(rows[key][1].ci_low, rows[key][1].ci_high)),
        )
        for key in (*order, "average")
    ]
    spread = bayes.heterogeneity
    table.append(
        (
            wording.HOW_MUCH,
            f"{amounts.finer.number(spread.mean)} {story.fit.unit}",
            wording.from_to(
                amounts.finer.number(spread.ci_low), amounts.finer.number(spread.ci_high)
            ),
        )
    )
    return Table(
        caption=wording.answer_caption(
            compared=story.compared,
            outcome=story.fit.outcome,
            measured=story.measured,
            level=story.level,
        ),
        columns=wording.ANSWER_COLUMNS,
        rows=tuple(table),
        widths=(6, 4, 6),
        note=wording.answer_note(story.fit.bayes.estimand),
    )


def _in_words(story: PooledReportInput) -> Iterator[str]:
    """Yield both answers in words, the one that was asked for first."""
    bayes, amounts, verdict = story.fit.bayes, story.amounts, story.fit.verdict
    if verdict is not None:
        asked, other = these_sentence(story, verdict), next_sentence(story, verdict)
        if story.fit.purpose == "next":
            asked, other = other, asked
        if story.fit.purpose is None:
            yield from (asked, other)
        else:
            yield from (wording.asked(asked), wording.other_question(other))
    meaningful = bayes.next_person.p_meaningful
    yield wording.next_chances(
        better=percent(bayes.next_person.p_better),
        size=story.size,
        meaningful=None if meaningful is None else percent(meaningful),
    )
    yield wording.average_over_all(
        measured=story.measured,
        average=amounts.difference(bayes.mean.mean),
        interval=amounts.interval(bayes.mean.ci_low, bayes.mean.ci_high),
    )
    yield spread_sentence(story)


def spread_sentence(story: PooledReportInput) -> str:
    """Return how much persons differ, in words."""
    heterogeneity, amounts = story.fit.bayes.heterogeneity, story.amounts.finer
    return wording.spread(
        sd=amounts.number(heterogeneity.mean),
        unit=story.fit.unit,
        level=story.level,
        low=amounts.number(heterogeneity.ci_low),
        high=amounts.number(heterogeneity.ci_high),
        normal=story.fit.bayes.population == "normal",
        hardly=amounts.is_nothing(heterogeneity.ci_low),
    )


def _rule(story: PooledReportInput, verdict: PooledVerdict) -> str:
    sized = story.fit.mcid is not None
    return wording.how_judged(
        sizes=wording.enough_means(story.size) if sized else wording.NO_SIZES,
        rule=rule_sentences(verdict, sized=sized),
    )


# --- The next person -----------------------------------------------------------------------------


def next_section(story: PooledReportInput) -> Section:
    """Return what to expect for the next person: icons, forecast, SD between persons."""
    elements: list[Element] = [Text(_of_hundred(story)), _icons(story), _forecast(story)]
    return Section("next", wording.NEXT, tuple(elements))


@dataclass(frozen=True, slots=True)
class _Kind:
    """Some of 100 next persons: how they would do, and how many they are."""

    words: str
    count: int

    @property
    def said(self) -> str:
        """Return the count in words, never none and never all."""
        return wording.NEVER_NONE_OR_ALL.get(self.count, str(self.count))


def _kinds(story: PooledReportInput) -> tuple[_Kind, _Kind, _Kind]:
    """Return better by enough, better by less and worse; without an MCID the first is empty."""
    chances = story.fit.bayes.next_person
    meaningful = chances.p_meaningful or 0.0
    little, worse = max(0.0, chances.p_better - meaningful), 1.0 - chances.p_better
    at_all, harm = wording.WOULD_DO
    enough, less = wording.better_by(story.size), wording.BETTER_BY_LESS
    if chances.p_meaningful is None:
        meaningful, little, enough, less = chances.p_better, 0.0, at_all, ""
    counts = split_of_hundred((meaningful, little, worse))
    return _Kind(enough, counts[0]), _Kind(less, counts[1]), _Kind(harm, counts[2])


def _of_hundred(story: PooledReportInput) -> str:
    harm = story.fit.bayes.next_person.p_meaningfully_worse
    return wording.of_hundred(
        active=story.active,
        comparator=story.comparator,
        kinds=[
            wording.would_do(count=kind.said, kind=kind.words)
            for kind in _kinds(story)
            if kind.words
        ],
        size=story.size,
        harmed=None if harm is None else say_of_hundred(harm),
    )


def _icons(story: PooledReportInput) -> Figure:
    kinds = _kinds(story)
    key = [
        wording.icon_key(count=kind.said, kind=kind.words) if kind.words else "" for kind in kinds
    ]
    says = wording.icons_say([line for line in key if line])
    picture = keyed_icon_figure(
        IconMarks(counts=(kinds[0].count, kinds[1].count, kinds[2].count)),
        (key[0], key[1], key[2]),
        width=WIDTH,
        says=says,
    )
    return Figure(picture=picture, caption=wording.icons_caption(story.compared))


def _forecast(story: PooledReportInput) -> Figure:
    bayes, amounts = story.fit.bayes, story.amounts
    says = wording.forecast_says(
        average=amounts.difference(bayes.next_person.mean),
        interval=amounts.interval(bayes.next_person.ci_low, bayes.next_person.ci_high),
        sd=amounts.finer.number(bayes.heterogeneity.mean),
        unit=story.fit.unit,
        sd_low=amounts.finer.number(bayes.heterogeneity.ci_low),
        sd_high=amounts.finer.number(bayes.heterogeneity.ci_high),
    )
    return Figure(
        picture=forecast_figure(forecast_marks(story.fit), width=WIDTH, says=says),
        caption=wording.forecast_caption(sized=bool(story.fit.mcid), level=story.level),
    )


# --- Heterogeneity -------------------------------------------------------------------------------


def heterogeneity_section(story: PooledReportInput) -> Section:
    """Return how much persons differ, and what must not be mistaken for it."""
    bayes, amounts = story.fit.bayes, story.amounts.finer
    spread = bayes.heterogeneity
    rows: list[tuple[str, str, str]] = [
        (
            wording.SD_OF_TRUE,
            f"{amounts.number(spread.mean)} {story.fit.unit}",
            wording.ends(amounts.number(spread.ci_low), amounts.number(spread.ci_high)),
        ),
        (
            wording.SD_OF_OWN,
            f"{amounts.number(story.naive_sd)} {story.fit.unit}",
            "",
        ),
    ]
    for words, chance in zip(*_shares(story), strict=True):
        rows.append((words, percent(chance), ""))
    table = Table(
        caption=wording.heterogeneity_caption(measured=story.measured, compared=story.compared),
        columns=("", wording.ESTIMATE, wording.interval_of(story.level)),
        rows=tuple(rows),
        widths=(7, 3, 3),
        note=wording.SHARES_NOTE,
    )
    return Section("heterogeneity", wording.HETEROGENEITY, (Text(_not_noise(story)), table))


def _shares(story: PooledReportInput) -> tuple[list[str], list[float]]:
    chances = story.fit.bayes.next_person
    words, shares = [wording.SHARE_BETTER], [chances.p_better]
    if chances.p_meaningful is not None and chances.p_meaningfully_worse is not None:
        words += [wording.share_better_by(story.size), wording.share_worse_by(story.size)]
        shares += [chances.p_meaningful, chances.p_meaningfully_worse]
    return words, shares


def _not_noise(story: PooledReportInput) -> str:
    amounts = story.amounts.finer
    return wording.not_noise(
        own_sd=amounts.number(story.naive_sd),
        unit=story.fit.unit,
        sd=amounts.number(story.fit.bayes.heterogeneity.mean),
    )
