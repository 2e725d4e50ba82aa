from __future__ import annotations

from dataclasses import replace
from string import Formatter

import pytest

from nof1.inference.result import Contrast, Verdict
from nof1.protocol.files import bundled_names
from nof1.reports.person.page import person_page, person_view, rung
from nof1.trial.records import SideEffect
from nof1.words.caution import Caution
from nof1.words.en import person as wording
from support.fits import changed_fit, under_another_likelihood
from support.printed import n_pages, texts
from support.readability import grade, too_hard
from support.stories import (
    VERDICTS,
    story,
    story_with_earlier_persons,
    with_earlier_persons,
    with_verdict,
)

SPOKEN = [
    text
    for name, value in vars(wording).items()
    if name.isupper() and name not in {"LANGUAGE", "PARTICIPANT", "LADDER", "ARE", "IS", "FOOT"}
    for text in texts(value)
]
FILLED = {
    "active": "magnesium", "comparator": "dummy capsules with no magnesium", "arm": "magnesium",
    "likely": "very likely", "are": "are probably", "size_is": "is very likely",
    "n": "86", "m": "14", "weeks": "8 weeks", "arms": "magnesium and dummy capsules",
    "difference": "4.2 points lower (better)", "least": "0.1",
    "interval": "from 7.1 lower (better) to 1.2 higher (worse)",
    "low": "0", "high": "40", "mcid": "3", "means": "20.1, 21.3 and 19.8",
    "contact": "Dr Ada Berg", "day": "Mon 4 Jan 2027", "until": "the end", "right": "5",
    "expected": "3", "unit": "points", "often": "2 weeks", "worst": "bad",
    "event": "Loose stools", "line": "Loose stools: bad.",
}  # fmt: skip


def with_values(told, **values):
    """Return the story with other figures of the primary posterior."""
    first, *rest = told.analyses
    contrast = first.primary
    fit = changed_fit(contrast.engines["quadrature"], **values)
    engines = {**contrast.engines, "quadrature": fit}
    primary: Contrast = replace(contrast, engines=engines)
    return replace(
        told, analyses=(replace(first, contrasts=(primary, *first.contrasts[1:])), *rest)
    )


@pytest.mark.parametrize("sentence", SPOKEN)
def test_every_sentence_is_easy_to_read(sentence):
    names = [name for _, name, _, _ in Formatter().parse(sentence) if name]
    assert too_hard([sentence.format(**{name: FILLED[name] for name in names})]) == []


@pytest.mark.parametrize(("name", "code"), list(zip(bundled_names(), VERDICTS * 3, strict=False)))
def test_the_words_of_a_whole_page_are_easy_to_read(name, code):
    view = person_view(with_verdict(story("cannot-tell", protocol=name), code, further_cycles=3))
    told = [text for text in texts(view) if "<svg" not in text and text != view["foot"]]
    assert grade("\n".join(told)) <= 6


@pytest.mark.parametrize(
    ("chance", "word"),
    [
        (0.99, "very likely"),
        (0.951, "very likely"),
        (0.95, "probably"),
        (0.81, "probably"),
        (0.8, "may"),
        (0.0, "may"),
    ],
)
def test_on_a_boundary_the_ladder_takes_the_more_cautious_word(chance, word):
    assert rung(chance) == word


@pytest.mark.parametrize("code", VERDICTS)
def test_every_verdict_comes_from_scores_and_has_its_headline(code):
    told = story(code)
    assert told.primary.primary.verdict.code == code
    starts = {
        "helps-meaningfully": "You very likely do better with magnesium",
        "helps-perhaps-too-little": "You very likely do better with magnesium",
        "no-meaningful-difference": "For you, magnesium and dummy capsules",
        "makes-worse": "You very likely do worse with magnesium",
        "cannot-tell": "We cannot tell.",
    }
    view = person_view(told)
    assert view["headline"].startswith(starts[code])
    assert ("too small to matter" in view["explanation"]) == (code == "helps-perhaps-too-little")
    assert ("big enough to matter" in view["explanation"]) == (code == "helps-meaningfully")


