"""Allocation sets against lists made by brute force."""

from __future__ import annotations

import math
from collections import Counter
from itertools import groupby, pairwise, permutations, product

import pytest

from nof1.design.cycled import CounterbalancedSet, LatinSet, PairsSet, williams_rows
from nof1.design.draw import sequence_from_seed
from nof1.design.phases import PhasesSet
from nof1.design.sets import CompleteSet, ExplicitSet, VaryingSet, allocation_set
from nof1.errors import ProtocolError
from nof1.protocol.files import find_protocol, read_protocol
from nof1.protocol.protocol import Protocol
from nof1.words.caution import sentence


def every_word(n_arms, n_periods):
    return product(range(n_arms), repeat=n_periods)


def in_cycles(word, n_arms):
    return [word[i : i + n_arms] for i in range(0, len(word), n_arms)]


def longest_run(word):
    return max(len(list(run)) for _, run in groupby(word))


def naive_pairs(n_arms, cycles):
    arms = list(range(n_arms))
    return {
        word
        for word in every_word(n_arms, n_arms * cycles)
        if all(sorted(cycle) == arms for cycle in in_cycles(word, n_arms))
    }


def naive_complete(n_arms, cycles, max_run=None):
    return {
        word
        for word in every_word(n_arms, n_arms * cycles)
        if all(word.count(arm) == cycles for arm in range(n_arms))
        and longest_run(word) <= (max_run or len(word))
    }


def naive_counterbalanced(cycles):
    return {
        word
        for word in naive_pairs(2, cycles)
        if sum(cycle == (0, 1) for cycle in in_cycles(word, 2)) == cycles // 2
    }


def naive_latin(n_arms, cycles):
    rows = williams_rows(n_arms)
    found = set()
    for numbers in product(range(len(rows)), repeat=cycles):
        rounds = [numbers[i : i + len(rows)] for i in range(0, cycles, len(rows))]
        if all(len(set(one)) == len(one) for one in rounds):
            found.add(tuple(arm for number in numbers for arm in rows[number]))
    return found


def naive_varying(sequences, n_arms):
    return {s for s in sequences if len(set(map(tuple, in_cycles(s, n_arms)))) > 1}


def naive_phases(phases, n, least):
    """Every split of n occasions into phases, by listing all words."""
    found = set()
    for word in every_word(2, n):
        runs = [(arm, len(list(run))) for arm, run in groupby(word)]
        if tuple(arm for arm, _ in runs) == phases and min(n for _, n in runs) >= least:
            found.add(word)
    return found


CASES = [
    *(
        (PhasesSet(phases, tuple(range(1, n + 1)), least), naive_phases(phases, n, least))
        for phases, n, least in [
            ((0, 1), 8, 2),
            ((0, 1, 0), 8, 1),
            ((1, 0, 1, 0), 11, 2),
            ((0, 1, 0, 1), 8, 2),
        ]
    ),
    *((PairsSet(k, c), naive_pairs(k, c)) for k, c in [(2, 1), (2, 3), (2, 5), (3, 2), (3, 3)]),
    *((CounterbalancedSet(c), naive_counterbalanced(c)) for c in (2, 4, 6)),
    *(
        (CompleteSet(k, c, run), naive_complete(k, c, run))
        for k, c, run in [
            (2, 1, None),
            (2, 3, None),
            (2, 3, 1),
            (2, 4, 2),
            (2, 5, 3),
            (2, 6, 2),
            (3, 2, 1),
            (3, 3, 2),
            (3, 3, None),
            (4, 2, 1),
        ]
    ),
    *((LatinSet(k, c), naive_latin(k, c)) for k, c in [(3, 1), (3, 3), (4, 3), (4, 5), (5, 2)]),
    *(
        (VaryingSet(PairsSet(k, c)), naive_varying(naive_pairs(k, c), k))
        for k, c in [(2, 2), (2, 4), (3, 2)]
    ),
    *(
        (VaryingSet(CompleteSet(k, c, run)), naive_varying(naive_complete(k, c, run), k))
        for k, c, run in [(2, 3, 2), (2, 4, None), (3, 2, 1)]
    ),
    (VaryingSet(CounterbalancedSet(4)), naive_counterbalanced(4)),
    (VaryingSet(LatinSet(4, 3)), naive_latin(4, 3)),
    (ExplicitSet(((0, 1, 1, 0), (1, 0, 0, 1))), {(0, 1, 1, 0), (1, 0, 0, 1)}),
]


