"""What treatments mean, and rows that lack one."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from nof1.trial.data import RowsLeftOut, TrialData
from nof1.trial.foreign.writing import Writing
from nof1.words.caution import sentences
from support.foreign_tables import daily, faults_of, read, read_found, read_text, write

#: 42 invented scores on A and B in turn, a week each.
SCORES = [4, 6, 5, 9, 6, 6, 6, 2, 2, 2, 3, 2, 4, 3, 5, 7, 6, 5, 5, 4, 6] * 2
FULL = [(day, "AB"[(day - 1) // 7 % 2], score) for day, score in enumerate(SCORES, start=1)]


def table(cells: list[str], *, given: list[str] | None = None) -> str:
    """Return the 42 scores with these treatments, and with these periods where given."""
    rows = [
        f"{day},{cell},{score}" + (f",{given[day - 1]}" if given else "")
        for (day, _, score), cell in zip(FULL, cells, strict=True)
    ]
    return "\n".join(["day,treatment,score" + (",period" if given else ""), *rows]) + "\n"


def written_where_it_changes() -> list[str]:
    """Return the treatment of the first row of each stretch, and no other."""
    arms = [arm for _, arm, _ in FULL]
    return arms[:1] + [arm if arm != before else "" for before, arm in pairwise(arms)]


def one_blank() -> list[str]:
    """Return every treatment but that of day 11."""
    return ["" if day == 11 else arm for day, arm, _ in FULL]


def same(one: TrialData, other: TrialData) -> bool:
    """Return whether two trials have the same periods and scores."""
    return (
        one.masked.periods == other.masked.periods
        and one.arm_of_period == other.arm_of_period
        and np.array_equal(one.masked.series[0].score, other.masked.series[0].score)
    )


class TestScoresWithoutTreatment:
    def test_are_counted_and_the_first_is_named(self, tmp_path: Path) -> None:
        assert faults_of(tmp_path, table(written_where_it_changes())) == [
            'table.csv:row 3, column "treatment": 36 rows have no treatment, 36 of them with a '
            "score. Write it; if it is written only where it changes, add --fill-down; if the days "
            "are a run-in or washout, write run-in or washout there, or add --run-in blank."
        ]
        (one,) = faults_of(tmp_path, table(one_blank()))
        assert one.startswith(
            'table.csv:row 12, column "treatment": this row has a score, but no treatment. '
        )

    @pytest.mark.parametrize("cells", [written_where_it_changes(), one_blank()])
    def test_are_filled_down_on_request(self, tmp_path: Path, cells: list[str]) -> None:
        full = read_text(tmp_path, table([arm for _, arm, _ in FULL]))
        filled = read_text(tmp_path, table(cells), writing=Writing(fill_down=True))
        assert same(filled, full)
        n = cells.count("")
        rows = "1 row" if n == 1 else f"{n} rows"
        assert f"Filled down, as asked: the treatment of {rows}." in sentences(filled.notes)

    def test_get_that_of_their_period(self, tmp_path: Path) -> None:
        periods = [str((day - 1) // 7 + 1) for day, _, _ in FULL]
        full = read_text(tmp_path, table([arm for _, arm, _ in FULL], given=periods))
        beside = read_text(tmp_path, table(one_blank(), given=periods))
        assert same(beside, full)
        assert "1 row without a treatment was given that of the same period: row 12." in sentences(
            beside.notes
        )

    def test_get_that_of_another_row_of_their_day(self, tmp_path: Path) -> None:
        text = "day,treatment,score\n" + "".join(
            f"{day},{'AB'[day // 2 % 2]},\n{day},,{day % 4}\n" for day in range(1, 9)
        )
        trial = read_text(tmp_path, text)
        assert (
            "8 rows without a treatment were given that of the same day: row 3, 5, 7, 9, 11, ..."
            in " ".join(sentences(trial.notes))
        )

    def test_period_and_cycle_are_filled_down_with_the_treatment(self, tmp_path: Path) -> None:
        header, *rows = daily("ABBA", 3).splitlines()
        blanked = [
            row if number % 3 == 0 else f"{number + 1},,,,{row.split(',')[-1]}"
            for number, row in enumerate(rows)
        ]
        full = read_text(tmp_path, daily("ABBA", 3))
        filled = read_text(tmp_path, "\n".join([header, *blanked]), writing=Writing(fill_down=True))
        assert same(filled, full)

    def test_nothing_is_filled_down_from_one_person_to_the_next(self, tmp_path: Path) -> None:
        text = "person,day,treatment,score\np1,1,A,1\n,2,B,2\np2,1,,3\n,2,A,3\n,3,B,4\n"
        (fault,) = faults_of(tmp_path, text, writing=Writing(fill_down=True))
        assert fault.startswith(
            'table.csv:row 4, column "treatment": this row has a score, but no treatment.'
        )
        known = text.replace("p2,1,,3", "p2,1,washout,3")
        first, second = read(write(tmp_path, known), writing=Writing(fill_down=True))
        assert (first.masked.n_days, second.masked.n_days) == (2, 3)

    def test_above_the_first_label_are_told_otherwise(self, tmp_path: Path) -> None:
        header, *rows = table(written_where_it_changes()).splitlines()
        backwards = "\n".join([header, *reversed(rows)])
        (fault,) = faults_of(tmp_path, backwards, writing=Writing(fill_down=True))
        assert fault == (
            'table.csv:row 2, column "treatment": 6 rows have no treatment, 6 of them with a '
            "score. No row above it has one to fill it with: write it; if the rows run backwards "
            "in time, sort them first; if the days are a run-in or washout, write run-in or "
            "washout there, or add --run-in blank."
        )

    def test_are_a_run_in_on_request(self, tmp_path: Path) -> None:
        text = table(["" if day <= 3 else arm for day, arm, _ in FULL])
        trial = read_text(tmp_path, text, writing=Writing(run_in=("blank",)))
        assert trial.masked.periods[0].first_day == 4
        assert trial.masked.series[0].day[0] == 1

    def test_a_day_with_neither_is_counted_and_parts_no_period(self, tmp_path: Path) -> None:
        rows = table(one_blank()).replace("11,,3\n", "11,,\n")
        trial = read_text(tmp_path, rows)
        assert len(trial.masked.periods) == 6
        assert trial.left_out == (
            RowsLeftOut(why="with neither treatment nor score", arm=None, n=1),
        )


def test_rows_that_say_nothing_are_skipped_and_said(tmp_path: Path) -> None:
    # An intake form stands above the diary of each person, as in exports of REDCap.
    rows = [f"{person},,,,57" for person in "12"]
    rows += [f"{p},{day},{arm},{score}," for p in "12" for day, arm, score in FULL]
    text = "\n".join(["record_id,day,treatment,score,age", *rows]) + "\n"
    first, second = read(write(tmp_path, text), columns={"person": "record_id"})
    assert first.left_out == second.left_out
    assert first.left_out[0].n == 1
    assert "Skipped: 2 rows without date, treatment and score, the first row 2." in sentences(
        first.notes
    )


def test_titles_above_their_rows_are_filled_down(tmp_path: Path) -> None:
    text = "day,treatment,score\n,A,\n1,,1\n2,,2\n,B,\n3,,3\n4,,4\n"
    trial = read_text(tmp_path, text, writing=Writing(fill_down=True))
    assert trial.arm_of_period == (0, 1)
    assert "Skipped: 2 rows without date and score, the first row 2." in sentences(trial.notes)


class TestBaseline:
    def test_before_two_arms_is_a_run_in(self, tmp_path: Path) -> None:
        cells = ["Baseline" if day <= 7 else arm for day, arm, _ in FULL]
        trial = read_text(tmp_path, table(cells))
        assert trial.arms == ("A", "B")
        assert (
            "Baseline comes before all other treatments and was taken as a run-in, not as an arm; "
            "--comparator Baseline says otherwise." in sentences(trial.notes)
        )

    def test_is_an_arm_where_it_comes_back_or_is_named_or_is_one_of_two(
        self, tmp_path: Path
    ) -> None:
        cells = ["baseline" if day <= 7 or day > 35 else arm for day, arm, _ in FULL]
        assert read_text(tmp_path, table(cells)).arms[0] == "baseline"
        cells = ["baseline" if day <= 7 else arm for day, arm, _ in FULL]
        assert read_text(tmp_path, table(cells), comparator="baseline").arms[0] == "baseline"
        cells = ["baseline" if day <= 7 else "B" for day, _, _ in FULL]
        assert read_text(tmp_path, table(cells)).arms == ("baseline", "B")

    @pytest.mark.parametrize("name", ["baseline week", "Base line", "pre-test", "Screening 1"])
    def test_has_many_names(self, tmp_path: Path, name: str) -> None:
        cells = [name if day <= 7 else arm for day, arm, _ in FULL]
        assert read_text(tmp_path, table(cells)).arms == ("A", "B")

    def test_other_run_ins_are_named(self, tmp_path: Path) -> None:
        cells = ["week zero" if day <= 7 else arm for day, arm, _ in FULL]
        trial = read_text(tmp_path, table(cells), writing=Writing(run_in=("Week zero",)))
        assert trial.arms == ("A", "B")
        faults = faults_of(tmp_path, table(cells), writing=Writing(run_in=("week 0",)))
        assert (
            "--run-in week 0: no row has this treatment. The treatments are week zero, B, A."
            in faults
        )


class TestLookAlikes:
    CELLS = ("Placebo", "Plac.", "Mg", "magnesium", "Magnesium 300mg", "PLACEBO")

    def test_are_named_with_a_mend_that_works(self, tmp_path: Path) -> None:
        cells = [self.CELLS[(day - 1) // 7] for day, _, _ in FULL]
        (fault,) = faults_of(tmp_path, table(cells), comparator="placebo")
        assert fault == (
            "treatment: Plac. looks like Placebo, magnesium looks like Mg, Magnesium 300mg looks "
            'like Mg. If so, add --rename "Plac.=Placebo" --rename "magnesium=Mg" '
            '--rename "Magnesium 300mg=Mg"; if not, name the arms with --comparator and --active.'
        )
        rename = {"plac.": "Placebo", "magnesium": "Mg", "magnesium 300MG": "Mg"}
        writing = Writing(rename=rename, period_days="runs")
        trial = read_text(tmp_path, table(cells), writing=writing)
        assert trial.arms == ("Placebo", "Mg")
        assert trial.arm_of_period == (0, 1, 0)

    def test_that_the_user_names_are_arms(self, tmp_path: Path) -> None:
        cells = [("low", "low dose")[(day - 1) // 7 % 2] for day, _, _ in FULL]
        assert len(faults_of(tmp_path, table(cells), comparator="low")) == 1
        trial = read_text(tmp_path, table(cells), comparator="low", active=("low dose",))
        assert trial.arms == ("low", "low dose")

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("placebo", "magnesium"),
            ("on", "off"),
            ("no tea", "tea"),
            ("100 mg", "300 mg"),
            ("Treatment A", "Treatment B"),
            ("exercise", "no exercise"),
            ("A", "AB"),
            ("A1", "A2"),
            ("100", "1000"),
            ("dose 10", "dose 100 mg"),
            ("drug", "drug + diet"),
            ("diet", "Diet and exercise"),
            ("usual", "walk"),
        ],
    )
    def test_different_arms_are_not_asked_about(self, tmp_path: Path, one: str, other: str) -> None:
        cells = [(one, other)[(day - 1) // 7 % 2] for day, _, _ in FULL]
        found = read_found(write(tmp_path, table(cells)), comparator=one)
        assert found.trials[0].arms == (one, other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [("placebo", "pbo"), ("Placebo", "Palcebo"), ("B-6", "B6"), ("magnesium", "Mg")],
    )
    def test_other_spellings_are(self, tmp_path: Path, one: str, other: str) -> None:
        cells = [(one, other)[(day - 1) // 7 % 2] for day, _, _ in FULL]
        assert "looks like" in faults_of(tmp_path, table(cells), comparator=one)[0]
