"""What can be worked out of a diary from most of it and what was shared; see `diary_attack`."""

from __future__ import annotations

import numpy as np
import pytest

from support.diary_attack import attack, diary, hidden


@pytest.mark.parametrize(("seed", "unknown"), [(0, 4), (3, 4), (0, 8)])
def test_from_a_whole_likelihood_the_missing_scores_are_found(seed, unknown):
    found = attack(diary(seed), hidden(seed, unknown), key=None)
    assert found.whole
    assert not found.whole_predicted


def test_from_a_coarse_likelihood_they_are_not():
    found = attack(diary(0), hidden(0, 8), key="secret", starts=1)
    assert not found.whole
    assert found.rms > 0.4


@pytest.mark.slow
def test_at_eight_unknown_scores_the_whole_likelihood_gives_nearly_every_diary_away():
    found = [attack(diary(seed), hidden(seed, 8), key=None) for seed in range(20)]
    assert sum(one.whole for one in found) >= 15
    assert not any(one.whole_predicted for one in found)


@pytest.mark.slow
@pytest.mark.parametrize(("noise", "shares", "most"), [(1.4, 1, 0), (0.7, 1, 1), (1.4, 4, 0)])
def test_at_eight_unknown_scores_a_coarse_likelihood_hardly_gives_any_away(noise, shares, most):
    found = [
        attack(diary(seed, noise=noise), hidden(seed, 8), key=f"{seed}", shares=shares, starts=5)
        for seed in range(20)
    ]
    assert sum(one.whole for one in found) <= most
    assert not any(one.whole_predicted for one in found)
    # Some more scores are right than prediction gives, for the effect itself tells their sums.
    right, predicted = (np.mean([getattr(one, name) for one in found]) / 8 for name in
                        ("right", "predicted"))  # fmt: skip
    assert right < predicted + 0.2
    assert np.mean([one.rms for one in found]) > 0.4
