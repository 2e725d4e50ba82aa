"""Mappings in frozen values."""

import copy
import pickle

import pytest

from nof1.read_only import ReadOnly


def test_it_is_a_mapping_that_nobody_changes() -> None:
    values = {"a": 1}
    held = ReadOnly(values)
    values["a"] = 2
    assert dict(held) == {"a": 1} == held
    assert "a" in held
    assert "b" not in held
    assert held.get("b") is None
    assert repr(held) == "ReadOnly({'a': 1})"
    with pytest.raises(TypeError, match="does not support item assignment"):
        held["a"] = 3  # type: ignore[index]
    assert len(ReadOnly()) == 0


def test_it_can_be_pickled_and_copied() -> None:
    held = ReadOnly({"a": [1]})
    assert pickle.loads(pickle.dumps(held)) == held
    copied = copy.deepcopy(held)
    assert copied == held
    assert copied["a"] is not held["a"]
