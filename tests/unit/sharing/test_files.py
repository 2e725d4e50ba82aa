"""Contributions in files of every kind, and what is said of damaged ones."""

from __future__ import annotations

import json
import sys
from collections import deque

import duckdb
import pytest

from nof1.errors import InputError
from nof1.sharing.contribution import LEVELS
from nof1.sharing.files import is_contributions, read_contributions
from support.shared_persons import OUTCOME, contributed, diaries, shared

PEOPLE = [contributed(f"p{number}", design={"cycles": number}) for number in range(1, 6)]


def written(path, people):
    path.write_text("".join(one.text() + "\n" for one in people), encoding="utf-8")
    return path


def parquet(source, target):
    """Make a Parquet file as the documentation says."""
    with duckdb.connect() as connection:
        connection.sql(
            f"COPY (FROM read_json('{source}', sample_size=-1)) TO '{target}'"
            " (FORMAT parquet, ROW_GROUP_SIZE 2048)"
        )
    return target


def faults(paths):
    with pytest.raises(InputError) as raised:
        list(read_contributions(paths))
    return [str(fault) for fault in raised.value.faults]


@pytest.mark.parametrize("name", ["a.json", "a.JSONL", "a.ndjson", "a.parquet"])
def test_names_of_contributions(tmp_path, name):
    assert is_contributions(tmp_path / name)
    assert not is_contributions(tmp_path / f"{name}.csv")


def test_one_as_json_and_many_as_lines_in_the_order_of_the_files(tmp_path):
    one = tmp_path / "one.json"
    one.write_text(json.dumps(json.loads(PEOPLE[0].text()), indent=2))
    many = written(tmp_path / "many.jsonl", PEOPLE[1:])
    found = list(read_contributions([many, one]))
    assert [each for _, each in found] == [*PEOPLE[1:], PEOPLE[0]]
    assert [where for where, _ in found[:2]] == [f"{many}:line 1", f"{many}:line 2"]
    assert found[-1][0] == str(one)


def test_empty_lines_are_nothing(tmp_path):
    path = tmp_path / "gaps.jsonl"
    path.write_text(f"\n{PEOPLE[0].text()}\n  \n\n{PEOPLE[1].text()}")
    assert [where for where, _ in read_contributions([path])] == [
        f"{path}:line 2",
        f"{path}:line 5",
    ]


def test_parquet_holds_the_same_numbers(tmp_path):
    people = shared(diaries(6), level="scores")
    lines = written(tmp_path / "many.jsonl", people)
    found = list(read_contributions([parquet(lines, tmp_path / "many.parquet")]))
    assert [one for _, one in found] == people
    assert found[2][0].endswith("many.parquet:row 3")


def test_parquet_of_persons_with_different_arms(tmp_path):
    other = contributed(
        "p9",
        arms=["placebo", "iron"],
        level="cycles",
        cycle_differences={"iron": [-1.0, 0.5]},
        harms={"iron": {"days": 2, "worst": 1}},
    )
    mine = contributed("p8", level="cycles", cycle_differences={"magnesium": [-2.0]})
    lines = written(tmp_path / "many.jsonl", [other, mine])
    found = read_contributions([parquet(lines, tmp_path / "many.parquet")])
    assert [one for _, one in found] == [other, mine]


#: Lines of which DuckDB takes the types of columns, unless it is told to read them all.
SAMPLE = 20_480
LATER = {
    "level": "scores",
    "outcome": OUTCOME | {"low": -0.5, "high": 17.5, "mcid": 17.5},
    "likelihood": {
        "means": [[-1.25]],
        "covariances": [[0.5]],
        "log_weights": [0.0],
        "half_lives": [2.5],
        "half_life_prior": {"means_days": [1.5], "shares": [1.0]},
        "better_model": "bounded",
    },
    "about": {"sex": "female", "age_band": "50-59"},
    "harms": {"placebo": {"days": 1, "worst": 2}},
    "cycle_differences": {"magnesium": [-17.5, 1.0]},
    "scores": {"day": [1, 2], "score": [1.5, None], "periods": [[1, 2, 1, 0]]},
}


def test_parquet_keeps_what_comes_after_the_lines_that_are_sampled(tmp_path):
    plain = {"means": [[-1]], "covariances": [[1]], "log_weights": [0]}
    whole = contributed("p1", likelihood=plain)
    first = whole.text().replace("-1.0]", "-1]").replace('"mcid":1.0', '"mcid":1')
    path = tmp_path / "many.jsonl"
    path.write_text(f"{first}\n" * SAMPLE + f"{contributed('p2', **LATER).text()}\n")
    where, last = deque(read_contributions([parquet(path, tmp_path / "many.parquet")]), maxlen=1)[0]
    assert where.endswith(f"many.parquet:row {SAMPLE + 1}")
    assert last == contributed("p2", **LATER)


