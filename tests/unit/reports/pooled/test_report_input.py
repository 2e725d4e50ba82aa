from __future__ import annotations

import json
import statistics

import pytest

from nof1.errors import InputError
from nof1.reports.pooled.report_input import read_pooled
from nof1.words.numbers import split_of_hundred
from support.pooled_fits import FILE, earlier, fit, mirrored, of_size, story


def refused(path) -> list[str]:
    with pytest.raises(InputError) as stop:
        read_pooled(path)
    return [str(fault) for fault in stop.value.faults]


def written(tmp_path, text: str):
    path = tmp_path / "pooled.json"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_pooled_file_is_read_as_it_was_written():
    assert read_pooled(FILE) == earlier()


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path):
    path = tmp_path / "pooled.json"
    mend = "Give what `nof1 pool FILES --json` writes."
    assert refused(path) == [f"{path}: cannot be read: No such file or directory. {mend}"]
    path.write_bytes(b"\xff\xfe")
    assert refused(path) == [f"{path}: cannot be read: it is not UTF-8. {mend}"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "is not JSON"),
        ("[1]", "is no pooled analysis (nof1.pool/1)"),
        ("{}", "is no pooled analysis (nof1.pool/1)"),
        (
            '{"schema": "nof1.analysis/1"}',
            "is no pooled analysis (nof1.pool/1) but nof1.analysis/1",
        ),
    ],
)
def test_what_is_no_pooled_analysis_is_refused_with_the_mend(tmp_path, text, what):
    path = written(tmp_path, text)
    assert refused(path) == [f"{path}: {what}. Give what `nof1 pool FILES --json` writes."]


def test_every_faulty_field_is_named(tmp_path):
    data = json.loads(FILE.read_text(encoding="utf-8"))
    del data["unit"]
    data["surprise"] = 1
    data["bayes"]["mean"]["sd"] = "wide"
    path = written(tmp_path, json.dumps(data))
    again = "It may be of another version of nof1, or changed by hand: run `nof1 pool` again."
    assert sorted(refused(path)) == [
        f"{path}: bayes.mean.sd: 'wide' is not what belongs there. {again}",
        f"{path}: surprise: is not a key of a pooled analysis. {again}",
        f"{path}: unit: is missing. {again}",
    ]


def test_an_analysis_of_nobody_is_refused(tmp_path):
    data = json.loads(FILE.read_text(encoding="utf-8")) | {"persons": []}
    assert (
        "has no person who tells of the main contrast"
        in refused(written(tmp_path, json.dumps(data)))[0]
    )


def test_the_best_come_first_in_either_direction():
    codes = [one.person for one in story().ranked]
    assert codes == [one.person for one in story(mirrored()).ranked]
    assert story().ranked[0].shrunken == min(one.shrunken for one in fit().persons)


def test_the_scatter_of_own_answers_is_their_sd():
    assert story().naive_sd == pytest.approx(statistics.stdev(one.naive for one in fit().persons))


def test_a_share_of_persons_ends_with_its_last_person():
    told = story(of_size(40))
    assert [told.place(share) for share in (0.0, 0.05, 0.25, 0.5, 0.95, 1.0)] == [
        0, 1, 9, 19, 37, 39,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("chances", "counts"),
    [
        ((0.374, 0.506, 0.12), (37, 51, 12)),
        ((0.997, 0.002, 0.001), (100, 0, 0)),
        ((0.335, 0.335, 0.33), (34, 33, 33)),
        ((1.0, 0.0, 0.0), (100, 0, 0)),
    ],
)
def test_a_hundred_is_split_without_a_rest(chances, counts):
    assert split_of_hundred(chances) == counts
    assert sum(counts) == 100


def edited(data, place, value):
    *path, last = place.split(".")
    for name in path:
        data = data[int(name) if name.isdecimal() else name]
    data[last] = value


@pytest.mark.parametrize(
    ("place", "value", "what"),
    [
        ("scale.high", -40.0, "scale: low 0 must be below high -40"),
        ("bayes.heterogeneity_curve.density", [1.0], "161 points, 1 density: as many of each"),
        ("bayes.next_person_curve.points", [3.0, 2.0], "the points must increase"),
        ("bayes.next_person_mixture.sds", [], "sds"),
        ("bayes.mean.ci_low", 50.0, "bayes.mean: ci_low 50 lies above ci_high"),
        ("bayes.next_person.p_better", 1.5, "p_better: 1.5 is not what belongs there"),
        ("persons.0.sd", -1.0, "persons.0.sd: -1.0 is not what belongs there"),
        ("n_persons", 3, "persons: are 24, more than n_persons 3"),
        ("mcid", None, "mcid: chances of a difference that matters need it"),
        ("bayes.next_person.p_better", 0.0, "bayes.next_person: better, better by the MCID"),
        ("unit", "x" * 300, "unit: no pooled analysis has a text of 300 characters there"),
        ("software", "x" * 5000, "software: no pooled analysis has a text of 5,000 characters"),
        ("bayes.mean.mean", 1e308, "bayes.mean.mean: no pooled analysis has a number as large"),
        ("mcid", 0, "mcid: 0 is not what belongs there"),
    ],
)
def test_an_answer_changed_by_hand_is_refused_and_its_place_named(tmp_path, place, value, what):
    data = json.loads(FILE.read_text(encoding="utf-8"))
    n = len(data["persons"])
    edited(data, place, value)
    (fault,) = refused(written(tmp_path, json.dumps(data)))
    assert what.replace("24", str(n)) in fault
    assert "changed by hand" in fault


def test_chances_that_rounding_took_beyond_their_ends_are_those_ends(tmp_path):
    data = json.loads(FILE.read_text(encoding="utf-8"))
    edited(data, "bayes.next_person.p_meaningfully_worse", -2.2e-16)
    edited(data, "persons.0.p_better", 1.0 + 2.2e-16)
    found = read_pooled(written(tmp_path, json.dumps(data)))
    assert found.bayes.next_person.p_meaningfully_worse == 0.0
    assert found.persons[0].p_better == 1.0
