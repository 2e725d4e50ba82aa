"""Numbering is one-to-one in sets of every kind and size."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nof1.design.cycled import CounterbalancedSet, LatinSet, PairsSet
from nof1.design.draw import sequence_from_seed
from nof1.design.sets import CompleteSet, VaryingSet

ARMS = st.integers(2, 6)
PLAIN_SETS = st.one_of(
    st.builds(PairsSet, ARMS, st.integers(1, 60)),
    st.builds(lambda half: CounterbalancedSet(2 * half), st.integers(1, 30)),
    st.builds(CompleteSet, ARMS, st.integers(1, 60)),
    st.builds(CompleteSet, st.integers(2, 3), st.integers(2, 8), st.integers(1, 4)),
    st.builds(CompleteSet, st.just(2), st.integers(2, 60), st.integers(1, 6)),
    st.builds(LatinSet, st.integers(3, 6), st.integers(1, 30)),
)
SETS = st.one_of(
    PLAIN_SETS, PLAIN_SETS.filter(lambda s: s.cycles > 1).map(VaryingSet).filter(lambda s: s.size)
)


@given(SETS, st.data())
@settings(max_examples=60, deadline=None)
def test_number_and_sequence_belong_to_each_other(numbered, data):
    index = data.draw(st.integers(0, numbered.size - 1))
    sequence = numbered.sequence(index)
    assert len(sequence) == numbered.n_periods
    assert numbered.index_of(sequence) == index
    assert sequence in numbered
    arms = range(numbered.n_arms)
    assert {sequence.count(arm) for arm in arms} == {numbered.n_periods // numbered.n_arms}


@given(SETS, st.data())
@settings(max_examples=60, deadline=None)
def test_different_numbers_give_different_sequences(numbered, data):
    indices = st.integers(0, numbered.size - 1)
    one, other = data.draw(indices), data.draw(indices)
    assert (numbered.sequence(one) == numbered.sequence(other)) == (one == other)


@given(SETS, st.data())
@settings(max_examples=60, deadline=None)
def test_any_word_is_a_member_exactly_when_its_number_leads_back(numbered, data):
    word = tuple(data.draw(st.permutations(numbered.sequence(0))))
    index = numbered.index_of(word)
    assert (word in numbered) == (index is not None)
    assert index is None or numbered.sequence(index) == word


@given(SETS, st.binary(min_size=32, max_size=32))
@settings(max_examples=40, deadline=None)
def test_a_seed_always_leads_into_the_set(numbered, seed):
    assert sequence_from_seed(numbered, seed) in numbered
