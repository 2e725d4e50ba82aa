from __future__ import annotations

import re
import sys

import pytest

from nof1.cli.main import main
from nof1.inference.summaries import Summary
from nof1.pooling.cautions import of_the_trials
from nof1.pooling.result.conduct import PersonExcluded
from nof1.pooling.result.pooled_fit import LearntNoise
from nof1.protocol.tables import Decision
from nof1.reports.layout.elements import Bullets, Facts, Figure, Table, Text
from nof1.reports.pooled.answer import (
    answer_section,
    heterogeneity_section,
    next_section,
    verdict_sentences,
)
from nof1.reports.pooled.assumptions import (
    contrasts_section,
    frequentist_section,
    moderators_section,
    sensitivity_section,
)
from nof1.reports.pooled.cent import cent_section, flow_steps
from nof1.reports.pooled.conduct import (
    excluded_section,
    limits_section,
    provenance_section,
    said_counts,
    trials_section,
    warnings_section,
)
from nof1.reports.pooled.persons import funnel_section, persons_section
from nof1.reports.pooled.report import pooled_html, pooled_pdf, pooled_view
from nof1.reports.terminal.pooled import pool_lines
from nof1.words.caution import sentences
from nof1.words.en.cent import GAP
from nof1.words.en.cent import ITEMS as CENT_ITEMS
from support.html_pages import Reader, assert_links_lead_somewhere, assert_no_request
from support.pooled_fits import (
    FILE,
    PROMISED,
    changed,
    earlier,
    fit,
    mirrored,
    nothing_told,
    of_size,
    story,
    three_arms,
    unsized,
    with_next,
    with_verdict,
)
from support.printed import n_pages, texts

MINUS = re.compile(r"(?<![\w-])[-−]\d")

#: The 44 items of the statement for single trials and series, from their own numbering.
ITEMS = [
    "1a", "1b", "2a.1", "2a.2", "2b", "3a", "3b", "4a", "4b", "4c", "5", "6a.1",
    "6a.2", "6b", "7a", "7b", "8a", "8b", "8c", "9", "10", "11a", "11b", "12a",
    "12b", "12c", "13a.1", "13a.2", "13b", "14a", "14b", "15", "16", "17a.1", "17a.2", "17b",
    "18", "19", "20", "21", "22", "23", "24", "25",
]  # fmt: skip


def said(section) -> str:
    """Return every word of a section, with what its pictures say."""
    parts = []
    for element in section.elements:
        match element:
            case Text(text):
                parts.append(text)
            case Bullets(items):
                parts += items
            case Facts(pairs):
                parts += texts(pairs)
            case Table():
                parts += [*texts([element.caption, element.columns, element.rows]), element.note]
            case Figure():
                parts += [element.caption, element.picture.says]
    return " ".join(parts).replace("\N{NO-BREAK SPACE}", " ")


def table(section, place=0) -> Table:
    return [element for element in section.elements if isinstance(element, Table)][place]


def row_of(section, start, place=0) -> tuple[str, ...]:
    return next(row for row in table(section, place).rows if row[0].startswith(start))


@pytest.fixture(scope="module")
def told():
    return story()


@pytest.fixture(scope="module")
def view(told):
    return pooled_view(told)


# --- The verdict ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("better", "meaningful", "worse", "code", "words"),
    [
        (0.99, 0.96, 0.0, "helps-meaningfully", "will very likely do better"),
        (0.97, 0.85, 0.0, "helps-meaningfully", "will probably do better"),
        (0.96, 0.60, 0.0, "helps-perhaps-too-little", "but perhaps by too little to matter"),
        (0.70, 0.09, 0.05, "no-meaningful-difference", "are probably about the same"),
        (0.04, 0.00, 0.60, "makes-worse", "will very likely do worse"),
        (0.85, 0.50, 0.05, "cannot-tell", "We cannot tell"),
        (0.50, 0.30, 0.30, "cannot-tell", "We cannot tell"),
    ],
)
def test_the_verdict_on_the_next_person_follows_from_the_chances(
    better, meaningful, worse, code, words
):
    given = with_next(fit(), p_better=better, p_meaningful=meaningful, p_meaningfully_worse=worse)
    assert given.verdict.next_person.code == code
    assert words in verdict_sentences(story(given))


