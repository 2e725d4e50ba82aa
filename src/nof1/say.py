"""Small things in words: clock times, lists, counted things, amounts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

AND, NOON = "and", "noon"


def listed(parts: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {AND} {parts[-1]}"


def clock_text(clock: str) -> str:
    """Return a time for readers of both clocks: ``20:00 (8 pm)``."""
    if clock == "12:00":
        return f"{clock} ({NOON})"
    hours, minutes = (int(part) for part in clock.split(":"))
    twelve = (hours + 11) % 12 + 1
    tail = f":{minutes:02d}" if minutes else ""
    return f"{clock} ({twelve}{tail} {'am' if hours < 12 else 'pm'})"


def plural(name: str) -> str:
    """Return the name of more than one: ``capsules``, ``patches``."""
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def counted_units(count: int, name: str) -> str:
    """Return ``1 capsule`` or ``3 capsules``."""
    return f"{count:,} {name if count == 1 else plural(name)}"


def number_text(value: float) -> str:
    """Return a number with four digits that tell, without an exponent: ``66.67``, ``300``."""
    return f"{Decimal(f'{value:.4g}'):f}"
