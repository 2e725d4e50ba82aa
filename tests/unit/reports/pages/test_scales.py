"""Ends and unit of every scale are printed, on the booklet and on the clinician's pages."""

from __future__ import annotations

import re

from nof1.protocol.protocol import Protocol
from nof1.reports.pages.clinician import clinician_data
from nof1.reports.pages.participant import participant_data
from nof1.reports.pages.scales import scale_ends, scale_for_office, scale_said
from support.printed import bundled, printed, texts

HOURS = {
    "id": "sleep", "title": "Hours slept", "question": "How long did you sleep?",
    "scale": "numeric", "role": "secondary", "every_days": 1, "recall_days": 1,
    "low": 0, "high": 7, "step": 0.5, "better": "higher", "unit": "hours",
}  # fmt: skip


def with_outcome(**fields) -> Protocol:
    data = bundled("magnesium-rls").model_dump(by_alias=True)
    data["outcomes"] += (HOURS | fields,)
    return Protocol.model_validate(data)


def test_a_scale_without_words_has_its_unit():
    outcome = with_outcome().outcomes[-1]
    assert scale_said(outcome) == "0 to 7 hours"
    assert scale_ends(outcome) == ["0 = lowest", "7 = highest"]
    assert scale_for_office(outcome) == "0 to 7 hours; higher is better"


def test_words_for_the_ends_stand_beside_the_unit():
    outcome = with_outcome(low_label="none", high_label="all night").outcomes[-1]
    assert scale_said(outcome) == "0 to 7 hours: 0 = none, 7 = all night"


def test_every_scale_stands_on_both_pages_daily_weekly_or_in_items():
    for fields in ({}, {"every_days": 7}):
        trial = printed(with_outcome(**fields))
        booklet = "\n".join(texts(participant_data(trial)))
        office = "\n".join(texts(clinician_data(trial)))
        for outcome in trial.protocol.outcomes:
            assert scale_said(outcome) in booklet or scale_ends(outcome)[1] in booklet
            assert scale_for_office(outcome) in office
        assert not re.search(r"\b0, 7\b", booklet)
