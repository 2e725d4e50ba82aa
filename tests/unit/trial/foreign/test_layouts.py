"""Tables whose periods do not show: each gives its right answer, or is asked about."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nof1.errors import ScoresError
from nof1.inference.exact import quadrature
from nof1.inference.fits import PairedFit, RandomisationFit, RemlFit
from nof1.inference.frequentist import paired, reml
from nof1.inference.randomisation import randomisation_test
from nof1.model.model_input import model_input
from nof1.protocol.tables import AnalysisPlan
from nof1.trial.data import TrialData
from nof1.trial.foreign.writing import Writing
from nof1.words.caution import sentences
from support.foreign_tables import daily, faults_of, read, read_text

LAYOUTS = Path(__file__).parents[3] / "data" / "layouts"

WHAT_THEN = (
    "Write a row for each of these days, with the treatment and an empty score, or say --gaps "
    "before, after or off: they were spent on the arm of the row before, of the row after, or "
    "on none."
)


def layout(name: str, **asked: object) -> TrialData:
    (trial,) = read(LAYOUTS / name, scale=(0, 10), mcid=1.0, **asked)
    return trial


def refusals(name: str, **asked: object) -> list[str]:
    with pytest.raises(ScoresError) as caught:
        layout(name, **asked)
    return [str(fault) for fault in caught.value.faults]


def by_pairs(trial: TrialData) -> PairedFit:
    """Return the paired figures of the first active arm."""
    found = paired.fit(model_input(trial, trial.masked.series[0], AnalysisPlan()), 1, 0)
    assert isinstance(found, PairedFit)
    return found


def by_orders(trial: TrialData) -> RandomisationFit:
    """Return the randomisation test's figures."""
    given = model_input(trial, trial.masked.series[0], AnalysisPlan())
    found = randomisation_test.fit(given, 1, 0, trial.allocation_set)
    assert isinstance(found, RandomisationFit)
    return found


def spans(trial: TrialData) -> list[tuple[int, int]]:
    return [(period.first_day, period.last_day) for period in trial.masked.periods]


def n_missing(trial: TrialData) -> int:
    return model_input(trial, trial.masked.series[0], AnalysisPlan()).n_missing


# Neighbouring periods on one arm.


def test_pairs_tell_the_length_of_merged_periods() -> None:
    trial = layout("merged-periods.csv", allocation="pairs")
    assert spans(trial) == [(1 + 7 * k, 7 + 7 * k) for k in range(6)]
    # Figures of a table with a period column, by enumeration of 2^3 orders.
    assert by_orders(trial).allocations == 8
    assert by_orders(trial).p_value == 0.25
    assert by_pairs(trial).df == 2
    assert by_pairs(trial).p_value == pytest.approx(0.006, abs=5e-4)
    assert (
        "Periods were taken to last 7 days each (6 found): with no other length does every cycle "
        "have every arm once. --period-days says otherwise." in sentences(trial.notes)
    )


@pytest.mark.parametrize(
    "asked",
    [{}, {"allocation": "pairs"}, {"writing": Writing(period_days=7)}],
    ids=["four-cycles", "pairs", "days"],
)
def test_merged_periods_with_dates_and_missing_days(asked: dict[str, object]) -> None:
    (trial,) = read(LAYOUTS / "merged-dated.csv", **asked)
    figures = by_pairs(trial)
    assert figures.estimate == pytest.approx(-1.750, abs=5e-4)
    assert figures.df == 3
    assert figures.p_value == pytest.approx(0.051, abs=5e-4)


def runs_of(lengths: str) -> str:
    """Return a table with so many days on each arm, for instance ``A7 B14``."""
    labels = [one[0] for one in lengths.split() for _ in range(int(one[1:]))]
    rows = [f"{day},{arm},{day % 5}" for day, arm in enumerate(labels, start=1)]
    return "\n".join(["day,treatment,score", *rows])