def these(mean, sd, *, better="lower", rule=PROMISED):
    """Return the analysis with another average in these persons, asked about them."""
    average = Summary(mean=mean, sd=sd, ci_low=mean - 2 * sd, ci_high=mean + 2 * sd, level=0.95)
    bayes = fit().bayes.model_copy(update={"these_persons": average})
    return with_verdict(changed(fit(), bayes=bayes, better=better, purpose="these"), rule)


@pytest.mark.parametrize(
    ("mean", "sd", "words"),
    [
        (-2.1, 0.5, "did better with magnesium than with placebo, by enough to matter"),
        (-1.2, 0.5, "did better with magnesium than with placebo, but perhaps by too little"),
        (0.0, 0.5, "did about the same with magnesium and with placebo"),
        (-0.5, 0.3, "did a little better with magnesium than with placebo, but by too little"),
        (0.5, 0.3, "did a little worse with magnesium than with placebo, but by too little"),
        (1.5, 0.6, "did worse with magnesium than with placebo."),
        (-0.6, 0.9, "We cannot tell whether these 37 persons did better or worse"),
    ],
)
def test_the_verdict_on_these_persons_is_spoken(mean, sd, words):
    assert words in verdict_sentences(story(these(mean, sd)))
    assert words in verdict_sentences(story(these(-mean, sd, better="higher")))


def test_a_report_speaks_the_verdict_it_was_given_and_makes_none():
    given = with_next(fit(), p_better=0.96, p_meaningful=0.6)
    verdict = given.verdict.model_copy(
        update={"next_person": given.verdict.next_person.model_copy(update={"code": "cannot-tell"})}
    )
    assert "perhaps by too little" in verdict_sentences(story(given))
    assert "We cannot tell" in verdict_sentences(story(changed(given, verdict=verdict)))


@pytest.mark.parametrize(
    ("rule", "said_of_it"),
    [
        (Decision(meaningful=0.71), "better by enough to matter 71 %"),
        (Decision(trivial=0.72), "a difference too small to matter 72 %"),
        (Decision(better=0.735), "better at all 73.5 %"),
        (Decision(worse=0.74), "worse at all 74 %"),
    ],
)
@pytest.mark.parametrize(
    ("rule_from", "source"),
    [
        ("question", "The question fixed this rule."),
        ("protocols", "The persons' protocols fixed this rule."),
        ("strictest", "The persons' protocols have different rules"),
        ("default", "neither a protocol nor the question fixed one"),
    ],
)
def test_the_rule_is_said_with_who_fixed_it(rule, said_of_it, rule_from, source):
    given = with_verdict(fit(), rule, rule_from)
    words = said(answer_section(story(given)))
    assert said_of_it in words
    assert source in words
    shown = " ".join(" ".join(pool_lines(given)).split())
    assert said_of_it in shown
    assert source in shown


def test_a_file_of_an_earlier_version_opens_without_a_verdict():
    told = story(earlier())
    assert verdict_sentences(told).startswith("There is no verdict in this file")
    words = said(answer_section(told))
    assert "There is no verdict in this file" in words
    assert "On average these" not in words
    assert row_of(answer_section(told), "The next person")[1].endswith("lower (better)")
    assert pooled_pdf(pooled_view(told)).startswith(b"%PDF")
    assert not any("Verdict" in line for line in pool_lines(earlier()))


def test_the_answer_that_was_asked_for_is_first_and_marked():
    for purpose, first in (("next", "The next person"), ("these", "Average in these")):
        told = story(changed(fit(), purpose=purpose))
        section = answer_section(told)
        rows = [row[0] for row in table(section).rows]
        assert rows[0].startswith(first)
        assert [row.endswith("(what was asked)") for row in rows] == [True, False, False, False]
        assert section.elements[1].items[0].startswith("What was asked: ")
    sentences = verdict_sentences(story(changed(fit(), purpose="next")))
    assert "The next person" in sentences
    assert "On average" not in sentences


