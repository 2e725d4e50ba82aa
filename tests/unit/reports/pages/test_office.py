"""The clinician's pages, the calendar file, and what the packer prints."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nof1.protocol.files import bundled_names
from nof1.protocol.protocol import Protocol
from nof1.protocol.tables import Decision
from nof1.reports.layout.typesetting import typeset
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
from nof1.words.en import pages as words
from support.printed import allocated, bundled, n_pages, printed, texts, with_parts
from support.readability import too_hard

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
    data = clinician_data(printed(named(bundled(name))))
    del data["taken"]  # what each arm holds, without a period or a kit
    assert "qxq" not in " ".join(texts(data)).lower()


def test_the_clinicians_page_says_what_is_taken_on_each_arm():
    assert clinician_data(printed(MAGNESIUM))["taken"]["lines"] == [
        "Placebo: 3 capsules at 20:00 (8 pm); no magnesium.",
        "Magnesium citrate 300 mg: 3 capsules at 20:00 (8 pm); 300 mg (12.3 mmol) magnesium a day: "
        "3 capsules of 100 mg.",
    ]


def test_an_arm_of_which_nothing_is_taken_does_not_say_its_own_name_again():
    assert clinician_data(printed(OPEN))["taken"]["lines"][0] == "No magnesium: nothing is taken."


@pytest.mark.parametrize(("protocol", "supply"), [(MAGNESIUM, "Kit"), (OPEN, "Envelope")])
def test_columns_are_headed_by_what_the_labels_call_it(protocol, supply):
    assert clinician_data(printed(protocol))["schedule"]["columns"][4] == supply
    trial = printed(protocol)
    order = [arm.id for arm in protocol.arms] * protocol.design.cycles
    assert packing_data(trial, allocated(trial, tuple(order)))["columns"][0] == supply


def test_whom_to_call_stands_below_the_rules_that_speak_of_it():
    lines = clinician_data(printed(MAGNESIUM))["rules"]["lines"]
    speaks = [i for i, (_, do) in enumerate(lines) if "the person named below" in do]
    (named,) = [i for i, (when, _) in enumerate(lines) if when == "Whom to call:"]
    assert named > max(speaks)
    assert lines[named][1] == "; ".join(printed(MAGNESIUM).contacts)


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
    assert {row[0]: row[3] for row in rows} == {
        "Legs tonight (primary)": "1 day",
        "Weekly restless legs score": "7 days",
        "Rested this morning": "the day before",
    }


def test_the_clinicians_page_says_the_rule_and_how_to_break_the_blind():
    said = " ".join(texts(clinician_data(printed(MAGNESIUM))))
    assert "at least 80 % probability of a benefit of 3 points or more" in said
    assert "Masked: person, clinician, assessor and analyst." in said
    assert "open only the emergency note of the kit in use" in said
    assert "4f9a 21c0 7be3" in said
    assert "Stop and call 112:" in said
    assert "Mon 18 Jan to Sun 14 Feb 2027" in said


# --- Calendar file -------------------------------------------------------------------------------


def test_the_clinicians_page_says_every_threshold_of_the_protocol():
    rule = Decision(meaningful=0.7, trivial=0.725, better=0.95, worse=0.975)
    protocol = MAGNESIUM.model_copy(update={"decision": rule})
    said = " ".join(texts(clinician_data(printed(protocol))))
    assert "at least 70 % probability of a benefit of 3 points or more" in said
    assert "at least 72.5 % that it is smaller either way" in said
    assert "at least 95 % of any benefit" in said
    assert "at least 97.5 % of any harm" in said


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
    assert data["sums"] == [
        "In each kit: 3 capsules a day for 28 days, and 9 to spare for what gets lost or spoilt."
    ]
    assert [total[1:] for total in data["totals"]] == [
        ["no magnesium", "3", "279 capsules", "93 capsules", "372 capsules"],
        ["300 mg (12.3 mmol) magnesium a day: 3 capsules of 100 mg",
         "3", "279 capsules", "93 capsules", "372 capsules"],
    ]  # fmt: skip


def test_one_spare_set_is_put_away_before_the_kits_are_handed_out():
    trial = printed(MAGNESIUM)
    steps = packing_data(trial, allocated(trial, ORDER))["steps"]
    put_away = next(i for i, step in enumerate(steps) if "one spare set of each contents" in step)
    hand_out = next(i for i, step in enumerate(steps) if step.startswith("Hand out"))
    assert put_away < hand_out
    assert "Lock it away with this sheet, apart from the kits" in steps[put_away]
    assert "new label with the same kit code" in steps[-1]


def test_sachets_name_their_contents_where_the_arms_differ_in_them():
    regimen = {"pack": "sachet", "times": ("08:00", "20:00"), "units_each_time": (1, 2)}
    trial = printed(with_parts(MAGNESIUM, regimen=regimen))
    rows = packing_data(trial, allocated(trial, ORDER))["rows"]
    by_arm = {row[0]: row[2] for row in rows}  # the later sachet of each kit
    assert set(by_arm.values()) == {
        "Sachet for 20:00 (8 pm): 2 capsules. Placebo capsules of the same look, taste and number; "
        "no sugar-alcohol filler",
        "Sachet for 20:00 (8 pm): 2 capsules, 2 of 100 mg magnesium. Magnesium citrate capsules, "
        "100 mg elemental magnesium each",
    }


@given(
    units=st.lists(st.integers(1, 50), min_size=1, max_size=4), days=st.integers(7, 60),
    spare=st.integers(0, 100), cycles=st.integers(1, 6),
)  # fmt: skip
def test_the_sums_are_those_of_the_kits(units, days, spare, cycles):
    times = [f"{8 + 3 * number:02d}:00" for number in range(len(units))]
    protocol = with_parts(
        with_strength(MAGNESIUM, 0.01),
        design={"period_days": days, "cycles": cycles},
        regimen={"units_each_time": units, "times": times, "spare_days": spare},
    )
    trial = printed(protocol)
    data = packing_data(trial, allocated(trial, ("placebo", "magnesium") * cycles))
    in_kits = [number_in(row[3]) for row in data["rows"]]
    assert in_kits == [sum(units) * (days + spare)] * (2 * cycles)
    assert sum(number_in(total[3]) for total in data["totals"]) == sum(in_kits)
    assert sum(int(total[2]) for total in data["totals"]) == 2 * cycles
    # One spare set of each contents, as much as a kit of it.
    assert [number_in(total[4]) for total in data["totals"]] == in_kits[:2]
    assert sum(number_in(total[5]) for total in data["totals"]) == sum(in_kits) + 2 * in_kits[0]


def number_in(text):
    return int(text.split()[0].replace(",", ""))


def with_strength(protocol, mg):
    """Return a protocol whose arms hold another strength, so that no limit stands in the way."""
    data = protocol.model_dump(by_alias=True)
    for arm in data["arms"]:
        if arm["magnesium"]:
            arm["magnesium"]["strength"] = mg
    return Protocol.model_validate(data)


def test_without_anything_to_take_an_envelope_is_a_card():
    massage = bundled("massage-rls")
    trial = printed(massage)
    data = packing_data(trial, allocated(trial, ("usual", "massage") * 6))
    assert {tuple(row[2:]) for row in data["rows"]} == {
        ("Card: Usual evening", ""),
        ("Card: Leg massage 10 minutes each evening", ""),
    }
    assert (data["sums"], data["totals"]) == ([], [])
    assert not any("spare" in step for step in data["steps"])


def test_a_supply_is_labelled_and_handed_out_with_the_envelopes():
    trial = printed(OPEN)
    steps = packing_data(trial, allocated(trial, ("none", "magnesium") * 3))["steps"]
    assert steps[2].startswith("Fill the supply and stick its label on.")
    assert steps[3].startswith("Hand out the envelopes and the supply.")
    assert len(steps) == 5


def test_an_open_trial_packs_what_all_its_periods_take_in_one_supply():
    """A bottle beside an envelope would tell which periods need it: there is one for all."""
    trial = printed(OPEN)
    data = packing_data(trial, allocated(trial, ("none", "magnesium") * 3))
    assert [row[2:] for row in data["rows"][:2]] == [
        ["Card: No magnesium", ""],
        ["Card: Magnesium citrate 300 mg", ""],
    ]
    assert data["rows"][6:] == [
        ["Supply", "all: Mon 18 Jan to Sun 4 Jul 2027",
         "Magnesium citrate capsules, 100 mg elemental magnesium each", "279 capsules"],
    ]  # fmt: skip
    assert [total[2:] for total in data["totals"]] == [
        ["1", "279 capsules", "93 capsules", "372 capsules"]
    ]
    assert data["sums"][0].startswith("In the supply: 3 capsules a day for 28 days of each of 3 ")
    assert units_in_kit(OPEN, OPEN.comparator) == 0
    assert labels_data(trial)["labels"][-1]["when"] == (
        "Only when the card of the period says so. Then every day: 3 capsules at 20:00 (8 pm)."
    )


def test_sachets_of_two_times_are_labelled_and_counted_apart():
    timing = bundled("magnesium-timing")
    trial = printed(timing)
    data = packing_data(trial, allocated(trial, ("evening", "split") * 3))
    assert [[row[0], *row[2:]] for row in data["rows"][:4]] == [
        ["FH3J9R", "Sachet for 12:00 (noon): 2 capsules, 2 without magnesium", "31 sachets"],
        ["FH3J9R", "Sachet for 20:00 (8 pm): 4 capsules, 4 of 75 mg magnesium", "31 sachets"],
        ["W4KR7H", "Sachet for 12:00 (noon): 2 capsules, 2 of 75 mg magnesium", "31 sachets"],
        ["W4KR7H", "Sachet for 20:00 (8 pm): 4 capsules, 2 of 75 mg magnesium, "
         "2 without magnesium", "31 sachets"],
    ]  # fmt: skip
    # Of 6 capsules a day 4 hold magnesium; 4 sets of 31 days.
    assert [total[5] for total in data["totals"]] == [
        "744 capsules, 496 of 75 mg magnesium, 248 without magnesium"
    ] * 2
    labels = labels_data(trial)["labels"]
    assert [label["kit"][1] for label in labels[:3]] == ["FH3J9R", "FH3J9R", "W4KR7H"]
    assert [(label["part"], label["when"]) for label in labels[:2]] == [
        ("Sachets for 12:00 (noon)", "Every day at 12:00 (noon): 1 sachet of 2 capsules."),
        ("Sachets for 20:00 (8 pm)", "Every day at 20:00 (8 pm): 1 sachet of 4 capsules."),
    ]


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("magnesium-rls", "Every day: 3 capsules at 20:00 (8 pm)."),
        ("magnesium-topical", "Every day: 4 pumps at 20:00 (8 pm)."),
        ("magnesium-rls-open", "Every day at 20:00 (8 pm): do what the card says."),
        ("massage-rls", "Every day: do what the card says."),
        ("caffeine-rls", "Every day: do what the card says."),
    ],
)
def test_every_label_says_when_and_how_often(name, when):
    trial = printed(bundled(name))
    labels = labels_data(trial)["labels"]
    assert {label["when"] for label in labels[: len(trial.schedule.periods)]} == {when}
    assert all(label["when"] for label in labels)


def test_who_answers_for_a_dose_above_the_limit_stands_on_the_pages_of_packer_and_clinician():
    override = {"prescriber": "Dr Berg", "date": "2026-01-31", "reason": "low in blood tests"}
    data = MAGNESIUM.model_dump(by_alias=True) | {"jurisdiction": "EU", "limit_override": override}
    trial = printed(Protocol.model_validate(data))
    sentence = (
        "Above the limit: Magnesium citrate 300 mg, 300 mg (12.3 mmol) magnesium a day; the limit "
        "in EU is 250 mg. Dr Berg answers for it (2026-01-31): low in blood tests."
    )
    assert packing_data(trial, allocated(trial, ORDER))["limit"] == [sentence]
    assert clinician_data(trial)["taken"]["lines"][-1] == sentence
    assert n_pages(pdf_of("clinician", clinician_data(trial), trial)) == 2
    assert packing_data(printed(MAGNESIUM), allocated(trial, ORDER))["limit"] == []


def test_no_row_of_the_packing_sheet_goes_on_over_a_page():
    """Rows of more than half a page: each is on a page of its own, none is parted."""
    trial = printed(MAGNESIUM)
    sheet = packing_data(trial, allocated(trial, ORDER)) | {"sums": [], "totals": [], "steps": []}
    line = "Capsules of the same look and taste"
    tall = [[*row[:2], " ".join([line] * 40), row[3]] for row in sheet["rows"]]
    assert n_pages(pdf_of("packing", sheet, trial)) == 1
    assert n_pages(pdf_of("packing", sheet | {"rows": tall}, trial)) == len(tall)


def test_all_rows_of_a_kit_are_on_one_page():
    """Rows of nearly a third of a page: three have room on a page, of one kit or of two."""
    trial = printed(MAGNESIUM)
    sheet = packing_data(trial, allocated(trial, ORDER)) | {"sums": [], "totals": [], "steps": []}
    line = " ".join(["Capsules of the same look and taste"] * 20)
    twice = [[*row[:2], line, row[3]] for row in sheet["rows"] for _ in range(2)]
    apart = [[f"{row[0]}-{n}", *row[1:]] for n, row in enumerate(twice)]
    assert n_pages(pdf_of("packing", sheet | {"rows": apart}, trial)) <= len(twice) // 3 + 1
    assert n_pages(pdf_of("packing", sheet | {"rows": twice}, trial)) == len(twice) // 2


@pytest.mark.parametrize("name", bundled_names())
def test_a_label_names_no_arm(name):
    trial = printed(named(bundled(name)))
    kits = [period.kit for period in trial.schedule.periods]
    labels = [label for label in labels_data(trial)["labels"] if label["kit"][1] in kits]
    assert "qxq" not in " ".join(texts(labels)).lower()
    assert list(dict.fromkeys(label["kit"][1] for label in labels)) == kits


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


def test_the_clinician_has_all_digits_and_a_place_for_every_receipt():
    trial = printed(MAGNESIUM)
    data = clinician_data(trial)
    facts = dict(data["facts"])
    assert facts["Commitment"].replace(" ", "") == trial.commitment
    assert facts["Log begins"].replace(" ", "") == trial.head_at_draw
    assert data["schedule"]["columns"][-1] == "Receipt"
    assert {row[-1] for row in data["schedule"]["rows"]} == {""}
