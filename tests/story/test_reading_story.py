"""How a table is written is told in the same words to `analyse`, `pool` and `import`."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from support.diaries import DAYS, ROWS, at, by_date, text, workbook
from support.trial_folders import make_trial

HEADER = ("date", "treatment", "score")
QUICK = ("--engine", "paired", "--scale", "0:10", "--mcid", "1", "--json")


def paired(out: str) -> tuple[int, float]:
    said = json.loads(out)
    return said["n_scores"], round(said["engines"]["paired"]["estimate"], 6)


def test_one_diary_gives_one_answer_however_it_is_written(nof1, tmp_path):
    zone = ZoneInfo("America/New_York")
    utc = {
        day: at(day, n).replace(tzinfo=zone).astimezone(ZoneInfo("UTC"))
        for n, day in enumerate(DAYS)
    }
    (tmp_path / "plain.csv").write_text(by_date(str))
    (tmp_path / "utc.csv").write_text(by_date(lambda day: f"{utc[day]:%Y-%m-%dT%H:%M:%SZ}"))
    rows = [(f"{day:%d/%m/%Y}", arm, score and f"{score},0") for day, arm, score in ROWS]
    (tmp_path / "german.csv").write_text(text([("date", "treatment", "How bad, 0 to 10?"), *rows]))
    weeks = {"Notes": [("legs", "diary"), ("a", "b")], "Diary": [HEADER, *ROWS]}
    workbook(tmp_path / "book.xlsx", weeks)

    status, out, err = nof1("analyse", "plain.csv", *QUICK)
    assert (status, err) == (0, "")
    right = paired(out)
    assert right[0] == 53
    for words in (
        ("utc.csv", "--timezone", "America/New_York"),
        ("german.csv", "--decimal-comma", "--columns", 'score="How bad, 0 to 10?"'),
        ("book.xlsx", "--sheet", "Diary"),
    ):
        status, out, _ = nof1("analyse", *words, *QUICK)
        assert status == 0
        assert paired(out) == right


def test_what_is_asked_is_answered_by_the_option_it_names(nof1, tmp_path):
    (tmp_path / "utc.csv").write_text(by_date(lambda day: f"{day}T22:30:00Z"))
    for command in (("analyse", "utc.csv"), ("pool", "utc.csv", "--mcid", "1")):
        status, out, err = nof1(*command)
        assert (status, out) == (2, "")
        assert "56 times are in UTC" in err
        assert "Add --timezone" in err
    status, _, err = nof1("analyse", "utc.csv", "--timezone", "Mars/Base")
    assert status == 2
    assert err.startswith("nof1: --timezone: there is no time zone 'Mars/Base'.")
    trial = make_trial(tmp_path / "t").folder
    status, _, err = nof1("analyse", str(trial), "--decimal-point", "--sheet", "A")
    assert status == 2
    assert "--decimal-point: is for tables" in err
    assert "--sheet: is for tables" in err


def test_an_import_has_the_same_options_and_says_what_it_left_aside(nof1, tmp_path):
    trial = make_trial(tmp_path / "t").folder
    lines = [
        "ID;Start time;Email;legs tonight",
        *(f"{n};{n + 2}.02.2026 21:04;x;{n}" for n in range(1, 9)),
    ]
    (tmp_path / "form.csv").write_text("\n".join(lines))
    asked = ("import", str(trial), "form.csv", "--dry-run")
    named = ("--columns", "date=Start time,legs=legs tonight")
    status, out, err = nof1(*asked, *named)
    assert (status, out) == (2, "")
    assert "the columns ID, Email are not known here" in err
    status, out, err = nof1(*asked, *named, "--ignore-others")
    assert status == 0
    assert "form.csv: left aside: ID, Email." in err
    assert "record   legs on 2026-02-03: 1" in out
    assert "Would be recorded: 8 scores. Nothing was written." in out
