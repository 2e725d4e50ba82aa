"""Whether scores agree better with the treatment of the day before their own.

A morning's score speaks of the night before. Taken as one of its own day, the first score after
every switch counts for the wrong arm, and the model sees carryover where there is none. A delay of
a whole day and a slow rise look different at a switch: the evidence of both tells them apart.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nof1.inference.exact.box import PLACING
from nof1.inference.exact.quadrature import posterior
from nof1.model.model_input import ModelInput

#: Log Bayes factor above which the delay is worth a word.
STRONG = 3.0


def evidence_of_the_day_before(inputs: ModelInput) -> float | None:
    """Return the log Bayes factor of scores that speak of the day before their own.

    None where scores do not come daily, or look back on more than a day, or do not scatter.

    Parameters
    ----------
    inputs : ModelInput
        Scores and plan of one person.
    """
    daily = inputs.recall_days == 1 and inputs.n > 1 and np.median(np.diff(inputs.day)) == 1
    if not daily or inputs.all_alike:
        return None
    before = np.vstack([np.zeros_like(inputs.dose[:1]), inputs.dose[:-1]])
    delayed = posterior(replace(inputs, dose=before), PLACING)
    return delayed.log_evidence - posterior(inputs, PLACING).log_evidence
