"""Inputs made to mislead, through the command line: the right value, or a sentence with a mend."""

from __future__ import annotations

import json
import re
import shutil
import time
import zipfile
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
HOSTILE = TESTS / "data" / "hostile"
EXAMPLES = TESTS.parent / "examples"
ASKED = ("--scale", "0:10", "--better", "lower", "--mcid", 1)

TABLES = {
    "far_date.csv": [
        'far_date.csv:row 2, column "date": this row is 739,252 days before the others.',
        'far_date.csv:row 8, column "date": this row is 2,912,802 days after the others.',
    ],
    "typo_year.csv": [
        'typo_year.csv:row 2, column "date": this row is 365,244 days before the others.'
    ],
    "far_day_3000000.csv": [
        'far_day_3000000.csv:row 9, column "day": this row is 2,999,993 days after the others.'
    ],
    "foreign_1e308.csv": [
        'foreign_1e308.csv:row 3, column "score": 1e308 is a number that no scale has.',
        'foreign_1e308.csv:row 4, column "score": -1e308 is a number that no scale has.',
    ],
    "foreign_denormal.csv": [
        'foreign_denormal.csv:row 2, column "score": 5e-324 is a number that no scale has.',
        'foreign_denormal.csv:row 3, column "score": -5e-324 is a number that no scale has.',
    ],
}


@pytest.mark.parametrize(("name", "said"), TABLES.items(), ids=TABLES.keys())
def test_a_cell_that_no_trial_has_is_named_with_its_mend(nof1, name, said):
    code, out, err = nof1("analyse", HOSTILE / name, *ASKED)
    assert (code, out) == (2, "")
    lines = err.splitlines()
    assert len(lines) == len(said)
    for line, start in zip(lines, said, strict=True):
        assert line.startswith(f"nof1: {start} Check the ")


