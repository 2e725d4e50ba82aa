import json
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from nof1.errors import Fault, ScoresError
from nof1.trial.tables.reading import read_table
from nof1.trial.tables.table import MOST_FAULTS, Notation, listed, place, unread
from nof1.words.caution import sentences
from support.diaries import ods_row, opendocument


def csv_file(tmp_path, data, name="diary.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def workbook(tmp_path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    path = tmp_path / "diary.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(
    "data",
    [
        "date,irls\n2026-02-08,18\n",
        "date;irls\r\n2026-02-08;18\r\n",
        "date\tirls\n2026-02-08\t18",
        "\ufeffdate,irls\n2026-02-08,18\n",
        "date;irls\n2026-02-08;18\n".encode("utf-16"),
        "sep=;\ndate;irls\n2026-02-08;18\n",
        " date , irls \n\n 2026-02-08 , 18 ,,\n,,\n",
    ],
    ids=["comma", "semicolon", "tab", "mark", "utf-16", "sep line", "blanks"],
)
def test_csv_files_of_any_make(tmp_path, data):
    table = read_table(csv_file(tmp_path, data))
    assert table.header == ("date", "irls")
    assert [cells for _, cells in table.rows] == [("2026-02-08", "18")]
    assert sentences(table.notes) == ()


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path):
    table = read_table(csv_file(tmp_path, 'date,irls\n\n"2026\n-",1\n2026-02-09,2\n'))
    assert [number for number, _ in table.rows] == [3, 4]
    assert place(table, 3, "irls") == 'diary.csv:row 3, column "irls"'


def test_empty_cells_and_short_rows_are_none(tmp_path):
    table = read_table(csv_file(tmp_path, "date,irls,legs\n2026-02-08, ,4\n2026-02-09\n"))
    assert table.rows == ((2, ("2026-02-08", None, "4")), (3, ("2026-02-09", None, None)))


