from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from nof1.errors import BlindingError, ScoresError, TrialError
from nof1.trial.current import standing
from nof1.trial.folder import open_trial
from nof1.trial.importing.planning import apply_import, plan_import
from nof1.trial.log import append
from nof1.trial.tables.reading import read_table
from nof1.trial.tables.table import DataTable, Notation
from nof1.words.caution import sentences
from support.trial_folders import make_trial

TODAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 21, 0, tzinfo=UTC)


@pytest.fixture
def trial(tmp_path):
    return make_trial(tmp_path / "t")


def table(header, *rows, **written):
    return DataTable(
        name="d.csv",
        header=tuple(header),
        rows=tuple(enumerate(rows, start=2)),
        notation=Notation(**written),
        separator=",",
    )


def plan(trial, *lines, written=None, **options):
    given = table(*lines, **(written or {}))
    return plan_import(trial, given, today=TODAY, **({"columns": {}} | options))


def values(plan):
    return {observation.key: observation.value for observation in plan.new}


def faults(trial, *lines, **options):
    with pytest.raises(ScoresError) as caught:
        plan(trial, *lines, **options)
    return [str(fault) for fault in caught.value.faults]


def test_a_wide_table(trial):
    found = plan(
        trial,
        ("Date", "IRLS", "legs", "dose", "loose stools", "Vomiting"),
        ("2026-02-15", "18", "4", "yes", "2", None),
        ("2026-02-16", None, "5", "0.5", None, "0"),
    )
    assert values(found) == {
        ("score", "irls", "2026-02-15"): {"value": 18},
        ("score", "legs", "2026-02-15"): {"value": 4},
        ("dose", "2026-02-15"): {"taken": 1},
        ("event", "2026-02-15", "Loose stools"): {"severity": 2},
        ("score", "legs", "2026-02-16"): {"value": 5},
        ("dose", "2026-02-16"): {"taken": 0.5},
        ("event", "2026-02-16", "Vomiting"): {"severity": 0},
    }
    assert (found.corrected, found.already, sentences(found.notes)) == ((), 0, ())


def test_a_long_table(trial):
    found = plan(
        trial,
        ("day", "outcome", "value"),
        ("14", "irls", 18),
        ("14", "Taken", True),
        (15.0, "LOOSE STOOLS", "1"),
        ("16", None, None),
    )
    assert values(found) == {
        ("score", "irls", "2026-02-15"): {"value": 18},
        ("dose", "2026-02-15"): {"taken": 1},
        ("event", "2026-02-16", "Loose stools"): {"severity": 1},
    }


def test_items_give_the_total_and_must_agree_with_it(trial):
    names = tuple(f"irls_{n}" for n in range(1, 11))
    answers = ("3", "3", "2", "2", "1", "2", "2", "1", "1", "1")
    found = plan(trial, ("date", *names), ("2026-02-15", *answers))
    assert values(found) == {
        ("score", "irls", "2026-02-15"): {"value": 18, "items": [3, 3, 2, 2, 1, 2, 2, 1, 1, 1]}
    }
    header = ("date", "irls", *names)
    said = faults(
        trial,
        header,
        ("2026-02-15", "17", *answers),
        ("2026-02-22", None, "7", *answers[1:]),
        ("2026-02-23", None, "2.5", *answers[1:]),
        ("2026-02-24", None, None, *answers[1:]),
        ("2026-02-25", "18", *[None] * 10),
        ("2026-02-26", "x", "y", *answers[1:]),
    )
    assert [line.partition(". ")[0] for line in said] == [
        'd.csv:row 2, column "irls": the total 17 was given, but the items add up to 18',
        'd.csv:row 3, column "irls_1": 7 is off the scale 0 to 4',
        'd.csv:row 4, column "irls_1": 2.5 is off the scale 0 to 4',
        'd.csv:row 5, column "irls_1": is missing, so there is no total',
        "d.csv:row 7, column \"irls\": 'x' is no number",
        "d.csv:row 7, column \"irls_1\": 'y' is no number",
    ]


def test_all_faults_are_said_at_once_with_their_place(trial):
    said = faults(
        trial,
        ("Datum", "irls", "legs", "dose"),
        ("2026-02-15", "41", "4,5", "maybe"),
        ("2026-02-30", "18", None, None),
        ("2026-01-01", "18", "3", None),
        ("2026-03-02", "18", None, None),
        (None, "18", None, None),
        ("2026-02-16", "n/a", True, "yes"),
        ("2026-02-03", None, None, "yes"),
        columns={"date": "datum"},
    )
    assert [line.partition(". ")[0] for line in said] == [
        'd.csv:row 2, column "irls": 41 is off the scale 0 to 40',
        "d.csv:row 2, column \"legs\": '4,5' has a decimal comma",
        "d.csv:row 2, column \"dose\": 'maybe' is no number",
        "d.csv:row 3, column \"Datum\": '2026-02-30' is no date",
        "d.csv:row 4: 2026-01-01 is before the trial, which began on 2026-02-02",
        "d.csv:row 5: 2026-03-02 is in the future; today is 2026-03-01",
        'd.csv:row 6, column "Datum": there is no date',
        "d.csv:row 7, column \"irls\": 'n/a' is no number",
        "d.csv:row 7, column \"legs\": 'True' is no number",
        'd.csv:row 8, column "dose": 2026-02-03 is in no period, so there was no dose',
    ]