def workbook(path, **cells):
    import openpyxl

    book = openpyxl.Workbook()
    for row in (("day", "treatment", "score"), *((n, "AB"[n // 4 % 2], n % 5) for n in range(16))):
        book.active.append(row)
    for place, value in cells.items():
        book.active[place] = value
    book.save(path)
    return path


def test_a_whole_number_of_400_digits_is_named_in_a_table_to_import(nof1, tmp_path):
    shutil.copytree(EXAMPLES / "running-trial", tmp_path / "trial")
    path = workbook(tmp_path / "diary.xlsx", A1="date", B1="legs", C1=None)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    sheet = re.sub(
        r'<c r="A2"[^>]*>.*?</c>', '<c r="A2" t="inlineStr"><is><t>2025-02-20</t></is></c>', sheet
    )
    sheet = re.sub(r'<c r="B2".*?</c>', f'<c r="B2"><v>{"9" * 400}</v></c>', sheet)
    sheet = re.sub(r'<row r="(?!1"|2").*?</row>', "", sheet)
    sheet = re.sub(r'<c r="C\d+".*?</c>', "", sheet)
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    before = (tmp_path / "trial" / "log.jsonl").read_bytes()
    code, out, err = nof1("import", "trial", path)
    assert (code, out) == (2, "")
    assert err.startswith(
        'nof1: diary.xlsx:row 2, column "legs": 99999999999999999999... (400 characters) is a'
        " number that no scale has. Check the cell."
    )
    assert (tmp_path / "trial" / "log.jsonl").read_bytes() == before


def test_a_stray_cell_at_the_end_of_a_sheet_costs_nothing(nof1, tmp_path):
    path = workbook(tmp_path / "stray.xlsx", XFD1048576="x")
    began = time.monotonic()
    code, out, err = nof1("analyse", path, *ASKED)
    assert time.monotonic() - began < 5.0
    assert (code, out) == (2, "")
    assert err == (
        "nof1: stray.xlsx: the sheet Sheet goes on to XFD1048576. Delete what stands far from the"
        " table.\n"
    )


def contributions():
    lines = (EXAMPLES / "contributions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[:6]]


def first_changed(change):
    given = contributions()
    change(given[0])
    return given


def likelihood(**fields):
    def change(one):
        n = len(one["likelihood"]["means"])
        one["likelihood"] |= {name: [value] * n for name, value in fields.items()}

    return change


def differences(one):
    one["cycle_differences"] = {"magnesium": [1e308, -1e308, 1e308]}


def half_lives(one):
    one["likelihood"]["half_lives"][-1] = 1e30


def surer(one):
    n = len(one["likelihood"]["means"])
    one["likelihood"] |= {"means": [[-30.0]] * n, "covariances": [[1e-6]] * n}


CONTRIBUTIONS = {
    "mean -500": (
        likelihood(means=[-500.0]),
        "likelihood.means: {}: an effect of -500 is impossible on a scale of 40 points",
    ),
    "mean 1000": (
        likelihood(means=[1000]),
        "likelihood.means: {}: an effect of 1000 is impossible on a scale of 40 points",
    ),
    "no width": (
        likelihood(covariances=[1e-300]),
        "likelihood.covariances: {}: no trial on a scale of 40 points tells an effect to 1e-150",
    ),
    "surer than its scores": (
        surer,
        "likelihood.covariances: {}: 24 scores on a scale of 40 points tell no effect to 0.001"
        " points, nor to less than 0.0047",
    ),
    "differences of 1e308": (
        differences,
        "cycle_differences.magnesium: {}: a difference of 1e+308 is impossible on a scale of 40",
    ),
    "a half-life of aeons": (
        half_lives,
        "likelihood.half_lives: {}: 1e+30 days is no half-life",
    ),
}


@pytest.mark.parametrize(("change", "said"), CONTRIBUTIONS.values(), ids=CONTRIBUTIONS.keys())
def test_one_impossible_contribution_is_named_and_the_others_pool(nof1, tmp_path, change, said):
    given = first_changed(change)
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in given))
    code, out, err = nof1("pool", path, "--purpose", "next")
    assert (code, out) == (2, "")
    code_of = given[0]["id"]
    assert err.startswith(f"nof1: {path}:line 1: {said.format(code_of)}")
    assert err.endswith("Ask its sender to share the trial again, or take it out of the file.\n")
    path.write_text("".join(json.dumps(one) + "\n" for one in given[1:]))
    code, out, _ = nof1("pool", path, "--purpose", "next")
    assert (code, out.splitlines()[0][:10]) == (0, "5 persons:")


def test_a_parquet_file_of_other_types_is_named_by_row(nof1):
    path = HOSTILE / "parquet_cycle_differences_not_a_map.parquet"
    code, out, err = nof1("pool", path, "--purpose", "next")
    assert (code, out) == (2, "")
    assert f"{path}:row 2: cycle_differences: [None] has not the right form. Put back" in err


def scale_exchanged(fit):
    fit["scale"]["high"] = -fit["scale"]["high"]


def curve_cut(fit):
    fit["bayes"]["heterogeneity_curve"]["density"].pop()


def number_beyond(fit):
    fit["persons"][0]["naive"] = 10**400


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (scale_exchanged, ": scale: low 0 must be below high -"),
        (curve_cut, ": bayes.heterogeneity_curve: "),
        (number_beyond, ": persons.0.naive: no pooled analysis has a number as large"),
    ],
)
def test_a_pooled_analysis_edited_by_hand_is_refused_by_its_field(nof1, tmp_path, change, said):
    fit = json.loads((TESTS / "support/pooled_fit.json").read_text(encoding="utf-8"))
    change(fit)
    (tmp_path / "pooled.json").write_text(json.dumps(fit))
    code, out, err = nof1("report", "pooled.json")
    assert (code, out) == (2, "")
    assert err.startswith(f"nof1: pooled.json{said}")
    assert err.endswith("changed by hand: run `nof1 pool` again.\n")
    assert not (tmp_path / "pooled-report").exists()


def test_persons_who_score_alike_throughout_pool_no_surer_than_the_others(nof1):
    code, out, _ = nof1(
        "pool", HOSTILE / "pool-flat-persons.csv", "--comparator", "A", *ASKED, "--allocation",
        "pairs", "--json",
    )  # fmt: skip
    assert code == 0
    found = json.loads(out)
    assert found["n_persons"] == 4
    sure = {one["person"]: (one["naive_se"], one["sd"]) for one in found["persons"]}
    own, shrunken = ({person: pair[at] for person, pair in sure.items()} for at in (0, 1))
    assert min(own["a"], own["b"]) > max(own["c"], own["d"])
    assert min(shrunken["a"], shrunken["b"]) > min(shrunken["c"], shrunken["d"])


def test_escapes_in_columns_labels_and_titles_never_reach_the_terminal(nof1, tmp_path):
    bad = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"
    table = tmp_path / f"a{bad}.csv"
    table.write_text(f"day,treat{bad},sc{bad}ore\n1,A{bad},3\n2,B,4\n", encoding="utf-8")
    protocol = (TESTS.parent / "protocols" / "magnesium-rls.toml").read_text(encoding="utf-8")
    escaped = "\\u001b[2J\\u0007"
    (tmp_path / "p.toml").write_text(
        protocol.replace('title = "', f'title = "{escaped}', 1).replace(
            'id = "irls"', f'id = "{escaped}"'
        ),
        encoding="utf-8",
    )
    commands = [
        ("analyse", table), ("pool", table),
        ("analyse", table, "--columns", f"score=sc{bad}ore,treatment=treat{bad}"),
        ("protocols", "check", "p.toml"), ("check", f"no{bad}where"),
        ("plan", f"no{bad}"), ("record", f"no{bad}", "irls", bad),
    ]  # fmt: skip
    for words in commands:
        code, out, err = nof1(*words)
        assert code == 2
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", out + err), words
        assert "\\u001b" in err or "\\x1b" in err


def long_table(path, days, length):
    rows = (
        f"{day},{(day - 1) // length + 1},{'AB'[(day - 1) // length % 2]},{day % 11}"
        for day in range(1, days + 1)
    )
    path.write_text("day,period,treatment,score\n" + "\n".join(rows) + "\n")
    return path.name


@pytest.mark.parametrize(
    ("days", "length", "said"),
    [
        (20_000, 7, "20,000 days are more than the 2,000 that a trial may last."),
        (1000, 2, "1,000 scores in 500 periods are more than can be analysed: their product may"),
    ],
)
def test_a_table_beyond_any_trial_costs_no_minutes(nof1, tmp_path, days, length, said):
    name = long_table(tmp_path / "long.csv", days, length)
    for command in ("analyse", "pool"):
        code, out, err = nof1(command, name, *ASKED)
        assert (code, out) == (2, "")
        assert err.startswith(f"nof1: long.csv: {said}")
        assert "Analyse a part of the days at a time" in err


def test_ends_that_no_scale_has_are_refused_in_options_and_protocols(nof1, tmp_path):
    name = long_table(tmp_path / "t.csv", 16, 4)
    code, _, err = nof1("analyse", name, "--scale", "0:1e300")
    assert (code, err) == (
        2,
        "nof1: --scale: 0 to 1e+300 is no scale. Write ends within 1e+09.\n",
    )
    code, _, err = nof1("analyse", name, "--scale", "0:10", "--mcid", "1e300")
    assert (code, err) == (
        2,
        "nof1: --mcid: 1e+300 will not do. Give a number above 0, at most 1e+09.\n",
    )
    text = (TESTS.parent / "protocols" / "magnesium-rls.toml").read_text(encoding="utf-8")
    assert "cycles = 3\n" in text
    (tmp_path / "p.toml").write_text(
        text.replace("cycles = 3\n", "cycles = 60\n"), encoding="utf-8"
    )
    code, _, err = nof1("protocols", "check", "p.toml")
    assert (code, err) == (
        2,
        "nof1: p.toml: design.cycles: 3,374 days are more than the 2,000 that a trial may last."
        " Plan fewer cycles, or shorter ones.\n",
    )