def test_windows_encoding_is_read_and_said(tmp_path):
    table = read_table(csv_file(tmp_path, "date,Übelkeit\n2026-02-08,1\n".encode("cp1252")))
    assert table.header == ("date", "Übelkeit")
    assert sentences(table.notes) == (
        "diary.csv: byte 5 is not UTF-8, so the file was read as Windows-1252.",
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_and_line_ends_in_quotes_part_nothing(tmp_path, separator):
    lines = (["day", "note"], ["1", f'"two{separator} in\none"'], ["2"])
    table = read_table(csv_file(tmp_path, "\n".join(map(separator.join, lines))))
    assert table.rows == ((2, ("1", f"two{separator} in\none")), (3, ("2", None)))
    assert table.separator == separator


def test_a_column_without_a_name_stays(tmp_path):
    table = read_table(csv_file(tmp_path, '"","day"\n"1",14\n'))
    assert table.header == ("", "day")
    assert table.rows == ((2, ("1", "14")),)


def test_a_comma_in_a_quoted_name_parts_nothing(tmp_path):
    table = read_table(csv_file(tmp_path, '"a, b, c";d\n1,5;2\n'))
    assert table.header == ("a, b, c", "d")
    assert table.rows == ((2, ("1,5", "2")),)


def test_excel_cells_keep_their_type(tmp_path):
    lines = [
        ["date", "irls", "legs", "dose", "text"],
        [date(2026, 2, 8), 18, 4.5, True, " a "],
        [datetime(2026, 2, 9, 22, 30), None, 3.0, None, None],
    ]
    table = read_table(workbook(tmp_path, Diary=lines, Empty=[]))
    assert table.rows[0] == (2, (date(2026, 2, 8), 18, 4.5, True, "a"))
    assert table.rows[1] == (3, (date(2026, 2, 9), None, 3, None, None))


def test_the_sheet_must_be_clear(tmp_path):
    path = workbook(tmp_path, A=[["date"], ["x"]], B=[["day"], ["y"]])
    assert read_table(path, Notation(sheet="B")).rows == ((2, ("y",)),)
    with pytest.raises(
        ScoresError, match=r"several sheets have content\. Add --sheet with one of A, B"
    ):
        read_table(path)
    with pytest.raises(ScoresError, match=r"there is no sheet 'C'\. Write one of A, B"):
        read_table(path, Notation(sheet="C"))
    first = read_table(path, first_sheet=True)
    assert first.rows == ((2, ("x",)),)
    assert sentences(first.notes) == ("diary.xlsx: the sheet A was read; not read: B.",)
    with pytest.raises(ScoresError, match=r"diary\.xlsx, sheet A: there is no row under a header"):
        read_table(workbook(tmp_path, A=[["date"]], B=[["day"], ["y"]]), first_sheet=True)


def test_a_formula_without_a_result_is_no_empty_cell(tmp_path):
    table = read_table(workbook(tmp_path, A=[["date", "irls"], ["2026-02-08", "=1+1"]]))
    (fault,) = unread(table, [1])
    assert str(fault).startswith("diary.xlsx:cell B2: the formula =1+1 has no result in the file.")
    assert unread(table, [0]) == []


FAULTS = {
    "nothing": (b"", "the file is empty"),
    "blank": (b"\n ,\n", "the file is empty"),
    "a header alone": (b"date,irls\n", "no row under a header"),
    "too many cells": (
        b"date,irls\n2026-02-08,4,5\n",
        "row 2: the cell '5' stands under no column name",
    ),
    "an open quote": (b'date,irls\n"2026,4\n', "not a table"),
    "zeros": (b"\0\1\2\0", "this is not a text file"),
    "an undefined byte": (b"date\x81\n1\n", "this is not a text file"),
    "a zip cut short": (b"PK\x03\x04rubbish", "this workbook or archive is damaged"),
    "old Excel": (b"\xd0\xcf\x11\xe0rest", "old Excel file"),
    "a protected workbook": (
        b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        "this workbook is protected by a password. Save it without the password.",
    ),
    "a PDF": (b"%PDF-1.7\n1 0 obj", "this is a PDF, a page and no table"),
    "a picture": (b"\x89PNG\r\n", "this is a picture"),
    "Parquet": (b"PAR1rest", "this is a Parquet file"),
    "XML": (b'<?xml version="1.0"?>\n<HealthData/>', "this is XML, an export for programs"),
    "a web page": (b"\xef\xbb\xbf <!DOCTYPE html><table>", "this is a web page (HTML)"),
    "FHIR": (b'{"resourceType": "Bundle", "entry": []}', "this is JSON, but a FHIR Bundle"),
    "nested JSON": (b'{"data": [{"legs": [1, 2]}]}', "this is JSON, but nested, with 'data' at"),
    "nested records": (b'[{"day": 1}, {"day": [1]}]', "row 2: this record is no list of names and"),
    "JSON cut short": (b'[{"day": 1}, {"da', "this looks like JSON, but cannot be read as such"),
    "no records": (b"[]", "the list of records is empty"),
    "a contribution": (
        b'{"schema": "nof1.contribution/1"}',
        "one of nof1's own (nof1.contribution/1). Pool it with `nof1 pool`",
    ),
    "contributions": (
        b'{"schema": "nof1.contribution/1", "x": {}}\n{"schema": "nof1.contribution/1"}\n',
        "one of nof1's own (nof1.contribution/1). Pool it with `nof1 pool`",
    ),
}

ARCHIVES = {
    "an export": (
        {"export/export.xml": "x", "export/a.csv": "x", "b": "x", "c": "x"},
        "this is a zip archive with export/export.xml, export/a.csv, b and 1 more. Unpack it",
    ),
    "a document": ({"word/document.xml": "x"}, "this is a text document, no table"),
    "Numbers": ({"Index/Tables/Tile.iwa": "x"}, "this is an Apple Numbers file"),
    "binary Excel": ({"xl/workbook.bin": "x"}, "this is a binary Excel file (.xlsb)"),
    "a damaged workbook": ({"xl/workbook.xml": "x"}, "this Excel file cannot be read"),
    "a workbook that swells": (
        {"xl/workbook.xml": "x", "xl/worksheets/sheet1.xml": " " * 33_000_000},
        "the workbook unpacks to 33 MB, more than any table of scores",
    ),
}


@pytest.mark.parametrize(("members", "what"), ARCHIVES.values(), ids=ARCHIVES.keys())
def test_archives_that_hold_no_table_are_said(tmp_path, members, what):
    path = tmp_path / "d.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(ScoresError, match=re.escape(what)):
        read_table(path)


def test_an_opendocument_spreadsheet_that_swells_or_is_no_spreadsheet_is_said(tmp_path):
    cell = '<table:table-cell office:value-type="float" office:value="1" '
    row = f'<table:table-row table:number-rows-repeated="9999">{cell}'
    rows = f'{row}table:number-columns-repeated="9999"/></table:table-row>'
    with pytest.raises(ScoresError, match="the spreadsheet has more than 5,000,000 cells"):
        read_table(opendocument(tmp_path / "a.ods", {"S": rows}))
    with pytest.raises(ScoresError, match=r"OpenDocument spreadsheet \(\.ods\) cannot be read"):
        read_table(opendocument(tmp_path / "b.ods", {"S": "<table:table-row>"}))
    path = tmp_path / "c.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    with pytest.raises(ScoresError, match="cannot be read"):
        read_table(path)


def test_cells_of_an_opendocument_spreadsheet_keep_their_type(tmp_path):
    about = (
        'office:value-type="boolean" office:boolean-value="true"',
        'office:value-type="time" office:time-value="PT06H30M00S"',
        'office:value-type="percentage" office:value="0.57"',
        'office:value-type="float" office:value="4.5"',
    )
    cells = "".join(
        f"<table:table-cell {one}><text:p>?</text:p></table:table-cell>" for one in about
    )
    note = "<office:annotation><text:p>remark</text:p></office:annotation>"
    text = '<table:table-cell office:value-type="string">'
    text += f'{note}<text:p>a<text:s text:c="2"/>b</text:p>'
    rows = (
        ods_row("dose", "sleep", "share", "legs", "text", "date")
        + f"<table:table-row>{cells}{text}</table:table-cell>"
        + '<table:table-cell office:value-type="date" office:date-value="2026-02-08T21:00:00"/>'
        + "</table:table-row>"
    )
    table = read_table(opendocument(tmp_path / "a.ods", {"S": rows}))
    assert table.rows == ((2, (True, 6.5, 0.57, 4.5, "a  b", date(2026, 2, 8))),)
    assert sentences(table.notes) == ("a.ods: the durations of sleep are in hours.",)


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = csv_file(tmp_path, "day,legs\n" + "1,2\n" * 4_000_001)
    with pytest.raises(ScoresError, match="the file has more than the 16 MB that are read"):
        read_table(path)


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("My diary, 2026\ndate;legs\n2026-02-08;4,5\n2026-02-09;3,5\n", ";"),
        ("date;legs\n2026-02-08;4,5\n", ";"),
        ("date legs\n2026-02-08 4\n", " "),
        ("date\tlegs\n2026-02-08\t6,301\n", "\t"),
    ],
)
def test_what_parts_the_columns_is_told_from_many_lines(tmp_path, text, separator):
    table = read_table(csv_file(tmp_path, text))
    assert (table.separator, table.header) == (separator, ("date", "legs"))


