from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from nof1.protocol.files import bundled_names, parse_protocol
from nof1.protocol.protocol import Protocol
from nof1.reports.layout.typesetting import typeset
from nof1.reports.pages.participant import participant_data
from nof1.reports.pages.source import span_text, stamp, weeks_of
from nof1.words.en import pages as words
from nof1.words.numbers import clock_text
from support.declared import COVARIATES
from support.printed import bundled, n_pages, printed, texts, with_parts
from support.protocol_texts import DEFAULT
from support.readability import too_hard
from support.trial_folders import logged, make_trial

MAGNESIUM = bundled("magnesium-rls")


def booklet(protocol, **options):
    return participant_data(printed(protocol), **options)


def weeks_in(data):
    return [sheet for sheet in data["sheets"] if sheet["kind"] == "week"]


def ends_in(data):
    return [sheet for sheet in data["sheets"] if sheet["kind"] == "end"]


def pdf_of(protocol, **options):
    trial = printed(protocol)
    return typeset(
        "participant", participant_data(trial), title="T", timestamp=stamp(trial), **options
    )


def hidden_arms(protocol: Protocol) -> Protocol:
    """Return a protocol whose arms bear names that can stand nowhere by chance."""
    data = protocol.model_dump(by_alias=True)
    for number, arm in enumerate(data["arms"]):
        for field in ("label", "plain", "contents", "card", "product", "form"):
            arm[field] = f"Qxq{field}{number}"
        arm["id"] = f"qxq{number}"
    return Protocol.model_validate(data)


@pytest.mark.parametrize("washout_days", [0, 9])
@pytest.mark.parametrize("run_in_days", [0, 10, 14])
@pytest.mark.parametrize("period_days", [7, 28, 35, 38, 42])
def test_every_day_stands_on_one_page_and_no_page_spans_two_kits(
    period_days, run_in_days, washout_days
):
    design = {
        "period_days": period_days, "run_in_days": run_in_days, "washout_days": washout_days,
    }  # fmt: skip
    schedule = printed(with_parts(MAGNESIUM, design=design)).schedule
    weeks = weeks_of(schedule)
    for week in weeks:
        assert 1 <= len(week.days) <= 7
        assert {schedule.period_on(day) for day in week.days} == {week.period}
    days = [day for week in weeks for day in week.days]
    every = {schedule.start + timedelta(days=i) for i in range(schedule.n_days)}
    in_washout = {
        day for day in every if day > schedule.periods[0].first_day and not schedule.period_on(day)
    }
    assert Counter(days) == Counter(every - in_washout)
    assert sum(week.ends_period for week in weeks) == len(schedule.periods)


def test_every_week_asks_for_the_score_on_its_day():
    schedule = printed(MAGNESIUM).schedule
    asked = [score["on"] for week in weeks_in(booklet(MAGNESIUM)) for score in week["scores"]]
    assert len(asked) == len(schedule.scoring["irls"]) == 26
    assert asked[:3] == ["on Sun 10 Jan", "on Sun 17 Jan", "on Sun 24 Jan"]


def test_a_week_page_says_kit_days_and_circles():
    week = weeks_in(booklet(MAGNESIUM))[2]
    assert week["title"] == "Period 1, week 1 of 4"
    assert week["dates"] == "18 Jan to 24 Jan"
    assert week["kit"] == ["Kit", "FH3J9R"]
    assert week["opening"] == "Start this kit on Mon 18 Jan."
    assert week["days"]["done"] == "Took it"
    assert week["days"]["rings"]
    assert week["days"]["ends"] == ["0 = not at all", "10 = as bad as can be"]
    assert [row["day"] for row in week["days"]["rows"]][::6] == ["Mon 18 Jan", "Sun 24 Jan"]
    (score,) = week["scores"]
    assert (score["kind"], score["items"], score["item_high"]) == ("items", 10, 4)
    assert week["effects"]["names"] == MAGNESIUM.safety.side_effects


def test_a_run_in_week_has_no_kit_and_no_dose():
    week = weeks_in(booklet(MAGNESIUM))[0]
    assert week["kit"] is None
    assert week["days"]["done"] is None
    assert week["days"]["doses"] == 0
    assert len(week["scores"]) == 1


def test_an_outcome_asked_every_other_day_is_asked_on_those_days_alone():
    data = MAGNESIUM.model_dump(by_alias=True)
    data["outcomes"][1]["every_days"] = 2
    week = weeks_in(booklet(Protocol.model_validate(data)))[0]
    assert [row["asked"] for row in week["days"]["rows"]] == [[False], [True]] * 3 + [[False]]


