"""What each pair's own test can reach: by brute force, and by the engine on simulated scores."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from nof1.design.sets import allocation_set
from nof1.inference.fits import NotRun
from nof1.inference.randomisation import randomisation_test
from nof1.model.model_input import model_input
from nof1.model.simulation import Truth
from nof1.planning.facts import design_facts
from nof1.protocol.files import bundled_protocol, read_protocol
from nof1.protocol.protocol import Protocol
from nof1.words.caution import sentences
from support.trials import simulated_trial

MAGNESIUM = read_protocol(bundled_protocol("magnesium-rls"))


def with_arms(n_arms: int, carryover: str = "estimate", **design: object) -> Protocol:
    data = MAGNESIUM.model_dump(mode="json", by_alias=True)
    data["arms"] += [
        {"id": f"extra-{i}", "role": "active", "label": "x", "plain": "x", "contents": "x"}
        for i in range(2, n_arms)
    ]
    data["design"] |= design
    data["analysis"]["carryover"] = carryover
    return Protocol.model_validate(data)


def naive_tests(sequences, active, comparator):
    """Return how many the test of each sequence compares and the smallest p, by comparing all.

    Random scores stand for any: only sequences tied whatever the scores are tied here.
    """
    scores = np.random.default_rng(1).normal(size=len(sequences[0]))
    groups = defaultdict(list)
    for sequence in sequences:
        arms = np.array(sequence)
        others = tuple(-1 if arm in (active, comparator) else arm for arm in sequence)
        difference = scores[arms == active].mean() - scores[arms == comparator].mean()
        groups[others].append(abs(difference))
    return [
        (len(kept), np.mean([abs(one - observed) < 1e-12 for one in kept]))
        for kept in groups.values()
        for observed in kept
    ]


DESIGNS = [
    (2, {}),
    (2, {"cycles": 5}),
    (2, {"allocation": "counterbalanced", "cycles": 6}),
    (2, {"allocation": "complete", "cycles": 4, "max_run": 2}),
    (3, {"cycles": 2}),
    (3, {"cycles": 3}),
    (3, {"allocation": "latin", "cycles": 3}),
    (3, {"allocation": "complete", "cycles": 2, "max_run": 1}),
    (4, {"cycles": 2}),
    (4, {"allocation": "latin", "cycles": 3}),
]


@pytest.mark.parametrize(("n_arms", "design"), DESIGNS)
def test_every_contrast_reaches_what_brute_force_finds(n_arms, design):
    protocol = with_arms(n_arms, **design)
    sequences = list(allocation_set(protocol))
    facts = design_facts(protocol)
    pairs = [(a, 0) for a in range(1, n_arms)]
    pairs += [(b, a) for a in range(1, n_arms) for b in range(a + 1, n_arms)]
    assert len(facts.contrasts) == len(pairs)
    for found, pair in zip(facts.contrasts, pairs, strict=True):
        tests = naive_tests(sequences, *pair)
        best, worst = min(tests, key=lambda t: t[1]), max(tests, key=lambda t: t[1])
        assert found.smallest_p == pytest.approx(best[1])
        assert found.worst_smallest_p == pytest.approx(worst[1])
        assert (found.n_sequences, found.worst_n_sequences) == (best[0], worst[0])
        assert found.interval_level == pytest.approx(1 - best[1])
        assert found.worst_interval_level == pytest.approx(1 - worst[1])
    assert facts.smallest_p == facts.contrasts[0].smallest_p
    assert facts.interval_level == facts.contrasts[0].interval_level


@pytest.mark.parametrize(("n_arms", "design"), [*DESIGNS, (3, {"cycles": 7})])
def test_the_engine_reaches_no_more_and_no_less(n_arms, design):
    """On scores of full precision, so that nothing is tied by chance; some orders of each set."""
    protocol = with_arms(n_arms, **design)
    drawn_from = allocation_set(protocol)
    rng = np.random.default_rng(5)
    truth = Truth(level=5, effects=(-1.0,) * (n_arms - 1), half_life_days=0, sigma=1, phi=0.2)
    facts = design_facts(protocol)
    for number in rng.integers(0, drawn_from.size, 12):
        data = simulated_trial(
            truth,
            rng,
            arm_of_period=drawn_from.sequence(int(number)),
            period_days=4,
            rounded=False,
            allocation_set=drawn_from,
        )
        given = model_input(data, data.masked.series[0], protocol.analysis)
        pairs = [(a, 0) for a in range(1, n_arms)]
        for (active, comparator), told in zip(pairs, facts.contrasts, strict=False):
            fit = randomisation_test.fit(given, active, comparator, drawn_from)
            if isinstance(fit, NotRun):
                assert told.worst_smallest_p == 1.0
                continue
            reached = {(fit.min_p_value, fit.allocations)}
            best = (told.smallest_p, told.n_sequences)
            worst = (told.worst_smallest_p, told.worst_n_sequences)
            assert reached <= {best, worst}
            assert fit.level <= 1 - fit.min_p_value + 1e-12


def test_three_doses_in_a_latin_square_reach_a_quarter_or_a_half():
    facts = design_facts(read_protocol(bundled_protocol("magnesium-dose")))
    assert [(one.active, one.comparator) for one in facts.contrasts] == [
        ("low", "placebo"), ("high", "placebo"), ("high", "low")
    ]  # fmt: skip
    for one in facts.contrasts:
        assert (one.n_sequences, one.smallest_p, one.interval_level) == (8, 0.25, 0.75)
        assert (one.worst_n_sequences, one.worst_smallest_p) == (4, 0.5)
    assert facts.n_sequences == 120
    assert (
        "The randomisation test of low against placebo cannot reach p below 0.05, whatever the "
        "scores: the smallest possible p is 0.250, or 0.500 with the least lucky order."
    ) in sentences(facts.warnings)


def test_a_large_set_of_three_arms_is_counted_without_a_list():
    facts = design_facts(with_arms(3, cycles=8))
    assert facts.sampled
    for one in facts.contrasts:
        assert (one.n_sequences, one.smallest_p) == (2**8, 2 / 2**8)
    assert not [warning for warning in sentences(facts.warnings) if "cannot reach p" in warning]


def test_only_some_orders_that_reach_too_little_are_warned_of():
    facts = design_facts(with_arms(3, allocation="complete", cycles=4, max_run=2))
    primary = facts.contrasts[0]
    assert primary.smallest_p < 0.05 <= primary.worst_smallest_p
    assert [w for w in sentences(facts.warnings) if w.startswith("With some of the orders")]
