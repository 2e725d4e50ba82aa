"""Mappings in frozen values: nobody changes them, and they can be pickled and copied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class ReadOnly[Key, Value](Mapping[Key, Value]):
    """A mapping that stays as it is.

    Unlike `types.MappingProxyType` it can be pickled and copied, so that what holds it can be
    handed to another process.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[Key, Value] | None = None) -> None:
        self._values: dict[Key, Value] = dict(values or {})

    def __getitem__(self, key: Key) -> Value:
        """Return a value."""
        return self._values[key]

    def __contains__(self, key: object) -> bool:
        """Return whether there is such a key."""
        return key in self._values

    def __iter__(self) -> Iterator[Key]:
        """Yield the keys."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return how many keys there are."""
        return len(self._values)

    def __repr__(self) -> str:
        """Return what it holds."""
        return f"ReadOnly({self._values!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make another one."""
        return ReadOnly, (self._values,)