def test_covariates_have_a_box_a_day_and_a_line_that_says_how_to_fill_it():
    declaring = parse_protocol(DEFAULT + COVARIATES, source="p")
    data = booklet(declaring)
    run_in, *_, last = weeks_in(data)
    for week in (run_in, last):
        assert week["covariates"] == {
            "title": "Also each day",
            "days": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
            "rows": [
                {"name": "Late shift", "tick": True},
                {"name": "Night heat (-20 to 40 °C)", "tick": False},
            ],
        }
    assert data["overview"]["steps"][3:5] == [
        "Late shift: tick for yes, put a cross for no.",
        "Night heat (-20 to 40 °C): write how much that day.",
    ]
    assert too_hard(data["overview"]["steps"][3:5]) == []
    assert weeks_in(booklet(MAGNESIUM))[0]["covariates"]["rows"] == []
    # A week still fits on one page.
    assert n_pages(pdf_of(declaring)) == n_pages(pdf_of(MAGNESIUM))


def test_a_washout_stands_in_the_overview_and_after_the_period():
    data = booklet(with_parts(MAGNESIUM, design={"washout_days": 7}))
    assert [row[0] for row in data["overview"]["rows"]][:4] == [
        "Run-in", "Period 1", "Break", "Period 2",
    ]  # fmt: skip
    assert ends_in(data)[0]["then"] == [
        "Put what is left of kit FH3J9R away. Take no more of it. Hand it in at the end.",
        "Now take a break, Mon 15 Feb to Sun 21 Feb 2027. You take nothing then.",
        "Next: start kit W4KR7H on Mon 22 Feb.",
    ]
    assert ends_in(data)[-1]["then"] == [
        "Put what is left of kit H4RW7J away. Take no more of it. Hand it in at the end.",
        words.END_LAST,
    ]


def test_the_overview_says_what_to_do_each_day_and_when_there_is_no_kit():
    overview = booklet(MAGNESIUM)["overview"]
    assert overview["steps"] == [
        f"At 20:00 (8 pm): {MAGNESIUM.regimen.action}",
        words.STEP_TICK,
        words.STEP_CIRCLE,
        words.STEP_WEEK,
    ]
    assert overview["no_kit"] == "There is no kit in the run-in. Just fill in the pages."
    assert "4f9a 21c0 7be3" in overview["seal"]
    bare = booklet(with_parts(MAGNESIUM, design={"run_in_days": 0}))["overview"]
    assert bare["no_kit"] is None
    breaks = with_parts(MAGNESIUM, design={"run_in_days": 0, "washout_days": 7})
    assert booklet(breaks)["overview"]["no_kit"] == (
        "There is no kit in a break, and no page to fill in."
    )


def test_the_box_of_every_page_holds_what_keeps_the_person_safe():
    trial = printed(MAGNESIUM)
    said = " ".join(texts(participant_data(trial)["box"]))
    for sign in MAGNESIUM.safety.red_flags:
        assert sign in said
    for rule in MAGNESIUM.safety.stop_rules:
        assert rule.when in said
        assert rule.do.rstrip(".") in said
    for one in MAGNESIUM.safety.spacing:
        assert one.medicine in said
        assert one.rule in said
    assert MAGNESIUM.regimen.missed in said
    assert trial.contacts[0] in said
    assert trial.emergency in said


@pytest.mark.parametrize("name", bundled_names())
def test_no_arm_is_on_any_page_but_as_a_choice_of_the_guess(name):
    data = booklet(hidden_arms(bundled(name)))
    for sheet in ends_in(data):
        assert all(choice.startswith("Qxqlabel") for choice in sheet.pop("choices")[:-1])
    assert not [text for text in texts(data) if "qxq" in text.lower()]


def test_the_guess_names_the_arms_in_the_order_of_the_alphabet():
    (end, *_) = ends_in(booklet(MAGNESIUM))
    assert end["choices"] == ["Magnesium citrate 300 mg", "Placebo", "I cannot say"]


def test_the_order_of_the_arms_in_the_protocol_changes_no_byte():
    data = MAGNESIUM.model_dump(by_alias=True)
    swapped = Protocol.model_validate(data | {"arms": data["arms"][::-1]})
    assert booklet(swapped) == booklet(MAGNESIUM)


@pytest.mark.parametrize("name", [n for n in bundled_names() if n != "magnesium-rls"])
def test_the_words_follow_the_blinding(name):
    protocol = bundled(name)
    data = booklet(protocol)
    week = next(week for week in weeks_in(data) if week["kit"])
    if protocol.blinding.mode == "double-blind":
        assert len(ends_in(data)) == protocol.n_periods
        assert week["kit"][0] == "Kit"
    else:
        assert not ends_in(data)
        assert week["kit"][0] == "Envelope"
        assert week["opening"].startswith("Open it on")
        assert week["days"]["done"] == "Did what the card said"


