"""Trials as the printed pages see them, and what a PDF says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from nof1.design.allocation import Allocation
from nof1.design.schedule import Schedule, make_schedule
from nof1.protocol.files import bundled_protocol, read_protocol
from nof1.protocol.protocol import Protocol

KITS = (
    "FH3J9R", "W4KR7H", "J9FH3K", "R7WJ4F", "K3HF9W", "H4RW7J",
    "F9KJ3W", "W7HR4K", "J3RF9H", "K4WJ7R", "R9HK3F", "H7FW4J",
)  # fmt: skip


@dataclass(frozen=True)
class Printed:
    """No more than the pages may know."""

    protocol: Protocol
    schedule: Schedule
    commitment: str = "4f9a21c07be3" + "5a" * 26
    contacts: tuple[str, ...] = ("Dr Amira Lee, Oak Street Clinic, 555 0100",)
    emergency: str = "112"
    head_at_draw: str = "7c21d0e9" + "6b" * 28
    drawn: datetime = datetime(2026, 12, 28, 9, 30, tzinfo=UTC)


def bundled(name: str) -> Protocol:
    return read_protocol(bundled_protocol(name))


def with_parts(protocol: Protocol, **parts: dict[str, Any]) -> Protocol:
    """Return a protocol with some fields of some parts changed, checked again."""
    data = protocol.model_dump(by_alias=True)
    for part, fields in parts.items():
        data[part] |= fields
    return Protocol.model_validate(data)


def printed(protocol: Protocol, start: date = date(2027, 1, 4)) -> Printed:
    kits = KITS[: protocol.n_periods]
    return Printed(protocol, make_schedule(protocol, start=start, participant="P-014", kits=kits))


def allocated(trial: Printed, arms: tuple[str, ...]) -> Allocation:
    kits = tuple(period.kit for period in trial.schedule.periods)
    return Allocation(arms=arms, kits=kits, seed=bytes(32), salt=bytes(32))


def texts(data: object) -> Iterator[str]:
    """Yield every text in what a template prints."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from texts(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from texts(value)


def n_pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
