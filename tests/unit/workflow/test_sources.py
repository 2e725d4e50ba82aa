"""What is given to calls: numbers and yes or no as treatments, lists and arrays as scales."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

import nof1
from support.diary_frames import OPTIONS, of_person

ARMS = {"usual": 0, "walk": 1}


def answer(table: pd.DataFrame, **options: Any) -> list[float]:
    found = nof1.analyse(table, **{**OPTIONS, **options}, engines=["paired", "quadrature"])
    return [float(estimate) for estimate in found.to_frame().estimate]


@pytest.mark.parametrize("kind", ["int64", "bool", "float64", "Int8", "boolean", "category"])
def test_treatments_may_be_numbers_or_yes_and_no(kind: str) -> None:
    table = of_person("anna")
    coded = table.assign(condition=table.condition.map(ARMS).astype(kind))
    usual, walk = (coded.condition[table.condition == arm].iloc[0] for arm in ARMS)
    assert answer(coded, comparator=usual, active=walk) == answer(table)
    assert answer(coded, comparator=usual, active=[walk]) == answer(table)
    with pytest.raises(nof1.InputError, match="comparator=7: no row has this treatment"):
        answer(coded, comparator=7)


def test_a_scale_may_be_a_list_or_an_array() -> None:
    table = of_person("anna")
    for scale in ([0, 10], np.array([0, 10]), pd.Series([0.0, 10.0]), (np.int64(0), 10.0)):
        assert answer(table, scale=scale) == answer(table)
    for wrong in ("0:10", 3, [1], (None, 3), np.zeros((2, 2))):
        with pytest.raises(nof1.InputError, match=r"scale: .* is not two numbers"):
            answer(table, scale=wrong)


def test_dictionaries_may_name_numbers_and_nothing_else_is_one() -> None:
    table = of_person("anna")
    numbers = table.rename(columns={"legs": 3}).replace({"condition": {"usual": 0}})
    columns = {"score": 3, "treatment": "condition", "period": None}
    assert answer(numbers, columns=columns, rename={0: "usual"}) == answer(table)
    for option in ("columns", "rename", "words"):
        with pytest.raises(nof1.InputError, match=rf"{option}: .* is not a dictionary"):
            answer(table, **{option: ["a=b"]})


def test_whole_numbers_give_the_bytes_of_the_command_line() -> None:
    table = of_person("anna")
    whole = nof1.analyse(table, **{**OPTIONS, "mcid": 1, "scale": (0, 10)}, half_life=2)
    broken = nof1.analyse(table, **{**OPTIONS, "mcid": 1.0, "scale": (0.0, 10.0)}, half_life=2.0)
    assert whole.to_json() == broken.to_json()
    assert '"mcid": 1.0' in whole.to_json()
