from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from nof1.design.telling import KnownPeriods
from nof1.inference.checks.carryover import CarryoverSummary
from nof1.inference.checks.diagnostics import Diagnostics
from nof1.inference.fits import NotRun
from nof1.inference.result import DriftCheck, Verdict
from nof1.protocol.tables import Decision
from nof1.reports.clinician.answer import (
    answer_section,
    engines_section,
    secondary_section,
    verdict_sentence,
)
from nof1.reports.clinician.carryover import carryover_section, sensitivity_section
from nof1.reports.clinician.conduct import design_section, harms_section
from nof1.reports.clinician.limits import limits_section, provenance_section
from nof1.reports.clinician.promises import promise_section
from nof1.reports.clinician.reliability import diagnostics_section, warnings_section
from nof1.reports.clinician.report import clinician_html, clinician_pdf, clinician_view
from nof1.trial.blinding import EarlyOpening
from nof1.words import office
from nof1.words.caution import Caution, sentence
from support.fits import changed_fit, sampled, under_another_likelihood
from support.html_pages import Reader, assert_links_lead_somewhere, assert_no_request
from support.printed import n_pages, texts
from support.report_sections import said, tables
from support.stories import VERDICTS, story, with_verdict

MINUS = re.compile(r"(?<![\w-])[-−]\d")


@pytest.fixture(scope="module")
def told():
    return story("cannot-tell")


@pytest.fixture(scope="module")
def page(told):
    return clinician_html(told)


# --- The answer ----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", VERDICTS)
def test_the_verdict_is_a_sentence_about_the_arms(told, code):
    sentence = verdict_sentence(told, with_verdict(told, code, further_cycles=4).primary.primary)
    assert "Magnesium citrate 300 mg" in sentence
    assert "Placebo" in sentence
    assert ("We cannot tell" in sentence) == ("4 more cycles" in sentence) == (code == VERDICTS[4])


def test_both_estimands_stand_with_their_intervals(told):
    table, *_ = tables(answer_section(told))
    values = told.primary.primary.fit("quadrature")
    steady, scheduled, test = table.rows
    assert f"{abs(values.estimate):.1f} points lower (better)" in steady
    assert f"{abs(values.as_scheduled.mean):.1f} points lower (better)" in scheduled
    assert "Randomisation test" in test[3]
    assert steady[0] != scheduled[0]


def test_what_held_a_verdict_back_is_said_with_it(told):
    first = told.analyses[0].primary
    for code in ("cannot-tell", "helps-perhaps-too-little"):
        reason = Caution.of("drift-decides", mean=9.0, other="makes-worse")
        verdict = Verdict(code=code, because="drift", reason=reason)
        told_so = verdict_sentence(told, replace(first, verdict=verdict))
        assert told_so.endswith(f" The reason: {sentence(reason)}.")
        assert "more cycles" not in told_so


def test_the_answer_with_room_for_the_drift_stands_beside_the_other(told):
    first, *rest = told.analyses
    answer = changed_fit(
        first.primary.fit("quadrature"),
        mean=-0.4, ci_low=-2.0, ci_high=1.2, better=0.7, meaningful=0.01,
    )  # fmt: skip
    drift = DriftCheck(prior_sd=2.0, wide_sd=20.0, mean=-15.0, sd=2.0, answer=answer)
    primary = replace(first.primary, drift=drift)
    analysis = replace(first, contrasts=(primary, *first.contrasts[1:]))
    section = answer_section(replace(told, analyses=(analysis, *rest)))
    [row] = [row for row in tables(section)[0].rows if "room for the drift" in row[0]]
    assert "0.4 points lower" in row[1]
    assert "SD 20" in row[3]
    assert "With room for the drift of the scores: probability that it is better at all: 70 %" in (
        said(section)
    )


def test_the_chances_are_those_of_the_fit(told):
    values = told.primary.primary.fit("quadrature")
    words = said(answer_section(told))
    assert f"better at all: {100 * values.chances.better:.0f} %" in words
    assert (
        f"better by 3 points (the MCID) or more: {100 * values.chances.meaningful:.0f} %" in words
    )


def test_three_arms_have_every_pair():
    three = story("cannot-tell", protocol="magnesium-dose")
    pairs = next(t for t in tables(answer_section(three)) if t.caption.startswith("Every pair"))
    assert len(pairs.rows) == 3


def test_every_engine_has_a_row_and_its_assumption(told):
    section = engines_section(told)
    engines = [row[0] for row in tables(section)[0].rows]
    assert engines == [
        "Randomisation test", "Paired t on cycles", "REML, AR(1)", "Exact posterior",
        "Exact posterior",
    ]  # fmt: skip
    words = said(section)
    for engine in engines:
        assert f"{engine} " in words
    assert "not a test" in words