@pytest.mark.parametrize(
    "allocation", [None, "complete", "none"], ids=["unknown", "complete", "none"]
)
def test_merged_periods_are_asked_about_where_no_cycle_tells(
    tmp_path: Path, allocation: str | None
) -> None:
    text = runs_of("A14 B7 A7 B14 A7 B7")
    assert faults_of(tmp_path, text, allocation=allocation) == [
        "table.csv: days in a row on one treatment last 14, 7, 7, 14, 7 and 7 days: two "
        "periods on one treatment in a row cannot be told from one, nor a period from days on a "
        "wrong kit. Name the period or cycle column with --columns, or say --period-days 7 if "
        "every period lasted 7 days, or --period-days runs if every one of these stretches was a "
        "period."
    ]
    # Both mends work.
    seven = read_text(tmp_path, text, allocation=allocation, writing=Writing(period_days=7))
    assert seven.arm_of_period == (0, 0, 1, 0, 1, 1, 0, 1)
    runs = read_text(tmp_path, text, allocation=allocation, writing=Writing(period_days="runs"))
    assert runs.arm_of_period == (0, 1, 0, 1, 0, 1)


def test_two_cycles_tell_nothing_by_themselves(tmp_path: Path) -> None:
    (message,) = faults_of(tmp_path, runs_of("A7 B14 A7"))
    assert "last 7, 14 and 7 days" in message


@pytest.mark.parametrize("last", [2, 3, 4, 6])
def test_a_period_that_was_not_finished_hides_no_merged_ones(tmp_path: Path, last: int) -> None:
    text = runs_of(f"A7 B14 A{7 + last}")
    (message,) = faults_of(tmp_path, text)
    assert f"last 7, 14 and {7 + last} days" in message
    assert "--period-days 7 if" in message
    seven = read_text(tmp_path, text, writing=Writing(period_days=7))
    assert seven.arm_of_period == (0, 1, 1, 0, 0)


@pytest.mark.parametrize(
    "lengths",
    [
        "A3 B12 A10 B14",
        "A5 B10",
        "A6 B18 A6",
        "A20 B5 A20 B5",
        "A9 B12 A10 B9",
        "A7 B9 A5 B7 A7 B7",
    ],
)
def test_phases_of_unequal_lengths_are_not_asked_about(tmp_path: Path, lengths: str) -> None:
    trial = read_text(tmp_path, runs_of(lengths), comparator="A")
    assert len(spans(trial)) == len(lengths.split())


def test_the_mends_of_pairs_do_not_go_round_in_a_circle() -> None:
    trial = layout("merged-abba.csv", allocation="pairs")
    assert trial.arm_of_period == (0, 1, 1, 0)
    assert by_orders(trial).allocations == 4


@pytest.mark.parametrize("text", ["0", "seven", "-7", "7.5"])
def test_a_length_that_is_none_is_refused(text: str) -> None:
    from nof1.cli.tables import length
    from nof1.errors import InputError
    from nof1.workflow.tables import TableOptions

    with pytest.raises(InputError, match=r"is not a number of days\. Write, for instance, 7"):
        TableOptions(period_days=length(text)).read(LAYOUTS / "merged-dated.csv", AnalysisPlan())


# Periods and days without a row.


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("period-empty.csv", {}),
        ("period-absent.csv", {}),
        ("period-absent-merged.csv", {"allocation": "pairs"}),
    ],
)
def test_a_period_that_never_took_place_shifts_no_cycle(
    name: str, asked: dict[str, object]
) -> None:
    trial = layout(name, **asked)
    assert trial.arm_of_period == (0, 1, 1, 0, 0, 1, 1, 0)
    assert [period.cycle for period in trial.masked.periods] == [1, 1, 2, 2, 3, 3, 4, 4]
    assert n_missing(trial) == 7
    figures = by_orders(trial)
    assert figures.allocations == 16
    assert figures.p_value == 0.25
    assert figures.ci_low == pytest.approx(-1.857, abs=5e-4)
    assert figures.ci_high == pytest.approx(-1.0, abs=5e-4)


def test_a_period_that_never_took_place_is_named() -> None:
    assert (
        "Period 5 has no row; the other of its cycle tells that it was on A. It counts as a period "
        "without a score." in sentences(layout("period-absent.csv").notes)
    )


def test_a_last_cycle_that_was_broken_off_is_completed_for_pairs(tmp_path: Path) -> None:
    trial = read_text(tmp_path, daily("ABBAB", 7), allocation="pairs")
    assert trial.arm_of_period == (0, 1, 1, 0, 1, 0)
    assert spans(trial)[-2:] == [(29, 35), (36, 42)]
    assert trial.allocation_set is not None
    assert trial.allocation_set.size == 8