def test_decimal_commas_must_be_told_and_kept_to(trial):
    lines = ("date", "dose"), ("2026-02-15", "0,5"), ("2026-02-16", "0.5"), ("2026-02-17", "1")
    comma = {"decimal": ","}
    assert faults(trial, *lines[:2], lines[3]) == [
        "d.csv:row 2, column \"dose\": '0,5' has a decimal comma. Add --decimal-comma if all "
        "numbers in the file are written so."
    ]
    assert faults(trial, *lines) == [
        "d.csv:row 2, column \"dose\": '0,5' has a decimal comma, but '0.5' (row 3) has a decimal "
        "point. Write all numbers of the column alike."
    ]
    assert faults(trial, *lines, written=comma) == [
        "d.csv:row 3, column \"dose\": '0.5' has a decimal point, but --decimal-comma was given. "
        "Write all numbers of the column alike."
    ]
    found = plan(trial, *lines[:2], lines[3], written=comma)
    assert [value["taken"] for value in values(found).values()] == [0.5, 1]


def test_unknown_columns_are_named_with_the_nearest_known(trial):
    said = faults(
        trial,
        ("date", "irsl", "Mood", "legs"),
        ("2026-02-15", "1", "2", "3"),
        columns={"irls": "RLS", "leg": "legs"},
    )
    assert said[0].startswith("--columns irls=RLS: 'RLS' is not known here.")
    assert said[1].startswith("--columns leg=legs: 'leg' is not known here. Did you mean legs?")
    assert said[2].startswith(
        "d.csv: column \"irsl\": 'irsl' is not known here. Did you mean irls? Known are date, day,"
    )
    assert said[3].startswith("d.csv: column \"Mood\": 'Mood' is not known here. Known are")


def test_columns_nobody_needs_are_left_aside_on_request_and_said(trial):
    lines = ("ID", "date", "Email", "Mood", "", "legs"), ("1", "2026-02-15", "a", "2", "z", "3")
    (said,) = [line for line in faults(trial, *lines) if "known" in line]
    assert said.startswith("d.csv: the columns ID, Email, Mood are not known here. Known are date,")
    assert said.endswith("Add --ignore-others to leave them aside.")
    found = plan(trial, *lines, ignore_others=True)
    assert values(found) == {("score", "legs", "2026-02-15"): {"value": 3}}
    assert sentences(found.notes) == ("d.csv: left aside: ID, Email, Mood.",)
    near = ("date", "irsl", "legs"), ("2026-02-15", "1", "3")
    (said,) = faults(trial, *near, ignore_others=True)
    assert "'irsl' is not known here. Did you mean irls?" in said


def test_days_of_the_week_beside_dates_are_held_against_them(trial):
    header = ("date", "Day", "legs")
    found = plan(trial, header, ("2026-02-15", "Sunday", 3), ("2026-02-16", "Mo", 4))
    assert len(found.new) == 2
    assert faults(trial, header, ("2026-02-15", "Sunday", 3), ("2026-02-16", "Tue.", 4)) == [
        'd.csv:row 3, column "Day": 2026-02-16 is a Monday, not Tue.. Check both.'
    ]


def test_the_words_of_a_severity_are_read(trial):
    rows = [(f"2026-02-{n + 15}", word) for n, word in enumerate(["none", "Mild", "severe", "2"])]
    found = plan(trial, ("date", "loose stools"), *rows)
    assert [value["severity"] for value in values(found).values()] == [0, 1, 3, 2]
    (said,) = faults(trial, ("date", "loose stools"), ("2026-02-15", "yes"))
    assert "'yes' is no number. Write none, mild, moderate, severe, or 0 to 3." in said
    assert "'mild' is no number" in faults(trial, ("date", "legs"), ("2026-02-15", "mild"))[0]


def test_times_in_utc_need_the_persons_clock(trial):
    lines = ("date", "legs"), ("2026-02-16T02:30:00Z", 3), ("2026-02-17T02:30:00Z", 4)
    (said,) = faults(trial, *lines)
    assert "2 times are in UTC, the first 2026-02-16 02:30" in said
    found = plan(trial, *lines, written={"timezone": ZoneInfo("America/New_York")})
    assert [key[2] for key in values(found)] == ["2026-02-15", "2026-02-16"]
    assert sentences(found.notes) == (
        "date: times were read by the clock of America/New_York; 2 fall on another day.",
    )


