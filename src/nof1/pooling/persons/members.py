"""The persons of a pool: checked to be of one kind, and brought into one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nof1.errors import Fault, InputError
from nof1.inference.exact.effect_likelihood import EffectLikelihood
from nof1.pooling.persons.likelihoods import in_one_piece
from nof1.protocol.tables import Decision
from nof1.sharing.contribution import (
    About,
    Contribution,
    SharedAdherence,
    SharedBlinding,
    SharedDesign,
    SharedEstimand,
    SharedHarms,
    SharedOutcome,
    SharedSummary,
)
from nof1.sharing.files import SHOWN, some
from nof1.words.caution import Caution

FloatArray = NDArray[np.float64]

#: Persons whose likelihoods are kept in one piece of memory.
AT_ONCE = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One person of a pool, without the likelihood.

    Attributes
    ----------
    person : str
        Code.
    arms : tuple of str
        Ids, the comparator first.
    design, about, blinding, adherence, harms
        As contributed.
    protocol : str
        Name and version of the protocol; empty for a table.
    differences : mapping of str to array, or None
        Cycle differences by active arm, where shared.
    better_model : str or None
        Another likelihood that the scores asked for.
    summary : SharedSummary or None
        Estimate as scheduled and its error, where that is all there is.
    """

    person: str
    arms: tuple[str, ...]
    design: SharedDesign
    about: About
    blinding: SharedBlinding | None
    adherence: SharedAdherence | None
    harms: Mapping[str, SharedHarms] | None
    protocol: str
    differences: Mapping[str, FloatArray] | None
    better_model: str | None
    summary: SharedSummary | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A person left out, and why."""

    person: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Persons that can be pooled, in the order of their codes.

    Attributes
    ----------
    outcome : SharedOutcome
        Of all of them; without an MCID where they name different ones.
    estimand : SharedEstimand
        Of all of them.
    people : tuple of Member
        At least one.
    likelihoods : tuple of EffectLikelihood
        One for each.
    excluded : tuple of Excluded
        On request, or because their rows of a table tell of nothing that is compared.
    decisions : tuple of Decision
        The different rules that their protocols promised; empty where none told one.
    warnings : tuple of Caution
        What should be known of them.
    """

    outcome: SharedOutcome
    estimand: SharedEstimand
    people: tuple[Member, ...]
    likelihoods: tuple[EffectLikelihood, ...]
    excluded: tuple[Excluded, ...]
    decisions: tuple[Decision, ...] = ()
    warnings: tuple[Caution, ...]


#: Where a contribution was found, for messages, and the contribution.
PlacedContribution = tuple[str, Contribution]


def members(
    contributions: Iterable[PlacedContribution],
    *,
    leave_out: Mapping[str, str],
    already: Sequence[Excluded] = (),
    mcid: float | None = None,
) -> Members:
    """Return the persons of a pool.

    Parameters
    ----------
    contributions : iterable of (str, Contribution)
        Where it was found, and what; read one by one.
    leave_out : mapping of str to str
        Codes of persons to be left out, and why.
    already : sequence of Excluded
        Persons left out while tables were read.
    mcid : float or None
        Smallest difference that matters, where it was said; None to take the contributions'.

    Raises
    ------
    InputError
        With every person that stands twice, every difference of estimand, scale, direction,
        arms or family from the first, and whatever reading finds.
    """
    gathering = _Gathering(leave_out, mcid, already)
    gathering.take(contributions)
    return gathering.finished()


def check(contributions: Iterable[PlacedContribution]) -> int:
    """Read contributions to the end and return how many there are.

    Raises
    ------
    InputError
        With all that keeps them from being pooled.
    """
    gathering = _Gathering({}, None, ())
    gathering.take(contributions)
    return len(gathering.people)