@pytest.mark.parametrize(("numbered", "naive"), CASES, ids=lambda one: repr(one)[:60])
def test_a_set_is_what_brute_force_lists(numbered, naive):
    listed = list(numbered)
    assert numbered.size == len(naive)
    assert len(listed) == len(set(listed))
    assert set(listed) == naive
    assert [numbered.index_of(sequence) for sequence in listed] == list(range(numbered.size))
    assert numbered.n_periods == len(listed[0])
    assert numbered.n_arms == 1 + max(map(max, listed))


@pytest.mark.parametrize(("numbered", "naive"), CASES, ids=lambda one: repr(one)[:60])
def test_membership_is_exact(numbered, naive):
    words = every_word(numbered.n_arms, min(numbered.n_periods, 8))
    assert all((word in numbered) == (word in naive) for word in words)
    first = next(iter(numbered))
    assert first in numbered
    assert first[:-1] not in numbered
    assert (*first, 0) not in numbered
    assert (*first[:-1], 9) not in numbered
    assert "AB" not in numbered
    assert None not in numbered


@pytest.mark.parametrize(
    ("periods", "pairs", "counterbalanced", "complete", "run_of_two"),
    [
        (4, 4, 2, 6, 6),
        (6, 8, None, 20, 14),
        (8, 16, 6, 70, 34),
        (10, 32, None, 252, 84),
        (12, 64, 20, 924, 208),
        (16, 256, 70, 12_870, 1_296),
        (20, 1_024, 252, 184_756, 8_196),
    ],
)
def test_known_sizes(periods, pairs, counterbalanced, complete, run_of_two):
    cycles = periods // 2
    assert PairsSet(2, cycles).size == pairs
    assert CompleteSet(2, cycles).size == complete
    assert CompleteSet(2, cycles, 2).size == run_of_two
    if counterbalanced:
        assert CounterbalancedSet(cycles).size == counterbalanced


def test_large_sets_are_counted_exactly():
    assert PairsSet(6, 60).size == 720**60
    assert CompleteSet(2, 60).size == math.comb(120, 60)
    days = CompleteSet(2, 60, 3)
    last = days.sequence(days.size - 1)
    assert days.index_of(last) == days.size - 1
    assert longest_run(last) == 3


@pytest.mark.parametrize("n_arms", [3, 4, 5, 6])
def test_williams_rows_balance_what_precedes_what(n_arms):
    rows = williams_rows(n_arms)
    followed = Counter(pair for row in rows for pair in pairwise(row))
    placed = Counter(pair for row in rows for pair in enumerate(row))
    assert len(rows) == (n_arms if n_arms % 2 == 0 else 2 * n_arms)
    assert set(followed) == set(permutations(range(n_arms), 2))
    assert len(set(followed.values())) == 1
    assert len(set(placed.values())) == 1


@pytest.mark.parametrize("index", [-1, 8])
def test_a_number_outside_the_set_is_refused(index):
    with pytest.raises(IndexError, match="of 8"):
        PairsSet(2, 3).sequence(index)


def test_an_odd_number_of_cycles_cannot_be_counterbalanced():
    with pytest.raises(ValueError, match="3 cycles cannot be halved"):
        CounterbalancedSet(3)


def test_a_faulty_list_of_sequences_shows_all_its_faults():
    with pytest.raises(ProtocolError) as caught:
        ExplicitSet(((0, 1), (0, 1), (0, 1, 1)))
    assert [fault.where for fault in caught.value.faults] == ["sequence 2", "sequence 3"]
    with pytest.raises(ProtocolError, match="is empty"):
        ExplicitSet(())


