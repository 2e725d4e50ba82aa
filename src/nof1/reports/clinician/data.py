"""The clinician's report: what became of every score, and of what was promised for them."""

from __future__ import annotations

from nof1.inference.checks.untaken_doses import untaken_ends
from nof1.reports.layout.elements import Table
from nof1.reports.report_input import ReportInput
from nof1.words import course as words
from nof1.words.numbers import capitalised


def account_table(story: ReportInput) -> Table:
    """Return every row and every expected day of the primary outcome by what became of it."""
    account = story.primary.account
    arms = story.data.arms
    return Table(
        caption=words.account_caption(title=story.primary.title),
        columns=("", *(story.arm(arm).label for arm in arms), words.ON_NO_ARM, words.ALL),
        rows=(
            *(
                (
                    capitalised(count.what),
                    *(str(count.by_arm[arm]) for arm in arms),
                    str(count.on_no_arm),
                    str(count.n),
                )
                for count in account.counted
            ),
            (
                words.ALL,
                *(str(sum(count.by_arm[arm] for count in account.counted)) for arm in arms),
                str(sum(count.on_no_arm for count in account.counted)),
                str(account.total),
            ),
        ),
        widths=(6, *(3 for _ in arms), 2, 2),
        note=words.ACCOUNT_NOTE,
    )


def events_table(story: ReportInput) -> Table:
    """Return the intercurrent events the protocol speaks of, as promised, and what was kept."""
    note = words.EVENTS_NOTE
    ends = untaken_ends(story.data)
    if ends:
        note += words.untaken_note(periods=[end.period for end in ends])
    return Table(
        caption=words.EVENTS_CAPTION,
        columns=words.EVENTS_COLUMNS,
        rows=tuple(
            (event.event, words.STRATEGIES[event.strategy], event.handling)
            for event in story.protocol.estimand.intercurrent_events
        ),
        widths=(5, 3, 6),
        note=note,
    )
