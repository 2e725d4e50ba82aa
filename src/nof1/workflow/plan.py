"""Before a trial: what its design can tell, and how many persons a series of trials needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

from nof1.errors import Fault, InputError
from nof1.planning.facts import DesignFacts, candidates, design_facts
from nof1.protocol.above_limit import override_entry
from nof1.protocol.files import find_protocol, read_protocol
from nof1.protocol.protocol import Protocol
from nof1.reports.terminal.design import candidate_lines, facts_lines, series_lines
from nof1.workflow.result import JsonResult

if TYPE_CHECKING:
    from nof1.planning.series import SeriesAssumptions, SeriesSize


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Plan(JsonResult):
    """What the design of a protocol can tell, beside neighbouring designs.

    Attributes
    ----------
    protocol : Protocol
        As read.
    facts : DesignFacts
        Of its own design.
    candidates : tuple of DesignFacts
        Of neighbouring designs.
    """

    protocol: Protocol
    facts: DesignFacts
    candidates: tuple[DesignFacts, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        yield from facts_lines(self.protocol, self.facts)
        yield ""
        yield from candidate_lines(self.protocol, self.facts, self.candidates)

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as the JSON object of ``nof1 plan --json``."""
        return {
            "schema": "nof1.plan/1",
            "protocol": self.protocol.name,
            "primary": self.protocol.primary.id,
            "limit_override": override_entry(self.protocol),
            "design": self.facts.to_dict(),
            "candidates": [facts.to_dict() for facts in self.candidates],
        }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SeriesPlan(JsonResult):
    """How many persons a series of trials needs.

    Attributes
    ----------
    protocol : Protocol
        As read.
    assumed : SeriesAssumptions
        Of the average difference and of how much it varies.
    sizes : tuple of SeriesSize
        By the number of cycles, the protocol's own among them.
    """

    protocol: Protocol
    assumed: SeriesAssumptions
    sizes: tuple[SeriesSize, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        return series_lines(self.protocol, self.assumed, self.sizes)

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as the JSON object of ``nof1 plan --series --json``."""
        from nof1.planning.series import ALPHA, POWER

        return {
            "schema": "nof1.plan-series/1",
            "protocol": self.protocol.name,
            "primary": self.protocol.primary.id,
            "unit": self.protocol.primary.unit,
            **asdict(self.assumed),
            "difference_sd": self.assumed.difference_sd,
            "alpha": ALPHA,
            "power": POWER,
            "cycles": self.protocol.design.cycles,
            "series": [asdict(size) for size in self.sizes],
        }


@overload
def plan(protocol: str) -> Plan: ...


@overload
def plan(
    protocol: str, *, series: Literal[True], effect: float, between_sd: float, within_sd: float
) -> SeriesPlan: ...


@overload
def plan(
    protocol: str,
    *,
    series: bool,
    effect: float | None,
    between_sd: float | None,
    within_sd: float | None,
) -> Plan | SeriesPlan: ...


def plan(
    protocol: str,
    *,
    series: bool = False,
    effect: float | None = None,
    between_sd: float | None = None,
    within_sd: float | None = None,
) -> Plan | SeriesPlan:
    """Return what a design can tell before anybody takes anything, or how many persons it takes.

    Parameters
    ----------
    protocol : str
        Path of a protocol file, or name of a bundled protocol.
    series : bool
        Whether the question is how many persons a series of such trials needs: with 2 to 8 cycles,
        and with the protocol's own. The other numbers are for that.
    effect : float or None
        Average difference to be detected, in points of the primary outcome.
    between_sd : float or None
        SD between persons of their true differences, in points.
    within_sd : float or None
        SD of one period's mean within a cycle, in points; not of a cycle difference.

    Returns
    -------
    Plan or SeriesPlan
        A plan of one trial, or with `series` of many.

    Raises
    ------
    ProtocolError
        If there is no such protocol, or it is wrong.
    InputError
        If a number for the series is missing, or can be none, or no series is asked for.
    """
    numbers = {"--effect": effect, "--between-sd": between_sd, "--within-sd": within_sd}
    if not series and any(value is not None for value in numbers.values()):
        raise InputError(Fault("--series", "the other options plan a series", "Add --series."))
    if not series:
        return _of_one(protocol)
    if effect is None or between_sd is None or within_sd is None:
        what, mend = "is needed to plan a series", "Give it, in points of the primary outcome."
        raise InputError(
            Fault(option, what, mend) for option, value in numbers.items() if value is None
        )
    return _of_many(protocol, effect=effect, between_sd=between_sd, within_sd=within_sd)


def _of_one(protocol: str) -> Plan:
    planned = read_protocol(find_protocol(str(protocol)))
    return Plan(
        protocol=planned, facts=design_facts(planned), candidates=tuple(candidates(planned))
    )


def _of_many(protocol: str, *, effect: float, between_sd: float, within_sd: float) -> SeriesPlan:
    from nof1.planning.series import SERIES_CYCLES, SeriesAssumptions, series_size

    planned = read_protocol(find_protocol(str(protocol)))
    assumed = SeriesAssumptions(effect=effect, between_sd=between_sd, within_sd=within_sd)
    cycles = sorted({*SERIES_CYCLES, max(planned.design.cycles, SERIES_CYCLES[0])})
    sizes = tuple(series_size(assumed, count) for count in cycles)
    return SeriesPlan(protocol=planned, assumed=assumed, sizes=sizes)