def test_numbers_no_scale_has_are_faults_of_their_cells(trial):
    (said,) = faults(trial, ("date", "legs"), ("2026-02-15", 10**400))
    assert said.startswith('d.csv:row 2, column "legs": 10000000000000000000... (401 characters)')


def test_an_unread_formula_matters_where_it_is_needed(trial, tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["date", "legs", "mean"])
    book.active.append(["2026-02-15", 3, "=AVERAGE(B2:B2)"])
    book.save(tmp_path / "d.xlsx")
    read = read_table(tmp_path / "d.xlsx")
    asked = {"today": TODAY, "columns": {}, "ignore_others": True}
    assert len(plan_import(trial, read, **asked).new) == 1
    with pytest.raises(ScoresError, match=r"cell C2: the formula =AVERAGE\(B2:B2\) has no result"):
        plan_import(trial, read, **{**asked, "columns": {"irls": "mean"}})


@pytest.mark.parametrize("name", ["treatment", "Arm", " condition", "ALLOCATION", "magnesium"])
def test_a_column_with_the_arm_is_refused_before_all_else(trial, name):
    with pytest.raises(BlindingError, match="arm must not be in an imported file"):
        plan(trial, ("date", "nonsense", name), ("x", "y", "z"))
    with pytest.raises(BlindingError):
        plan(trial, ("date", name), ("2026-02-15", "3"), columns={"legs": name})


@pytest.mark.parametrize(
    ("header", "what"),
    [
        (("irls",), 'there is no column "date" or "day"'),
        (("date",), "there is no column with scores"),
        (("date", "outcome"), 'a table with "outcome" needs "value" too'),
        (("date", "value"), 'a table with "outcome" needs "value" too'),
        (("date", "outcome", "value", "legs"), "there are score columns: legs"),
        (("date", "dose", "taken"), 'there are both "dose" and "taken"'),
    ],
)
def test_the_shape_of_the_table_must_be_clear(trial, header, what):
    assert what in faults(trial, header, ["2026-02-15"] * len(header))[0]


def test_date_and_day_must_agree(trial):
    header = ("date", "day", "legs")
    assert (
        len(plan(trial, header, ("2026-02-02", "1", 3), (None, 2, 3), ("2026-02-04", None, 3)).new)
        == 3
    )
    said = faults(
        trial,
        header,
        ("2026-02-02", "2", 3),
        (None, None, 3),
        (None, "1.5", 3),
        (None, "0", 3),
        (None, "9" * 400, 3),
        (None, "36", 3),
    )
    assert [line.partition(". ")[0].partition(": ")[2][:47] for line in said] == [
        "day 2 is 2026-02-03, but the date of the row is",
        "there is no day",
        "'1.5' is no study day",
        "'0' is no study day",
        f"'{'9' * 46}",
        "2026-03-09 is after the trial, which ended on 2",
    ]


def test_a_name_stands_once_and_no_cell_without_one(trial):
    said = faults(
        trial, ("date", "Legs", "", "legs"), ("2026-02-15", 3, 4, 3), (None, None, None, 3)
    )
    assert said[0] == 'd.csv: column "legs": stands twice. Give each its own name.'
    assert said[1].startswith(
        "d.csv:row 2: the cell 4 stands under no column name. Name the column"
    )
    assert len(said) == 2


def test_the_order_of_the_dates(trial):
    lines = ("date", "legs"), ("08/02/2026", 3), ("09/02/2026", 4)
    (said,) = faults(trial, *lines)
    assert "may be day 8 of month 2 or day 2 of month 8" in said
    found = plan(trial, *lines, written={"date_order": "dmy"})
    assert [key[2] for key in values(found)] == ["2026-02-08", "2026-02-09"]


def test_a_long_table_says_which_outcome_is_not_known(trial):
    said = faults(
        trial,
        ("date", "outcome", "value"),
        ("2026-02-15", "irsl", 18),
        ("2026-02-15", None, 18),
        ("2026-02-15", "irls", None),
    )
    assert said[0].startswith(
        "d.csv:row 2, column \"outcome\": 'irsl' is not known here. Did you mean irls?"
    )
    assert said[1].startswith('d.csv:row 3, column "outcome": there is no outcome')
    assert said[2].startswith('d.csv:row 4, column "value": there is no value')


