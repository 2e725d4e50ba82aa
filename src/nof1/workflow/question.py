"""What is asked of a pool."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from nof1.errors import Checked, Fault, InputError
from nof1.pooling.analysis import Question
from nof1.pooling.exact.population_shapes import POPULATIONS
from nof1.pooling.exact.workplace import Cluster, Here, Workplace, connect
from nof1.pooling.persons.facts import Fact
from nof1.protocol.tables import Decision
from nof1.workflow.changes import option_of
from nof1.workflow.tables import positive
from nof1.workflow.targets import refuse_missing

Purpose = Literal["these", "next"]
Shape = Literal["normal", "student-t"]

#: Whether the question is about exactly these persons or about persons like them.
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


@dataclass(frozen=True, kw_only=True)
class PoolOptions:
    """What is asked, as given.

    Attributes
    ----------
    purpose : {"these", "next"} or None
        Whether the question is about exactly these persons, or about persons like them.
    population : {"normal", "student-t"} or None
        How effects scatter over persons; None for normal.
    mcid : float or None
        Smallest difference that matters, in points.
    decision : mapping of str to float or str
        Least chances for a verdict, by name; those not named as a protocol has them by default.
        Empty for the rule of the persons' protocols.
    moderators : tuple of str
        Facts that may bear on the effect.
    planned : str
        Where these were written down beforehand.
    exclude : mapping of str to str
        Persons to be left out, and why.
    prior_out : Path or None
        Where the prior for the next person is written.
    csv : Path or None
        Where the table of persons is written; that of averages goes beside it.
    """

    purpose: Purpose | None = None
    population: Shape | None = None
    mcid: float | None = None
    decision: Mapping[str, float | str] = field(default_factory=dict)
    moderators: tuple[str, ...] = ()
    planned: str = ""
    exclude: Mapping[str, str] = field(default_factory=dict)
    prior_out: Path | None = None
    csv: Path | None = None

    def non_defaults(self) -> list[str]:
        """Return the names of the options that were given."""
        return [
            option_of(field.name)
            for field in fields(self)
            if getattr(self, field.name) not in (None, (), {}, "")
        ]

    def check(self, checked: Checked) -> None:
        """Note what is wrong with the options."""
        checked(self._why_excluded)
        checked(lambda: positive("--mcid", self.mcid))
        checked(self.rule)
        checked(self._known_words)
        checked(self._planned_what)
        if (target := self.prior_out) is not None:
            checked(lambda: refuse_missing("--prior-out", target.absolute().parent))
        if (file := self.csv) is not None:
            checked(lambda: refuse_missing("--csv", file.absolute().parent))

    def question(
        self,
        facts: Mapping[str, Mapping[str, Fact]],
        active: Sequence[str],
        ask_purpose: Callable[[], Purpose | None],
    ) -> Question:
        """Return the question, after asking what was not said.

        Parameters
        ----------
        facts : mapping of str to mapping of str to float or str
            What columns of tables say, by name and person.
        active : sequence of str
            The active arms that are reported; empty for all.
        ask_purpose : callable
            Asked for the purpose where it was not said; may not know either.
        """
        return Question(
            purpose=ask_purpose() if self.purpose is None else self.purpose,
            population=self.population or "normal",
            mcid=self.mcid,
            decision=self.rule(),
            moderators=tuple(dict.fromkeys(self.moderators)),
            facts=facts,
            planned=self.planned,
            active=tuple(active),
        )

    def rule(self) -> Decision | None:
        """Return the rule that was asked for, None for that of the persons' protocols.

        Raises
        ------
        InputError
            With every chance that no rule has.
        """
        known = tuple(Decision.model_fields)
        mend = "Write a chance between 0.5 and 1."
        faults = [
            Fault("--decision", f"a rule has no {name!r}", f"Write {' or '.join(known)}.")
            for name in self.decision
            if name not in known
        ]
        chances: dict[str, float] = {}
        for name, text in self.decision.items():
            try:
                chances[name] = float(text)
            except ValueError:
                faults.append(Fault("--decision", f"{name} {text!r} is no number", mend))
        faults += [
            Fault("--decision", f"{name} {chance:g} is too low or too high", mend)
            for name, chance in chances.items()
            if not 0.5 < chance < 1.0
        ]
        if faults:
            raise InputError(faults)
        return Decision.model_validate(chances) if chances else None

    def _why_excluded(self) -> None:
        mend = 'Write "P07=took iron in period 3".'
        if faults := [
            Fault("--exclude", f"{code!r} is not CODE=WHY", mend)
            for code, why in self.exclude.items()
            if not why
        ]:
            raise InputError(faults)

    def _known_words(self) -> None:
        faults = [
            Fault(option, f"{word!r} will not do", f"Write {' or '.join(words)}.")
            for option, word, words in (
                ("--purpose", self.purpose, PURPOSES),
                ("--population", self.population, tuple(POPULATIONS)),
            )
            if word is not None and word not in words
        ]
        if faults:
            raise InputError(faults)

    def _planned_what(self) -> None:
        if self.planned and not self.moderators:
            what = "no moderator is asked for"
            raise InputError(Fault("--planned", what, "Add --moderator, or leave it out."))


def nobody_to_ask() -> Purpose | None:
    """Return that nobody said the purpose."""
    return None


@contextmanager
def workplace(scheduler: str | None) -> Iterator[Callable[[Sequence[Any]], Workplace]]:
    """Say where the work is done: on this computer, or on a cluster while it is needed."""
    if scheduler is None:
        yield Here
        return
    with connect(scheduler) as client:
        yield lambda stretches: Cluster(stretches, client)
