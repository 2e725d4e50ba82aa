"""Who may take part and how they are kept safe: the tables of a protocol that a person reads."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nof1.protocol.table import FrozenTable, Identifier, Text

Answer = Literal["yes", "no"]
Level = Literal["stop", "clinician", "wait", "spacing", "note"]


class EligibilityQuestion(FrozenTable):
    """One question asked before the allocation is drawn.

    Attributes
    ----------
    code : str
        Short name used in the log.
    question : str
        To be answered yes or no.
    concern : {"yes", "no"}
        The answer that raises the concern.
    level : {"stop", "clinician", "wait", "spacing", "note"}
        What the concern leads to: the trial is refused; a named clinician must agree; the trial
        must wait; a medicine must be spaced from the doses; it is recorded.
    advice : str
        What the person or clinician is told then.
    source : str
        Where the rule comes from.
    wait_days : int or None
        For how many days it must not have been so, when the trial must wait for a fixed time.
    """

    code: Identifier
    question: Text
    concern: Answer = "yes"
    level: Level
    advice: Text
    source: Text
    wait_days: int | None = Field(default=None, ge=1, le=366)


class Spacing(FrozenTable):
    """Hours to keep between a medicine and the doses, the same in every period."""

    medicine: Text
    rule: Text
    source: Text


class StopRule(FrozenTable):
    """What to do when something happens."""

    when: Text
    do: Text


class Safety(FrozenTable):
    """What stands on every page: whom to call, when to stop, what else to watch.

    Attributes
    ----------
    red_flags : tuple of str
        Signs that mean stop and get help now.
    stop_rules : tuple of StopRule
        Smaller troubles and what to do.
    side_effects : tuple of str
        Tick boxes on the weekly page.
    keep_the_same : tuple of str
        What not to change during the trial.
    spacing : tuple of Spacing
        Medicines to keep apart from the doses.
    """

    red_flags: tuple[Text, ...] = Field(min_length=1)
    stop_rules: tuple[StopRule, ...] = ()
    side_effects: tuple[Text, ...] = Field(min_length=1)
    keep_the_same: tuple[Text, ...] = ()
    spacing: tuple[Spacing, ...] = ()
