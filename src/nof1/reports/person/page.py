"""The person's result on one page, in plain words and large type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nof1.figures.drawing import Picture
from nof1.figures.icons import IconMarks, icon_figure
from nof1.figures.scores import person_figure, score_marks
from nof1.inference.fits import LikelihoodFit, PosteriorFit
from nof1.inference.result import Contrast, VerdictCode
from nof1.inference.summaries import Chances
from nof1.provenance import software
from nof1.reports.layout.typesetting import Paper, timestamp_of, typeset
from nof1.reports.person.conduct import first_of_all, person_blinding, person_effects
from nof1.reports.report_input import ReportInput
from nof1.words import person as wording
from nof1.words.amounts import Amounts
from nof1.words.numbers import listed, of_hundred, say_of_hundred


def person_page(story: ReportInput, *, paper: Paper = "a4") -> bytes:
    """Return the person's result as a PDF of one page.

    Parameters
    ----------
    story : ReportInput
        The finished trial.
    paper : {"a4", "letter"}
        Size of the sheet.
    """
    return typeset(
        "person",
        person_view(story),
        title=wording.RESULT,
        timestamp=timestamp_of(story.unsealing.when),
        paper=paper,
    )


def person_view(story: ReportInput) -> dict[str, Any]:
    """Return everything the person's page prints."""
    contrast = story.primary.primary
    fit = contrast.answer
    return {
        "language": wording.LANGUAGE,
        "head": [wording.RESULT, f"{wording.PARTICIPANT} {story.schedule.participant}"],
        "foot": wording.FOOT.format(software=software()),
        "pages": wording.PAGES,
        "question": story.protocol.question,
        "compared": " ".join(_compared(story)),
        "headline": _headline(story, contrast, wording.HEADLINES),
        "explanation": " ".join(_explanation(story, contrast)),
        "further": [
            _headline(story, other, wording.FURTHER) for other in story.primary.contrasts[1:]
        ],
        "further_title": wording.FURTHER_TITLE,
        "sure": _sure(story, contrast, fit) if fit else None,
        "big": _big(story, contrast, fit) if fit else None,
        "first": first_of_all(story),
        "scores": {
            "title": wording.SCORES_TITLE[story.primary.better],
            "picture": _as_data(_own_scores(story)),
        },
        "effects": person_effects(story),
        "limits": {"title": wording.LIMITS_TITLE, "lines": list(_limits(story))},
        "next": {
            "title": wording.NEXT_TITLE,
            "text": f"{wording.NEXT} {wording.NEXT_KEEP}",
            "contact": _contact(story.contacts),
        },
    }


def _contact(contacts: tuple[str, ...]) -> list[str]:
    """Return whom to ask, a line each."""
    if not contacts:
        return [wording.CONTACT_NOBODY]
    if len(contacts) == 1:
        return [wording.CONTACT.format(contact=contacts[0].rstrip("."))]
    return [wording.CONTACT_SEVERAL, *contacts]


def _as_data(picture: Picture) -> dict[str, str]:
    return {"svg": picture.svg, "says": picture.says}


# --- What was compared, what was found -----------------------------------------------------------


def _compared(story: ReportInput) -> Iterator[str]:
    arms = [*story.data.arms[1:], story.data.arms[0]]
    counts = [story.n_periods_of(arm) for arm in arms]
    names = [story.arm(arm).plain for arm in arms]
    if len(set(counts)) == 1 and counts[0] > 1:
        yield wording.COMPARED_EACH.format(arms=listed(names), n=counts[0])
    else:
        ways = {0: wording.COMPARED_PART_NONE, 1: wording.COMPARED_PART_ONE}
        parts = [
            ways.get(n, wording.COMPARED_PART).format(arm=arm, n=n)
            for arm, n in zip(names, counts, strict=True)
        ]
        yield wording.COMPARED.format(arms=listed(parts))
    if story.silent:
        yield wording.COMPARED_SILENT.format(n=len(story.silent))
    yield wording.LENGTH.format(weeks=_weeks(story.protocol.design.period_days))
    yield from person_blinding(story)