def test_without_a_purpose_both_answers_are_the_verdict():
    told = story(changed(fit(), purpose=None))
    assert "On average these 37 persons" in verdict_sentences(told)
    assert "The next person" in verdict_sentences(told)
    assert "what was asked" not in said(answer_section(told)).lower()


def test_an_average_does_not_hide_that_persons_differ():
    given = changed(fit(), purpose="these")
    alike = with_next(given, p_better=0.99, p_meaningful=0.9)
    apart = with_next(given, p_better=0.6, p_meaningful=0.4)
    assert "Single persons may differ" not in verdict_sentences(story(alike))
    assert "Single persons may differ from the average." in verdict_sentences(story(apart))


# --- Answer, next person, heterogeneity ----------------------------------------------------------


def test_every_answer_stands_with_its_interval(told):
    section, bayes = answer_section(told), told.fit.bayes
    for start, found in (
        ("The next person", bayes.next_person),
        ("Average in these 37 persons", bayes.these_persons),
        ("Average of all persons", bayes.mean),
    ):
        row = row_of(section, start)
        assert row[1] == f"{abs(found.mean):.1f} points lower (better)"
        assert f"{abs(found.ci_low):.1f}" in row[2]
        assert f"{abs(found.ci_high):.1f}" in row[2]
    spread = row_of(section, "How much persons differ")
    assert spread[1:] == ("0.54 points", "From 0.00 to 0.89")
    assert "It may be that they hardly differ at all." in said(section)
    assert "steady-state" in said(section)


def test_a_hundred_more_persons_are_counted_as_the_icons_are(told):
    words = said(next_section(told))
    assert (
        "with magnesium against placebo: 73 would do better by 1 point or more; 24 would" in words
    )
    assert "73 of 100: better by 1 point or more; 24 of 100: better, but by less than that" in words
    assert "3 of 100: worse" in words
    assert "Worse by 1 point or more: fewer than 1." in words


def test_the_scatter_of_own_answers_is_told_apart_from_heterogeneity(told):
    section = heterogeneity_section(told)
    assert row_of(section, "SD between persons")[1:] == ("0.54 points", "0.00 to 0.89")
    assert row_of(section, "SD of the effects by own scores alone (not")[1] == "0.94 points"
    assert row_of(section, "Share who do better by 1 point")[1] == "73 %"
    assert "That is not how much persons differ" in said(section)


def test_without_a_smallest_difference_size_is_never_judged():
    told = story(unsized())
    words = " ".join(texts(pooled_view(told)["sections"])) + verdict_sentences(told)
    for never in ("None", "enough to matter", "too little to matter", "MCID of", "or more:"):
        assert never not in words
    assert "Nobody named a smallest difference that matters" in words
    assert ": 97 would do better; 3 would do worse." in said(next_section(told))


def test_where_higher_is_better_all_turns_round():
    told = story(mirrored())
    assert verdict_sentences(told) == verdict_sentences(story())
    assert row_of(answer_section(told), "The next")[1] == "1.3 points higher (better)"


# --- Persons -------------------------------------------------------------------------------------


def test_everybody_is_in_the_table_as_long_as_it_can_be_read(told):
    rows = table(persons_section(told)).rows
    assert [row[0] for row in rows] == [one.person for one in told.ranked]
    best = told.ranked[0]
    assert rows[0][2] == f"{abs(best.naive):.2f} lower ({best.naive_se:.2f})"
    assert rows[0][3] == f"{abs(best.shrunken):.2f} lower"


def test_of_many_persons_the_ends_the_middle_and_quantiles_are_told():
    told = story(of_size(5000))
    section = persons_section(told)
    quantiles, rows = table(section), table(section, 1).rows
    assert len(rows) == 30
    assert [rows[place][0].split(". ")[0] for place in (0, 9, 10, 19, 20, 29)] == [
        "1", "10", "2,496", "2,505", "4,991", "5,000",
    ]  # fmt: skip
    assert quantiles.rows[0][1] == rows[0][3]
    assert quantiles.rows[3][1] == told.amounts.finer.cell(told.ranked[2499].shrunken)
    assert quantiles.rows[-1][1] == rows[-1][3]
    assert "has everybody" in said(section)
    assert "One of 5 persons is drawn." in said(section)


