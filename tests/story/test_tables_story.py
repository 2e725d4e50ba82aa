"""Whoever has a table of another make: what it does not tell of itself is said with options."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

EXPORTS = Path(__file__).parents[1] / "data" / "exports"


def analysed(nof1, name, *words):
    code, out, err = nof1(
        "analyse", EXPORTS / f"{name}.csv", "--engine", "paired", "--json", *words
    )
    assert code == 0, err
    found = json.loads(out)
    return found.get("analyses", [found])


def refused(nof1, *words):
    code, out, err = nof1(*words)
    assert (code, out) == (2, "")
    return err


def test_treatments_that_are_written_where_they_change(nof1):
    table = EXPORTS / "only_at_switch.csv"
    assert "--fill-down" in refused(nof1, "analyse", table)
    (filled,) = analysed(nof1, "only_at_switch", "--fill-down")
    (full,) = analysed(nof1, "full")
    assert filled["engines"] == full["engines"]
    assert filled["engines"]["paired"]["estimate"] == pytest.approx(-1.905, abs=5e-4)


def test_codes_for_missing_answers(nof1):
    assert "add --missing 99" in refused(nof1, "analyse", EXPORTS / "code_99.csv")
    (asked,) = analysed(nof1, "code_99", "--missing", "99,-9")
    (blanked,) = analysed(nof1, "code_blanked")
    assert asked["engines"] == blanked["engines"]
    assert asked["engines"]["paired"]["estimate"] == pytest.approx(-1.183, abs=5e-4)


def test_an_end_that_rests_on_one_score_is_said_first(nof1):
    code, out, _ = nof1("analyse", EXPORTS / "typo_55.csv", "--engine", "paired")
    assert code == 0
    assert out.startswith("The scale 0 to 100 rests on one score alone, score 55 in row 11; all")
    assert out.count("rests on one score alone") == 1
    (found,) = analysed(nof1, "typo_55")
    assert found["warnings"][0].startswith("The scale 0 to 100 rests on one score alone")


def test_pool_says_it_before_its_answer_and_in_it(nof1, tmp_path):
    header, *rows = (EXPORTS / "typo_55.csv").read_text().splitlines()
    two = [f"a,{row}" for row in rows] + [f"b,{row.replace(',55,', ',5,')}" for row in rows]
    (tmp_path / "two.csv").write_text("\n".join([f"id,{header}", *two]) + "\n")
    code, out, err = nof1("pool", "two.csv", "--purpose", "these", "--json")
    assert code == 0, err
    assert err.startswith("two.csv: The scale 0 to 100 rests on one score alone, score 55 in row")
    assert sum("rests on one score alone" in line for line in json.loads(out)["warnings"]) == 1


def test_persons_are_left_out_by_analyse_and_by_pool(nof1):
    table = EXPORTS / "dropout.csv"
    assert [one["person"] for one in analysed(nof1, "dropout")] == ["1", "2", "3"]
    left = analysed(nof1, "dropout", "--exclude", "2", "--exclude", "4=moved away")
    assert [one["person"] for one in left] == ["1", "3"]
    assert "Left out: 2 (on request), 4 (moved away)." in left[0]["warnings"]
    assert "--exclude 9: there is no such person" in refused(
        nof1, "analyse", table, "--exclude", "9"
    )
    code, out, err = nof1(
        "pool", table, "--exclude", "4=dropped out", "--purpose", "these", "--json"
    )
    assert code == 0, err
    assert json.loads(out)["n_persons"] == 3


def test_a_mornings_scores_by_the_night(nof1):
    (night,) = analysed(nof1, "night", "--scale", "0:100", "--better", "higher")
    (morning,) = analysed(
        nof1, "morning", "--scale", "0:100", "--better", "higher", "--score-day", "before"
    )
    (by_waking,) = analysed(nof1, "morning", "--scale", "0:100", "--better", "higher")
    right = night["engines"]["paired"]["estimate"]
    assert right == pytest.approx(9.9, abs=0.05)
    # The first night has no row by waking days, so the two agree but for one score.
    assert morning["engines"]["paired"]["estimate"] == pytest.approx(right, abs=0.3)
    assert by_waking["engines"]["paired"]["estimate"] < 8.5


def test_names_words_and_several_scores_of_a_day(nof1, tmp_path):
    (tmp_path / "moods.csv").write_text(
        "day,arm,mood\n"
        + "".join(
            f"{day},{('Plac.', 'placebo', 'walk', 'walk')[(day + k) % 2 + day // 4 % 2 * 2]},"
            f"{('bad', 'good')[(day + k) % 2]}\n"
            for day in range(4, 20)
            for k in (0, 1)
        )
    )
    said = refused(nof1, "analyse", "moods.csv", "--columns", "score=mood")
    assert "--words bad=N,good=N" in said
    words = ["--words", "bad=1,good=2", "--rename", "Plac.=placebo", "--columns", "score=mood"]
    assert "--daily-mean takes the mean" in refused(nof1, "analyse", "moods.csv", *words)
    code, out, err = nof1("analyse", "moods.csv", *words, "--daily-mean", "--engine", "paired")
    assert code == 0, err
    assert "16 scores" in out
    for option, value in (("--words", "bad"), ("--rename", "Plac."), ("--exclude", "=ill")):
        assert f"{option}: {value!r}" in refused(nof1, "analyse", "moods.csv", option, value)


def test_a_run_in_without_a_label(nof1, tmp_path):
    rows = [
        f"{day},{'' if day < 8 else 'AB'[(day - 1) // 7 % 2]},{day % 5}" for day in range(1, 36)
    ]
    (tmp_path / "diary.csv").write_text("\n".join(["day,arm,score", *rows]) + "\n")
    assert "--run-in blank" in refused(nof1, "analyse", "diary.csv")
    code, out, err = nof1("analyse", "diary.csv", "--run-in", "blank", "--engine", "paired")
    assert code == 0, err
    assert "On no arm, as asked: 7 rows without a treatment." in out


def test_what_a_refusal_says_is_added_to_the_call(nof1, tmp_path):
    path = tmp_path / "pupils.csv"
    rows = [
        f"{pupil},{day},{'AB'[(day - 1) // 4 % 2]},{(day * step) % 7 + pupil_no}"
        for pupil_no, (pupil, step) in enumerate({"Kim": 3, "Lee": 5}.items())
        for day in range(1, 17)
    ]
    path.write_text("pupil,session,arm,score\n" + "\n".join(rows) + "\n", encoding="utf-8")
    words = ["analyse", path, "--engine", "paired", "--json"]
    assert "or day=NAME where it counts days or daily sessions" in refused(nof1, *words)
    words += ["--columns", "day=session"]
    assert "add --columns person=pupil" in refused(nof1, *words)
    code, out, err = nof1(*words, "--columns", "person=pupil")
    assert code == 0, err
    for pupil_no, (found, step) in enumerate(zip(json.loads(out)["analyses"], (3, 5), strict=True)):
        for arm, place in (("A", 0), ("B", 1)):
            own = [day * step % 7 + pupil_no for day in range(1, 17) if (day - 1) // 4 % 2 == place]
            (told,) = (one for one in found["arms"] if one["arm"] == arm)
            assert told["n"] == 8
            assert told["mean"] == pytest.approx(sum(own) / 8)
