"""The clinician's report: what became of every score, and of what was promised for them."""

from __future__ import annotations

from nof1.inference.checks.untaken_doses import untaken_ends
from nof1.reports.layout.elements import Table
from nof1.reports.report_input import ReportInput
from nof1.words.numbers import capitalised, listed

_STRATEGIES = {
    "treatment-policy": "treatment policy",
    "hypothetical": "hypothetical",
    "composite": "composite",
    "while-on-treatment": "while on treatment",
    "principal-stratum": "principal stratum",
}


def account_table(story: ReportInput) -> Table:
    """Return every row and every expected day of the primary outcome by what became of it."""
    account = story.primary.account
    arms = story.data.arms
    return Table(
        caption=f"What became of every score: {story.primary.title}",
        columns=("", *(story.arm(arm).label for arm in arms), "On no arm", "All"),
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
                "All",
                *(str(sum(count.by_arm[arm] for count in account.counted)) for arm in arms),
                str(sum(count.on_no_arm for count in account.counted)),
                str(account.total),
            ),
        ),
        widths=(6, *(3 for _ in arms), 2, 2),
        note="Scores given and scores expected, each counted once.",
    )


def events_table(story: ReportInput) -> Table:
    """Return the intercurrent events the protocol speaks of, as promised, and what was kept."""
    note = (
        "As promised. The log has no entry by which scores would be left out for one of these "
        "events: none was."
    )
    ends = untaken_ends(story.data)
    if ends:
        periods = listed([f"period {end.period}" for end in ends])
        note += (
            f" Yet no dose was taken at the end of {periods}: what became of the scores there "
            "stands under the warnings."
        )
    return Table(
        caption="Intercurrent events and their strategy",
        columns=("Event", "Strategy", "Handling promised"),
        rows=tuple(
            (event.event, _STRATEGIES[event.strategy], event.handling)
            for event in story.protocol.estimand.intercurrent_events
        ),
        widths=(5, 3, 6),
        note=note,
    )