def test_the_funnel_counts_who_lies_outside_beside_what_chance_would_give(told):
    words = said(funnel_section(told))
    assert "2 of 37 persons lie outside the full lines; about 2 would by chance." in words
    assert "shows little" in said(funnel_section(story(of_size(5))))


# --- Other assumptions, arms, methods ------------------------------------------------------------


def test_every_assumption_has_its_row_the_plan_first(told):
    section = sensitivity_section(told)
    assert [row[0].lower() for row in table(section).rows] == [
        row.label for row in told.fit.sensitivity
    ]
    assert table(section).rows[0][0] == "As planned"


def test_moderators_say_who_was_left_out_and_how_they_shrink(told):
    section = moderators_section(told)
    words = said(section)
    assert "8 persons without this fact were left out here." in words
    assert "10 persons without this fact were left out here." in words
    assert "The prior of a difference has an SD of 0.75 points." in words
    assert "Planned beforehand: protocol 1.0, 9.2." in words
    assert "exploratory" not in words
    assert row_of(section, "normal")[3:] == ("reference", "")


def test_a_moderator_that_nobody_planned_is_exploratory():
    one = fit().moderators[0].model_copy(update={"planned": "", "exploratory": True})
    section = moderators_section(story(changed(fit(), moderators=(one,))))
    assert table(section).caption == "Magnesium status, exploratory"
    assert "Not planned beforehand" in said(section)
    few = one.model_copy(update={"planned": "protocol", "n_unknown": 1})
    words = said(moderators_section(story(changed(fit(), moderators=(few,)))))
    assert "With so few persons it is exploratory all the same." in words
    assert "1 person without this fact was left out here." in words


def test_sections_without_anything_to_say_are_not_there():
    assert contrasts_section(story()) is None
    assert moderators_section(story(nothing_told())) is None


def test_every_pair_of_several_arms_has_a_row():
    section = contrasts_section(story(three_arms()))
    assert [row[:2] for row in table(section).rows] == [
        ("magnesium against placebo", "37"),
        ("stretching against placebo", "9"),
        ("stretching against magnesium", "none: by way of others"),
    ]


def test_the_other_methods_say_what_they_estimate_and_why_that_differs(told):
    section = frequentist_section(told)
    words = said(section)
    assert len(table(section).rows) == 7
    assert "as scheduled, carryover and all, not the steady-state effect" in words
    assert "In periods of 14 days" in words
    for row in ("summary_t", "reml", "kenward_roger", "these_persons"):
        assert getattr(told.fit.frequentist, row).method.lower() in words.lower()
    reml = told.fit.frequentist.reml
    found = row_of(section, "REML", 1)
    assert found[1] == f"{reml.tau2**0.5:.2f}"
    assert found[2] == f"{reml.tau2_low**0.5:.2f} to {reml.tau2_high**0.5:.2f}"
    assert f"{abs(reml.prediction_low):.2f}" in found[3]


def test_a_method_that_did_not_run_says_why():
    section = frequentist_section(story(nothing_told()))
    assert not [element for element in section.elements if isinstance(element, Figure)]
    assert {row[1] for row in table(section).rows} == {"not run"}
    assert {row[4] for row in table(section).rows} == {"0 of 37 persons shared cycle differences."}


# --- Conduct -------------------------------------------------------------------------------------


def test_how_the_trials_went_is_told_from_the_file(told):
    words = said(trials_section(told))
    for part in (
        "magnesium-rls 1.0",
        "216 of 222 planned have scores; 3 persons with fewer periods than planned",
        "2,962 analysed, 206 missing (7 %)",
        "92 right, 56 wrong, 35 unsure",
        "3 periods, before the end of a trial",
        "magnesium 37 91 % 28 1",
        "Magnesium status normal: 23 persons; not told: 8 persons; low: 6 persons",
    ):
        assert part in words
    assert "Iron" not in words


def test_severe_side_effects_stand_first_and_early_openings_among_the_warnings(told, view):
    severe = "Severe side effects were recorded in 1 person during magnesium."
    assert view["first"]["lines"] == [severe]
    html = pooled_html(view)
    assert html.index(severe) < html.index('class="verdict"')
    found = list(sentences(of_the_trials(told.fit.conduct)))
    assert found[0] == severe
    assert found[1].startswith("3 of 222 periods were opened before the end of their trials")
    quiet = told.fit.conduct.model_copy(update={"opened_early": 0, "arms": ()})
    assert list(of_the_trials(quiet)) == []