def test_the_same_thing_twice_in_a_file_is_a_fault(trial):
    said = faults(
        trial,
        ("date", "legs", "dose", "Vomiting"),
        ("2026-02-15", 3, 1, 1),
        ("15.02.2026", 3, 0, 2),
    )
    assert [line.partition(". ")[0] for line in said] == [
        'd.csv:row 3, column "legs": legs on 2026-02-15 stands in row 2 already',
        'd.csv:row 3, column "dose": the dose on 2026-02-15 stands in row 2 already',
        'd.csv:row 3, column "Vomiting": Vomiting on 2026-02-15 stands in row 2 already',
    ]


def test_many_faults_of_one_column_become_one_that_counts_the_rows(trial):
    rows = [(f"2026-02-{2 + i // 4:02d}", "x", f"y{i}") for i in range(40)]
    assert faults(trial, ("date", "legs", "irls"), *rows) == [
        "d.csv:40 rows (2, 3, 4, ...), column \"irls\": 'y0' is no number; 'y1' is no "
        "number; 'y2' is no number; and so on. Write a number, or leave the cell empty if it is "
        "missing.",
        "d.csv:40 rows (2, 3, 4, ...), column \"legs\": 'x' is no number. Write a number, or "
        "leave the cell empty if it is missing.",
    ]


def test_one_append_and_a_second_import_finds_all_there(trial):
    lines = ("date", "irls", "dose"), ("2026-02-15", 18, "yes"), ("2026-02-22", 17, "no")
    first = plan(trial, *lines)
    entries = apply_import(trial, first, now=NOW)
    trial = open_trial(trial.folder)
    assert trial.entries[3:] == entries
    assert [entry.kind for entry in entries] == ["score", "dose", "score", "dose"]
    again = plan(trial, *lines, ("2026-02-23", None, "yes"))
    assert (again.already, len(again.new)) == (4, 1)
    nothing = plan(trial, *lines)
    assert apply_import(trial, nothing, now=NOW) == ()
    assert open_trial(trial.folder) == trial


def test_what_contradicts_the_record_needs_a_correction(trial):
    items = [3, 3, 2, 2, 1, 2, 2, 1, 1, 1]
    body = {"outcome": "irls", "date": "2026-02-15", "value": 18, "items": items}
    append(trial.folder, [("score", body)], now=NOW)
    trial = open_trial(trial.folder)
    assert plan(trial, ("date", "irls"), ("2026-02-15", 18)).already == 1
    lines = ("date", "irls", "legs"), ("2026-02-15", 17, 3)
    assert faults(trial, *lines) == [
        'd.csv:row 2, column "irls": 17 differs from 18, which is recorded (entry 4). Check it. '
        'To correct the record add --correct --reason "...".'
    ]
    names = [f"irls_{n}" for n in range(1, 11)]
    (said,) = faults(trial, ("date", *names), ("2026-02-15", *reversed(items)))
    assert "18 is recorded (entry 4), but with other items" in said
    found = plan(trial, *lines, correction="paper was right ")
    ((old, new),) = found.corrected
    assert (old.value["value"], new.value) == (18, {"value": 17})
    apply_import(trial, found, now=NOW)
    trial = open_trial(trial.folder)
    assert trial.entries[-2].body == {
        "of": 4,
        "old": {"value": 18, "items": items},
        "new": {"value": 17},
        "reason": "paper was right",
    }
    assert standing(trial.entries)["score", "irls", "2026-02-15"].value == {"value": 17}


def test_a_correction_gives_its_reason(trial):
    (said,) = faults(trial, ("date", "legs"), ("2026-02-15", 3), correction=" ")
    assert said.startswith("--reason: is empty")


def test_days_not_planned_are_taken_and_said(trial):
    found = plan(trial, ("date", "irls"), ("2026-02-17", 18), ("2026-02-16", 18))
    assert len(found.new) == 2
    assert sentences(found.notes) == (
        "irls: not a planned day, taken all the same: 2026-02-16, 2026-02-17.",
    )


def test_a_locked_trial_and_a_stale_plan_are_refused(trial):
    made = plan(trial, ("date", "legs"), ("2026-02-15", 3))
    append(trial.folder, [("lock", {"by": "A", "reason": ""})], now=NOW)
    with pytest.raises(TrialError, match="another program"):
        apply_import(trial, made, now=NOW)
    with pytest.raises(TrialError, match="was locked"):
        plan(open_trial(trial.folder), ("date", "legs"), ("2026-02-15", 3))


def test_notes_of_the_reading_are_kept(trial, tmp_path):
    path = tmp_path / "d.csv"
    path.write_bytes("date;legs;Übel\n2026-02-15;3;\n".encode("cp1252"))
    read = read_table(path)
    with pytest.raises(ScoresError, match="'Übel' is not known here"):
        plan_import(trial, read, today=TODAY, columns={})
    found = plan_import(trial, read, today=TODAY, columns={"Vomiting": "übel"})
    assert "Windows-1252" in sentences(found.notes)[0]
