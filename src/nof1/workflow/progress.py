"""How a long call says how far it is: a sentence now and then, and a bar over many things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

#: Told a sentence while the call goes on.
Tell = Callable[[str], None]


class Progress(Protocol):
    """Hands things on one by one, and may show how many are left."""

    def __call__[One](self, things: Iterable[One], *, n: int, label: str) -> Iterator[One]:
        """Yield the things, `n` of them, under what is done with them."""
        ...


def silent(_: str) -> None:
    """Tell nobody."""


def unseen[One](things: Iterable[One], *, n: int, label: str) -> Iterator[One]:  # noqa: ARG001
    """Hand things on and show nothing."""
    yield from things