def _weeks(days: int) -> str:
    if days % 7:
        return wording.DAYS.format(n=days)
    return wording.WEEK if days == 7 else wording.WEEKS.format(n=days // 7)


def rung(chance: float) -> str:
    """Return the word of the ladder for a chance; on a boundary the more cautious one."""
    return next(word for above, word in wording.LADDER if chance > above or not above)


def _names(story: ReportInput, contrast: Contrast) -> dict[str, str]:
    return {
        "active": story.arm(contrast.active).plain,
        "comparator": story.arm(contrast.comparator).plain,
    }


def _headline(story: ReportInput, contrast: Contrast, templates: dict[Any, str]) -> str:
    code = contrast.verdict.code
    fit = contrast.answer
    word = rung(0.0 if fit is None else _deciding(fit.chances, code))
    return templates[code].format(likely=word, are=wording.ARE[word], **_names(story, contrast))


def _deciding(chances: Chances, code: VerdictCode) -> float:
    """Return the chance that a verdict's headline speaks of."""
    if code == "no-meaningful-difference":
        return chances.trivial or 0.0
    return chances.worse if code == "makes-worse" else chances.better


def _explanation(story: ReportInput, contrast: Contrast) -> Iterator[str]:
    code = contrast.verdict.code
    fit = contrast.answer
    meaningful = fit.chances.meaningful if fit else None
    yield wording.EXPLANATIONS[code].format(
        size_is=wording.IS[rung(meaningful or 0.0)], **_names(story, contrast)
    )
    because = contrast.verdict.because
    if because is not None and code == "cannot-tell":
        yield wording.BECAUSE[because].format(**_names(story, contrast))
    elif code == "cannot-tell":
        yield _further_rounds(story, contrast.verdict.further_cycles)


def _further_rounds(story: ReportInput, more: int | None) -> str:
    if more is None:
        return wording.NO_MORE_ROUNDS
    design = story.protocol.design
    round_days = len(story.data.arms) * (design.period_days + design.washout_days)
    template = wording.MORE_ROUND if more == 1 else wording.MORE_ROUNDS
    return template.format(n=more, weeks=_weeks(round_days))


# --- How sure, how big ---------------------------------------------------------------------------


def _sure(story: ReportInput, contrast: Contrast, fit: PosteriorFit) -> dict[str, Any]:
    better, meaningful = fit.chances.better, fit.chances.meaningful
    first = of_hundred(better)
    marks = IconMarks(counts=(first, 0, 100 - first))
    active = story.arm(contrast.active).plain
    n, m = say_of_hundred(better), say_of_hundred(1.0 - better)
    says = wording.SURE_SAYS.format(n=n, m=m, active=active)
    return {
        "title": wording.SURE_TITLE,
        "picture": _as_data(icon_figure(marks, width=2.0, says=says)),
        "intro": wording.SURE_PICTURE,
        "better": [wording.SURE_COUNT.format(n=n), wording.SURE_BETTER.format(active=active)],
        "not": [wording.SURE_COUNT.format(n=m), wording.SURE_NOT],
        "meaningful": (
            None
            if meaningful is None
            else wording.SURE_MEANINGFUL.format(n=say_of_hundred(meaningful))
        ),
    }


def _big(story: ReportInput, contrast: Contrast, fit: PosteriorFit) -> dict[str, Any]:
    analysis = story.primary
    amounts = Amounts.of(analysis)
    difference = _difference(amounts, fit.estimate)
    ends = fit.ci_low, fit.ci_high
    if all(map(amounts.is_nothing, ends)):
        interval = wording.WITHIN.format(least=amounts.least)
    else:
        interval = amounts.interval(*ends, nothing=wording.NOTHING)
    scale = {"low": f"{analysis.low:g}", "high": f"{analysis.high:g}", "unit": analysis.unit}
    lines = [
        wording.BIG_GUESS.format(active=story.arm(contrast.active).plain, difference=difference),
        wording.BIG_RANGE.format(interval=interval),
        wording.BIG_SCALE.format(**scale),
    ]
    if analysis.mcid is not None:
        lines.append(wording.BIG_LEAST.format(mcid=f"{analysis.mcid:g}"))
    if isinstance(fit, LikelihoodFit):
        lines.append(wording.BIG_LIKELIHOOD[fit.likelihood])
    both = contrast.fit("population")
    if both is not None and not both.unlike:
        n = both.prior.n_persons
        template = wording.BIG_OTHERS_ONE if n == 1 else wording.BIG_OTHERS
        others = _difference(amounts, both.estimate)
        lines.append(template.format(n=n, difference=others))
    return {"title": wording.BIG_TITLE, "lines": lines}


def _difference(amounts: Amounts, value: float) -> str:
    return wording.NOTHING if amounts.is_nothing(value) else amounts.difference(value)


# --- Scores, limits -------------------------------------------------------------------------


def _own_scores(story: ReportInput) -> Picture:
    description, series = story.descriptions[0], story.data.masked.series[0]
    names = {arm: story.arm(arm).plain for arm in story.data.arms}
    amounts = Amounts.of(story.primary)
    said = []
    for arm, name in names.items():
        means = [
            amounts.number(period.mean)
            for period in description.periods
            if period.arm == arm and period.mean is not None
        ]
        template = wording.SCORES_ARM if means else wording.SCORES_NONE
        said.append(template.format(arm=name, means=listed(means) if means else ""))
    return person_figure(
        score_marks(description, title=story.primary.title, scale=series.scale, names=names),
        width=7.1,
        height=1.7,
        says=wording.SCORES_SAYS.format(arms=". ".join(said)),
    )


def _limits(story: ReportInput) -> Iterator[str]:
    protocol, blind = story.protocol, story.blind
    guessed = blind.guessed is not None and blind.guessed.beyond_chance
    if protocol.blinding.mode != "double-blind" or blind.known_early or guessed:
        yield wording.LIMIT_KNEW
    if not story.doses_recorded:
        yield wording.LIMIT_DOSES
    yield wording.LIMIT_DOSE if protocol.is_of_magnesium else wording.LIMIT_HOW
    if any(outcome.scale == "irls" for outcome in protocol.outcomes):
        yield wording.LIMIT_IRON
    yield wording.LIMIT_OTHERS