def test_an_engine_that_did_not_run_says_why(told):
    first, *rest = told.analyses
    engines = {
        **first.primary.engines,
        "randomisation": NotRun(engine="randomisation", why="the order was not drawn at random"),
    }
    contrast = replace(first.primary, engines=engines)
    changed = replace(told, analyses=(replace(first, contrasts=(contrast,)), *rest))
    row = tables(engines_section(changed))[0].rows[0]
    assert row[2] == "not run"
    assert row[-1] == "The order was not drawn at random."
    assert "Randomisation test, p" not in said(answer_section(changed))


def test_the_verdict_rests_on_another_likelihood_where_there_is_one(told):
    words = said(engines_section(told))
    assert words.count("The verdict rests on it.") == 1
    first, *rest = told.analyses
    exact = first.primary.engines["quadrature"]
    other = under_another_likelihood(exact, "bounded", mean=-9.0)
    contrast = replace(first.primary, engines={**first.primary.engines, "likelihood": other})
    changed = replace(told, analyses=(replace(first, contrasts=(contrast,)), *rest))
    words = said(engines_section(changed))
    assert "bounded, by imputation" in words
    assert words.count("The verdict rests on it.") == 1
    row = next(row for row in tables(answer_section(changed))[0].rows if "Steady" in row[0])
    assert row[1].startswith("9")
    assert row[-1] == "Under another likelihood"


def test_the_sampler_shows_how_it_mixed(told):
    first, *rest = told.analyses
    exact = first.primary.engines["quadrature"]
    drawn = sampled(exact, rhat=1.002, ess=1234.0, divergences=1)
    contrast = replace(first.primary, engines={**first.primary.engines, "nuts": drawn})
    changed = replace(told, analyses=(replace(first, contrasts=(contrast,)), *rest))
    words = said(engines_section(changed))
    assert "R-hat 1.002, effective draws 1234, 1 divergence" in words
    assert "whose seed is fixed" in said(provenance_section(changed))


def test_without_a_bayesian_engine_the_rest_is_reported(told):
    first, *rest = told.analyses
    engines = {"paired": first.primary.engines["paired"]}
    contrast = replace(first.primary, engines=engines)
    changed = replace(told, analyses=(replace(first, contrasts=(contrast,)), *rest))
    assert tables(answer_section(changed))[0].rows == ()
    assert n_pages(clinician_pdf(changed)) >= 3


# --- Carryover, sensitivity, other outcomes ------------------------------------------------------


def test_the_half_life_stands_beside_its_prior(told):
    found = told.carryover
    assumed, after = tables(carryover_section(told))[0].rows
    assert assumed[1] == f"{found.prior_mean:.1f} days"
    assert after[1] == f"{found.mean:.1f} days"


def test_a_rise_with_a_half_life_of_its_own_stands_below_the_fall(told):
    apart = replace(told, carryover=replace(told.carryover, rise=(1.5, 0.4, 3.2)))
    table = tables(carryover_section(apart))[0]
    assert table.caption == "Half-life of the fall of the effect, and of its rise"
    assert table.rows[-1] == ("Its rise, after the scores", "1.5 days", "0.4 to 3.2 days")
    assert tables(carryover_section(told))[0].caption == "Half-life of the effect, on and off"


@pytest.mark.parametrize(
    ("narrowed", "words"), [(False, "barely identified"), (True, "remains uncertain")]
)
def test_what_the_scores_say_of_the_half_life_is_said_honestly(told, narrowed, words):
    changed = replace(told, carryover=replace(told.carryover, narrowed=narrowed))
    assert words in said(carryover_section(changed))
    assert ("the half-life is barely identified" in said(limits_section(changed))) != narrowed


@pytest.mark.parametrize(
    ("days", "words"), [(0.0, "leaves carryover out"), (7.0, "fixes the half-life at 7 days")]
)
def test_a_half_life_that_was_not_estimated_is_called_so(told, days, words):
    fixed = CarryoverSummary(fixed_days=days, shares=((0.0, 1.0), (7.0, 0.5)))
    words_said = said(carryover_section(replace(told, carryover=fixed)))
    assert words in words_said
    assert "50 %" in words_said


def test_every_assumption_has_a_row(told):
    rows = tables(sensitivity_section(told))[0].rows
    assert [row[0] for row in rows] == [row.label for row in told.sensitivity]
    assert rows[0][1] == f"{abs(told.sensitivity[0].effect.mean):.1f} lower"


