"""A few thousand of the inputs of `make fuzz`, and that the fuzzer sees what it looks for."""

from __future__ import annotations

import json
from random import Random

import pytest

from fuzzing import judging, readers
from fuzzing.judging import judged
from fuzzing.mutations import spoiled_tree
from fuzzing.readers import READERS
from fuzzing.running import reader_of, run, totals, tried
from nof1.errors import Fault, InputError

#: Inputs tried, in parts, so that several processes share them.
QUICK, PARTS = 3000, 6


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_spoiled_is_read_or_refused_in_good_form(part, tmp_path):
    found = [tried(number, tmp_path) for number in range(part, QUICK, PARTS)]
    assert [one for one in found if one["outcome"] == "finding"] == []


def test_every_reader_has_its_share():
    named = [reader_of(number).name for number in range(1000)]
    assert {one.name: named.count(one.name) for one in READERS} == {
        one.name: one.share for one in READERS
    }


@pytest.mark.parametrize("reader", READERS, ids=lambda one: one.name)
def test_what_is_not_spoiled_is_read(reader, tmp_path, monkeypatch):
    for name in ("bytes", "text", "tree", "archive", "cells"):
        monkeypatch.setattr(readers, f"spoiled_{name}", lambda given, *_: given)
    monkeypatch.setattr(readers, "spoiled_json", lambda given, _: json.dumps(given).encode())
    outcomes = [judged(reader.make(Random(number), tmp_path)).outcome for number in range(12)]
    assert "value" in outcomes


def refusing(*fault):
    def read():
        raise InputError(Fault(*fault))

    return read


def test_the_judge_sees_what_must_not_be(monkeypatch):
    assert judged(lambda: 1).outcome == "value"
    assert judged(refusing("a.csv", "is no table", "Give one.")).outcome == "refusal"
    assert "not complete" in judged(refusing("a.csv", "is no table", "")).why
    assert "not complete" in judged(refusing("", "is no table", "Give one.")).why
    assert judged(refusing("", "and 3 more faults", "")).outcome == "refusal"
    assert judged(refusing("\x1b[2J", "is \x00 no table", "Give one.")).outcome == "refusal"
    assert judged(lambda: 1 / 0).why.startswith("ZeroDivisionError")
    monkeypatch.setattr(judging, "SECONDS", 0.05)

    def endless():
        while True:
            pass

    assert "took more than 0.05 seconds" in judged(endless).why
    monkeypatch.setattr(judging, "SECONDS", 10.0)
    peaks = iter((100.0, 900.0))
    monkeypatch.setattr(judging, "_peak", lambda: next(peaks))
    assert judged(lambda: 1).why == "took 800 MB more than before"


def test_a_run_that_was_stopped_goes_on(tmp_path):
    state = tmp_path / "chunks.jsonl"
    *_, done = run(0, 6, state, workers=1)
    assert sum(totals(done)[reader.name].total() for reader in READERS) == 6
    before = state.read_bytes()
    assert list(run(0, 6, state, workers=1)) == [done]
    assert state.read_bytes() == before


def test_what_was_spoiled_to_a_bare_number_can_be_spoiled_once_more():
    outcomes = [spoiled_tree({"a": 1}, Random(seed)) for seed in range(500)]
    assert any(not isinstance(one, dict) for one in outcomes)
