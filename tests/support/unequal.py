"""Trials without any effect in which one arm's scores scatter more than the other's."""

from __future__ import annotations

import numpy as np

from nof1.scales import Scale
from nof1.trial.data import MaskedPeriod, TrialData
from support.trials import trial

#: A person rates 0 to 10 in steps of a tenth; 20 days on A, 5 on B.
TENTHS = Scale(name="numeric", low=0, high=10, step=0.1, better="lower")
ORDER, LENGTHS = (0, 1, 1, 0, 0, 1), (20, 5, 5, 20, 20, 5)


def unequal_trial(seed: int, *, sds: tuple[float, float] = (0.3, 2.5)) -> TrialData:
    """Return a trial of three cycles: independent scores around 5, by an SD of their arm."""
    rng = np.random.default_rng([99, seed])
    ends = np.cumsum(LENGTHS).tolist()
    periods = tuple(
        MaskedPeriod(number=i + 1, cycle=i // 2 + 1, first_day=end - length + 1, last_day=end)
        for i, (end, length) in enumerate(zip(ends, LENGTHS, strict=True))
    )
    spread = np.repeat(np.array(sds)[list(ORDER)], LENGTHS)
    scores = np.round(5.0 + spread * rng.standard_normal(ends[-1]), 1)
    day = np.arange(1, ends[-1] + 1)
    return trial(periods, ORDER, day, np.clip(scores, 0, 10), scale=TENTHS)
