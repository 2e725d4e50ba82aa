"""What the reader of a trial's result must know of how it went, before any figure."""

from __future__ import annotations

from dataclasses import replace

from nof1.trial.blinding import blind_record, blinding_notes
from nof1.trial.data import TrialData
from nof1.trial.folder import Trial
from nof1.trial.harms import severe_events, severe_notes
from nof1.trial.records import adherence, trial_data
from nof1.words.caution import Caution


def noted_data(trial: Trial) -> TrialData:
    """Return everything recorded with its arms, and with notes on how the trial went.

    Severe side effects come first, then what became of the blind, then what was not recorded.

    Raises
    ------
    TrialError
        While the allocation is sealed.
    SealError
        If the arms in the log are not those promised.
    """
    data = trial_data(trial)
    labels = {arm.id: arm.label for arm in trial.protocol.arms}
    arms = [labels[data.arms[arm]] for arm in data.arm_of_period]
    notes = [
        *severe_notes(severe_events(trial), lambda period: arms[period - 1]),
        *blinding_notes(blind_record(trial)),
    ]
    if not any(period.recorded for period in adherence(trial)):
        notes.append(Caution.of("no-dose-recorded"))
    return replace(data, notes=(*notes, *data.notes))