def test_cycles_are_not_sought_behind_a_period_that_does_not_fit(tmp_path: Path) -> None:
    # A period on A is missing and no number says so: AB BA B BA would shift to AB BA BB A.
    header, *rows = daily("ABBABBA", 7).splitlines()
    text = "\n".join(",".join(r.split(",")[i] for i in (0, 1, 3, 4)) for r in (header, *rows))
    trial = read_text(tmp_path, text)
    assert {period.cycle for period in trial.masked.periods} == {1}
    assert (
        "The periods do not fall into cycles with every arm once: no paired differences."
        in sentences(trial.notes)
    )


def test_weeks_without_rows_between_all_periods_are_no_periods(tmp_path: Path) -> None:
    labels = "A7 _7 B7 _7 B7 _7 A7 _7 A7 _7 B7"
    text = by_day("".join(one[0] * int(one[1:]) for one in labels.split()))
    for asked in ({"writing": Writing(period_days=7)}, {"allocation": "pairs"}):
        messages = faults_of(tmp_path, text, **asked)
        assert any("the table has no row for days " in message for message in messages)
    for writing in (Writing(gaps="off", period_days=7), Writing(gaps="off")):
        trial = read_text(tmp_path, text, allocation="pairs", writing=writing)
        assert spans(trial) == [(1 + 14 * k, 7 + 14 * k) for k in range(6)]
        assert trial.arm_of_period == (0, 1, 1, 0, 0, 1)
    on = Writing(gaps="before", period_days=14)
    trial = read_text(tmp_path, text, allocation="pairs", writing=on)
    assert spans(trial)[:5] == [(1 + 14 * k, 14 + 14 * k) for k in range(5)]
    assert any("--gaps off says" in note for note in sentences(trial.notes))


def test_numbers_passed_over_are_asked_about_unless_few(tmp_path: Path) -> None:
    held = ((1, "A"), (2, "B"), (4, "A"), (5, "B"), (7, "A"), (8, "B"))
    rows = [
        f"{day},{arm},{day % 5},{period}"
        for period, arm in held
        for day in range(7 * period - 6, 7 * period + 1)
    ]
    text = "\n".join(["day,treatment,score,period", *rows])
    assert faults_of(tmp_path, text, writing=Writing(gaps="off")) == [
        "table.csv: no row has the number of periods 3, 6. Write a row with it and the treatment, "
        "the score empty; or with washout for the treatment if it was none."
    ]
    # Both mends work.
    washouts = read_text(tmp_path, f"{text}\n15,washout,,3\n36,washout,,6")
    assert washouts.arm_of_period == (0, 1, 0, 1, 0, 1)
    assert spans(washouts)[1][1] == 14
    held_too = read_text(tmp_path, f"{text}\n15,B,,3\n36,A,,6")
    assert held_too.arm_of_period == (0, 1, 1, 0, 1, 0, 0, 1)
    assert {period.cycle for period in held_too.masked.periods} == {1, 2, 3, 4}


def test_a_period_between_washouts_that_never_took_place_keeps_its_place(tmp_path: Path) -> None:
    rows = [
        f"{14 * period + day}," + (f"{arm},{day},{period + 1}" if day <= 7 else f"washout,{day},")
        for period, arm in enumerate("ABBAAB")
        for day in range(1, 15)
        if period != 3 or day > 7
    ]
    trial = read_text(tmp_path, "\n".join(["day,treatment,score,period", *rows]))
    assert trial.arm_of_period == (0, 1, 1, 0, 0, 1)
    assert spans(trial) == [(1 + 14 * k, 7 + 14 * k) for k in range(6)]
    assert n_missing(trial) == 7


def test_absent_rows_count_as_empty_cells_do() -> None:
    absent, blank = layout("days-absent.csv"), layout("days-blank.csv")
    assert n_missing(absent) == n_missing(blank) == 16
    np.testing.assert_array_equal(absent.masked.series[0].day, blank.masked.series[0].day)
    np.testing.assert_array_equal(absent.masked.series[0].score, blank.masked.series[0].score)
    assert spans(absent) == spans(blank) == [(1 + 14 * k, 14 + 14 * k) for k in range(6)]
    assert (
        "16 days have no row where the others have one (B 16): counted as missing scores."
        in sentences(absent.notes)
    )


