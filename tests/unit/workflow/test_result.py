"""What results can do: be handed to other processes, copied, compared, and say what they are."""

import copy
import importlib
import pickle
import pkgutil
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

import nof1
from nof1 import workflow
from nof1.errors import Fault, InputError, ScoresError
from nof1.workflow.result import AnswerResult, JsonResult, ShownResult
from support.diary_frames import OPTIONS, of_person

EXAMPLES = Path(__file__).parents[3] / "examples"


def analysed(person: str) -> nof1.Analyses:
    return nof1.analyse(of_person(person), **OPTIONS)


@pytest.fixture(scope="module")
def results() -> list[Any]:
    anna = analysed("anna")
    return [
        anna,
        anna[0],
        nof1.pool([anna, analysed("ben")]),
        nof1.plan("warm-bath-rls"),
        nof1.check(EXAMPLES / "running-trial"),
        nof1.privacy([EXAMPLES / "contributions.jsonl"]),
    ]


def test_results_can_be_pickled_and_copied(results: list[Any]) -> None:
    for result in results:
        for again in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
            assert again is not result
            assert again == result
            assert again.to_json() == result.to_json()
            assert str(again) == str(result)


def test_results_are_equal_by_their_answers(results: list[Any]) -> None:
    anna, one, together, *_ = results
    assert anna == analysed("anna")
    assert hash(anna) == hash(analysed("anna"))
    assert anna != analysed("ben")
    assert one != anna
    assert one in list(anna)
    assert together not in (anna, one, None)
    assert not isinstance(results[3], AnswerResult)


def test_a_result_says_in_a_line_what_it_is(results: list[Any]) -> None:
    for result in results:
        said = repr(result)
        assert said.startswith(f"<{type(result).__name__}")
        assert len(said) < 200
        assert "\n" not in said
    assert repr(results[4]).startswith("<TrialCheck: Trial of DEMO-01: Magnesium")


def test_errors_come_whole_from_another_process() -> None:
    faults = [Fault("a.csv:row 1", "is wrong", "Mend it."), Fault("b.csv", "is too", "")]
    for error in (ScoresError(faults), InputError(faults[0])):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert again.faults == error.faults


def test_calls_run_in_threads_and_in_processes() -> None:
    people = ["anna", "ben", "carla"]
    here = [analysed(person) for person in people]
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(analysed, people)) == here
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        ours = processes.submit(nof1.analyse, of_person("anna"), **OPTIONS)
        wrong = processes.submit(nof1.analyse, of_person("anna"), comparator="usul")
        assert ours.result() == here[0]
        assert processes.submit(len, [nof1.design, nof1.pool]).result() == 2
        with pytest.raises(nof1.InputError, match="no column"):
            wrong.result()


def test_no_result_prints_all_it_holds() -> None:
    for module in pkgutil.iter_modules(workflow.__path__):
        importlib.import_module(f"nof1.workflow.{module.name}")
    kinds = [*ShownResult.__subclasses__(), *JsonResult.__subclasses__()]
    assert len(kinds) > 12
    assert [kind.__name__ for kind in kinds if "__repr__" in vars(kind)] == []