def test_secondary_outcomes_are_in_one_table_and_not_adjusted(told):
    section = secondary_section(told)
    assert [row[0].split(" (")[0] for row in tables(section)[0].rows] == ["Legs tonight"]
    assert "Not adjusted" in said(section)
    alone = replace(told, analyses=told.analyses[:1], descriptions=told.descriptions[:1])
    assert secondary_section(alone) is None


# --- Conduct -------------------------------------------------------------------------------------


def test_the_design_says_how_the_order_was_drawn_and_sealed(told):
    words = said(design_section(told))
    assert sentence(told.data.allocation_set.describe()) in words
    assert f"{told.data.allocation_set.size} orders were possible" in words
    assert told.commitment[:16] in words
    assert "Mon 20 Jul 2026 by Dr Ada Berg; reason: end of the trial." in words
    assert "1 recorded value corrected later" in words


def test_every_period_stands_with_kit_arm_scores_doses_and_guess(told):
    rows = tables(design_section(told))[0].rows
    assert len(rows) == 6
    for row, period, arm in zip(rows, told.schedule.periods, told.arms, strict=True):
        assert (row[0], row[3], row[4]) == (str(period.number), period.kit, told.arm(arm).label)
    described = told.descriptions[0].periods
    assert [row[5] for row in rows] == [f"{one.used}, {one.missing}" for one in described]
    assert sum(one.missing for one in described) == told.primary.n_missing
    assert rows[1][8] == "unsure (2)"
    assert rows[-1][8] == "none"
    assert "an index of blinding says nothing" in said(design_section(told))


def test_what_was_not_recorded_is_said_to_be_so(told):
    bare = replace(told, adherence=(), guesses=(), blind=replace(told.blind, guessed=None))
    rows = tables(design_section(bare))[0].rows
    assert {row[7] for row in rows} == {"not recorded"}
    assert {row[8] for row in rows} == {"none"}
    assert "no guess that could tell is on record" in said(limits_section(bare))
    assert "No guess of the arm is on record" in said(warnings_section(bare))
    assert "nothing is on record" in said(design_section(bare))


def test_an_envelope_opened_early_is_reported(told):
    opened = EarlyOpening(
        by="Dr Ono",
        reason="fainted.",
        when=date(2026, 3, 1),
        period=2,
        known=KnownPeriods(certain=(1,), likelier=(3, 4, 5, 6)),
    )
    blind = replace(told.blind, openings=(opened,))
    words = said(design_section(replace(told, blind=blind)))
    assert "Period 2 was opened early, on 2026-03-01, by Dr Ono (reason: fainted)" in words
    assert "From it period 1 could be told for certain." in words
    assert "periods 3, 4, 5 and 6 easier to guess" in words
    assert "Of 6 periods 2 could be known early: periods 1 and 2." in words


def test_side_effects_stand_by_arm_with_the_worst_severity(told):
    rows = tables(harms_section(told))[0].rows
    second = told.arm(told.arms[1]).label
    assert ("Upset stomach", second, "moderate") in {(r[0], r[1], r[3]) for r in rows}
    assert any(row[1] == "outside the periods" for row in rows)
    assert [row[3] for row in rows] == ["severe", "moderate", "mild", "mild"]
    assert rows[0][2] == "1 week"
    none = said(harms_section(replace(told, side_effects=())))
    assert none == "None: 9 records on side effects, each saying that there was none."
    unasked = said(harms_section(replace(told, side_effects=(), effects_recorded=0)))
    assert unasked.startswith("Nothing is on record on side effects")


def test_severe_side_effects_stand_above_the_verdict(told):
    day = told.schedule.periods[2].first_day
    first = clinician_view(told)["first"]["lines"]
    assert first == [
        f"Side effect, severe: Drowsy by day, recorded on {day} (period 3, during "
        f"{told.arm(told.arms[2]).label})."
    ]
    html = clinician_html(told)
    assert html.index("Side effects to look at first") < html.index('class="verdict"')
    assert clinician_view(replace(told, severe=()))["first"]["lines"] == []


def test_warnings_are_the_analysis_own(told):
    assert all(warning in said(warnings_section(told)) for warning in told.primary.warnings)
    first, *rest = told.analyses
    quiet = replace(told, analyses=(replace(first, cautions=()), *rest))
    assert said(warnings_section(quiet)) == (
        "The person guessed the arm of 1 of 4 periods right, unsure of 1; guessing by chance gets "
        "2 right on average."
    )


def test_the_checks_are_told_in_words(told):
    good = Diagnostics(lag_one=0.02, ljung_box_p=0.6, normality_p=0.5, largest=-2.1, largest_day=70)
    bad = Diagnostics(lag_one=0.5, ljung_box_p=0.001, normality_p=0.01, largest=4.2, largest_day=70)
    fine = said(diagnostics_section(replace(told, diagnostics=good)))
    assert "None to speak of" in fine
    assert "2.1 standard deviations, on day 70" in fine
    assert "Look at that day" not in fine
    poor = said(diagnostics_section(replace(told, diagnostics=bad)))
    assert "too narrow" in poor
    assert "depart from normal" in poor
    assert "Look at that day" in poor
    assert "too few scores" in said(diagnostics_section(replace(told, diagnostics=None)))