def test_a_row_of_words_alone_is_no_header_below_rows_of_scores(tmp_path):
    lines = "day,legs\n1,4\nnone,none\nlast,few,said\n"
    with pytest.raises(ScoresError, match="row 4: the cell 'said' stands under no column name"):
        read_table(csv_file(tmp_path, lines))


def test_only_the_first_faults_are_shown():
    faults = [
        Fault(place("d.csv", row, f"c{column}"), f"'x{row}' is no number", "Mend.")
        for column in range(20)
        for row in range(2, 7)
    ]
    shown = listed(faults, "d.csv")
    assert len(shown) == MOST_FAULTS + 1
    assert str(shown[-1]) == "d.csv: and 50 more faults. Mend these first."
    assert len(listed(faults[:6], "d.csv")) == 6
    assert len(listed([*faults[:5], *faults[:5]], "d.csv")) == 5


@pytest.mark.parametrize(("data", "what"), FAULTS.values(), ids=FAULTS.keys())
def test_what_is_no_table_is_said(tmp_path, data, what):
    with pytest.raises(ScoresError, match=re.escape(what)):
        read_table(csv_file(tmp_path, data))


def test_all_rows_that_do_not_fit_are_said_at_once(tmp_path):
    with pytest.raises(ScoresError) as caught:
        read_table(csv_file(tmp_path, "a,b\n1,2,3\n4,5\n6,7,8\n"))
    assert [fault.where for fault in caught.value.faults] == ["diary.csv:row 2", "diary.csv:row 4"]


def test_a_decimal_comma_in_every_row_does_not_flood_the_screen(tmp_path):
    with pytest.raises(ScoresError) as caught:
        read_table(csv_file(tmp_path, "day,legs\n" + "1,4,5\n" * 60))
    (fault,) = caught.value.faults
    assert fault.where == "diary.csv:60 rows (2, 3, 4, ...)"
    assert "write decimals with a point" in fault.mend


def test_a_missing_file_and_a_sheet_of_a_csv_file_are_said(tmp_path):
    with pytest.raises(ScoresError, match=r"no\.csv: cannot be read: No such file"):
        read_table(tmp_path / "no.csv")
    with pytest.raises(ScoresError, match="is no workbook and has no sheets"):
        read_table(csv_file(tmp_path, "a\n1\n"), Notation(sheet="A"))


def refused(path):
    with pytest.raises(ScoresError) as caught:
        read_table(path)
    return str(caught.value)


def test_rows_times_columns_beyond_any_table_are_refused_before_they_fill_the_memory(tmp_path):
    text = tmp_path / "t.csv"
    text.write_text(",".join(f"c{n}" for n in range(60_000)) + "\n" + "1\n" * 60_000)
    assert "60,001 rows of 60,000 columns are more than any table of scores" in refused(text)
    records = tmp_path / "t.json"
    records.write_text(json.dumps([{f"k{n}": 1} for n in range(3000)]))
    assert "3,000 rows of 3,000 columns are more than any table of scores" in refused(records)


@pytest.mark.parametrize(
    "rows",
    [
        '<table:table-row table:number-rows-repeated="10000"/>' * 200,
        "<table:table-row>"
        + '<table:table-cell table:number-columns-repeated="1000"/>' * 30
        + "<table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>",
        '<table:table-row table:number-rows-repeated="9000"/>' * 2
        + "<table:table-row>"
        + '<table:table-cell table:number-columns-repeated="999"/>' * 3
        + "<table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>",
    ],
)
def test_repeated_cells_of_an_opendocument_sheet_fill_no_memory(tmp_path, rows):
    spaces = " ".join(f'xmlns:{name}="{name}"' for name in ("office", "table", "text"))
    with zipfile.ZipFile(tmp_path / "t.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document {spaces}><table:table table:name="a">{rows}</table:table>'
            "</office:document>",
        )
    assert "has more than 5,000,000 cells" in refused(tmp_path / "t.ods")
