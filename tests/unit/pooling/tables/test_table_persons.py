"""Persons of a table, solved in stretches, are the contributions they would be by themselves."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from nof1.errors import ScoresError
from nof1.pooling.analysis import Question, pool
from nof1.pooling.exact.workplace import Here
from nof1.pooling.persons.members import members
from nof1.pooling.tables.table_persons import STRETCH, from_people
from nof1.protocol.tables import AnalysisPlan
from nof1.sharing.contribution import Contribution
from nof1.sharing.from_scores import PersonData, contributions
from support.shared_persons import diaries

N = STRETCH + 3


@pytest.fixture(scope="module")
def people():
    found = []
    for number, data in enumerate(diaries(N)):
        named = replace(data, masked=replace(data.masked, person=f"P{number:02}"))
        plan = AnalysisPlan()
        found.append(PersonData(data=named, series=named.masked.series[0], plan=plan))
    return found


def answer(found):
    given = members([("table", one) for one in found], leave_out={})
    return pool(given, Question(mcid=1.0)).model_dump(mode="json")


def test_stretches_and_their_order_make_no_difference(people):
    alone = [one for each in people for one in contributions([each], level="cycles")]
    assert [one.id for one in alone] == [f"P{number:02}" for number in range(N)]
    for threads in (1, 2):
        assert list(from_people(people, partial(Here, threads=threads))) == alone


def test_the_pool_is_the_same_after_a_round_trip_through_json(people):
    found = list(from_people(people))
    back = [Contribution.model_validate_json(one.text()) for one in found]
    assert back == found
    assert answer(back[::-1]) == answer(found)


def test_nobody_is_no_work():
    assert list(from_people([])) == []


def test_somebody_without_a_score_is_named(people):
    first = people[0]
    empty = replace(first.series, score=first.series.score * float("nan"))
    with pytest.raises(ScoresError, match="P00"):
        list(from_people([*people[1:3], replace(first, series=empty)]))
