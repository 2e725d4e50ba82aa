"""The clinician's report: what could not be told, and where the report comes from."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.reports.clinician.reliability import NOTABLE_P
from nof1.reports.layout.elements import Bullets, Facts, Section
from nof1.reports.report_input import ReportInput


def limits_section(story: ReportInput) -> Section:
    """Return what this trial cannot tell, whatever its result."""
    return Section("limits", "What could not be told", (Bullets(tuple(_limits(story))),))


def _limits(story: ReportInput) -> Iterator[str]:
    protocol, contrast = story.protocol, story.primary.primary
    yield "The result speaks of this person, over periods like these; not of other people."
    if protocol.is_of_magnesium:
        yield "Other doses, forms and times of day were not compared."
    else:
        yield "More, less or other ways of doing it were not compared."
    if story.carryover.fixed_days is None and not story.carryover.narrowed:
        yield "How long an effect lasts after a switch: the half-life is barely identified."
    if protocol.blinding.mode != "double-blind":
        yield (
            "How much of a difference comes from knowing the arm: the person knew it, so any "
            "benefit is that of the treatment and of knowing about it."
        )
    elif story.blind.guessed is None:
        yield "Whether the blind held: no guess that could tell is on record."
    if not story.doses_recorded:
        yield "Whether doses were taken as planned: none is on record."
    test = contrast.fit("randomisation")
    if test is not None and test.min_p_value > NOTABLE_P:
        yield (
            f"Whether p is below {NOTABLE_P}: with so few possible orders no result could have "
            "reached it."
        )
    if any(outcome.scale == "irls" for outcome in protocol.outcomes):
        yield "Whether low iron plays a part: the trial does not test it."
    yield "Rare or late side effects: one trial of one person is too short for them."


def _contacts(contacts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield whom to ask: a numbered fact a line when there are several."""
    if len(contacts) < 2:
        yield "Contact", contacts[0] if contacts else "nobody was named"
        return
    for number, line in enumerate(contacts, start=1):
        yield f"Contact {number}", line


def provenance_section(story: ReportInput) -> Section:
    """Return versions and digests, and how to make this report again."""
    versions = ", ".join(f"{name} {number}" for name, number in story.versions)
    facts = (
        ("Software", versions),
        (
            "Protocol",
            f"{story.protocol.name} {story.protocol.version}, SHA-256 {story.protocol_digest}",
        ),
        ("Commitment", story.commitment),
        ("Head of the log", story.log_head),
        *_contacts(story.contacts),
        (
            "Again",
            "The same trial folder and the same versions give this report byte for byte; no seed "
            "is needed, since no engine above uses random numbers"
            + (
                " except in posteriors that are drawn from, whose seed is fixed."
                if story.primary.primary.fit("nuts") or story.primary.primary.fit("likelihood")
                else "."
            ),
        ),
    )
    return Section("provenance", "Where it comes from", (Facts(facts),))