def test_an_open_trial_prints_the_same_words_as_a_concealed_one():
    open_trial = with_parts(bundled("magnesium-rls-open"), blinding={"mode": "open"})
    assert booklet(open_trial) == booklet(bundled("magnesium-rls-open"))


def test_item_wording_is_printed_only_when_supplied():
    assert booklet(MAGNESIUM)["questions"] is None
    items = tuple(f"My own text {number}" for number in range(1, 11))
    data = booklet(MAGNESIUM, item_wording=items)
    assert data["questions"]["items"] == items
    assert weeks_in(data)[0]["scores"][0]["hint"] == words.ITEMS_HINT_SUPPLIED


@pytest.mark.parametrize("name", bundled_names())
def test_a_booklet_is_an_overview_a_safety_page_and_a_page_a_week(name):
    protocol = bundled(name)
    data = booklet(protocol)
    assert n_pages(pdf_of(protocol)) == 2 + len(data["sheets"])


def test_a_week_is_a_page_on_letter_and_two_in_large_print():
    sheets = len(booklet(MAGNESIUM)["sheets"])
    assert n_pages(pdf_of(MAGNESIUM, paper="letter")) == 2 + sheets
    assert n_pages(pdf_of(MAGNESIUM, large=True)) == 4 + 2 * sheets
    assert n_pages(pdf_of(MAGNESIUM, large=True, paper="letter")) == 4 + 2 * sheets


def test_a_crowded_week_is_split_not_cut():
    """Twice the side effects and a second nightly score fit on two pages a week."""
    data = MAGNESIUM.model_dump(by_alias=True)
    data["safety"]["side_effects"] = [f"Trouble number {n}" for n in range(14)]
    data["outcomes"] += (data["outcomes"][1] | {"id": "sleep", "title": "Sleep"},)
    crowded = Protocol.model_validate(data)
    sheets = booklet(crowded)["sheets"]
    assert weeks_in(booklet(crowded))[0]["days"]["outcomes"] == ["Legs tonight", "Sleep"]
    assert not weeks_in(booklet(crowded))[0]["days"]["rings"]
    assert n_pages(pdf_of(crowded)) == 2 + 2 * len(sheets)


def test_the_same_trial_gives_the_same_bytes():
    assert pdf_of(MAGNESIUM) == pdf_of(MAGNESIUM)


def own_sentences():
    values = [value for name, value in vars(words).items() if name.isupper()]
    return [text for text in texts(values) if text.endswith((".", "?", "!"))]


def test_every_sentence_of_ours_is_easy_to_read():
    assert len(own_sentences()) > 25
    assert too_hard(own_sentences()) == []


@pytest.mark.parametrize(
    ("clock", "text"),
    [
        ("20:00", "20:00 (8 pm)"), ("08:30", "08:30 (8:30 am)"), ("12:00", "12:00 (noon)"),
        ("00:15", "00:15 (12:15 am)"), ("12:05", "12:05 (12:05 pm)"),
    ],
)  # fmt: skip
def test_times_are_written_for_both_clocks(clock, text):
    assert clock_text(clock) == text


@pytest.mark.parametrize(
    ("last", "text"),
    [
        (date(2026, 12, 28), "Mon 28 Dec 2026"),
        (date(2026, 12, 31), "Mon 28 Dec to Thu 31 Dec 2026"),
        (date(2027, 1, 3), "Mon 28 Dec 2026 to Sun 3 Jan 2027"),
    ],
)
def test_a_span_names_each_year_once(last, text):
    assert span_text(date(2026, 12, 28), last) == text


@pytest.mark.parametrize("name", bundled_names())
def test_every_period_has_one_place_for_its_receipt(name):
    trial = printed(bundled(name))
    sheets = participant_data(trial)["sheets"]
    asked = [sheet for sheet in sheets if sheet["receipt"]]
    assert len(asked) == trial.protocol.n_periods
    ends = [sheet for sheet in sheets if sheet["kind"] == "end"]
    assert asked == (ends or asked)


def test_every_page_says_how_the_log_begins_whatever_was_recorded_since(tmp_path):
    trial = make_trial(tmp_path / "t")
    before = participant_data(trial)
    assert f"Log begins {trial.head[:4]} {trial.head[4:8]} " in before["foot"]
    body = {"outcome": "legs", "date": "2026-02-02", "value": 3}
    later = logged(trial, ("score", body))
    assert later.head != trial.head
    assert later.head_at_draw == trial.head
    assert participant_data(later) == before
