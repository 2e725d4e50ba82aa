"""One call from files and tables to the pooled answer, at once or in parts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nof1.errors import InputError
from nof1.workflow.changes import PlanChanges
from nof1.workflow.persons import Reading
from nof1.workflow.pool import pool
from nof1.workflow.question import PoolOptions
from nof1.workflow.shards import merge, prepare_part
from nof1.workflow.tables import TableOptions

EXAMPLES = Path(__file__).parents[3] / "examples"
#: Invented cycle differences of four persons.
DIFFERENCES = {
    "person": ["a", "a", "b", "b", "c", "c", "d", "d"],
    "cycle": [1, 2, 1, 2, 1, 2, 1, 2],
    "difference": [-1.0, -2.0, -0.5, -1.0, 0.0, -1.5, -2.0, -1.0],
}


def test_columns_in_memory_are_pooled() -> None:
    found = pool(DIFFERENCES, scale=(0, 10), purpose="next")
    assert found.fit.n_persons == 4
    assert found.fit.purpose == "next"
    assert found.to_dict()["schema"] == "nof1.pool/1"
    assert json.loads(found.to_json()) == found.to_dict()
    assert next(found.lines()).startswith("4 persons: difference, active minus comparator")
    assert found.written is None
    with pytest.raises(InputError, match="a prior is of the steady-state effect"):
        _ = found.prior


def test_the_purpose_is_asked_for_where_it_was_not_said() -> None:
    assert pool(DIFFERENCES, scale=(0, 10)).fit.purpose is None
    assert pool(DIFFERENCES, scale=(0, 10), ask_purpose=lambda: "these").fit.purpose == "these"


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        pool(
            ["nowhere.csv", tmp_path],
            purpose="all",  # type: ignore[arg-type]
            mcid=-1,
            planned="SAP",
            exclude={"P07": ""},
            scale=(5, 1),
        )
    assert [str(fault) for fault in caught.value.faults] == [
        "--exclude: 'P07' is not CODE=WHY. Write \"P07=took iron in period 3\".",
        "--mcid: -1 will not do. Give a number above 0.",
        "--purpose: 'all' will not do. Write these or next.",
        "--planned: no moderator is asked for. Add --moderator, or leave it out.",
        "--scale: low 5 must be below high 1. Write LOW:HIGH.",
        "nowhere.csv: there is no such file. Check the name.",
        f"{tmp_path}: is a folder. Give the files in it: {tmp_path}/*.json.",
    ]


def test_parts_give_the_answer_of_one_process(tmp_path: Path) -> None:
    path = EXAMPLES / "three-people.csv"
    named = {"score": "legs", "treatment": "condition"}
    options = TableOptions(columns=named)
    reading = Reading(options=options, changes=PlanChanges(), outcome=None)
    parts = []
    for number in (1, 2):
        out = tmp_path / f"part-{number}.jsonl"
        part = prepare_part([path], PoolOptions(), reading, shard=f"{number}/2", out=out)
        assert part.file == out
        assert next(part.lines()).endswith(f"persons in {out}.")
        assert json.loads(part.to_json())["shard"] == number
        parts.append(out)
    together, at_once = merge(parts).to_dict(), pool(path, columns=named).to_dict()
    assert together == at_once