def test_a_level_without_what_it_holds_is_refused(tmp_path):
    path = tmp_path / "lossy.jsonl"
    bare = PEOPLE[0].text()
    path.write_text("\n".join(bare.replace('"likelihood",', f'"{one}",', 1) for one in LEVELS[1:]))
    mend = (
        "Take the file as it was sent: a Parquet file made without reading all lines first loses"
        " them (DuckDB: read_json(..., sample_size=-1))."
    )
    assert faults([path]) == [
        f"{path}:line {line}: {what}: none are here, though the level {level} holds them. {mend}"
        for line, level, what in (
            (2, "cycles", "cycle_differences"),
            (3, "scores", "cycle_differences"),
            (3, "scores", "scores"),
        )
    ]


def test_parquet_without_duckdb(tmp_path, monkeypatch):
    path = parquet(written(tmp_path / "a.jsonl", PEOPLE), tmp_path / "a.parquet")
    monkeypatch.setitem(sys.modules, "duckdb", None)
    (found,) = faults([path])
    assert found.endswith("which is not installed. Run: pip install 'nof1[pool]'.")


def test_what_is_no_parquet(tmp_path):
    path = tmp_path / "a.parquet"
    path.write_text("no parquet")
    (found,) = faults([path])
    assert f"{path}: cannot be read as Parquet" in found
    table = tmp_path / "b.parquet"
    with duckdb.connect() as connection:
        connection.sql(f"COPY (SELECT 1 AS id) TO '{table}' (FORMAT parquet)")
    (found,) = faults([table])
    assert found.startswith(f"{table}:row 1: is no contribution (nof1.contribution/1).")


def test_all_faults_of_all_files_at_once(tmp_path):
    broken = tmp_path / "broken.jsonl"
    good = PEOPLE[0].text()
    broken.write_text(
        "\n".join(
            [
                good,
                good[:-20],
                '{"schema":"nof1.analysis/1"}',
                "[]",
                good.replace('"log_weights":[0.0]', '"log_weights":[0.0,1.0]'),
                good.replace('"id":"p1"', '"id":"*"'),
                good.replace('"low":0.0', '"low":null'),
                good.replace('"software"', '"who":"me","software"'),
            ]
        )
    )
    missing = tmp_path / "missing.json"
    found = faults([broken, missing])
    assert found == [
        f"{broken}:line 2: is not JSON. Put back the file as it was sent.",
        f"{broken}:line 3: is no contribution (nof1.contribution/1)."
        " Give files made by `nof1 share`.",
        f"{broken}:line 4: is no contribution (nof1.contribution/1)."
        " Give files made by `nof1 share`.",
        f"{broken}:line 5: likelihood: log_weights: 1 numbers are needed."
        " Put back the file as it was sent.",
        f"{broken}:line 6: id: '*' has not the right form. Put back the file as it was sent.",
        f"{broken}:line 7: outcome.low: None is not a number. Write one, without quotes.",
        f"{broken}:line 8: who: is not a key of a contribution. Check the spelling or remove it.",
        f"{missing}: cannot be read: No such file or directory. Check the file.",
    ]


def test_bytes_that_are_no_text(tmp_path):
    path = tmp_path / "odd.jsonl"
    path.write_bytes(PEOPLE[0].text().encode().replace(b"legs", b"l\xffgs"))
    assert faults([path]) == [f"{path}:line 1: is not JSON. Put back the file as it was sent."]


def test_the_first_ten_faults_and_how_many_more(tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_text("{\n" * 31)
    found = faults([path])
    assert len(found) == 11
    assert found[-1] == "and 21 more faults in these files."


def test_sound_lines_come_before_the_fault_is_raised(tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_text(f"{{\n{PEOPLE[0].text()}\n")
    found = read_contributions([path])
    assert next(found)[1] == PEOPLE[0]
    with pytest.raises(InputError):
        next(found)


def test_parquet_whose_differences_are_no_map_is_refused_by_row(tmp_path):
    whole = contributed("p1", level="cycles", cycle_differences={"magnesium": [-2.0]})
    lines = written(tmp_path / "many.jsonl", [whole])
    path = tmp_path / "odd.parquet"
    with duckdb.connect() as connection:
        connection.sql(
            "COPY (SELECT * REPLACE ([1.5] AS cycle_differences)"
            f" FROM read_json('{lines}')) TO '{path}'"
        )
    (fault,) = faults([path])
    assert fault == (
        f"{path}:row 1: cycle_differences: [1.5] has not the right form."
        " Put back the file as it was sent."
    )
