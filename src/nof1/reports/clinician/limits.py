"""The clinician's report: what could not be told, and where the report comes from."""

from __future__ import annotations

from collections.abc import Iterator

from nof1.inference.fits import NOTABLE_P
from nof1.reports.layout.elements import Bullets, Facts, Section
from nof1.reports.report_input import ReportInput
from nof1.words import course as words


def limits_section(story: ReportInput) -> Section:
    """Return what this trial cannot tell, whatever its result."""
    return Section("limits", words.LIMITS, (Bullets(tuple(_limits(story))),))


def _limits(story: ReportInput) -> Iterator[str]:
    protocol, contrast = story.protocol, story.primary.primary
    yield words.OF_THIS_PERSON
    yield words.OTHER_DOSES if protocol.is_of_magnesium else words.OTHER_WAYS
    if story.carryover.fixed_days is None and not story.carryover.narrowed:
        yield words.HOW_LONG
    if protocol.blinding.mode != "double-blind":
        yield words.KNEW
    elif story.blind.guessed is None:
        yield words.BLIND_UNKNOWN
    if not story.doses_recorded:
        yield words.DOSES_UNKNOWN
    test = contrast.fit("randomisation")
    if test is not None and test.min_p_value > NOTABLE_P:
        yield words.never_below(p=NOTABLE_P)
    if any(outcome.scale == "irls" for outcome in protocol.outcomes):
        yield words.IRON
    yield words.RARE


def _contacts(contacts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield whom to ask: a numbered fact a line when there are several."""
    if len(contacts) < 2:
        yield words.CONTACT, contacts[0] if contacts else words.NOBODY
        return
    for number, line in enumerate(contacts, start=1):
        yield words.numbered_contact(number=number), line


def provenance_section(story: ReportInput) -> Section:
    """Return versions and digests, and how to make this report again."""
    versions = ", ".join(f"{name} {number}" for name, number in story.versions)
    protocol, primary = story.protocol, story.primary.primary
    drawn_from = primary.fit("nuts") is not None or primary.fit("likelihood") is not None
    facts = (
        (words.SOFTWARE, versions),
        (
            words.PROTOCOL,
            words.protocol(
                name=protocol.name, version=protocol.version, digest=story.protocol_digest
            ),
        ),
        (words.COMMITMENT, story.commitment),
        (words.LOG_HEAD, story.log_head),
        *_contacts(story.contacts),
        (words.AGAIN, words.again(drawn_from=drawn_from)),
    )
    return Section("provenance", words.PROVENANCE, (Facts(facts),))
