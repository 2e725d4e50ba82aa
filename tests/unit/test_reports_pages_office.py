"""The clinician's pages, the calendar file, and what the packer prints."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nof1.protocol.files import bundled_names
from nof1.protocol.protocol import Protocol
from nof1.reports.pages import words
from nof1.reports.pages.calendar import calendar_file
from nof1.reports.pages.clinician import clinician_data
from nof1.reports.pages.packer import (
    cards_data,
    emergency_data,
    labels_data,
    packing_data,
    qr_payload,
    qr_svg,
    units_in_kit,
)
from nof1.reports.pages.source import stamp
from nof1.reports.typesetting import typeset
from printed import allocated, bundled, n_pages, printed, texts, with_parts
from readability import too_hard

MAGNESIUM = bundled("magnesium-rls")
OPEN = bundled("magnesium-rls-open")
ORDER = ("placebo", "magnesium", "magnesium", "placebo", "placebo", "magnesium")


def named(protocol: Protocol) -> Protocol:
    """Return a protocol whose arms bear names that can stand nowhere by chance."""
    data = protocol.model_dump(by_alias=True)
    for number, arm in enumerate(data["arms"]):
        for field in ("label", "plain", "contents", "card", "product", "form"):
            arm[field] = f"Qxq{field}{number}"
        arm["id"] = f"qxq{number}"
    return Protocol.model_validate(data)


def pdf_of(template, data, trial, **options):
    return typeset(template, data, title="T", timestamp=stamp(trial), **options)


# --- Clinician -----------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("name", bundled_names())
def test_the_clinician_has_one_page_and_a_calendar(name, paper):
    trial = printed(bundled(name))
    assert n_pages(pdf_of("clinician", clinician_data(trial), trial, paper=paper)) == 2


@pytest.mark.parametrize("name", bundled_names())
def test_the_clinicians_pages_name_no_arm_of_a_period(name):
    assert "qxq" not in " ".join(texts(clinician_data(printed(named(bundled(name)))))).lower()


def test_the_clinicians_calendar_marks_every_visit_and_score_day():
    trial = printed(MAGNESIUM)
    months = clinician_data(trial)["calendar"]["months"]
    days = [day for month in months for day in month["days"]]
    assert [month["name"] for month in months][::6] == ["January 2027", "July 2027"]
    assert months[0]["skip"] == 4  # 1 January 2027 is a Friday
    assert sum(day["inside"] for day in days) == trial.schedule.n_days
    assert sum(day["visit"] for day in days) == len(trial.schedule.visits)
    assert sum(day["score"] for day in days) == len(trial.schedule.scoring["irls"])
    assert sum(day["shade"] is not None for day in days) == 6 * 28


def test_one_point_is_not_called_points():
    rows = clinician_data(printed(MAGNESIUM))["outcomes"]["rows"]
    assert [row[-1] for row in rows] == ["3 points", "1 point"]


def test_a_mornings_score_is_said_to_be_of_the_night_before():
    rows = clinician_data(printed(bundled("sleep-routine-rls")))["outcomes"]["rows"]
    assert {row[0]: row[2] for row in rows} == {
        "Legs tonight (primary)": "1 day",
        "Weekly restless legs score": "7 days",
        "Rested this morning": "the day before",
    }


def test_the_clinicians_page_says_the_rule_and_how_to_break_the_blind():
    said = " ".join(texts(clinician_data(printed(MAGNESIUM))))
    assert "at least 80% probability of a benefit of 3 points or more" in said
    assert "Masked: person, clinician, assessor and analyst." in said
    assert "open only the emergency note of the kit in use" in said
    assert "4f9a 21c0 7be3" in said
    assert "Stop and call 112:" in said
    assert "Mon 18 Jan to Sun 14 Feb 2027" in said


# --- Calendar file -------------------------------------------------------------------------------


def events_of(protocol):
    calendar = icalendar.Calendar.from_ical(calendar_file(printed(protocol)))
    return list(calendar.walk("VEVENT"))


def starts(events, prefix):
    return [event["dtstart"].dt for event in events if str(event["uid"]).startswith(prefix)]


def test_the_calendar_has_every_dose_visit_and_score_day():
    schedule, events = printed(MAGNESIUM).schedule, events_of(MAGNESIUM)
    doses = [event for event in events if str(event["uid"]).startswith("dose-")]
    assert [event["rrule"]["count"] for event in doses] == [[28]] * 6
    assert starts(events, "dose-")[0] == datetime(2027, 1, 18, 20, 0)
    assert starts(events, "visit-") == list(schedule.visits)
    assert starts(events, "score-") == list(schedule.scoring["irls"])
    assert starts(events, "last") == [schedule.end]
    assert len({event["uid"] for event in events}) == len(events)
    assert all(len(event.walk("VALARM")) == 1 for event in events)


def test_a_period_with_two_doses_a_day_has_two_reminders():
    timing = bundled("magnesium-timing")
    doses = starts(events_of(timing), "dose-")
    assert [(day.hour, day.minute) for day in doses[:2]] == [(12, 0), (20, 0)]
    assert len(doses) == 2 * timing.n_periods


def test_the_calendar_is_stamped_by_the_trial_not_the_clock():
    assert calendar_file(printed(MAGNESIUM)) == calendar_file(printed(MAGNESIUM))
    assert {event["dtstamp"].dt for event in events_of(MAGNESIUM)} == {
        datetime(2027, 1, 4, tzinfo=UTC)
    }


@pytest.mark.parametrize("name", bundled_names())
def test_the_calendar_names_neither_arm_nor_product(name):
    protocol = bundled(name)
    text = calendar_file(printed(protocol)).decode().lower()
    assert calendar_file(printed(named(protocol))).decode().lower() == text
    assert "magnesium" not in text
    assert protocol.question.lower() not in text


def test_an_envelope_is_opened_in_the_calendar():
    summaries = {str(event["summary"]) for event in events_of(OPEN)}
    assert "Trial: open envelope FH3J9R" in summaries
    assert "Trial: do what the card says, envelope FH3J9R" in summaries


# --- Packer --------------------------------------------------------------------------------------


def test_the_packing_sheet_says_what_goes_into_which_kit():
    trial = printed(MAGNESIUM)
    data = packing_data(trial, allocated(trial, ORDER))
    contents = {arm.id: arm.contents for arm in MAGNESIUM.arms}
    assert [(row[0], row[2]) for row in data["rows"]] == [
        (period.kit, contents[arm])
        for period, arm in zip(trial.schedule.periods, ORDER, strict=True)
    ]
    assert {row[3] for row in data["rows"]} == {"93 capsules"}  # 3 x 28 and 9 to spare
    assert data["per_kit"] == "3 a day for 28 days, and 9 to spare, in each kit."
    assert [total[1:] for total in data["totals"]] == [["3", "279 capsules"]] * 2


@given(
    per_day=st.integers(1, 50), days=st.integers(7, 60), spare=st.integers(0, 500),
    cycles=st.integers(1, 6),
)  # fmt: skip
def test_the_sums_are_those_of_the_kits(per_day, days, spare, cycles):
    protocol = with_parts(
        MAGNESIUM,
        design={"period_days": days, "cycles": cycles},
        regimen={"units_per_day": per_day, "spare_units": spare},
    )
    trial = printed(protocol)
    data = packing_data(trial, allocated(trial, ("placebo", "magnesium") * cycles))
    in_kits = [int(row[3].split()[0]) for row in data["rows"]]
    assert in_kits == [per_day * days + spare] * (2 * cycles)
    assert sum(int(total[2].split()[0]) for total in data["totals"]) == sum(in_kits)
    assert sum(int(total[1]) for total in data["totals"]) == 2 * cycles


def test_an_envelope_without_units_is_a_card():
    trial = printed(OPEN)
    data = packing_data(trial, allocated(trial, ("none", "magnesium") * 3))
    assert [row[2:] for row in data["rows"][:2]] == [
        ["Card: No magnesium", ""],
        ["Card: Magnesium citrate 300 mg", ""],
    ]
    assert data["per_kit"] is None
    assert units_in_kit(OPEN, OPEN.comparator) == 0


@pytest.mark.parametrize("name", bundled_names())
def test_a_label_names_no_arm(name):
    trial = printed(named(bundled(name)))
    data = labels_data(trial)
    assert "qxq" not in " ".join(texts(data)).lower()
    assert [label["kit"][1] for label in data["labels"]] == [
        period.kit for period in trial.schedule.periods
    ]


def test_a_code_to_scan_says_trial_kit_and_commitment():
    trial = printed(MAGNESIUM)
    payload = qr_payload(trial, trial.schedule.periods[1])
    assert payload == "nof1 P-014 W4KR7H 4f9a21c07be3"
    assert qr_svg(payload) == qr_svg(payload)
    assert qr_svg(payload).startswith("<svg")
    assert qr_svg(payload) != qr_svg(qr_payload(trial, trial.schedule.periods[0]))


def test_a_note_and_a_card_tell_the_arm_inside_alone():
    protocol = named(OPEN)
    ids = [arm.id for arm in protocol.arms]
    trial = printed(protocol)
    allocation = allocated(trial, (*ids, *ids[::-1], *ids))
    arms = [protocol.arms[ids.index(arm)] for arm in allocation.arms]
    for data, inside in (
        (emergency_data(trial, allocation), [arm.label for arm in arms]),
        (cards_data(trial, allocation), [arm.card for arm in arms]),
    ):
        assert [note["inside"]["text"] for note in data["notes"]] == inside
        assert [note["outside"]["kit"][1] for note in data["notes"]] == list(allocation.kits)
        outside = [text for note in data["notes"] for text in texts(note["outside"])]
        assert "qxq" not in " ".join(outside).lower()


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_every_note_is_a_sheet_of_its_own(paper, large):
    trial = printed(OPEN)
    allocation = allocated(trial, ("none", "magnesium") * 3)
    for data in (emergency_data(trial, allocation), cards_data(trial, allocation)):
        assert n_pages(pdf_of("folded", data, trial, paper=paper, large=large)) == 6


def test_the_packers_pages_compile_and_fit():
    trial = printed(MAGNESIUM)
    sheet = pdf_of("packing", packing_data(trial, allocated(trial, ORDER)), trial)
    labels = pdf_of("labels", labels_data(trial), trial)
    assert n_pages(sheet) == n_pages(labels) == 1
    assert pdf_of("labels", labels_data(trial), trial) == labels


@pytest.mark.parametrize("name", bundled_names())
def test_cards_and_calendar_are_easy_to_read(name):
    protocol = bundled(name)
    entries = [
        str(event[key])
        for event in events_of(protocol)
        for key in ("summary", "description")
        if key in event
    ]
    said = " ".join(f"{entry}." for entry in entries)
    assert too_hard([said, words.CARD_OPEN_ON, words.LABEL_NOTE]) == []


def test_periods_follow_one_another_in_the_calendar():
    schedule, events = printed(MAGNESIUM).schedule, events_of(MAGNESIUM)
    for begins, period in zip(starts(events, "dose-"), schedule.periods, strict=True):
        assert begins.date() == period.first_day
        assert begins.date() + timedelta(days=27) == period.last_day
