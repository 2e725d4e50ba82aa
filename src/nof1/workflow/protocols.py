"""The bundled protocols, and whether one of your own is complete."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nof1.protocol.above_limit import dose_lines, override_lines, refuse_undated_override
from nof1.protocol.eligibility import template_lines
from nof1.protocol.files import (
    bundled_names,
    bundled_protocol,
    find_protocol,
    json_schema_text,
    read_protocol,
)
from nof1.protocol.protocol import Protocol
from nof1.words.numbers import number_text
from nof1.workflow.clock import present
from nof1.workflow.result import JsonResult


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BundledProtocols(JsonResult):
    """The protocols that come with nof1.

    Attributes
    ----------
    protocols : tuple of Protocol
        In the order of their names.
    """

    protocols: tuple[Protocol, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows: a row each, in columns."""
        rows = [("NAME", "TITLE", "ARMS", "PERIODS", "BLINDING"), *map(_cells, self.protocols)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            yield "  ".join(cells).rstrip()

    def to_dict(self) -> dict[str, Any]:
        """Return them as the JSON object of ``nof1 protocols --json``."""
        listed = [_facts(protocol) for protocol in self.protocols]
        return {"schema": "nof1.protocols/1", "protocols": listed}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProtocolCheck(JsonResult):
    """A protocol file that is complete.

    Attributes
    ----------
    file : str
        As named.
    protocol : Protocol
        As read.
    taken : tuple of (str, str)
        Label of every arm on which something is taken, and what.
    dose_lines : tuple of str
        What is to be known of its doses, a sentence each.
    above_limit : tuple of str
        Doses above the upper limit, with who answers for them and why.
    """

    file: str
    protocol: Protocol
    taken: tuple[tuple[str, str], ...]
    dose_lines: tuple[str, ...]
    above_limit: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows."""
        name = f"{self.protocol.name} {self.protocol.version}"
        yield f"{self.file}: {name} is complete. SHA-256 {self.protocol.digest}"
        yield from (f"  {label}: {taken}." for label, taken in self.taken)
        yield from (f"  {line}" for line in self.dose_lines)

    def to_dict(self) -> dict[str, Any]:
        """Return the check as the JSON object of ``nof1 protocols check --json``."""
        return {
            "schema": "nof1.protocol-check/1",
            "file": self.file,
            **_facts(self.protocol),
            "doses": _doses(self.protocol),
            "above_limit": list(self.above_limit),
        }


def bundled_protocols() -> BundledProtocols:
    """Return the protocols that come with nof1."""
    read = (read_protocol(bundled_protocol(name)) for name in bundled_names())
    return BundledProtocols(protocols=tuple(read))


def bundled_text(name: str) -> bytes:
    """Return a bundled protocol byte for byte, to make one of your own from it.

    Raises
    ------
    ProtocolError
        If none is called so.
    """
    return bundled_protocol(name).read_bytes()


def check_protocol(file: str) -> ProtocolCheck:
    """Return that a protocol file is complete, or raise every fault of it.

    Parameters
    ----------
    file : str
        Path of a protocol file, or name of a bundled protocol.

    Raises
    ------
    ProtocolError
        With every fault of the file.
    """
    protocol = read_protocol(find_protocol(str(file)))
    refuse_undated_override(protocol, present().date())
    arms = ((arm.label, protocol.taken(arm)) for arm in protocol.arms)
    return ProtocolCheck(
        file=str(file),
        protocol=protocol,
        taken=tuple((label, taken) for label, taken in arms if taken),
        dose_lines=tuple(dose_lines(protocol)),
        above_limit=tuple(override_lines(protocol)),
    )


def answers_template(file: str) -> tuple[str, ...]:
    """Return a file of answers to a protocol's eligibility questions, to be filled in, by line."""
    protocol = read_protocol(find_protocol(str(file)))
    return tuple(template_lines(protocol.name, protocol.version, protocol.eligibility))


def protocol_schema() -> str:
    """Return the JSON Schema of protocol files, as text."""
    return json_schema_text()


def _facts(protocol: Protocol) -> dict[str, object]:
    return {
        "name": protocol.name,
        "version": protocol.version,
        "title": protocol.title,
        "arms": [arm.id for arm in protocol.arms],
        "n_periods": protocol.n_periods,
        "period_days": protocol.design.period_days,
        "blinding": protocol.blinding.mode,
        "digest": protocol.digest,
    }


def _doses(protocol: Protocol) -> list[dict[str, object]]:
    """Return what is taken on each arm: units at each time, and milligrams of magnesium a day."""
    return [
        {
            "arm": arm.id,
            "units": {intake.time: intake.units for intake in dosing.intakes},
            "magnesium_mg": float(number_text(dosing.daily_mg)),
        }
        for arm in protocol.arms
        for dosing in [protocol.dosing(arm)]
    ]


def _cells(protocol: Protocol) -> tuple[str, ...]:
    """Return a protocol as a row of the list."""
    weeks, rest = divmod(protocol.design.period_days, 7)
    length = f"{protocol.design.period_days} days" if rest else f"{weeks} week{'s'[: weeks - 1]}"
    return (
        protocol.name,
        protocol.title,
        ", ".join(arm.id for arm in protocol.arms),
        f"{protocol.n_periods} x {length}",
        protocol.blinding.mode,
    )
