"""Results as a notebook shows them: a tidy table and a figure, in HTML that needs nothing else."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from html import escape

from nof1.inference.fits import BayesianFit, Fit, NotRun
from nof1.inference.result import Analysis, Contrast
from nof1.inference.summaries import Summary
from nof1.pooling.result.averages import Average
from nof1.pooling.result.pooled_fit import PooledFit
from nof1.reports.terminal.analysis import verdict_line
from nof1.reports.terminal.pooled import pooled_verdict_lines
from nof1.words import figures
from nof1.words.amounts import Amounts
from nof1.words.numbers import counted, level_text, p_value, percent

#: Analyses listed at most; of more, the first.
LISTED = 200
#: Characters of the longest word that is left whole in a table.
WORD = 30


def analysis_html(analysis: Analysis, png: bytes, notes: Sequence[str]) -> str:
    """Return one analysis: its verdict, every engine, its figure, and what should be known of it.

    Parameters
    ----------
    analysis : Analysis
        Finished.
    png : bytes
        The figure.
    notes : sequence of str
        What should be known of it.
    """
    amounts = Amounts.of(analysis).finer
    parts = [_paragraph(f"{analysis.person}: {analysis.title}", _scale_of(analysis))]
    for contrast in analysis.contrasts:
        said = verdict_line(contrast) if contrast.answer is not None else ""
        rows = [row for name in contrast.engines for row in _engine_rows(contrast, name, amounts)]
        parts.append(_paragraph(_pair(contrast), said))
        parts.append(_table(("Engine", "Estimates", "Estimate", "Interval", "Evidence"), rows))
    parts += [_picture(png, "Scores by arm, and the posterior below"), _notes(notes)]
    return _framed(parts)


def analyses_html(analyses: Sequence[Analysis], png: bytes, notes: Sequence[str]) -> str:
    """Return several analyses: a row for each contrast, a figure of them, and their notes."""
    several = len({analysis.outcome for analysis in analyses}) > 1
    pairs = dict.fromkeys(_pair(arms) for analysis in analyses for arms in analysis.contrasts)
    outcome, arms = ("Outcome",) if several else (), ("Arms",) if len(pairs) > 1 else ()
    rows = [
        row
        for analysis in analyses[:LISTED]
        for row in _contrast_rows(analysis, with_outcome=several, with_arms=bool(arms))
    ]
    columns = (
        "Person",
        *outcome,
        *arms,
        "Scores",
        figures.ESTIMANDS["steady-state"],
        "Interval",
        "Better",
        "Meaningful",
    )
    people = counted(len({analysis.person for analysis in analyses}), "person")
    about = "; ".join([*([] if arms else pairs), *([] if several else [_scale_of(analyses[0])])])
    more = len(analyses) - LISTED
    return _framed(
        [
            _paragraph(people, about),
            _table((*columns, "Verdict"), rows),
            _paragraph("", f"and {more:,} more") if more > 0 else "",
            _picture(png, "The effect in everybody"),
            _notes(notes),
        ]
    )


def pooled_html(fit: PooledFit, png: bytes, notes: Sequence[str]) -> str:
    """Return a pooled answer: averages, what to expect of the next person, and the forest."""
    span = fit.scale.high - fit.scale.low
    amounts = Amounts.on_scale(span, unit=fit.unit, better=fit.better).finer
    pair = f"{fit.contrast.active} against {fit.contrast.comparator}"
    ends = f"{fit.scale.low:g} to {fit.scale.high:g} {fit.unit}, {fit.better} is better"
    return _framed(
        [
            _paragraph(f"{counted(fit.n_persons, 'person')}: {fit.outcome}", f"{pair}; {ends}"),
            _paragraph("", _pooled_verdict(fit)),
            _table(("", "Estimate", "Interval", "Evidence"), list(_pooled_rows(fit, amounts))),
            _picture(png, "Every person, the average and the next person"),
            _notes(notes),
        ]
    )


def _scale_of(analysis: Analysis) -> str:
    mcid = "" if analysis.mcid is None else f"; smallest that matters {analysis.mcid:g}"
    return (
        f"{analysis.low:g} to {analysis.high:g} {analysis.unit}, {analysis.better} is better{mcid}"
    )


def _engine_rows(contrast: Contrast, name: str, amounts: Amounts) -> Iterator[tuple[str, ...]]:
    """Yield what an engine says, of the difference as scheduled too where it says that."""
    fit, label = contrast.engines[name], figures.ENGINES.get(name, name)
    if isinstance(fit, NotRun):
        yield (label, "", "not run", "", f"{fit.why[:1].upper()}{fit.why[1:]}.")
        return
    yield (
        label,
        figures.ESTIMANDS[fit.estimand],
        amounts.cell(fit.estimate),
        _interval(amounts, fit.ci_low, fit.ci_high, fit.level),
        _evidence(fit),
    )
    if fit.scheduled is not None:
        yield (
            label,
            figures.ESTIMANDS["as-scheduled"],
            *_cells(amounts, fit.scheduled, fit.level),
            "",
        )


def _evidence(fit: Fit) -> str:
    if isinstance(fit, BayesianFit):
        return f"better {percent(fit.chances.better, digits=1)}"
    return p_value(fit.p_value)


def _pair(contrast: Contrast) -> str:
    return f"{contrast.active} against {contrast.comparator}"


def _contrast_rows(
    analysis: Analysis, *, with_outcome: bool, with_arms: bool
) -> Iterator[tuple[str, ...]]:
    amounts = Amounts.of(analysis)
    outcome = (analysis.outcome,) if with_outcome else ()
    for contrast in analysis.contrasts:
        arms = (_pair(contrast),) if with_arms else ()
        about = (analysis.person, *outcome, *arms, str(analysis.n_scores))
        answer = contrast.answer
        if answer is None:
            yield (*about, "not run", "", "", "", "")
            continue
        meaningful = answer.chances.meaningful
        yield (
            *about,
            *_cells(amounts, answer.effect, answer.level),
            percent(answer.chances.better),
            "" if meaningful is None else percent(meaningful),
            verdict_line(contrast),
        )


def _pooled_verdict(fit: PooledFit) -> str:
    """Return the verdicts on what was asked; empty without any."""
    if fit.verdict is None:
        return ""
    pair = fit.contrast.active, fit.contrast.comparator
    return " ".join(pooled_verdict_lines(fit, pair, fit.verdict))


def _pooled_rows(fit: PooledFit, amounts: Amounts) -> Iterator[tuple[str, ...]]:
    level, following = fit.bayes.ci_level, fit.bayes.next_person
    chance = f"better {percent(following.p_better)}"
    if fit.mcid is not None and following.p_meaningful is not None:
        chance += f", by {amounts.size(fit.mcid)} or more {percent(following.p_meaningful)}"
    for name, summary, evidence in (
        ("Average in persons like them", fit.bayes.mean, ""),
        ("Average in these persons", fit.bayes.these_persons, ""),
        ("Next person", following, chance),
    ):
        yield (name, *_cells(amounts, summary, level), evidence)
    differ = fit.bayes.heterogeneity
    ends = f"{amounts.number(differ.ci_low)} to {amounts.number(differ.ci_high)}"
    yield ("SD between persons", amounts.number(differ.mean), f"{level_text(level)}: {ends}", "")
    average = fit.frequentist.reml
    if isinstance(average, Average):
        yield (
            "Meta-analysis by REML, as scheduled",
            amounts.cell(average.estimate),
            _interval(amounts, average.ci_low, average.ci_high, average.ci_level),
            p_value(average.p_value),
        )


def _cells(amounts: Amounts, summary: Summary, level: float) -> tuple[str, str]:
    return amounts.cell(summary.mean), _interval(amounts, summary.ci_low, summary.ci_high, level)


def _interval(amounts: Amounts, low: float, high: float, level: float) -> str:
    return f"{level_text(level)}: {amounts.interval_cell(low, high)}"


# --- HTML ----------------------------------------------------------------------------------------


def _framed(parts: Sequence[str]) -> str:
    return f'<div class="nof1">{"".join(parts)}</div>'


def _paragraph(head: str, text: str) -> str:
    if not head and not text:
        return ""
    strong = f"<strong>{escape(head)}</strong>" if head else ""
    between = ". " if strong and text else ""
    return f'<p style="margin:0.5em 0">{strong}{between}{escape(text)}</p>'


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose cells stand to the left, as words do."""
    left = ' style="text-align:left;vertical-align:top;padding:0.1em 1em 0.1em 0"'

    def line(cells: Sequence[str], tag: str) -> str:
        return f"<tr>{''.join(f'<{tag}{left}>{_cell(cell)}</{tag}>' for cell in cells)}</tr>"

    head, body = line(columns, "th"), "".join(line(row, "td") for row in rows)
    return f"<table><thead>{head}</thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    """Return a text in which no number is parted from its sign of per cent, and long words are."""
    shown = escape(text).replace(" %", "&nbsp;%")
    if max(map(len, text.split()), default=0) <= WORD:
        return shown
    return f'<div style="overflow-wrap:anywhere;min-width:12em">{shown}</div>'


def _notes(notes: Sequence[str]) -> str:
    if not notes:
        return ""
    items = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return f"<details><summary>{counted(len(notes), 'note')}</summary><ul>{items}</ul></details>"


def _picture(png: bytes, says: str) -> str:
    data = base64.b64encode(png).decode()
    return (
        f'<p style="margin:0.5em 0"><img alt="{escape(says)}" style="max-width:100%"'
        f' src="data:image/png;base64,{data}"></p>'
    )