def test_the_word_follows_the_chance_the_verdict_rests_on():
    told = with_values(story("helps-meaningfully"), better=0.93, meaningful=0.82)
    view = person_view(told)
    assert view["headline"].startswith("You probably do better")
    assert view["explanation"] == "The change is probably big enough to matter."
    told = with_values(story("no-meaningful-difference"), trivial=0.85, better=0.99)
    assert person_view(told)["headline"].endswith("are probably about the same.")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (1, "About 1 more round like these may be enough to tell. A round takes 8 weeks."),
        (4, "About 4 more rounds like these may be enough to tell. Each takes 8 weeks."),
        (None, "More rounds like these would most likely not be enough."),
    ],
)
def test_when_we_cannot_tell_the_page_says_what_would_help(more, said):
    told = with_verdict(story("cannot-tell"), "cannot-tell", further_cycles=more)
    assert person_view(told)["explanation"].endswith(said)
    assert "a true result" in person_view(told)["explanation"]


@pytest.mark.parametrize("because", list(wording.BECAUSE))
def test_what_keeps_the_scores_from_telling_is_said_in_place_of_more_rounds(because):
    told = story("cannot-tell")
    first, *rest = told.analyses
    verdict = Verdict(code="cannot-tell", because=because, reason=Caution.of("not-computed"))
    primary = replace(first.primary, verdict=verdict)
    analysis = replace(first, contrasts=(primary, *first.contrasts[1:]))
    explained = person_view(replace(told, analyses=(analysis, *rest)))["explanation"]
    said = wording.BECAUSE[because].format(active="magnesium", comparator="dummy capsules")
    assert explained.endswith(said)
    assert "rounds like these" not in explained
    assert "a true result" in explained
    assert grade(said) <= 6


def test_the_chances_are_shown_with_numerator_and_denominator():
    sure = person_view(with_values(story("cannot-tell"), better=0.864, meaningful=0.41))["sure"]
    assert sure["better"] == ["86 of 100", "do better with magnesium"]
    assert sure["not"][0] == "14 of 100"
    assert sure["meaningful"].startswith("For 41 of the 100")
    assert "86 do better with magnesium and 14 do worse" in sure["picture"]["says"]


def test_a_near_certain_chance_is_never_all_or_none():
    sure = person_view(with_values(story("cannot-tell"), better=0.9999, meaningful=0.0001))
    assert sure["sure"]["better"][0] == "more than 99 of 100"
    assert sure["sure"]["not"][0] == "fewer than 1 of 100"
    assert "For fewer than 1 of the 100" in sure["sure"]["meaningful"]


def test_the_size_is_said_with_its_direction_and_the_least_that_matters():
    told = with_values(story("cannot-tell"), mean=-4.21, ci_low=-7.1, ci_high=1.2)
    assert person_view(told)["big"]["lines"] == [
        "Our best guess with magnesium: 4.2 points lower (better).",
        "It could be from 7.1 lower (better) to 1.2 higher (worse).",
        "The scale goes from 0 to 40 points.",
        "The least change that matters is 3.",
    ]


def test_a_change_that_rounds_to_nothing_is_no_change():
    told = with_values(story("cannot-tell"), mean=0.01, ci_low=-0.02, ci_high=0.04)
    lines = person_view(told)["big"]["lines"]
    assert lines[:2] == [
        "Our best guess with magnesium: no change.",
        "It could be less than 0.1 either way.",
    ]


def test_higher_is_better_turns_the_words_round():
    told = story("cannot-tell")
    first, *rest = told.analyses
    told = with_values(replace(told, analyses=(replace(first, better="higher"), *rest)), mean=-4.2)
    view = person_view(told)
    assert "4.2 points lower (worse)" in view["big"]["lines"][0]
    assert view["scores"]["title"] == "Your scores (higher is better)"