def test_days_that_are_never_scored_are_not_missing() -> None:
    assert n_missing(layout("scored-at-end.csv")) == 0


def test_weekends_that_are_never_scored_are_not_missing(tmp_path: Path) -> None:
    lines = [
        f"{day},{'ABBA'[(day - 1) // 14]},{day % 4},{1 + (day - 1) // 14}"
        for day in range(1, 57)
        if day % 7 not in (6, 0)
    ]
    trial = read_text(tmp_path, "\n".join(["day,treatment,score,period", *lines]))
    assert n_missing(trial) == 0
    assert spans(trial) == [(1 + 14 * k, 14 + 14 * k) for k in range(4)]


def test_a_weekly_score_without_a_row_is_missing(tmp_path: Path) -> None:
    lines = [
        f"{day},{'ABBA'[(day - 1) // 28]},{day % 4},{1 + (day - 1) // 28}"
        for day in range(7, 113, 7)
        if day not in (35, 49)
    ]
    trial = read_text(tmp_path, "\n".join(["day,treatment,score,period", *lines]), recall_days=7)
    assert spans(trial) == [(1 + 28 * k, 28 + 28 * k) for k in range(4)]
    assert n_missing(trial) == 2


# Where dosing began.


def test_a_period_that_is_scored_at_its_end_begins_at_the_switch() -> None:
    plan = AnalysisPlan(carryover="fixed:7")
    for name in ("scored-at-end.csv", "scored-at-end-all-days.csv"):
        trial = layout(name)
        given = model_input(trial, trial.masked.series[0], plan)
        figures = reml.fit(given, 1, 0)
        assert isinstance(figures, RemlFit)
        assert figures.estimate == pytest.approx(-2.90, abs=5e-3)
        assert figures.ci_low == pytest.approx(-3.55, abs=5e-3)
        assert figures.ci_high == pytest.approx(-2.25, abs=5e-3)
        exact = quadrature.summarise(quadrature.solve(given), 1, 0)
        assert exact.estimate == pytest.approx(-2.57, abs=1e-2)


def dated(text: str) -> str:
    """Return a table with dates for its days."""
    from datetime import date, timedelta

    header, *rows = text.splitlines()
    lines = [header.replace("day", "date")]
    for row in rows:
        day, rest = row.split(",", 1)
        lines.append(f"{date(2026, 1, 1) + timedelta(int(day))},{rest}")
    return "\n".join(lines)


def test_dates_do_not_tell_whose_the_days_without_a_row_are(tmp_path: Path) -> None:
    text = dated((LAYOUTS / "scored-at-end.csv").read_text(encoding="utf-8"))
    (message,) = faults_of(tmp_path, text)
    assert message.startswith("table.csv: the table has no row for days 8 to 28, days 36 to 56, ")
    assert message.endswith(
        "and periods of 28 days may begin between day -20 and day 1. " + WHAT_THEN
    )
    after = read_text(tmp_path, text, writing=Writing(gaps="after"))
    assert spans(after) == [(1 + 28 * k, 28 + 28 * k) for k in range(6)]
    assert after.masked.series[0].day[0] == 22
    assert "The first period began before the first row: its day 1 is day 22 here." in sentences(
        after.notes
    )
    before = read_text(tmp_path, text, writing=Writing(gaps="before"))
    assert spans(before)[:2] == [(1, 28), (29, 56)]
    off = read_text(tmp_path, text, writing=Writing(gaps="off"))
    assert spans(off)[:2] == [(1, 7), (29, 35)]


def test_weeks_without_a_row_inside_a_period_are_asked_about(tmp_path: Path) -> None:
    days = [*range(1, 8), *range(28, 57)]
    lines = [f"{day},{'A' if day < 29 else 'B'},{day % 3},{1 if day < 29 else 2}" for day in days]
    text = "\n".join(["day,treatment,score,period", *lines])
    assert faults_of(tmp_path, text) == [
        "table.csv: the table has no row for days 8 to 27, inside a period. " + WHAT_THEN
    ]
    on = read_text(tmp_path, text, writing=Writing(gaps="before"))
    assert spans(on) == [(1, 28), (29, 56)]
    assert dict(on.arm_taken) == {}


