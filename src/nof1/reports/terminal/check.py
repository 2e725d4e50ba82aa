"""The state of a running trial, as ``nof1 check`` shows it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from nof1.trial.blinding import early_openings
from nof1.trial.checking import Check, TrialWeek
from nof1.trial.comparing import WITH_PAPER
from nof1.trial.folder import Trial
from nof1.words.numbers import numbered, severity


def check_lines(trial: Trial, check: Check) -> Iterator[str]:
    """Yield the lines of a check."""
    yield f"Trial of {check.person}: {trial.protocol.title}"
    yield from _compared_lines(check)
    for record in check.beside:
        yield f"Take note: {record.said}"
    if check.unsealed:
        yield "The trial is locked and unsealed."
    elif check.locked:
        yield "The trial is locked; the allocation is sealed."
    yield from (f"! {sentence}" for sentence in check.severe)
    yield from check.above_limit
    yield from _score_lines(check, trial.schedule.visits[0].isoformat())
    yield from _doubt_lines(check)
    yield from _dose_lines(check)
    yield from _covariate_lines(check)
    yield from _effect_lines(check)
    yield from _guess_lines(check)
    if check.corrections:
        yield f"Corrections in the log: {check.corrections}."
    yield from _opening_lines(trial)
    if check.contact_changes:
        yield f"Changes of the contacts in the log: {check.contact_changes}."
    if check.outdated_pages:
        yield (
            f"Printed with contacts that have changed since: {', '.join(check.outdated_pages)}. "
            f"Print again: nof1 print {shlex.quote(str(trial.folder))}"
        )


def _compared_lines(check: Check) -> Iterator[str]:
    """Yield what agrees in the folder; then what was held against paper, or how to do so.

    What differs is the reason for which the check is refused at its end.
    """
    for comparison in check.compared.made:
        if comparison.what not in WITH_PAPER and comparison.outcome == "same":
            yield comparison.said
    with_paper = [comparison for comparison in check.compared.made if comparison.what in WITH_PAPER]
    if all(comparison.outcome == "not-compared" for comparison in with_paper):
        yield "Nothing was compared with paper; see `nof1 verify` and --commitment, --receipt."
        return
    for comparison in with_paper:
        yield comparison.said


def _opening_lines(trial: Trial) -> Iterator[str]:
    """Yield the periods opened early; what they tell of others is said to who opened them."""
    for opening in early_openings(trial.protocol, trial.entries, None):
        yield (
            f"Opened early: period {opening.period}, on {opening.when}, by {opening.by} "
            f"({opening.reason})."
        )


def _score_lines(check: Check, period_1: str) -> Iterator[str]:
    yield ""
    if not check.weeks:
        yield "No score is due yet."
        return
    yield f"Scores recorded of those planned, up to {check.due_until}"
    names = [count.outcome for count in check.weeks[0].scores]
    rows = [["week", "days", "period", *names]]
    rows += [_week_row(week, period_1) for week in check.weeks]
    totals = [
        (sum(week.scores[i].recorded for week in check.weeks),
         sum(week.scores[i].planned for week in check.weeks))
        for i in range(len(names))
    ]  # fmt: skip
    rows.append(["all", "", "", *(f"{got}/{planned}" for got, planned in totals)])
    yield from _columns(rows)
    for i, name in enumerate(names):
        missing = [day for week in check.weeks for day in week.scores[i].missing]
        if missing:
            yield f"  missing {name}: {_shortened(missing)}"


def _week_row(week: TrialWeek, period_1: str) -> list[str]:
    counts = [f"{count.recorded}/{count.planned}" for count in week.scores]
    outside = "run-in" if week.last_day < period_1 else "washout"
    period = "-".join(map(str, week.periods)) or outside
    return [str(week.number), f"{week.first_day} to {week.last_day}", period, *counts]


def _doubt_lines(check: Check) -> Iterator[str]:
    yield ""
    yield "Doubtful, to be looked up on the page" if check.doubts else "Nothing is doubtful."
    for doubt in check.doubts:
        yield f"  {doubt.outcome} {doubt.date}: {doubt.what}"


def _dose_lines(check: Check) -> Iterator[str]:
    yield ""
    if not any(doses.recorded for doses in check.doses):
        yield "No doses are recorded."
        return
    rows = [["period", "doses recorded", "taken"]]
    rows += [
        [
            str(doses.period),
            f"{doses.recorded}/{doses.days} days",
            "" if doses.taken is None else f"{doses.taken:.0%}",
        ]
        for doses in check.doses
    ]
    yield from _columns(rows)


def _covariate_lines(check: Check) -> Iterator[str]:
    if not check.covariates:
        return
    yield ""
    rows = [["covariate", "recorded"]]
    rows += [[count.covariate, f"{count.recorded}/{count.days} days"] for count in check.covariates]
    yield from _columns(rows)
    for covariate in check.covariates:
        if covariate.missing:
            yield f"  missing {covariate.covariate}: {_shortened(list(covariate.missing))}"


def _effect_lines(check: Check) -> Iterator[str]:
    yield ""
    if not check.side_effects:
        yield "No side effects are recorded."
        return
    rows = [["period", "side effect", "entries", "in weeks", "worst"]]
    rows += [
        [
            str(effect.period or "outside"),
            effect.event,
            str(effect.days),
            str(effect.weeks),
            severity(effect.worst),
        ]
        for effect in sorted(check.side_effects, key=lambda side_effect: -side_effect.worst)
    ]
    yield from _columns(rows)


def _guess_lines(check: Check) -> Iterator[str]:
    yield ""
    if check.guesses:
        yield f"Guesses are recorded for {numbered('period', [g.period for g in check.guesses])}."
    if check.guesses_missing:
        yield f"No guess is recorded for {numbered('period', check.guesses_missing)}."


def _shortened(days: list[str]) -> str:
    shown = ", ".join(days[:8])
    return shown if len(days) <= 8 else f"{shown} and {len(days) - 8} more"


def _columns(rows: list[list[str]]) -> Iterator[str]:
    """Yield the rows with their columns below each other."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        yield (
            "  "
            + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        )