class _Gathering:
    """Persons as they come in, with the faults found so far."""

    def __init__(
        self, leave_out: Mapping[str, str], mcid: float | None, already: Sequence[Excluded]
    ) -> None:
        self.leave_out = leave_out
        self.mcid = mcid
        self.first: PlacedContribution | None = None
        self.places: dict[str, str] = {}
        self.alike: dict[bytes, list[str]] = {}
        self.people: list[Member] = []
        self.likelihoods: list[EffectLikelihood] = []
        self.excluded = {excluded.person: excluded for excluded in already}
        self.faults: list[Fault] = []
        self.mcids: Counter[float | None] = Counter()
        self.decisions: dict[Decision, None] = {}
        self.shared: dict[Any, Any] = {}

    def take(self, contributions: Iterable[PlacedContribution]) -> None:
        """Take in all contributions, or raise all faults."""
        read: tuple[Fault, ...] = ()
        try:
            for where, contribution in contributions:
                self.add(where, contribution)
        except InputError as error:
            read = error.faults
        if not read:
            self.faults += [
                Fault("--exclude", f"there is no person {code!r}", "Check the code.")
                for code in self.leave_out
                if code not in self.places and code not in self.excluded
            ]
        if read or self.faults:
            raise InputError([*read, *some(self.faults, "between persons")])

    def add(self, where: str, contribution: Contribution) -> None:
        """Take in one contribution."""
        if contribution.id in self.places:
            what = f"the person {contribution.id} stands in {self.places[contribution.id]} already"
            mend = "Give every person once, under one code."
            if self.first and contribution.outcome.id != self.first[1].outcome.id:
                mend = "Choose one outcome with --outcome ID."
            self.faults.append(Fault(where, what, mend))
            return
        self.places[contribution.id] = where
        if contribution.id in self.leave_out:
            self.excluded[contribution.id] = Excluded(
                person=contribution.id, why=self.leave_out[contribution.id]
            )
            return
        if self.first is None:
            self.first = (where, contribution)
        self.faults += _differences(where, contribution, *self.first)
        likelihood = contribution.likelihood.effects()
        self.alike.setdefault(_mark(contribution.arms, likelihood), []).append(contribution.id)
        self.mcids[contribution.outcome.mcid] += 1
        if contribution.decision is not None:
            self.decisions.setdefault(contribution.decision)
        self.people.append(self._member(contribution))
        self.likelihoods.append(likelihood)
        if len(self.likelihoods) % AT_ONCE == 0:
            self.likelihoods[-AT_ONCE:] = in_one_piece(self.likelihoods[-AT_ONCE:])

    def _member(self, contribution: Contribution) -> Member:
        """Return the person without the likelihood."""
        name = (
            f"{contribution.protocol.name} {contribution.protocol.version}"
            if contribution.protocol
            else ""
        )
        by_arm = contribution.cycle_differences
        differences: dict[str, FloatArray] | None = None
        if by_arm is not None:
            differences = {self._once(arm): np.array(values) for arm, values in by_arm.items()}
        return Member(
            person=contribution.id,
            arms=self._once(contribution.arms),
            design=self._once(contribution.design),
            about=self._once(contribution.about),
            blinding=self._once(contribution.blinding),
            adherence=self._once(contribution.adherence),
            harms=self._once(contribution.harms),
            protocol=self._once(name),
            differences=differences,
            better_model=self._once(contribution.likelihood.better_model),
            summary=contribution.summary,
        )

    def _once[Value](self, value: Value) -> Value:
        """Return the first value like this one: what many persons have alike is kept once."""
        try:
            shared: Value = self.shared.setdefault(value, value)
        except TypeError:  # holds a mapping
            shared = self.shared.setdefault(repr(value), value)
        return shared

    def finished(self) -> Members:
        """Return the persons in the order of their codes."""
        if self.first is None:
            raise InputError(Fault("", "there is nobody to pool", "Give contributions."))
        order = sorted(range(len(self.people)), key=lambda index: self.people[index].person)
        outcome = self.first[1].outcome
        mcid = self.mcids.most_common(1)[0][0] if len(self.mcids) == 1 else None
        return Members(
            outcome=outcome.model_copy(update={"mcid": mcid}),
            estimand=self.first[1].estimand,
            people=tuple(self.people[index] for index in order),
            likelihoods=tuple(self.likelihoods[index] for index in order),
            excluded=tuple(self.excluded[code] for code in sorted(self.excluded)),
            decisions=tuple(self.decisions),
            warnings=tuple(self._warnings()),
        )

    def _warnings(self) -> Iterator[Caution]:
        yield from self._alike()
        if len(self.mcids) > 1 and self.mcid is None:
            yield Caution.of("different-mcids", mcids=tuple(self.mcids))
        asked = Counter(member.better_model for member in self.people if member.better_model)
        for name, n in sorted(asked.items()):
            yield Caution.of(
                "other-likelihood-in-persons", persons=n, of=len(self.people), likelihood=name
            )
        modes = Counter(member.blinding.mode for member in self.people if member.blinding)
        if modes.get("open"):
            yield Caution.of("open-trials", trials=modes["open"], of=len(self.people))

    def _alike(self) -> Iterator[Caution]:
        """Yield who has the same likelihood as somebody else: whole-number scores easily do."""
        groups = sorted(sorted(codes) for codes in self.alike.values() if len(codes) > 1)
        if not groups:
            return
        yield Caution.of(
            "equal-likelihoods",
            groups=tuple(map(tuple, groups[:SHOWN])),
            more=max(len(groups) - SHOWN, 0),
        )