def test_what_was_compared_names_arms_periods_and_blinding():
    compared = person_view(story("cannot-tell"))["compared"]
    assert "magnesium and dummy capsules with no magnesium, each in 3 periods" in compared
    assert "A period took 4 weeks" in compared
    assert "were not told which was which" in compared


def test_arms_with_unequal_periods_are_counted_one_by_one():
    told = story("cannot-tell")
    told = replace(told, arms=("placebo", "magnesium", "placebo", "placebo", "placebo", "placebo"))
    assert (
        "magnesium in 1 period and dummy capsules with no magnesium in 5 periods"
        in (person_view(told)["compared"])
    )


def test_a_concealed_behaviour_says_that_knowing_may_be_part_of_it():
    view = person_view(story("cannot-tell", protocol="stretching-rls"))
    assert "You knew what you had." in view["compared"]
    assert wording.LIMIT_KNEW in view["limits"]["lines"]
    assert wording.LIMIT_HOW in view["limits"]["lines"]
    assert wording.LIMIT_DOSE not in view["limits"]["lines"]


def test_a_double_blind_supplement_names_dose_form_and_iron():
    lines = person_view(story("cannot-tell"))["limits"]["lines"]
    assert lines == [wording.LIMIT_DOSE, wording.LIMIT_IRON, wording.LIMIT_OTHERS]


def test_three_arms_have_a_line_for_every_further_pair():
    view = person_view(story("cannot-tell", protocol="magnesium-dose"))
    assert len(view["further"]) == 2
    assert all("the higher dose of magnesium" in line for line in view["further"])
    assert len(view["effects"]["columns"]) == 4


def test_side_effects_are_counted_by_arm_without_the_run_in():
    told = story("cannot-tell")
    effects = person_view(told)["effects"]
    assert effects["columns"] == [
        "Side effects during", "Dummy capsules with no magnesium", "Magnesium"
    ]  # fmt: skip
    row = next(row for row in effects["rows"] if row[0] == "Upset stomach")
    weeks = {told.arms[0]: "1 week, mild", told.arms[1]: "2 weeks, medium"}
    assert told.arms[0] != told.arms[1]
    assert row[1:] == [weeks[arm] for arm in told.data.arms]
    # The only bad one stands first, though it was written down least often.
    assert effects["rows"][0][0] == told.side_effects[-1].event


def test_short_periods_count_entries_since_no_week_fits_in():
    told = story("cannot-tell")
    design = told.protocol.design.model_copy(update={"period_days": 3})
    short = replace(told, protocol=told.protocol.model_copy(update={"design": design}))
    row = next(row for row in person_view(short)["effects"]["rows"] if row[0] == "Upset stomach")
    assert sorted(row[1:]) == ["2 times, mild", "5 times, medium"]


def test_many_side_effects_are_cut_short_and_none_is_said():
    told = story("cannot-tell")
    many = tuple(
        SideEffect(period=1, event=f"Event {n}", days=n, weeks=n, worst=1) for n in range(1, 7)
    )
    effects = person_view(replace(told, side_effects=many))["effects"]
    assert [row[0] for row in effects["rows"]] == ["Event 6", "Event 5", "Event 4"]
    assert effects["more"] == "And 3 more. Ask your clinician."
    nothing = person_view(replace(told, side_effects=()))["effects"]
    assert (nothing["rows"], nothing["none"]) == ([], wording.EFFECTS_NONE)
    unasked = person_view(replace(told, side_effects=(), effects_recorded=0))["effects"]
    assert unasked["none"] == wording.EFFECTS_UNKNOWN


def test_the_picture_of_the_scores_says_every_mean():
    told = story("cannot-tell")
    says = person_view(told)["scores"]["picture"]["says"]
    for period in told.descriptions[0].periods:
        assert f"{period.mean:.1f}" in says


def test_the_page_never_tells_anyone_to_stop_a_medicine():
    for code in VERDICTS:
        view = person_view(story(code))
        said = " ".join(text for text in texts(view) if "<svg" not in text).lower()
        assert "stop" not in said
        assert "quit" not in said
        assert "take your usual medicines as you do now" in said


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("code", VERDICTS)
def test_the_result_is_one_page(code, paper):
    assert n_pages(person_page(story(code), paper=paper)) == 1