def test_what_was_not_told_is_said_to_be_so():
    words = said(trials_section(story(nothing_told())))
    assert "tables made elsewhere" in words
    assert words.count("not told") >= 6
    assert "nobody stopped early" in words
    assert "The analysis gave no warning." in said(warnings_section(story(nothing_told())))
    assert "Nobody was left out." in said(excluded_section(story(nothing_told())))


def test_counts_name_their_values():
    assert said_counts({"3": 40}, noun="cycles") == "3 cycles"
    assert said_counts({"": 40}, noun="cycles") == "not told"
    assert (
        said_counts({"3": 1, "4": 39}, noun="cycles") == "4 cycles: 39 persons; 3 cycles: 1 person"
    )


def test_who_was_left_out_stands_with_the_reason(told):
    rows = table(excluded_section(told)).rows
    assert ("56947a3e", "withdrew consent") in rows
    assert len(rows) == 3
    many = tuple(PersonExcluded(person=f"p{n}", why=f"reason {n % 2}") for n in range(51))
    rows = table(excluded_section(story(changed(fit(), excluded=many)))).rows
    assert rows == (("26", "reason 0"), ("25", "reason 1"))


def test_limits_and_provenance_are_honest(told):
    limits = said(limits_section(told))
    assert "unwelcome results were kept back" in limits
    assert "comes from knowing the arm" in limits
    words = said(provenance_section(told))
    assert "nof1" in words
    assert "SD of 1.5 points" in words
    assert "half-normal with a scale of 0.75 points" in words


# --- CENT ----------------------------------------------------------------------------------------


def test_cent_has_every_item_in_order(told):
    assert list(CENT_ITEMS) == ITEMS
    rows = table(cent_section(told)).rows
    assert [row[0] for row in rows] == ITEMS
    assert all(all(row) for row in rows)
    filled = sum(row[2] != GAP for row in rows)
    assert f"{filled} of 44 items are answered here" in said(cent_section(told))


def test_cent_is_filled_from_the_file_and_gaps_are_printed():
    full = {row[0]: row[2] for row in table(cent_section(story())).rows}
    assert full["13a.2"].startswith("Received 40, left out 3, pooled 37")
    assert "1.3 points lower (better)" in full["17a.2"]
    assert (
        "severe side effects: 0 during placebo and 1 during magnesium; with any: 24" in full["19"]
    )
    assert "double-blind: 31 persons" in full["11a"]
    assert full["23"] == full["14a"] == full["25"] == GAP
    bare = {row[0]: row[2] for row in table(cent_section(story(nothing_told()))).rows}
    assert bare["4a"] == bare["11a"] == bare["15"] == bare["19"] == GAP


def test_the_diagram_adds_up(told):
    lines = [step.lines[0] for step in flow_steps(told)]
    leaving = [step.leaving for step in flow_steps(told)]
    assert lines[:2] == ["Received: 40 persons", "Pooled: 37 persons"]
    assert leaving[0] == (
        "Left out: 3 persons", "2: took magnesium on the side", "1: withdrew consent",
    )  # fmt: skip
    assert leaving[2][0] == "Without scores: 6 periods"
    assert leaving[4] == ("Shared a likelihood alone: 1 person",)
    assert flow_steps(story(three_arms()))[1].lines[1] == "37 had magnesium and placebo"


def test_many_or_long_reasons_do_not_burst_the_diagram():
    many = tuple(
        PersonExcluded(
            person=f"p{n}", why=f"reason {n}, which is told at more length than fits a line"
        )
        for n in range(9)
    )
    leaving = flow_steps(story(changed(fit(), excluded=many)))[0].leaving
    assert leaving[-1] == "and 4 more reasons"
    assert max(map(len, leaving)) <= 44


