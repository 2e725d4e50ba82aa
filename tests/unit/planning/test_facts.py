"""What a design can tell, against published tables and the exposure written out day by day."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from nof1.design.cycled import PairsSet
from nof1.design.sets import CompleteSet, allocation_set
from nof1.planning.facts import candidates, design_facts, scoring_days, visible_shares
from nof1.protocol.files import find_protocol, read_protocol
from nof1.protocol.protocol import Protocol
from nof1.words.caution import sentences

MAGNESIUM = read_protocol(find_protocol("magnesium-rls"))
THREE_PAIRS = np.array(list(PairsSet(2, 3)))


def changed(**tables: dict[str, object]) -> Protocol:
    data = MAGNESIUM.model_dump(mode="json", by_alias=True)
    for table, values in tables.items():
        data[table] |= values
    return Protocol.model_validate(data)


#: Period days, dropped days, washout days of each column.
COLUMNS = [
    (14, 0, 0),
    (28, 0, 0),
    (42, 0, 0),
    (14, 7, 0),
    (28, 7, 0),
    (42, 7, 0),
    (28, 14, 0),
    (42, 14, 0),
    (28, 0, 14),
]
#: Mean share over all pairs of three cycles, by half-life.
ATTENUATION = {
    0.5: [0.964, 0.982, 0.988, 1.000, 1.000, 1.000, 1.000, 1.000, 0.988],
    1: [0.893, 0.946, 0.964, 0.998, 0.999, 1.000, 1.000, 1.000, 0.964],
    3: [0.609, 0.794, 0.863, 0.871, 0.946, 0.967, 0.984, 0.992, 0.860],
    7: [0.292, 0.528, 0.664, 0.528, 0.706, 0.802, 0.811, 0.880, 0.641],
    14: [0.120, 0.274, 0.410, 0.271, 0.410, 0.529, 0.516, 0.621, 0.373],
    28: [0.043, 0.109, 0.187, 0.126, 0.190, 0.265, 0.262, 0.333, 0.162],
}


@pytest.mark.parametrize("half_life", ATTENUATION)
def test_daily_scores_show_the_share_of_the_table(half_life):
    shares = [
        visible_shares(
            THREE_PAIRS,
            period_days=period,
            washout_days=washout,
            half_life_days=half_life,
            scored=np.arange(drop + 1, period + 1),
            recall_days=1,
        ).mean()
        for period, drop, washout in COLUMNS
    ]
    assert shares == pytest.approx(ATTENUATION[half_life], abs=0.001)


def naive_share(sequence, period_days, washout_days, half_life, scored, recall_days, active):
    """Return the share of one sequence from days written out one by one."""
    doses = []
    for arm in sequence:
        doses += [float(arm == active)] * period_days + [0.0] * washout_days
    keep, level, levels = 2 ** (-1 / half_life), 0.0, []
    for dose in doses:
        level = keep * level + (1 - keep) * dose
        levels.append(level)
    means = {0: [], active: []}
    for period, arm in enumerate(sequence):
        for day in scored:
            last = period * (period_days + washout_days) + day
            window = levels[max(last - recall_days, 0) : last]
            means.setdefault(arm, []).append(sum(window) / recall_days)
    return np.mean(means[active]) - np.mean(means[0])


@pytest.mark.parametrize(("n_arms", "washout", "recall"), [(2, 0, 7), (2, 5, 14), (3, 3, 10)])
def test_shares_agree_with_days_written_out_one_by_one(n_arms, washout, recall):
    sequences = np.array(list(PairsSet(n_arms, 2)))
    shares = visible_shares(
        sequences,
        period_days=12,
        washout_days=washout,
        half_life_days=4.0,
        scored=np.array([4, 8, 12]),
        recall_days=recall,
    )
    naive = [
        [
            naive_share(sequence, 12, washout, 4.0, (4, 8, 12), recall, active)
            for active in range(1, n_arms)
        ]
        for sequence in sequences.tolist()
    ]
    assert shares == pytest.approx(np.array(naive))


def test_weekly_scores_that_fill_the_period_show_what_daily_scores_show():
    weekly, daily = (outcome for outcome in MAGNESIUM.outcomes_primary_first)
    facts = design_facts(MAGNESIUM)
    for drop in (0, 7, 14):
        one, other = facts.share(weekly.id, drop), facts.share(daily.id, drop)
        assert (one.mean, one.worst, one.best) == pytest.approx(
            (other.mean, other.worst, other.best)
        )


def test_facts_of_the_magnesium_protocol():
    facts = design_facts(MAGNESIUM)
    assert (facts.n_periods, facts.n_days, facts.n_sequences) == (6, 182, 6)
    assert facts.smallest_p == pytest.approx(1 / 3)
    assert facts.interval_level == pytest.approx(2 / 3)
    assert facts.half_life_days == 7
    assert not facts.sampled
    all_shares = visible_shares(
        np.array(list(allocation_set(MAGNESIUM))),
        period_days=28,
        washout_days=0,
        half_life_days=7,
        scored=np.arange(1, 29),
        recall_days=1,
    )
    share = facts.share("legs", 0)
    assert (share.mean, share.worst, share.best) == pytest.approx(
        (all_shares.mean(), all_shares.min(), all_shares.max())
    )
    assert [w for w in sentences(facts.warnings) if "cannot reach p below 0.05" in w]
    assert [w for w in sentences(facts.warnings) if "shorter than 5 half-lives (35 days)" in w]


def test_the_half_life_is_the_one_of_the_plan():
    assert design_facts(changed(analysis={"carryover": "fixed:3"})).half_life_days == 3
    plain = design_facts(changed(analysis={"carryover": "none"}))
    assert plain.half_life_days == 0
    assert plain.share("irls", 0).worst == 1.0
    assert not [w for w in sentences(plain.warnings) if "half-lives" in w]


def test_days_the_plan_drops_are_shown_too():
    facts = design_facts(changed(analysis={"drop_days": 10}))
    assert facts.share("legs", 7).mean < facts.share("legs", 10).mean < facts.share("legs", 14).mean


def test_dropping_every_score_leaves_nothing_to_show():
    short = design_facts(changed(design={"period_days": 14}))
    assert short.share("legs", 14) is None
    assert short.share("irls", 7) is not None
    assert scoring_days(MAGNESIUM.primary, 28, 7).tolist() == [14, 21, 28]
    morning = MAGNESIUM.primary.model_copy(update={"score_day": "before", "every_days": 1})
    assert scoring_days(morning, 4, 0).tolist() == [1, 2, 3]


def test_a_design_too_short_for_its_half_life_is_told_so():
    slow = design_facts(changed(analysis={"carryover": "fixed:28"}))
    assert [w for w in sentences(slow.warnings) if "less than half of the full effect" in w]


def test_one_cycle_can_tell_nothing():
    single = design_facts(changed(design={"cycles": 1}))
    assert single.smallest_p == 1.0
    assert [w for w in sentences(single.warnings) if "With one cycle" in w]


def test_large_sets_are_sampled_and_say_so():
    facts = design_facts(changed(design={"cycles": 16, "allocation": "complete"}))
    assert facts.sampled
    assert facts.n_sequences == CompleteSet(2, 16).size - 2
    assert facts.smallest_p == 2 / facts.n_sequences
    assert design_facts(changed(design={"cycles": 16, "allocation": "complete"})) == facts
    full = design_facts(changed(design={"cycles": 12}))
    sampled = design_facts(changed(design={"cycles": 13}))
    assert (full.sampled, sampled.sampled) == (False, True)
    assert sampled.share("legs", 0).mean == pytest.approx(full.share("legs", 0).mean, abs=0.01)


def test_candidates_hold_the_protocol_itself_and_its_neighbours():
    found = {(f.cycles, f.period_days): f for f in candidates(changed(design={"period_days": 30}))}
    assert set(found) == set(product(range(2, 7), (28, 30, 35, 42)))
    assert found[6, 28].n_sequences == 62
    assert found[6, 42].share("irls", 0).mean > found[6, 28].share("irls", 0).mean


def test_candidates_leave_out_what_the_scheme_cannot_have():
    even = candidates(changed(design={"allocation": "counterbalanced", "cycles": 8}))
    assert {facts.cycles for facts in even} == {2, 4, 6, 8}
