"""One diary in many forms: each is read as the same 53 scores, or refused with a mend that works.

What is right was counted from the diary itself: placebo 27 scores, mean 5.963; magnesium 26, mean
4.231.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from nof1.errors import ScoresError
from nof1.trial.tables.table import Notation
from nof1.words.caution import sentences
from support.diaries import ARMS, DAYS, ROWS, at, by_date, ods_row, opendocument, text, workbook
from support.foreign_tables import read, write

HEADER = ("date", "treatment", "score")
EN = ("Jan", "Feb", "Mar", "Apr")
DE = ("Januar", "Februar", "März", "April")


def told(path: Path, **asked):
    """Return the notes of a table, after seeing that it holds the diary, day by day."""
    (trial,) = read(path, **asked)
    (series,) = trial.masked.series
    days = dict(zip(series.day.tolist(), series.score.tolist(), strict=True))
    found = {n: days[n] for n in days if days[n] == days[n]}
    assert found == {n: score for n, (_, _, score) in enumerate(ROWS, start=1) if score is not None}
    arms = {
        arm: [found[n] for n, own in enumerate(ARMS, start=1) if own == arm and n in found]
        for arm in "PM"
    }
    assert {arm: (len(own), round(fmean(own), 3)) for arm, own in arms.items()} == {
        "P": (27, 5.963),
        "M": (26, 4.231),
    }
    on = {
        day: trial.arms[arm]
        for period, arm in zip(trial.masked.periods, trial.arm_of_period, strict=True)
        for day in range(period.first_day, period.last_day + 1)
    }
    assert [on[n] for n in found] == [ROWS[n - 1][1] for n in found]
    return sentences(trial.notes)


def refused(path: Path, **asked) -> str:
    with pytest.raises(ScoresError) as caught:
        read(path, **asked)
    return str(caught.value)


DATES = {
    "US": lambda day: f"{EN[day.month - 1]} {day.day}, {day.year}",
    "US in full": lambda day: f"{day:%B} {day.day}, {day.year}",
    "with weekday": lambda day: f"{day:%A}, {day.day} {day:%B} {day.year}",
    "dashes": lambda day: f"{day.day:02d}-{EN[day.month - 1]}-{day.year}",
    "Excel": lambda day: f"{day.day}-{EN[day.month - 1]}-{day:%y}",
    "British": lambda day: f"{day.day} {day:%B} {day.year}",
    "German": lambda day: f"{day.day}. {DE[day.month - 1]} {day.year}",
    "German in short": lambda day: f"{day.day}. {DE[day.month - 1][:3]}. {day.year}, 21:05 Uhr",
    "blanks after dots": lambda day: f"{day.day:02d}. {day.month:02d}. {day.year} 23:23",
    "Microsoft": lambda day: f"{day.month}/{day.day}/{day:%y} 20:03:07",
    "Google": lambda day: f"{day:%Y/%m/%d} 8:03:07 pm CET",
    "half of the day": lambda day: f"{day:%Y-%m-%d} 11:23PM",
    "no marks": lambda day: f"{day:%Y%m%d}",
    "offsets": lambda day: f"{day}T21:30:00+0{1 if day < date(2026, 3, 29) else 2}:00",
    "midnight in UTC": lambda day: f"{day}T00:00:00.000Z",
}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("written", DATES.values(), ids=DATES.keys())
def test_dates_that_can_be_read_in_one_way(tmp_path, written, separator):
    told(write(tmp_path, by_date(written, separator)))


def test_the_numbers_of_a_spreadsheets_calendar_are_said(tmp_path):
    numbers = by_date(lambda day: str((day - date(1899, 12, 30)).days))
    said = "date: numbers were read as a spreadsheet's dates; 46055 is 2026-02-02."
    assert said in told(write(tmp_path, numbers))
    said = refused(write(tmp_path, numbers.replace("46060,", "5,")))
    assert said.startswith("table.csv:row 7, column \"date\": '5' is no date such as 46055")


def test_an_ambiguous_order_is_asked_and_the_answer_works(tmp_path):
    rows = by_date(lambda day: f"{day:%d/%m/%Y}").splitlines()
    short = [line for line in rows if line[:2] <= "12" or "date" in line]
    path = write(tmp_path, "\n".join(short))
    assert "Add --date-order dmy or --date-order mdy." in refused(path)
    (trial,) = read(path, notation=Notation(date_order="dmy"))
    assert trial.masked.series[0].day.tolist()[:2] == [1, 2]


def test_dates_that_a_spreadsheet_exchanged_are_refused(tmp_path):
    # What an American spreadsheet makes of 02/02/2026, 03/02/2026, ..., 13/02/2026.
    def exchanged(day: date) -> object:
        return date(2026, day.day, day.month) if day.day <= 12 else f"{day:%d/%m/%Y}"

    rows = [(exchanged(day), arm, score) for day, arm, score in ROWS]
    path = workbook(tmp_path / "d.xlsx", {"S": [HEADER, *rows]})
    said = refused(path)
    assert "'13/02/2026' stands beside the date 2026-02-02 (d.xlsx:row 2, column" in said
    assert said.startswith('d.xlsx:row 13, column "date"')
    assert "exchanges the two where it can and leaves the rest as text" in said
    # The same, as another program writes such a workbook as CSV.
    assert "stands beside the date 2026-02-02" in refused(write(tmp_path, text([HEADER, *rows])))
    # Real dates after the 12th show that the order was the right one; the texts are read on.
    mixed = [(day if day.day > 12 else f"{day:%d.%m.%Y}", arm, score) for day, arm, score in ROWS]
    told(workbook(tmp_path / "m.xlsx", {"S": [HEADER, *mixed]}))


@pytest.mark.parametrize("name", ["America/New_York", "Europe/London", "Asia/Tokyo"])
def test_times_in_utc_are_counted_by_the_persons_clock(tmp_path, name):
    zone = ZoneInfo(name)
    evenings = {day: at(day, n).replace(tzinfo=zone) for n, day in enumerate(DAYS)}
    path = write(tmp_path, by_date(lambda day: f"{evenings[day].astimezone(ZoneInfo('UTC'))}Z"))
    path.write_text(path.read_text().replace("+00:00Z", "Z"))
    said = refused(path)
    assert "row 2" in said
    assert "56 times are in UTC, the first 2026-02-0" in said
    assert "Add --timezone with the person's clock" in said
    notes = told(path, notation=Notation(timezone=zone))
    assert any(f"date: times were read by the clock of {name}" in note for note in notes)


@pytest.mark.parametrize("year", ["2025", "1926", "0001"])
def test_a_wrong_year_is_found_by_its_row(tmp_path, year):
    wrong = by_date(lambda day: f"{day}".replace("2026-02-02", f"{year}-02-02"))
    said = refused(write(tmp_path, wrong))
    assert said.startswith('table.csv:row 2, column "date": this row is ')
    assert "days before the others. Check the year" in said


def test_a_wrong_day_number_is_found_by_its_row(tmp_path):
    rows = [(n, arm, score) for n, (_, arm, score) in enumerate(ROWS, start=1)]
    rows[-1] = (3_000_000, *rows[-1][1:])
    said = refused(write(tmp_path, text([("day", *HEADER[1:]), *rows])))
    assert 'table.csv:row 57, column "day": this row is 2,999,945 days after the others' in said


class TestWorkbooks:
    def test_merged_cells_are_read_as_they_show(self, tmp_path):
        lines = [("date", "period", "treatment", "score")]
        lines += [
            (day, n // 7 + 1 if n % 7 == 0 else None, arm if n % 7 == 0 else None, score)
            for n, (day, arm, score) in enumerate(ROWS)
        ]
        path = workbook(tmp_path / "d.xlsx", {"S": lines})
        book = openpyxl.load_workbook(path)
        for first in range(2, 58, 7):
            for column in "BC":
                book.active.merge_cells(f"{column}{first}:{column}{first + 6}")
        book.save(path)
        said = "d.xlsx: merged cells of period, treatment count for every row they show in."
        assert said in told(path)

    def test_one_score_for_several_days_is_refused(self, tmp_path):
        path = workbook(tmp_path / "d.xlsx", {"S": [HEADER, *ROWS]})
        book = openpyxl.load_workbook(path)
        book.active.merge_cells("C2:C5")
        book.save(path)
        said = refused(path)
        assert 'row 3, column "score": the cell is part of the merged cells C2:C5' in said
        assert "Take the cells apart and write the number in the row of its day." in said

    def test_a_hidden_sheet_is_not_read(self, tmp_path):
        old = [HEADER, *((day, arm, 10) for day, arm, _ in ROWS)]
        path = workbook(tmp_path / "d.xlsx", {"old": old, "Data": [HEADER, *ROWS]}, hidden="old")
        assert "d.xlsx: not read, as it is hidden: old." in told(path)
        told(path, notation=Notation(sheet="data"))
        (trial,) = read(path, notation=Notation(sheet="old"))
        assert set(trial.masked.series[0].score.tolist()) == {10}

    def test_a_sheet_that_is_no_table_does_not_come_first(self, tmp_path):
        path = workbook(tmp_path / "d.xlsx", {"About": [("My diary",)], "D": [HEADER, *ROWS]})
        assert "d.xlsx: the sheet D was read; not read: About." in told(path)

    def test_sheets_with_the_same_columns_are_asked_about(self, tmp_path):
        sheets = {f"W{n + 1}": [HEADER, *ROWS[7 * n : 7 * n + 7]] for n in range(8)}
        path = workbook(tmp_path / "d.xlsx", sheets)
        said = refused(path)
        assert "the sheets W1, W2, W3, W4, W5, W6, W7, W8 have the same columns" in said
        assert "or choose one with --sheet" in said

    def test_other_sheets_are_named_where_this_one_has_no_scores(self, tmp_path):
        path = workbook(
            tmp_path / "d.xlsx", {"Kits": [("kit", "batch"), ("A", 1)], "D": [HEADER, *ROWS]}
        )
        said = refused(path)
        assert "d.xlsx, sheet Kits: no column is the treatment" in said
        assert "d.xlsx: other sheets have content too: D. Choose one with --sheet." in said
        told(path, notation=Notation(sheet="D"))

    def test_a_formula_that_shows_nothing_is_an_empty_cell(self, tmp_path):
        cells = [
            f'<c r="A{n}" t="inlineStr"><is><t>{day}</t></is></c>'
            f'<c r="B{n}" t="inlineStr"><is><t>{arm}</t></is></c>'
            + (
                f'<c r="C{n}" t="str"><f>IF(1,"","")</f><v></v></c>'
                if score is None
                else f'<c r="C{n}"><f>{score}+0</f><v>{score}</v></c>'
            )
            + f'<c r="D{n}"><f>AVERAGE(C$2:C{n})</f><v></v></c>'
            for n, (day, arm, score) in enumerate(ROWS, start=2)
        ]
        path = workbook(tmp_path / "d.xlsx", {"S": [(*HEADER, "mean so far")]})
        with_rows(path, [f'<row r="{n}">{row}</row>' for n, row in enumerate(cells, start=2)])
        told(path)
        # A result that was never worked out matters where it is needed.
        said = refused(path, columns={"score": "mean so far"})
        assert "d.xlsx:cell D2: the formula =AVERAGE(C$2:C2) has no result in the file." in said

    def test_an_error_matters_where_it_is_needed(self, tmp_path):
        rows = [(*row, "#N/A") for row in ROWS]
        rows[4] = (*rows[4][:3], "#DIV/0!")
        path = workbook(tmp_path / "d.xlsx", {"S": [(*HEADER, "mean"), *rows]})
        told(path)
        said = refused(path, columns={"score": "mean"})
        assert "d.xlsx:cell D6: the cell shows the error #DIV/0!. Mend its formula, or" in said
        assert "is no number" not in said

    def test_durations_are_in_hours(self, tmp_path):
        rows = [(day, arm, score and timedelta(hours=score)) for day, arm, score in ROWS]
        path = workbook(tmp_path / "d.xlsx", {"S": [HEADER, *rows]})
        assert "d.xlsx: the durations of score are in hours." in told(path)

    def test_cells_far_away_take_no_memory(self, tmp_path):
        path = workbook(tmp_path / "d.xlsx", {"S": [HEADER, *ROWS]})
        book = openpyxl.load_workbook(path)
        book.active["XFD1048576"] = " "
        book.save(path)
        told(path)
        book.active["XFD1048576"] = "x"
        book.save(path)
        assert "the sheet S goes on to XFD1048576. Delete what stands far" in refused(path)


def with_rows(path: Path, rows: list[str]) -> None:
    """Add rows to the sheet of a workbook as XML."""
    import zipfile

    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    members[name] = members[name].replace(b"</sheetData>", "".join(rows).encode() + b"</sheetData>")
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)


class TestHeaders:
    def test_titles_above_are_left_out_and_said(self, tmp_path):
        above = [("My restless legs",), ("Magnesium, placebo",), ()]
        notes = told(workbook(tmp_path / "d.xlsx", {"S": [*above, HEADER, *ROWS]}))
        said = "names of the columns are in row 4; left out above: My restless legs; Magnesium,"
        assert said in notes[0]
        told(write(tmp_path, "Sleep\n" + by_date(str, ";")))

    def test_a_title_over_merged_columns_is_no_header(self, tmp_path):
        path = workbook(tmp_path / "d.xlsx", {"S": [("My diary",), (), HEADER, *ROWS]})
        book = openpyxl.load_workbook(path)
        book.active.merge_cells("A1:C2")
        book.save(path)
        assert "names of the columns are in row 3" in told(path)[0]

    def test_names_again_are_left_out(self, tmp_path):
        lines = by_date(str).splitlines()
        path = write(tmp_path, "\n".join(line for row in lines[1:] for line in (lines[0], row)))
        said = "table.csv: 55 rows with the names of the columns again were left out."
        assert said in told(path)

    def test_descriptions_of_qualtrics_are_left_out(self, tmp_path):
        ids = tuple(json.dumps({"ImportId": f"QID{n}"}) for n in range(3))
        names = ("StartDate", "Q2", "Q1")
        rows = [names, ("Start Date", "Capsule", "Legs tonight"), ids, *ROWS]
        columns = {"date": "StartDate", "treatment": "Q2", "score": "Q1"}
        notes = told(write(tmp_path, text(rows)), columns=columns)
        assert "table.csv: row 2 and 3, with descriptions of the columns, left out." in notes

    @pytest.mark.parametrize("separator", [" ", "\t", ",", ";"])
    def test_tables_that_r_wrote(self, tmp_path, separator):
        lines = [separator.join(f'"{name}"' for name in HEADER)]
        lines += [
            separator.join(
                [f'"{n}"', f'"{day}"', f'"{arm}"', "NA" if score is None else f"{score}"]
            )
            for n, (day, arm, score) in enumerate(ROWS, start=1)
        ]
        said = "table.csv: the names of the rows, in the first column, were left out."
        assert said in told(write(tmp_path, "\n".join(lines)))

    def test_a_first_row_of_values_is_no_header(self, tmp_path):
        said = refused(write(tmp_path, "A1\t4\nA1\t5\nB1\t2\nB1\t3\n"))
        assert "the first row (A1, 4) holds values, not the names of the columns" in said

    def test_days_of_the_week_are_no_study_days(self, tmp_path):
        rows = [(day, f"{day:%A}", arm, score) for day, arm, score in ROWS]
        told(write(tmp_path, text([("Date", "Day", *HEADER[1:]), *rows])))


class TestOtherFiles:
    def test_opendocument(self, tmp_path):
        rows = "".join(ods_row(*row) for row in (HEADER, *ROWS))
        told(opendocument(tmp_path / "d.ods", {"old*": ods_row("x", "y"), "Diary": rows}))

    def test_opendocument_as_a_program_fills_it_up(self, tmp_path):
        rows = ods_row(*HEADER)
        for n in range(0, 56, 7):
            for day, arm, score in ROWS[n : n + 7]:
                first = day == DAYS[n]
                about = 'table:number-rows-spanned="7" office:value-type="string"'
                merged = f"<table:table-cell {about}><text:p>{arm}</text:p></table:table-cell>"
                cells = ods_row(day, arm, score).replace(
                    ods_row(arm)[len("<table:table-row>") : -len("</table:table-row>")],
                    merged if first else "<table:covered-table-cell/>",
                )
                empty = (
                    '<table:table-cell table:number-columns-repeated="16381"/></table:table-row>'
                )
                rows += cells.replace("</table:table-row>", empty)
        end = '<table:table-row table:number-rows-repeated="1048519"><table:table-cell '
        rows += end + 'table:number-columns-repeated="16384"/></table:table-row>'
        notes = told(opendocument(tmp_path / "d.ods", {"Diary": rows}))
        assert "d.ods: merged cells of treatment count for every row they show in." in notes

    @pytest.mark.parametrize("lines", [False, True])
    def test_records(self, tmp_path, lines):
        records = [
            {"date": f"{day}T00:00:00.000", "treatment": arm, "score": score}
            for day, arm, score in ROWS
        ]
        text = "\n".join(map(json.dumps, records)) if lines else json.dumps(records, indent=1)
        told(write(tmp_path, text, "d.json"))

    def test_a_question_with_a_comma_is_named_in_quotes(self, tmp_path):
        from nof1.cli.notation import named_columns

        question = "How bad, from 0 (not at all) to 10?"
        path = write(tmp_path, text([("Timestamp", "Which capsule?", question), *ROWS]))
        asked = named_columns(
            ["date=Begun", f'date=Timestamp,score="{question}"', " treatment=Which capsule?"]
        )
        assert asked == {"date": "Timestamp", "score": question, "treatment": "Which capsule?"}
        told(path, columns=asked)
