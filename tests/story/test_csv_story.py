"""R users: tidy tables beside the answer, the same as the DataFrames of Python."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import nof1
from support.diary_frames import OPTIONS, THREE_PEOPLE, three_people
from support.shell import nof1 as command_line

TOLD = (
    f"{THREE_PEOPLE} --columns score=legs,treatment=condition --comparator usual --scale 0:10"
    " --mcid 1 --allocation pairs"
)


def test_analyse_writes_the_table_of_engines(tmp_path: Path) -> None:
    done = command_line(f"nof1 analyse {TOLD} --json --csv engines.csv", tmp_path)
    assert done.returncode == 0
    assert "Written: engines.csv." in done.stderr
    found = pd.read_csv(tmp_path / "engines.csv")
    frame = nof1.analyse(three_people(), **OPTIONS).to_frame()
    pd.testing.assert_frame_equal(found, frame, check_dtype=False, check_exact=True)
    figures = [one["engines"]["quadrature"] for one in json.loads(done.stdout)["analyses"]]
    exact = found[found.engine == "quadrature"]
    assert exact.estimate.tolist() == [one["mean"] for one in figures]
    assert exact.half_life_high.tolist() == [one["half_life"]["ci_high"] for one in figures]
    text = (tmp_path / "engines.csv").read_text()
    assert ",NA," in text
    assert "nan" not in text.lower().replace("finance", "")


def test_pool_writes_persons_and_averages(tmp_path: Path) -> None:
    done = command_line(f"nof1 pool {TOLD} --purpose next --csv persons.csv", tmp_path)
    assert done.returncode == 0
    pooled = nof1.pool(three_people(), purpose="next", **OPTIONS)
    for table, name in (("persons", "persons.csv"), ("averages", "persons-averages.csv")):
        found = pd.read_csv(tmp_path / name)
        frame = pooled.to_frame(table)
        pd.testing.assert_frame_equal(found, frame, check_dtype=False, check_exact=True)


@pytest.mark.parametrize("verb", ["analyse", "pool"])
def test_nothing_is_worked_out_for_a_folder_that_is_not_there(tmp_path: Path, verb: str) -> None:
    done = command_line(f"nof1 {verb} {TOLD} --csv nowhere/table.csv", tmp_path)
    assert done.returncode == 2
    assert "--csv: there is no folder" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_of_two_tables_both_are_written_or_neither(tmp_path: Path) -> None:
    (tmp_path / "persons-averages.csv").write_text("mine")
    done = command_line(f"nof1 pool {TOLD} --purpose next --csv persons.csv", tmp_path)
    assert done.returncode == 2
    assert "persons-averages.csv: there is something else already" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["persons-averages.csv"]


def test_another_file_of_that_name_is_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("mine")
    done = command_line(f"nof1 analyse {TOLD} --csv mine.csv", tmp_path)
    assert done.returncode == 2
    assert "there is something else already, and it is kept" in done.stderr
    assert (tmp_path / "mine.csv").read_text() == "mine"