@pytest.mark.parametrize("name", bundled_names())
def test_the_result_of_every_bundled_protocol_is_one_page(name):
    told = with_verdict(story("cannot-tell", protocol=name), "cannot-tell", further_cycles=4)
    everything = tuple(
        SideEffect(period=1 + n % 2, event=event, days=n + 1, weeks=1, worst=1)
        for n, event in enumerate(told.protocol.safety.side_effects)
    )
    for effects in ((), everything):
        page = person_page(replace(told, side_effects=effects), paper="letter")
        assert n_pages(page) == 1


def test_the_page_is_tagged_archival_and_the_same_every_time():
    page = person_page(story("cannot-tell"))
    assert page == person_page(story("cannot-tell"))
    assert page != person_page(story("cannot-tell"), paper="letter")
    assert b"<pdfuaid:part>1<" in page
    assert b"<pdfaid:part>2<" in page


@pytest.mark.parametrize("name", ["bounded", "student-t", "ordinal"])
def test_another_likelihood_is_said_and_its_figures_taken(name):
    told = with_values(story("helps-meaningfully"), mean=-1.0)
    first, *rest = told.analyses
    exact = first.primary.engines["quadrature"]
    other = under_another_likelihood(exact, name, mean=-9.0)
    primary = replace(first.primary, engines={**first.primary.engines, "likelihood": other})
    changed = replace(told, analyses=(replace(first, contrasts=(primary,)), *rest))
    lines = " ".join(person_view(changed)["big"]["lines"])
    assert "9.0 points lower" in lines
    assert wording.BIG_LIKELIHOOD[name] in lines
    assert n_pages(person_page(changed)) == 1


def test_what_earlier_persons_add_is_one_sentence_after_the_persons_own():
    told = story_with_earlier_persons()
    own, both = (told.primary.primary.fit(name) for name in ("quadrature", "population"))
    lines = person_view(told)["big"]["lines"]
    assert f"{abs(own.estimate):.1f} points lower" in lines[0]
    assert lines[-1] == (
        "If we add what 40 other people found, our best guess is"
        f" {abs(both.estimate):.1f} points lower (better)."
    )
    assert not any("other people" in line for line in person_view(story())["big"]["lines"])


def test_one_earlier_person_or_no_change_is_said_so():
    told = with_earlier_persons(story("cannot-tell"), mean=0.01, prior=(0.0, 3.0), n_persons=1)
    assert person_view(told)["big"]["lines"][-1] == (
        "If we add what 1 other person found, our best guess is no change."
    )


def test_a_person_unlike_the_earlier_ones_is_not_given_their_guess():
    told = with_earlier_persons(story("cannot-tell"), prior=(15.0, 1.0))
    assert not any("other people" in line for line in person_view(told)["big"]["lines"])


@pytest.mark.parametrize("name", bundled_names())
def test_the_page_has_room_for_earlier_persons_in_every_bundled_protocol(name):
    told = with_verdict(story("cannot-tell", protocol=name), "cannot-tell", further_cycles=4)
    everything = tuple(
        SideEffect(period=1 + n % 2, event=event, days=n + 1, weeks=1, worst=1)
        for n, event in enumerate(told.protocol.safety.side_effects)
    )
    page = person_page(replace(with_earlier_persons(told), side_effects=everything), paper="letter")
    assert n_pages(page) == 1


def test_without_a_bayesian_engine_the_page_tells_what_it_can():
    told = story("cannot-tell")
    first, *rest = told.analyses
    engines = {"paired": first.primary.engines["paired"]}
    primary = replace(first.primary, engines=engines, verdict=Verdict(code="cannot-tell"))
    view = person_view(replace(told, analyses=(replace(first, contrasts=(primary,)), *rest)))
    assert (view["sure"], view["big"]) == (None, None)
    assert view["headline"] == "We cannot tell."
