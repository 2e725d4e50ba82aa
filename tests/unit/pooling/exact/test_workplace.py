"""The place where persons are worked on makes no difference, even when part of it is lost."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from nof1 import provenance
from nof1.errors import InputError
from nof1.pooling.analysis import Question, pool
from nof1.pooling.exact import workplace
from nof1.pooling.exact.workplace import Cluster, Here, connect, stretches
from nof1.pooling.persons.coefficients import arms_of, grouped
from nof1.pooling.persons.members import members
from nof1.pooling.tables import table_persons
from nof1.pooling.tables.table_persons import from_people
from nof1.protocol.tables import AnalysisPlan
from nof1.sharing.from_scores import PersonData
from support.dask_cluster import Watched, cluster, kill_one_at_work
from support.shared_persons import diaries

ONE_THREAD = partial(Here, threads=1)
QUESTION = Question(purpose="next", mcid=1.0)


@pytest.fixture(scope="module")
def people():
    return [
        PersonData(data=data, series=data.masked.series[0], plan=AnalysisPlan())
        for data in named(diaries(15))
    ]


def named(found):
    return [
        replace(one, masked=replace(one.masked, person=f"P{number:02}"))
        for number, one in enumerate(found)
    ]


@pytest.fixture(scope="module", autouse=True)
def _short_stretches():
    """Cut persons into several stretches, few as they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workplace, "STRETCH", 4)
        patch.setattr(table_persons, "STRETCH", 4)
        yield


def answer(people, solve_at, pool_at=None):
    found = [("table", one) for one in from_people(people, solve_at)]
    return pool(members(found, leave_out={}), QUESTION, pool_at or solve_at)


def numbers(fit):
    """Return every number of an answer."""

    def flat(value):
        if isinstance(value, dict):
            return [number for one in value.values() for number in flat(one)]
        if isinstance(value, list):
            return [number for one in value for number in flat(one)]
        return [float(value)] if isinstance(value, int | float) else []

    return np.array(flat(fit.model_dump(mode="json")))


def same(one, other, tolerance=1e-9):
    return numbers(one) == pytest.approx(numbers(other), rel=tolerance, abs=tolerance)


@pytest.fixture(scope="module")
def expected(people):
    return answer(people, ONE_THREAD)


def test_threads_make_no_difference(people, expected):
    assert len(numbers(expected)) > 500
    assert same(answer(people, partial(Here, threads=2)), expected)


def test_the_length_of_stretches_makes_no_difference(people, expected, monkeypatch):
    monkeypatch.setattr(workplace, "STRETCH", 512)
    monkeypatch.setattr(table_persons, "STRETCH", 1)
    # Ends of intervals are searched for all persons of a stretch together.
    assert same(answer(people, ONE_THREAD), expected, tolerance=1e-7)


@pytest.mark.parametrize("step", ["solving", "pooling"])
def test_a_worker_that_is_killed_at_work_makes_no_difference(people, expected, tmp_path, step):
    with (
        cluster(tmp_path) as (address, workers),
        connect(address) as client,
        ThreadPoolExecutor(1) as elsewhere,
    ):
        client.wait_for_workers(2, timeout=60)
        there = partial(Cluster, client=client)
        killing = partial(Watched, client=client, folder=tmp_path)
        places = (killing, there) if step == "solving" else (there, killing)
        found = elsewhere.submit(answer, people, *places)
        lost = kill_one_at_work(tmp_path, workers)
        assert same(found.result(timeout=120), expected)
        assert lost not in [one.pid for one in workers if one.poll() is None]
        assert len(client.scheduler_info()["workers"]) == 1


def test_a_cluster_raises_what_the_work_raises(tmp_path):
    with cluster(tmp_path, workers=1) as (address, _), connect(address) as client:
        place = Cluster([1, 0], client)
        with pytest.raises(ZeroDivisionError):
            place.each(divmod, 0)


def test_workers_of_another_version_are_refused(tmp_path, monkeypatch):
    with cluster(tmp_path, workers=1) as (address, _):
        with connect(address) as client:
            client.wait_for_workers(1, timeout=60)
        # What workers are asked for, and what they should say, are two things here.
        monkeypatch.setattr(workplace, "software", Told("nof1 0.0.1"))
        with pytest.raises(InputError, match=r"have nof1 [0-9.]+, not nof1 0\.0\.1") as raised:
            connect(address)
    assert raised.value.faults[0].mend == "Install the same version there."


class Told:
    """A version as told here; workers tell their own."""

    def __init__(self, here):
        self.here = here

    def __call__(self):
        return self.here

    def __reduce__(self):
        return getattr, (provenance, "software")


def test_here_stops_at_the_first_failure():
    begun = []

    def fail(stretch):
        begun.append(stretch)
        raise ValueError(stretch)

    with pytest.raises(ValueError, match="0"):
        Here(list(range(1000)), threads=2).each(fail)
    assert len(begun) < 1000


def test_nobody_at_the_address(monkeypatch):
    monkeypatch.setattr(workplace, "PATIENCE", "1s")
    with pytest.raises(InputError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9") as raised:
        connect("tcp://127.0.0.1:9")
    assert raised.value.faults[0].where == "--scheduler"


@pytest.mark.parametrize("address", ["", "nowhere:x", "ftp://x:1"])
def test_what_is_no_address(address):
    with pytest.raises(InputError, match="no scheduler answers"):
        connect(address)


def test_without_dask(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"pip install 'nof1\[cluster\]'"):
        connect("tcp://127.0.0.1:8786")


def test_stretches_hold_every_person_once(people):
    found = [("table", one) for one in from_people(people[:3])]
    given = members(found, leave_out={})
    groups = grouped(given.people, given.likelihoods, arms_of(given.people)).groups
    cut = stretches(groups)
    assert sum(one.n_persons for one in cut) == 3