def test_a_pause_of_the_active_arm_is_a_pause_of_its_exposure(tmp_path: Path) -> None:
    days = [*range(1, 36), *range(56, 57)]
    lines = [f"{day},{'A' if day < 29 else 'B'},{day % 3},{1 if day < 29 else 2}" for day in days]
    text = "\n".join(["day,treatment,score,period", *lines])
    off = read_text(tmp_path, text, writing=Writing(gaps="off"))
    assert set(off.arm_taken) == set(range(36, 56))
    assert set(off.arm_taken.values()) == {0}


def test_a_few_days_without_a_row_do_not_shorten_a_period(tmp_path: Path) -> None:
    lines = [
        f"{day},{'ABBA'[(day - 1) // 7]},{day % 4},{1 + (day - 1) // 7}"
        for day in range(1, 29)
        if day not in (7, 20, 21, 28)
    ]
    trial = read_text(tmp_path, "\n".join(["day,treatment,score,period", *lines]))
    assert spans(trial) == [(1, 7), (8, 14), (15, 21), (22, 28)]
    assert n_missing(trial) == 4


# What was taken.


def test_two_days_on_the_old_kit_are_not_to_be_falsified() -> None:
    (message,) = refusals("wrong-kit.csv")
    assert message == (
        'wrong-kit.csv:row 16, column "treatment": B to row 17, but most days of period 3 are on '
        "A. If that is what was taken, add --columns taken=treatment: the period then counts as "
        "assigned to A, and these days as what was taken. If not, correct the cell."
    )
    trial = layout("wrong-kit.csv", columns={"taken": "treatment"})
    assert trial.arm_of_period == (0, 1, 0, 1, 0, 1)
    assert dict(trial.arm_taken) == {15: 1, 16: 1}
    assert by_orders(trial).allocations == 8


def test_two_days_on_a_wrong_kit_are_no_period() -> None:
    (asked,) = refusals("wrong-kit-merged.csv")
    assert "last 7, 7, 3, 2, 2, 7, 7 and 7 days" in asked
    assert "--period-days 7 if" in asked
    (message,) = refusals("wrong-kit-merged.csv", writing=Writing(period_days=7))
    assert "B to row 20, but most days of the same period are on A" in message
    assert message.endswith("If not, correct --period-days, or the cell.")
    trial = layout(
        "wrong-kit-merged.csv", writing=Writing(period_days=7), columns={"taken": "treatment"}
    )
    assert [period.cycle for period in trial.masked.periods] == [1, 1, 2, 2, 3, 3]
    assert dict(trial.arm_taken) == {18: 1, 19: 1}


def test_a_column_of_what_was_taken_stands_beside_what_was_assigned(tmp_path: Path) -> None:
    lines = [
        f"{day},{'ABBA'[(day - 1) // 7]},{'B' if day == 3 else 'washout' if day == 9 else ''},5"
        for day in range(1, 29)
    ]
    text = "\n".join(["day,treatment,arm_taken,score", *lines])
    trial = read_text(tmp_path, text, allocation="pairs")
    assert dict(trial.arm_taken) == {3: 1, 9: 0}
    assert any(
        note.startswith("Another treatment was taken than assigned on 2 days (A 1, B 1)")
        for note in sentences(trial.notes)
    )
    strange = text.replace("washout", "tea")
    assert faults_of(tmp_path, strange, allocation="pairs") == [
        'table.csv:row 10, column "arm_taken": tea is none of the treatments A, B. '
        "Write one of them, or washout for none."
    ]


# All arms act.


def test_what_another_arm_left_behind_stays_in_the_model() -> None:
    trial = layout("third-arm.csv", comparator="A", active=("B",))
    assert trial.arms == ("A", "B", "C")
    given = model_input(trial, trial.masked.series[0], AnalysisPlan())
    figures = quadrature.summarise(quadrature.solve(given), 1, 0)
    assert figures.estimate == pytest.approx(-0.50, abs=0.02)
    assert figures.ci_low == pytest.approx(-1.45, abs=0.03)
    assert figures.ci_high == pytest.approx(0.43, abs=0.03)