# --- The files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given", [fit(), unsized(), mirrored(), three_arms(), nothing_told(), of_size(2)]
)
def test_no_number_has_a_minus_and_no_text_is_broken(given):
    view = pooled_view(story(given))
    for section in view["sections"]:
        for text in texts(section):
            if "<svg" not in text:
                assert not MINUS.search(text), text
                assert not re.search(r"\bNone\b|\bnan\b|\binf\b|\{|\}|\.\.(?!\.)|  ", text), text


def test_the_report_is_the_same_every_time(view):
    again = pooled_view(story())
    assert again == view
    assert pooled_html(again) == pooled_html(view)
    pdf = pooled_pdf(view)
    assert pooled_pdf(again) == pdf
    assert b"<pdfuaid:part>1<" in pdf
    assert b"<pdfaid:part>2<" in pdf


def test_the_page_is_accessible_and_asks_the_network_for_nothing(view):
    page = pooled_html(view)
    assert_no_request(page)
    assert assert_links_lead_somewhere(page) == len(view["sections"])
    read = Reader(page)
    assert read.tags.count("caption") == read.tags.count("table")
    pictures = [attributes for tag, attributes in read.elements if tag == "svg"]
    assert len(pictures) == 7
    assert all(len(one["aria-label"]) > 40 for one in pictures)
    assert " ".join(read.text).count("N-of-1 trials") > 1


@pytest.mark.parametrize(("n", "pages"), [(5, 8), (50, 10), (5000, 10)])
def test_the_report_stays_small_for_any_number_of_persons(n, pages):
    view = pooled_view(story(of_size(n)))
    page = pooled_html(view)
    assert_no_request(page)
    assert len(page.encode()) < 1.5e6
    pdf = pooled_pdf(view, paper="letter")
    assert len(pdf) < 1e6
    assert n_pages(pdf) <= pages


# --- The command ---------------------------------------------------------------------------------


@pytest.fixture
def nof1(monkeypatch, capsys, tmp_path):
    """Run a command beside a pooled file; return exit code, standard output and error."""
    (tmp_path / "series.json").write_bytes(FILE.read_bytes())
    monkeypatch.chdir(tmp_path)

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["nof1", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return run


def test_the_command_writes_both_files_beside_the_pooled_one(nof1, tmp_path):
    code, out, _ = nof1("report", "series.json", "--json")
    assert (code, out) == (
        0,
        '{"schema": "nof1.report/1", "files": ["series-report/pooled.pdf", '
        '"series-report/pooled.html"]}\n',
    )
    first = (tmp_path / "series-report/pooled.pdf").read_bytes()
    assert nof1("report", "series.json", "--paper", "letter")[0] == 0
    assert (tmp_path / "series-report/pooled.pdf").read_bytes() != first
    assert {path.name for path in tmp_path.iterdir()} == {"series.json", "series-report"}


def test_the_command_leaves_what_is_not_its_own(nof1, tmp_path):
    folder = tmp_path / "series-report"
    folder.mkdir()
    (folder / "thesis.docx").write_text("years of work")
    assert nof1("report", "series.json")[0] == 0
    assert (folder / "thesis.docx").read_text() == "years of work"
    names = {"pooled.pdf", "pooled.html", "thesis.docx"}
    assert {path.name for path in folder.iterdir()} == names


def test_the_command_refuses_what_makes_no_sense(nof1, tmp_path):
    code, _, err = nof1("report", "series.json", "--nuts")
    assert code == 2
    assert "--nuts, --sample: a pooled analysis has nothing to be sampled" in err
    (tmp_path / "other.json").write_text("{}")
    code, _, err = nof1("report", "other.json")
    assert code == 2
    assert "other.json: is no pooled analysis (nof1.pool/1)." in err
    assert not (tmp_path / "other-report").exists()


def test_the_noise_that_was_learnt_is_told():
    given = fit()
    noise = LearntNoise(sd=1.25, low=0.61, high=2.5)
    told = changed(given, bayes=given.bayes.model_copy(update={"noise": noise}))
    facts = dict(trials_section(story(told)).elements[0].pairs)
    assert facts["Scatter of scores"] == (
        "Learnt from all persons together: an SD of 1.2 points, in a further person between 0.61"
        " and 2.5"
    )
    before = dict(trials_section(story(given)).elements[0].pairs)
    assert "Scatter of scores" not in before