def test_phases_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="too few"):
        PhasesSet((0, 1, 0, 1), tuple(range(15)), 4)
    with pytest.raises(ValueError, match="follows itself"):
        PhasesSet((0, 0, 1), tuple(range(15)), 4)


@pytest.mark.parametrize(
    "drawn_from",
    [
        VaryingSet(PairsSet(2, 3)),
        PhasesSet((0, 1, 0, 1), tuple(range(10)), 2),
        CompleteSet(2, 4, 2),
        LatinSet(3, 2),
        PairsSet(3, 2),
        CounterbalancedSet(6),
    ],
    ids=repr,
)
def test_draws_are_uniform(drawn_from):
    draws = 60 * drawn_from.size
    seen = Counter(
        sequence_from_seed(drawn_from, f"fixed {i}".encode().ljust(32)) for i in range(draws)
    )
    chi_square = sum((seen[s] - 60) ** 2 / 60 for s in drawn_from)
    df = drawn_from.size - 1
    assert set(seen) == set(drawn_from)
    assert abs(chi_square - df) < 4 * math.sqrt(2 * df)


def changed(protocol: Protocol, **tables: dict[str, object]) -> Protocol:
    data = protocol.model_dump(mode="json", by_alias=True)
    for table, values in tables.items():
        data[table] |= values
    return Protocol.model_validate(data)


MAGNESIUM = read_protocol(find_protocol("magnesium-rls"))


def test_alternating_sequences_are_left_out_when_carryover_is_modelled():
    modelled = allocation_set(MAGNESIUM)
    assert modelled.size == 6
    assert (0, 1, 0, 1, 0, 1) not in modelled
    assert (1, 0, 1, 0, 1, 0) not in modelled
    fixed = changed(MAGNESIUM, analysis={"carryover": "fixed:3"})
    assert allocation_set(fixed).size == 6


def test_they_stay_when_it_is_not_modelled_or_there_is_one_cycle():
    assert allocation_set(changed(MAGNESIUM, analysis={"carryover": "none"})).size == 8
    assert allocation_set(changed(MAGNESIUM, design={"cycles": 1})).size == 2


@pytest.mark.parametrize(
    ("design", "kind", "size"),
    [
        ({"allocation": "counterbalanced", "cycles": 4}, "half of the cycles", 6),
        ({"allocation": "complete", "cycles": 3}, "Each arm occurs 3 times", 18),
        ({"allocation": "complete", "cycles": 3, "max_run": 2}, "at most 2 in a row", 12),
    ],
)
def test_every_scheme_of_a_protocol_has_its_set(design, kind, size):
    drawn_from = allocation_set(changed(MAGNESIUM, design=design))
    assert kind in sentence(drawn_from.describe())
    assert drawn_from.size == size


def test_descriptions_are_one_sentence_each():
    for numbered, _ in CASES:
        said = sentence(numbered.describe())
        assert said[0].isupper()
        assert said.endswith(".")
        assert ". " not in said


def test_a_set_emptied_by_the_rules_is_refused():
    alternating = changed(MAGNESIUM, design={"allocation": "complete", "max_run": 1})
    with pytest.raises(ProtocolError, match="only strictly alternating"):
        allocation_set(alternating)


def test_a_set_too_large_to_count_is_refused():
    arms = [
        {"id": f"extra-{i}", "role": "active", "label": "x", "plain": "x", "contents": "x"}
        for i in range(4)
    ]
    data = MAGNESIUM.model_dump(mode="json", by_alias=True)
    data["arms"] += arms
    data["outcomes"] = data["outcomes"][:1]
    data["design"] |= {"allocation": "complete", "cycles": 40, "max_run": 2, "period_days": 7}
    with pytest.raises(ProtocolError, match="too many to count"):
        allocation_set(Protocol.model_validate(data))