# Single days, weeks.


def test_weeks_are_not_days(tmp_path: Path) -> None:
    text = "week,treatment,score\n" + "".join(
        f"{week},{arm},{week}\n" for week, arm in enumerate("ABBAABBA", start=1)
    )
    trial = read_text(tmp_path, text, recall_days=7)
    assert trial.masked.series[0].day.tolist() == [7, 14, 21, 28, 35, 42, 49, 56]
    assert spans(trial) == [(1 + 7 * k, 7 + 7 * k) for k in range(8)]


def test_weekly_washout_rows_are_washout_weeks(tmp_path: Path) -> None:
    weeks = ["A", "washout", "B", "washout", "B", "washout", "A"]
    text = "day,treatment,score,period\n" + "".join(
        f"{7 * week},{arm},{week},{'' if arm == 'washout' else (week + 1) // 2}\n"
        for week, arm in enumerate(weeks, start=1)
    )
    assert spans(read_text(tmp_path, text)) == [(1, 7), (15, 21), (29, 35), (43, 49)]


def test_a_week_that_is_lacking_shifts_no_weekly_period(tmp_path: Path) -> None:
    text = "day,treatment,score\n" + "".join(
        f"{7 * week},{arm},{week}\n" for week, arm in enumerate("ABBABAAB", start=1) if week != 6
    )
    trial = read_text(tmp_path, text, allocation="pairs")
    assert trial.arm_of_period == (0, 1, 1, 0, 1, 0, 0, 1)
    assert spans(trial) == [(1 + 7 * k, 7 + 7 * k) for k in range(8)]
    assert n_missing(trial) == 1


DAYS = "ABBABAABABBABAAB"


def by_day(order: str) -> str:
    rows = [f"{day},{arm},{day % 5}" for day, arm in enumerate(order, start=1) if arm != "_"]
    return "\n".join(["day,treatment,score", *rows])


def test_days_with_an_arm_of_their_own_are_periods(tmp_path: Path) -> None:
    from nof1.design.daily import DailySet

    trial = read_text(tmp_path, by_day(DAYS), allocation="daily:2")
    assert len(trial.masked.periods) == 16
    assert trial.allocation_set == DailySet((8, 8), (16,), 2)
    assert by_orders(trial).allocations == DailySet((8, 8), (16,), 2).size


def test_days_with_an_arm_of_their_own_keep_their_degrees_of_freedom(tmp_path: Path) -> None:
    generator = np.random.default_rng(9)
    lines = [
        f"{day},{arm},{5 - 2 * (arm == 'B') + generator.normal():.1f}"
        for day, arm in enumerate(DAYS * 4, start=1)
    ]
    text = "\n".join(["day,treatment,score", *lines])
    trial = read_text(tmp_path, text, scale=(0, 10), allocation="daily:4")
    found = reml.fit(model_input(trial, trial.masked.series[0], AnalysisPlan()), 1, 0)
    assert isinstance(found, RemlFit)
    # 64 scores, independent as they are made: a t-test with a trend has 61.
    assert found.df > 40
    assert found.ci_low < -2 < found.ci_high
    assert found.se == pytest.approx(2 / 64**0.5, rel=0.25)


def test_a_day_that_nobody_knows_parts_the_days(tmp_path: Path) -> None:
    from nof1.design.daily import DailySet

    trial = read_text(tmp_path, by_day("ABB_BAAB"), allocation="daily:2")
    assert trial.allocation_set == DailySet((3, 4), (3, 4), 2)


@pytest.mark.parametrize(
    ("allocation", "message"),
    [
        (
            "daily:1",
            "table.csv: 2 rows in a row are on B, up to day 3. "
            "Use --allocation daily:2 if the draw allowed it, else none.",
        ),
        (
            "daily:x",
            "--allocation daily:x: 'x' is not a number of days. Write the most days in a row on "
            "one treatment that the draw allowed, for instance daily:2.",
        ),
    ],
)
def test_days_that_cannot_have_been_drawn_so(tmp_path: Path, allocation: str, message: str) -> None:
    assert faults_of(tmp_path, by_day(DAYS), allocation=allocation) == [message]