def _mark(arms: Sequence[str], likelihood: EffectLikelihood) -> bytes:
    """Return a digest by which an equal likelihood is found."""
    digest = blake2b(repr(arms).encode(), digest_size=16)
    for array in (likelihood.means, likelihood.covariances, likelihood.log_weights):
        digest.update(np.ascontiguousarray(array))
    return digest.digest()


def _differences(
    where: str, contribution: Contribution, place: str, first: Contribution
) -> list[Fault]:
    """Return what keeps a contribution from being pooled with the first one."""
    pairs = {
        "outcome": (contribution.outcome.id, first.outcome.id),
        "unit": (contribution.outcome.unit, first.outcome.unit),
        "scale": (_ends(contribution), _ends(first)),
        "better direction": (contribution.outcome.better, first.outcome.better),
        "recall window": (
            f"{contribution.outcome.recall_days} days",
            f"{first.outcome.recall_days} days",
        ),
        "estimand": (_estimand(contribution), _estimand(first)),
    }
    faults = [
        Fault(where, f"the {name} of {contribution.id} is {mine}, but {theirs} in {place}", _MEND)
        for name, (mine, theirs) in pairs.items()
        if mine != theirs
    ]
    same_arms = set(contribution.arms) == set(first.arms)
    if same_arms and contribution.arms[0] != first.arms[0]:
        what = (
            f"{contribution.id} compares with {contribution.arms[0]}, but {place} with "
            f"{first.arms[0]}"
        )
        faults.append(Fault(where, what, _MEND))
    if same_arms and contribution.family and first.family and contribution.family != first.family:
        what = (
            f"the protocol of {contribution.id} has doses, forms, times or an outcome that "
            "differ from"
            f" those in {place} (families {contribution.family[:8]}... and {first.family[:8]}...)"
        )
        faults.append(Fault(where, what, _MEND))
    return faults


_MEND = "Pool alike trials only; leave a person out with --exclude CODE=WHY."


def _ends(contribution: Contribution) -> str:
    return f"{contribution.outcome.low:g} to {contribution.outcome.high:g}"


def _estimand(contribution: Contribution) -> str:
    estimand = contribution.estimand
    if estimand.effect == "as-scheduled":
        return estimand.effect
    return (
        f"{estimand.effect} with carryover {estimand.carryover}, missed doses "
        f"{estimand.missed_doses},"
        f" {estimand.drop_days} days dropped, trend {estimand.trend}, period shifts "
        f"{estimand.period_effects}"
    )