def test_the_rule_is_the_promised_one_in_each_of_its_thresholds(told):
    rule = Decision(meaningful=0.7, trivial=0.725, better=0.95, worse=0.975)
    protocol = told.protocol.model_copy(update={"decision": rule})
    words = said(promise_section(replace(told, protocol=protocol)))
    assert "benefit of 3 points or more at least 70 %." in words
    assert "within 3 points either way at least 72.5 %." in words
    assert "any benefit at least 95 %." in words
    assert "any harm at least 97.5 %." in words


def test_the_promise_has_the_rule_and_the_estimand(told):
    words = said(promise_section(told))
    estimand = told.protocol.estimand
    assert "benefit of 3 points or more at least 80 %" in words
    for attribute in (
        estimand.population, estimand.conditions, estimand.variable, estimand.summary,
        *(one.event for one in estimand.intercurrent_events),
    ):  # fmt: skip
        assert attribute in words


def test_a_trial_that_is_not_blind_says_what_that_means():
    concealed = story("cannot-tell", protocol="stretching-rls")
    assert "knowing the arm" in said(limits_section(concealed))
    assert "opens one envelope a period" in said(design_section(concealed))
    assert "knowing the arm" not in said(limits_section(story("cannot-tell")))


def test_the_provenance_names_versions_and_digests(told):
    words = said(provenance_section(told))
    digests = (told.commitment, told.log_head, told.protocol_digest)
    for part in (*digests, "nof1 0.1.0", told.contacts[0]):
        assert part in words
    assert "byte for byte" in words


# --- The whole report ----------------------------------------------------------------------------


@pytest.mark.parametrize("code", VERDICTS)
def test_no_difference_is_ever_a_bare_sign(code):
    view = clinician_view(story(code))
    for section in view["sections"]:
        if section["code"] in {"answer", "engines", "sensitivity", "secondary"}:
            for text in texts(section):
                assert "<svg" in text or not MINUS.search(text), text


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("name", ["magnesium-rls", "magnesium-dose", "stretching-rls"])
def test_the_pdf_has_few_pages(name, paper):
    most = 5 if len(story("cannot-tell", protocol=name).data.arms) == 2 else 6
    assert 3 <= n_pages(clinician_pdf(story("cannot-tell", protocol=name), paper=paper)) <= most


def test_the_report_is_the_same_every_time(told, page):
    assert clinician_html(told) == page
    pdf = clinician_pdf(told)
    assert clinician_pdf(told) == pdf
    assert b"<pdfuaid:part>1<" in pdf
    assert b"<pdfaid:part>2<" in pdf


@pytest.fixture(scope="module")
def read(page):
    return Reader(page)


def test_the_html_asks_the_network_for_nothing(page):
    assert_no_request(page)


def test_the_html_says_all_the_pdf_says(told, read):
    words = " ".join(" ".join(read.text).split())
    view = clinician_view(told)
    for text in texts(view["sections"]):
        if "<svg" not in text and text not in {s["code"] for s in view["sections"]}:
            shown = any(text == v for _, a in read.elements for v in a.values())
            assert shown or " ".join(text.split()) in words or len(text) < 9, text
    assert office.NO_DEVICE in words


def test_pictures_and_tables_are_accessible(read):
    pictures = [attributes for tag, attributes in read.elements if tag == "svg"]
    assert len(pictures) == 3
    for attributes in pictures:
        assert attributes["role"] == "img"
        assert len(attributes["aria-label"]) > 40
    heads = [attributes for tag, attributes in read.elements if tag == "th"]
    assert {attributes["scope"] for attributes in heads} == {"col", "row"}
    tags = [tag for tag, _ in read.elements]
    assert tags.count("caption") == tags.count("table") > 5
    assert tags.count("h1") == tags.count("main") == 1
    assert ("html", {"lang": "en"}) in read.elements


def test_identifiers_are_unique_and_links_lead_somewhere(page):
    assert assert_links_lead_somewhere(page) == 14


def test_words_of_the_protocol_are_never_markup(told):
    protocol = told.protocol.model_copy(update={"title": "<b>Bold</b> #read(1) & more"})
    changed = replace(told, protocol=protocol)
    assert "&lt;b&gt;Bold&lt;/b&gt; #read(1) &amp; more" in clinician_html(changed)
    assert n_pages(clinician_pdf(changed)) >= 3
